"""Which sentences the numbers of a run choose."""

import math

import numpy as np

from lib.evidence import Outcome, alike, paired
from lib.members import members
from lib.question import Verdict
from lib.questions.symmetry.config import RANDOM, SOLVED
from lib.questions.symmetry.result import Result
from lib.types import Numbers

CHANCE = float(np.log(2))  # loss of an answer that is the same for every input
NEAR = 0.25  # numbers of steps that differ by less than this share count as alike: nobody would wait for it


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {"main": main(result), "equal": equal(result), "delay": delay(result)}


def headline(result: Result) -> Numbers:
    """Return what the plain file prints too."""
    return {
        "loss": float(np.median(result.loss[-1, result.chosen])),
        "random": float(np.median(result.loss[-1, -1])),
        "one": float(np.median(result.one_unit)),
    }


def main(result: Result) -> Verdict:
    """Do equal units part, and does the network learn?"""
    k = result.chosen
    numbers: Numbers = {
        "constant": result.config.constant,
        "width": result.config.width,
        "steps": result.config.steps,
        "repeats": result.one_unit.size,
        "begun": float(result.apart[0, k].max()),
        "apart": float(result.apart[:, k].max()),
        "loss": float(np.median(result.loss[-1, k])),
        "one": float(np.median(result.one_unit)),
        "random": float(np.median(result.loss[-1, -1])),
        "at": _step(result, k),
        "random_at": _step(result, -1),
        "diverged": members(result.diverged[k]).count_diverged,
        "chance": CHANCE,
        "solved": SOLVED,
        "size": math.hypot(result.config.constant, result.config.jitter),
        "random_size": RANDOM,
    }
    return Verdict(_key(result), numbers)


def _step(result: Result, condition: int) -> float:
    """Median step at which it was solved; the run's length where it was not."""
    return float(min(np.median(result.solved_at[condition]), result.config.steps))


def _solves(result: Result, condition: int) -> bool:
    return bool(np.isfinite(np.median(result.solved_at[condition])))


def _key(result: Result) -> str:
    k = result.chosen
    if members(result.diverged[k]).more_lost_than(0):
        return "diverged"
    solved = _solves(result, k)
    if solved and np.median(result.one_unit) < SOLVED:
        return "one_enough"
    if not solved and not _solves(result, -1):
        return "too_hard"
    if result.apart[:, k].max() == 0:
        return "chance" if result.still and abs(np.median(result.loss[-1, k]) - CHANCE) < 0.005 else "collapsed"
    if not solved:
        return "not_yet"
    if result.apart[0, k].max() == 0:
        return "rounding_solved"
    return _waited(result, k)


def _waited(result: Result, condition: int) -> str:
    """Compare the steps that a start needs with those of the random start, repeat by repeat."""
    ours, random = result.solved_at[condition], result.solved_at[-1]
    outcome = paired(ours, random)
    if outcome is not Outcome.UNCLEAR:
        return "longer" if outcome is Outcome.HIGHER else "sooner"
    return "no_longer" if alike(ours, random, NEAR * float(np.median(random))) else "no_telling"


def equal(result: Result) -> Verdict:
    """What becomes of units that start exactly equal, whatever jitter was chosen?"""
    numbers: Numbers = {
        "repeats": result.one_unit.size, "loss": float(np.median(result.loss[-1, 0])),
        "random": float(np.median(result.loss[-1, -1])), "one": float(np.median(result.one_unit)),
        "at": _step(result, 0), "random_at": _step(result, -1),
        "diverged": members(result.diverged[0]).count_diverged,
    }  # fmt: skip
    if numbers["diverged"]:
        return Verdict("equal_diverged", numbers)
    if _solves(result, 0) and np.median(result.one_unit) < SOLVED:
        return Verdict("equal_one_enough", numbers)
    if _solves(result, -1) and result.apart[:, 0].max() == 0:
        return Verdict("equal_collapsed", numbers)
    later = _solves(result, -1) and _solves(result, 0) and _waited(result, 0) == "longer"
    return Verdict("equal_longer" if later else "equal_open", numbers)


def delay(result: Result) -> Verdict:
    """Does every tenth of the jitter cost the same number of steps?"""
    there = (result.apart[0, :-1] > 0).all(1)  # a jitter that the arithmetic did not round away
    small = np.flatnonzero(there & (result.jitters < 0.1))[::-1]  # the largest first
    waits, decades = result.solved_at[small], -np.log10(result.jitters[small])
    with np.errstate(invalid="ignore"):  # infinite less infinite: neither was solved
        costs = np.diff(waits, axis=0) / np.diff(decades)[:, None]  # steps per factor of ten, (sizes - 1, R)
    known = costs[np.isfinite(costs)]
    numbers: Numbers = {"points": known.size, "pairs": costs.size}  # who is slow is missing in the first
    longer = len(small) > 1 and paired(waits[1], waits[0]) is Outcome.HIGHER
    if np.median(result.one_unit) < SOLVED or not longer or known.size < 2:
        return Verdict("delay_few", numbers)
    low, middle, high = np.quantile(known, (0.25, 0.5, 0.75))
    numbers |= {"slope": float(middle), "low": float(low), "high": float(high)}
    # "Every" factor is the largest sizes' and the smallest's, of all networks.
    every = len(small) > 2 and bool(np.isfinite(waits).all())
    even = every and alike(costs[0], costs[-1], NEAR * float(np.median(costs[0])))
    return Verdict("delay_straight" if even else "delay_bent", numbers)
