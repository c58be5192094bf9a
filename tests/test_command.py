"""The command line gives the page's numbers without Streamlit."""

import subprocess
import sys

import pandas as pd
import pytest
from questions import ROOT

from lib.command import command_line, sentences
from lib.experiments.negative_weights import NegativeWeights, run, verdicts

QUICK = NegativeWeights(steps=10)


def test_it_prints_the_verdict_and_writes_the_numbers(tmp_path):
    file = tmp_path / "numbers.csv"
    code = [sys.executable, "-m", "lib.experiments.negative_weights", "--steps", "10", "--csv", str(file)]
    said = subprocess.run(code, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    result = run(QUICK)
    assert said == sentences("negative_weights", verdicts(result))
    pd.testing.assert_frame_equal(pd.read_csv(file), result.table(), check_dtype=False, rtol=1e-6)


def test_it_never_loads_streamlit():
    code = "import sys, lib.command, lib.experiments.negative_weights; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_value_that_is_not_offered_is_one_line(capsys):
    with pytest.raises(SystemExit) as end:
        command_line(NegativeWeights, run, verdicts, ["--lr", "7"])
    assert end.value.code == 2
    assert "argument --lr: invalid choice: '7'" in capsys.readouterr().err.splitlines()[-1]
