"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, alike, paired
from lib.question import Verdict
from lib.questions.influence.config import EFFECTS, ORDERS, PREDICTORS, SHARES
from lib.questions.influence.result import Array, Result
from lib.types import Numbers

Floats = dict[str, float]
CLAUSE, NOTHING = 0.1, 0.2  # rank correlation by which the clause has to help, and that counts as none
COST = 0.02  # accuracy that counts as lost: ten of the 500 test digits; less is as good as nothing


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    asked = {"main": main, "direct": direct, "single": single, "cut": cut, "trap": trap}
    found = {name: ask(result) for name, ask in asked.items()}
    if not result.learned:
        found |= {n: Verdict(f"{n}_unclear", found[n].numbers) for n in ("single", "cut", "trap")}
    return found


def main(result: Result) -> Verdict:
    """Does the magnitude tell what a weight matters, and does it help that all else is equal?"""
    found = np.median(result.correlation[EFFECTS.index(result.config.effect)], 1)
    numbers: Numbers = dict(zip(PREDICTORS, found.tolist(), strict=True))
    numbers["repeats"] = len(result.accuracy)
    return Verdict(_key(result), numbers)


def headline(result: Result) -> Numbers:
    """Return what the plain file prints too."""
    numbers = main(result).numbers
    return {name: numbers[name] for name in ("magnitude", "with_input")}


def _key(result: Result) -> str:
    magnitude, one_pixel, with_input = result.correlation[EFFECTS.index(result.config.effect)]
    if not result.learned and result.config.effect != "unit":
        return "unlearned"
    if all(_against(rho, NOTHING) is Outcome.LOWER for rho in (magnitude, one_pixel, with_input)):
        return "none"
    if paired(with_input, magnitude + CLAUSE) is Outcome.HIGHER:
        yes = paired(one_pixel, magnitude) is Outcome.HIGHER and _against(one_pixel, NOTHING) is Outcome.HIGHER
        return "clause" if yes else "input"
    return "plain" if alike(with_input, magnitude, CLAUSE) else "unclear"


def _against(values: Array, level: float) -> Outcome:
    """Whether values (R,) are above or below one that was named beforehand."""
    return paired(values, np.full(len(values), level))


def _lost(before: Array, after: Array) -> str:
    """Whether accuracies (R,) fall by more than what counts, are shown to fall by less, or neither."""
    if paired(before, after + COST) is Outcome.HIGHER:
        return "more"
    return "less" if alike(before, after, COST) else "unclear"


def direct(result: Result) -> Verdict:
    """All else equal, has a greater weight more influence on its unit, and does it push the way of its sign?"""
    magnitude, one_pixel, _ = result.correlation[0]
    counts = result.moved != 0
    pushed = (np.sign(result.moved) == -np.sign(result.weights)) & counts
    numbers: Numbers = {
        "magnitude": float(np.median(magnitude)),
        "one_pixel": float(np.median(one_pixel)),
        "agree": float(pushed.sum() / max(counts.sum(), 1)),
    }
    keys = {Outcome.HIGHER: "direct_more", Outcome.LOWER: "direct_none", Outcome.UNCLEAR: "direct_unclear"}
    return Verdict(keys[_against(one_pixel, NOTHING)], numbers)


def single(result: Result) -> Verdict:
    """What is lost with a single weight?"""
    _, loss, accuracy = result.effects.reshape(3, len(result.accuracy), -1)
    numbers: Floats = {
        "same": float(np.median((accuracy == 0).mean(1))),
        "better": float(np.median((loss < 0).mean(1))),
        "worst": float(-accuracy.min()),
    }
    keys = {Outcome.HIGHER: "single_spare", Outcome.LOWER: "single_missed", Outcome.UNCLEAR: "single_unclear"}
    return Verdict(keys[_against((accuracy == 0).mean(1), 0.5)], {**numbers})


def cut(result: Result) -> Verdict:
    """What is lost with many weights, and does training on bring it back?"""
    at = SHARES.index(result.config.cut)
    numbers: Floats = {"cut": result.config.cut, "steps": float(result.config.repair)}
    numbers["rescaled"] = float(np.median(result.trapped[at]))
    for k, order in enumerate(ORDERS):
        numbers[order] = float(np.median(result.pruned[k, at]))
        numbers[f"{order}_repaired"] = float(np.median(result.repaired[k]))
    smallest, random, largest, _ = result.pruned[:, at]
    lost = {_lost(smallest, random), _lost(smallest, largest)}
    if lost == {"more"}:
        return Verdict("cut_ordered", {**numbers})
    return Verdict("cut_alike" if lost == {"less"} else "cut_unclear", {**numbers})


def trap(result: Result) -> Verdict:
    """Does the same function in other numbers keep its magnitudes' meaning?"""
    at = SHARES.index(0.5)
    numbers: Floats = {
        "cut": SHARES[at],
        "cut_before": float(np.median(result.pruned[0, at])),
        "cut_after": float(np.median(result.trapped[at])),
    }
    if result.config.rescale == 0:
        return Verdict("trap_none", {**numbers})
    keys = {"more": "trap_shut", "less": "trap_small", "unclear": "trap_unclear"}
    return Verdict(keys[_lost(result.pruned[0, at], result.trapped[at])], {**numbers})
