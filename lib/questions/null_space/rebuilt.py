"""What can be reconstructed of inputs from the outputs of layers, by the best linear map.

The outputs are taken as known to a millionth of the largest, as where inputs are told apart: what lies below cannot
be used. That is ridge regression whose penalty is that noise's variance.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lib.engine.signals import ALIKE
from lib.types import Array


@dataclass(frozen=True)
class Pool:
    """Inputs to fit the map on, and those to try it on; the first of these are drawn."""

    fitted: Array  # (N, I)
    new: Array  # (M, I)

    @cached_property
    def both(self) -> Array:
        """All of them, (N + M, I)."""
        return np.concatenate([self.fitted, self.new])

    @cached_property
    def centre(self) -> Array:
        """The mean of the fitted inputs (I,)."""
        return np.asarray(self.fitted.mean(0))

    @cached_property
    def centred(self) -> Array:
        """The fitted inputs less their mean (N, I)."""
        return self.fitted - self.centre

    @cached_property
    def variation(self) -> float:
        """Of the new inputs, about the mean of the fitted ones."""
        return float(((self.new - self.centre) ** 2).sum())


def rebuild(pool: Pool, outputs: Array) -> tuple[Array, float]:
    """Rebuild the inputs `new` from `outputs` (N + M, H) of all: (M, I), and the share of their variation that it is.

    The share is 1 less the squared errors over those of the mean of the fitted inputs, to six decimals; 0 where it is
    no better.
    """
    noise = ALIKE * (max(outputs.max(), -outputs.min()) or 1.0)
    h = outputs - outputs[: len(pool.fitted)].mean(0)
    known = h[: len(pool.fitted)]
    gram = known.T @ known + len(known) * noise**2 * np.eye(h.shape[1])
    weights = np.linalg.solve(gram, known.T @ pool.centred)
    rebuilt = h[len(known) :] @ weights + pool.centre
    errors = ((rebuilt - pool.new) ** 2).sum()
    return rebuilt, max(0.0, round(float(1 - errors / pool.variation), 6))
