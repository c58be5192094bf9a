"""The questions there are, for the tests that hold every one of them to the same rules."""

import importlib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "pages").glob("[0-9]*_*.py"))
STEMS = [page.stem.partition("_")[2] for page in PAGES]


def module(stem):
    return importlib.import_module(f"lib.experiments.{stem}")


def config_class(stem):
    return getattr(module(stem), "".join(part.title() for part in stem.split("_")))
