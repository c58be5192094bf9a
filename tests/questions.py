"""The questions there are, for the tests that hold every one of them to the same rules."""

import importlib
import pickle
from functools import cache, wraps
from pathlib import Path

from filelock import FileLock  # comes with torch

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "pages").glob("[1-4][0-9]_*.py"))
STEMS = [page.stem.partition("_")[2] for page in PAGES]


def module(stem):
    return importlib.import_module(f"lib.experiments.{stem}")


def config_class(stem):
    return getattr(module(stem), "".join(part.title() for part in stem.split("_")))


def default_result(stem):
    """The run that a page opens with."""
    return module(stem).run(config_class(stem)())


def default_verdicts(stem):
    return module(stem).verdicts(default_result(stem))


def remembering(stem, folder):
    """The experiment's `run`, but the run that its page opens with once for all processes that share `folder`."""
    run, default = module(stem).run, config_class(stem)()
    kept, lock = folder / f"{stem}.pickle", FileLock(folder / f"{stem}.lock")

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
