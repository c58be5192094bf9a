"""What a run of `lib.experiments.restarts` gave, and the sentences that its numbers choose."""

from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
import pandas as pd

from lib.config import Verdict

Array = np.ndarray[Any, Any]
Numbers = dict[str, float | int | str]

SOLVED = 0.01  # mean squared error; the answers are then within about 0.1 of 0 and 1
GAP = 0.01  # losses farther apart than this are different levels
TRIES = (1, 2, 4, 8, 16, 32, 64)
LEVELS = {"xor": ((0.0, "0"), (1 / 8, "1/8"), (1 / 6, "1/6"), (1 / 4, "1/4"))}


@dataclass(frozen=True)
class Result:
    """R runs, F frames over training, W widths, P parameters; `loss` is of random starts at the chosen width."""

    config: Any  # the Restarts of the run
    widths: Array  # (W,)
    frames: Array  # (F,) steps
    loss: Array  # (F, R)
    constant: Array  # (F, R) loss from the constant start, R times the same
    by_width: Array  # (W, R) final loss from random starts
    ends: Array  # (R, P) final parameters from random starts
    constant_ends: Array  # (R, P)
    places: Array  # (F, 2 R, 2) random runs, then constant ones, in the plane in which the ends vary most
    order_loss: Array  # (Q,) from the constant, each with its own order of minibatches
    order_ends: Array  # (Q, P)
    diverged: Array  # (2, R) step or -1: random, constant

    @property
    def solved(self) -> Array:
        """Which random runs (R,) ended with a loss below SOLVED."""
        return self.loss[-1] < SOLVED

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The sentences that the data choose, with their numbers."""
        return {
            "main": main(self),
            "again": again(self),
            "order": order(self),
            "levels": levels(self),
            "width": width(self),
        }

    def best_of(self) -> Array:
        """Chance, in per cent, that one of n runs solves: random and constant starts, (len(TRIES), 1, 2)."""
        random = [chance(int(self.solved.sum()), self.solved.size, n) for n in TRIES]
        constant = float((self.constant[-1] < SOLVED).all())
        return 100 * np.array([[[share, constant]] for share in random])

    @property
    def tries(self) -> list[str]:
        """The numbers of runs of `best_of`."""
        return [str(n) for n in TRIES]

    @property
    def known_levels(self) -> tuple[tuple[float, str], ...]:
        """Losses at which this problem's runs are known to stop, with their names."""
        return LEVELS.get(self.config.problem, ())

    def groups(self) -> list[Array]:
        """Indices among the 2 R runs: random and solved, constant, random and stuck."""
        runs = self.solved.size
        return [np.flatnonzero(self.solved), np.arange(runs, 2 * runs), np.flatnonzero(~self.solved)]

    def strips(self) -> list[tuple[Array, Array]]:
        """Per group the run's number and its loss, over training: (F, M) each."""
        both = np.concatenate([self.loss, self.constant], 1)
        number = np.tile(np.arange(1, self.solved.size + 1), 2)
        return [(np.tile(number[g], (len(self.frames), 1)), both[:, g]) for g in self.groups()]

    def map(self) -> list[tuple[Array, Array]]:
        """Per group the runs' places in weight space, over training: (F, M) each."""
        return [(self.places[:, g, 0], self.places[:, g, 1]) for g in self.groups()]

    def reach(self, axis: int) -> tuple[float, float]:
        """Range of the map along one of its axes."""
        low, high = float(self.places[..., axis].min()), float(self.places[..., axis].max())
        room = 0.05 * (high - low) + 1e-3
        return low - room, high + room

    def shares(self) -> Array:
        """Share of random starts that solve, in per cent, by width: (W, 1, 1)."""
        return 100 * (self.by_width < SOLVED).mean(1)[:, None, None]

    def tries_table(self) -> pd.DataFrame:
        """The chances of `best_of`."""
        shares = self.best_of()[:, 0] / 100
        return pd.DataFrame({"runs": TRIES, "one_solves": shares[:, 0], "one_solves_from_constant": shares[:, 1]})

    def width_table(self) -> pd.DataFrame:
        """Share of random starts that solve, by width."""
        return pd.DataFrame({"hidden_units": self.widths, "share_solved": self.shares()[:, 0, 0] / 100})

    def table(self) -> pd.DataFrame:
        """One row per start and run."""
        runs = self.solved.size
        return pd.DataFrame(
            {
                "start": ["random"] * runs + ["constant"] * runs,
                "run": list(range(1, runs + 1)) * 2,
                "loss": np.concatenate([self.loss[-1], self.constant[-1]]),
                "solved": np.concatenate([self.solved, self.constant[-1] < SOLVED]),
                "diverged_at_step": self.diverged.ravel(),
            }
        )


