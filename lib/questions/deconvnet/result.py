"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.questions.deconvnet.config import CONDITIONS
from lib.types import Array


@dataclass(frozen=True)
class Result:
    """Three `CONDITIONS`, R repeats; the pictures are of the first network of each, and of the chosen unit."""

    config: Any  # the Deconvnet of the run
    accuracy: Array  # (3, R) on the test digits
    lost: Array  # (3, R) share of the activation lost with the pixels that the projection names
    lost_random: Array  # (3, R) with as many random ink pixels of the receptive field
    lost_bright: Array  # (3, R) with as many of the brightest ones there
    likeness: Array  # (3, R) cosine of projection and image
    unlike: Array  # (3, R) cosine of projection and another unit's image
    gradient: Array  # (3, R) cosine of projection and gradient
    live: Array  # (3, R) share of units that say anything
    prefer: Array  # (3, R) cosine of a unit's weights and what arrives more than usual at its best places
    prefer_other: Array  # (3, R) the same with another unit's weights
    images: Array  # (3, 9, 8, 8)
    labels: Array  # (3, 9)
    projections: Array  # (3, 9, 8, 8)
    activations: Array  # (3, 9)
    named: Array  # (3, 9, 8, 8) bool: the pixels of each image that its projection names
    left: Array  # (3, 2, 9) the activations without them, and without as many random ink pixels
    place: Array  # (3, 9) where in its map the unit is most active
    probe: Array  # (2, R) a reader's accuracy on new classes, from the upper layer: trained on others, untrained
    probe_pixels: Array  # (1, R) the same from the pixels
    network: dict[str, Array]  # the first one with the chosen weights, whose pictures are shown, by name

    @property
    def chosen(self) -> int:
        """Index of the chosen condition."""
        return CONDITIONS.index(self.config.weights)

    def speaks(self, kind: int) -> bool:
        """Whether the unit of this kind's first network is active for any digit."""
        return bool(self.activations[kind].max() > 0)

    def reads(self, kind: int) -> float:
        """Median share of the test digits that the networks of this kind read."""
        return float(np.median(self.accuracy[kind]))

    def pictures(self) -> tuple[Array, Array]:
        """The nine images and the nine projections of each kind, each over its own largest value: (3, 9, 8, 8)."""
        images, back = (
            v / np.maximum(np.abs(v).max((2, 3), keepdims=True), 1e-12) for v in (self.images, self.projections)
        )
        return images, back

    def kept(self) -> Array:
        """Median share of the strongest activations that is left: without named pixels, random ones (3, 2)."""
        return 1 - np.median([self.lost, self.lost_random], 2).T

    def pictures_table(self) -> pd.DataFrame:
        """One row per kind of network and image: its digit and the activation."""
        columns = {"digit": self.labels, "activation": self.activations, "place": self.place,
                   "without_named": self.left[:, 0], "without_random": self.left[:, 1]}  # fmt: skip
        kinds = np.repeat(CONDITIONS, self.labels.shape[1])
        return pd.DataFrame({"weights": kinds} | {name: values.ravel() for name, values in columns.items()})

    def looks_like(self) -> Array:
        """Cosines in per cent: by condition, likeness and that with another unit's image (2, R, 3)."""
        return 100 * np.stack([self.likeness.T, self.unlike.T])

    def table(self) -> pd.DataFrame:
        """One row per condition and repeat."""
        names = (
            "accuracy",
            "lost",
            "lost_random",
            "lost_bright",
            "likeness",
            "unlike",
            "gradient",
            "live",
            "prefer",
            "prefer_other",
        )
        repeats = self.accuracy.shape[1]
        new = np.concatenate([*self.probe, np.full(repeats, np.nan)])  # with shuffled labels it is not asked
        return pd.DataFrame(
            {"weights": np.repeat(CONDITIONS, repeats), "repeat": list(range(repeats)) * len(CONDITIONS)}
            | {name: getattr(self, name).ravel() for name in names}
            | {"new_digits_read": new}
        )
