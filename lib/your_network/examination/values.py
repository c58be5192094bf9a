"""Single values: steps between them, rounding, the largest, and filters that are pictures."""

import math
from typing import NamedTuple

import numpy as np

from lib.types import Array
from lib.your_network.examination import pictures
from lib.your_network.examination.study import Study


class Values(NamedTuple):
    """What stands in a layer, in numbers."""

    levels: int  # distinct values other than zero in the sample
    levels_control: int  # in a fresh start as it would be stored
    grid: bool  # whether they are whole multiples of one step
    rounded: str  # "float16" or "bfloat16" if every float32 in the sample survives that rounding
    largest: float  # in standard deviations
    largest_control: float  # of normal numbers, as many: what is to be expected
    smooth: float | None  # correlation of neighbouring pixels in the filters' pictures, None if they are none
    smooth_control: float  # the same with the pixels shuffled


def values(s: Study) -> Values:
    """Measure a layer whose numbers are finite."""
    levels = np.unique(s.sample[s.sample != 0])
    fresh = s.rng(7).normal(0, s.moments.sd, len(s.sample)).astype(s.matrix.dtype)
    smooth, control = _smooth(s)
    return Values(
        len(levels),
        len(np.unique(fresh)),
        _grid(levels),
        "" if s.stored in ("float16", "bfloat16") else _rounded(s.sample),
        s.moments.largest / math.sqrt(s.moments.sd**2 + s.moments.mean**2),
        math.sqrt(2 * math.log(max(2, s.moments.n))),  # of n normal numbers, up to smaller terms
        smooth,
        control,
    )


def _grid(levels: Array) -> bool:
    """Tell whether values are whole multiples of their smallest step."""
    if len(levels) < 3:
        return len(levels) > 0
    steps = np.diff(levels)
    return bool(np.allclose(steps / steps.min(), np.round(steps / steps.min()), atol=0.02))


def _rounded(sample: Array) -> str:
    single = sample.astype(np.float32)
    if (single.view(np.uint32) & 0xFFFF == 0).all():  # bfloat16 is float32 without its last 16 bits
        return "bfloat16"
    with np.errstate(over="ignore"):
        return "float16" if (sample.astype(np.float16) == sample).all() else ""


def _smooth(s: Study) -> tuple[float | None, float]:
    """Return how alike neighbouring pixels of the filters' pictures are, and the same of shuffled pixels."""
    shown = pictures.pictures(s.layer, 256)
    if shown is None:
        return None, 0.0
    flat = shown.reshape(len(shown), -1)
    shuffled = s.rng(8).permuted(flat, axis=1).reshape(shown.shape)
    return pictures.smoothness(shown), pictures.smoothness(shuffled)
