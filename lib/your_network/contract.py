"""What a reader brings, what is read from it, and what the examination hands to page and command line."""

from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from lib.types import Array, Numbers

FAULT = 0.5  # findings of this weight and above speak of something that is probably not meant to be


class File(NamedTuple):
    """What a reader brings."""

    name: str
    content: bytes


class Refused(Exception):
    """A file is not read: `key` names a sentence under [refused] in the words, `numbers` fill it."""

    def __init__(self, key: str, numbers: Numbers | None = None) -> None:
        """Hold the sentence's key and its numbers."""
        super().__init__(key)
        self.key, self.numbers = key, numbers or {}


@dataclass(frozen=True)
class Weights:
    """What a file holds: arrays by their names, in the file's order.

    Half precision is given as float32; `stored` tells each array's dtype in the file. Integers and booleans stay.
    """

    format: str  # "safetensors", "torch", "numpy", "onnx"
    arrays: dict[str, Array]
    stored: dict[str, str]
    skipped: dict[str, str]  # names that are there but were not read, and why: a key of [skipped]
    notes: tuple[tuple[str, Numbers], ...]  # facts about the file: keys of [notes] and their numbers
    uses: dict[str, str] = field(default_factory=dict)  # ONNX only: name -> "Gemm:1:transB" (node kind, input, flags)


class Finding(NamedTuple):
    """A sentence about the network, with its number and its control."""

    key: str  # under [finding] in the words
    layer: str  # "" for the whole network
    numbers: Numbers
    question: str  # slug of the page that explains it, "" if there is none
    weight: float  # 0 to 1: how much it matters, for the order


@dataclass(frozen=True)
class Layer:
    """One layer: `matrix` is (units, inputs) whatever the layout in the file, None where it is no weight."""

    name: str
    shape: tuple[int, ...]  # as stored
    kind: str  # "linear", "convolution", "embedding", "recurrent", "norm", "bias", "constant", "other"
    matrix: Array | None  # (O, I), float32 or float64
    layout: str  # "out_in", "in_out" or "unknown"
    bias: Array | None
    fan_in: int
    fan_out: int
    kernel: tuple[int, ...] = ()  # of a convolution; matrix.reshape(O, -1, *kernel) are its filters


@dataclass(frozen=True)
class Examination:
    """What can be said about a network."""

    weights: Weights
    layers: tuple[Layer, ...]
    findings: tuple[Finding, ...]  # the most important first
    table: pd.DataFrame  # a row a layer: the numbers behind the findings