def chance(good: int, runs: int, n: int) -> float:
    """Probability that n of `runs` runs, drawn without putting back, contain one of the `good` ones."""
    return 1 - comb(runs - good, n) / comb(runs, n)


def spread(values: Array) -> float:
    """Largest difference between any two rows, over all columns."""
    return float(np.ptp(values, axis=0).max())


def main(result: Result) -> Verdict:
    """Does training again help, from a constant and from random numbers?"""
    good, runs = int(result.solved.sum()), result.solved.size
    numbers: Numbers = {
        "runs": runs, "good": good, "share": good / runs, "width": result.config.width,
        "constant": result.config.constant, "steps": result.config.steps,
        "stuck": float(np.median(result.constant[-1])), "best": float(result.loss[-1].min()),
        "five": chance(good, runs, 5), "diverged": int((result.diverged >= 0).any(0).sum()), "solved": SOLVED,
        "gap": spread(result.constant_ends),
    }  # fmt: skip
    if numbers["diverged"]:
        return Verdict("diverged", numbers)
    if (result.constant[-1] < SOLVED).all():
        return Verdict("constant_solves", numbers)
    if good == 0:
        return Verdict("never", numbers)
    return Verdict("always" if good == runs else "helps", numbers)


def again(result: Result) -> Verdict:
    """Are the runs from the constant the same, to the last bit?"""
    numbers: Numbers = {
        "runs": len(result.constant_ends),
        "gap": spread(result.constant_ends),
        "different": len(np.unique(result.constant[-1])),
        "random": len(np.unique(result.loss[-1])),
    }
    return Verdict("again_same" if numbers["gap"] == 0 else "again_rounded", numbers)


def order(result: Result) -> Verdict:
    """From the constant, is another order of the data a new chance?"""
    numbers: Numbers = {
        "orders": result.order_loss.size,
        "gap": spread(result.order_ends),
        "low": float(result.order_loss.min()),
        "high": float(result.order_loss.max()),
        "good": int((result.order_loss < SOLVED).sum()),
        "random": int(result.solved.sum()),
        "runs": result.solved.size,
    }
    if not np.isfinite(result.order_loss).all():
        return Verdict("order_diverged", {"orders": numbers["orders"]})
    return Verdict("order_helps" if numbers["good"] else "order_no_help", numbers)


def levels(result: Result) -> Verdict:
    """On how many levels do the losses of random starts lie?"""
    ordered = np.sort(result.loss[-1])
    parts = np.split(ordered, np.flatnonzero(np.diff(ordered) > GAP) + 1)
    parts = sorted(parts, key=len, reverse=True)[:6]
    found = ", ".join(f"{np.median(p):.3f} ({len(p)})" for p in sorted(parts, key=np.median))
    numbers: Numbers = {
        "levels": len(parts), "found": found, "runs": ordered.size, "tight": max(float(np.ptp(p)) for p in parts),
        "covered": sum(len(p) for p in parts) / ordered.size,
    }  # fmt: skip
    if len(parts) == 1:
        return Verdict("levels_one", numbers)
    few = len(parts) <= 5 and numbers["covered"] == 1 and float(numbers["tight"]) < 2 * GAP
    return Verdict("levels_few" if few else "levels_spread", numbers)


def width(result: Result) -> Verdict:
    """Does a wider network need fewer tries?"""
    shares = (result.by_width < SOLVED).mean(1)
    numbers: Numbers = {
        "narrow": int(result.widths[0]), "wide": int(result.widths[-1]),
        "first": float(shares[0]), "last": float(shares[-1]), "runs": result.solved.size,
    }  # fmt: skip
    return Verdict("width_helps" if shares[-1] > shares[0] + 0.1 else "width_alike", numbers)
