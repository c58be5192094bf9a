"""One file per question: its Config and its run. An experiment computes and never draws."""

import importlib
from types import ModuleType

from lib.config import Config


def find(stem: str) -> tuple[ModuleType, type[Config]]:
    """Return a question's experiment and its Config, for the pages that speak of all questions."""
    module = importlib.import_module(f"{__name__}.{stem}")
    return module, next(c for c in vars(module).values() if isinstance(c, type) and _asks(c, stem))


def _asks(kind: type, stem: str) -> bool:
    return issubclass(kind, Config) and kind is not Config and kind.stem() == stem
