"""What a run of `lib.experiments.must_it_be_random` gave, and the sentences that its numbers choose."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.config import Verdict

Array = np.ndarray[Any, Any]
Numbers = dict[str, float | int | str]

STARTS = ("gaussian", "orthogonal", "hadamard", "dct", "identity", "sine", "ramp", "constant", "half")
FULL = ("hadamard", "dct", "identity", "sine")  # deterministic, and of full rank
LRS = (0.03, 0.3, 1.0, 3.0)
ALIKE = 0.02  # test accuracies closer than this count as the same: five hundred digits tell no finer
LEARNED = 0.5
GOAL = 0.9


@dataclass(frozen=True)
class Result:
    """C starts (`STARTS`), L learning rates (`LRS`), R repeats, S steps."""

    config: Any  # the MustItBeRandom of the run
    best: Array  # (C,) index of each start's best learning rate, by the median training loss
    steps: Array  # (S,)
    loss: Array  # (S, C, L, R) of the minibatch
    final: Array  # (C, L, R) training loss at the end, infinite where diverged
    accuracy: Array  # (C, L, R) on the test digits
    diverged: Array  # (C, L, R) step, or -1
    units: Array  # (C, R) different units of the first layer at the start
    rank: Array  # (C, R) of the first layer at the start
    rank_end: Array  # (C, R) after training at the best learning rate
    shown: Array  # (C, H, 64) the first repeat's first layer at the start
    mean: Array  # (R,) of the weights trained from the Gaussian start
    negative: Array  # (R,) their share below zero
    away: Array  # (4, R) their distance from their own start, another start, zero, all 0.5
    way_steps: Array  # (S',)
    way: Array  # (S', 2, R) accuracy from the Gaussian start, and from a solution's exact opposite

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The sentences that the data choose, with their numbers."""
        return {
            "main": main(self),
            "half": half(self),
            "ramp": ramp(self),
            "kept": kept(self),
            "beliefs": beliefs(self),
            "opposite": opposite(self),
        }

    def at_best(self) -> Array:
        """Test accuracy (C, R) of every start at its own best learning rate."""
        return self.accuracy[np.arange(len(STARTS)), self.best]

    def of(self, name: str) -> float:
        """Median test accuracy of one start at its own best learning rate."""
        return float(np.median(self.at_best()[STARTS.index(name)]))

    def compared(self) -> list[str]:
        """Names of the starts drawn against each other: the random one, the chosen one, the two constants."""
        return list(dict.fromkeys(("gaussian", self.config.start, "constant", "half")))

    def curves(self) -> Array:
        """Loss of the minibatch (S, R, compared), each start at its own best learning rate."""
        places = [STARTS.index(name) for name in self.compared()]
        return np.stack([self.loss[:, c, self.best[c]] for c in places], 2)

    def over_steps(self) -> pd.DataFrame:
        """Medians of the curves."""
        return pd.DataFrame(np.median(self.curves(), 1), columns=self.compared()).assign(step=self.steps)

    def over_lrs(self) -> Array:
        """Test accuracy in per cent (L, R, compared)."""
        return 100 * np.stack([self.accuracy[STARTS.index(name)] for name in self.compared()], 2)

    def lrs(self) -> list[str]:
        """The learning rates as text."""
        return [f"{lr:g}" for lr in LRS]

    def pictures(self) -> Array:
        """The first layers at the start, (1, C, H, 64), each divided by its largest absolute weight."""
        return (self.shown / np.abs(self.shown).max((1, 2), keepdims=True))[None]

    def summary(self) -> pd.DataFrame:
        """One row per start."""
        return pd.DataFrame(
            {
                "start": STARTS,
                "test_accuracy": np.median(self.at_best(), 1),
                "best_lr": [LRS[k] for k in self.best],
                "different_units": np.median(self.units, 1),
                "rank": np.median(self.rank, 1),
                "rank_after": np.median(self.rank_end, 1),
            }
        )

    def table(self) -> pd.DataFrame:
        """One row per start, learning rate and repeat."""
        index = pd.MultiIndex.from_product(
            [STARTS, LRS, range(self.accuracy.shape[2])], names=["start", "lr", "repeat"]
        )
        columns = {"test_accuracy": self.accuracy, "train_loss": self.final, "diverged_at_step": self.diverged}
        return pd.DataFrame({k: v.ravel() for k, v in columns.items()}, index=index).reset_index()


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
        "diverged": int((result.diverged >= 0).sum()),
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
    """First remembered step at which an accuracy (S,) reaches the goal; infinite if none."""
    hit = np.flatnonzero(way >= GOAL)
    return float(steps[hit[0]]) if hit.size else np.inf
