"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.types import Array

FULL = 0.98  # of the cells are paler than the full colour


@dataclass(frozen=True)
class OneMinus:
    """Test accuracy (R,) of the plain network, rewritten for 1 - x with and without moving the biases."""

    moved: Array
    left: Array
    gap: float  # largest difference of an output to the plain network's that moved biases leave


@dataclass(frozen=True)
class Result:
    """R repeats, F frames, H first-layer units of which U are kept; all correlations are over live pixels."""

    config: Any  # the InvertedInput of the run
    mask: Array  # (64,) bool: the inverted inputs
    live: Array  # (64,) bool: pixels that are not the same in every training digit
    frames: Array  # (F,) steps
    matched: Array  # (R,) first layer, each unit beside its partner: correlation with the mirror image
    matched_unmirrored: Array  # (R,) the same with the originals, partners found as for them
    symmetry_gap: Array  # (R,) largest difference of an output: the first network, and its mirror image on -x
    turned_negative: Array  # (R,) of its weights above zero at inverted inputs: share below zero in the partner
    data_turned: Array  # (2, R) share of signs that differ if only the data do, at inverted and at other inputs
    equal: Array  # (R,) bool: every parameter is the mirror image to the last bit
    count: int  # parameters of one network
    accuracy: Array  # (2, R) test accuracy of the plain and the inverted network
    gap: Array  # (R,) largest difference of their outputs
    diverged: Array  # (R,) step, or -1
    weights: Array  # (F, U, 64) of the first repeat
    weights_inverse: Array  # (F, U, 64) of their partners at the end
    examples: Array  # (10, 64) the first test digit of each kind
    examples_inverse: Array  # (10, 64) the same with the chosen inputs inverted
    one_minus: OneMinus
    network: dict[str, Array]  # the plain network of the first pair that did not diverge, by name

    def received(self, unit: int, digit: int) -> tuple[Array, Array]:
        """What one unit receives from one digit in each network: tiles (F, 6, 8, 8) in [-1, 1], and sums (F, 2).

        Upper row: the inputs, the first network's weights, their products; lower row: the same of the second. Each
        column has one scale for all steps, in which the largest fiftieth has the full colour.
        """
        x = np.stack([self.examples[digit], self.examples_inverse[digit]])  # (2, 64)
        w = np.stack([self.weights[:, unit], self.weights_inverse[:, unit]], 1)  # (F, 2, 64)
        columns = np.stack([np.broadcast_to(x, w.shape), w, w * x], 2)  # (F, 2, 3, 64)
        full = np.quantile(np.abs(columns), FULL, (0, 1, 3), keepdims=True)
        tiles = np.clip(columns / np.where(full > 0, full, 1), -1, 1)
        return tiles.reshape(len(w), 6, 8, 8), (w.astype(float) * x).sum(2)

    def outlined(self) -> Array:
        """Which cells (6, 8, 8) of these tiles are the second network's inverted inputs and their weights."""
        marked = np.zeros((2, 3, 64), dtype=bool)
        marked[1, :2] = self.mask
        return marked.reshape(6, 8, 8)

    def pairs(self) -> list[tuple[Array, Array]]:
        """The kept units' weights in both networks, (F, N) each: of the inverted inputs, and of the others."""
        both = (self.weights, self.weights_inverse)
        return [tuple(w[:, :, m].reshape(len(w), -1) for w in both) for m in (self.mask, ~self.mask)]  # type: ignore[misc]

    def weights_table(self) -> pd.DataFrame:
        """The kept units' weights at the end, one row per weight."""
        return pd.DataFrame({"first": self.weights[-1].ravel(), "second": self.weights_inverse[-1].ravel()})

    def table(self) -> pd.DataFrame:
        """One row per repeat."""
        return pd.DataFrame(
            {
                "repeat": np.arange(len(self.equal)),
                "mirror_image_to_the_last_bit": self.equal,
                "correlation_mirrored_matched": self.matched,
                "correlation_unmirrored_matched": self.matched_unmirrored,
                "turned_negative": self.turned_negative,
                "other_sign_by_data_inverted": self.data_turned[0],
                "other_sign_by_data_kept": self.data_turned[1],
                "test_accuracy": self.accuracy[0],
                "test_accuracy_inverted": self.accuracy[1],
                "largest_output_difference": self.gap,
                "diverged_at_step": self.diverged,
            }
        )
