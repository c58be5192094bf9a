"""The questions there are, for the tests that hold every one of them to the same rules."""

import importlib
from dataclasses import replace
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


def light(config):
    """The same settings, but trained as short as the page offers: quick, and at the edge of what must be said."""
    steps = next((item for item in config.choices() if item.name == "steps"), None)
    if steps is None or config.steps != steps.default:  # the walk is at the steps themselves
        return config
    return replace(config, steps=min(steps.among))
