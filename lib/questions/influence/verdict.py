"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.question import Verdict
from lib.questions.influence.config import BITS, EFFECTS, ORDERS, PREDICTORS, SHARES
from lib.questions.influence.result import Array, Result
from lib.types import Numbers

Floats = dict[str, float]
CLAUSE, NOTHING = 0.1, 0.2  # rank correlation by which the clause has to help, and that counts as none
COST = 0.02  # accuracy that counts as lost


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    asked = {"main": main, "single": single, "dead": dead, "cut": cut, "trap": trap, "rough": rough}
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
    return Verdict(_key(result, found), numbers)


def _key(result: Result, found: Array) -> str:
    magnitude, _, one_pixel, with_input, _ = found
    if not result.learned and result.config.effect != "unit":
        return "unlearned"
    if max(magnitude, one_pixel, with_input) < NOTHING:
        return "none"
    return "clause" if with_input - magnitude >= CLAUSE else "plain"


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
    return Verdict("single_spare" if numbers["same"] >= 0.5 else "single_missed", {**numbers})


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
    if numbers["smallest"] - max(numbers["random"], numbers["largest"]) < COST:
        return Verdict("cut_alike", {**numbers})
    return Verdict("cut_ordered" if result.config.repair else "cut_unrepaired", {**numbers})


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
    return Verdict("trap_shut" if numbers["cut_before"] - numbers["cut_after"] > COST else "trap_small", {**numbers})


def rough(result: Result) -> Verdict:
    """How exact must weights be?"""
    numbers: Floats = {"whole": float(np.median(result.accuracy))}
    numbers |= {f"noise_{k}": float(np.median(v)) for k, v in enumerate(result.noise)}
    numbers |= {f"bits_{b}": float(np.median(v)) for b, v in zip(BITS, result.bits, strict=True)}
    lost = numbers["noise_0"] - min(numbers["noise_1"], numbers["bits_4"])
    return Verdict("rough_enough" if lost < COST else "rough_not", {**numbers})
