"""Who may import whom, by walking the syntax trees; and one slug per question, everywhere."""

import ast
import subprocess
import sys

import pytest
from catalogue import PAGES, ROOT, SLUGS

# layer: what it may import beside the standard library; its own folder always
ALLOWED = {
    "lib/config.py": set(),
    "lib/types.py": {"numpy"},
    "lib/question.py": {"numpy", "pandas", "lib.config", "lib.types", "lib.questions"},
    "lib/questions": {"lib.question"},
    "lib/words": set(),
    "lib/engine": {"torch", "numpy", "scipy", "sklearn", "threadpoolctl", "PIL", "lib.engine"},
    "lib/results": {"numpy", "pandas", "lib.question"},
    "lib/verdicts": {"numpy", "lib.question"},
    "lib/experiments": {"torch", "numpy", "scipy", "sklearn", "pandas", "lib.engine", "lib.config"},
    "lib/figures": {"plotly", "numpy", "pandas", "PIL", "lib.figures"},
    "lib/__main__.py": {"lib.words", "lib.config", "lib.question"},
    "lib/ui": {
        "streamlit",
        "lib.types",
        "lib.words",
        "lib.config",
        "lib.question",
        "lib.ui.fair_queue",
        "lib.ui",
        "lib.figures",
    },
    "app.py": {"lib.ui"},
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
    slug = {"pages": file.stem.partition("_")[2], "lib/questions": file.parent.name}.get(layer, file.stem)
    kinds = {"pages": ("questions", "experiments", "verdicts"), "lib/questions": ("experiments", "verdicts"),
             "lib/experiments": ("results",), "lib/verdicts": ("results",)}.get(layer, ())  # fmt: skip
    own = {f"lib.{kind}.{slug}" for kind in kinds}
    top = name.split(".")[0]
    return top in sys.stdlib_module_names or any(
        name == good or name.startswith(f"{good}.") for good in ALLOWED[layer] | own
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
    assert SLUGS
    for slug in SLUGS:
        parts = (f"lib/{room}/{slug}.py" for room in ("experiments", "results", "verdicts"))
        for part in (*parts, f"lib/words/en/{slug}.toml", f"tests/test_{slug}.py"):
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
            importlib.import_module("lib.experiments." + slug)
            assert not {{"torch", "sklearn"}} & set(sys.modules), slug
    """
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
