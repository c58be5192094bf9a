"""Which sentences the numbers of a run choose."""

import numpy as np

from lib import evidence
from lib.evidence import Outcome
from lib.members import members
from lib.question import Verdict
from lib.questions.forbidden_sign.config import MOST
from lib.questions.forbidden_sign.result import Array, Result
from lib.types import Numbers

SAME = 0.01  # a cost of less than a point is none to speak of
LEARNED = 0.05  # above the best constant answer by so much: something has been learned


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result),
        "functions": functions(result),
        "head": head(result),
        "outputs": outputs(result),
    }


def headline(result: Result) -> Numbers:
    """What the plain file prints too: the functions that held networks learn, and the task's losses (medians)."""
    free, held = np.median(result.loss[-1], 1)
    return {"functions": int(_counts(result)[0, 1]), "loss_free": float(free), "loss_held": float(held)}


def main(result: Result) -> Verdict:
    """What does holding the weights at or above zero cost?"""
    scores, losses = np.median(result.score, 1), np.median(result.loss[-1], 1)
    numbers: Numbers = {
        "repeats": result.score.shape[1],
        "free": float(scores[0]),
        "held": float(scores[1]),
        "loss_free": float(losses[0]),
        "loss_held": float(losses[1]),
        "floor": result.floor,
        "diverged": members(result.diverged).count_diverged,
    }
    return Verdict(_key(result, float(scores[0]), float(losses[0])), numbers)


def _key(result: Result, score: float, loss: float) -> str:
    if members(result.diverged).more_lost_than(1 / 4):
        return "diverged"
    if result.config.held == "none":
        return "same"
    if score < result.chance + LEARNED:
        return "unlearned"
    if result.floor > loss:
        return f"floor_{result.reason}"
    free, held = result.score
    told = evidence.paired(held, free)
    if told is Outcome.HIGHER or evidence.alike(np.minimum(held, free), free, SAME):
        return "costless"  # pairs that gain do not hide what others lose
    return "worse" if told is Outcome.LOWER else "unclear"


def _counts(result: Result) -> Array:
    """How many of the 16 functions most networks learn: (heads, 2)."""
    return np.asarray((result.solved.mean(3) > MOST).sum(2))


def functions(result: Result) -> Verdict:
    """Which of the 16 Boolean functions can be learned with one logit?"""
    held = result.solved[0, 1].mean(1)
    learned = held > MOST
    counts = _counts(result)
    numbers: Numbers = {
        "free": int(counts[0, 0]),
        "held": int(counts[0, 1]),
        "monotone": int(result.monotone.sum()),
        "repeats": result.score.shape[1],
        "all": len(result.functions),
    }
    exactly = (learned == result.monotone).all() and not held[~result.monotone].any()
    learning = counts[0, 0] > result.monotone.sum()  # else the networks may be too small for more
    return Verdict("functions_monotone" if exactly and learning else "functions_other", numbers)


def head(result: Result) -> Verdict:
    """Does a second logit bring the minus sign back?"""
    counts = _counts(result)
    numbers: Numbers = {"one": int(counts[0, 1]), "two": int(counts[1, 1]), "all": len(result.functions)}
    each = result.solved[:, 1, ~result.monotone].sum(1)  # (heads, R): how many each start learns that can fall
    helps = result.config.held == "all" and evidence.paired(each[1], each[0]) is Outcome.HIGHER
    return Verdict("head_smuggles" if helps else "head_other", numbers)


def outputs(result: Result) -> Verdict:
    """Are the outputs of ReLU units non-negative, and the weights of the same networks not?"""
    low, high = float(result.negative.min()), float(result.negative.max())
    numbers: Numbers = {"least": result.least, "low": low, "high": high}
    shown = result.config.activation == "relu" and result.least >= 0 and high > 0
    return Verdict("outputs_only" if shown else "outputs_other", numbers)
