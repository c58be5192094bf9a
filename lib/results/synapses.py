"""What a run of `lib.experiments.synapses` gave, and the sentences that its numbers choose."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.config import Verdict

Array = np.ndarray[Any, Any]
Numbers = dict[str, float | int | str]

SAME = 0.02  # scores closer than this count as the same
LEARNED = 0.05  # above the best constant answer by so much: something has been learned
ROUNDING = 1e-4  # outputs closer than this count as the same function


@dataclass(frozen=True)
class Result:
    """C numbers of inhibitory units (`counts`), R paired repeats, H units; scores for XOR are 1 (solved) or 0."""

    config: Any  # the Synapses of the run
    counts: Array  # (C,)
    chosen: int  # the chosen number, at most H
    free: Array  # (R,) score of networks free in every sign
    dale: Array  # (C, R) score of networks whose units are excitatory or inhibitory
    chance: float  # the score of the best constant answer
    diverged: Array  # (1 + C, R) step, or -1
    wiring: tuple[list[Array], ...]  # weights (H, I) and (O, H) of a free and of a Dale network
    surface: Array  # (2, side, side) how sure the two are of XOR's answer, empty for other tasks
    absent: float  # largest difference between weights of zero and units that are not there
    places: Array  # (N,) activations
    relay: Array  # (N, 2) -2 h, and what comes over a relay
    lowest: float  # lowest activation of a hidden unit in this run
    relay_gap: float  # largest difference that the relay makes in this run
    copies_gap: float  # largest difference between a free network and its Dale network of twice the units
    purity: Array  # (R, H) share of a free unit's outgoing weights that have the commoner sign
    clipped: Array  # (R,) score of the free networks with every negative weight set to zero

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The sentences that the data choose, with their numbers."""
        return {
            "main": main(self),
            "first": first(self),
            "absent": absent(self),
            "clipped": clipped(self),
            "relay": relay(self),
            "copies": copies(self),
            "purity": purity(self),
        }

    def sweep(self) -> tuple[list[str], Array]:
        """Numbers of inhibitory units and scores in per cent, Dale and free: (C, R, 2); for XOR (C, 1, 2), shares."""
        free = np.broadcast_to(self.free, self.dale.shape)
        both = 100 * np.stack([self.dale, free], 2)
        return [str(k) for k in self.counts], both.mean(1, keepdims=True) if self.config.task == "xor" else both

    def outgoing(self) -> Array:
        """The second weights of the free network above those of the Dale one, (2 O + 1, H), a gap between."""
        free, dale = (np.asarray(w[1]) for w in self.wiring)
        return np.concatenate([free, np.full((1, free.shape[1]), np.nan), dale])

    def links(self) -> pd.DataFrame:
        """One row per outgoing weight of the two networks."""
        outputs, units = self.wiring[0][1].shape
        return pd.DataFrame(
            {
                "unit": np.tile(np.arange(1, units + 1), outputs),
                "output": np.repeat(np.arange(1, outputs + 1), units),
                "free": self.wiring[0][1].ravel(),
                "one_sign_per_unit": self.wiring[1][1].ravel(),
            }
        )

    def table(self) -> pd.DataFrame:
        """One row per number of inhibitory units and repeat."""
        kinds, repeats = self.dale.shape
        return pd.DataFrame(
            {
                "inhibitory_units": np.repeat(self.counts, repeats),
                "repeat": list(range(repeats)) * kinds,
                "score": self.dale.ravel(),
                "score_free": np.tile(self.free, kinds),
                "diverged_at_step": self.diverged[1:].ravel(),
            }
        )


def _level(result: Result, scores: Array) -> float:
    """Median score; for XOR the share of the starts that solved it."""
    return float(scores.mean() if result.config.task == "xor" else np.median(scores))


def main(result: Result) -> Verdict:
    """How far do networks come whose units are excitatory or inhibitory for good?"""
    row = result.counts.tolist().index(result.chosen)
    numbers: Numbers = {
        "chosen": result.chosen,
        "units": result.config.width,
        "inputs": result.config.inputs,
        "steps": result.config.steps,
        "repeats": len(result.free),
        "free": _level(result, result.free),
        "dale": _level(result, result.dale[row]),
        "none": _level(result, result.dale[0]),
        "all": _level(result, result.dale[-1]),
        "diverged": int((result.diverged >= 0).sum()),
    }
    if (result.diverged >= 0).mean() > 0.25:
        return Verdict("diverged", numbers)
    if float(numbers["free"]) < result.chance + LEARNED:
        return Verdict("unlearned", numbers)
    kind = {0: "none", result.config.width: "all"}.get(result.chosen, "mixed")
    return Verdict(f"{kind}_{_outcome(result, float(numbers['dale']), float(numbers['free']))}", numbers)


def _outcome(result: Result, dale: float, free: float) -> str:
    if dale < result.chance + LEARNED:
        return "fails"
    return "as_well" if dale > free - SAME else "less_well"


def first(result: Result) -> Verdict:
    """What is the first inhibitory unit worth, against the same draws without any?"""
    without, with_one = result.dale[0], result.dale[result.counts.tolist().index(1)]
    gain = _level(result, with_one) - _level(result, without)
    numbers: Numbers = {
        "without": _level(result, without),
        "one": _level(result, with_one),
        "points": 100 * gain,
        "units": result.config.width,
    }
    return Verdict("first_same" if abs(gain) < SAME else "first_helps" if gain > 0 else "first_hurts", numbers)


def absent(result: Result) -> Verdict:
    """Is a weight of zero the same as no link?"""
    numbers: Numbers = {"gap": result.absent, "units": result.config.width}
    if result.absent == 0:
        return Verdict("absent_exact", numbers)
    return Verdict("absent_rounding" if result.absent < ROUNDING else "absent_broken", numbers)


def clipped(result: Result) -> Verdict:
    """Does a network survive if its negative weights are cut, as though they were missing links?"""
    numbers: Numbers = {"before": _level(result, result.free), "after": _level(result, result.clipped)}
    if float(numbers["before"]) < result.chance + LEARNED:
        return Verdict("clipped_unlearned", numbers)
    lost = float(numbers["before"]) - float(numbers["after"])
    return Verdict("clipped_spares" if lost < SAME else "clipped_destroys", numbers)


def relay(result: Result) -> Verdict:
    """Is a weight of -2 an excitatory link to an inhibitory relay?"""
    numbers: Numbers = {"gap": result.relay_gap, "lowest": result.lowest}
    return Verdict("relay_exact" if result.relay_gap == 0 else "relay_fails", numbers)


def copies(result: Result) -> Verdict:
    """Is every free network a Dale network of twice the units?"""
    numbers: Numbers = {"gap": result.copies_gap, "units": result.config.width, "twice": 2 * result.config.width}
    return Verdict("copies_exact" if result.copies_gap < ROUNDING else "copies_broken", numbers)


def purity(result: Result) -> Verdict:
    """Do freely trained units come out excitatory or inhibitory?"""
    pure = int((result.purity == 1).sum())
    numbers: Numbers = {"mean": float(result.purity.mean()), "pure": pure, "of": result.purity.size}
    if result.config.task != "digits":
        return Verdict("purity_trivial", numbers)
    return Verdict("purity_mixed" if 20 * pure < result.purity.size else "purity_some", numbers)
