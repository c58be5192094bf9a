"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.members import members
from lib.question import Verdict
from lib.questions.synapses.result import Array, Result
from lib.types import Numbers

SAME = 0.02  # scores closer than this count as the same
LEARNED = 0.05  # above the best constant answer by so much: something has been learned
ROUNDING = 1e-4  # outputs closer than this count as the same function


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result),
        "first": first(result),
        "absent": absent(result),
        "clipped": clipped(result),
        "relay": relay(result),
        "copies": copies(result),
        "purity": purity(result),
    }


def _level(result: Result, scores: Array) -> float:
    """Median score; for XOR the share of the starts that solved it."""
    return float(scores.mean() if result.config.task == "xor" else np.median(scores))


def main(result: Result) -> Verdict:
    """How far do networks come whose units are excitatory or inhibitory for good?"""
    row = result.counts.tolist().index(result.chosen)
    numbers: Numbers = {
        "chosen": result.chosen,
        "units": result.config.width,
        "inputs": result.config.inputs,
        "steps": result.config.steps,
        "repeats": len(result.free),
        "free": _level(result, result.free),
        "dale": _level(result, result.dale[row]),
        "none": _level(result, result.dale[0]),
        "all": _level(result, result.dale[-1]),
        "diverged": members(result.diverged).count_diverged,
    }
    if members(result.diverged).more_lost_than(1 / 4):
        return Verdict("diverged", numbers)
    if float(numbers["free"]) < result.chance + LEARNED:
        return Verdict("unlearned", numbers)
    kind = {0: "none", result.config.width: "all"}.get(result.chosen, "mixed")
    return Verdict(f"{kind}_{_outcome(result, float(numbers['dale']), float(numbers['free']))}", numbers)


def _outcome(result: Result, dale: float, free: float) -> str:
    if dale < result.chance + LEARNED:
        return "fails"
    return "as_well" if dale > free - SAME else "less_well"


def first(result: Result) -> Verdict:
    """What is the first inhibitory unit worth, against the same draws without any?"""
    without, with_one = result.dale[0], result.dale[result.counts.tolist().index(1)]
    gain = _level(result, with_one) - _level(result, without)
    numbers: Numbers = {
        "without": _level(result, without),
        "one": _level(result, with_one),
        "points": 100 * gain,
        "units": result.config.width,
    }
    return Verdict("first_same" if abs(gain) < SAME else "first_helps" if gain > 0 else "first_hurts", numbers)


def absent(result: Result) -> Verdict:
    """Is a weight of zero the same as no link?"""
    numbers: Numbers = {"gap": result.absent, "units": result.config.width}
    if result.absent == 0:
        return Verdict("absent_exact", numbers)
    return Verdict("absent_rounding" if result.absent < ROUNDING else "absent_broken", numbers)


def clipped(result: Result) -> Verdict:
    """Does a network survive if its negative weights are cut, as though they were missing links?"""
    numbers: Numbers = {"before": _level(result, result.free), "after": _level(result, result.clipped)}
    if float(numbers["before"]) < result.chance + LEARNED:
        return Verdict("clipped_unlearned", numbers)
    lost = float(numbers["before"]) - float(numbers["after"])
    return Verdict("clipped_spares" if lost < SAME else "clipped_destroys", numbers)


def relay(result: Result) -> Verdict:
    """Is a weight of -2 an excitatory link to an inhibitory relay?"""
    numbers: Numbers = {"gap": result.relay_gap, "lowest": result.lowest}
    return Verdict("relay_exact" if result.relay_gap == 0 else "relay_fails", numbers)


def copies(result: Result) -> Verdict:
    """Is every free network a Dale network of twice the units?"""
    numbers: Numbers = {"gap": result.copies_gap, "units": result.config.width, "twice": 2 * result.config.width}
    return Verdict("copies_exact" if result.copies_gap < ROUNDING else "copies_broken", numbers)


def purity(result: Result) -> Verdict:
    """Do freely trained units come out excitatory or inhibitory?"""
    pure = int((result.purity == 1).sum())
    numbers: Numbers = {"mean": float(result.purity.mean()), "pure": pure, "of": result.purity.size}
    if result.config.task != "digits":
        return Verdict("purity_trivial", numbers)
    return Verdict("purity_mixed" if 20 * pure < result.purity.size else "purity_some", numbers)
