"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.question import Thumbnail
from lib.questions.null_space.config import STARTS
from lib.types import Array

DRAWN = ("constant", "jittered", "gaussian", "orthogonal", "cosines")  # starts, as they stand below each other


@dataclass(frozen=True)
class Result:
    """C starts (`STARTS`), R repeats, L = depth + 1 places from the input on (errors: from the output back)."""

    config: Any  # the NullSpace of the run
    inputs: int
    distinct: Array  # (C, R, L) inputs that can be told apart
    rank: Array  # (C, R, L) effective rank of the outputs about their mean
    back: Array  # (C, R, L) effective rank of the error signals
    angles: Array  # (C, R, L) degrees between two inputs
    angle_theory: Array  # (L,) for many Gaussian units, or (0,)
    probe: Array  # (C, R, L) share of new inputs that a linear reader gets right
    ratios: Array  # (C, R, P) squared distances after the first matrix over those before, 1 on average
    moved: Array  # (C, R) what a change in the constant's null space, as long as the input, does to the last outputs
    lost: Array  # (C, R) dimension of the first matrix's null space
    recovered: Array  # (C, R, L) share of the variation of inputs that a linear map rebuilds from the outputs
    drawn: Array  # (D, I) inputs of which the reconstruction is drawn
    rebuilt: Array  # (C, L, D, I) what is rebuilt of them in the first repeat

    @property
    def starts(self) -> tuple[str, ...]:
        """The names of the starts."""
        return STARTS

    def layers(self) -> list[str]:
        """The layers' numbers, from the input, 0, on."""
        return [str(k) for k in range(self.distinct.shape[2])]

    def pictures(self) -> Array:
        """What is drawn behind every layer: inputs, then what is rebuilt of them (L, 1 + C, D, height, width)."""
        rebuilt = self.rebuilt[[STARTS.index(name) for name in DRAWN]].swapaxes(0, 1)  # (L, C, D, I)
        rows = np.concatenate([np.broadcast_to(self.drawn, (len(rebuilt), 1, *self.drawn.shape)), rebuilt], 1)
        return rows.reshape(*rows.shape[:3], *((8, 8) if rows.shape[3] == 64 else (2, 4)))

    def shares(self) -> Array:
        """Median share of the variation that is rebuilt behind every layer (L, C), the starts as they are drawn."""
        return np.median(self.recovered[[STARTS.index(name) for name in DRAWN]], 1).T

    def rebuilt_shares(self) -> pd.DataFrame:
        """One row per layer, one column per start."""
        table = pd.DataFrame(self.shares(), columns=DRAWN)
        table.insert(0, "layer", self.places)
        return table

    def told_apart(self) -> Array:
        """Per cent of the inputs that can be told apart (C, R, L)."""
        return 100 * self.distinct / self.inputs

    def rank_range(self) -> float:
        """End of the effective rank's axis."""
        return max(2.0, 1.1 * float(np.median(self.rank, 1).max()))

    @property
    def places(self) -> Array:
        """The layers' numbers, from the input, 0, on (L,)."""
        return np.arange(self.distinct.shape[2])

    def spread_by_start(self) -> Array:
        """Ratios of the first repeat's pairs (C, P, 1)."""
        return self.ratios[:, 0, :, None]

    def distances(self) -> pd.DataFrame:
        """One row per start: how the ratios are spread."""
        ratios = self.ratios.reshape(len(STARTS), -1)
        return pd.DataFrame({"start": STARTS, "mean": ratios.mean(1), "standard_deviation": ratios.std(1)})

    def errors(self) -> pd.DataFrame:
        """One row per start and layer on the way back."""
        layers = self.back.shape[2]
        return pd.DataFrame(
            {
                "start": np.repeat(STARTS, layers),
                "layers_back": list(range(layers)) * len(STARTS),
                "effective_rank": np.median(self.back, 1).ravel(),
            }
        )

    def thumbnail(self) -> Thumbnail:
        """The run in a small picture."""
        return Thumbnail.lines(self.told_apart().transpose(2, 1, 0))

    def table(self) -> pd.DataFrame:
        """One row per start and layer: medians."""
        layers = self.distinct.shape[2]
        columns = {
            "told_apart": self.distinct,
            "effective_rank": self.rank,
            "angle": self.angles,
            "probe": self.probe,
        }
        return pd.DataFrame(
            {"start": np.repeat(STARTS, layers), "layer": list(range(layers)) * len(STARTS)}
            | {name: np.median(values, 1).ravel() for name, values in columns.items()}
        )
