"""How a run's numbers stand in a file: its settings first, and the file is named by them."""

import fnmatch
import hashlib
from typing import Any

import numpy as np
import pandas as pd
from safetensors import numpy as safetensors

from lib.config import Config
from lib.question import Result
from lib.types import Array
from lib.words import Words

SETTING = "setting_"
LONGEST = 100  # characters of a file's name, before its ending


def table(result: Result) -> pd.DataFrame:
    """Return a run's table with its settings in the first columns, the same in every row."""
    numbers = result.table()
    config = result.config
    settings = {f"{SETTING}{item.name}": [getattr(config, item.name)] * len(numbers) for item in config.choices()}
    return pd.concat([pd.DataFrame(settings, index=numbers.index), numbers], axis=1)


def name(config: Config) -> str:
    """Return a name for files of this run, without an ending: the question and what differs from its defaults."""
    changed = [
        f"{item.name}-{getattr(config, item.name)}"
        for item in config.choices()
        if getattr(config, item.name) != item.default
    ]
    whole = "-".join([config.slug(), *changed])
    if len(whole) > LONGEST:
        whole = f"{config.slug()}-{hashlib.sha256(repr(config).encode()).hexdigest()[:8]}"
    return whole.replace("/", "_")


def columns(words: Words, result: Result) -> dict[str, str]:
    """Return what each column of a run's table means; columns that are numbered, by their pattern."""
    told: dict[str, str] = words["columns"]
    there = list(result.table().columns)
    return {name: text for name, text in told.items() if fnmatch.filter(there, name)}


def holds_network(result: Result) -> bool:
    """Whether a network of the run can be taken home."""
    return bool(getattr(result, "network", None))


def network(result: Any) -> bytes:
    """Return the run's network, as arrays by name, in a safetensors file; its metadata hold the settings."""
    arrays: dict[str, Array] = result.network
    return safetensors.save(
        {name: np.ascontiguousarray(a) for name, a in arrays.items()}, dict(result.config.query())
    )
