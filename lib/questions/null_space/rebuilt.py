"""What can be reconstructed of inputs from the outputs of layers, by the best linear map.

The outputs are taken as known to a millionth of the largest, as where inputs are told apart: what lies below cannot
be used. That is ridge regression whose penalty is that noise's variance.
"""

from typing import NamedTuple

import numpy as np

from lib.engine.signals import ALIKE
from lib.types import Array


class Pool(NamedTuple):
    """Inputs to fit the map on, and those to try it on; the first of these are drawn."""

    fitted: Array  # (N, I)
    new: Array  # (M, I)

    @property
    def both(self) -> Array:
        """All of them, (N + M, I)."""
        return np.concatenate([self.fitted, self.new])


def rebuild(pool: Pool, outputs: Array) -> tuple[Array, float]:
    """Rebuild the inputs `new` from `outputs` (N + M, H) of all: (M, I), and the share of their variation that it is.

    The share is 1 less the squared errors over those of the mean of the fitted inputs, to six decimals; 0 where it is
    no better.
    """
    h = outputs / (np.abs(outputs).max() or 1.0)
    known, centre = h[: len(pool.fitted)], pool.fitted.mean(0)
    middle = known.mean(0)
    centred = known - middle
    gram = centred.T @ centred + len(centred) * ALIKE**2 * np.eye(h.shape[1])
    weights = np.linalg.solve(gram, centred.T @ (pool.fitted - centre))
    rebuilt = (h[len(known) :] - middle) @ weights + centre
    errors, variation = ((rebuilt - pool.new) ** 2).sum(), ((pool.new - centre) ** 2).sum()
    return rebuilt, max(0.0, round(float(1 - errors / variation), 6))
