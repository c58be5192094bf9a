"""What a run of `lib.experiments.probability` gave, and the sentences that its numbers choose."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.config import Verdict

Array = np.ndarray[Any, Any]
Numbers = dict[str, float | int | str]

FEATURES = {"radius": 0, "texture": 1, "smoothness": 4, "symmetry": 8}  # columns of the measurements: means
BINS = 10  # of the confidence
LEARNED = 0.5  # test accuracy from which the outputs say something
HONEST = 0.05  # calibration error that counts as small
WEAK = 0.5  # rank correlation below which a number is a poor guide
CLOSE = 0.02  # accuracies this near count as equal


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

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The sentences that the data choose, with their numbers."""
        return {"main": main(self), "output": output(self), "literal": literal(self), "odds": odds(self),
                "bayes": bayes(self), "signs": signs(self)}  # fmt: skip

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

    def table(self) -> pd.DataFrame:
        """One row per repeat."""
        return pd.DataFrame({
            "repeat": range(len(self.accuracy)),
            "outside_share": outside(self),
            "test_accuracy": self.accuracy,
            "test_accuracy_free": self.free,
            "calibration_error": self.calibration_error(),
            "all_weights": self.signs[0], "only_negative": self.signs[1], "only_positive": self.signs[2],
        } | {f"log_odds_{name}": self.log_odds[:, k] for k, name in enumerate(FEATURES)})  # fmt: skip


def outside(result: Result) -> Array:
    """Share of all weights of a network outside [0, 1]: (R,)."""
    w = np.concatenate([p.reshape(len(p), -1) for p in result.weights], 1)
    return np.asarray(((w < 0) | (w > 1)).mean(1))


def _places(values: Array) -> list[float]:
    return [100 * float(v.mean()) for v in (values < 0, (values >= 0) & (values <= 1), values > 1)]


def _rows(values: Array) -> float:
    """Share of the rows (..., n) that are a distribution: no number below 0, and a sum of 1 to within 0.001."""
    return float(((values >= 0).all(-1) & (np.abs(values.sum(-1) - 1) < 1e-3)).mean())


def _sigmoid(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


def _ranks(values: Array) -> Array:
    return values.argsort().argsort().astype(float)


def main(result: Result) -> Verdict:
    """Are the weights probabilities?"""
    w1, w2 = result.weights
    numbers: Numbers = {
        "outside": float(np.median(outside(result))),
        "rows": round(_rows(w1) * w1[..., 0].size + _rows(w2) * w2[..., 0].size),
        "all_rows": w1[..., 0].size + w2[..., 0].size,
        "negative": float(np.mean([(w < 0).mean() for w in result.weights])),
        "above": float(max((w > 1).mean() for w in result.weights)),
        "accuracy": float(np.median(result.accuracy)),
        "free": float(np.median(result.free)),
        "repeats": len(result.accuracy),
        "sum": float(np.abs(result.outputs.sum(1) - 1).max()),
    }
    if outside(result).max() > 0:
        return Verdict("outside", numbers)
    return Verdict("rows_by_force" if numbers["rows"] == numbers["all_rows"] else "interval_by_force", numbers)


def output(result: Result) -> Verdict:
    """Is the softmax output a probability, and an honest one?"""
    error = float(np.median(result.calibration_error()))
    sure = result.outputs.max(1).mean(1)
    numbers: Numbers = {
        "sum": float(np.abs(result.outputs.sum(1) - 1).max()),
        "error": 100 * error,
        "sure": float(np.median(sure)),
        "accuracy": float(np.median(result.accuracy)),
    }
    if numbers["accuracy"] < LEARNED:  # type: ignore[operator]
        return Verdict("output_unlearned", numbers)
    return Verdict("output_honest" if error < HONEST else "output_unsure" if numbers["sure"] < numbers["accuracy"]  # type: ignore[operator]
                   else "output_boasts", numbers)  # fmt: skip


def literal(result: Result) -> Verdict:
    """Is the size of a weight the probability that its sign is right?"""
    w, right = result.literal.reshape(2, len(result.accuracy), -1)
    rho = [float(np.corrcoef(_ranks(np.abs(a)), _ranks(b))[0, 1]) for a, b in zip(w, right, strict=True)]
    numbers: Numbers = {"rho": float(np.median(rho)), "error": float(np.abs(np.abs(w) - right).mean()),
                        "count": w.shape[1]}  # fmt: skip
    return Verdict("literal_weak" if np.median(rho) < WEAK else "literal_strong", numbers)


def odds(result: Result) -> Verdict:
    """Does one standard deviation more multiply every patient's odds by the same factor?"""
    k = list(FEATURES).index(result.config.feature)
    _, change, ratio = result.more()
    w = result.log_odds[:, k]
    numbers: Numbers = {
        "feature": result.config.feature, "weight": float(w[0]), "factor": float(np.exp(w[0])),
        "gap": float(np.abs(ratio / np.exp(w[0]) - 1).max()), "low": 100 * float(change.min()),
        "high": 100 * float(change.max()), "patients": len(change), "least": float(w.min()), "most": float(w.max()),
    }  # fmt: skip
    return Verdict("odds_same" if float(numbers["gap"]) < 1e-6 else "odds_broken", numbers)


def bayes(result: Result) -> Verdict:
    """Where weights come from probabilities: naive Bayes."""
    w = result.bayes
    live = np.broadcast_to(result.live, w.shape)
    numbers: Numbers = {
        "gap": float(np.abs(_sigmoid(w) - result.bayes_theta).max()), "accuracy": result.bayes_accuracy,
        "negative": float((w < 0).mean()), "above": float((w > 1).mean()),
        "learned": float(np.median(result.signs[0])),
        "correlation": float(np.corrcoef((w - w.mean(0))[live], (result.linear - result.linear.mean(0))[live])[0, 1]),
    }  # fmt: skip
    return Verdict("bayes_log_odds" if float(numbers["gap"]) < 1e-9 else "bayes_broken", numbers)


def signs(result: Result) -> Verdict:
    """What do 'it is that' and 'it is not that' say alone?"""
    both, negative, positive = (float(np.median(v)) for v in result.signs)
    numbers: Numbers = {
        "all": both, "negative": negative, "positive": positive, "repeats": result.signs.shape[1],
        "wins": int((result.signs[1] > result.signs[2]).sum()),
    }  # fmt: skip
    if negative < LEARNED:
        return Verdict("signs_useless", numbers)
    if abs(negative - positive) < CLOSE:
        return Verdict("signs_alike", numbers)
    return Verdict("signs_negative" if negative > positive else "signs_positive", numbers)
