"""What a run of `lib.experiments.negative_weights` gave, and the sentences that its numbers choose.

Medians are over the sound repeats (neither diverged nor dead); shares are between 0 and 1.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.config import Verdict

Array = np.ndarray[Any, Any]
Numbers = dict[str, float | int | str]

PAIR = ("relu", "leaky_relu")
FEW = 0.01  # a largest share below this is called a few
CHANCE = 0.1  # ten digits
LEARNED = 0.5  # test accuracy from which a network counts as having learned the digits
ALIKE = 0.05  # ReLU and Leaky ReLU are called alike when no layer's paired difference is larger


@dataclass(frozen=True)
class Pair:
    """ReLU and Leaky ReLU (the first axis) from the same starting draws, over R = 10 repeats and L layers."""

    share: Array  # (2, R, L) share of negative weights at the end
    accuracy: Array  # (2, R) share of test digits recognised
    sound: Array  # (2, R) bool: neither diverged nor dead

    @property
    def medians(self) -> list[list[float]]:
        """Median share per activation and layer, over all repeats."""
        return np.median(self.share, 1).tolist()


@dataclass(frozen=True)
class Result:
    """What the trainings gave; R repeats, L layers, S steps, F frames, O x I one layer's weights."""

    config: Any  # the NegativeWeights of the run
    layers: tuple[str, ...]  # "1", "2", ...
    filters: tuple[bool, ...]  # whether the layer is a convolution
    epoch: int  # steps per pass over the training digits
    steps: Array  # (S,)
    share: Array  # (S, R, L) share of negative weights
    bias_share: Array  # (R, L) share of negative biases at the end (all start at 0)
    first: Array  # (R, L) step after which the first weight is negative, -1 if never
    smallest: Array  # (R, L) smallest starting weight
    earliest: Array  # (R, L) Adam's theorem: no weight can be negative before this step; 0 if it says nothing
    accuracy: Array  # (R,) share of test digits recognised at the end
    diverged: Array  # (R,) step at which a network diverged, -1 otherwise
    dead: Array  # (R,) bool: gives the same answer to every image
    frames: Array  # (F,) steps at which weights were kept
    edges: tuple[Array, ...]  # L times (B + 1,) bin edges of the histograms
    density: tuple[Array, ...]  # L times (F, B) share of weights per bin, pooled over repeats
    weights: tuple[Array, ...]  # L times (F, O, I) weights of the first sound repeat
    pair: Pair

    @property
    def sound(self) -> Array:
        """(R,) bool: the repeats that neither diverged nor died; all figures speak of them."""
        return (self.diverged < 0) & ~self.dead

    def shown(self, values: Array) -> Array:
        """Of values (S, R, ...) the sound repeats; all of them if none is sound."""
        return values[:, self.sound] if self.sound.any() else values

    @property
    def medians(self) -> list[float]:
        """Median share of negative weights per layer at the end."""
        return np.median(self.shown(self.share)[-1], 0).tolist()

    @property
    def highest(self) -> float:
        """Upper end of the axes for shares: 60 % unless the run needs more, so that pictures stay comparable."""
        top = max(float(self.shown(self.share).max()), float(self.pair.share.max()))
        return 0.6 if top <= 0.58 else 1.02

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The sentences that the data choose, with their numbers."""
        return all_verdicts(self)

    def over_steps(self) -> pd.DataFrame:
        """The main figure's lines: per step the median share of negative weights of each layer."""
        medians = np.median(self.shown(self.share), 1)  # (S, L)
        return pd.DataFrame(medians, columns=[f"layer_{n}" for n in self.layers]).assign(step=self.steps)

    def table(self) -> pd.DataFrame:
        """One row per repeat and layer: the numbers behind verdict and figures."""
        repeats, layers = self.first.shape
        return pd.DataFrame(
            {
                "repeat": np.repeat(np.arange(repeats), layers),
                "layer": [int(layer) for layer in self.layers] * repeats,
                "negative_start": self.share[0].ravel(),
                "negative_end": self.share[-1].ravel(),
                "negative_biases_end": self.bias_share.ravel(),
                "first_negative_step": self.first.ravel(),
                "smallest_start_weight": self.smallest.ravel(),
                "not_before_step": self.earliest.ravel(),
                "test_accuracy": np.repeat(self.accuracy, layers),
                "diverged_at_step": np.repeat(self.diverged, layers),
                "dead": np.repeat(self.dead, layers),
                **{f"{name}_negative_end": self._padded(k) for k, name in enumerate(PAIR)},
            }
        )

    def _padded(self, activation: int) -> Array:
        """One half of the pair as a column of the table, empty where a repeat has no pair."""
        column = np.full(self.first.size, np.nan)
        column[: self.pair.share[activation].size] = self.pair.share[activation].ravel()
        return column


def all_verdicts(result: Result) -> dict[str, Verdict]:
    """Every verdict of the page by its name."""
    return {
        "main": main(result),
        "health": health(result),
        "first": first(result),
        "epochs": epochs(result),
        "biases": biases(result),
        "leaky": leaky(result.pair),
    }


