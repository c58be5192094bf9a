"""What a run gave."""

from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
import pandas as pd

from lib.question import Thumbnail
from lib.questions.restarts.config import SOLVED
from lib.types import Array

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
    order_diverged: Array  # (Q,) step or -1
    diverged: Array  # (2, R) step or -1: random, constant

    @property
    def solved(self) -> Array:
        """Which random runs (R,) ended with a loss below SOLVED."""
        return self.loss[-1] < SOLVED

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

    def thumbnail(self) -> Thumbnail:
        """The run in a small picture."""
        return Thumbnail("bars", np.sort(self.loss[-1])[::-1])

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
