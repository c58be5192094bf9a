"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, alike, paired
from lib.question import Verdict
from lib.questions.influence.config import BITS, EFFECTS, ORDERS, PREDICTORS, SHARES
from lib.questions.influence.result import Array, Result
from lib.types import Numbers

Floats = dict[str, float]
CLAUSE, NOTHING = 0.1, 0.2  # rank correlation by which the clause has to help, and that counts as none
COST = 0.02  # accuracy that counts as lost: ten of the 500 test digits; less is as good as nothing


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    asked = {"main": main, "direct": direct, "single": single, "dead": dead, "cut": cut, "trap": trap, "rough": rough}
    found = {name: ask(result) for name, ask in asked.items()}
    if not result.learned:
        found |= {n: Verdict(f"{n}_unlearned", found[n].numbers) for n in ("single", "cut", "trap", "rough")}
    return found


def main(result: Result) -> Verdict:
    """Does the magnitude tell what a weight matters, and does the clause help?"""
    found = np.median(result.correlation[EFFECTS.index(result.config.effect)], 1)
    numbers: Numbers = dict(zip(PREDICTORS, found.tolist(), strict=True))
    numbers |= {"effect": result.config.effect, "repeats": len(result.accuracy), "weights": result.weights[0].size}
    numbers["accuracy"] = float(np.median(result.accuracy))
    return Verdict(_key(result), numbers)


def _key(result: Result) -> str:
    magnitude, _, one_pixel, with_input, _ = result.correlation[EFFECTS.index(result.config.effect)]
    if not result.learned and result.config.effect != "unit":
        return "unlearned"
    if all(_against(rho, NOTHING) is Outcome.LOWER for rho in (magnitude, one_pixel, with_input)):
        return "none"
    if paired(with_input, magnitude + CLAUSE) is Outcome.HIGHER:
        return "clause"
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
    magnitude, one_unit, one_pixel = result.correlation[0, :3]
    counts = result.moved != 0
    pushed = (np.sign(result.moved) == -np.sign(result.weights)) & counts
    numbers: Numbers = {
        "magnitude": float(np.median(magnitude)),
        "one_unit": float(np.median(one_unit)),
        "one_pixel": float(np.median(one_pixel)),
        "agree": float(pushed.sum() / max(counts.sum(), 1)),
        "repeats": len(result.accuracy),
    }
    keys = {Outcome.HIGHER: "direct_more", Outcome.LOWER: "direct_none", Outcome.UNCLEAR: "direct_unclear"}
    return Verdict(keys[_against(one_pixel, NOTHING)], numbers)


def single(result: Result) -> Verdict:
    """What is lost with a single weight?"""
    _, loss, accuracy = result.effects.reshape(3, len(result.accuracy), -1)
    place = np.abs(loss).argmax(1)
    largest = np.abs(result.weights).reshape(len(place), -1).argmax(1)
    of = np.arange(len(place))
    rank = (np.abs(loss) > np.abs(loss)[of, largest][:, None]).sum(1) + 1
    numbers: Floats = {
        "same": float(np.median((accuracy == 0).mean(1))),
        "better": float(np.median((loss < 0).mean(1))),
        "worst": float(-accuracy.min()),
        "weights": float(loss.shape[1]),
    } | {"first": float(rank.min()), "last": float(rank.max())}
    keys = {Outcome.HIGHER: "single_spare", Outcome.LOWER: "single_missed", Outcome.UNCLEAR: "single_unclear"}
    return Verdict(keys[_against((accuracy == 0).mean(1), 0.5)], {**numbers})


def dead(result: Result) -> Verdict:
    """What do weights of inputs that never change tell?"""
    still = ~result.live
    if not still.any():
        return Verdict("dead_none", {})
    w, start = np.abs(result.weights[..., still]), np.abs(result.start[..., still])
    numbers: Numbers = {
        "count": int(still.sum()),
        "still": float(w.mean()),
        "moving": float(np.abs(result.weights[..., result.live]).mean()),
        "effect": float(np.abs(result.effects[1][..., result.size == 0]).max()),
        "ratio": float(w.sum() / start.sum()),
        "theory": (1 - 0.005 * result.config.decay) ** result.config.steps,
    }
    return Verdict("dead_kept" if (w == start).all() else "dead_shrunk", numbers)


def cut(result: Result) -> Verdict:
    """What is lost with many weights, and does training on bring it back?"""
    at = SHARES.index(result.config.cut)
    numbers: Floats = {"cut": result.config.cut, "steps": float(result.config.repair)}
    numbers["whole"] = float(np.median(result.accuracy))
    for k, order in enumerate(ORDERS):
        numbers[order] = float(np.median(result.pruned[k, at]))
        numbers[f"{order}_repaired"] = float(np.median(result.repaired[k]))
    smallest, random, largest, _ = result.pruned[:, at]
    lost = {_lost(smallest, random), _lost(smallest, largest)}
    if lost == {"more"}:
        return Verdict("cut_ordered" if result.config.repair else "cut_unrepaired", {**numbers})
    return Verdict("cut_alike" if lost == {"less"} else "cut_unclear", {**numbers})


def trap(result: Result) -> Verdict:
    """Does the same function in other numbers keep its magnitudes' meaning?"""
    at = SHARES.index(0.5)
    numbers: Floats = {
        "largest": 2.0**result.config.rescale,
        "gap": result.gap,
        "before": float(np.median(result.correlation[1, 0])),
        "after": float(np.median(result.scaled_correlation)),
        "cut": SHARES[at],
    }
    numbers |= {
        "cut_before": float(np.median(result.pruned[0, at])),
        "cut_after": float(np.median(result.trapped[at])),
    }
    if result.config.rescale == 0:
        return Verdict("trap_none", {**numbers})
    if result.gap > 0:
        return Verdict("trap_broken", {**numbers})
    keys = {"more": "trap_shut", "less": "trap_small", "unclear": "trap_unclear"}
    return Verdict(keys[_lost(result.pruned[0, at], result.trapped[at])], {**numbers})


def rough(result: Result) -> Verdict:
    """How exact must weights be?"""
    numbers: Floats = {"whole": float(np.median(result.accuracy))}
    numbers |= {f"noise_{k}": float(np.median(v)) for k, v in enumerate(result.noise)}
    numbers |= {f"bits_{b}": float(np.median(v)) for b, v in zip(BITS, result.bits, strict=True)}
    lost = {_lost(result.noise[0], rough) for rough in (result.noise[1], result.bits[BITS.index(8)])}
    if lost == {"less"}:
        return Verdict("rough_enough", {**numbers})
    return Verdict("rough_not" if "more" in lost else "rough_unclear", {**numbers})
