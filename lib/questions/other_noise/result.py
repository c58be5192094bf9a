"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.question import Thumbnail
from lib.questions.other_noise.config import OWN, SHARED, SOLVED, SOURCES
from lib.questions.other_noise.units import Networks, outputs
from lib.types import Array

FLOOR = -20.0  # where the logarithm of an exact zero is drawn
DRAWN, SIDE, REACH = 4, 9, 1.0  # units of a source; cells of a tile, each way; of the square, where the points lie
APART = 7  # cells between the columns of the sheet
LEFT, RIGHT = (*SHARED, "random_weights"), (*OWN, "random_and_dropout")
ORDER = [name for pair in zip(LEFT, RIGHT, strict=True) for name in pair]


@dataclass(frozen=True)
class Result:
    """C sources of difference (`SOURCES`), R repeats, S steps, H units."""

    config: Any  # the OtherNoise of the run
    steps: Array  # (S,)
    loss: Array  # (S, C, R) on the points as they are
    apart: Array  # (S, C, R) largest difference between two units
    one_unit: Array  # (R,) best loss of a network with one hidden unit
    incoming: Array  # (S, H) weight from the first input into each unit; chosen source, first repeat
    units: Array  # (4, C, H) and
    last: Array  # (C,) the first repeat's networks at the end, as in `units.Networks`

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

    def apart_log(self) -> Array:
        """log10 of the largest differences ever, exact zeros at FLOOR: (1, R, C)."""
        values = self.apart.max(0).T
        return np.log10(np.where(values > 0, values, 10.0**FLOOR))[None]

    def ends(self) -> Array:
        """Losses at the end less that of the best single unit on the same points: (1, R, C)."""
        return (self.loss[-1] - self.one_unit).T[None]

    def reach(self) -> tuple[float, float]:
        """Range of the axis of `ends`: from -0.6 to 0.4 unless the run needs more, in halves."""
        most = float(np.percentile(self.ends()[0], 75, axis=0).max())
        return -0.6, max(0.4, np.ceil(2.2 * most) / 2)

    @property
    def drawn(self) -> int:
        """How many units are drawn."""
        return min(DRAWN, self.units.shape[2])

    def tiles(self) -> Array:
        """What the drawn units and the network give in the square, source by source (C, units + 1, SIDE, SIDE).

        The top row comes first, as in a picture. Of 1 at most: a unit's is divided by the largest of its source's
        units, the network's is its share of class 1 from -1 to 1.
        """
        line = np.linspace(-REACH, REACH, SIDE)
        across, up = (v.ravel() for v in np.meshgrid(line, line[::-1]))
        networks = Networks(self.units[:, :, None], self.last[:, None])
        places = np.broadcast_to(np.stack([across, up])[:, None, None], (2, len(SOURCES), 1, across.size))
        logits, given, _ = outputs(networks, places, self.config.activation)
        largest = np.abs(given).max((2, 3), keepdims=True)
        each = given[:, 0] / np.where(largest > 0, largest, 1)[:, 0]
        both = np.concatenate([each[:, : self.drawn], np.tanh(logits / 2)], 1)
        return np.nan_to_num(both).reshape(len(SOURCES), -1, SIDE, SIDE)  # what ran away answers nothing

    def sheet(self) -> Array:
        """The tiles in two columns: what all units share, and what each has of its own; gaps are NaN."""
        tiles, tall, wide = self.tiles(), SIDE + 1, self.drawn * (SIDE + 1) + 1 + SIDE
        sheet = np.full((len(ORDER) // 2 * tall - 1, 2 * wide + APART), np.nan)
        for place, name in enumerate(ORDER):
            top, left = place // 2 * tall, place % 2 * (wide + APART)
            for k, tile in enumerate(tiles[SOURCES.index(name)]):
                at = left + k * (SIDE + 1) + (k == self.drawn)  # the answer stands a little apart
                sheet[top : top + SIDE, at : at + SIDE] = tile
        return sheet

    def three(self) -> Array:
        """Loss with the chosen source, with momentum alone, from random weights: (S, R, 3)."""
        rows = [SOURCES.index(name) for name in (self.config.source, "momentum", "random_weights")]
        return self.loss[:, rows].transpose(0, 2, 1)

    def top(self) -> float:
        """Upper end of the loss axes: 1 unless the run needs more, in halves."""
        return max(1.0, np.ceil(2.2 * float(np.percentile(self.loss[-1], 75, axis=1).max())) / 2)

    def unit_range(self) -> tuple[float, float]:
        """Range of the units' axis: at least the constant's surroundings, more where the run needs it."""
        shown = self.incoming[:, :8]
        return min(-1.0, 1.05 * float(shown.min())), max(1.0, 1.05 * float(shown.max()))

    def over_steps(self) -> pd.DataFrame:
        """Medians of the three loss curves."""
        columns = ["chosen", "momentum_alone", "random_weights"]
        return pd.DataFrame(np.median(self.three(), 1), columns=columns).assign(step=self.steps)

    def lines(self) -> pd.DataFrame:
        """The weight from the first input into each unit, over steps."""
        columns = [f"unit {k + 1}" for k in range(self.incoming.shape[1])]
        return pd.DataFrame(self.incoming, columns=columns).assign(step=self.steps)

    def thumbnail(self) -> Thumbnail:
        """The run in a small picture."""
        return Thumbnail.lines(self.three())

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
