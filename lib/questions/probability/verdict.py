"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, alike, paired
from lib.question import Verdict
from lib.questions.probability.config import FEATURES
from lib.questions.probability.result import Array, Result, _negative, _outside, _rows, _sigmoid, negative, outside
from lib.types import Numbers

LEARNED = 0.5  # test accuracy from which the outputs say something
HONEST = 0.05  # calibration error that counts as small
WEAK = 0.5  # rank correlation below which a number is a poor guide
CLOSE = 0.02  # accuracies this near count as equal: ten of the 500 test digits
GUESS = 0.1  # test accuracy of a guess among ten digits
AGREE = 1e-6  # weights this near are the same but for rounding


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {"main": main(result), "output": output(result), "literal": literal(result), "odds": odds(result),
            "origins": origins(result), "bayes": bayes(result), "boltzmann": boltzmann(result),
            "signs": signs(result)}  # fmt: skip


def _against(values: Array, number: float) -> Outcome:
    """Compare values (R,) with a number that was named beforehand."""
    return paired(values, np.full_like(values, number))


def main(result: Result) -> Verdict:
    """Are the weights probabilities?"""
    w1, w2 = result.weights
    numbers: Numbers = {
        "outside": float(np.median(outside(result))),
        "rows": round(_rows(w1) * w1[..., 0].size + _rows(w2) * w2[..., 0].size),
        "all_rows": w1[..., 0].size + w2[..., 0].size,
        "negative": float(np.median(negative(result))),
        "accuracy": float(np.median(result.accuracy)),
        "free": float(np.median(result.free)),
        "repeats": len(result.accuracy),
        "sum": float(np.abs(result.outputs.sum(1) - 1).max()),
    }
    if outside(result).max() > 0:
        return Verdict("outside", numbers)
    if numbers["rows"] != numbers["all_rows"]:
        return Verdict("interval_by_force", numbers)
    price = paired(result.accuracy, result.free)
    return Verdict("rows_by_force" if price is Outcome.LOWER else "rows_no_price", numbers)


def output(result: Result) -> Verdict:
    """Is the softmax output a probability, and an honest one?"""
    error, sure = result.calibration_error(), result.outputs.max(1).mean(1)
    numbers: Numbers = {
        "sum": float(np.abs(result.outputs.sum(1) - 1).max()),
        "error": 100 * float(np.median(error)),
        "sure": float(np.median(sure)),
        "accuracy": float(np.median(result.accuracy)),
    }
    if numbers["accuracy"] < LEARNED:  # type: ignore[operator]
        return Verdict("output_unlearned", numbers)
    if _against(error, HONEST) is Outcome.LOWER:
        return Verdict("output_honest", numbers)
    if _against(error, HONEST) is Outcome.UNCLEAR:
        return Verdict("output_unclear", numbers)
    found = {Outcome.LOWER: "output_unsure", Outcome.HIGHER: "output_boasts", Outcome.UNCLEAR: "output_unclear"}
    return Verdict(found[paired(sure, result.accuracy)], numbers)


def literal(result: Result) -> Verdict:
    """Is the size of a weight the probability that its sign is right?"""
    w, right = result.literal.reshape(2, len(result.accuracy), -1)
    rho = np.array([_rank_correlation(np.abs(a), b) for a, b in zip(w, right, strict=True)])
    numbers: Numbers = {"rho": float(np.median(rho)), "error": float(np.abs(np.abs(w) - right).mean()),
                        "count": w.shape[1]}  # fmt: skip
    found = {Outcome.LOWER: "literal_weak", Outcome.HIGHER: "literal_strong", Outcome.UNCLEAR: "literal_unclear"}
    return Verdict(found[_against(rho, WEAK)], numbers)


def _rank_correlation(a: Array, b: Array) -> float:
    """Spearman's: equal values share their rank; 0 if one of the two does not vary."""
    ranks = np.stack([_ranks(a), _ranks(b)])
    return float(np.corrcoef(ranks)[0, 1]) if np.ptp(ranks, axis=1).all() else 0.0


def _ranks(values: Array) -> Array:
    """Mean ranks, as scipy.stats.rankdata gives them, without loading scipy.stats for a page's first sight."""
    _, which, count = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(count) - (count - 1) / 2)[which])


def odds(result: Result) -> Verdict:
    """Does one standard deviation more multiply every patient's odds by the same factor?"""
    k = list(FEATURES).index(result.config.feature)
    _, change, ratio = result.more()
    w = result.log_odds[:, k]
    numbers: Numbers = {
        "feature": result.config.feature, "weight": float(w[0]), "factor": float(np.exp(w[0])),
        "gap": float(np.abs(ratio / np.exp(w[0]) - 1).max()), "low": 100 * float(change.min()),
        "high": 100 * float(change.max()), "patients": len(change), "spread": float(np.ptp(w)), "repeats": len(w),
    }  # fmt: skip
    return Verdict("odds_same" if float(numbers["gap"]) < AGREE else "odds_broken", numbers)


def origins(result: Result) -> Verdict:
    """Does a network's descent end where the method of statistics does?"""
    numbers: Numbers = {
        "gap": float(np.abs(result.log_odds - result.fitted).max()), "patients": len(result.patients),
        "repeats": len(result.log_odds), "measurements": len(FEATURES),
    }  # fmt: skip
    return Verdict("origins_same" if float(numbers["gap"]) < AGREE else "origins_differ", numbers)


def boltzmann(result: Result) -> Verdict:
    """Are the weights of a Boltzmann machine probabilities?"""
    found = _outside(result.machine)
    before, after = np.median(result.misread, 1)
    numbers: Numbers = {
        "outside": float(np.median(found)), "negative": float(np.median(_negative(result.machine))),
        "hidden": result.machine.shape[2], "repeats": len(found), "before": float(before), "after": float(after),
    }  # fmt: skip
    return Verdict("boltzmann_outside" if found.min() > 0 else "boltzmann_within", numbers)


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
    both, no, yes = (float(np.median(v)) for v in result.signs)
    numbers: Numbers = {
        "all": both, "negative": no, "positive": yes, "repeats": result.signs.shape[1],
        "wins": int((result.signs[1] > result.signs[2]).sum()),
    }  # fmt: skip
    if _against(result.signs[1], GUESS) is not Outcome.HIGHER:
        return Verdict("signs_useless", numbers)
    outcome = paired(result.signs[1], result.signs[2])
    if outcome is not Outcome.UNCLEAR:
        return Verdict("signs_negative" if outcome is Outcome.HIGHER else "signs_positive", numbers)
    same = alike(result.signs[1], result.signs[2], CLOSE)
    return Verdict("signs_alike" if same else "signs_unclear", numbers)
