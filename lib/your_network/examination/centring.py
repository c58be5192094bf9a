"""Centring: biases, norm layers' gains and shifts, means of rows."""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from lib.types import Array, Numbers
from lib.your_network.contract import Finding, Layer
from lib.your_network.examination import names
from lib.your_network.examination.facts import Facts

FAR = 1.0  # a unit's bias is as large as what inputs of size 1 add up to: inputs hardly matter
OFF = 3.0  # times the shuffled copy's spread of row means
SILENT = 1e-12  # variance: a channel that always gives the same


def findings(facts: Sequence[Facts], layers: Sequence[Layer], arrays: Mapping[str, Array]) -> Iterator[Finding]:
    """Yield what is off centre."""
    yield from _biases([f for f in facts if f.layer.bias is not None and f.start])
    for layer in layers:
        if layer.kind == "norm" and layer.name in arrays:
            yield from _norm(layer, arrays[layer.name])
    yield from _row_means([f for f in facts if f.alike and min(f.alike.shape) >= 2])


def _biases(facts: Sequence[Facts]) -> Iterator[Finding]:
    ratios = [(bias_ratio(f), f) for f in facts]
    empty = [f for ratio, f in ratios if ratio == 0]
    if empty:
        yield Finding("bias_zero", "", {"layers": len(empty), "all": len(facts), "control": 1.0}, "other_noise", 0.15)
    if ratios and (top := max(ratios, key=lambda pair: pair[0]))[0] > FAR:
        numbers: Numbers = {"ratio": top[0], "control": fresh_bias_ratio(top[1].layer.fan_in)}
        yield Finding("bias_far", top[1].name, numbers, "cures", 0.4)


def bias_ratio(f: Facts) -> float:
    """Return the median over units of |bias| / |row|: the bias beside what random inputs of size 1 add up to."""
    bias, matrix = f.layer.bias, f.layer.matrix
    if bias is None or matrix is None or not np.isfinite(bias).all():
        return 0.0
    lengths = np.sqrt(np.einsum("oi,oi->o", matrix, matrix, dtype=np.float64))
    told = lengths > 0
    return float(np.median(np.abs(bias[told].astype(np.float64)) / lengths[told]))


def fresh_bias_ratio(fan_in: int) -> float:
    """Return the same of torch's default: median |U(+-b)| = b/2 over |row| = b sqrt(fan_in/3), b = 1/sqrt(fan_in)."""
    return math.sqrt(3 / fan_in) / 2


def _norm(layer: Layer, own: Array) -> Iterator[Finding]:
    """Yield a norm layer's gains and shifts, or its running statistics."""
    if not np.isfinite(own).all():
        return
    if names.MEAN.search(layer.name) or names.VARIANCE.search(layer.name):
        yield from _statistics(layer, own)
        return
    if (own == 1).all() and (layer.bias is None or not layer.bias.any()):
        yield Finding("norm_fresh", layer.name, {"n": len(own), "control": 1.0}, "cures", 0.55)
    elif (below := int((own <= 0).sum())) > 0:
        numbers: Numbers = {"below": below, "n": len(own), "smallest": float(own.min()), "control": 1.0}
        yield Finding("norm_below", layer.name, numbers, "cures", 0.3)


def _statistics(layer: Layer, own: Array) -> Iterator[Finding]:
    is_variance = names.VARIANCE.search(layer.name) is not None
    if is_variance and (own == 1).all():
        yield Finding("norm_never_ran", layer.name, {"n": len(own), "control": 1.0}, "cures", 0.6)
    elif is_variance and (silent := int((own < SILENT).sum())):
        yield Finding("norm_silent", layer.name, {"silent": silent, "n": len(own), "control": 1.0}, "cures", 0.45)


def row_spread(f: Facts) -> float:
    """Return the root mean square of the row means in units of what numbers in random places give, 1 if centred."""
    matrix = f.layer.matrix
    assert matrix is not None
    means = matrix.mean(1, dtype=np.float64) - f.moments.mean
    return float(np.sqrt(np.square(means).mean()) * math.sqrt(matrix.shape[1]) / f.moments.sd)


def _row_means(facts: Sequence[Facts]) -> Iterator[Finding]:
    spreads = [(row_spread(f), f) for f in facts if f.layer.kind != "embedding"]
    if spreads and (top := max(spreads, key=lambda pair: pair[0]))[0] > OFF:
        numbers: Numbers = {"spread": top[0], "control": 1.0, "mean": top[1].moments.mean, "sd": top[1].moments.sd}
        yield Finding("row_means", top[1].name, numbers, "conditioning", 0.2)
