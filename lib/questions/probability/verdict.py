"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.question import Verdict
from lib.questions.probability.config import FEATURES
from lib.questions.probability.result import Array, Result, _rows, _sigmoid, outside
from lib.types import Numbers

LEARNED = 0.5  # test accuracy from which the outputs say something
HONEST = 0.05  # calibration error that counts as small
WEAK = 0.5  # rank correlation below which a number is a poor guide
CLOSE = 0.02  # accuracies this near count as equal


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {"main": main(result), "output": output(result), "literal": literal(result), "odds": odds(result),
            "bayes": bayes(result), "signs": signs(result)}  # fmt: skip


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
        "gap": float(np.abs(_sigmoid(w) - result.bayes_theta).max()),
        "accuracy": result.bayes_accuracy,
        "negative": float((w < 0).mean()),
        "above": float((w > 1).mean()),
        "learned": float(np.median(result.signs[0])),
        "correlation": float(np.corrcoef((w - w.mean(0))[live], (result.linear - result.linear.mean(0))[live])[0, 1]),
    }
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