def main(result: Result) -> Verdict:
    """Do weights turn negative, in which layers, and has the network learned?"""
    if (lost := _lost(result)) is not None:
        return lost
    share = np.median(result.share[:, result.sound], 1)  # (S, L)
    start, end = share[0], share[-1]
    accuracy = np.median(result.accuracy[result.sound])
    numbers: Numbers = {
        "start_low": start.min(),
        "start_high": start.max(),
        "low": end.min(),
        "high": end.max(),
        "accuracy": accuracy,
        "chance": CHANCE,
        "steps": result.config.steps,
        "repeats": int(result.sound.sum()),
        "smallest": float(result.smallest[result.sound].min()),
        "lr": result.config.lr,
        "without": ", ".join(np.array(result.layers)[end == 0]),
    }
    return Verdict(_main_key(result, start, end, accuracy), numbers)


def _lost(result: Result) -> Verdict | None:
    diverged, dead = int((result.diverged >= 0).sum()), int(result.dead.sum())
    repeats = len(result.dead)
    if 2 * (diverged + dead) <= repeats:
        return None
    numbers: Numbers = {"diverged": diverged, "dead": dead, "repeats": repeats, "chance": CHANCE}
    if diverged >= dead:
        return Verdict("diverged", numbers | {"step": int(np.median(result.diverged[result.diverged >= 0]))})
    return Verdict("dead", numbers)


def _main_key(result: Result, start: Array, end: Array, accuracy: float) -> str:
    if start.max() > 0:
        return "signed_start"
    if (result.first[result.sound] < 0).all():
        return "none"
    if end.max() < FEW:
        return "few"
    if accuracy < LEARNED:
        return "unlearned"
    return "turned" if end.min() > 0 else "some_layers"


def health(result: Result) -> Verdict:
    """How many of the repeats are worth counting."""
    numbers: Numbers = {
        "repeats": len(result.dead),
        "sound": int(result.sound.sum()),
        "diverged": int((result.diverged >= 0).sum()),
        "dead": int(result.dead.sum()),
    }
    if not result.sound.any():
        return Verdict("none_sound", numbers)
    return Verdict("all_sound" if result.sound.all() else "some_lost", numbers)


def first(result: Result) -> Verdict:
    """When does the first weight turn negative, and could it have been earlier?"""
    came = result.first > 0
    numbers: Numbers = {
        "steps": result.config.steps,
        "smallest": float(result.smallest.min()),
        "bound": int(result.earliest.min()),
        "cases": result.first.size,
        "lr": result.config.lr,
        "kept": int((~came | (result.first >= result.earliest)).sum()),
        "step": int(result.first[came].min()) if came.any() else -1,
        "slowest": int(np.median(np.where(came, result.first, result.config.steps + 1), 0).max()),
    }
    if result.smallest.min() < 0:
        return Verdict("first_at_start", numbers)
    if not came.any():
        return Verdict("first_never", numbers)
    return Verdict("first_bound" if result.config.optimiser == "adam" else "first_free", numbers)


def epochs(result: Result) -> Verdict:
    """Does it take 'enough epochs'?"""
    if not result.sound.any():
        return Verdict("epochs_lost", {})
    share = np.median(result.share[:, result.sound].mean(2), 1)  # (S,)
    numbers: Numbers = {"epoch": result.epoch, "steps": result.config.steps, "end": float(share[-1])}
    if result.smallest.min() < 0:
        return Verdict("epochs_from_start", numbers)
    came = result.first[result.first > 0]
    if not came.size:
        return Verdict("epochs_never", numbers)
    # `first` has one row per repeat: the earliest layer of each, then the middle repeat
    each = np.where(result.first > 0, result.first, result.config.steps + 1).min(1)
    step = int(np.median(each))
    half = int(np.argmax(share >= share[-1] / 2))
    numbers |= {"step": step, "half": half, "half_epochs": half / result.epoch}
    return Verdict("epochs_first" if step <= result.epoch else "epochs_later", numbers)


def biases(result: Result) -> Verdict:
    """Do biases, which all start at zero, get negative too?"""
    if not result.sound.any():
        return Verdict("biases_lost", {})
    share = np.median(result.bias_share[result.sound], 0)
    numbers: Numbers = {"low": share.min(), "high": share.max()}
    return Verdict("biases_negative" if share.max() > 0 else "biases_none", numbers)


def leaky(pair: Pair) -> Verdict:
    """Are ReLU's weights behind the first layer non-negative, and Leaky ReLU's not?"""
    both: Array = np.all(pair.sound, axis=0)  # (R,)
    numbers: Numbers = {"repeats": len(both), "sound": int(both.sum())}
    if 2 * both.sum() <= len(both):
        return Verdict("leaky_lost", numbers)
    later = pair.share[:, both, 1:]  # (2, R, L - 1)
    relu, leak = np.median(later, 1)
    gap = np.median(later[0] - later[1], 0)  # paired, (L - 1,)
    numbers |= {
        "relu_low": relu.min(),
        "relu_high": relu.max(),
        "leaky_low": leak.min(),
        "leaky_high": leak.max(),
        "gap": 100 * float(np.abs(gap).max()),
    }
    if relu.max() == 0:
        return Verdict("leaky_right" if leak.max() > 0 else "leaky_neither", numbers)
    return Verdict("leaky_same" if np.abs(gap).max() < ALIKE else "leaky_differs", numbers)
