"""Which axis of an array counts the units: told by the bias, else by the neighbours, else not at all."""

from collections import Counter
from itertools import pairwise

import numpy as np

from lib.types import Array

Shape = tuple[int, ...]


def by_bias(shape: Shape, units: int) -> str:
    """Return the layout that a bias of `units` entries tells, '' where both axes have that length or neither."""
    first, last = shape[0] == units, shape[1 if transposed_convolution(shape, units) else -1] == units
    return "" if first == last else "out_in" if first else "in_out"


def transposed_convolution(shape: Shape, units: int) -> bool:
    """Tell whether an array is torch's ConvTranspose, (inputs, units, kernel): the bias counts its second axis."""
    return len(shape) > 2 and shape[1] == units != shape[0] and shape[-1] != units


def spatial_first(shape: Shape) -> bool:
    """Tell whether a convolution's kernel comes first, as in TensorFlow: (kernel, inputs, units)."""
    like_kernel = len(shape) > 3 and len(set(shape[:-2])) == 1
    return like_kernel and (len(set(shape[2:])) > 1 or shape[0] < min(shape[2:]))


def by_neighbours(shapes: list[Shape]) -> str:
    """Return the layout in which consecutive matrices fit together, '' if both or neither does."""
    pairs = [(a, b) for a, b in pairwise(shapes) if len(set(a + b)) > 1]
    rows = sum(a[0] == b[1] for a, b in pairs)
    columns = sum(a[1] == b[0] for a, b in pairs)
    return "" if rows == columns or min(rows, columns) > 0 else "out_in" if rows else "in_out"


def agreed(told: list[str]) -> str:
    """Return the layout that all matrices of a file agree on, '' if they do not."""
    votes = Counter(layout for layout in told if layout)
    return next(iter(votes)) if len(votes) == 1 else ""


def filters(array: Array, units: int | None, layout: str) -> tuple[Array, Shape, str]:
    """Return a convolution as (O, I * kernel), its kernel's shape and its layout; `units` is its bias's length."""
    shape = array.shape
    if units is not None and transposed_convolution(shape, units):
        array, layout = np.moveaxis(array, 1, 0), "in_out"
    elif layout == "in_out" or (layout != "out_in" and spatial_first(shape)):
        spatial = tuple(range(len(shape) - 2))
        array, layout = array.transpose(len(shape) - 1, len(shape) - 2, *spatial), "in_out"
    else:
        layout = "out_in"
    return array.reshape(len(array), -1), array.shape[2:], layout
