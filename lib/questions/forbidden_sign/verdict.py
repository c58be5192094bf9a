"""Which sentences the numbers of a run choose."""

import numpy as np

from lib import evidence
from lib.evidence import Outcome
from lib.members import members
from lib.question import Verdict
from lib.questions.forbidden_sign.config import MOST
from lib.questions.forbidden_sign.result import Array, Result
from lib.types import Numbers

ROUNDING = 1e-5  # float32 may come out below a floor by so much
SAME = 0.01  # losses of the same networks part by less; and a cost of less than a point is none to speak of
CORNERS, XOR = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
LEARNED = 0.05  # above the best constant answer by so much: something has been learned


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result),
        "functions": functions(result),
        "head": head(result),
        "rewriting": rewriting(result),
        "outputs": outputs(result),
    }


def main(result: Result) -> Verdict:
    """What does holding the weights at or above zero cost?"""
    scores, losses = np.median(result.score, 1), np.median(result.loss[-1], 1)
    numbers: Numbers = {
        "task": result.config.task,
        "held_layers": result.config.held,
        "steps": result.config.steps,
        "repeats": result.score.shape[1],
        "free": float(scores[0]),
        "held": float(scores[1]),
        "points": 100 * (round(float(scores[1]), 3) - round(float(scores[0]), 3)),  # of the shares as they are shown
        "loss_free": float(losses[0]),
        "loss_held": float(losses[1]),
        "lowest": float(result.loss[:, 1].min()),
        "floor": result.floor,
        "by_max": _best_of(CORNERS.max(1), XOR),
        "apart": float(np.abs(result.loss[:, 0] - result.loss[:, 1]).max()),
        "diverged": members(result.diverged).count_diverged,
    }
    return Verdict(_key(result, numbers), numbers)


def _key(result: Result, numbers: Numbers) -> str:
    if members(result.diverged).more_lost_than(1 / 4):
        return "diverged"
    if result.config.held == "none":
        return "same" if float(numbers["apart"]) < SAME else "not_same"
    if float(numbers["free"]) < result.chance + LEARNED:
        return "unlearned"
    if result.floor > 0 and float(numbers["lowest"]) < result.floor - ROUNDING:
        return "floor_broken"
    if result.floor > float(numbers["loss_free"]):
        return f"floor_{result.reason}"
    free, held = result.score
    told = evidence.paired(held, free)
    if told is Outcome.HIGHER and not evidence.alike(held, free, SAME):
        return "better"
    if evidence.alike(np.minimum(held, free), free, SAME):  # pairs that gain do not hide what others lose
        return "costless"
    return "worse" if told is Outcome.LOWER else "unclear"


def _best_of(values: Array, labels: Array) -> float:
    """Least mean cross-entropy of a sigmoid on any multiple of a function with two values, plus any constant.

    Both values (N,) may become any number, so the best are the two groups' means; the sigmoid reaches 0 in the limit.
    """
    means = np.array([labels[values == value].mean() for value in values])
    right = np.where(labels == 1, means, 1 - means)
    return float(-np.log(right).mean())


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
        "others": int((held[~result.monotone] > 0).sum()),
        "repeats": result.score.shape[1],
        "all": len(result.functions),
    }
    if result.config.held == "none":
        return Verdict("functions_free", numbers)
    if counts[0, 0] <= result.monotone.sum():
        return Verdict("functions_unlearned", numbers)
    if (learned == result.monotone).all() and not held[~result.monotone].any():
        return Verdict("functions_monotone", numbers)
    if result.config.held != "all":
        return Verdict("functions_escape" if counts[0, 1] > result.monotone.sum() else "functions_fewer", numbers)
    return Verdict("functions_fewer" if not held[~result.monotone].any() else "functions_broken", numbers)


def head(result: Result) -> Verdict:
    """Does a second logit bring the minus sign back?"""
    counts = _counts(result)
    xor = result.functions.index("xor")
    numbers: Numbers = {
        "one": int(counts[0, 1]),
        "two": int(counts[1, 1]),
        "xor_one": float(result.solved[0, 1, xor].mean()),
        "xor_two": float(result.solved[1, 1, xor].mean()),
        "all": len(result.functions),
    }
    if result.config.held != "all":
        return Verdict("head_not_needed" if counts[0, 1] == len(result.functions) else "head_some_free", numbers)
    each = result.solved[:, 1].sum(1)  # (heads, R): how many functions each start learns
    helps = evidence.paired(each[1], each[0]) is Outcome.HIGHER
    return Verdict("head_smuggles" if helps else "head_no_help", numbers)


def rewriting(result: Result) -> Verdict:
    """Can a trained free network be written without negative weights?"""
    left = result.negative_rewritten
    numbers: Numbers = {
        "first": float(result.negative[0]),
        "last": float(result.negative[-1]),
        "most": float(left.max()),
        "gap": result.gap,
        "layers": len(left),
    }
    if result.gap > 1e-3:
        return Verdict("rewriting_broken", numbers)
    return Verdict("rewriting_exact" if left.max() == 0 else "rewriting_partial", numbers)


def outputs(result: Result) -> Verdict:
    """Are the outputs of ReLU units non-negative, and the weights of the same networks not?"""
    low, high = float(result.negative.min()), float(result.negative.max())
    numbers: Numbers = {"least": result.least, "low": low, "high": high}
    if result.config.activation != "relu":
        return Verdict("outputs_other", numbers)
    return Verdict("outputs_only" if result.least >= 0 and high > 0 else "outputs_and_weights", numbers)
