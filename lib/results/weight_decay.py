"""What a run of `lib.experiments.weight_decay` gave, and the sentences that its numbers choose."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.config import Verdict

Array = np.ndarray[Any, Any]
Numbers = dict[str, float | int | str]

SHIFTS = (0.0, 0.01, 0.03, 0.1, 0.3)  # constants added to every weight
ALIKE = 0.05  # shares of negatives closer than this count as the same


@dataclass(frozen=True)
class Result:
    """R repeats, S steps, C decays (`shrinks`, lr * lambda); shares are of all weights of the network."""

    config: Any  # the WeightDecay of the run
    shrinks: Array  # (C,)
    steps: Array  # (S,)
    alone: Array  # (S, R) share of negatives under the chosen decay alone
    noisy: Array  # (S, R) with noise
    learned: Array  # (S, C, R) with data
    grown: Array  # (R,) root mean square of the weights at the end of decay alone
    spread: Array  # (R,) the same with noise
    spread_theory: float  # the stationary standard deviation, 0 if there is none
    norm: Array  # (C, R) of the weights trained on data
    mean: Array  # (C, R)
    variance: Array  # (C, R)
    count: int  # weights of one network
    accuracy: Array  # (C, R) on the test digits
    diverged: Array  # (C, R) step, or -1
    edges: Array  # (B + 1,)
    density: Array  # (swept, B)
    swept: int  # the first so many decays are the sweep; a chosen one outside stands behind them
    shifted: Array  # (len(SHIFTS), R) test accuracy with a constant added to every weight
    erased: Array  # (R,) test accuracy with every weight set to its layer's mean

    @property
    def chosen(self) -> int:
        """Index of the chosen decay."""
        return self.shrinks.tolist().index(self.config.shrink)

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The sentences that the data choose, with their numbers."""
        return {
            "main": main(self),
            "noise": noise(self),
            "data": data(self),
            "identity": identity(self),
            "variation": variation(self),
        }

    def curves(self) -> Array:
        """Share of negatives, in per cent: decay alone, with noise, with data, and data without decay: (S, R, 4)."""
        return 100 * np.stack([self.alone, self.noisy, self.learned[:, self.chosen], self.learned[:, 0]], 2)

    @property
    def shift_ends(self) -> dict[str, float]:
        """Median test accuracy with nothing and with 0.1 added to every weight."""
        return {"before": float(np.median(self.shifted[0])), "after": float(np.median(self.shifted[3]))}

    def share_range(self) -> tuple[float, float]:
        """Range of the curves' axis: to 60 % unless the run needs more, so that pictures stay comparable."""
        return (-1.0, 61.0 if self.curves().max() <= 58 else 102.0)

    @property
    def shifts(self) -> tuple[float, ...]:
        """The constants of `shifted`."""
        return SHIFTS

    def sweep(self) -> tuple[list[str], Array]:
        """The decays of the sweep and, in per cent, negatives, accuracy, norm and mean: (swept, R, 4).

        Norm and mean are relative to the same network without decay.
        """
        parts = (self.learned[-1], self.accuracy, self.norm / self.norm[0], self.mean / np.median(self.mean[0]))
        return [f"{s:g}" for s in self.shrinks[: self.swept]], 100 * np.stack([p[: self.swept] for p in parts], 2)

    def over_steps(self) -> pd.DataFrame:
        """Medians of the curves."""
        medians = np.median(self.curves(), 1)
        columns = ["alone", "with_noise", "with_data", "data_without_decay"]
        return pd.DataFrame(medians, columns=columns).assign(step=self.steps)

    def table(self) -> pd.DataFrame:
        """One row per decay and repeat."""
        decays, repeats = self.norm.shape
        return pd.DataFrame(
            {
                "lr_times_lambda": np.repeat(self.shrinks, repeats),
                "repeat": list(range(repeats)) * decays,
                "negative_end": self.learned[-1].ravel(),
                "norm": self.norm.ravel(),
                "mean": self.mean.ravel(),
                "variance": self.variance.ravel(),
                "test_accuracy": self.accuracy.ravel(),
                "diverged_at_step": self.diverged.ravel(),
            }
        )


def main(result: Result) -> Verdict:
    """Does decay, alone, make weights negative?"""
    k = result.chosen
    numbers: Numbers = {
        "shrink": result.config.shrink,
        "steps": result.config.steps,
        "repeats": result.alone.shape[1],
        "start": float(np.median(result.alone[0])),
        "alone": float(np.median(result.alone[-1])),
        "most": float(np.median(result.alone.max(0))),
        "noisy": float(np.median(result.noisy[-1])),
        "data": float(np.median(result.learned[-1, k])),
        "without": float(np.median(result.learned[-1, 0])),
        "grown": float(np.median(result.grown)),
    }
    return Verdict(_key(result), numbers)


