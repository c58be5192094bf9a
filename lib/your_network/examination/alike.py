"""What is alike in a layer: rows of one direction or of opposite ones, rows and inputs of zeros, rank."""

import math
from typing import NamedTuple

import numpy as np
from scipy.special import betainc

from lib.types import Array
from lib.your_network.examination.study import LENGTH, PAIRED, Study, chosen

TWIN = 0.9999  # cosine: less than a degree apart; units that started equal stay equal to about 1e-6
CHANCE = 0.01  # pairs that random directions may give; with short rows no twin can be told
FAINT = 1e-4  # of the median row's length: what weight decay leaves of a unit without a gradient


class Pairs(NamedTuple):
    """Rows that have a twin or an opposite among those compared."""

    twins: int
    opposites: int
    compared: int
    same: int  # rows equal to another to the last bit


def pairs(s: Study) -> Pairs:
    """Compare all pairs of rows, of at most PAIRED rows by at most LENGTH of their entries."""
    rng = s.rng(6)
    rows, columns = chosen(len(s.matrix), PAIRED, rng), chosen(s.matrix.shape[1], LENGTH, rng)
    values = s.matrix[rows][:, columns].astype(np.float32)
    lengths = np.linalg.norm(values, axis=1)
    values = values[lengths > 0] / lengths[lengths > 0, None]
    if len(values) < 2 or by_chance(len(values), values.shape[1]) > CHANCE:
        return Pairs(0, 0, 0, 0)
    cosines = values @ values.T
    np.fill_diagonal(cosines, 0)
    twins, opposites = (cosines > TWIN).any(1), (cosines < -TWIN).any(1)
    same = len(values) - len(np.unique(values[twins], axis=0)) - int((~twins).sum()) if twins.any() else 0
    return Pairs(int(twins.sum()), int(opposites.sum()), len(values), same)


def by_chance(rows: int, length: int) -> float:
    """Return the number of pairs of random directions whose cosine is above TWIN (area of a spherical cap)."""
    if length < 2:
        return math.inf
    return rows * (rows - 1) / 2 * float(betainc((length - 1) / 2, 0.5, 1 - TWIN**2)) / 2


def nearest_shuffled(s: Study) -> float:
    """Return the largest cosine between rows of the shuffled piece."""
    rows = s.shuffled / np.maximum(np.linalg.norm(s.shuffled, axis=1, keepdims=True), 1e-300)
    cosines = rows @ rows.T
    np.fill_diagonal(cosines, -1)
    return float(cosines.max())


def participation(piece: Array) -> float:
    """Return the participation ratio of the squared singular values, between 1 and the smaller side.

    (sum s^2)^2 / sum s^4: the number of directions among which a matrix spreads what it passes on.
    """
    gram = piece @ piece.T if len(piece) <= piece.shape[1] else piece.T @ piece
    return float(np.trace(gram) ** 2 / max(np.square(gram).sum(), 1e-300))


def rank(piece: Array) -> int:
    """Return the number of singular values above 1e-5 of the largest: what single precision can tell from zero."""
    gram = piece @ piece.T if len(piece) <= piece.shape[1] else piece.T @ piece
    values = np.linalg.eigvalsh(gram)
    return int((values > 1e-10 * values[-1]).sum())


def _faint(energy: Array) -> int:
    median = float(np.median(energy[energy > 0])) if (energy > 0).any() else 0.0
    return int((energy <= FAINT**2 * median).sum())


class Alike(NamedTuple):
    """What is alike in a layer, and in its shuffled copy (`_control`)."""

    pairs: Pairs
    cosine_control: float  # the largest between two of its rows
    rows: int  # faint
    rows_control: int
    inputs: int
    inputs_control: int
    channels: int  # inputs in all
    rank: int
    rank_control: int
    directions: float  # participation ratio
    directions_control: float
    shape: tuple[int, int]  # of the piece that rank and directions are told of
    sampled: bool


def alike(s: Study) -> Alike:
    """Measure a layer whose numbers are finite."""
    found = pairs(s)
    return Alike(
        found,
        nearest_shuffled(s) if found.twins + found.opposites else 0.0,
        _faint(s.rows),
        int((s.shuffled == 0).all(1).sum()),
        _faint(s.channels),
        _empty_channels(s),
        len(s.channels),
        rank(s.piece),
        rank(s.shuffled),
        participation(s.piece),
        participation(s.shuffled),
        (len(s.piece), s.piece.shape[1]),
        s.sampled,
    )


def _empty_channels(s: Study) -> int:
    """Return how many inputs are zero throughout in the shuffled copy, where the whole matrix is in it."""
    empty = (s.shuffled == 0).all(0)
    return int(empty.sum() if s.sampled else empty.reshape(-1, math.prod(s.layer.kernel)).all(1).sum())
