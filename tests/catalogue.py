"""The questions there are, for the tests that hold every one of them to the same rules."""

import importlib
import pickle
from functools import cache, wraps
from pathlib import Path

from filelock import FileLock  # comes with torch

from lib.question import find

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "pages").glob("[1-4][0-9]_*.py"))
SLUGS = [page.stem.partition("_")[2] for page in PAGES]


def experiment(slug):
    """The module that runs a question, where tests put another `run` or smaller constants."""
    return find(slug).experiment


def config_class(slug):
    return find(slug).config


def default_result(slug):
    """The run that a page opens with."""
    return experiment(slug).run(config_class(slug)())


def default_verdicts(slug):
    return find(slug).verdicts(default_result(slug))


def own_test(slug):
    """The test of one question, which holds its frozen DEFAULTS and its claims' RULINGS."""
    return importlib.import_module(f"test_{slug}")


def remembering(slug, folder):
    """The experiment's `run`, but the run that its page opens with once for all processes that share `folder`."""
    run, default = experiment(slug).run, config_class(slug)()
    kept, lock = folder / f"{slug}.pickle", FileLock(folder / f"{slug}.lock")

    @cache
    def trained():
        with lock:
            if not kept.exists():
                kept.write_bytes(pickle.dumps(run(default)))
            return pickle.loads(kept.read_bytes())

    @wraps(run)
    def remembered(config, progress=None, **own):
        return trained() if config == default and not own else run(config, progress, **own)

    return remembered


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
