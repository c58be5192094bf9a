"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, paired
from lib.members import members
from lib.question import Verdict
from lib.questions.cures.config import HARDLY, LOOK, PANELS, SLOWED
from lib.questions.cures.result import Result
from lib.types import Numbers

EXACT = 1e-9  # gaps between autograd and a right formula are rounding
FREE = 0.75  # of a unit's gradients with the majority's sign: less is nearer to an even split than to all alike
KINDS = {
    "standardised": "inputs", "batch_before": "batch", "batch_after": "batch", "layer_before": "layer",
    "layer_after": "layer", "bias_learned": "bias", "bias_set": "bias", "bias_slow": "bias",
    "bias_frozen": "bias",
    "momentum": "optimiser", "adam": "optimiser",
}  # fmt: skip


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result),
        "norms": norms(result),
        "bias": bias(result),
        "bias_signs": bias_signs(result),
        "algebra": algebra(result),
        "optimisers": optimisers(result),
        "together": together(result),
        "cost": cost(result),
        "runs": runs(result),
    }


def _numbers(result: Result) -> Numbers:
    """The median steps of every cure by its name, and what most sentences need."""
    numbers: Numbers = {name: result.median(name) for name in result.names}
    numbers.setdefault("standardised", numbers["plain"])
    return numbers | {"steps": result.config.steps, "goal": result.config.goal, "repeats": result.reached.shape[1]}


def _compared(result: Result, name: str, than: str) -> Outcome:
    """Whether the one is shown to take more steps than the other, or fewer."""
    return paired(result.reached[result.at(name)], result.reached[result.at(than)])


def _margin(result: Result, than: str) -> float:
    """As many steps more are hardly more: a quarter, or less than two looks."""
    return max((HARDLY - 1) * result.median(than), 1.5 * LOOK)


def works(result: Result, name: str) -> bool:
    """Whether the cure is shown to take fewer steps than nothing, and half of its runs get there."""
    return not result.never(name) and _compared(result, name, "plain") is Outcome.LOWER


def main(result: Result) -> Verdict:
    """Which cure, alone, takes the fewest steps?"""
    best = min(result.cures, key=result.median)
    numbers = _numbers(result) | {
        "times": result.gain(best),
        "best": result.median(best),
        "working": sum(works(result, n) for n in result.cures),
        "level": sum(_compared(result, n, best) is not Outcome.HIGHER for n in result.cures) - 1,
        "cures": len(result.cures),
        "activation": result.config.activation,
    }
    if all(result.never(n) for n in result.names):
        return Verdict("nothing_reached", numbers)
    return Verdict(f"best_{KINDS[best]}" if works(result, best) else "nothing_needed", numbers)


def norms(result: Result) -> Verdict:
    """Do BatchNorm and LayerNorm work on either side of the activation?"""
    *others, before = (*PANELS["norms"][1:3], "layer_after", "layer_before")
    working = [n for n in (*others, before) if works(result, n)]
    behind = all(_compared(result, before, n) is Outcome.HIGHER for n in others)
    if {*others} <= {*working} and behind:
        key = "norms_but_layer_before"
    else:
        key = {4: "norms_all", 0: "norms_none"}.get(len(working), "norms_some")
    return Verdict(key, _numbers(result) | {"working": len(working)})


def bias(result: Result) -> Verdict:
    """Does a bias per input take fewer steps: learned from zero, or set to minus the mean?"""
    numbers = _numbers(result) | {"drift": float(np.median(result.drift)), "pace": SLOWED}
    for name in ("bias_learned", "bias_set", "bias_slow", "bias_frozen"):
        if works(result, name):
            return Verdict(name, numbers)
    return Verdict("bias_none", numbers)


def bias_signs(result: Result) -> Verdict:
    """Is a gradient free to have either sign, with a bias per input learned from zero, and set to minus the mean?"""
    none, learned, frozen = (result.single[result.at(n)] for n in ("plain", "bias_learned", "bias_frozen"))
    numbers: Numbers = {
        "plain": float(np.median(none[1])), "first": float(np.median(learned[0])),
        "learned": float(np.median(learned[1])), "set": float(np.median(frozen[0])), "steps": result.config.steps,
    }  # fmt: skip
    if np.median(none[1]) < FREE:
        return Verdict("signs_free_anyway", numbers)
    if paired(learned[1], np.full_like(learned[1], FREE)) is Outcome.LOWER:
        return Verdict("signs_learned", numbers)
    even = paired(frozen[0], np.full_like(frozen[0], FREE)) is Outcome.LOWER
    return Verdict("signs_if_set" if even else "signs_tied", numbers)


def algebra(result: Result) -> Verdict:
    """Is the gradient dL/df (x + b), or with the thread's minus sign?"""
    plus, minus, own = (float(v) for v in result.algebra)
    numbers: Numbers = {"plus": plus, "minus": minus, "own": own}
    return Verdict("algebra_plus" if max(plus, own) < EXACT < minus else "algebra_broken", numbers)


def optimisers(result: Result) -> Verdict:
    """Do momentum and Adam do without centring?"""
    working = [n for n in ("momentum", "adam") if works(result, n)]
    best = min(PANELS["norms"][1:], key=result.median)
    fastest = min(("momentum", "adam"), key=result.median)
    ratio = result.median(fastest) / max(result.median(best), 1.0)
    plain = result.reached[result.at("plain")]
    fewer = {f"{n}_fewer": int((result.reached[result.at(n)] < plain).sum()) for n in ("momentum", "adam")}
    numbers = _numbers(result) | {"norm": result.median(best), "ratio": ratio} | fewer
    if not working:
        return Verdict("optimisers_no", numbers)
    if _compared(result, fastest, best) is not Outcome.HIGHER:
        return Verdict("optimisers_cure", numbers)
    return Verdict("optimisers_help", numbers)


def together(result: Result) -> Verdict:
    """Do the chosen cures together beat the best one alone?"""
    best = min(result.cures, key=result.median)
    own, alone = (result.reached[result.at(n)] for n in ("together", best))
    numbers = _numbers(result) | {
        "best": result.median(best), "faster": int((own < alone).sum()), "slower": int((own > alone).sum()),
    }  # fmt: skip
    if paired(own, alone) is Outcome.LOWER:
        return Verdict("together_more", numbers)
    behind = paired(own, alone + _margin(result, best)) is Outcome.HIGHER
    return Verdict("together_less" if behind else "together_same", numbers)


def cost(result: Result) -> Verdict:
    """Does the best cure save time too, with what it costs per step on this machine?"""
    per_step = {n: s / result.seconds[0] for n, s in zip(result.names, result.seconds, strict=True)}
    best = min(result.cures, key=result.median)
    numbers = _numbers(result) | {
        "batch": per_step["batch_after"], "layer": per_step["layer_after"], "adam_cost": per_step["adam"],
        "per_step": per_step[best], "share": per_step[best] / result.gain(best),
        "milliseconds": 1000 * result.seconds[0], "best": result.median(best),
    }  # fmt: skip
    return Verdict("cost_pays" if numbers["share"] < 1 else "cost_eats", numbers)  # type: ignore[operator]


def runs(result: Result) -> Verdict:
    """Did all runs reach the goal?"""
    missed = np.isinf(result.reached)
    numbers = _numbers(result) | {
        "missed": int(missed.sum()),
        "count": missed.size,
        "diverged": members(result.diverged).count_diverged,
    }
    return Verdict("runs_some" if missed.any() else "runs_all", numbers)
