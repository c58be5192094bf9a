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
        "absent": absent(result),
        "clipped": clipped(result),
        "relay": relay(result),
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
        "repeats": len(result.free),
        "free": _level(result, result.free),
        "excitatory": _level(result, result.excitatory),
        "peers": _level(result, result.peers),
        "dale": _level(result, dale),
        "none": _level(result, result.dale[0]),
        "all": _level(result, result.dale[-1]),
        "margin": 100 * (SAME_SOLVED if result.config.task == "xor" else SAME),
        "diverged": members(result.diverged).count_diverged,
    }
    if members(result.diverged).more_lost_than(1 / 4):
        return Verdict("diverged", numbers)
    if _unlearned(result, result.peers) and _unlearned(result, result.free):
        return Verdict("unlearned", numbers)
    return Verdict(_outcome(result, dale), numbers)


def headline(result: Result) -> Numbers:
    """Return what the plain file prints too."""
    numbers = main(result).numbers
    return {name: numbers[name] for name in ("dale", "peers")}


def _outcome(result: Result, dale: Array) -> str:
    """What one sign per unit makes of it: whether they do as well is asked first, then in which way they do not."""
    if not dale.any() or (result.config.task != "xor" and _unlearned(result, dale)):
        one_kind = result.chosen in (0, result.config.width)
        theorem = one_kind and result.config.inputs == "excitatory" and result.config.task == "xor"
        return "impossible" if theorem else "fails"  # every activation on offer is monotone
    if _alike(result, dale, result.peers):
        return "softmax_as_well" if result.config.task == "digits" else "mixed_as_well"
    return ENDINGS[_compared(result, dale, result.peers)]


def inputs(result: Result) -> Verdict:
    """What do excitatory inputs do, the outgoing signs left free?"""
    numbers: Numbers = {"free": _level(result, result.free), "excitatory": _level(result, result.excitatory)}
    if _unlearned(result, result.free) and _unlearned(result, result.excitatory):
        return Verdict("inputs_unclear", numbers)
    outcome = _compared(result, result.excitatory, result.free)
    if outcome is Outcome.UNCLEAR:
        return Verdict("inputs_same" if _alike(result, result.excitatory, result.free) else "inputs_unclear", numbers)
    return Verdict("inputs_helps" if outcome is Outcome.HIGHER else "inputs_hurts", numbers)


def absent(result: Result) -> Verdict:
    """Is a weight of zero the same as no link?"""
    numbers: Numbers = {"half": result.config.width // 2}
    return Verdict("absent_exact" if result.absent < ROUNDING else "absent_broken", numbers)


def clipped(result: Result) -> Verdict:
    """Does a network survive if its negative weights are cut, as though they were missing links?"""
    numbers: Numbers = {"before": _level(result, result.free), "after": _level(result, result.clipped)}
    if _unlearned(result, result.free):
        return Verdict("clipped_unclear", numbers)
    if _compared(result, result.clipped, result.free) is Outcome.LOWER:
        return Verdict("clipped_destroys", numbers)
    return Verdict("clipped_spares" if _alike(result, result.clipped, result.free) else "clipped_unclear", numbers)


def relay(result: Result) -> Verdict:
    """Is a weight of -2 an excitatory link to an inhibitory relay?"""
    numbers: Numbers = {"lowest": result.lowest, "sent": result.sent, "direct": -2 * result.sent}
    numbers |= {"relay": max(2 * result.sent, 0.0), "relayed": -max(2 * result.sent, 0.0)}
    return Verdict("relay_exact" if result.relay_gap == 0 else "relay_fails", numbers)
