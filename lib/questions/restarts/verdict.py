"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, counts, paired_counts, share
from lib.members import members
from lib.question import Verdict
from lib.questions.restarts.config import SOLVED
from lib.questions.restarts.result import GAP, Result, chance
from lib.types import Array, Numbers

CLOSE = 0.1  # shares of solved runs that differ by less count as alike: a try in ten


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result),
        "better": better(result),
        "again": again(result),
        "order": order(result),
        "width": width(result),
    }


def spread(values: Array) -> float:
    """Largest difference between any two rows, over all columns."""
    return float(np.ptp(values, axis=0).max())


def headline(result: Result) -> Numbers:
    """Return what the plain file prints too."""
    return {
        "good": int(result.solved.sum()),
        "runs": result.solved.size,
        "best": float(result.loss[-1].min()),
        "worst": float(result.loss[-1].max()),
        "stuck": float(np.median(result.constant[-1])),
    }


def main(result: Result) -> Verdict:
    """Does training again help, from a constant and from random numbers?"""
    good, runs = int(result.solved.sum()), result.solved.size
    numbers: Numbers = {
        "runs": runs, "good": good, "constant": result.config.constant,
        "stuck": float(np.median(result.constant[-1])), "best": float(result.loss[-1].min()),
        "five": chance(good, runs, 5), "diverged": members(result.diverged.max(0)).count_diverged,
    }  # fmt: skip
    if numbers["diverged"]:
        return Verdict("diverged", numbers)
    if (result.constant[-1] < SOLVED).all():
        return Verdict("constant_solves", numbers)
    if good == 0:
        return Verdict("never", numbers)
    return Verdict("always" if good == runs else "helps", numbers)


def better(result: Result) -> Verdict:
    """Is there an end to get stuck at, and a random start that ends lower?"""
    random, constant = result.loss[-1], float(np.median(result.constant[-1]))
    numbers: Numbers = {
        "runs": random.size, "stuck": constant,
        "lower": int((random < constant - GAP).sum()), "best": float(random.min()), "worst": float(random.max()),
    }  # fmt: skip
    if members(result.diverged.max(0)).count_diverged:
        return Verdict("better_diverged", {})
    worst = max(constant, float(random.max()))
    if worst < SOLVED:
        return Verdict("better_no_need", numbers)
    return Verdict("better_found" if random.min() < worst - GAP else "better_none", numbers)


def again(result: Result) -> Verdict:
    """Are the runs from the constant the same, to the last bit?"""
    numbers: Numbers = {
        "runs": len(result.constant_ends),
        "gap": spread(result.constant_ends),
        "different": len(np.unique(result.constant[-1])),
        "random": len(np.unique(result.loss[-1])),
    }
    return Verdict("again_same" if numbers["gap"] == 0 else "again_rounded", numbers)


def order(result: Result) -> Verdict:
    """From the constant, is another order of the data a new chance?"""
    numbers: Numbers = {
        "orders": result.order_loss.size,
        "good": int((result.order_loss < SOLVED).sum()),
        "random": int(result.solved.sum()),
        "runs": result.solved.size,
    }
    gone = members(result.order_diverged).count_diverged
    if gone:
        return Verdict("order_diverged", {"orders": numbers["orders"], "diverged": gone})
    if (result.constant[-1] < SOLVED).all():
        return Verdict("order_no_need", numbers)
    if numbers["good"]:
        return Verdict("order_helps", numbers)
    less = counts(0, result.order_loss.size, int(result.solved.sum()), result.solved.size)
    return Verdict("order_no_help" if less is Outcome.LOWER else "order_unclear", numbers)


def width(result: Result) -> Verdict:
    """Does a wider network need fewer tries?"""
    shares = (result.by_width < SOLVED).mean(1)
    numbers: Numbers = {
        "narrow": int(result.widths[0]), "wide": int(result.widths[-1]),
        "first": float(shares[0]), "last": float(shares[-1]), "runs": result.solved.size,
    }  # fmt: skip
    narrow, wide = result.by_width[0] < SOLVED, result.by_width[-1] < SOLVED
    outcome = paired_counts(wide, narrow)
    if outcome is not Outcome.UNCLEAR:
        return Verdict("width_helps" if outcome is Outcome.HIGHER else "width_hurts", numbers)
    # If fewer than CLOSE of the starts fare differently, then the two shares differ by less than that.
    same = share(int((narrow != wide).sum()), wide.size, CLOSE) is Outcome.LOWER
    return Verdict("width_alike" if same else "width_unclear", numbers)
