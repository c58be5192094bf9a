"""Which sentences the numbers of a run choose."""

import numpy as np

from lib import evidence
from lib.evidence import Outcome
from lib.members import members
from lib.question import Verdict
from lib.questions.gradient_signs.config import RATE
from lib.questions.gradient_signs.result import Array, Result
from lib.types import Numbers

AGREE = 1e-9  # in double precision; a larger gap between formula and autograd would be a mistake
BARELY = 0.004  # a share that reads '<1%'


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result),
        "inputs": inputs(result),
        "errors": errors(result),
        "branches": branches(result),
        "mixed": mixed(result),
        "step": step(result),
    }


def _shown(result: Result) -> Array:
    """The signs' shares (5, 3) as the chart shows them; what is not quite nothing or all is said as '<1%', '>99%'."""
    whole, exact = result.sign_shares() / 100, result.pooled()
    shown = np.where((whole == 0) & (exact > 0), np.minimum(exact, BARELY), whole)
    return np.where((whole == 1) & (exact < 1), np.maximum(exact, 1 - BARELY), shown)


def headline(result: Result) -> Numbers:
    """What the plain file prints too: the share of negative dO/dw, and of the weights that go down, up, or stay."""
    _, local, _, gradient, _ = _shown(result)
    return {
        "layer": result.config.layer,
        "local_negative": float(local[0]),
        "down": float(gradient[2]),
        "up": float(gradient[0]),
        "still": float(gradient[1]),
    }


def main(result: Result) -> Verdict:
    """Can weights go down although nothing negative comes in?"""
    _, local, error, gradient, _ = _shown(result)
    numbers: Numbers = {
        "local_negative": float(local[0]),
        "error_negative": float(error[0]),
        "up": float(gradient[0]),  # descent moves against the gradient
        "down": float(gradient[2]),
        "still": float(gradient[1]),
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
    local = _shown(result)[1]
    numbers: Numbers = {"zero": float(local[1])}
    if result.local[:, 0].max() > 0:
        return Verdict("inputs_signed", numbers)
    if result.config.activation != "relu":
        return Verdict("inputs_other", numbers)
    return Verdict("inputs_nonnegative" if local[1] > 0 else "inputs_positive", numbers)


def errors(result: Result) -> Verdict:
    """Does what comes back have either sign?"""
    error = _shown(result)[2]
    numbers: Numbers = {"negative": float(error[0]), "positive": float(error[2])}
    both = (result.error[:, 0] > 0).all() and (result.error[:, 2] > 0).all()
    return Verdict("errors_both" if both else "errors_one_sign", numbers)


def branches(result: Result) -> Verdict:
    """Is dE/dw the sum over the branches times dO/dw?"""
    numbers: Numbers = {
        "count": len(result.branches),
        "unit": result.unit,
        "sum": float(result.branches.sum()),
    }
    if result.autograd_gap.max() > AGREE:
        return Verdict("branches_wrong", numbers)
    return Verdict("branches_one" if len(result.branches) == 1 else "branches_right", numbers)


def mixed(result: Result) -> Verdict:
    """Do the weights of one unit move in both directions, for one sample and for a batch?"""
    one, many = result.mixed[0], result.mixed[-1]
    numbers: Numbers = {
        "one": float(np.median(one)),
        "many": float(np.median(many)),
        "some_one": int((one > 0).sum()),
        "some_many": int((many > 0).sum()),
        "networks": len(one),
    }
    if _most(one):
        return Verdict("mixed_always", numbers)
    by_batch = one.max() == 0 and _most(many)
    return Verdict("mixed_by_batch" if by_batch else "mixed_some", numbers)


def _most(shares: Array) -> bool:
    """Whether most networks are shown to have any such unit; the median, which is printed, is then above zero."""
    return evidence.share(int((shares > 0).sum()), len(shares)) is Outcome.HIGHER


def step(result: Result) -> Verdict:
    """Does the next plain gradient step make weights negative?"""
    numbers: Numbers = {
        "rate": RATE,
        "share": float(result.crossing.mean()),
        "some": int((result.crossing > 0).sum()),
        "networks": len(result.crossing),
    }
    return Verdict("step_crosses" if result.crossing.max() > 0 else "step_none", numbers)
