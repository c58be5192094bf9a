"""Which sentences the numbers of a run choose."""

import numpy as np

from lib import evidence
from lib.evidence import Outcome
from lib.members import members
from lib.question import Verdict
from lib.questions.weight_decay.config import SHIFTS
from lib.questions.weight_decay.result import Result
from lib.types import Numbers

ALIKE = 0.05  # shares of negatives within five points are alike: on the curves' axis, to 60 %, hardly seen
NEAR = 0.1  # a spread within a tenth of theory's has settled; accuracy within ten points of guessing is none
CHANCE = 0.1  # ten digits
BETA = 0.9  # of momentum
SWINGS = (1 - BETA**0.5) ** 2, (1 + BETA**0.5) ** 2  # between them momentum's decay is underdamped


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result),
        "optimisers": optimisers(result),
        "noise": noise(result),
        "data": data(result),
        "identity": identity(result),
        "variation": variation(result),
    }


def main(result: Result) -> Verdict:
    """Does decay, alone, make weights negative?"""
    k = result.chosen
    numbers: Numbers = {
        "shrink": result.config.shrink,
        "steps": result.config.steps,
        "repeats": result.alone.shape[1],
        "start": float(np.median(result.alone[0])),
        "alone": float(np.median(result.alone[-1])),
        "most": float(np.median(result.alone.max(0))),
        "noisy": float(np.median(result.noisy[-1])),
        "data": float(np.median(result.learned[-1, k])),
        "without": float(np.median(result.learned[-1, 0])),
        "grown": float(np.median(result.grown)),
        "threshold": SWINGS[0],
        "crossed": float(np.median(result.chosen_crossed)),
        **{name: share for name, share in result.by_optimiser().items() if name in ("momentum", "adam_l2")},
    }
    return Verdict(_key(result), numbers)


def _key(result: Result) -> str:
    if result.config.shrink == 0:
        return "no_decay"
    if np.median(result.grown) > 1e3:
        return "alone_diverges"
    optimiser, shrink = result.config.optimiser, result.config.shrink
    if not result.chosen_crossed.any():
        never = optimiser in ("plain", "adamw") or (optimiser == "momentum" and shrink <= SWINGS[0])
        if not never:
            return "alone_not_yet"
        return "alone_keeps" if result.alone[0].max() > 0 else "alone_never"
    if optimiser in ("plain", "adamw"):
        return "alone_flips"
    return "alone_swings" if optimiser == "momentum" else "alone_oversteps"


def optimisers(result: Result) -> Verdict:
    """Which optimisers carry weights across zero by decay alone?"""
    numbers: Numbers = {
        "shrink": result.config.shrink,
        "steps": result.config.steps,
        "threshold": SWINGS[0],
        **result.by_optimiser(),
    }
    if result.config.shrink == 0:
        return Verdict("optimisers_nothing", numbers)
    if not result.crossed.any():
        return Verdict("optimisers_none", numbers)
    return Verdict("optimisers_differ" if not result.crossed[0].any() else "optimisers_all", numbers)


def noise(result: Result) -> Verdict:
    """Does decay with noise cross zero, and settle where theory says?"""
    numbers: Numbers = {
        "share": float(np.median(result.noisy[-1])),
        "spread": float(np.median(result.spread)),
        "theory": result.spread_theory,
        "half_life": _half_life(result.config.shrink),
        "kept": abs(1 - result.config.shrink) ** result.config.steps,
    }
    if not result.spread_theory:
        return Verdict("noise_unbounded", numbers)
    goal, half = result.spread_theory + 0 * result.spread, 0.5 + 0 * result.noisy[-1]
    there = evidence.alike(result.spread, goal, NEAR * result.spread_theory)
    balanced = evidence.alike(result.noisy[-1], half, ALIKE)  # as many on either side of zero
    return Verdict("noise_settled" if there and balanced else "noise_on_its_way", numbers)


def _half_life(shrink: float) -> float:
    """Steps until half of a start is forgotten; 0 where it never is."""
    return float(np.log(0.5) / np.log(abs(1 - shrink))) if 0 < shrink < 2 else 0.0


def data(result: Result) -> Verdict:
    """On data, are more weights negative with decay than without (paired)?"""
    k = result.chosen
    decayed, free = result.learned[-1, k], result.learned[-1, 0]
    numbers: Numbers = {
        "with": float(np.median(decayed)),
        "without": float(np.median(free)),
        "mean": float(np.median(result.mean[k])),
        "mean_without": float(np.median(result.mean[0])),
        "norm": float(np.median(result.norm[k])),
        "norm_without": float(np.median(result.norm[0])),
        "accuracy": float(np.median(result.accuracy[k])),
        "accuracy_without": float(np.median(result.accuracy[0])),
        "diverged": members(result.diverged[k]).count_diverged,
        "repeats": result.norm.shape[1],
    }
    if members(result.diverged[k]).more_lost_than(1 / 2):
        return Verdict("data_diverged", numbers)
    if result.config.shrink == 0:
        return Verdict("data_no_decay", numbers)
    if numbers["accuracy_without"] < 0.5:  # type: ignore[operator]
        return Verdict("data_unlearned", numbers)
    if numbers["accuracy"] < 0.5:  # type: ignore[operator]
        return Verdict("data_too_much", numbers)
    if evidence.alike(decayed, free, ALIKE):
        return Verdict("data_alike", numbers)
    keys = {Outcome.HIGHER: "data_more", Outcome.LOWER: "data_fewer", Outcome.UNCLEAR: "data_unclear"}
    return Verdict(keys[evidence.paired(decayed, free)], numbers)


def identity(result: Result) -> Verdict:
    """|w|^2 = n (mean^2 + variance): what is the mean's part, and what does shifting the weights cost?"""
    k = result.chosen
    square, parts = result.norm[k] ** 2, result.count * (result.mean[k] ** 2 + result.variance[k])
    mean_part = np.median(result.count * result.mean[k] ** 2 / np.maximum(square, 1e-30))
    moved = result.count * ((result.mean[k] + SHIFTS[3]) ** 2 + result.variance[k])
    numbers: Numbers = {
        "gap": float(np.max(np.abs(square - parts) / np.maximum(square, 1e-30))),
        "mean_part": float(mean_part),
        "shift": SHIFTS[3],
        "longer": float(np.median(np.sqrt(moved) / np.maximum(result.norm[k], 1e-30)) - 1),
        "before": float(np.median(result.shifted[0])),
        "after": float(np.median(result.shifted[3])),
    }
    if members(result.diverged[k]).more_lost_than(0):
        return Verdict("identity_lost", {})
    return Verdict("identity_holds" if numbers["gap"] < 1e-6 else "identity_broken", numbers)  # type: ignore[operator]


def variation(result: Result) -> Verdict:
    """Does a network whose weights are all their layer's mean still know anything?"""
    numbers: Numbers = {"before": float(np.median(result.shifted[0])), "after": float(np.median(result.erased))}
    if numbers["before"] < 0.5:  # type: ignore[operator]
        return Verdict("variation_nothing_learned", numbers)
    guessing = evidence.alike(result.erased, CHANCE + 0 * result.erased, NEAR)
    return Verdict("variation_needed" if guessing else "variation_spare", numbers | {"chance": CHANCE})
