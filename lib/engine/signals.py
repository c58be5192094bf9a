"""What is left of signals that went through layers: how many differ, and in how many directions.

No torch. Signals are rows, h (N, H).
"""

import numpy as np

from lib.types import Array

ALIKE = 1e-6  # outputs closer than this, relative to the largest, count as the same
ROUNDING = 1e-14  # shares of energy below this are none


def angle(pair: Array) -> float:
    """Angle between two vectors; 0 where one of them is 0."""
    lengths = np.linalg.norm(pair, axis=1)
    if lengths.min() == 0:
        return 0.0
    u, v = pair / lengths[:, None]
    return float(2 * np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v)))  # exact for small angles too


def distinct(h: Array) -> Array:
    """How many rows of signals (..., N, H) differ by more than rounding: (...,)."""
    scale = np.abs(h).max((-2, -1), keepdims=True)
    return different(np.round(h / (np.where(scale > 0, scale, 1.0) * ALIKE)))


def different(rows: Array) -> Array:
    """How many of the rows of whole numbers (..., N, H) differ: (...,).

    Told by one number for each row, their sum with random weights modulo 2^64, which is the same for two different
    rows once in 2^40 or more: rows are sorted that way thirty times as fast as by themselves.
    """
    weights = np.random.default_rng(0).integers(-(2**63), 2**63 - 1, rows.shape[-1])
    told = np.sort(rows.astype(np.int64) @ weights, axis=-1)  # (..., N)
    return np.asarray(1 + (np.diff(told) != 0).sum(-1))


def matrix_rank(w: Array) -> Array:
    """Rank of matrices (..., O, I): singular values above 1e-5 of the largest."""
    singular = np.linalg.svd(w.astype(float), compute_uv=False)
    return np.asarray((singular > 1e-5 * singular[..., :1]).sum(-1))


def effective_rank(h: Array) -> float:
    """exp of the entropy of the singular values' shares of energy (after Roy and Vetterli 2007); 0 for zeros."""
    gram = h.T @ h if h.shape[0] > h.shape[1] else h @ h.T
    energy = np.linalg.eigvalsh(gram / (np.abs(gram).max() or 1.0)).clip(min=0)
    if energy.sum() == 0:
        return 0.0
    share = energy[energy > ROUNDING * energy.sum()] / energy.sum()
    return float(np.exp(-(share * np.log(share)).sum()))


def after_relu(angle: float) -> float:
    """Angle behind a ReLU layer of very many Gaussian units, in radians (Cho and Saul 2009, eq. 6)."""
    return float(np.arccos(min(1.0, (np.sin(angle) + (np.pi - angle) * np.cos(angle)) / np.pi)))
