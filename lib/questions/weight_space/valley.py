"""The smallest weight space: y = w2 relu(w1 x), to be 1 at x = 1. Its minima are a curve, w1 w2 = 1."""

import numpy as np

from lib.types import Array

RATE, STEPS, KEPT = 0.05, 2000, 40  # of descent; how many of its moments are kept


def descend(starts: Array) -> Array:
    """Descend (w2 relu(w1) - 1)^2 / 2 from starts (M, 2): paths (S, M, 2), S <= KEPT, from the first to the last."""
    moments = set(np.unique(np.geomspace(1, STEPS + 1, KEPT).round().astype(int) - 1).tolist())
    w, paths = starts, []
    for step in range(STEPS + 1):
        if step in moments:
            paths.append(w.copy())
        active, error = w[:, 0] > 0, w[:, 1] * np.maximum(w[:, 0], 0) - 1
        w = w - RATE * np.stack([error * w[:, 1] * active, error * np.maximum(w[:, 0], 0)], 1)
    return np.stack(paths)
