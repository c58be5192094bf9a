"""The questions there are, for the tests that hold every one of them to the same rules."""

import importlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "pages").glob("[0-9]*_*.py"))
STEMS = [page.stem.partition("_")[2] for page in PAGES]


def module(stem):
    return importlib.import_module(f"lib.experiments.{stem}")


def config_class(stem):
    return getattr(module(stem), "".join(part.title() for part in stem.split("_")))


@cache
def default_result(stem):
    """The run that a page opens with, once for all tests of one process."""
    return module(stem).run(config_class(stem)())


def edges(config_class):
    """Every word and both ends of every number, each in some setting, trained as short as the page offers.

    As few settings as the longest control has words: they go through all controls side by side.
    """
    offered = {
        item.name: item.among if isinstance(item.default, str) else (item.among[0], item.among[-1])
        for item in config_class.choices()
    }
    if "steps" in offered:
        offered["steps"] = offered["steps"][:1]
    count = max(map(len, offered.values()))
    return [config_class(**{name: v[k % len(v)] for name, v in offered.items()}) for k in range(count)]
