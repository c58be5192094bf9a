"""What a run gave."""

from collections.abc import Callable
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
import pandas as pd

from lib.questions.restarts.config import SOLVED
from lib.types import Array

LEVELS = {"xor": ((0.0, "0"), (1 / 8, "1/8"), (1 / 6, "1/6"), (1 / 4, "1/4"))}
BIN, BINS = 1 / 24, 8  # of the axis of losses: every known level stands in the middle of one; the last has all above
GAP = 0.01  # losses farther apart than this are different levels
SIDE = 24  # points of a surface, each way
ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "relu": lambda z: np.maximum(z, 0), "leaky_relu": lambda z: np.where(z > 0, z, 0.1 * z), "tanh": np.tanh,
}  # fmt: skip


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
    order_loss: Array  # (Q,) from the constant, each with its own order of minibatches
    order_diverged: Array  # (Q,) step or -1
    diverged: Array  # (2, R) step or -1: random, constant
    network: dict[str, Array]  # the first random run that did not diverge, at the end, by name

    @property
    def solved(self) -> Array:
        """Which random runs (R,) ended with a loss below SOLVED."""
        return self.loss[-1] < SOLVED

    @property
    def known_levels(self) -> tuple[tuple[float, str], ...]:
        """Losses at which this problem's runs are known to stop, with their names."""
        return LEVELS.get(self.config.problem, ())

    def groups(self) -> list[Array]:
        """Indices among the 2 R runs: random and solved, constant, random and stuck."""
        runs = self.solved.size
        return [np.flatnonzero(self.solved), np.arange(runs, 2 * runs), np.flatnonzero(~self.solved)]

    def piles(self) -> list[tuple[Array, Array, Array]]:
        """Per group its runs' bins on the axis of losses, their places in the pile, and their losses, (F, M) each.

        In a bin the random runs stand in the order of their losses, those from the constant apart from them.
        """
        sides = [self.loss, self.constant]
        bins = np.concatenate([np.clip(np.rint(side / BIN), 0, BINS - 1).astype(int) for side in sides], 1)
        ranks = np.concatenate([_ranks(np.clip(np.rint(s / BIN), 0, BINS - 1), s) for s in sides], 1)
        both = np.concatenate(sides, 1)
        return [(bins[:, g], ranks[:, g], both[:, g]) for g in self.groups()]

    def ticks(self) -> tuple[list[float], list[str]]:
        """Places and texts on the axis of losses: the known levels, else the bins; the last bin has all above."""
        known = self.known_levels or tuple((k * BIN, f"{k * BIN:.2f}") for k in range(0, BINS - 1, 2))
        last = (BINS - 1) * BIN
        return [*(at for at, _ in known), last], [*(text for _, text in known), f"≥ {last - BIN / 2:.2f}"]

    def levels(self) -> list[Array]:
        """Indices of the random runs that end at one level of loss, the lowest first."""
        order = np.argsort(self.loss[-1], kind="stable")
        return np.split(order, np.flatnonzero(np.diff(self.loss[-1][order]) > GAP) + 1)

    @property
    def samples(self) -> tuple[Array, Array]:
        """The four points of a problem of two inputs (4, 2), and their classes (4,)."""
        points = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
        both, one = points.all(1), points[:, 0] != points[:, 1]
        return points, np.asarray(both if self.config.problem == "and" else one)

    def shown(self) -> list[tuple[float, Array]]:
        """Where on the axis of losses what the middle run of a level answers, (SIDE, SIDE) in [-1, 1], a bin each.

        Only for two inputs. The constant has a picture of its own if no random run ends beside it.
        """
        if self.config.problem == "parity":
            return []
        pictures: dict[int, Array] = {}
        for runs in sorted(self.levels(), key=len, reverse=True):
            middle = runs[len(runs) // 2]
            pictures.setdefault(self._bin(self.loss[-1, middle]), self.surface(self.ends[middle]))
        pictures.setdefault(self._bin(self.constant[-1, 0]), self.surface(self.constant_ends[0]))
        return [(BIN * k, pictures[k]) for k in sorted(pictures)]

    def _bin(self, loss: float) -> int:
        return int(np.clip(np.rint(loss / BIN), 0, BINS - 1))

    def surface(self, params: Array) -> Array:
        """What a network (P,) of two inputs answers on the square from -1/3 to 4/3, 0 and 1 becoming -1 and 1."""
        line = np.linspace(-1 / 3, 4 / 3, SIDE)
        across, up = np.meshgrid(line, line)
        return np.clip(2 * self.answers(params, np.stack([across.ravel(), up.ravel()], 1)) - 1, -1, 1).reshape(
            SIDE, -1
        )

    def answers(self, params: Array, x: Array) -> Array:
        """What a network (P,) gives for inputs x (N, 2): (N,)."""
        units = (params.size - 1) // (x.shape[1] + 2)
        first, bias, last, shift = np.split(params, np.cumsum([x.shape[1] * units, units, units]))
        hidden = ACTIVATIONS[self.config.activation](x @ first.reshape(units, -1).T + bias)
        return np.asarray(hidden @ last + shift)

    def shares(self) -> Array:
        """Share of random starts that solve, in per cent, by width: (W, 1, 1)."""
        return 100 * (self.by_width < SOLVED).mean(1)[:, None, None]

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


def _ranks(bins: Array, losses: Array) -> Array:
    """Place of every run (F, R) among those in its bin, by its loss."""
    order = np.lexsort((losses, bins), axis=1)
    sorted_bins = np.take_along_axis(bins, order, 1)
    starts = np.array([np.searchsorted(row, row) for row in sorted_bins])
    ranks = np.empty(bins.shape, int)
    np.put_along_axis(ranks, order, np.arange(bins.shape[1]) - starts, 1)
    return ranks


def chance(good: int, runs: int, n: int) -> float:
    """Probability that n of `runs` runs, drawn without putting back, contain one of the `good` ones."""
    return 1 - comb(runs - good, n) / comb(runs, n)
