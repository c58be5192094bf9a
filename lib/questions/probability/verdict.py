"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, paired
from lib.question import Verdict
from lib.questions.probability.config import FEATURES
from lib.questions.probability.result import Array, Result, _outside, _rows, _sigmoid, negative, outside
from lib.types import Numbers

HONEST = 0.05  # calibration error that counts as small
WEAK = 0.5  # rank correlation below which a number is a poor guide
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
    # As they are printed, so that the parts make the whole; all networks have as many weights.
    below, out = (round(float(share(result).mean()), 3) for share in (negative, outside))
    numbers: Numbers = {name: odds(result).numbers[name] for name in ("feature", "factor")} | {
        "outside": out, "negative": below, "above": out - below, "within": 1 - out,
        "rows": round(_rows(w1) * w1[..., 0].size + _rows(w2) * w2[..., 0].size),
        "all_rows": w1[..., 0].size + w2[..., 0].size,
        "accuracy": float(np.median(result.accuracy)),
        "free": float(np.median(result.free)),
        "repeats": len(result.accuracy),
    }  # fmt: skip
    if outside(result).max() > 0:
        return Verdict("outside", numbers)
    if numbers["rows"] != numbers["all_rows"]:
        return Verdict("interval_by_force", numbers)
    price = paired(result.accuracy, result.free)
    return Verdict("rows_by_force" if price is Outcome.LOWER else "rows_no_price", numbers)


def headline(result: Result) -> Numbers:
    """Return what the plain file prints too."""
    numbers = main(result).numbers
    return {name: numbers[name] for name in ("outside", "negative", "accuracy", "factor")}


def output(result: Result) -> Verdict:
    """Is the softmax output a probability, and an honest one?"""
    error, sure = result.calibration_error(), result.outputs.max(1).mean(1)
    numbers: Numbers = {"sure": float(np.median(sure)), "accuracy": float(np.median(result.accuracy))}
    found = {Outcome.LOWER: "output_honest", Outcome.HIGHER: "output_off", Outcome.UNCLEAR: "output_unclear"}
    return Verdict(found[_against(error, HONEST)], numbers)


def literal(result: Result) -> Verdict:
    """Is the size of a weight the probability that its sign is right?

    Nine of ten digits are not of a class, so that 'it is not that' is mostly right: each sign is ranked by itself.
    """
    w, right = result.literal.reshape(2, len(result.accuracy), -1)
    rho = np.array([
        np.mean([_rank_correlation(np.abs(a[sign]), b[sign]) for sign in (a < 0, a > 0)])
        for a, b in zip(w, right, strict=True)
    ])  # fmt: skip
    numbers: Numbers = {"rho": float(np.median(rho))}
    found = {Outcome.LOWER: "literal_weak", Outcome.HIGHER: "literal_strong", Outcome.UNCLEAR: "literal_unclear"}
    return Verdict(found[_against(rho, WEAK)], numbers)


def _rank_correlation(a: Array, b: Array) -> float:
    """Spearman's: equal values share their rank; 0 if one of the two does not vary."""
    ranks = np.stack([_ranks(a), _ranks(b)])
    return float(np.corrcoef(ranks)[0, 1]) if len(a) and np.ptp(ranks, axis=1).all() else 0.0


def _ranks(values: Array) -> Array:
    """Mean ranks, as scipy.stats.rankdata gives them, without loading scipy.stats for a page's first sight."""
    _, which, count = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(count) - (count - 1) / 2)[which])


def odds(result: Result) -> Verdict:
    """Does one standard deviation more multiply every patient's odds by the same factor?"""
    _, change, ratio = result.more()
    weight = float(result.log_odds[0, list(FEATURES).index(result.config.feature)])
    numbers: Numbers = {
        "feature": result.config.feature, "weight": weight, "factor": float(np.exp(weight)),
        "low": 100 * float(change.min()), "high": 100 * float(change.max()), "patients": len(change),
    }  # fmt: skip
    same = np.abs(ratio / np.exp(weight) - 1).max() < AGREE
    return Verdict("odds_same" if same else "odds_broken", numbers)


def origins(result: Result) -> Verdict:
    """Does a network's descent end where the method of statistics does?"""
    gap = np.abs(result.log_odds - result.fitted).max()
    return Verdict("origins_same" if gap < AGREE else "origins_differ", {})


def boltzmann(result: Result) -> Verdict:
    """Are the weights of a Boltzmann machine probabilities?"""
    found = _outside(result.machine)
    numbers: Numbers = {"outside": float(np.median(found))}
    return Verdict("boltzmann_outside" if found.min() > 0 else "boltzmann_within", numbers)


def bayes(result: Result) -> Verdict:
    """Where weights come from probabilities: naive Bayes."""
    w = result.bayes
    gap = float(np.abs(_sigmoid(w) - result.bayes_theta).max())
    numbers: Numbers = {"negative": float((w < 0).mean()), "above": float((w > 1).mean())}
    return Verdict("bayes_log_odds" if gap < 1e-9 else "bayes_broken", numbers)


def signs(result: Result) -> Verdict:
    """What do 'it is that' and 'it is not that' say alone?"""
    no, yes = result.signs
    numbers: Numbers = {"negative": float(np.median(no)), "positive": float(np.median(yes))}
    if _against(no, GUESS) is not Outcome.HIGHER:
        return Verdict("signs_useless", numbers)
    return Verdict("signs_negative" if paired(no, yes) is Outcome.HIGHER else "signs_useful", numbers)
