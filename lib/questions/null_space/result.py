"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.questions.null_space.config import STARTS
from lib.types import Array

DRAWN = ("constant", "jittered", "gaussian", "cosines")  # starts, as they stand below each other


@dataclass(frozen=True)
class Result:
    """C starts (`STARTS`), R repeats, L = depth + 1 places from the input on (errors: from the output back)."""

    config: Any  # the NullSpace of the run
    inputs: int
    distinct: Array  # (C, R, L) inputs that can be told apart
    back: Array  # (C, R, L) effective rank of the error signals
    angles: Array  # (C, R, L) degrees between two inputs
    angle_theory: Array  # (L,) for many Gaussian units, or (0,)
    moved: Array  # (C, R) what a change in the constant's null space, as long as the input, does to the last outputs
    lost: Array  # (C, R) dimension of the first matrix's null space
    recovered: Array  # (C, R, L) share of the variation of inputs that a linear map rebuilds from the outputs
    drawn: Array  # (D, I) inputs of which the reconstruction is drawn
    rebuilt: Array  # (C, L, D, I) what is rebuilt of them in the first repeat
    # the constant one, or the jittered one of the first repeat, by name; empty if it has more than half a megabyte
    network: dict[str, Array]

    @property
    def starts(self) -> tuple[str, ...]:
        """The names of the starts; without jitter the jittered one would be the constant one once more."""
        return tuple(name for name in STARTS if self.config.jitter or name != "jittered")

    def lines(self, values: Array) -> Array:
        """What was measured of these starts, from (all starts, R, L): (L, R, starts)."""
        return values[[STARTS.index(name) for name in self.starts]].T

    def layers(self) -> list[str]:
        """The layers' numbers, from the input, 0, on."""
        return [str(k) for k in range(self.distinct.shape[2])]

    @property
    def drawn_starts(self) -> tuple[str, ...]:
        """The starts of which pictures are drawn."""
        return tuple(name for name in DRAWN if name in self.starts)

    def pictures(self) -> Array:
        """What is drawn behind every layer: inputs, then what is rebuilt of them (L, 1 + C, D, height, width)."""
        rebuilt = self.rebuilt[[STARTS.index(name) for name in self.drawn_starts]].swapaxes(0, 1)  # (L, C, D, I)
        rows = np.concatenate([np.broadcast_to(self.drawn, (len(rebuilt), 1, *self.drawn.shape)), rebuilt], 1)
        return rows.reshape(*rows.shape[:3], *((8, 8) if rows.shape[3] == 64 else (2, 4)))

    def shares(self) -> pd.DataFrame:
        """Median share of the variation that is rebuilt: one row per layer, one column per start."""
        table = pd.DataFrame(np.median(self.recovered, 1).T, columns=STARTS)
        table.insert(0, "layer", self.places)
        return table

    def told_apart(self) -> Array:
        """Per cent of the inputs that can be told apart (C, R, L)."""
        return 100 * self.distinct / self.inputs

    @property
    def places(self) -> Array:
        """The layers' numbers, from the input, 0, on (L,)."""
        return np.arange(self.distinct.shape[2])

    def table(self) -> pd.DataFrame:
        """One row per start and layer: medians."""
        layers = self.distinct.shape[2]
        columns = {"told_apart": self.distinct, "rebuilt": self.recovered, "angle": self.angles}
        return pd.DataFrame(
            {"start": np.repeat(STARTS, layers), "layer": list(range(layers)) * len(STARTS)}
            | {name: np.median(values, 1).ravel() for name, values in columns.items()}
        )
