"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.questions.other_noise.config import SOLVED, SOURCES
from lib.questions.other_noise.units import Networks, outputs
from lib.types import Array

DRAWN, SIDE, REACH = 4, 11, 1.0  # units of a source; cells of a tile, each way; of the square, where the points lie


@dataclass(frozen=True)
class Result:
    """C sources of difference (`SOURCES`), R repeats, S steps, M of them drawn, H units."""

    config: Any  # the OtherNoise of the run
    steps: Array  # (S,)
    loss: Array  # (S, C, R) on the points as they are
    apart: Array  # (S, C, R) largest difference between two units
    one_unit: Array  # (R,) best loss of a network with one hidden unit
    moments: Array  # (M,) indices of the steps at which the networks are drawn
    units: Array  # (4, M, C, H) and
    last: Array  # (M, C) the first repeat's networks at these moments, as in `units.Networks`
    network: dict[str, Array]  # the first repeat's with the chosen source, at the end, by name

    def median(self, source: str) -> float:
        """Median loss at the end."""
        return float(np.median(self.loss[-1, SOURCES.index(source)]))

    def solves(self, source: str) -> int:
        """How many repeats solve it."""
        return int(self.solved(source).sum())

    def solved(self, source: str) -> Array:
        """Which repeats end below SOLVED, and below the best single unit on their points (R,)."""
        return self.loss[-1, SOURCES.index(source)] < np.minimum(SOLVED, self.one_unit)

    def solved_at(self, source: str) -> Array:
        """First recorded step at which each repeat solves it, infinite if none does (R,)."""
        below = self.loss[:, SOURCES.index(source)] < np.minimum(SOLVED, self.one_unit)
        return np.where(below.any(0), self.steps[below.argmax(0)], np.inf)

    def largest(self, source: str) -> float:
        """Largest difference between two units, ever, in any repeat."""
        return float(self.apart[:, SOURCES.index(source)].max())

    def identical(self) -> list[str]:
        """The sources whose units never differ in any bit."""
        return [name for name in SOURCES if self.largest(name) == 0]

    @property
    def drawn(self) -> int:
        """How many units are drawn."""
        return min(DRAWN, self.units.shape[3])

    def tiles(self) -> Array:
        """What the drawn units and the network give in the square, at all moments (M, C, units + 1, SIDE, SIDE).

        The top row comes first, as in a picture. Of 1 at most: a unit's is divided by the largest that any unit of
        its source ever gives, the network's is its share of class 1 from -1 to 1.
        """
        line = np.linspace(-REACH, REACH, SIDE)
        across, up = (v.ravel() for v in np.meshgrid(line, line[::-1]))
        shape = (2, *self.last.shape, across.size)
        places = np.broadcast_to(np.stack([across, up])[:, None, None], shape)
        logits, given = outputs(Networks(self.units, self.last), places, self.config.activation)
        largest = np.nanmax(np.abs(given), axis=(0, 2, 3), keepdims=True)
        each = given / np.where(largest > 0, largest, 1)
        both = np.concatenate([each[:, :, : self.drawn], np.tanh(logits / 2)[:, :, None]], 2)
        return np.nan_to_num(both).reshape(*self.last.shape, -1, SIDE, SIDE)  # what ran away answers nothing

    def learned(self) -> Array:
        """How many repeats have solved it, at all moments (M, C)."""
        return (self.loss[self.moments] < np.minimum(SOLVED, self.one_unit)).sum(2)

    def three(self) -> Array:
        """Loss with the chosen source, with momentum alone, from random weights: (S, R, 3)."""
        rows = [SOURCES.index(name) for name in (self.config.source, "momentum", "random_weights")]
        return self.loss[:, rows].transpose(0, 2, 1)

    def top(self) -> float:
        """Upper end of the loss axes: 1 unless the run needs more, in halves."""
        return max(1.0, np.ceil(2.2 * float(np.percentile(self.loss[-1], 75, axis=1).max())) / 2)

    def over_steps(self) -> pd.DataFrame:
        """Medians of the three loss curves."""
        columns = ["chosen", "momentum_alone", "random_weights"]
        return pd.DataFrame(np.median(self.three(), 1), columns=columns).assign(step=self.steps)

    def table(self) -> pd.DataFrame:
        """One row per source and repeat."""
        count = self.loss.shape[2]
        return pd.DataFrame(
            {
                "source": np.repeat(SOURCES, count),
                "repeat": list(range(count)) * len(SOURCES),
                "largest_difference": self.apart.max(0).ravel(),
                "loss": self.loss[-1].ravel(),
                "less_one_unit": (self.loss[-1] - self.one_unit).ravel(),
                "one_unit_best": np.tile(self.one_unit, len(SOURCES)),
            }
        )
