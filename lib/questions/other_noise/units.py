"""Networks 2-H-1 in numpy, computed unit by unit: no matrix product, whose rounding would tell equal units apart.

No torch. Axis letters beside the engine's: H hidden units. Logistic loss, every gradient written out.
"""

from typing import NamedTuple

import numpy as np

from lib.types import Array

MOMENTUM, SQUARES = 0.9, 0.999  # how much of Adam's two means is kept


class Networks(NamedTuple):
    """C conditions x R repeats of networks 2-H-1: what belongs to each unit (4, C, R, H), and the output's bias.

    Of the 4: the weights from both inputs, the bias, the weight to the output.
    """

    units: Array
    last: Array  # (C, R)


class Batch(NamedTuple):
    """What one step sees: x (2, C, R, N), y (C, R, N), weights of the samples, and of the units' activations."""

    x: Array
    y: Array
    share: Array | float = 1.0
    kept: Array | float = 1.0  # (C, R, H, N)


def outputs(networks: Networks, x: Array, activation: str, kept: Array | float = 1.0) -> tuple[Array, Array, Array]:
    """Logits (C, R, N), activations and their slopes (C, R, H, N); unit by unit, no matrix product."""
    first, second, bias, out = networks.units[..., None]
    z = first * x[0][..., None, :] + second * x[1][..., None, :] + bias
    h = np.tanh(z) if activation == "tanh" else np.maximum(z, 0)
    slope = 1 - h * h if activation == "tanh" else (z > 0).astype(float)
    return (out * h * kept).sum(2) + networks.last[..., None], h * kept, slope * kept


def gradient(networks: Networks, batch: Batch, activation: str) -> Networks:
    """Gradient of the mean logistic loss, backward written out; each unit's share from its own numbers alone."""
    logits, h, slope = outputs(networks, batch.x, activation, batch.kept)
    error = (1 / (1 + np.exp(-logits)) - batch.y) * batch.share / batch.y.shape[-1]  # (C, R, N)
    back = networks.units[3][..., None] * slope * error[:, :, None]
    parts = [(back * x[:, :, None]).sum(3) for x in batch.x]
    return Networks(np.stack([*parts, back.sum(3), (h * error[:, :, None]).sum(3)]), error.sum(2))


def loss(networks: Networks, data: tuple[Array, Array], activation: str) -> Array:
    """Mean logistic loss (C, R) on all points as they are."""
    x, y = data
    logits, _, _ = outputs(networks, x[:, None], activation)
    return np.asarray((np.logaddexp(0, logits) - y * logits).mean(2))


def apart(networks: Networks) -> Array:
    """Largest difference between the same number of any two units (C, R)."""
    return np.asarray(np.ptp(networks.units, axis=3).max(0))


def zero(like: Networks) -> Networks:
    """Return the same shapes with zeros in them."""
    return Networks(*(np.zeros_like(v) for v in like))


def adam(lr: float, step: int, mean: Array, square: Array) -> Array:
    """Adam's move (Kingma and Ba 2015, algorithm 1)."""
    corrected = np.sqrt(square / (1 - SQUARES**step)) + 1e-8
    return np.asarray(lr * mean / (1 - MOMENTUM**step) / corrected)
