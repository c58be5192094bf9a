"""Fresh starts: how weights are distributed that nobody has trained, and how far a layer is from each."""

import math
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from lib.types import Array
from lib.your_network.contract import Layer

SHAPES = {"uniform": "uniform", "normal": "normal", "truncated": "truncated normal"}
CUT = 2.0  # Keras's normal starts are drawn again beyond this many standard deviations
_INSIDE = float(ndtr(CUT) - ndtr(-CUT))
_SHRUNK = math.sqrt(1 - 2 * CUT * math.exp(-(CUT**2) / 2) / math.sqrt(2 * math.pi) / _INSIDE)  # sd that is left of 1
_AT_EDGE = 2 * CUT * math.exp(-(CUT**2) / 2) / math.sqrt(2 * math.pi) / _INSIDE


class Scheme(NamedTuple):
    """A start with standard deviation `sd`: "uniform", "normal", or "truncated", a normal without its tails."""

    name: str
    shape: str
    sd: float

    @property
    def bound(self) -> float:
        """Return the largest weight a start can have; infinite for a normal."""
        return {"uniform": math.sqrt(3), "truncated": CUT / _SHRUNK}.get(self.shape, math.inf) * self.sd

    @property
    def edge(self) -> float:
        """Return the share of weights in the outermost part of the range, over that part's share of the range."""
        return {"uniform": 1.0, "truncated": _AT_EDGE}.get(self.shape, 0.0)

    def cdf(self, w: Array) -> Array:
        """Return the share of a start's weights below each w."""
        if self.shape == "normal":
            return ndtr(w / self.sd)
        within = np.clip(w / self.bound, -1, 1)
        return within / 2 + 0.5 if self.shape == "uniform" else (ndtr(CUT * within) - ndtr(-CUT)) / _INSIDE

    def draw(self, size: int | tuple[int, ...], rng: np.random.Generator) -> Array:
        """Draw a start."""
        if self.shape == "normal":
            return rng.normal(0, self.sd, size)
        share = rng.uniform(0, 1, size)
        within = 2 * share - 1 if self.shape == "uniform" else ndtri(ndtr(-CUT) + share * _INSIDE) / CUT
        return self.bound * within


def schemes(layer: Layer) -> tuple[Scheme, ...]:
    """Return the starts that a layer of this shape is given by the usual libraries.

    torch: U(+-1/sqrt(fan_in)), LeCun et al. 1998; recurrent layers +-1/sqrt(hidden); tables N(0, 1). He et al. 2015:
    variance 2/fan_in; Glorot and Bengio 2010 ('Xavier'): 2/(fan_in + fan_out), for attention's stack with all three
    in fan_out; LeCun: 1/fan_in. 0.02 is what most transformers start from (Radford et al. 2018).
    """
    into, out = layer.fan_in, layer.fan_out
    hidden = out if layer.kind == "recurrent" else into
    found = [Scheme("torch's default", "uniform", 1 / math.sqrt(3 * hidden))]
    if layer.kind == "embedding":
        found = [Scheme("torch's default", "normal", 1.0), Scheme("Keras's default", "uniform", 0.05 / math.sqrt(3))]
    spread = {"He": 2 / into, "Xavier": 2 / (into + out), "LeCun": 1 / into}
    if layer.name.endswith(("[query]", "[key]", "[value]")):
        spread["Xavier of the stack"] = 2 / (into + 3 * out)
    if layer.kind == "convolution":
        spread["He by fan-out"] = 2 / out
    for name, variance in spread.items():
        found += [Scheme(f"{name} {called}", shape, math.sqrt(variance)) for shape, called in SHAPES.items()]
    return (*found, Scheme("normal with sd 0.02", "normal", 0.02))


def called(layer: Layer, name: str) -> Scheme:
    """Return a layer's start by its name, as the table has it; StopIteration if it has none of that name."""
    return next(scheme for scheme in schemes(layer) if scheme.name == name)


def distance(sample: Array, scheme: Scheme) -> float:
    """Return the Kolmogorov-Smirnov distance D: the largest gap between the shares below w, over all w.

    The sample (n,) is sorted. n independent draws from the start itself give D of about 0.87 / sqrt(n); D is not made
    a p-value: with millions of weights a rounding to half precision would be 'significant'.
    """
    n, expected = len(sample), scheme.cdf(sample)
    above = np.arange(1, n + 1) / n - expected
    return float(max(above.max(), (1 / n - above).max()))


def outline(scheme: Scheme, edges: Array) -> Array:
    """Return the share of a fresh start's weights in each bin, (len(edges) - 1,): the outline of a histogram."""
    return np.diff(scheme.cdf(edges))


def histogram(matrix: Array, edges: Array) -> Array:
    """Return the share of a layer's weights in each bin, (len(edges) - 1,); those beyond the edges count nowhere."""
    counts = sum(np.histogram(rows, edges)[0] for rows in np.array_split(matrix, max(1, matrix.size >> 20)))
    return np.asarray(counts) / max(1, matrix.size)
