"""Traps: what makes numbers of a file mean something else than they seem to."""

import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from lib.types import Array, Numbers
from lib.your_network.contract import Finding, Layer, Weights
from lib.your_network.examination.facts import Facts
from lib.your_network.examination.layers import MATRICES
from lib.your_network.examination.study import chosen

COPY = 0.5  # correlation of corresponding matrices: of independent trainings it is about 0
ENOUGH = 64  # numbers: shorter arrays are equal by accident (all zeros, all ones)
COMPARED = 20_000  # numbers of each pair of matrices
WHOLE = 256  # whole numbers of eight bits that may be quantised weights; wider ones are counters or places


def findings(facts: Sequence[Facts], layers: Sequence[Layer], weights: Weights) -> Iterator[Finding]:
    """Yield the traps that a file has."""
    yield from _broken(weights)
    yield from _layouts(layers)
    yield from _gates(layers)
    yield from _constants(layers, weights)
    yield from _whole(weights)
    yield from _same(weights)
    yield from _copies(weights)
    if not facts:
        yield Finding("nothing", "", {"arrays": len(weights.arrays)}, "", 1.0)


def _broken(weights: Weights) -> Iterator[Finding]:
    for name, array in weights.arrays.items():
        if array.dtype.kind != "f" or array.size == 1:  # a single number is a constant, such as minus infinity
            continue
        broken = array.size - int(np.isfinite(array).sum())
        values = np.unique(array.ravel()[:4096])
        if broken and not (len(values) == 2 and values[0] == -np.inf and values[1] == 0):  # an attention mask
            numbers: Numbers = {"broken": broken, "n": array.size, "nan": int(np.isnan(array).sum()), "control": 0}
            yield Finding("broken", name, numbers, "", 1.0)


def _layouts(layers: Sequence[Layer]) -> Iterator[Finding]:
    every = [layer for layer in layers if layer.kind in MATRICES]
    turned = sum(layer.layout == "in_out" for layer in every)
    unknown = sum(layer.layout == "unknown" for layer in every)
    if turned:
        yield Finding("turned", "", {"layers": turned, "all": len(every), "control": 0}, "", 0.35)
    if unknown:
        yield Finding("layout_unknown", "", {"layers": unknown, "all": len(every), "control": 0}, "", 0.35)


def _gates(layers: Sequence[Layer]) -> Iterator[Finding]:
    stacks: dict[str, int] = defaultdict(int)
    for layer in layers:
        if layer.kind in MATRICES and layer.name.endswith("]"):
            stacks[layer.name.rpartition(" [")[0]] += 1
    if stacks:
        numbers: Numbers = {"stacks": len(stacks), "parts": sum(stacks.values()), "control": 1}
        yield Finding("stacked", "", numbers, "", 0.2)


def _constants(layers: Sequence[Layer], weights: Weights) -> Iterator[Finding]:
    found = [layer for layer in layers if layer.kind == "constant"]
    n = sum(int(np.prod(layer.shape)) for layer in found)
    if found:
        numbers: Numbers = {"arrays": len(found), "n": n, "control": len(weights.arrays)}
        yield Finding("constants", "", numbers, "", 0.15)


def _whole(weights: Weights) -> Iterator[Finding]:
    eight_bits = (a for a in weights.arrays.values() if a.dtype.kind in "iu" and a.dtype.itemsize == 1)
    found = [a for a in eight_bits if a.ndim > 1 and a.size >= WHOLE]
    if found:
        numbers: Numbers = {"arrays": len(found), "n": sum(a.size for a in found), "control": len(weights.arrays)}
        yield Finding("whole", "", numbers, "", 0.6)


def _same(weights: Weights) -> Iterator[Finding]:
    """Yield that matrices stand in the file more than once, under several names."""
    groups: dict[tuple[object, ...], list[str]] = defaultdict(list)
    compared = {name: array for name, array in weights.arrays.items() if array.ndim > 1 and array.size >= ENOUGH}
    for name, array in compared.items():
        if array.any():
            groups[array.shape, array.dtype.str, zlib.crc32(np.ascontiguousarray(array).data)].append(name)
    found = [names for names in groups.values() if len(names) > 1]
    if found:
        numbers: Numbers = {"arrays": sum(len(n) - 1 for n in found), "first": found[0][0], "again": found[0][1]}
        yield Finding("same", "", numbers | {"all": len(compared), "control": 0}, "weight_space", 0.45)


def _copies(weights: Weights) -> Iterator[Finding]:
    """Yield that a file holds a network twice, as with a moving average of the weights: names differ in front."""
    families: dict[str, dict[str, Array]] = defaultdict(dict)
    for name, array in weights.arrays.items():
        first, _, rest = name.partition(".")
        if array.ndim > 1 and array.dtype.kind == "f" and array.size >= ENOUGH:
            families[first][rest] = array
    for (one, a), (other, b) in combinations(list(families.items())[:12], 2):
        if len(a) > 1 and a.keys() == b.keys() and all(a[n].shape == b[n].shape for n in a):
            told = [correlation(a[n], b[n]) for n in a]
            own, control = (float(np.median(column)) for column in zip(*told, strict=True))
            if COPY < own < 1:
                numbers: Numbers = {"one": one, "other": other, "layers": len(a), "correlation": own}
                yield Finding("copies", "", numbers | {"control": control}, "weight_space", 0.45)


def correlation(a: Array, b: Array) -> tuple[float, float]:
    """Return the correlation of two arrays of one shape, entry by entry, and with one of them shuffled."""
    rng = np.random.default_rng([21, a.size])
    places = chosen(a.size, COMPARED, rng)
    x, y = (array.reshape(-1)[places].astype(np.float64) for array in (a, b))
    if not (np.isfinite(x).all() and np.isfinite(y).all() and x.std() and y.std()):
        return 0.0, 0.0
    return float(np.corrcoef(x, y)[0, 1]), float(np.corrcoef(x, rng.permutation(y))[0, 1])
