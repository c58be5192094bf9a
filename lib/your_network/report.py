"""What is kept of an examination: sentences, table and pictures, but none of the file's arrays.

A network may have a hundred megabytes; a reader's session keeps some hundred kilobytes of it.
"""

from dataclasses import dataclass, field

import pandas as pd

from lib.types import Array, Numbers
from lib.your_network.config import YourNetwork
from lib.your_network.contract import Finding


@dataclass(frozen=True)
class Shape:
    """One layer's histogram in units of its root mean square, and that of torch's default start."""

    layer: str
    rms: float
    edges: Array  # (BINS + 1,)
    density: Array  # (BINS,) share of the weights per bin, in per cent
    outline: Array  # (BINS,) the same of a fresh start of the same shape
    negative: float  # share below zero
    positive: float  # share above; what is left are exact zeros
    filters: Array | None  # (m, side, side, colours)


@dataclass(frozen=True)
class Report:
    """What can be said about a network, and shown of it."""

    config: YourNetwork
    name: str  # of the file; "" for a network of our own
    format: str
    arrays: int
    layers: int  # that are weights
    weights: int  # how many numbers of them were examined
    findings: tuple[Finding, ...]
    notes: tuple[tuple[str, Numbers], ...]
    skipped: dict[str, str]
    shapes: tuple[Shape, ...]
    numbers: pd.DataFrame = field(repr=False)
    file: bytes = field(default=b"", repr=False)  # a network of our own, as safetensors

    def table(self) -> pd.DataFrame:
        """Return a row a layer: the numbers behind the findings."""
        return self.numbers
