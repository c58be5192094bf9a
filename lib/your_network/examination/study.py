"""One layer's numbers, measured once: moments of all, samples of what is large, a shuffled copy of the samples."""

import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lib.types import Array
from lib.your_network.contract import Layer

SAMPLE = 200_000  # single weights that are sorted: a KS distance is then known to about 0.002
ROWS, COLUMNS = 512, 1024  # of the piece of a matrix whose structure is looked at: its Gram matrix takes 50 ms
PAIRED, LENGTH = 2000, 1024  # rows whose pairs are all compared, and the entries by which they are
BLOCK = 1 << 20  # numbers that are converted to float64 at a time


@dataclass(frozen=True)
class Moments:
    """Of the finite weights of a layer, zeros included."""

    n: int
    mean: float
    sd: float
    negative: float  # shares
    zero: float
    largest: float  # absolute
    broken: int  # numbers that are NaN or infinite


def moments(values: Array) -> Moments:
    """Return the moments of an array of any shape, block by block: no copy of the whole is made."""
    sums, largest = np.zeros(4), 0.0
    for block in _blocks(values):
        finite = block[np.isfinite(block)]
        largest = max(largest, float(np.abs(finite).max(initial=0)))
        sums += finite.size, finite.sum(), (finite < 0).sum(), (finite == 0).sum()
    n = int(sums[0])
    if not n:
        return Moments(0, 0.0, 0.0, 0.0, 0.0, 0.0, values.size)
    mean, negative, zero = (float(total) / n for total in sums[1:])
    squares = sum(float(np.square(b[np.isfinite(b)] - mean).sum()) for b in _blocks(values))
    return Moments(n, mean, math.sqrt(squares / n), negative, zero, largest, values.size - n)


def _blocks(values: Array) -> Iterator[Array]:
    """Yield float64 pieces of whole rows."""
    rows = values.reshape(1, -1) if values.ndim < 2 else values
    step = max(1, BLOCK // max(1, rows.shape[1]))
    return (rows[i : i + step].astype(np.float64) for i in range(0, len(rows), step))


def chosen(length: int, most: int, rng: np.random.Generator) -> Array:
    """Return at most `most` places of `length` in rising order: all, or a random sample."""
    return np.arange(length) if length <= most else np.sort(rng.choice(length, most, replace=False))


@dataclass(frozen=True, eq=False)
class Study:
    """A layer that is a weight, and what is measured on it; all draws come from a seed made of its name."""

    layer: Layer
    matrix: Array  # (O, I)
    moments: Moments
    stored: str  # dtype in the file

    @property
    def name(self) -> str:
        """Return the layer's name."""
        return self.layer.name

    @property
    def sound(self) -> bool:
        """Tell whether all numbers are finite and not all are the same."""
        return not self.moments.broken and self.moments.n > 1 and self.moments.sd > 0

    def rng(self, purpose: int) -> np.random.Generator:
        """Return a generator of this layer's own, one for each purpose."""
        return np.random.default_rng([21, purpose, zlib.crc32(self.name.encode())])

    @cached_property
    def sample(self) -> Array:
        """Return the weights, or SAMPLE of them, float64 and sorted."""
        o, i = self.matrix.shape
        places = chosen(o * i, SAMPLE, self.rng(1))
        return np.sort(self.matrix[places // i, places % i].astype(np.float64))

    @cached_property
    def piece(self) -> Array:
        """Return the matrix, or ROWS x COLUMNS of it, float64."""
        rng = self.rng(2)
        rows, columns = (chosen(n, most, rng) for n, most in zip(self.matrix.shape, (ROWS, COLUMNS), strict=True))
        return self.matrix[rows][:, columns].astype(np.float64)

    @cached_property
    def shuffled(self) -> Array:
        """Return the piece's numbers in random places: the control for every pattern."""
        return self.rng(3).permutation(self.piece.ravel()).reshape(self.piece.shape)

    @property
    def sampled(self) -> bool:
        """Tell whether the piece is less than the matrix."""
        return self.piece.shape != self.matrix.shape

    @cached_property
    def channels(self) -> Array:
        """Return the sums of squares of every input's (of a convolution: input channel's) weights, (C,)."""
        energy = sum(np.square(block).sum(0) for block in _blocks(self.matrix))
        return np.asarray(energy).reshape(-1, math.prod(self.layer.kernel)).sum(1)

    @cached_property
    def rows(self) -> Array:
        """Return the sums of squares of every unit's weights, (O,)."""
        return np.concatenate([np.square(block).sum(1) for block in _blocks(self.matrix)])


def study(layer: Layer, matrix: Array, stored: str) -> Study:
    """Measure a layer that is a weight."""
    return Study(layer, matrix, moments(matrix), stored)
