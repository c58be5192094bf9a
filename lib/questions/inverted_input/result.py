"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.question import Thumbnail
from lib.types import Array


@dataclass(frozen=True)
class OneMinus:
    """Test accuracy (R,) of the plain network, and rewritten for 1 - x with and without moving the biases."""

    before: Array
    moved: Array
    left: Array
    gap: float  # largest difference of an output that the rewriting with moved biases makes


@dataclass(frozen=True)
class Result:
    """R repeats, F frames, H first-layer units of which U are kept; all correlations are over live pixels."""

    config: Any  # the InvertedInput of the run
    mask: Array  # (64,) bool: the inverted inputs
    live: Array  # (64,) bool: pixels that are not the same in every training digit
    frames: Array  # (F,) steps
    mirror: Array  # (F, R) correlation of the second network's first-layer weights with the first one's, mirrored
    unmirrored: Array  # (F, R) the same without mirroring
    matched: Array  # (R,) at the end, each unit beside its partner: correlation with the mirror image
    matched_unmirrored: Array  # (R,) the same without mirroring
    symmetry_gap: Array  # (R,) largest difference of an output: the first network, and its mirror image on -x
    turned_negative: Array  # (R,) of its weights above zero at inverted inputs: share below zero in the partner
    data_turned: Array  # (2, R) share of signs that differ if only the data do, at inverted and at other inputs
    equal: Array  # (R,) bool: every parameter is the mirror image to the last bit
    count: int  # parameters of one network
    accuracy: Array  # (2, R) test accuracy of the plain and the inverted network
    agreement: Array  # (R,) share of test digits to which both give the same answer
    gap: Array  # (R,) largest difference of their outputs
    diverged: Array  # (R,) step, or -1
    weights: Array  # (F, U, 64) of the first repeat
    weights_inverse: Array  # (F, U, 64)
    examples: Array  # (10, 64) the first test digit of each kind
    examples_inverse: Array  # (10, 64) the same with the chosen inputs inverted
    one_minus: OneMinus

    def correlations(self) -> Array:
        """Both correlations over the frames, for the curve: (F, R, 2)."""
        return np.stack([self.mirror, self.unmirrored], 2)

    def tiles(self) -> Array:
        """The kept units of both networks as pictures, the first network's first: (F, 2 U, 8, 8)."""
        both = np.concatenate([self.weights, self.weights_inverse], 1)
        return both.reshape(*both.shape[:2], 8, 8)

    def received(self, unit: int, digit: int) -> tuple[Array, Array]:
        """What one unit receives from one digit in each network: tiles (F, 6, 8, 8) in [-1, 1], and sums (F, 2).

        Upper row: the inputs, the first network's weights, their products; lower row: the same of the second. Each
        column has one scale, the weights' and the products' one for all steps.
        """
        x = np.stack([self.examples[digit], self.examples_inverse[digit]])  # (2, 64)
        w = np.stack([self.weights[:, unit], self.weights_inverse[:, unit]], 1)  # (F, 2, 64)
        columns = np.stack([np.broadcast_to(x, w.shape), w, w * x], 2)  # (F, 2, 3, 64)
        largest = np.abs(columns).max((0, 1, 3), keepdims=True)
        tiles = columns / np.where(largest > 0, largest, 1)
        return tiles.reshape(len(w), 6, 8, 8), (w.astype(float) * x).sum(2)

    def outlined(self) -> Array:
        """Which cells of these tiles are those of inverted inputs, (6, 8, 8): of the inputs and the weights."""
        marked = np.zeros((2, 3, 64), dtype=bool)
        marked[:, :2] = self.mask
        return marked.reshape(6, 8, 8)

    def pairs(self) -> list[tuple[Array, Array]]:
        """The kept units' weights in both networks, (F, N) each: of the inverted inputs, and of the others."""
        both = (self.weights, self.weights_inverse)
        return [tuple(w[:, :, m].reshape(len(w), -1) for w in both) for m in (self.mask, ~self.mask)]  # type: ignore[misc]

    def weights_table(self) -> pd.DataFrame:
        """The kept units' weights at the end, one row per weight."""
        return pd.DataFrame({"first": self.weights[-1].ravel(), "second": self.weights_inverse[-1].ravel()})

    def thumbnail(self) -> Thumbnail:
        """The run in a small picture."""
        return Thumbnail(
            "signs", np.concatenate([self.weights[-1, :2], self.weights_inverse[-1, :2]]).reshape(-1, 8, 8)
        )

    def table(self) -> pd.DataFrame:
        """One row per repeat."""
        return pd.DataFrame(
            {
                "repeat": np.arange(len(self.equal)),
                "mirror_image_to_the_last_bit": self.equal,
                "correlation_mirrored": self.mirror[-1],
                "correlation_unmirrored": self.unmirrored[-1],
                "correlation_mirrored_matched": self.matched,
                "correlation_unmirrored_matched": self.matched_unmirrored,
                "turned_negative": self.turned_negative,
                "other_sign_by_data_inverted": self.data_turned[0],
                "other_sign_by_data_kept": self.data_turned[1],
                "test_accuracy": self.accuracy[0],
                "test_accuracy_inverted": self.accuracy[1],
                "same_answers": self.agreement,
                "largest_output_difference": self.gap,
                "diverged_at_step": self.diverged,
            }
        )

    def over_steps(self) -> pd.DataFrame:
        """The curve's lines: median correlations per step."""
        return pd.DataFrame(
            {"step": self.frames, "mirrored": np.median(self.mirror, 1), "unmirrored": np.median(self.unmirrored, 1)}
        )
