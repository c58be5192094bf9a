"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.members import members
from lib.question import Verdict
from lib.questions.symmetry.config import SOLVED
from lib.questions.symmetry.result import Result
from lib.types import Numbers

CHANCE = float(np.log(2))  # loss of an answer that is the same for every input
LATER = 1.25  # so many times the random start's steps count as longer


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {"main": main(result), "delay": delay(result), "rank": rank(result)}


def main(result: Result) -> Verdict:
    """Do equal units part, and does the network learn?"""
    k = result.chosen
    numbers: Numbers = {
        "constant": result.config.constant,
        "jitter": result.config.jitter,
        "arithmetic": result.config.arithmetic,
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
    }
    return Verdict(_key(result), numbers)


def _step(result: Result, condition: int) -> float:
    """Median step at which it was solved; the run's length where it was not."""
    return float(min(np.median(result.solved_at[condition]), result.config.steps))


def _key(result: Result) -> str:
    k = result.chosen
    if members(result.diverged[k]).more_lost_than(0):
        return "diverged"
    if np.median(result.one_unit) < SOLVED:
        return "one_enough"
    if not np.isfinite(np.median(result.solved_at[-1])):
        return "too_hard"
    solved = bool(np.isfinite(np.median(result.solved_at[k])))
    if result.apart[:, k].max() == 0:
        return "chance" if abs(np.median(result.loss[-1, k]) - CHANCE) < 0.005 else "collapsed"
    if result.apart[0, k].max() == 0:
        return "rounding_solved" if solved else "rounding"
    if not solved:
        return "not_yet"
    return "longer" if _step(result, k) > LATER * _step(result, -1) else "no_longer"


def delay(result: Result) -> Verdict:
    """Does every tenth of the jitter cost the same number of steps?"""
    waits = np.median(result.solved_at[:-1], 1)
    used = np.isfinite(waits) & (result.jitters > 0) & (result.jitters < 0.1)
    if used.sum() < 3 or np.median(result.one_unit) < SOLVED or np.ptp(waits[used]) == 0:
        return Verdict("delay_few", {"points": int(used.sum())})
    decades = -np.log10(result.jitters[used])
    slope, start = np.polyfit(decades, waits[used], 1)
    left = waits[used] - slope * decades - start
    r2 = 1 - float((left**2).sum() / ((waits[used] - waits[used].mean()) ** 2).sum())
    numbers: Numbers = {
        "slope": float(slope), "r2": r2, "points": int(used.sum()),
        "smallest": float(result.jitters[used].min()), "wait": float(waits[used].max()),
    }  # fmt: skip
    return Verdict("delay_straight" if r2 > 0.95 else "delay_bent", numbers)


def rank(result: Result) -> Verdict:
    """How many different units does the hidden layer amount to?"""
    numbers: Numbers = {
        "width": result.config.width,
        "rank": float(np.median(result.rank[-1, result.chosen])),
        "random": float(np.median(result.rank[-1, -1])),
    }
    if numbers["rank"] == 0:
        return Verdict("rank_none", numbers)
    return Verdict("rank_one" if abs(float(numbers["rank"]) - 1) < 1e-6 else "rank_more", numbers)
