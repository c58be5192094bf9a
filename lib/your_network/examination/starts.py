"""A layer beside the starts it may have had: is it still as it was drawn?"""

import math
from typing import NamedTuple

import numpy as np

from lib.types import Array
from lib.your_network.examination.fresh import Scheme, distance, schemes
from lib.your_network.examination.study import Study

FEW = 256  # weights: with fewer, D of a fresh start reaches 0.12, what a trained layer may have too
FEW_NORMAL = 2000  # a normal start has no edge that a step would cross: its size must be known to 5 %
FEW_BARE = 50_000  # a normal start without a bias, which moves first: a few passes over 1800 digits are then seen
FEW_BIASES = 64  # with fewer, trained biases may look like uniform draws
NARROW = 4  # rows or columns: fewer have next to no pattern to see
KS = 2.2  # D * sqrt(n) of a fresh start exceeds this once in eight thousand (Kolmogorov's law)
FINEST = 0.004  # D below which rounding to eight bits of mantissa (bfloat16) may be the reason
EDGE = 14.0  # the largest of n uniform draws is within 14 / n of the bound but once in a million
PATTERN = 5.0  # standard errors beyond which rows or columns are not those of a shuffled copy
TRACY_WIDOM = 4.5  # the largest squared singular value of pure noise is above this once in ten thousand
ROUNDING = {"bfloat16": 4e-3, "float16": 5e-4}  # relative, of the stored dtype


class Start(NamedTuple):
    """What a layer has of a fresh start."""

    scheme: Scheme  # the nearest
    distance: float  # Kolmogorov-Smirnov, to it
    control: float  # of a fresh draw of the same size
    answer: str  # "fresh", "moved" or "few" (cannot tell)


def start(study: Study) -> Start:
    """Compare a layer with the starts of its shape: named is one that it may be, else the nearest."""
    n = len(study.sample)
    near = sorted(((distance(study.sample, s), s) for s in schemes(study.layer)), key=lambda found: found[0])
    close = [(d, s) for d, s in near if d <= max(KS / math.sqrt(n), FINEST)]
    possible = [(d, s) for d, s in close if _able(study, s) and _edges(study, s)]
    d, scheme = [*possible, *near][0]
    control = distance(np.sort(scheme.draw(n, study.rng(4))), scheme)
    return Start(scheme, d, control, _answer(study, scheme, close=bool(close), possible=bool(possible)))


def _able(study: Study, scheme: Scheme) -> bool:
    """Tell whether a layer has enough weights for this start to be told from a trained layer."""
    few = FEW if scheme.shape == "uniform" else FEW_NORMAL
    return study.moments.n >= few and min(study.matrix.shape) >= NARROW


def _answer(study: Study, scheme: Scheme, *, close: bool, possible: bool) -> str:
    if not possible:
        able = study.moments.n >= (FEW_NORMAL if close else FEW) and (not close or min(study.matrix.shape) >= NARROW)
        return "moved" if able else "few"
    if not (_bias_as_drawn(study) and pattern(study.piece) < PATTERN):
        return "moved"
    return "fresh" if scheme.shape == "uniform" or study.moments.n >= FEW_BARE or _bias_tells(study) else "few"


def _edges(study: Study, scheme: Scheme) -> bool:
    """Tell whether the largest weight is where a bounded start has it; of a normal start, the standard deviation."""
    m = study.moments
    slack = ROUNDING.get(study.stored, 1e-5)
    if scheme.edge:
        return 1 - EDGE / scheme.edge / m.n - slack <= m.largest / scheme.bound <= 1 + slack
    return abs(m.sd / scheme.sd - 1) < 4 / math.sqrt(2 * m.n) + slack


def _bias_as_drawn(study: Study) -> bool:
    """Tell whether the bias is one that starts have: all the same number, or torch's U(+-1/sqrt(fan_in)); or none."""
    bias = study.layer.bias
    if bias is None or len(np.unique(bias)) == 1:
        return True
    torchs = schemes(study.layer)[0]
    slack, size = ROUNDING.get(study.stored, 1e-5), np.abs(bias).max() / torchs.bound
    near = distance(np.sort(bias.astype(np.float64)), torchs) < KS / math.sqrt(len(bias))
    return bool(near and 1 - EDGE / len(bias) - slack <= size <= 1 + slack)


def _bias_tells(study: Study) -> bool:
    """Tell whether a bias that is as drawn is evidence: one number throughout, or enough draws."""
    bias = study.layer.bias
    return bias is not None and (len(bias) >= FEW_BIASES or (len(bias) >= 8 and len(np.unique(bias)) == 1))


def pattern(piece: Array) -> float:
    """Return how far a matrix is from one whose numbers stand in random places, in standard errors.

    The largest of: spread of the rows' and the columns' means and sums of squares, against what independent numbers
    with the same moments give; largest singular value, against Tracy and Widom's law (Johnstone 2001).
    """
    squares = np.square(piece)
    each = [_spread(values, axis) for values in (piece, squares) for axis in (0, 1)]
    return max(*each, _loudest(piece) * PATTERN / TRACY_WIDOM)


def _spread(values: Array, axis: int) -> float:
    """Return by how many standard errors the means along an axis vary more than those of independent numbers."""
    means, length = values.mean(axis), values.shape[axis]
    noise = values.var() / length
    freedom = len(means) - 1
    return float((np.square(means - means.mean()).sum() / noise - freedom) / math.sqrt(2 * freedom)) if noise else 0.0


def _loudest(piece: Array) -> float:
    """Return the largest squared singular value in the units of Tracy and Widom's law, 0 in the middle."""
    o, i = (math.sqrt(n) for n in piece.shape)
    noise = piece.var() * (o + i) ** 2
    scale = piece.var() * (o + i) * (1 / o + 1 / i) ** (1 / 3)
    return float((loudest(piece) - noise) / scale) if scale else 0.0


def loudest(piece: Array) -> float:
    """Return the largest squared singular value of a matrix without its mean."""
    centred = piece - piece.mean()
    gram = centred @ centred.T if len(piece) <= piece.shape[1] else centred.T @ centred
    return float(np.linalg.eigvalsh(gram)[-1])


class Still(NamedTuple):
    """Inputs whose weights have not left a start's bounds."""

    inputs: int
    all: int
    start: str
    distance: float  # Kolmogorov-Smirnov, of their weights to the start
    control: float  # of a fresh draw of as many


def still_inputs(s: Study) -> Still | None:
    """Return the inputs whose weights all lie within a uniform start's bounds, where others' have left them.

    Beside columns that moved they must not be chance: by the others' share outside, none of a column's weights
    outside is less likely than e^-8; together they must be distributed like the start.
    """
    if s.layer.kernel or len(s.matrix) < 16:
        return None
    for scheme in (x for x in schemes(s.layer) if x.shape == "uniform"):
        outside = np.zeros(s.matrix.shape[1], int)
        for block in np.array_split(s.matrix, max(1, s.matrix.size >> 20)):
            outside += (np.abs(block) > scheme.bound * (1 + 1e-5)).sum(0)
        still = outside == 0
        if not still.any() or still.all() or outside[~still].mean() < 8:
            continue
        kept = np.sort(s.matrix[:, still].ravel().astype(np.float64))
        d = distance(kept, scheme)
        if d < KS / math.sqrt(len(kept)):
            control = distance(np.sort(scheme.draw(len(kept), s.rng(5))), scheme)
            return Still(int(still.sum()), len(still), scheme.name, d, control)
    return None
