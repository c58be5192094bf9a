"""A new question: the files that `python -m lib.questions new` writes, and how it refuses."""

import ast
import subprocess
import sys
import tomllib

import pytest
from catalogue import ROOT

from lib.questions.__main__ import main, write
from lib.words import LIB

QUESTION = "Does a bias need to start at zero?"


@pytest.fixture
def written(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/31_symmetry.py").touch()
    return {file.relative_to(tmp_path).as_posix(): file for file in write(tmp_path, "bias_start", QUESTION, 3)}


def test_a_new_question_is_a_folder_a_page_and_a_test(written):
    folder = {f"lib/questions/bias_start/{file.name}" for file in (LIB / "questions/zigzag").glob("*.py")}
    words, page, test = "words/en.toml", "pages/32_bias_start.py", "tests/questions/test_bias_start.py"
    assert set(written) == folder | {f"lib/questions/bias_start/{words}", page, test}


def test_its_files_can_be_read_and_say_what_they_want(written):
    for name, file in written.items():
        text = file.read_text(encoding="utf-8")
        assert "$" not in text
        if name.endswith(".toml"):
            table = tomllib.loads(text)
            assert table["question"] == QUESTION
            assert table["lead"].startswith("WRITE")
        else:
            ast.parse(text)
    assert "class BiasStart(Config)" in written["lib/questions/bias_start/config.py"].read_text()
    assert 'NotImplementedError("lib/questions/bias_start/verdict.py' in (
        written["lib/questions/bias_start/verdict.py"].read_text()
    )


def test_its_experiment_runs_before_anything_is_filled(written, tmp_path):
    """In a tree that holds the new question beside the rest of the library."""
    for file in ROOT.joinpath("lib").iterdir():
        if file.name not in ("questions", "__pycache__"):
            (tmp_path / "lib" / file.name).symlink_to(file)
    (tmp_path / "lib/questions/__init__.py").touch()
    code = """if True:
        from lib.question import find
        question = find("bias_start")
        result = question.run(question.config(steps=3))
        assert len(result.table()) == 20
        try:
            question.verdicts(result)
        except NotImplementedError as error:
            assert "lib/questions/bias_start/verdict.py: " in str(error)
    """
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-1500:]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["new", "Bias", QUESTION], "cannot be a name"),
        (["new", "../x", QUESTION], "cannot be a name"),
        (["new", "zigzag", QUESTION], "there is a question zigzag already"),
        (["new", "sparkle", "No question"], "ends in '?'"),
        (["new", "sparkle", 'Is "this" a question?'], "without quotes"),
    ],
)
def test_what_will_not_do_is_one_sentence_and_writes_nothing(arguments, says):
    with pytest.raises(SystemExit, match=says):
        main(arguments)
    assert not (ROOT / "lib/questions/sparkle").exists()


def test_a_full_section_is_refused(tmp_path):
    (tmp_path / "pages").mkdir()
    for number in range(31, 40):
        (tmp_path / f"pages/{number}_taken.py").touch()
    with pytest.raises(ValueError, match="section 3 has its nine questions"):
        list(write(tmp_path, "bias_start", QUESTION, 3))
