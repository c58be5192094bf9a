"""Networks 2-H-1 in numpy. No product of a unit is made beside another's: its rounding would tell equal units apart.

Where units are added up (the output) or each is a row by itself (over samples), a product of matrices is safe.
No torch. Axis letters beside the engine's: H hidden units. Logistic loss, every gradient written out.
"""

from collections.abc import Sequence
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
    """What one step sees: x (2, C, R, N), y (C, R, N), weights of the samples, and of some activations."""

    x: Array
    y: Array
    share: Array | float = 1.0
    kept: Array | float = 1.0  # (R, H, N), or as many as `dropped` names: (C', R, H, N)
    dropped: Sequence[int] = ()  # the conditions whose activations are weighted by it


def outputs(networks: Networks, x: Array, activation: str) -> tuple[Array, Array]:
    """Logits (C, R, N) and activations (C, R, H, N)."""
    h = _hidden(networks, x, activation)
    return _summed(networks, h), h


def _hidden(networks: Networks, x: Array, activation: str) -> Array:
    """Activations (C, R, H, N), unit by unit; in place, since to fetch memory takes as long as to add."""
    first, second, bias, _ = networks.units[..., None]
    z = first * x[0][..., None, :]
    z += second * x[1][..., None, :]
    z += bias
    return np.asarray(np.tanh(z, out=z) if activation == "tanh" else np.maximum(z, 0, out=z))


def _summed(networks: Networks, h: Array) -> Array:
    """Logits (C, R, N) of activations (C, R, H, N)."""
    logits = np.matmul(networks.units[3][:, :, None], h)[:, :, 0]
    return np.asarray(logits + networks.last[..., None])


def _slope(h: Array, activation: str) -> Array:
    """Slopes (C, R, H, N) of the activations h."""
    if activation == "relu":
        return (h > 0).astype(float)
    slope = h * h
    return np.asarray(np.subtract(1, slope, out=slope))


def gradient(networks: Networks, batch: Batch, activation: str) -> Networks:
    """Gradient of the mean logistic loss, backward written out; each unit's share from its own numbers alone.

    Over samples it is a sum of products, one after the other for each unit; its outgoing weight comes behind it.
    """
    h = _hidden(networks, batch.x, activation)
    slope = _slope(h, activation)
    for c, kept in zip(batch.dropped, np.broadcast_to(batch.kept, (len(batch.dropped), *h.shape[1:])), strict=True):
        h[c] *= kept
        slope[c] *= kept
    logits = _summed(networks, h)
    error = (1 / (1 + np.exp(-logits)) - batch.y) * batch.share / batch.y.shape[-1]  # (C, R, N)
    back = [np.vecdot(slope, seen[:, :, None]) for seen in (*(error * x for x in batch.x), error)]
    units = np.stack([*back, np.vecdot(h, error[:, :, None])])  # (4, C, R, H)
    units[:3] *= networks.units[3]
    return Networks(units, error.sum(2))


def loss(networks: Networks, data: tuple[Array, Array], activation: str) -> Array:
    """Mean logistic loss (C, R) on all points as they are."""
    x, y = data
    logits, _ = outputs(networks, x[:, None], activation)
    softplus = np.log1p(np.exp(-np.abs(logits))) + np.maximum(logits, 0)  # logaddexp, in a sixth of its time
    return np.asarray((softplus - y * logits).mean(2))


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