def _key(result: Result) -> str:
    if result.config.shrink == 0:
        return "no_decay"
    if np.median(result.grown) > 1e3:
        return "alone_diverges"
    if result.alone.max() == 0:
        return "alone_never"
    return "alone_keeps" if (result.alone == result.alone[0]).all() else "alone_flips"


def noise(result: Result) -> Verdict:
    """Does decay with noise cross zero, and settle where theory says?"""
    numbers: Numbers = {
        "share": float(np.median(result.noisy[-1])),
        "spread": float(np.median(result.spread)),
        "theory": result.spread_theory,
        "half_life": _half_life(result.config.shrink),
    }
    if not result.spread_theory:
        return Verdict("noise_unbounded", numbers)
    settled = abs(np.median(result.spread) / result.spread_theory - 1) < 0.1
    return Verdict("noise_settled" if settled else "noise_on_its_way", numbers)


def _half_life(shrink: float) -> float:
    """Steps until half of a start is forgotten; 0 where it never is."""
    return float(np.log(0.5) / np.log(abs(1 - shrink))) if 0 < shrink < 2 else 0.0


def data(result: Result) -> Verdict:
    """On data, are more weights negative with decay than without (paired)?"""
    k = result.chosen
    gap = float(np.median(result.learned[-1, k] - result.learned[-1, 0]))
    numbers: Numbers = {
        "with": float(np.median(result.learned[-1, k])),
        "without": float(np.median(result.learned[-1, 0])),
        "points": 100 * gap,
        "mean": float(np.median(result.mean[k])),
        "mean_without": float(np.median(result.mean[0])),
        "norm": float(np.median(result.norm[k])),
        "norm_without": float(np.median(result.norm[0])),
        "accuracy": float(np.median(result.accuracy[k])),
        "accuracy_without": float(np.median(result.accuracy[0])),
        "diverged": int((result.diverged[k] >= 0).sum()),
        "repeats": result.norm.shape[1],
    }
    if 2 * numbers["diverged"] > numbers["repeats"]:  # type: ignore[operator]
        return Verdict("data_diverged", numbers)
    if result.config.shrink == 0:
        return Verdict("data_no_decay", numbers)
    if numbers["accuracy_without"] < 0.5:  # type: ignore[operator]
        return Verdict("data_unlearned", numbers)
    if numbers["accuracy"] < 0.5:  # type: ignore[operator]
        return Verdict("data_too_much", numbers)
    return Verdict("data_alike" if abs(gap) < ALIKE else "data_more" if gap > 0 else "data_fewer", numbers)


def identity(result: Result) -> Verdict:
    """|w|^2 = n (mean^2 + variance): what is the mean's part, and what does shifting the weights cost?"""
    k = result.chosen
    square, parts = result.norm[k] ** 2, result.count * (result.mean[k] ** 2 + result.variance[k])
    mean_part = np.median(result.count * result.mean[k] ** 2 / np.maximum(square, 1e-30))
    moved = result.count * ((result.mean[k] + SHIFTS[3]) ** 2 + result.variance[k])
    numbers: Numbers = {
        "gap": float(np.max(np.abs(square - parts) / np.maximum(square, 1e-30))),
        "mean_part": float(mean_part),
        "shift": SHIFTS[3],
        "longer": float(np.median(np.sqrt(moved) / np.maximum(result.norm[k], 1e-30)) - 1),
        "before": float(np.median(result.shifted[0])),
        "after": float(np.median(result.shifted[3])),
    }
    if (result.diverged[k] >= 0).any():
        return Verdict("identity_lost", {})
    return Verdict("identity_holds" if numbers["gap"] < 1e-6 else "identity_broken", numbers)  # type: ignore[operator]


def variation(result: Result) -> Verdict:
    """Does a network whose weights are all their layer's mean still know anything?"""
    numbers: Numbers = {"before": float(np.median(result.shifted[0])), "after": float(np.median(result.erased))}
    if numbers["before"] < 0.5:  # type: ignore[operator]
        return Verdict("variation_nothing_learned", numbers)
    return Verdict("variation_needed" if numbers["after"] < 0.2 else "variation_spare", numbers)  # type: ignore[operator]
