"""What a run of `lib.experiments.scale` gave, and the sentences that its numbers choose."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.config import Verdict

Array = np.ndarray[Any, Any]
Numbers = dict[str, float | int | str]

GAINS = (0.25, 0.35, 0.5, 0.7, 0.85, 1.0, 1.2, 1.4, 2.0, 2.8, 4.0)
MAP_GAINS = (0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8)
MAP_DEPTHS = (2, 5, 10, 20, 35)
# Glorot and Bengio's comparison, then He et al.'s: activation and scheme
PAPERS = (("tanh", "standard"), ("tanh", "xavier"), ("relu", "xavier"), ("relu", "he"))
KEPT = 1.3  # powers of ten: a signal within a factor of 20 of where it started counts as kept
CLOSE = 0.3  # powers of ten: theory holds if it is right within a factor of 2 at every layer
RATIO = 0.7  # powers of ten: a factor of 5 between two schemes is a difference
LEARNED = 0.8  # of the digits: what counts as trained
REACHES = (2, 5, 10, 20, 40, 60)  # ends of the axes


@dataclass(frozen=True)
class Result:
    """L layers, G sizes of the weights (`GAINS`), R repeats; sizes of signals are powers of ten."""

    config: Any  # the Scale of the run
    sigma: float  # the scheme's standard deviation times sqrt(width), at gain 1
    forward: Array  # (L + 1, G, R) of the activations, the input first
    backward: Array  # (L + 1, G, R) of the gradients, the output's last
    forward_theory: Array  # (L + 1, G)
    backward_theory: Array  # (L + 1, G)
    balanced: float  # sigma at which, by theory, the gradient comes back as large as it started
    papers: Array  # (len(PAPERS), 2, R) the signal at the top, the gradient at the bottom
    learned: Array  # (len(MAP_GAINS), len(MAP_DEPTHS), R) share of the training digits, or empty: not asked for
    balanced_map: float  # `balanced` for the deepest networks of the map

    @property
    def chosen(self) -> int:
        """Index of the chosen gain."""
        return GAINS.index(self.config.gain)

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The sentences that the data choose, with their numbers."""
        return {
            "main": main(self), "theory": theory(self), "small": small(self), "glorot": glorot(self), "he": he(self),
            "map": trainable(self),
        }  # fmt: skip

    def ends(self) -> Array:
        """The signal at the top and the gradient at the bottom, for every gain: (G, R, 2)."""
        return np.stack([self.forward[-1], self.backward[0]], 2)

    def near(self) -> list[int]:
        """Indices of the chosen gain and of those nearest to 0.7 and 1.4 times it, the smallest first."""
        factors = np.array(GAINS) / self.config.gain
        return sorted({int(np.argmin(np.abs(np.log(factors / f)))) for f in (0.7, 1.0, 1.4)})

    def layers(self) -> dict[str, tuple[Array, Array]]:
        """Activations and gradients at the gains `near`: measured (L + 1, R, gains) and theory's (L + 1, gains)."""
        near = self.near()
        pairs = {
            "forward": (self.forward, self.forward_theory),
            "backward": (self.backward, self.backward_theory),
        }
        return {k: (measured[:, near].swapaxes(1, 2), expected[:, near]) for k, (measured, expected) in pairs.items()}

    @property
    def levels(self) -> Array:
        """The layers' numbers, 0 for the input: (L + 1,)."""
        return np.arange(len(self.forward))

    def reach(self, values: Array) -> tuple[float, float]:
        """Range of an axis, one of a few, so that pictures stay comparable."""
        most = float(np.abs(values).max())
        reach = next((r for r in REACHES if most <= 0.97 * r), REACHES[-1])
        return (-reach, reach)

    def over_layers(self, side: str) -> pd.DataFrame:
        """Medians and theory, layer by layer, of one side of `layers`."""
        measured, expected = self.layers()[side]
        columns = [f"gain_{GAINS[k]:g}{kind}" for kind in ("", "_theory") for k in self.near()]
        table = pd.DataFrame(np.concatenate([np.median(measured, 1), expected], 1), columns=columns)
        return table.assign(layer=self.levels)

    def over_gains(self) -> pd.DataFrame:
        """Medians of the ends, and theory."""
        expected = np.stack([self.forward_theory[-1], self.backward_theory[0]], 1)
        columns = ["signal_at_top", "gradient_at_bottom", "signal_theory", "gradient_theory"]
        table = pd.DataFrame(np.concatenate([np.median(self.ends(), 1), expected], 1), columns=columns)
        return table.assign(gain=GAINS, weight_sd=self.deviations())

    def deviations(self) -> Array:
        """Standard deviation of one weight, for every gain."""
        return np.array(GAINS) * self.sigma / self.config.width**0.5

    def map(self) -> Array:
        """Median share of the digits learned by heart, in per cent: (map gains, map depths)."""
        return 100 * np.median(self.learned, 2)

    def map_row(self) -> int:
        """The map's row whose size is nearest to theory's."""
        return int(np.argmin(np.abs(np.log(np.array(MAP_GAINS) * self.sigma / self.balanced_map))))

    def table(self) -> pd.DataFrame:
        """One row per gain and repeat."""
        repeats = self.forward.shape[2]
        return pd.DataFrame(
            {
                "gain": np.repeat(GAINS, repeats),
                "weight_sd": np.repeat(self.deviations(), repeats),
                "repeat": list(range(repeats)) * len(GAINS),
                "log10_signal_at_top": self.forward[-1].ravel(),
                "log10_gradient_at_bottom": self.backward[0].ravel(),
            }
        )


