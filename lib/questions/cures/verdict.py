"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.members import members
from lib.question import Verdict
from lib.questions.cures.config import FASTER, LOOK, PANELS
from lib.questions.cures.result import Result
from lib.types import Numbers

EXACT = 1e-9  # gaps between autograd and a right formula are rounding
KINDS = {
    "standardised": "inputs", "batch_before": "batch", "batch_after": "batch", "layer_before": "layer",
    "layer_after": "layer", "bias_learned": "bias", "bias_set": "bias", "bias_frozen": "bias",
    "momentum": "optimiser", "adam": "optimiser",
}  # fmt: skip


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result),
        "norms": norms(result),
        "bias": bias(result),
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


def main(result: Result) -> Verdict:
    """Which cure, alone, takes the fewest steps?"""
    best = min(result.cures, key=result.median)
    numbers = _numbers(result) | {
        "times": result.gain(best),
        "best": result.median(best),
        "working": sum(result.works(n) for n in result.cures),
        "level": sum(result.median(n) <= result.median(best) + LOOK for n in result.cures) - 1,
        "look": LOOK,
        "cures": len(result.cures),
        "activation": result.config.activation,
    }
    if all(result.never(n) for n in result.names):
        return Verdict("nothing_reached", numbers)
    return Verdict(f"best_{KINDS[best]}" if result.works(best) else "nothing_needed", numbers)


def norms(result: Result) -> Verdict:
    """Do BatchNorm and LayerNorm work on either side of the activation?"""
    four = PANELS["norms"][1:]
    working = [n for n in four if result.works(n)]
    if len(working) == 4:
        key = "norms_all"
    elif not working:
        key = "norms_none"
    else:
        key = "norms_but_layer_before" if working == [*four[:2], four[3]] else "norms_some"
    return Verdict(key, _numbers(result) | {"working": len(working)})


def bias(result: Result) -> Verdict:
    """Does a bias per input work, learned from zero, or only where it is set to minus the mean?"""
    numbers = _numbers(result) | {"drift": float(np.median(result.drift))}
    if result.works("bias_learned"):
        return Verdict("bias_learned", numbers)
    if result.works("bias_set"):
        return Verdict("bias_set", numbers)
    return Verdict("bias_frozen" if result.works("bias_frozen") else "bias_none", numbers)


def algebra(result: Result) -> Verdict:
    """Is the gradient dL/df (x + b), or with the thread's minus sign?"""
    plus, minus, own = (float(v) for v in result.algebra)
    numbers: Numbers = {"plus": plus, "minus": minus, "own": own}
    return Verdict("algebra_plus" if max(plus, own) < EXACT < minus else "algebra_broken", numbers)


def optimisers(result: Result) -> Verdict:
    """Do momentum and Adam do without centring?"""
    working = [n for n in ("momentum", "adam") if result.works(n)]
    best = min(PANELS["norms"][1:], key=result.median)
    fastest = min(result.median("momentum"), result.median("adam"))
    numbers = _numbers(result) | {"norm": result.median(best), "ratio": fastest / max(result.median(best), 1.0)}
    if not working:
        return Verdict("optimisers_no", numbers)
    if fastest < FASTER * result.median(best):
        return Verdict("optimisers_cure", numbers)
    return Verdict("optimisers_help" if len(working) == 2 else f"optimisers_{working[0]}", numbers)


def together(result: Result) -> Verdict:
    """Do the chosen cures together beat the best one alone?"""
    best = min(result.cures, key=result.median)
    ratio = result.median("together") / max(result.median(best), 1.0)
    numbers = _numbers(result) | {"best": result.median(best), "ratio": ratio}
    if 1 / FASTER < ratio < FASTER or abs(result.median("together") - result.median(best)) <= LOOK:
        return Verdict("together_same", numbers)
    return Verdict("together_more" if ratio < 1 else "together_less", numbers)


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
