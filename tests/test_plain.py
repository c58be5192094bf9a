"""Each question's plain file: run without this project, it prints the number of the page; and as a notebook.

The second computation of every question, in `torch.nn`, `torch.optim` and autograd, one network at a time.
"""

import ast
import importlib
import json
import sys

import nbformat
import pytest
from catalogue import ROOT, SLUGS
from plain_cases import cases
from referee import Referee

from lib import plain
from lib.notebook import notebook
from lib.question import find
from lib.words import load

# scipy comes with scikit-learn, and pillow is what reads its photographs.
ALONE = {"torch", "numpy", "sklearn", "scipy", "PIL", *sys.stdlib_module_names}
RUNS = [pytest.param(slug, case, id=f"{slug}-{k}") for slug in SLUGS for k, case in enumerate(cases(slug))]
LONGER = {"gabor": 165, "other_noise": 150, "cures": 140}  # lines, of those with many conditions


@pytest.fixture(scope="module")
def referee():
    one = Referee()
    yield one
    one.close()


def config_of(slug, case):
    """The settings of a case; what the page does not offer is put past its door."""
    config = find(slug).config(**case.get("settings", {}))
    for name, value in case.get("few", {}).items():
        object.__setattr__(config, name, value)
    return config


def on_the_page(slug, case, monkeypatch):
    """What the page says that the file's last line is, for a run with few repeats."""
    for place, value in case.get("patch", {}).items():
        module, _, name = place.rpartition(".")
        there = importlib.import_module(f"lib.questions.{slug}.{module}")
        monkeypatch.setattr(there, name, tuple(value) if isinstance(value, list) else value)
    question = find(slug)
    result = question.experiment.run.__wrapped__(config_of(slug, case))  # not the one with all repeats that is kept
    return plain.printed(load(slug), question.headline(result))


def code_of(text):
    """The code cells of a notebook, one after the other."""
    return "\n\n".join(cell.source for cell in nbformat.reads(text, as_version=4).cells if cell.cell_type == "code")


DRAWN = """
import matplotlib.pyplot as plt
figures = [plt.figure(number) for number in plt.get_fignums()]
print([bool(figure._suptitle) or any(axes.get_title() for axes in figure.axes) for figure in figures])
"""


@pytest.mark.parametrize(("slug", "case"), RUNS)
def test_it_prints_the_number_of_the_page(referee, slug, case, tmp_path, monkeypatch):
    """And at the default, as a notebook does, it draws one picture with a title."""
    config, first = config_of(slug, case), case == cases(slug)[0]
    text = plain.with_settings(plain.source(slug), plain.settings(config)) + DRAWN if first else plain.python(config)
    ran = referee.run(tmp_path, plain.with_settings(text, case.get("plain", {})))
    assert ran.code == 0, ran.err
    *_, line, picture = ran.out.splitlines() if first else [*ran.out.splitlines(), None]
    assert line == on_the_page(slug, case, monkeypatch)
    assert not first or picture == "[True]"


@pytest.mark.parametrize("slug", SLUGS)
def test_it_takes_every_setting_and_names_those_that_make_no_difference(slug):
    config_class = find(slug).config
    for config in config_class.grid():
        given = constants(plain.python(config))
        for item in config.choices():
            if item.name.upper() in given:
                assert given[item.name.upper()] == getattr(config, item.name)
    text = plain.python(config_class())
    left = [item.name.upper() for item in config_class.choices() if item.name.upper() not in constants(text)]
    assert (f" do not matter here: {', '.join(left)}.\n" in text) == bool(left)


def constants(text):
    """What the lines of the cell of settings give to names."""
    cell = next(part for part in plain.cells(text) if part.title == plain.SETTINGS)
    return {name: ast.literal_eval(value) for name, value, _ in plain.SETTING.findall(cell.text)}


@pytest.mark.parametrize("slug", SLUGS)
def test_it_needs_nothing_but_torch_numpy_and_sklearn(slug):
    tree = ast.parse(plain.python(find(slug).config()))
    names = [a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names]
    names += [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {name.split(".")[0] for name in names} <= ALONE


@pytest.mark.parametrize("slug", SLUGS)
def test_it_can_be_read_at_a_sitting(slug):
    lines = [line for line in plain.python(find(slug).config()).splitlines() if line.strip()]
    assert 40 <= len(lines) <= LONGER.get(slug, 120)


@pytest.mark.parametrize("slug", SLUGS)
def test_its_notebook_is_one_and_holds_the_whole_file(slug):
    config = find(slug).config()
    made = nbformat.reads(notebook(config, "https://example.org/page?x=1"), as_version=4)
    nbformat.validate(made)
    assert made.cells[0].source.startswith(f"# {load(slug)['question']}\n")
    assert "(https://example.org/page?x=1)" in made.cells[0].source
    whole = plain.with_settings(plain.source(slug), plain.settings(config))
    assert ast.dump(ast.parse(code_of(notebook(config)))) == ast.dump(without_docstring(whole))


def without_docstring(text):
    tree = ast.parse(text)
    return ast.Module(tree.body[1:], tree.type_ignores)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_notebooks_in_docs_are_those_of_the_defaults(slug):
    """Else: `python -m lib.notebook`."""
    kept = (ROOT / "docs/notebooks" / f"{slug}.ipynb").read_text(encoding="utf-8")
    assert kept == notebook(find(slug).config())
    assert [cell.get("outputs") for cell in json.loads(kept)["cells"] if cell["cell_type"] == "code"].count([]) > 3


def test_docs_hold_no_other_notebooks():
    assert sorted(file.stem for file in (ROOT / "docs/notebooks").iterdir()) == sorted(SLUGS)
