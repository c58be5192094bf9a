"""Lint, format and types are clean."""

import subprocess
import sys

import pytest
from catalogue import ROOT


@pytest.mark.parametrize(
    "tool",
    ["ruff check .", "ruff format --check .", "mypy lib app.py benchmarks pages"],
    ids=["lint", "format", "types"],
)
def test_clean(tool):
    done = subprocess.run(
        [sys.executable, "-m", *tool.split()], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-500:]
