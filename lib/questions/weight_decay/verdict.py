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
LEARNED = 0.5  # test accuracy from which a network counts as having learned them
ERASED = 0.01  # of the norm without decay: less is no norm to speak of
ROUNDING = 1e-6  # of a square that is the sum of its parts
BETA = 0.9  # of momentum
SWINGS = (1 - BETA**0.5) ** 2, (1 + BETA**0.5) ** 2  # between them momentum's decay is underdamped


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result),
        "noise": noise(result),
        "data": data(result),
        "identity": identity(result),
        "variation": variation(result),
    }


def headline(result: Result) -> Numbers:
    """What the plain file prints too: the median shares of negative weights at the end of each way.

    Where the training on data diverged, a network's share counts as 0.
    """
    data, without = (np.where(result.diverged[k] < 0, result.learned[-1, k], 0) for k in (result.chosen, 0))
    ends = {"alone": result.alone[-1], "noisy": result.noisy[-1], "data": data, "without": without}
    return {name: float(np.median(shares)) for name, shares in ends.items()}


def main(result: Result) -> Verdict:
    """Does decay, alone, make weights negative?"""
    k = result.chosen
    numbers: Numbers = {
        "shrink": result.config.shrink,
        "steps": result.config.steps,
        "repeats": result.alone.shape[1],
        "start": float(np.median(result.alone[0])),
        "alone": float(np.median(result.alone[-1])),
        "noisy": float(np.median(result.noisy[-1])),
        "data": float(np.median(result.learned[-1, k])),
        "without": float(np.median(result.learned[-1, 0])),
        "crossed": float(np.median(result.chosen_crossed)),
        **{name: share for name, share in result.by_optimiser().items() if name in ("momentum", "adam_l2")},
    }
    return Verdict(_key(result), numbers)


def _key(result: Result) -> str:
    if result.config.shrink == 0:
        return "no_decay"
    optimiser, shrink = result.config.optimiser, result.config.shrink
    proportional = optimiser in ("plain", "adamw")
    if not result.chosen_crossed.any():
        never = proportional or (optimiser == "momentum" and shrink <= SWINGS[0])
        return "alone_never" if never else "alone_not_yet"
    return "alone_flips" if proportional else "alone_crosses"


def noise(result: Result) -> Verdict:
    """Does decay with noise cross zero, and settle where theory says?"""
    numbers: Numbers = {"share": float(np.median(result.noisy[-1]))}
    if not result.spread_theory:
        return Verdict("noise_unbounded", numbers)
    goal, half = result.spread_theory + 0 * result.spread, 0.5 + 0 * result.noisy[-1]
    there = evidence.alike(result.spread, goal, NEAR * result.spread_theory)
    balanced = evidence.alike(result.noisy[-1], half, ALIKE)  # as many on either side of zero
    return Verdict("noise_settled" if there and balanced else "noise_on_its_way", numbers)


def data(result: Result) -> Verdict:
    """On data, are more weights negative with decay than without (paired)?"""
    k = result.chosen
    decayed, free = result.learned[-1, k], result.learned[-1, 0]
    numbers: Numbers = {
        "with": float(np.median(decayed)),
        "without": float(np.median(free)),
        "accuracy": float(np.median(result.accuracy[k])),
        "accuracy_without": float(np.median(result.accuracy[0])),
    }
    learned = np.median(result.accuracy[[0, k]], 1).min() >= LEARNED and not _diverged(result)
    if result.config.shrink == 0 or not learned:
        return Verdict("data_open", numbers)
    told, alike = evidence.paired(decayed, free), evidence.alike(decayed, free, ALIKE)
    if told is Outcome.HIGHER:  # a little more in every pair is more, and makes decay a reason
        return Verdict("data_few" if alike else "data_more", numbers)
    return Verdict("data_alike" if alike or told is Outcome.LOWER else "data_open", numbers)


def _diverged(result: Result) -> bool:
    return members(result.diverged[result.chosen]).more_lost_than(0)


def identity(result: Result) -> Verdict:
    """|w|^2 = n (mean^2 + variance): what is the mean's part, and what does shifting the weights cost?"""
    k = result.chosen
    square, parts = result.norm[k] ** 2, result.count * (result.mean[k] ** 2 + result.variance[k])
    mean_part = np.median(result.count * result.mean[k] ** 2 / np.maximum(square, 1e-30))
    moved = result.count * ((result.mean[k] + SHIFTS[3]) ** 2 + result.variance[k])
    gap = np.max(np.abs(square - parts) / np.maximum(square, 1e-30))
    numbers: Numbers = {
        "mean_part": float(mean_part),
        "shift": SHIFTS[3],
        "longer": float(np.median(np.sqrt(moved) / np.maximum(result.norm[k], 1e-30)) - 1),
    }
    left = np.median(result.norm[k] / result.norm[0])  # of weights that decay has all but erased any shift is huge
    holds = gap < ROUNDING and left > ERASED and not _diverged(result)
    return Verdict("identity_holds" if holds else "identity_open", numbers)


def variation(result: Result) -> Verdict:
    """Does a network whose weights are all their layer's mean still know anything?"""
    numbers: Numbers = {"before": float(np.median(result.shifted[0])), "after": float(np.median(result.erased))}
    if np.median(result.shifted[0]) < LEARNED:
        return Verdict("variation_open", numbers)
    guessing = evidence.alike(result.erased, CHANCE + 0 * result.erased, NEAR)
    return Verdict("variation_needed" if guessing else "variation_spare", numbers)
