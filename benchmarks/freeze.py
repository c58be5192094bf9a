"""Hashes of what every question says, so that a rebuilding can show that it changed none of it.

`python -m benchmarks.freeze > before.txt`, the change, `python -m benchmarks.freeze > after.txt`, `diff before.txt
after.txt`. A line a run: its settings, then one hash each of the result's arrays, of its table and of its verdicts. A
name as argument (`python -m benchmarks.freeze zigzag`) hashes that question alone.
"""

import hashlib
import sys
from collections.abc import Iterator
from typing import Any

from lib.config import Config
from lib.question import AnyQuestion, find
from lib.ui.fingerprint import _numbers
from lib.ui.frame import questions


def settings(config_class: type[Config]) -> Iterator[Config]:
    """Yield the default, then configs that hold every word and both ends of every number, short trainings."""
    yield config_class()
    offered = {
        item.name: item.among if isinstance(item.default, str) else (item.among[0], item.among[-1])
        for item in config_class.choices()
    }
    if "steps" in offered:
        offered["steps"] = offered["steps"][:1]
    for k in range(max(map(len, offered.values()))):
        yield config_class(**{name: values[k % len(values)] for name, values in offered.items()})


def digest(*parts: Any) -> str:
    """Return a short hash of bytes and of all else as it prints in full."""
    found = hashlib.sha256()
    for part in parts:
        found.update(part if isinstance(part, bytes) else repr(part).encode())
    return found.hexdigest()[:16]


def plain(value: Any) -> Any:
    """Return a number as Python's own, so that its print has every bit and no name of a type."""
    return value.item() if hasattr(value, "item") else value


def hashes(question: AnyQuestion, config: Config) -> tuple[str, str, str]:
    """Run it; return the hashes of the result's arrays, table and verdicts."""
    result, verdicts = question.answer(config)
    said = [
        (name, v.key, sorted((k, plain(n)) for k, n in v.numbers.items())) for name, v in sorted(verdicts.items())
    ]
    arrays = (a.tobytes() for a in _numbers(result))
    return digest(*arrays), digest(result.table().to_csv(index=False).encode()), digest(said)


def main(names: list[str]) -> None:
    """Print the hashes of the questions named, or of all."""
    for entry in questions():
        slug = entry.words.slug
        if names and slug not in names:
            continue
        question = find(slug)
        for config in settings(question.config):
            said = " ".join(f"{k.partition('.')[2]}={v}" for k, v in config.query().items())
            print(slug, said, *hashes(question, config), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
