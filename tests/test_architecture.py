"""Who may import whom, by walking the syntax trees; and one folder, with the same files, for every question."""

import ast
import subprocess
import sys

import pytest
from catalogue import PAGES, ROOT, SLUGS

COMPUTING = {"torch", "numpy", "scipy", "sklearn", "lib.engine", "lib.spare", "lib.types"}
SHARED = {"lib.memory", "lib.parcels", "lib.processes"}  # what is asked of the system
# place: what it may import beside the standard library and its own folder
ALLOWED = {
    "lib/__init__.py": set(),
    "lib/types.py": {"numpy"},
    "lib/config.py": set(),
    "lib/memory.py": set(),
    "lib/spare.py": {"lib.memory"},
    "lib/parcels.py": set(),
    "lib/processes.py": {"lib.parcels", "lib.types"},
    "lib/members.py": {"lib.types"},
    "lib/evidence.py": {"numpy", "scipy", "lib.types"},
    "lib/question.py": {"numpy", "pandas", "lib.config", "lib.types", "lib.questions"},
    "lib/questions/__init__.py": set(),
    "lib/questions/__main__.py": set(),
    "lib/takeaway.py": {"numpy", "pandas", "safetensors", "lib.types", "lib.config", "lib.question", "lib.words"},
    "lib/plain.py": {"lib.questions", "lib.config", "lib.types", "lib.words"},
    "lib/notebook.py": {"lib.plain", "lib.config", "lib.question"},
    "lib/__main__.py": {"lib.words", "lib.config", "lib.question", "lib.takeaway", "lib.your_network"},
    "lib/words": {"lib.words"},
    "lib/your_network/files": {"numpy", "lib.types", "lib.your_network"},
    "lib/your_network/examination": {"numpy", "scipy", "pandas", "lib.types", "lib.your_network"},
    "lib/your_network/gabor.py": {"numpy", "torch", "lib.types", "lib.your_network", "lib.questions.gabor"},
    "lib/your_network/specimens.py": {"torch", "lib.engine", "lib.types", "lib.config", "lib.your_network"},
    "lib/your_network": {
        "numpy",
        "pandas",
        "safetensors",
        "lib.engine.progress",
        "lib.config",
        "lib.question",
        "lib.types",
        "lib.words",
        "lib.your_network",
    },
    "lib/engine": COMPUTING | SHARED | {"threadpoolctl"},
    "lib/figures": {"plotly", "numpy", "pandas", "PIL", "lib.types", "lib.figures"},
    "lib/ui": {
        "streamlit",
        "lib.ui",
        "lib.figures",
        "lib.question",
        "lib.words",
        "lib.config",
        "lib.spare",
        "lib.types",
        "lib.plain",
        "lib.notebook",
        "lib.takeaway",
        *(
            f"lib.your_network.{name}" for name in ("saying", "config", "contract", "question", "report")
        ),  # not what computes
        *SHARED,
    },
    "app.py": {"lib.ui"},
    "pages": {"streamlit", "lib.ui", "lib.figures", "lib.question"},
}
# file of a question: what it may import, and of its own folder; "*" is any other module there, mathematics of its own
PARTS = {
    "__init__.py": ({"lib.question"}, {"config", "verdict"}),
    "config.py": ({"numpy", "lib.config", "lib.types"}, set()),
    "result.py": ({"numpy", "pandas", "lib.question", "lib.members", "lib.types"}, {"config", "*"}),
    "verdict.py": (
        {"numpy", "scipy.stats", "lib.evidence", "lib.question", "lib.members", "lib.types"},
        {"config", "result", "*"},
    ),
    "experiment.py": (COMPUTING, {"config", "result", "*"}),
    # What comes with scikit-learn, too, and what draws the notebook's picture.
    "plain.py": ({"torch", "numpy", "sklearn", "scipy", "PIL", "matplotlib"}, set()),
}
ANY_OTHER = (COMPUTING | {"PIL"}, {"config", "*"})
QUESTIONS = sorted((ROOT / "lib/questions").glob("*/*.py"))
FILES = [
    file
    for place in ALLOWED
    for file in ([ROOT / place] if place.endswith(".py") else sorted((ROOT / place).rglob("*.py")))
] + QUESTIONS


