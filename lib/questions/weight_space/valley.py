"""The smallest weight space: y = w2 relu(w1 x), to be 1 at x = 1. Its minima are a curve, w1 w2 = 1."""

import numpy as np

from lib.types import Array

RATE, STEPS, KEPT = 0.05, 2000, 40  # of descent; how many of its moments are kept
STILL_EVERY = 50  # steps between two looks whether anything still moves


def descend(starts: Array) -> Array:
    """Descend (w2 relu(w1) - 1)^2 / 2 from starts (M, 2): paths (S, M, 2), S <= KEPT, from the first to the last."""
    moments = np.unique(np.geomspace(1, STEPS + 1, KEPT).round().astype(int) - 1).tolist()
    w, paths = (starts[:, 0], starts[:, 1]), []
    for step in range(STEPS + 1):
        if step in moments:
            paths.append(np.stack(w, 1))
        then, w = w, _next(*w)
        if step % STILL_EVERY == 0 and np.array_equal(then, w):
            break
    paths += [np.stack(w, 1)] * (len(moments) - len(paths))  # nothing moves any more
    return np.stack(paths)


def _next(w1: Array, w2: Array) -> tuple[Array, Array]:
    """One step of descent, each (M,)."""
    on = np.maximum(w1, 0)
    error = w2 * on - 1
    return w1 - RATE * (error * w2 * (w1 > 0)), w2 - RATE * (error * on)
