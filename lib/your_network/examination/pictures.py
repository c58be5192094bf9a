"""Filters that can be seen: a row of weights as the picture whose pixels it weighs."""

import math

import numpy as np

from lib.types import Array
from lib.your_network.contract import Layer

SMALLEST = 5  # pixels a side: a kernel of three by three is hardly a picture
SIDES = (8, 16, 20, 28, 32, 64)  # digits, MNIST, CIFAR and their like: other squares are more often plain widths
COLOURS = (1, 3)


def pictures(layer: Layer, most: int = 64) -> Array | None:
    """Return the first `most` filters (m, side, side, colours) in float64, None where they are no pictures.

    A convolution's have one or three input channels; a dense layer's (O, side * side * colours) are taken as rows of
    pixels, channels first as torch lays them, if the side is a usual one. That it is so in truth no file says.
    """
    if layer.matrix is None or layer.kind not in ("linear", "convolution"):
        return None
    rows = np.asarray(layer.matrix[:most], np.float64)
    shape = _shape(layer)
    return None if shape is None else np.moveaxis(rows.reshape(len(rows), *shape), 1, -1)


def _shape(layer: Layer) -> tuple[int, int, int] | None:
    """Return colours and sides of a layer's pictures."""
    if layer.kernel:
        colours = layer.fan_in // math.prod(layer.kernel)
        good = len(layer.kernel) == 2 and colours in COLOURS and min(layer.kernel) >= SMALLEST
        return (colours, *layer.kernel) if good else None  # type: ignore[return-value]
    for colours in COLOURS:
        side = math.isqrt(layer.fan_in // colours)
        if colours * side**2 == layer.fan_in and side in SIDES:
            return colours, side, side
    return None


def smoothness(shown: Array) -> float:
    """Return the correlation of horizontally and vertically neighbouring pixels of pictures (m, h, w, colours).

    Each picture's mean is taken off; 0 for pictures without any contrast.
    """
    centred = shown - shown.mean((1, 2), keepdims=True)
    across = centred[:, :, 1:] * centred[:, :, :-1]
    down = centred[:, 1:] * centred[:, :-1]
    energy = np.square(centred).mean()
    return float((across.mean() + down.mean()) / 2 / energy) if energy else 0.0
