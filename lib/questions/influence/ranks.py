"""Rank correlation (Spearman 1904), along the last axis of any array."""

import numpy as np

from lib.types import Array


def ranks(values: Array) -> Array:
    """Ranks from 0 along the last axis (..., n); ties share their mean rank."""
    flat = values.reshape(-1, values.shape[-1])
    order = flat.argsort(1, kind="stable")
    ordered = np.take_along_axis(flat, order, 1)
    new = np.concatenate([np.ones((len(flat), 1), bool), np.diff(ordered, axis=1) != 0], 1)
    group = new.ravel().cumsum() - 1  # equal numbers of a row are one group
    places = np.tile(np.arange(flat.shape[1], dtype=float), len(flat))
    means = np.bincount(group, places) / np.bincount(group)
    result = np.empty(flat.shape)
    np.put_along_axis(result, order, means[group].reshape(flat.shape), 1)
    return result.reshape(values.shape)


def spearman(a: Array, b: Array) -> Array:
    """Rank correlation along the last axis, (..., n) to (...), broadcast; 0 where one side does not vary."""
    a, b = (r - r.mean(-1, keepdims=True) for r in (ranks(a), ranks(b)))
    scale = np.sqrt((a**2).sum(-1) * (b**2).sum(-1))
    rho: Array = (a * b).sum(-1) / np.where(scale > 0, scale, 1.0)
    return rho
