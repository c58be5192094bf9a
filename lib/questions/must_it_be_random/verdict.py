"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, alike, paired, share
from lib.members import members
from lib.question import Verdict
from lib.questions.must_it_be_random.config import GOAL, GROUPS, LRS, STARTS
from lib.questions.must_it_be_random.result import Array, Result
from lib.types import Numbers

ALIKE = 0.02  # of the test digits: 500 of them tell one network's accuracy no finer (two standard errors at 95 %)
NEAR = 0.05  # of the test digits: one in twenty, where a start that fails misses seventeen in twenty
JUDGED = 400  # digits that are told apart, or not
LEARNED = 0.5


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result),
        "half": half(result),
        "kept": kept(result),
        "beliefs": beliefs(result),
        "opposite": opposite(result),
    }


def headline(result: Result) -> Numbers:
    """Return what the page's plain file prints, too: test digits read from three starts, each at its best rate."""
    start = result.config.start
    return {
        "start": start, "chosen": result.of(start), "random": result.of("gaussian"), "half": result.of("half"),
    }  # fmt: skip


def main(result: Result) -> Verdict:
    """Does the chosen deterministic start learn as well as the random one?"""
    at, chosen = result.at_best(), STARTS.index(result.config.start)
    numbers: Numbers = {
        "start": result.config.start,
        "chosen": result.of(result.config.start),
        "random": result.of("gaussian"),
        "half": result.of("half"),
        "within": 100 * (ALIKE if alike(at[chosen], at[0], ALIKE) else NEAR),
        "lr": LRS[result.best[chosen]],
        "lr_random": LRS[result.best[0]],
        "steps": result.config.steps,
        "repeats": at.shape[1],
        "diverged": members(result.diverged).count_diverged,
        "runs": int(result.diverged.size),
        "units": float(np.median(result.units[chosen])),
        "rank": float(np.median(result.rank[chosen])),
    }
    return Verdict(_main_key(result), numbers)


def _main_key(result: Result) -> str:
    if result.of(result.config.start) < LEARNED:
        return "nothing_learned" if result.of("gaussian") < LEARNED else "chosen_fails"
    if result.config.jitter:
        return "jittered"
    at = result.at_best()  # in pairs: the same minibatches
    pattern, dice = at[STARTS.index(result.config.start)], at[0]
    if alike(pattern, dice, NEAR):  # the sentence says within how much
        return "as_good"
    return {Outcome.HIGHER: "better", Outcome.LOWER: "worse", Outcome.UNCLEAR: "unclear"}[paired(pattern, dice)]


def half(result: Result) -> Verdict:
    """Does 0.5 everywhere learn; and is its size the reason, or that all weights are the same?"""
    numbers: Numbers = {"half": result.of("half"), "constant": result.of("constant")}
    if result.of("gaussian") < LEARNED:
        return Verdict("half_unknown", numbers)
    if result.of("half") >= LEARNED:
        return Verdict("half_learns", numbers)
    return Verdict("half_jittered" if result.config.jitter else "half_same", numbers)


def kept(result: Result) -> Verdict:
    """Does descent make digits the same that the four good patterns tell apart at the start?"""
    places = [STARTS.index(name) for name in GROUPS["rule"]]
    before, after = (int(apart[places].min()) for apart in result.apart)
    numbers: Numbers = {"after": after, "digits": JUDGED}
    if np.median(result.at_best()[places], 1).min() < LEARNED:
        return Verdict("apart_early", numbers)
    if before < JUDGED:
        return Verdict("apart_never", numbers)
    return Verdict("apart_kept" if after == before else "apart_lost", numbers)


def beliefs(result: Result) -> Verdict:
    """Is 0.5, the middle of [0, 1], near where weights are that were trained from the random start?

    Trained weights are not far from their start: where 0.5 learns as well, they may be anywhere.
    """
    _, other, zero, middle = (float(v) for v in np.median(result.away, 1))
    numbers: Numbers = {"mean": float(np.median(result.mean)), "other": other, "zero": zero, "half": middle}
    far = all(paired(result.away[3], nearer) is Outcome.HIGHER for nearer in result.away[:3])
    alone = result.of("gaussian") >= LEARNED > result.of("half")
    return Verdict("half_far" if far and alone else "half_unclear", numbers)


def opposite(result: Result) -> Verdict:
    """Does a start that is the exact opposite of a solution recover?"""
    reached = [[_first(result.way[:, k, r], result.way_steps) for r in range(result.way.shape[2])] for k in (0, 1)]
    random, back = (float(np.median(steps)) for steps in reached)
    numbers: Numbers = {
        "goal": GOAL,
        "begin": float(np.median(result.way[0, 1])),
        "arrived": int(np.isfinite(reached[1]).sum()),
        "repeats": len(reached[1]),
    }
    if result.of("gaussian") < LEARNED or not np.isfinite(random):
        return Verdict("opposite_unknown", numbers)
    if share(int(numbers["arrived"]), int(numbers["repeats"])) is not Outcome.HIGHER:
        return Verdict("opposite_stuck", numbers)
    return Verdict("opposite_recovers", numbers | {"random": random, "back": back})


def _first(way: Array, steps: Array) -> float:
    """First recorded step at which an accuracy (S,) reaches the goal; infinite if none."""
    hit = np.flatnonzero(way >= GOAL)
    return float(steps[hit[0]]) if hit.size else np.inf
