"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, paired
from lib.question import Verdict
from lib.questions.cures.config import GRID, KINDS, NORMS
from lib.questions.cures.result import Result
from lib.types import Numbers

EXACT = 1e-9  # gaps between autograd and a right formula are rounding
FREE = 0.75  # of a unit's gradients with the majority's sign: less is nearer to an even split than to all alike


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result),
        "norms": norms(result),
        "bias_signs": bias_signs(result),
        "algebra": algebra(result),
        "optimisers": optimisers(result),
    }


def _numbers(result: Result) -> Numbers:
    """The median steps of every cure by its name, and what most sentences need."""
    numbers: Numbers = {name: result.median(name) for name in result.names}
    numbers.setdefault("standardised", numbers["plain"])
    return numbers | {"steps": result.config.steps, "goal": result.config.goal, "repeats": result.reached.shape[1]}


def _compared(result: Result, name: str, than: str) -> Outcome:
    """Whether the one is shown to take more steps than the other, or fewer."""
    return paired(result.reached[result.at(name)], result.reached[result.at(than)])


def works(result: Result, name: str) -> bool:
    """Whether the cure is shown to take fewer steps than nothing, and half of its runs get there."""
    return not result.never(name) and _compared(result, name, "plain") is Outcome.LOWER


def main(result: Result) -> Verdict:
    """Which cure, alone, takes the fewest steps?"""
    best = min(result.cures, key=result.median)
    others = [n for n in result.cures if KINDS[n] != KINDS[best]]  # a kind of cure may be alone in front
    level = sum(_compared(result, n, best) is not Outcome.HIGHER for n in others)
    numbers = _numbers(result) | {
        "best": result.median(best),
        "working": sum(works(result, n) for n in result.cures),
        "cures": len(result.cures),
        "rates": len(GRID),
        "level": level,
    }
    if all(result.never(n) for n in result.names):
        return Verdict("nothing_reached", numbers)
    if not works(result, best):
        return Verdict("nothing_needed", numbers)
    return Verdict("best_open" if level else f"best_{KINDS[best]}", numbers)


def headline(result: Result) -> Numbers:
    """The numbers of the answer, which the plain file prints too."""
    best = min(result.median(name) for name in result.cures)
    return {"plain": result.median("plain"), "best": best, "together": result.median("together")}


def norms(result: Result) -> Verdict:
    """Do BatchNorm and LayerNorm work on either side of the activation?"""
    *others, before = ("batch_before", "batch_after", "layer_after", "layer_before")
    working = [n for n in (*others, before) if works(result, n)]
    behind = all(_compared(result, before, n) is Outcome.HIGHER for n in others)
    if {*others} <= {*working} and behind:
        key = "norms_but_layer_before"
    else:
        key = {4: "norms_all", 0: "norms_none"}.get(len(working), "norms_some")
    return Verdict(key, _numbers(result) | {"working": len(working)})


def bias_signs(result: Result) -> Verdict:
    """Is a gradient free to have either sign, with a bias per input learned from zero, and kept at minus the mean?"""
    none, learned, frozen = (result.single[result.at(n)] for n in ("plain", "bias_learned", "bias_frozen"))
    numbers: Numbers = {
        "plain": float(np.median(none[1])), "learned": float(np.median(learned[1])),
        "set": float(np.median(frozen[1])),  # as of the others: after training
    }  # fmt: skip
    if np.median(none[1]) < FREE:
        return Verdict("signs_free_anyway", numbers)
    from_zero, before, after = (
        paired(share, np.full_like(share, FREE)) for share in (learned[1], frozen[0], frozen[1])
    )
    if from_zero is Outcome.LOWER:
        return Verdict("signs_learned", numbers)
    if not before is after is Outcome.LOWER:
        return Verdict("signs_tied", numbers)
    return Verdict("signs_if_set" if paired(learned[1], frozen[1]) is Outcome.HIGHER else "signs_open", numbers)


def algebra(result: Result) -> Verdict:
    """Is the gradient dL/df (x + b), or with the thread's minus sign?"""
    plus, minus, own = (float(v) for v in result.algebra)
    right = max(plus, own) < EXACT < minus
    return Verdict("algebra_plus" if right else "algebra_broken", {"minus": minus})


def optimisers(result: Result) -> Verdict:
    """Do momentum and Adam do without centring?"""
    working = [n for n in ("momentum", "adam") if works(result, n)]
    best = min(NORMS, key=result.median)
    fastest = min(("momentum", "adam"), key=result.median)
    numbers = _numbers(result) | {"norm": result.median(best)}
    if not working:
        return Verdict("optimisers_no", numbers)
    if _compared(result, fastest, best) is not Outcome.HIGHER:
        return Verdict("optimisers_cure", numbers)
    return Verdict("optimisers_help", numbers)
