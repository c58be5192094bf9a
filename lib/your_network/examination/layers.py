"""From the arrays of a file to layers: what each is, how it lies, which bias is its own."""

import math
from collections.abc import Iterator, Mapping

import numpy as np

from lib.types import Array
from lib.your_network.contract import Layer, Weights
from lib.your_network.examination import gates, layouts, names, uses

MATRICES = ("linear", "convolution", "embedding", "recurrent")  # the kinds that are weights


def layers_of(weights: Weights) -> tuple[Layer, ...]:
    """Return the layers of a network in the file's order; a stack of gates gives a layer for each."""
    arrays = _without_weight_norm(weights.arrays)
    told = {name: uses.told(use) for name, use in weights.uses.items()}
    heavy = {name: array for name, array in arrays.items() if _heavy(name, array, told.get(name, ""))}
    biases = _biases(arrays, heavy)
    common = _common_layout(heavy, {n: len(arrays[b]) for n, b in biases.items()}, told, weights.format)
    taken = set(biases.values())
    every = (
        _of(name, arrays, biases.get(name, ""), common, told.get(name, ""), weights.uses.get(name, ""))
        for name in arrays
        if name not in taken
    )
    return tuple(layer for group in every for layer in group)


def _without_weight_norm(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Put together what torch's weight_norm keeps apart: gain * direction / |direction| (Salimans, Kingma 2016)."""
    found = dict(arrays)
    for name, direction in arrays.items():
        gain = name[:-1] + "g" if name.endswith("weight_v") else name.replace("weight.original1", "weight.original0")
        if gain != name and gain in arrays and arrays[gain].size == len(direction) and direction.ndim > 1:
            lengths = np.sqrt(np.square(direction).sum(axis=tuple(range(1, direction.ndim)), keepdims=True))
            found[name] = found.pop(gain).reshape(lengths.shape) / np.maximum(lengths, 1e-30) * direction
    return found


def _heavy(name: str, array: Array, told: str) -> bool:
    """Tell whether an array may be a matrix of weights."""
    return array.ndim > 1 and not _constant(name, array, told)


def _constant(name: str, array: Array, told: str) -> bool:
    """Tell what is no weight: whole numbers, single numbers, terms and factors, computed tables, masks."""
    if array.ndim > 1 and told == "constant":
        return True
    if array.dtype.kind != "f" or array.size <= 1 or names.FIXED.search(name):
        return True
    few = np.unique(array.ravel()[:4096])
    return len(few) == 2 and few[-1] in (0, 1) and (few[0] == 0 or not np.isfinite(few[0]))


def _biases(arrays: Mapping[str, Array], heavy: Mapping[str, Array]) -> dict[str, str]:
    """Return each weight's bias: by its name, else by its place in the file."""
    found: dict[str, str] = {}
    order, behind = list(arrays), _behind_all(arrays, heavy)
    for name, after in zip(order, [*order[1:], ""], strict=True):
        if name not in heavy:
            continue
        row = "" if names.GAIN.search(after) or names.bias_of(after, arrays) else after
        other = names.bias_of(name, arrays) or behind.get(name, row)
        if other and _fits(arrays[other], arrays[name]):
            found[name] = other
    return found


def _behind_all(arrays: Mapping[str, Array], heavy: Mapping[str, Array]) -> dict[str, str]:
    """Pair matrices with the rows behind them all, as `numpy.savez(file, *coefs_, *intercepts_)` leaves them."""
    rows = list(arrays)[len(heavy) :]
    apart = len(rows) == len(heavy) and not any(row in heavy or names.GAIN.search(row) for row in rows)
    pairs = dict(zip(heavy, rows, strict=True)) if apart else {}
    return pairs if all(_fits(arrays[row], heavy[name]) for name, row in pairs.items()) else {}


def _fits(row: Array, matrix: Array) -> bool:
    """Tell whether a row may be a matrix's bias."""
    return row.ndim == 1 and row.dtype.kind == "f" and len(row) in matrix.shape[:2] + matrix.shape[-1:]


def _common_layout(heavy: Mapping[str, Array], units: Mapping[str, int], told: Mapping[str, str], form: str) -> str:
    """Return the layout of the matrices that neither use nor bias tells; 'unknown' if nothing does."""
    flat = [n for n, a in heavy.items() if a.ndim == 2 and not _table(n, told.get(n, ""))]
    each = [_layout(heavy[n], units.get(n), told.get(n, "")) for n in flat]
    found = layouts.agreed(each) or layouts.by_neighbours([heavy[n].shape for n in flat])
    named = bool(flat) and all("weight" in n for n in flat)  # torch's name, and torch's layout
    return found or ("out_in" if named and form in ("torch", "safetensors") else "unknown")


def _layout(array: Array, units: int | None, told: str) -> str:
    """Return the layout that an array's use tells, else its bias; '' if neither does."""
    if (told in ("in_out", "out_in") and array.ndim == 2) or told == "out_in":
        return told
    return "" if units is None else layouts.by_bias(array.shape, units)


def _table(name: str, told: str) -> bool:
    return told == "table" or (not told and names.TABLE.search(name) is not None)


def _of(name: str, arrays: Mapping[str, Array], bias: str, common: str, told: str, use: str) -> Iterator[Layer]:
    """Yield the layer or layers of one array."""
    array, own = arrays[name], arrays.get(bias)
    if _constant(name, array, told):
        yield Layer(name, array.shape, "constant", None, "unknown", None, 0, 0)
    elif gates.onnx_bias(use or name, array):
        yield Layer(name, array.shape, "bias", None, "unknown", None, 1, 1)
    elif array.ndim == 1:
        kind = _kind_of_row(name, arrays)
        shift = arrays.get(names.bias_of(name, arrays)) if kind == "norm" else None
        if not _is_shift(name, arrays):
            yield Layer(name, array.shape, kind, None, "unknown", shift, 1, 1)
    elif stack := list(gates.onnx(name, use or name, array)):
        yield from (_layer(gate, array.shape, "recurrent", rows, "out_in", None) for gate, rows in stack)
    elif array.ndim > 2:
        units = array.shape[1] if told == "transposed" else None if own is None else len(own)
        matrix, kernel, layout = layouts.filters(array, units, _layout(array, units, told))
        yield _layer(name, array.shape, "convolution", matrix, layout, own, kernel)
    else:
        yield from _matrix(name, array, own, common, told, arrays)


def _kind_of_row(name: str, arrays: Mapping[str, Array]) -> str:
    if names.MEAN.search(name) or names.VARIANCE.search(name) or names.GAIN.search(name):
        return "norm"
    return "bias" if names.SHIFT.search(name) else "other"


def _is_shift(name: str, arrays: Mapping[str, Array]) -> bool:
    """Tell whether a row is told of with the norm layer's gain it belongs to."""
    alike = (n for n, a in arrays.items() if a.ndim == 1 and a.shape == arrays[name].shape and n != name)
    return any(names.GAIN.search(n) and names.bias_of(n, arrays) == name for n in alike)


def _matrix(
    name: str, array: Array, bias: Array | None, common: str, told: str, arrays: Mapping[str, Array]
) -> Iterator[Layer]:
    """Yield a matrix, or its blocks if it is a stack."""
    kind = "recurrent" if gates.recurrent(name) else "embedding" if _table(name, told) else "linear"
    layout = _layout(array, None if bias is None else len(bias), told) or (
        "out_in" if kind == "embedding" else common
    )
    matrix = array.T if layout == "in_out" else array
    parts = gates.parts(name, matrix, arrays)
    yield from (
        _stack(name, array.shape, kind, matrix, layout, bias, parts)
        if parts
        else [_layer(name, array.shape, kind, matrix, layout, bias)]
    )


def _stack(
    name: str, shape: layouts.Shape, kind: str, matrix: Array, layout: str, bias: Array | None, parts: tuple[str, ...]
) -> Iterator[Layer]:
    """Yield each block of a stack as a layer of its own."""
    own = [None] * len(parts) if bias is None or len(bias) != len(matrix) else np.split(bias, len(parts))
    for part, rows, shifts in zip(parts, np.split(matrix, len(parts)), own, strict=True):
        yield _layer(f"{name} [{part}]", shape, kind, rows, layout, shifts)


def _layer(
    name: str,
    shape: layouts.Shape,
    kind: str,
    matrix: Array,
    layout: str,
    bias: Array | None,
    kernel: layouts.Shape = (),
) -> Layer:
    own = bias if bias is not None and len(bias) == len(matrix) else None
    return Layer(name, shape, kind, matrix, layout, own, matrix.shape[1], len(matrix) * math.prod(kernel), kernel)