def imports(file):
    """Full names of all that a file imports, at any depth; of a package, the modules that are taken from it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = node.module.startswith("lib") and (ROOT / node.module.replace(".", "/")).is_dir()
            yield from (f"{node.module}.{a.name}" for a in node.names) if package else [node.module]


def rules(file):
    """What a file may import: packages, and modules of its own question."""
    place = file.relative_to(ROOT).as_posix()
    if file in QUESTIONS:
        others, own = PARTS.get(file.name, ANY_OTHER)
        package = f"lib.questions.{file.parent.name}"
        extra = {f.stem for f in file.parent.glob("*.py") if f.name not in PARTS} if "*" in own else set()
        return others | {f"{package}.{name}" for name in own | extra}
    if place.startswith("pages/"):  # a page knows its question, but for what runs it
        package = f"lib.questions.{file.stem.partition('_')[2]}"
        own = {f.stem for f in QUESTIONS if f.parent.name == file.stem.partition("_")[2]} - {"experiment"}
        return ALLOWED["pages"] | {f"{package}.{name}" for name in ("QUESTION", *own)}
    return next(good for begin, good in ALLOWED.items() if place.startswith(begin))


def allowed(file, name):
    return name.split(".")[0] in sys.stdlib_module_names or any(
        name == good or name.startswith(f"{good}.") for good in rules(file)
    )


def shown(file):
    return file.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("file", FILES, ids=shown)
def test_a_file_imports_what_its_place_may(file):
    wrong = [name for name in imports(file) if not allowed(file, name)]
    assert not wrong, f"{shown(file)} may not import {wrong}"


def test_the_rules_would_catch_an_offender():
    wrong = {
        "lib/engine/mlp.py": ["streamlit", "lib.ui", "lib.questions.zigzag.experiment", "lib.config"],
        "lib/questions/batch/experiment.py": ["lib.questions.zigzag.config", "plotly", "lib.questions.batch.verdict"],
        "lib/questions/batch/result.py": ["torch", "lib.questions.batch.verdict", "lib.questions.batch.experiment"],
        "lib/questions/batch/config.py": ["lib.questions.batch.result", "torch"],
        "pages/42_batch.py": ["lib.questions.batch.experiment", "lib.questions.zigzag.config", "torch"],
    }
    assert [n for file, names in wrong.items() for n in names if allowed(ROOT / file, n)] == []


@pytest.mark.parametrize("file", FILES, ids=shown)
def test_imports_stand_at_the_top_of_their_file(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    inner = [n.lineno for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom) and n not in tree.body]
    assert inner == []


def module(file):
    """A file's full name as a module."""
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_no_modules_import_each_other_in_a_circle():
    """Whoever needs nothing that is left is taken away, again and again; what stays goes round in circles."""
    names = {module(file): file for file in FILES if shown(file).startswith("lib/")}
    needs = {}
    for name, file in names.items():
        found = {n if n in names else n.rpartition(".")[0] for n in imports(file)}
        needs[name] = found & names.keys() - {name}
    while free := [name for name, needed in needs.items() if not needed & needs.keys()]:
        for name in free:
            del needs[name]
    assert needs == {}


def test_an_engine_module_serves_the_engine_or_two_questions():
    """What one question alone needs stands in that question's folder."""
    users = {f"lib.engine.{file.stem}": set() for file in (ROOT / "lib/engine").glob("[a-z]*.py")}
    for file in FILES:
        for name in {n for given in imports(file) for n in users if given == n}:
            users[name].add(file.parent.name)
    del users["lib.engine.piecework"]  # a program
    assert {n: sorted(who) for n, who in users.items() if "engine" not in who and len(who) < 2} == {}


def test_every_question_has_all_its_parts():
    assert SLUGS
    for slug in SLUGS:
        folder = f"lib/questions/{slug}"
        for part in (*(f"{folder}/{name}" for name in PARTS), f"{folder}/words/en.toml"):
            assert (ROOT / part).is_file(), f"{part} is missing"
        assert (ROOT / f"tests/questions/test_{slug}.py").is_file(), f"tests/questions/test_{slug}.py is missing"
    folders = {file.parent.name for file in QUESTIONS}
    assert folders == set(SLUGS), "every folder has its page"
    assert len(folders) == len(SLUGS)


@pytest.mark.parametrize("page", PAGES, ids=SLUGS)
def test_pages_keep_the_five_sections_in_order(page):
    text = page.read_text(encoding="utf-8")
    places = [text.index(f"\n# {name}\n") for name in ("Question", "Answer", "Hero", "Beside it", "Deeper")]
    assert places == sorted(places)


def test_words_and_controls_are_there_before_torch():
    """All of a question but its experiment is imported without torch, and all that its page imports."""
    names = sorted({name for page in PAGES for name in imports(page) if name.startswith("lib.questions")})
    names = [name.removesuffix(".QUESTION") for name in names]
    code = f"""if True:
        import importlib, sys
        for name in {names!r}:
            importlib.import_module(name)
        assert not {{"torch", "sklearn"}} & set(sys.modules)
    """
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
