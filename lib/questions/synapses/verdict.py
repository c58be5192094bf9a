"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, alike, paired, paired_counts, share
from lib.members import members
from lib.question import Verdict
from lib.questions.synapses.result import Array, Result
from lib.types import Numbers

SAME = 0.01  # scores that are shown to be closer do as well: one digit in a hundred
SAME_SOLVED = 0.1  # shares of starts that are shown to be closer do as well: one start in ten
LEARNED = 0.05  # above the best constant answer by so much: something has been learned
ROUNDING = 1e-4  # outputs closer than this count as the same function
ENDINGS = {Outcome.HIGHER: "better", Outcome.LOWER: "less_well", Outcome.UNCLEAR: "unclear"}


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result),
        "inputs": inputs(result),
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


def _compared(result: Result, one: Array, other: Array) -> Outcome:
    """Whether one condition (R,) scores higher than another from the same draws."""
    return paired_counts(one > 0, other > 0) if result.config.task == "xor" else paired(one, other)


def _alike(result: Result, one: Array, other: Array) -> bool:
    """Whether two conditions (R,) are shown to differ by less than the margin of their kind.

    Of solved or not, ranks tell nothing: if the pairs that differ either way are both shown to be fewer than the
    margin, then so is the difference.
    """
    if result.config.task != "xor":
        return alike(one, other, SAME)
    ways = (int((one > other).sum()), int((one < other).sum()))
    return all(share(way, len(one), SAME_SOLVED) is Outcome.LOWER for way in ways)


def _unlearned(result: Result, scores: Array) -> bool:
    return _level(result, scores) < result.chance + LEARNED


def main(result: Result) -> Verdict:
    """How far do networks come whose units are excitatory or inhibitory for good, all else equal?"""
    dale = result.dale[result.counts.tolist().index(result.chosen)]
    numbers: Numbers = {
        "chosen": result.chosen,
        "units": result.config.width,
        "inputs": result.config.inputs,
        "steps": result.config.steps,
        "repeats": len(result.free),
        "free": _level(result, result.free),
        "excitatory": _level(result, result.excitatory),
        "peers": _level(result, result.peers),
        "dale": _level(result, dale),
        "none": _level(result, result.dale[0]),
        "all": _level(result, result.dale[-1]),
        "chance": result.chance,
        "margin": 100 * (SAME_SOLVED if result.config.task == "xor" else SAME),
        "diverged": members(result.diverged).count_diverged,
    }
    if members(result.diverged).more_lost_than(1 / 4):
        return Verdict("diverged", numbers)
    if _unlearned(result, result.peers) and _unlearned(result, result.free):
        return Verdict("unlearned", numbers)
    kind = {0: "none", result.config.width: "all"}.get(result.chosen, "mixed")
    return Verdict(f"{kind}_{_outcome(result, dale, kind)}", numbers)


def _outcome(result: Result, dale: Array, kind: str) -> str:
    """What one sign per unit makes of it: whether they do as well is asked first, then in which way they do not."""
    if not dale.any() or (result.config.task != "xor" and _unlearned(result, dale)):
        theorem = kind != "mixed" and result.config.inputs == "excitatory" and result.config.task == "xor"
        return "impossible" if theorem else "fails"  # every activation on offer is monotone
    if _alike(result, dale, result.peers):
        return "as_well"
    return ENDINGS[_compared(result, dale, result.peers)]


def inputs(result: Result) -> Verdict:
    """What do excitatory inputs do, the outgoing signs left free?"""
    numbers: Numbers = {
        "free": _level(result, result.free),
        "excitatory": _level(result, result.excitatory),
        "repeats": len(result.free),
    }
    if _unlearned(result, result.free) and _unlearned(result, result.excitatory):
        return Verdict("inputs_unlearned", numbers)
    return Verdict(_effect(result, "inputs", result.excitatory, result.free), numbers)


def first(result: Result) -> Verdict:
    """What is the first inhibitory unit worth, against the same draws without any?"""
    without, with_one = result.dale[0], result.dale[result.counts.tolist().index(1)]
    numbers: Numbers = {
        "without": _level(result, without),
        "one": _level(result, with_one),
        "points": round(100 * _level(result, with_one), 1) - round(100 * _level(result, without), 1),
        "units": result.config.width,
    }
    return Verdict(_effect(result, "first", with_one, without), numbers)


def _effect(result: Result, name: str, one: Array, other: Array) -> str:
    """What a condition (R,) does to another: a difference that is shown is told, however small."""
    outcome = _compared(result, one, other)
    if outcome is Outcome.UNCLEAR:
        return f"{name}_same" if _alike(result, one, other) else f"{name}_unclear"
    return f"{name}_helps" if outcome is Outcome.HIGHER else f"{name}_hurts"


def absent(result: Result) -> Verdict:
    """Is a weight of zero the same as no link?"""
    numbers: Numbers = {"gap": result.absent, "units": result.config.width}
    if result.absent == 0:
        return Verdict("absent_exact", numbers)
    return Verdict("absent_rounding" if result.absent < ROUNDING else "absent_broken", numbers)


def clipped(result: Result) -> Verdict:
    """Does a network survive if its negative weights are cut, as though they were missing links?"""
    numbers: Numbers = {"before": _level(result, result.free), "after": _level(result, result.clipped)}
    if _unlearned(result, result.free):
        return Verdict("clipped_unlearned", numbers)
    if _compared(result, result.clipped, result.free) is Outcome.LOWER:
        return Verdict("clipped_destroys", numbers)
    return Verdict("clipped_spares" if _alike(result, result.clipped, result.free) else "clipped_unclear", numbers)


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
