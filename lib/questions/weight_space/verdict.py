"""Which sentences the numbers of a run choose."""

from math import lgamma, log

import numpy as np

from lib.evidence import Outcome, paired
from lib.question import Verdict
from lib.questions.weight_space.result import Array, Result
from lib.types import Numbers

SAME = 0.9  # cosine from which weights count as the same
OTHER = 0.3  # and below which they count as others
MOSTLY = 0.5  # share of the test digits that "mostly the same answers" takes
BARRIER = 0.02  # a fall in accuracy on the way that counts: ten of the 500 test digits
ROUNDING = 1e-4  # in the outputs


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    rules = {"main": main, "order": order, "copies": copies, "barrier": barrier, "walk": walk, "valley": valley}
    return {name: rule(result) for name, rule in rules.items()}


def pairs(values: Array) -> float:
    """Median over the pairs of different networks in (R, R)."""
    return float(np.median(values[np.triu_indices(len(values), 1)]))


def _each(values: Array) -> Array:
    """Median over each network's pairs, (R,) of (R, R): networks are the repeats, since pairs share them."""
    others = ~np.eye(len(values), dtype=bool)
    return np.median(values[others].reshape(len(values), -1), 1)


def _against(values: Array, level: float) -> Outcome:
    """Whether values (R,) are above or below one that was named beforehand."""
    return paired(values, np.full(len(values), level))


def main(result: Result) -> Verdict:
    """Same answers? Same weights?"""
    numbers: Numbers = {
        "repeats": len(result.accuracy),
        "accuracy": float(np.median(result.accuracy)),
        "agreement": pairs(result.agreement),
        "cosine": pairs(result.cosine),
        "aligned": pairs(result.aligned),
        "untrained": pairs(result.untrained),
        "elsewhere": pairs(result.elsewhere),
        "width": result.config.width,
        "steps": result.config.steps,
    }
    if not result.learned:
        return Verdict("unlearned", numbers)
    raw = _each(result.cosine)
    if _against(raw, SAME) is Outcome.HIGHER:
        return Verdict("same_weights", numbers)
    if _against(raw, OTHER) is not Outcome.LOWER:
        return Verdict("between", numbers)
    mostly = _against(_each(result.agreement), MOSTLY) is Outcome.HIGHER
    return Verdict("other_weights" if mostly else "other_answers", numbers)


def headline(result: Result) -> Numbers:
    """Return what the plain file prints too."""
    numbers = main(result).numbers
    return {name: numbers[name] for name in ("agreement", "cosine", "aligned", "untrained")}


def order(result: Result) -> Verdict:
    """Does the start decide, or the order of the batches? And how much of the difference is a matter of order?"""
    own, shared = result.cosine, result.elsewhere
    if result.config.start == "shared":
        own, shared = shared, own
    numbers: Numbers = {"own": pairs(own), "shared": pairs(shared)}
    if not result.learned:
        return Verdict("order_unclear", numbers)
    alike, apart = _against(_each(shared), SAME), _against(_each(own), OTHER)
    if alike is Outcome.HIGHER and apart is Outcome.LOWER:
        return Verdict("start_decides", numbers)
    both = alike is Outcome.LOWER and paired(_each(shared), _each(own)) is Outcome.HIGHER
    return Verdict("start_and_order" if both else "order_unclear", numbers)


def copies(result: Result) -> Verdict:
    """Is a network with its units shuffled the same network, and how far away is it?"""
    width = result.config.width
    numbers: Numbers = {
        "width": width,
        "power": lgamma(width + 1) / log(10),
        "distance": float(np.median(result.distance[:, 2])),
        "middle": float(np.median(result.path_accuracy[len(result.shares) // 2, :, 2])),
        "accuracy": float(np.median(result.accuracy)),
    }
    if result.copy_gap.max() > ROUNDING or result.copy_back.max() > 0:
        return Verdict("copies_broken", numbers)
    keys = {Outcome.HIGHER: "copies_far", Outcome.LOWER: "copies_near", Outcome.UNCLEAR: "copies_unclear"}
    return Verdict(keys[_against(result.barriers[:, 2], BARRIER)], numbers)


def barrier(result: Result) -> Verdict:
    """Is there a hill between two solutions, and does matching the units take half of it away?"""
    raw, matched = result.barriers[:, :2].T
    numbers: Numbers = {"raw": 100 * float(np.median(raw)), "matched": 100 * float(np.median(matched))}
    numbers["by"] = result.config.matched
    if not result.learned:
        return Verdict("barrier_unclear", numbers)
    if _against(raw, BARRIER) is Outcome.LOWER:
        return Verdict("barrier_none", numbers)
    if _against(raw, BARRIER) is Outcome.UNCLEAR:
        return Verdict("barrier_unclear", numbers)
    half = paired(raw, 2 * matched)
    if half is Outcome.UNCLEAR and paired(raw, matched) is Outcome.HIGHER:
        return Verdict("barrier_lower", numbers)
    return Verdict("barrier_shrinks" if half is Outcome.HIGHER else "barrier_stays", numbers)


def walk(result: Result) -> Verdict:
    """Do two directions hold most of the path, and of a random walk's?"""
    path, control = (np.median(s, 0) for s in (result.path_shares, result.walk_shares))
    numbers: Numbers = {"both": float(path.sum()), "walk_both": float(control.sum())}
    sums = result.walk_shares.sum(1), 0.8 * result.path_shares.sum(1)
    keys = {Outcome.HIGHER: "walk_alike", Outcome.LOWER: "walk_unlike", Outcome.UNCLEAR: "walk_unclear"}
    return Verdict(keys[paired(*sums)], numbers)


def valley(result: Result) -> Verdict:
    """Do the two weights find one point, or a valley?"""
    start, end, solved = result.toy[0], result.toy[-1], result.solved
    reach = (start[:, 0] > 0) & (start.sum(1) > 0)
    ends = end[solved] if solved.any() else np.zeros((1, 2))
    numbers: Numbers = {
        "starts": len(solved),
        "solved": int(solved.sum()),
        "stuck": int((~solved).sum()),
        "unlike": int((solved != reach).sum()),
        "low": float(ends[:, 0].min()),
        "high": float(ends[:, 0].max()),
    }
    return Verdict("valley_unlike_theory" if numbers["unlike"] else "valley", numbers)