def main(result: Result) -> Verdict:
    """Do weights of the chosen size keep the signal and its gradient?"""
    ends = np.median(result.ends(), 1)  # (G, 2)
    kept = (np.abs(ends) <= KEPT).all(1)
    up, down = ends[result.chosen].tolist()
    numbers: Numbers = {
        "gain": result.config.gain, "depth": result.config.depth, "sd": float(result.deviations()[result.chosen]),
        "up": 10**up, "down": 10**down, "kept": int(kept.sum()), "sizes": len(GAINS),
        "balanced": result.balanced / result.config.width**0.5, "repeats": result.forward.shape[2],
        "width": result.config.width,
    }  # fmt: skip
    return Verdict("any_size" if kept.all() else _key(up, down), numbers)


def _key(up: float, down: float) -> str:
    """Name what becomes of the signal and of the gradient."""
    kinds = {-1: "vanishes", 0: "kept", 1: "explodes"}
    forward, backward = (kinds[int(np.sign(v)) if abs(v) > KEPT else 0] for v in (up, down))
    if forward == backward:
        return f"both_{forward}"
    return f"gradient_{backward}" if forward == "kept" else "signal_only" if backward == "kept" else "apart"


def theory(result: Result) -> Verdict:
    """Is mean-field theory right at every layer?"""
    k = result.chosen
    pairs = ((result.forward, result.forward_theory), (result.backward, result.backward_theory))
    gap = max(float(np.abs(np.median(measured[:, k], 1) - expected[:, k]).max()) for measured, expected in pairs)
    numbers: Numbers = {"factor": 10**gap, "width": result.config.width, "depth": result.config.depth}
    return Verdict("theory_holds" if gap < CLOSE else "theory_off", numbers)


def small(result: Result) -> Verdict:
    """Are small weights a safe start?"""
    down = float(np.median(result.backward[0, 0]))
    numbers: Numbers = {"gain": GAINS[0], "down": 10**down, "depth": result.config.depth}
    return Verdict("small_vanishes" if down < -KEPT else "small_kept", numbers)


def _pair(result: Result, first: int) -> tuple[float, float, Numbers]:
    """The gradient at the bottom under the two schemes of a paper, as powers of ten, and as numbers."""
    old, new = (float(np.median(result.papers[k, 1])) for k in (first, first + 1))
    return old, new, {"old": 10**old, "new": 10**new, "depth": result.config.depth}


def glorot(result: Result) -> Verdict:
    """Tanh: does the gradient shrink under U(-1/sqrt(n), 1/sqrt(n)), and not under Glorot and Bengio's scheme?"""
    old, new, numbers = _pair(result, 0)
    if new - old < RATIO:
        return Verdict("glorot_early", numbers)
    return Verdict("glorot_right" if abs(new) <= KEPT else "glorot_neither", numbers)


def he(result: Result) -> Verdict:
    """ReLU: does the gradient vanish under Glorot and Bengio's scheme, and not under He et al.'s?"""
    old, new, numbers = _pair(result, 2)
    if abs(new) > KEPT:
        return Verdict("he_neither", numbers)
    return Verdict("he_right" if old < -KEPT else "he_early", numbers)


def trainable(result: Result) -> Verdict:
    """Which sizes can be trained, shallow and deep?"""
    numbers: Numbers = {"shallow": MAP_DEPTHS[0], "deep": MAP_DEPTHS[-1], "rows": len(MAP_GAINS)}
    if not result.learned.size:
        return Verdict("map_off", numbers)
    medians = np.median(result.learned, 2)
    good = (medians >= LEARNED).sum(0)  # (depths,)
    row = int(np.argmax(result.learned[:, -1].mean(1)))
    numbers |= {
        "good_shallow": int(good[0]), "good_deep": int(good[-1]), "learned": LEARNED,
        "best_gain": MAP_GAINS[row], "best": float(medians[row, -1]),
        "theory_gain": result.balanced_map / result.sigma,
    }  # fmt: skip
    if not good[0]:
        return Verdict("map_none", numbers)
    return Verdict("map_narrows" if good[-1] < good[0] else "map_open", numbers)
