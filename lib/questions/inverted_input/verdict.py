"""Which sentences the numbers of a run choose."""

import numpy as np

from lib import evidence
from lib.evidence import Outcome
from lib.members import members
from lib.question import Verdict
from lib.questions.inverted_input.result import Result
from lib.types import Numbers

SAME = 0.99  # correlation from which two sets of weights count as mirror images: 98 % of the variance is shared


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result),
        "symmetry": symmetry(result),
        "signs": signs(result),
        "data": data(result),
        "one_minus": one_minus(result),
    }


def headline(result: Result) -> Numbers:
    """What the plain file prints too: how many pairs are mirror images to the last bit, and both correlations."""
    return {
        "equal": int(result.equal.sum()),
        "repeats": len(result.equal),
        "matched": float(np.median(result.matched)),
        "matched_unmirrored": float(np.median(result.matched_unmirrored)),
    }


def main(result: Result) -> Verdict:
    """Are the second network's weights the mirror image of the first one's?"""
    numbers: Numbers = {
        "repeats": len(result.equal),
        "equal": int(result.equal.sum()),
        "count": result.count,
        "inverted": int(result.mask.sum()),
        "matched": float(np.median(result.matched)),
        "matched_unmirrored": float(np.median(result.matched_unmirrored)),
        "accuracy": float(np.median(result.accuracy[0])),
        "diverged": members(result.diverged).count_diverged,
    }
    return Verdict(_key(result), numbers)


def _key(result: Result) -> str:
    if members(result.diverged).more_lost_than(1 / 2):
        return "diverged"
    if not result.mask.any():
        return "nothing"
    if result.equal.all():
        return "exact"
    if result.config.start == "mirrored":
        return "drifted"  # what is still turned was turned at the start: training did not do it
    if evidence.paired(result.matched, result.matched_unmirrored) is not Outcome.HIGHER:
        return "apart"  # of a few inverted inputs most weights say nothing: both correlations are high
    return "nearly" if np.median(result.matched) >= SAME else "partly"


def symmetry(result: Result) -> Verdict:
    """Is the mirror image of any weights as good for -x as they are for x?"""
    holds = result.mask.any() and result.symmetry_gap.max() == 0
    return Verdict("symmetry_holds" if holds else "symmetry_nothing", {"repeats": len(result.equal)})


def signs(result: Result) -> Verdict:
    """Do positive weights of an inverted input become negative?"""
    numbers: Numbers = {"share": float(np.median(result.turned_negative)), "repeats": len(result.equal)}
    if not (result.mask & result.live).any():
        return Verdict("signs_nothing", numbers)
    return Verdict("signs_all" if result.turned_negative.min() == 1 else "signs_some", numbers)


def data(result: Result) -> Verdict:
    """Does a weight's sign depend on the training data, all else equal?"""
    inverted, kept = result.data_turned
    numbers: Numbers = {"inverted": float(np.median(inverted)), "kept": float(np.median(kept))}
    if inverted.min() == 0:
        return Verdict("data_not_yet", numbers)
    return Verdict("data_decide" if (~result.mask & result.live).any() else "data_decide_all", numbers)


def one_minus(result: Result) -> Verdict:
    """Is 1 - x the same as -x?"""
    moved, left = result.one_minus.moved, result.one_minus.left
    numbers: Numbers = {"moved": float(np.median(moved)), "left": float(np.median(left))}
    matters = evidence.paired(moved, left) is Outcome.HIGHER
    return Verdict("one_minus_matters" if matters else "one_minus_open", numbers)
