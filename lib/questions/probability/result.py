"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.questions.probability.config import FEATURES
from lib.types import Array

BINS = 10  # of the confidence
WIDTH = 0.05  # of a bin of weights; 0 and 1 are ends of bins
EVERY, LAST = 3, 12  # powers of ten that are marked: a thousand, a million, up to a trillion
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
    literal: Array  # (2, R, 10, H) output weights, less their mean over the classes, how often their sign is right
    signs: Array  # (2, R) accuracy of softmax regression with only its negative, only its positive weights
    bayes: Array  # (10, 64) weights of naive Bayes
    bayes_theta: Array  # (10, 64) the probabilities they are log-odds of
    patients: Array  # (P, F) standardised
    log_odds: Array  # (R, F)
    bias: Array  # (R,)
    fitted: Array  # (F,) the same weights by Fisher's scoring, the method of statistics
    machine: Array  # (R, 64, U) weights of trained Boltzmann machines with U hidden units
    misread: Array  # (2, R) squared error of what such a machine gives back of a digit: untrained, trained
    network: dict[str, Array]  # the first one with the restriction, by name

    def bins(self) -> tuple[Array, Array]:
        """How many weights of all networks lie between two of the edges: (B + 1,), (B,)."""
        weights = np.concatenate([w.ravel() for w in self.weights])
        low, high = (np.floor(min(weights.min(), -0.5) / WIDTH), np.ceil(max(weights.max(), 1.5) / WIDTH))
        edges = WIDTH * np.arange(low, high + 1)
        return edges, np.histogram(weights, np.where(edges == 1, 1 + 1e-9, edges))[0]  # 1 itself is allowed

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
        """Every third power of ten within that range, as far as it has a name."""
        low, high = self.odds_range()
        return [k for k in range(-LAST, LAST + 1, EVERY) if low < k < high]

    def followed(self) -> list[int]:
        """The patients whose probability is nearest to each of FOLLOWED."""
        return [int(np.abs(self.more()[0] - share).argmin()) for share in FOLLOWED]

    def patients_table(self) -> pd.DataFrame:
        """One row per patient."""
        names = ("probability", "change_of_probability", "odds_ratio")
        return pd.DataFrame(dict(zip(names, self.more(), strict=True)))

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
            "boltzmann_error_untrained": self.misread[0], "boltzmann_error": self.misread[1],
            "only_negative": self.signs[0], "only_positive": self.signs[1],
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


def _rows(values: Array) -> float:
    """Share of the rows (..., n) that are a distribution: no number below 0, and a sum of 1 to within 0.001."""
    return float(((values >= 0).all(-1) & (np.abs(values.sum(-1) - 1) < 1e-3)).mean())


def _sigmoid(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))
