"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.question import Thumbnail
from lib.questions.probability.config import FEATURES
from lib.types import Array

BINS = 10  # of the confidence
FOLLOWED = (0.01, 0.1, 0.9)  # probabilities of the patients that are drawn in colours


@dataclass(frozen=True)
class Result:
    """R repeats, N test digits, H hidden units, P patients with F measurements."""

    config: Any  # the Probability of the run
    weights: tuple[Array, ...]  # (R, H, 64), (R, 10, H)
    accuracy: Array  # (R,) on the test digits, with the restriction
    free: Array  # (R,) the same draws without
    outputs: Array  # (R, 10, N) softmax, of the networks with the restriction
    truth: Array  # (N,)
    literal: Array  # (2, R, 10, H) output weights, and how often their sign is right
    signs: Array  # (3, R) accuracy of softmax regression: all, only negative, only positive weights
    linear: Array  # (10, 64) learned weights of the first repeat's softmax regression
    bayes: Array  # (10, 64) weights of naive Bayes
    bayes_theta: Array  # (10, 64) the probabilities they are log-odds of
    bayes_accuracy: float
    live: Array  # (64,) bool: pixels that vary
    patients: Array  # (P, F) standardised
    log_odds: Array  # (R, F)
    bias: Array  # (R,)
    fitted: Array  # (F,) the same weights by Fisher's scoring, the method of statistics
    machine: Array  # (R, 64, U) weights of trained Boltzmann machines with U hidden units
    misread: Array  # (2, R) squared error of what such a machine gives back of a digit: untrained, trained

    def places(self) -> Array:
        """Share below 0, within [0, 1] and above 1, in per cent: first weights, second weights, outputs (3, 3)."""
        return np.array([_places(v) for v in (*self.weights, self.outputs)])

    def places_table(self) -> pd.DataFrame:
        """The same as a table, with how many rows are a distribution."""
        rows = [("weights_1", _rows(self.weights[0])), ("weights_2", _rows(self.weights[1])),
                ("softmax_outputs", _rows(self.outputs.swapaxes(1, 2)))]  # fmt: skip
        table = pd.DataFrame(self.places(), columns=["below_0_percent", "within_percent", "above_1_percent"])
        return table.assign(of=[n for n, _ in rows], rows_that_are_distributions_percent=[100 * r for _, r in rows])

    def calibration(self) -> Array:
        """Per bin of confidence: mean confidence and share right, in per cent, NaN where empty (BINS, R, 2)."""
        found = np.full((BINS, len(self.accuracy), 2), np.nan)
        sure, right = self.outputs.max(1), self.outputs.argmax(1) == self.truth
        bins = np.minimum((sure * BINS).astype(int), BINS - 1)
        for k in range(BINS):
            for r in range(len(sure)):
                here = bins[r] == k
                if here.sum() >= 3:  # of one digit or two nothing can be said
                    found[k, r] = sure[r, here].mean(), right[r, here].mean()
        return 100 * found

    def reliability(self) -> tuple[list[str], Array]:
        """The bins that are used, by name, and medians of share right and of confidence: (bins, 1, 2)."""
        curve = self.calibration()[:, :, ::-1]
        used = [k for k in range(BINS) if np.isfinite(curve[k, :, 0]).sum() > len(self.accuracy) / 2]
        names = [f"{100 * k // BINS}-{100 * (k + 1) // BINS}" for k in used]
        return names, np.nanmedian(curve[used], axis=1)[:, None] if used else np.zeros((0, 1, 2))

    def calibration_error(self) -> Array:
        """Expected calibration error (R,): the mean gap between confidence and share right, over ten bins."""
        sure, right = self.outputs.max(1), self.outputs.argmax(1) == self.truth
        bins = np.minimum((sure * BINS).astype(int), BINS - 1)
        gaps = [np.abs(((sure - right) * (bins == k)).sum(1)) for k in range(BINS)]
        return np.asarray(np.sum(gaps, axis=0) / sure.shape[1])

    def more(self) -> tuple[Array, Array, Array]:
        """Per patient (P,): probability, its change with one standard deviation more of the feature, odds ratio."""
        w, b = self.log_odds[0], self.bias[0]
        k = list(FEATURES).index(self.config.feature)
        before = self.patients @ w + b
        p, q = _sigmoid(before), _sigmoid(before + w[k])
        # odds are p / (1 - p); 1 - p as sigmoid(-z), which keeps its digits where p is near 1
        ratio = (q / _sigmoid(-before - w[k])) / (p / _sigmoid(-before))
        return p, q - p, ratio

    def log_odds_of(self) -> tuple[Array, Array]:
        """Per patient (P,): log10 of the odds, and of those with one standard deviation more of the feature."""
        before = self.patients @ self.log_odds[0] + self.bias[0]
        k = list(FEATURES).index(self.config.feature)
        return before / np.log(10), (before + self.log_odds[0, k]) / np.log(10)

    def odds_range(self) -> list[float]:
        """The range of these, with some room."""
        ends = np.concatenate(self.log_odds_of())
        return [float(ends.min()) - 1, float(ends.max()) + 1]

    def decades(self) -> list[int]:
        """Every third power of ten within that range."""
        low, high = self.odds_range()
        return [k for k in range(-30, 31, 3) if low < k < high]

    def followed(self) -> list[int]:
        """The patients whose probability is nearest to each of FOLLOWED."""
        return [int(np.abs(self.more()[0] - share).argmin()) for share in FOLLOWED]

    def patients_table(self) -> pd.DataFrame:
        """One row per patient."""
        names = ("probability", "change_of_probability", "odds_ratio")
        return pd.DataFrame(dict(zip(names, self.more(), strict=True)))

    def templates(self) -> Array:
        """Weights of naive Bayes, then learned ones, each over its largest: (1, 20, 8, 8)."""
        tiles = np.concatenate([self.bayes - self.bayes.mean(0), self.linear - self.linear.mean(0)])
        tiles = np.where(self.live, tiles, np.nan)
        return (tiles / np.nanmax(np.abs(tiles), axis=1, keepdims=True)).reshape(1, 20, 8, 8)

    def templates_table(self) -> pd.DataFrame:
        """Naive Bayes: per class and pixel the probability, its log-odds, and the learned weight."""
        index = pd.MultiIndex.from_product([range(10), range(64)], names=["digit", "pixel"])
        columns = {"probability": self.bayes_theta, "log_odds": self.bayes, "learned": self.linear}
        return pd.DataFrame({k: v.ravel() for k, v in columns.items()}, index=index).reset_index()

    def literal_points(self) -> tuple[Array, Array]:
        """Size of the first network's output weights, and how often each one's sign is right, in per cent."""
        w, right = self.literal[:, 0]
        return np.abs(w).ravel(), 100 * right.ravel()

    def thumbnail(self) -> Thumbnail:
        """The run in a small picture."""
        return Thumbnail("dots", np.column_stack(self.more()[:2])[::3])

    def table(self) -> pd.DataFrame:
        """One row per repeat."""
        return pd.DataFrame({
            "repeat": range(len(self.accuracy)),
            "outside_share": outside(self),
            "negative_share": negative(self),
            "test_accuracy": self.accuracy,
            "test_accuracy_free": self.free,
            "calibration_error": self.calibration_error(),
            "boltzmann_outside_share": _outside(self.machine),
            "boltzmann_negative_share": _negative(self.machine),
            "all_weights": self.signs[0], "only_negative": self.signs[1], "only_positive": self.signs[2],
        } | {f"log_odds_{name}": self.log_odds[:, k] for k, name in enumerate(FEATURES)})  # fmt: skip


def outside(result: Result) -> Array:
    """Share of all weights of a network outside [0, 1]: (R,)."""
    return _outside(_pooled(result))


def negative(result: Result) -> Array:
    """Share of all weights of a network below 0, a part of those outside: (R,)."""
    return _negative(_pooled(result))


def _pooled(result: Result) -> Array:
    return np.concatenate([p.reshape(len(p), -1) for p in result.weights], 1)


def _outside(weights: Array) -> Array:
    w = weights.reshape(len(weights), -1)
    return np.asarray(((w < 0) | (w > 1)).mean(1))


def _negative(weights: Array) -> Array:
    return np.asarray((weights.reshape(len(weights), -1) < 0).mean(1))


def _places(values: Array) -> list[float]:
    return [100 * float(v.mean()) for v in (values < 0, (values >= 0) & (values <= 1), values > 1)]


def _rows(values: Array) -> float:
    """Share of the rows (..., n) that are a distribution: no number below 0, and a sum of 1 to within 0.001."""
    return float(((values >= 0).all(-1) & (np.abs(values.sum(-1) - 1) < 1e-3)).mean())


def _sigmoid(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))
