"""Pictures of networks with two inputs: what each hidden unit and the network answer at every point of the plane."""

from typing import NamedTuple

import numpy as np

from lib.types import Array

REACH = 1.1  # of the plane that is drawn, in both directions
UNIT, ANSWER = 12, 24  # cells along the edge of a picture
MOST = 8  # units that are drawn; of more, these at even distances, the first and the last among them


class Pictures(NamedTuple):
    """M moments of training, P networks, U of their hidden units."""

    units: Array  # (M, P, U, UNIT, UNIT) in [-1, 1], rows upwards
    links: Array  # (M, P, U) weight from each unit to the output
    answers: Array  # (M, P, ANSWER, ANSWER) in [-1, 1]


def pictures(units: Array, bias: Array, activation: str) -> Pictures:
    """Draw networks of units (M, P, H, 4) and an output's bias (M, P); a diverged one (NaN) gives empty pictures."""
    units, bias = np.nan_to_num(units), np.nan_to_num(bias)
    places = shown(units.shape[2])
    seen = hidden(units[:, :, places], activation, UNIT)
    all_of_them = hidden(units, activation, ANSWER)
    output = np.einsum("mpugh,mpu->mpgh", all_of_them, units[..., 3]) + bias[..., None, None]
    return Pictures(_within(seen, activation), units[:, :, places, 3], np.tanh(output / 2))


def shown(count: int) -> Array:
    """Which of so many units are drawn."""
    return np.unique(np.linspace(0, count - 1, MOST).round().astype(int))


def hidden(units: Array, activation: str, cells: int) -> Array:
    """What hidden units (..., 4) give at the middle of each of cells^2 squares of the plane (..., cells, cells)."""
    line = REACH * (2 * np.arange(cells) + 1 - cells) / cells
    first, second = np.meshgrid(line, line)
    z = units[..., 0, None, None] * first + units[..., 1, None, None] * second + units[..., 2, None, None]
    if activation == "relu":
        return np.asarray(np.maximum(z, 0))
    return np.asarray(np.tanh(z) if activation == "tanh" else (1 + np.tanh(z / 2)) / 2)


def _within(values: Array, activation: str) -> Array:
    """Values within [-1, 1]; ReLU has no end, so that it is drawn relative to the largest of its network."""
    if activation != "relu":
        return values
    largest = values.max((0, 2, 3, 4), keepdims=True)
    return np.asarray(values / np.where(largest > 0, largest, 1))
