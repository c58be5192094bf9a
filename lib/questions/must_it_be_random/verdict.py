"""Which sentences the numbers of a run choose."""

from typing import Any

import numpy as np

from lib.members import members
from lib.question import Verdict
from lib.questions.must_it_be_random.config import LRS, STARTS
from lib.questions.must_it_be_random.result import Array, Result
from lib.types import Numbers

FULL = ("hadamard", "dct", "identity", "sine")  # deterministic, and of full rank
ALIKE = 0.02  # test accuracies closer than this count as the same: five hundred digits tell no finer
LEARNED = 0.5
GOAL = 0.9


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result),
        "half": half(result),
        "ramp": ramp(result),
        "kept": kept(result),
        "beliefs": beliefs(result),
        "opposite": opposite(result),
    }


def main(result: Result) -> Verdict:
    """Does the chosen deterministic start learn as well as the random one?"""
    at, chosen = result.at_best(), STARTS.index(result.config.start)
    gap = float(np.median(at[chosen] - at[0]))  # paired: the same minibatches
    numbers: Numbers = {
        "start": result.config.start,
        "chosen": result.of(result.config.start),
        "random": result.of("gaussian"),
        "half": result.of("half"),
        "points": 100 * gap,
        "lr": LRS[result.best[chosen]],
        "lr_random": LRS[result.best[0]],
        "steps": result.config.steps,
        "repeats": at.shape[1],
        "diverged": members(result.diverged).count_diverged,
        "runs": int(result.diverged.size),
        "units": float(np.median(result.units[chosen])),
        "rank": float(np.median(result.rank[chosen])),
        "jitter": float(result.config.jitter),
    }
    key = _main_key(numbers["chosen"], numbers["random"], gap)
    return Verdict("jittered" if result.config.jitter and key in ("as_good", "better", "worse") else key, numbers)


def _main_key(chosen: Any, random: Any, gap: float) -> str:
    if random < LEARNED:
        return "nothing_learned" if chosen < LEARNED else "random_fails"
    if chosen < LEARNED:
        return "chosen_fails"
    return "as_good" if abs(gap) < ALIKE else "better" if gap > 0 else "worse"


def half(result: Result) -> Verdict:
    """Does 0.5 everywhere learn; and is its size the reason, or that all weights are the same?"""
    numbers: Numbers = {
        "half": result.of("half"),
        "constant": result.of("constant"),
        "random": result.of("gaussian"),
        "units": float(np.median(result.units[STARTS.index("half")])),
        "lrs": len(LRS),
        "jitter": float(result.config.jitter),
    }
    if result.of("gaussian") < LEARNED:
        return Verdict("half_unknown", numbers)
    if result.of("half") >= LEARNED:
        return Verdict("half_learns", numbers)
    if result.of("constant") >= LEARNED:
        return Verdict("half_too_large", numbers)
    return Verdict("half_same" if numbers["units"] == 1 else "half_nearly_same", numbers)


def ramp(result: Result) -> Verdict:
    """Is it enough that all weights are different?"""
    k = STARTS.index("ramp")
    numbers: Numbers = {
        "ramp": result.of("ramp"),
        "random": result.of("gaussian"),
        "units": float(np.median(result.units[k])),
        "rank": float(np.median(result.rank[k])),
    }
    if result.of("gaussian") < LEARNED:
        return Verdict("ramp_unknown", numbers)
    return Verdict("ramp_not_enough" if result.of("gaussian") - result.of("ramp") > 0.1 else "ramp_enough", numbers)


def kept(result: Result) -> Verdict:
    """Does descent destroy the full rank of the four good patterns?"""
    places = [STARTS.index(name) for name in FULL]
    numbers: Numbers = {
        "before": int(result.rank[places].min()),
        "after": int(result.rank_end[places].min()),
        "full": int(result.shown.shape[1]),
    }
    return Verdict("rank_kept" if numbers["after"] >= 0.9 * numbers["before"] else "rank_lost", numbers)  # type: ignore[operator]


def beliefs(result: Result) -> Verdict:
    """Is 0.5, the middle of [0, 1], near where trained weights are?"""
    own, other, zero, middle = (float(v) for v in np.median(result.away, 1))
    numbers: Numbers = {
        "mean": float(np.median(result.mean)),
        "negative": float(np.median(result.negative)),
        "own": own,
        "other": other,
        "zero": zero,
        "half": middle,
    }
    if result.of("gaussian") < LEARNED:
        return Verdict("place_unknown", numbers)
    return Verdict("half_far" if middle > max(own, other, zero) else "half_near", numbers)


def opposite(result: Result) -> Verdict:
    """Does a start that is the exact opposite of a solution recover?"""
    reached = [[_first(result.way[:, k, r], result.way_steps) for r in range(result.way.shape[2])] for k in (0, 1)]
    random, back = (float(np.median(steps)) for steps in reached)
    numbers: Numbers = {
        "goal": GOAL,
        "begin": float(np.median(result.way[0, 1])),
        "end": float(np.median(result.way[-1, 1])),
        "end_random": float(np.median(result.way[-1, 0])),
        "steps": result.config.steps,
    }
    if result.of("gaussian") < LEARNED or not np.isfinite(random):
        return Verdict("opposite_unknown", numbers)
    if not np.isfinite(back):
        return Verdict("opposite_stuck", numbers)
    return Verdict("opposite_recovers", numbers | {"random": random, "back": back})


def _first(way: Array, steps: Array) -> float:
    """First recorded step at which an accuracy (S,) reaches the goal; infinite if none."""
    hit = np.flatnonzero(way >= GOAL)
    return float(steps[hit[0]]) if hit.size else np.inf
