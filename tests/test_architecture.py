"""Who may import whom, by walking the syntax trees; and one stem per question, everywhere."""

import ast
import subprocess
import sys

import pytest
from questions import PAGES, ROOT, STEMS

# layer: what it may import beside the standard library; its own folder always
ALLOWED = {
    "lib/config.py": set(),
    "lib/question.py": set(),
    "lib/turns.py": set(),
    "lib/words": set(),
    "lib/engine": {"torch", "numpy", "scipy", "sklearn", "threadpoolctl", "PIL", "lib.engine"},
    "lib/results": {"numpy", "pandas"},
    "lib/verdicts": {"numpy", "lib.question"},
    "lib/experiments": {"torch", "numpy", "scipy", "sklearn", "pandas", "lib.engine", "lib.config"},
    "lib/figures": {"plotly", "numpy", "pandas", "PIL", "lib.figures"},
    "lib/command.py": {"lib.words", "lib.config", "lib.question"},
    "lib/ui": {"streamlit", "lib.words", "lib.config", "lib.question", "lib.turns", "lib.ui", "lib.figures"},
    "app.py": {"streamlit", "lib.ui", "lib.figures", "lib.experiments", "lib.results.glimpses"},
    "pages": {"streamlit", "lib.ui", "lib.figures", "lib.question"},
}
FILES = [
    (layer, file)
    for layer in ALLOWED
    for file in ([ROOT / layer] if layer.endswith(".py") else sorted((ROOT / layer).rglob("*.py")))
]


def imports(file):
    """Full names imported at any depth, except for type checkers only."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    skipped = [
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    ]
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            plain = node.module in ("lib", "lib.experiments")
            yield from (f"{node.module}.{a.name}" for a in node.names) if plain else [node.module]


def allowed(layer, file, name):
    stem = file.stem.partition("_")[2] if layer == "pages" else file.stem
    own = {"pages": f"lib.experiments.{stem}", "lib/experiments": f"lib.results.{stem}",
           "lib/verdicts": f"lib.results.{stem}"}.get(layer)  # fmt: skip
    # `python -m lib.experiments.stem` hands itself to the command line
    extra = {"lib.command", f"lib.verdicts.{stem}"} if layer == "lib/experiments" else set()
    if file.name == "fact_check.py":  # speaks of all questions, as the home page does
        extra = ALLOWED["app.py"]
    if layer == "pages" and name == f"lib.verdicts.{stem}":
        return True
    top = name.split(".")[0]
    return top in sys.stdlib_module_names or any(
        name == good or name.startswith(f"{good}.") for good in ALLOWED[layer] | extra | ({own} if own else set())
    )


@pytest.mark.parametrize(("layer", "file"), FILES, ids=[str(f.relative_to(ROOT)) for _, f in FILES])
def test_layer_rules(layer, file):
    wrong = [name for name in imports(file) if not allowed(layer, file, name)]
    assert not wrong, f"{file.relative_to(ROOT)} may not import {wrong}"


def test_the_rules_would_catch_an_offender(tmp_path):
    bad = tmp_path / "bad.py"
    bad.write_text("import streamlit\nfrom lib import ui\nfrom lib.experiments import negative_weights\n")
    assert [n for n in imports(bad) if not allowed("lib/engine", bad, n)] == [
        "streamlit",
        "lib.ui",
        "lib.experiments.negative_weights",
    ]


def test_every_question_has_all_its_parts():
    assert STEMS
    for stem in STEMS:
        parts = (f"lib/{room}/{stem}.py" for room in ("experiments", "results", "verdicts"))
        for part in (*parts, f"lib/words/en/{stem}.toml", f"tests/test_{stem}.py"):
            assert (ROOT / part).is_file(), f"{part} is missing"
    assert len(set(STEMS)) == len(STEMS)


@pytest.mark.parametrize("page", PAGES, ids=STEMS)
def test_pages_keep_the_five_sections_in_order(page):
    text = page.read_text(encoding="utf-8")
    places = [text.index(f"\n# {name}\n") for name in ("Question", "Controls", "Experiment", "Figures", "Verdict")]
    assert places == sorted(places)


def test_an_experiment_can_be_imported_without_torch():
    """Words and controls are on the screen before torch is needed."""
    code = f"""if True:
        import importlib, sys
        for stem in {STEMS!r}:
            importlib.import_module("lib.experiments." + stem)
            assert not {{"torch", "sklearn"}} & set(sys.modules), stem
    """
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
