"""What a run of `lib.experiments.deconvnet` gave, and the sentences that its numbers choose."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.config import Verdict

Array = np.ndarray[Any, Any]
Numbers = dict[str, float | int | str]

CONDITIONS = ("trained", "random", "shuffled")  # weights: on the true labels, untrained, on shuffled labels
SHAPES = ((8, 8), (12, 4), (12, 2))  # units of each layer, and the side of their maps
ALIKE = 0.6  # of the trained networks' likeness: from here on the untrained ones' pictures count as image-like too
CLOSE = 0.01  # accuracies this near count as equal
SAME = 0.999  # cosine from which two pictures count as the same
MOST = 0.9  # share of the repeats that must agree


@dataclass(frozen=True)
class Result:
    """Three `CONDITIONS`, R repeats; the pictures are of the chosen condition's first network and chosen unit."""

    config: Any  # the Deconvnet of the run
    accuracy: Array  # (3, R) on the test digits
    lost: Array  # (3, R) share of the activation lost with the pixels that the projection names
    lost_random: Array  # (3, R) with as many random ink pixels of the receptive field
    likeness: Array  # (3, R) cosine of projection and image
    agreement: Array  # (3, R) mean cosine between two of a unit's nine projections
    classes: Array  # (3, R) digits among a unit's nine images
    gradient: Array  # (3, R) cosine of projection and gradient
    live: Array  # (3, R) share of units that say anything
    images: Array  # (9, 8, 8)
    labels: Array  # (9,)
    projections: Array  # (9, 8, 8)
    activations: Array  # (9,)
    place: Array  # (9,) where in its map the unit is most active
    probe: Array  # (2, R, 4) reader's accuracy on new classes: trained on others, untrained; pixels, layers 1 to 3

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The sentences that the data choose, with their numbers."""
        return {"main": main(self), "looks": looks(self), "learned": learned(self), "method": method(self),
                "single": single(self), "transfer": transfer(self)}  # fmt: skip

    @property
    def chosen(self) -> int:
        """Index of the chosen condition."""
        return CONDITIONS.index(self.config.weights)

    def pictures(self) -> tuple[Array, Array]:
        """The nine images and the nine projections, each over its own largest value: (1, 9, 8, 8)."""
        return tuple(
            (v / np.maximum(np.abs(v).max((1, 2), keepdims=True), 1e-12))[None]
            for v in (self.images, self.projections)
        )

    def pictures_table(self) -> pd.DataFrame:
        """One row per image: its digit and the activation."""
        return pd.DataFrame({"digit": self.labels, "activation": self.activations, "place": self.place})

    def deletion(self) -> Array:
        """Activation lost in per cent: named pixels, random ink (2, R, 3)."""
        return 100 * np.stack([self.lost.T, self.lost_random.T])

    def looks_like(self) -> Array:
        """Cosines in per cent: by condition, likeness and agreement (3, R, 2)."""
        return 100 * np.stack([self.likeness, self.agreement], 2)

    def readers(self) -> Array:
        """Reader's accuracy in per cent by where it reads: (4, R, 2)."""
        return 100 * self.probe.transpose(2, 1, 0)

    def table(self) -> pd.DataFrame:
        """One row per condition and repeat."""
        names = ("accuracy", "lost", "lost_random", "likeness", "agreement", "classes", "gradient", "live")
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


def _median(values: Array, condition: int) -> float:
    return float(np.median(values[condition]))


def main(result: Result) -> Verdict:
    """Does the projection point at the pixels that drive the unit?"""
    k = result.chosen
    wins = int((result.lost[k] > result.lost_random[k]).sum())
    numbers: Numbers = {
        "weights": result.config.weights, "layer": result.config.layer, "pixels": result.config.pixels,
        "lost": _median(result.lost, k), "random": _median(result.lost_random, k), "wins": wins,
        "repeats": result.lost.shape[1], "accuracy": _median(result.accuracy, k),
    }  # fmt: skip
    return Verdict("points" if wins >= MOST * result.lost.shape[1] else "points_not", numbers)


def looks(result: Result) -> Verdict:
    """Do untrained networks give pictures that look like images as well?"""
    numbers: Numbers = {f"{name}": _median(result.likeness, k) for k, name in enumerate(CONDITIONS)}
    numbers |= {f"accuracy_{name}": _median(result.accuracy, k) for k, name in enumerate(CONDITIONS)}
    alike = _median(result.likeness, 1) >= ALIKE * _median(result.likeness, 0)
    return Verdict("looks_alike" if alike else "looks_apart", numbers)


def learned(result: Result) -> Verdict:
    """What does training change about the nine pictures?"""
    numbers: Numbers = {f"agree_{name}": _median(result.agreement, k) for k, name in enumerate(CONDITIONS)}
    numbers |= {f"classes_{name}": _median(result.classes, k) for k, name in enumerate(CONDITIONS)}
    better = (result.agreement[0] > result.agreement[1]) & (result.classes[0] < result.classes[1])
    numbers |= {"wins": int(better.sum()), "repeats": len(better)}
    return Verdict("learned_shows" if 2 * better.sum() > len(better) else "learned_hidden", numbers)


def method(result: Result) -> Verdict:
    """How near is the picture to the gradient?"""
    cosine = _median(result.gradient, result.chosen)
    numbers: Numbers = {"cosine": cosine, "layer": result.config.layer, "method": result.config.method}
    return Verdict("method_same" if cosine >= SAME else "method_differs", numbers)


def single(result: Result) -> Verdict:
    """How many activations is one picture made of?"""
    units, side = SHAPES[result.config.layer - 1]
    numbers: Numbers = {"places": units * side**2, "units": units, "side": side, "layer": result.config.layer,
                        "largest": float(result.activations.max())}  # fmt: skip
    return Verdict("single" if numbers["largest"] > 0 else "silent", numbers)  # type: ignore[operator]


def transfer(result: Result) -> Verdict:
    """From which layer does a linear reader learn new digits best?"""
    trained, untrained = np.median(result.probe, axis=1)
    numbers: Numbers = {"pixels": float(trained[0])}
    numbers |= {f"layer_{k}": float(trained[k]) for k in (1, 2, 3)}
    numbers |= {f"untrained_{k}": float(untrained[k]) for k in (1, 2, 3)}
    best = max(trained[0], trained[1])
    if abs(trained[3] - best) < CLOSE:
        return Verdict("transfer_alike", numbers)
    return Verdict("transfer_upper" if trained[3] > best else "transfer_lower", numbers)
