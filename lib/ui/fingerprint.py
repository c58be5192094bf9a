"""The code behind a result as a key, so that no result outlives it; and whether two results are equal."""

import hashlib
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lib.question import AnyQuestion

LIB = Path(__file__).parents[1]


@cache
def fingerprint(question: AnyQuestion) -> str:
    """Return a hash of the code behind a question's answers.

    All of the engine counts, imported yet or not: it is imported in the middle of a training, and a key that
    depended on what happens to be loaded would change under a result and come back after a reload.
    """
    # Code that is loaded anew is a new question, which is hashed anew.
    return hashed(LIB, question.slug)


def hashed(lib: Path, slug: str) -> str:
    """Hash all that an answer can depend on (tests/test_architecture.py keeps it so), names and bytes."""
    files = [
        lib / "config.py",
        *(
            lib / f"{name}.py"
            for name in ("question", "evidence", "members", "memory", "processes", "spare", "types")
        ),
        *sorted(_folder(lib, slug).rglob("*.py")),
        *sorted((lib / "engine").rglob("*.py")),
    ]
    digest = hashlib.sha256()
    for file in files:
        text = file.read_bytes()
        digest.update(f"{file.relative_to(lib)} {len(text)}\n".encode() + text)
    return digest.hexdigest()


def _folder(lib: Path, slug: str) -> Path:
    """Where a question's own code is; that of a reader's network is no question's."""
    folder = lib / "questions" / slug
    return folder if folder.is_dir() else lib / "your_network"


def differences(old: Any, new: Any) -> tuple[bool, int, int]:
    """Whether any bit differs between the arrays of two results, how many numbers do, and how many there are."""
    pairs = list(zip(_numbers(old), _numbers(new), strict=True))
    changed = [(a, b) for a, b in pairs if a.tobytes() != b.tobytes()]
    different = sum(sum(x != y for x, y in zip(a.tolist(), b.tolist(), strict=True)) for a, b in changed)
    return bool(changed), different, sum(a.size for a, _ in pairs)


def _numbers(value: Any) -> list[Any]:
    """Return all arrays in a result, flat, in order."""
    if hasattr(value, "tobytes"):
        return [value.ravel()]
    if is_dataclass(value):
        return [a for f in fields(value) for a in _numbers(getattr(value, f.name))]
    parts = list(value.values()) if isinstance(value, dict) else value
    return [a for part in parts for a in _numbers(part)] if isinstance(parts, (tuple, list)) else []
