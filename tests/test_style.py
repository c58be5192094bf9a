"""Lint, format and types are clean; and mypy sees a question whose experiment does not run it."""

import subprocess
import sys

import pytest
from catalogue import ROOT, SLUGS

RUNS = """
from lib.question import C, Experiment, Question, R


def runs(question: Question[C, R], experiment: Experiment[C, R]) -> None: ...
"""


def clean(*command):
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-500:]


@pytest.mark.parametrize("tool", [("ruff", "check", "."), ("ruff", "format", "--check", ".")], ids=["lint", "format"])
def test_clean(tool):
    clean(*tool)


def contract(slugs):
    """Code that is well typed if every question's experiment runs what its QUESTION says."""
    imports = "".join(f"import lib.questions.{slug}.experiment\n" for slug in slugs)
    return (
        imports
        + RUNS
        + "".join(f"runs(lib.questions.{slug}.QUESTION, lib.questions.{slug}.experiment)\n" for slug in slugs)
    )


def test_types(tmp_path):
    """All of the code, and that each question's experiment takes its config and gives the result of its verdicts."""
    file = tmp_path / "contract.py"
    file.write_text(contract(SLUGS))
    clean("mypy", "lib", "app.py", "benchmarks", "pages", str(file))


def test_types_see_a_run_that_is_missing_or_another_questions(tmp_path):
    file = tmp_path / "broken.py"
    others = "".join(
        f"runs(lib.questions.batch.QUESTION, lib.questions.{place})\n"
        for place in ("batch.result", "zigzag.experiment")
    )
    file.write_text(contract(["zigzag", "batch"]) + others)
    with pytest.raises(AssertionError, match=r"(?s)broken.py:10: error.*broken.py:11: error"):
        clean("mypy", str(file))
