"""What is installed: requirements name what is imported, and the locks fit them, with hashes and without any host."""

import ast
import re
import sys
from importlib.metadata import packages_distributions

import pytest
from catalogue import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OWN = {"lib", "benchmarks"} | {file.stem for file in (ROOT / "tests").rglob("*.py")}
RUN = {"pytest-xdist", "ruff", "mypy"}  # tools that the tests start and nobody imports
ENTRY = re.compile(r"([a-z0-9-]+)==(\S+)(?: ; ([^\\]+))? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)")
LOCKS = {
    "requirements.lock": ("requirements.txt",),
    "requirements-dev.lock": ("requirements.txt", "requirements-dev.txt"),
}


def text(name):
    return (ROOT / name).read_text()


def required(name):
    """The requirements in a file, by the distribution's name."""
    lines = [line.partition("#")[0].strip() for line in text(name).splitlines()]
    listed = [Requirement(line) for line in lines if line and not line.startswith("-")]
    return {canonicalize_name(one.name): one for one in listed}


def wanted(tree):
    """The modules that a file imports, or looks for without importing them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "find_spec":
            yield from (arg.value for arg in node.args if isinstance(arg, ast.Constant))


def imported(*places, but=()):
    """The distributions whose modules the files in these places import; files named as in `but` are left out."""
    files = [
        f for place in places for f in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"))
    ]
    files = [file for file in files if file.name not in but]
    modules = {name.split(".")[0] for file in files for name in wanted(ast.parse(file.read_text()))}
    homes = packages_distributions()
    return {canonicalize_name(homes[name][0]) for name in modules - OWN - sys.stdlib_module_names}


def locked(name):
    """A lock's entries: name, version, the platforms it is for, its hashes."""
    return [(name, version, marker, hashes) for name, version, marker, hashes in ENTRY.findall(text(name))]


def test_the_requirements_name_what_the_app_imports():
    # A plain file is given away: what it imports is its reader's, and the tests'.
    assert imported("lib", "pages", "app.py", but=["plain.py"]) == set(required("requirements.txt"))


def test_the_requirements_of_the_tests_name_what_they_import():
    more = imported("tests", "benchmarks", "lib") - set(required("requirements.txt"))
    assert more | RUN == set(required("requirements-dev.txt"))


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_has_a_lower_and_an_upper_bound(name):
    for one in required(name).values():
        operators = {part.operator for part in one.specifier}
        assert operators in ({"=="}, {">=", "<"}), str(one)


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_is_hashes_and_nothing_else(name):
    """No entry without a hash, no index, no host; and no CUDA, which the CPU build of torch does without."""
    assert ENTRY.sub("", text(name)) == ""
    entries = locked(name)
    assert not [entry[0] for entry in entries if entry[0].startswith(("nvidia-", "cuda-", "triton"))]
    builds = {marker: version for one, version, marker, _ in entries if one == "torch"}
    assert {m: v.endswith("+cpu") for m, v in builds.items()} == {
        "sys_platform == 'darwin'": False,
        "sys_platform != 'darwin'": True,
    }


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_fits_the_requirements(name):
    versions = {entry[0]: entry[1] for entry in locked(name)}
    direct = [one for file in LOCKS[name] for one in required(file).items()]
    assert [str(one) for key, one in direct if not one.specifier.contains(versions.get(key, "0"))] == []


def test_the_locks_agree_with_each_other():
    """What is tested is what the image holds; pip's constraints are the same, but for torch, whose build is open."""
    image, tests = ({entry[:3]: entry[3] for entry in locked(name)} for name in LOCKS)
    assert image.items() <= tests.items()
    pins = [f"{name}=={version}" + (f" ; {marker}" if marker else "") for name, version, marker in tests]
    assert text("constraints.txt").splitlines() == [pin for pin in pins if not pin.startswith("torch==")]


def test_the_image_and_ci_install_the_locks():
    docker, ci = text("Dockerfile"), text(".ci/run")
    assert re.search(r"uv pip install .*--require-hashes -r requirements.lock$", docker, re.MULTILINE)
    assert re.search(r"pip install .*--require-hashes .*-r requirements-dev.lock$", ci, re.MULTILINE)
    assert "-c constraints.txt" in text("requirements-dev.txt").splitlines()
    copied = {name for line in re.findall(r"^COPY (.+) \S+$", docker, re.MULTILINE) for name in line.split()}
    assert {f"!{name}" for name in copied} <= set(text(".dockerignore").splitlines())


def test_the_photographs_are_credited():
    for file, photographer in (("china.jpg", "danielbuechele"), ("flower.jpg", "vultilion")):
        assert re.search(rf"{file} +by {photographer}\b", text("LICENSE"))
        assert photographer in text("README.md")
