"""Who may import whom, by walking the syntax trees; and one slug per question, everywhere."""

import ast
import subprocess
import sys

import pytest
from catalogue import PAGES, ROOT, SLUGS

# place: what it may import beside the standard library; its own folder always
ALLOWED = {
    "lib/config.py": set(),
    "lib/types.py": {"numpy"},
    "lib/question.py": {"numpy", "pandas", "lib.config", "lib.types", "lib.questions"},
    "lib/__main__.py": {"lib.words", "lib.config", "lib.question"},
    "lib/words": set(),
    "lib/engine": {"torch", "numpy", "scipy", "sklearn", "threadpoolctl", "PIL", "lib.engine"},
    "lib/figures": {"plotly", "numpy", "pandas", "PIL", "lib.figures"},
    "lib/ui": {"streamlit", "lib.types", "lib.words", "lib.config", "lib.question", "lib.ui", "lib.figures"},
    "app.py": {"lib.ui"},
    "pages": {"streamlit", "lib.ui", "lib.figures", "lib.question"},
}
COMPUTING = {"torch", "numpy", "scipy", "sklearn", "lib.engine"}
# a file of a question: what it may import, and which of its question's own modules
PARTS = {
    "result.py": ({"numpy", "pandas", "lib.question"}, {"config"}),
    "verdict.py": ({"numpy", "scipy.stats", "lib.question"}, {"config", "result"}),
    "experiment.py": (COMPUTING | {"lib.config"}, {"config", "result", "*"}),
    "__init__.py": ({"lib.question"}, {"config", "verdict", "experiment"}),
}
OTHER = (COMPUTING, set())
FILES = [
    (layer, file)
    for layer in (*ALLOWED, "lib/questions")
    for file in ([ROOT / layer] if layer.endswith(".py") else sorted((ROOT / layer).rglob("*.py")))
    if file != ROOT / "lib/questions/__init__.py"
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
            plain = node.module == "lib" or (node.module.startswith("lib.questions.") and node.module.count(".") == 2)
            yield from (f"{node.module}.{a.name}" for a in node.names) if plain else [node.module]


def rules(layer, file):
    """What a file may import: packages, and modules of its own question."""
    if layer == "pages":  # a question's page: its QUESTION, constants and verdicts
        own = f"lib.questions.{file.stem.partition('_')[2]}"
        return ALLOWED[layer] | {f"{own}.{name}" for name in ("QUESTION", "config", "experiment", "verdict")}
    if layer != "lib/questions":
        return ALLOWED[layer]
    others, own = PARTS.get(file.name, OTHER)
    package = f"lib.questions.{file.parent.name}"
    if "*" in own:
        own = {f.stem for f in file.parent.glob("*.py")} - {"verdict", "__init__"}
    return others | {f"{package}.{name}" for name in own}


def allowed(layer, file, name):
    return name.split(".")[0] in sys.stdlib_module_names or any(
        name == good or name.startswith(f"{good}.") for good in rules(layer, file)
    )


@pytest.mark.parametrize(("layer", "file"), FILES, ids=[str(f.relative_to(ROOT)) for _, f in FILES])
def test_layer_rules(layer, file):
    wrong = [name for name in imports(file) if not allowed(layer, file, name)]
    assert not wrong, f"{file.relative_to(ROOT)} may not import {wrong}"


def test_the_rules_would_catch_an_offender(tmp_path):
    bad = tmp_path / "bad.py"
    bad.write_text("import streamlit\nfrom lib import ui\nfrom lib.questions.zigzag import experiment\n")
    wrong = ["streamlit", "lib.ui", "lib.questions.zigzag.experiment"]
    assert [n for n in imports(bad) if not allowed("lib/engine", bad, n)] == wrong
    another = ROOT / "lib/questions/batch/experiment.py"
    assert [n for n in imports(bad) if not allowed("lib/questions", another, n)] == wrong


def test_every_question_has_all_its_parts():
    assert SLUGS
    for slug in SLUGS:
        folder = f"lib/questions/{slug}"
        parts = [f"{folder}/{name}.py" for name in ("__init__", "experiment", "result", "verdict")]
        for part in (*parts, f"{folder}/words/en.toml", f"tests/questions/test_{slug}.py"):
            assert (ROOT / part).is_file(), f"{part} is missing"
    assert len(set(SLUGS)) == len(SLUGS)


@pytest.mark.parametrize("page", PAGES, ids=SLUGS)
def test_pages_keep_the_five_sections_in_order(page):
    text = page.read_text(encoding="utf-8")
    places = [text.index(f"\n# {name}\n") for name in ("Question", "Controls", "Experiment", "Figures", "Verdict")]
    assert places == sorted(places)


def test_an_experiment_can_be_imported_without_torch():
    """Words and controls are on the screen before torch is needed."""
    code = f"""if True:
        import importlib, sys
        for slug in {SLUGS!r}:
            importlib.import_module("lib.questions." + slug)
            assert not {{"torch", "sklearn"}} & set(sys.modules), slug
    """
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
