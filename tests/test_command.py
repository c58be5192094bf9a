"""The command line gives the page's numbers without Streamlit."""

import json
import subprocess
import sys

import pandas as pd
import pytest
from catalogue import ROOT, SLUGS, own_test

from lib import takeaway
from lib.__main__ import main, sentences
from lib.question import find
from lib.words import load

QUICK = ["negative_weights", "--steps", "10"]


@pytest.fixture(scope="module")
def answer():
    question = find("negative_weights")
    return question.answer(question.config(steps=10))


def test_it_prints_the_verdicts_and_writes_the_numbers(tmp_path, answer):
    file = tmp_path / "numbers.csv"
    code = [sys.executable, "-m", "lib", *QUICK, "--csv", str(file)]
    said = subprocess.run(code, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert said == sentences(load("negative_weights"), answer.verdicts)
    pd.testing.assert_frame_equal(pd.read_csv(file), takeaway.table(answer.result), check_dtype=False, rtol=1e-6)


def test_json_is_one_line_with_settings_verdicts_and_rulings(capsys, answer):
    main([*QUICK, "--json"])
    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert told["config"]["steps"] == 10
    assert set(told["verdicts"]) == set(answer.verdicts)
    for name, verdict in answer.verdicts.items():
        assert told["verdicts"][name]["key"] == verdict.key
        assert told["verdicts"][name]["numbers"] == pytest.approx(verdict.numbers)
    assert [told["verdicts"][name]["sentence"] for name in answer.verdicts] == sentences(
        load("negative_weights"), answer.verdicts
    )
    assert set(told["rulings"]) == set(own_test("negative_weights").RULINGS)


def test_alone_it_lists_the_questions(capsys):
    main([])
    listed = capsys.readouterr().out
    assert all(f"{slug} " in listed and load(slug)["question"] in listed for slug in SLUGS)


def test_it_never_loads_streamlit():
    code = "import sys, lib.__main__ as m; m.main(['zigzag']); sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_value_that_is_not_offered_is_one_line(capsys):
    with pytest.raises(SystemExit) as end:
        main(["negative_weights", "--lr", "7"])
    assert end.value.code == 2
    assert "argument --lr: invalid choice: '7'" in capsys.readouterr().err.splitlines()[-1]


def test_an_unknown_question_is_one_line():
    with pytest.raises(SystemExit, match=r"no question 'nothing'\. There are: activations, batch"):
        main(["nothing"])
