"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.question import Thumbnail
from lib.questions.deconvnet.config import CONDITIONS
from lib.types import Array


@dataclass(frozen=True)
class Result:
    """Three `CONDITIONS`, R repeats; the pictures are of the chosen condition's first network and chosen unit."""

    config: Any  # the Deconvnet of the run
    accuracy: Array  # (3, R) on the test digits
    lost: Array  # (3, R) share of the activation lost with the pixels that the projection names
    lost_random: Array  # (3, R) with as many random ink pixels of the receptive field
    likeness: Array  # (3, R) cosine of projection and image
    unlike: Array  # (3, R) cosine of projection and another unit's image
    agreement: Array  # (3, R) mean cosine between two of a unit's nine projections
    classes: Array  # (3, R) digits among a unit's nine images
    gradient: Array  # (3, R) cosine of projection and gradient
    live: Array  # (3, R) share of units that say anything
    prefer: Array  # (3, R) cosine of a unit's weights and what arrives more than usual at its best places
    prefer_other: Array  # (3, R) the same with another unit's weights
    images: Array  # (9, 8, 8)
    labels: Array  # (9,)
    projections: Array  # (9, 8, 8)
    activations: Array  # (9,)
    named: Array  # (9, 8, 8) bool: the pixels of each image that its projection names
    left: Array  # (2, 9) the activations without them, and without as many random ink pixels
    place: Array  # (9,) where in its map the unit is most active
    probe: Array  # (2, R, 4) reader's accuracy on new classes: trained on others, untrained; pixels, layers 1 to 3

    @property
    def chosen(self) -> int:
        """Index of the chosen condition."""
        return CONDITIONS.index(self.config.weights)

    def pictures(self) -> tuple[Array, Array]:
        """The nine images and the nine projections, each over its own largest value: (9, 8, 8)."""
        images, back = (
            v / np.maximum(np.abs(v).max((1, 2), keepdims=True), 1e-12) for v in (self.images, self.projections)
        )
        return images, back

    def own(self) -> dict[str, float]:
        """Mean share that the unit loses of its nine activations without the named pixels, without random ones."""
        if self.activations.min() <= 0:
            return {"own": 0.0, "own_random": 0.0}
        named, random = (1 - self.left / self.activations).mean(1)
        return {"own": float(named), "own_random": float(random)}

    def pictures_table(self) -> pd.DataFrame:
        """One row per image: its digit and the activation."""
        columns = {"digit": self.labels, "activation": self.activations, "place": self.place}
        return pd.DataFrame(columns | {"without_named": self.left[0], "without_random": self.left[1]})

    def deletion(self) -> Array:
        """Activation lost in per cent: named pixels, random ink (2, R, 3)."""
        return 100 * np.stack([self.lost.T, self.lost_random.T])

    def looks_like(self) -> Array:
        """Cosines in per cent: by condition, likeness, that with another unit's image, agreement (3, R, 3)."""
        return 100 * np.stack([self.likeness, self.unlike, self.agreement], 2)

    def readers(self) -> Array:
        """Reader's accuracy in per cent by where it reads: (4, R, 2)."""
        return 100 * self.probe.transpose(2, 1, 0)

    def thumbnail(self) -> Thumbnail:
        """The run in a small picture."""
        return Thumbnail("signs", np.concatenate([self.images[:2], self.projections[:2]]))

    def table(self) -> pd.DataFrame:
        """One row per condition and repeat."""
        names = ("accuracy", "lost", "lost_random", "likeness", "unlike", "agreement", "classes", "gradient", "live",
                 "prefer", "prefer_other")  # fmt: skip
        repeats = self.accuracy.shape[1]
        return pd.DataFrame(
            {"weights": np.repeat(CONDITIONS, repeats), "repeat": list(range(repeats)) * len(CONDITIONS)}
            | {name: getattr(self, name).ravel() for name in names}
        )

    def readers_table(self) -> pd.DataFrame:
        """One row per repeat: the reader's accuracy from each place."""
        places = ("pixels", "layer_1", "layer_2", "layer_3")
        names = [f"{kind}_{place}" for kind in ("trained", "untrained") for place in places]
        return pd.DataFrame(np.concatenate(self.probe, 1), columns=names)
