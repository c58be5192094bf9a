"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.members import members
from lib.question import Verdict
from lib.questions.inverted_input.result import Result
from lib.types import Numbers

SAME = 0.99  # correlation from which two sets of weights count as mirror images
PARTLY = 0.5


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {"main": main(result), "function": function(result), "one_minus": one_minus(result)}


def main(result: Result) -> Verdict:
    """Are the second network's weights the mirror image of the first one's?"""
    numbers: Numbers = {
        "repeats": len(result.equal),
        "equal": int(result.equal.sum()),
        "count": result.count,
        "inverted": int(result.mask.sum()),
        "steps": result.config.steps,
        "mirror": float(np.median(result.mirror[-1])),
        "unmirrored": float(np.median(result.unmirrored[-1])),
        "accuracy": float(np.median(result.accuracy[0])),
        "accuracy_inverse": float(np.median(result.accuracy[1])),
        "diverged": members(result.diverged).count_diverged,
    }
    return Verdict(_key(result, float(numbers["mirror"])), numbers)


def _key(result: Result, mirror: float) -> str:
    if members(result.diverged).more_lost_than(1 / 2):
        return "diverged"
    if not result.mask.any():
        return "nothing_same" if result.equal.all() else "nothing_other"
    if result.equal.all():
        return "exact"
    if mirror >= SAME:
        return "optimum"
    return "partly" if mirror >= PARTLY else "apart"


def function(result: Result) -> Verdict:
    """Do both networks give the same answers?"""
    numbers: Numbers = {
        "agreement": float(np.median(result.agreement)),
        "accuracy": float(np.median(result.accuracy[0])),
        "accuracy_inverse": float(np.median(result.accuracy[1])),
        "gap": float(result.gap.max()),
    }
    return Verdict("function_identical" if result.gap.max() == 0 else "function_alike", numbers)


def one_minus(result: Result) -> Verdict:
    """Is 1 - x the same as -x?"""
    numbers: Numbers = {
        "before": float(np.median(result.one_minus.before)),
        "moved": float(np.median(result.one_minus.moved)),
        "left": float(np.median(result.one_minus.left)),
        "gap": result.one_minus.gap,
    }
    if not result.mask.any():
        return Verdict("one_minus_nothing", numbers)
    return Verdict("one_minus_matters" if numbers["moved"] != numbers["left"] else "one_minus_harmless", numbers)
