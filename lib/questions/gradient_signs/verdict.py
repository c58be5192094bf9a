"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.members import members
from lib.question import Verdict
from lib.questions.gradient_signs.result import Array, Result
from lib.types import Numbers

AGREE = 1e-9  # in double precision; a larger gap between formula and autograd would be a mistake


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result),
        "inputs": inputs(result),
        "errors": errors(result),
        "branches": branches(result),
        "mixed": mixed(result),
    }


def main(result: Result) -> Verdict:
    """Can weights go down although nothing negative comes in?"""
    gradient = np.median(result.gradient, 0)
    numbers: Numbers = {
        "local_negative": float(np.median(result.local[:, 0])),
        "local_zero": float(np.median(result.local[:, 1])),
        "error_negative": float(np.median(result.error[:, 0])),
        "error_positive": float(np.median(result.error[:, 2])),
        "up": float(gradient[0]),  # descent moves against the gradient
        "still": float(gradient[1]),
        "down": float(gradient[2]),
        "batch": result.config.batch,
        "layer": result.config.layer,
        "networks": len(result.dead),
        "dead": int(result.dead.sum()),
    }
    return Verdict(_key(result, gradient), numbers)


def _key(result: Result, gradient: Array) -> str:
    if members(result.dead & False, result.dead).more_lost_than(1 / 2):
        return "dead"
    if result.local[:, 0].max() > 0:
        return "signed_inputs"
    return "both_ways" if gradient[0] > 0 and gradient[2] > 0 else "one_way"


def inputs(result: Result) -> Verdict:
    """Is dO/dw never negative?"""
    numbers: Numbers = {
        "negative": float(np.median(result.local[:, 0])),
        "zero": float(np.median(result.local[:, 1])),
        "arriving": float(np.median(result.arriving[:, 0])),
    }
    return Verdict("inputs_signed" if result.local[:, 0].max() > 0 else "inputs_nonnegative", numbers)


def errors(result: Result) -> Verdict:
    """Does what comes back have either sign?"""
    numbers: Numbers = {
        "negative": float(np.median(result.error[:, 0])),
        "positive": float(np.median(result.error[:, 2])),
    }
    both = (result.error[:, 0] > 0).all() and (result.error[:, 2] > 0).all()
    return Verdict("errors_both" if both else "errors_one_sign", numbers)


def branches(result: Result) -> Verdict:
    """Is dE/dw the sum over the branches times dO/dw?"""
    numbers: Numbers = {
        "gap": float(result.autograd_gap.max()),
        "count": len(result.branches),
        "unit": result.unit,
        "sum": float(result.branches.sum()),
        "disagree": float(np.median(result.disagree)),
    }
    if result.autograd_gap.max() > AGREE:
        return Verdict("branches_wrong", numbers)
    return Verdict("branches_one" if len(result.branches) == 1 else "branches_right", numbers)


def mixed(result: Result) -> Verdict:
    """Do the weights of one unit move in both directions, for one sample and for a batch?"""
    numbers: Numbers = {"one": float(np.median(result.mixed[0])), "many": float(np.median(result.mixed[-1]))}
    if result.mixed[0].max() > 0:
        return Verdict("mixed_always", numbers)
    return Verdict("mixed_by_batch" if result.mixed[-1].max() > 0 else "mixed_never", numbers)
