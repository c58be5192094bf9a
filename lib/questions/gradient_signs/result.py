"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.question import Thumbnail
from lib.types import Array

TINY = 1e-9  # what is left of 1 - a - b where nothing should be


@dataclass(frozen=True)
class Result:
    """One layer of R networks on one batch: I inputs, O units, K branches; signs are shares (R, 3) <, =, > 0."""

    config: Any  # the GradientSigns of the run
    arriving: Array  # signs of what arrives at the layer
    local: Array  # signs of dO/dw = f'(z) * input, over samples, units and inputs
    error: Array  # signs of dE/dO, the sum over the branches
    gradient: Array  # signs of dE/dw of the batch
    crossing: (
        Array  # (R,) share of all layers' weights that a plain gradient step would carry from zero or above to below
    )
    sizes: Array  # (6,) batch sizes of `mixed`
    mixed: Array  # (6, R) share of units whose incoming gradients have both signs, by batch size
    disagree: Array  # (R,) share of samples and units whose branches disagree in sign
    autograd_gap: Array  # (R,) largest difference between formula and autograd
    inputs_map: Array  # (up to 30 samples, I) of the first network
    error_map: Array  # (O, up to 30 samples): dE/dO f'(z)
    gradient_map: Array  # (O, I)
    summed: Array  # (6, U, I) the first network's gradient of the first units, for each of `sizes` digits
    branches: Array  # (K,) of the picked unit for the first sample
    unit: int
    dead: Array  # (R,) bool: no unit of the layer reacts to any sample

    def pooled(self) -> Array:
        """Shares, over all networks together, of the signs of what arrives, dO/dw, dE/dO, dE/dw and -dE/dw: (5, 3).

        Not medians: those of the three signs would not add up to one.
        """
        factors = [v.mean(0) for v in (self.arriving, self.local, self.error, self.gradient)]
        shares = np.stack([*factors, factors[-1][::-1]])
        return np.where(shares < TINY, 0.0, shares)

    def sign_shares(self) -> Array:
        """The same in whole per cents that add up to 100: (5, 3)."""
        return np.stack([_whole(shares) for shares in self.pooled()])

    @property
    def growing(self) -> list[int]:
        """The numbers of digits up to the chosen one."""
        return [int(size) for size in self.sizes if size <= self.config.batch]

    def tiles(self) -> Array:
        """Gradients of the first units, a row for each of `growing`: (1, rows * U, h, 8), each row to its largest.

        By the root of their size, so that small ones are seen as well.
        """
        gradients = self.summed[: len(self.growing)]
        largest = np.abs(gradients).max((1, 2), keepdims=True)
        relative = gradients / np.where(largest > 0, largest, 1)
        roots = np.sign(relative) * np.sqrt(np.abs(relative))
        return roots.reshape(1, -1, gradients.shape[2] // 8, 8)

    def kinds(self) -> list[str]:
        """What each of these tiles holds: both, positive, negative or none."""
        signs = [((g > 0).any(), (g < 0).any()) for row in self.summed[: len(self.growing)] for g in row]
        names = {(True, True): "both", (True, False): "positive", (False, True): "negative", (False, False): "none"}
        return [names[bool(up), bool(down)] for up, down in signs]

    @property
    def cells_high(self) -> int:
        """Height of all rows of tiles in cells, three of them for the words below each."""
        return len(self.growing) * (self.summed.shape[2] // 8 + 3)

    def both_in_row(self) -> list[int]:
        """How many of the drawn units have gradients of both signs, for each of `growing`."""
        units = self.summed.shape[1]
        kinds = self.kinds()
        return [kinds[k : k + units].count("both") for k in range(0, len(kinds), units)]

    def sums_table(self) -> pd.DataFrame:
        """One row per number of digits and drawn unit, a column per weight."""
        sizes, units, weights = self.summed[: len(self.growing)].shape
        table = pd.DataFrame(
            self.summed[:sizes].reshape(-1, weights), columns=[f"weight_{k}" for k in range(weights)]
        )
        table.insert(0, "unit", np.tile(np.arange(units), sizes))
        table.insert(0, "digits", np.repeat(self.growing, units))
        return table

    def maps(self) -> dict[str, tuple[Array, str, str]]:
        """What comes back, what came in and the gradient, each with the names of its axes, across and down."""
        return {
            "error": (self.error_map, "sample", "unit"),
            "input": (self.inputs_map, "source", "sample"),
            "gradient": (self.gradient_map, "source", "unit"),
        }

    def by_batch(self) -> pd.DataFrame:
        """The curve's line: median share of units with gradients of both signs."""
        return pd.DataFrame({"batch": self.sizes, "units_with_both_signs": np.median(self.mixed, 1)})

    def signs(self) -> pd.DataFrame:
        """Shares of the three signs in each factor, and in the step that goes against the gradient."""
        table = pd.DataFrame(self.pooled(), columns=["negative", "zero", "positive"])
        table.insert(0, "quantity", ["arrives", "dO/dw", "dE/dO", "dE/dw", "step"])
        return table

    def thumbnail(self) -> Thumbnail:
        """The run in a small picture."""
        return Thumbnail("signs", self.gradient_map[None, :16, :48])

    def table(self) -> pd.DataFrame:
        """One row per network."""
        columns: dict[str, Any] = {"network": np.arange(len(self.dead))}
        for name in ("arriving", "local", "error", "gradient"):
            for k, sign in enumerate(("negative", "zero", "positive")):
                columns[f"{name}_{sign}"] = getattr(self, name)[:, k]
        columns |= {"carried_below_zero": self.crossing, "units_with_both_signs_of_one": self.mixed[0]}
        columns |= {"branches_disagree": self.disagree, "largest_difference_to_autograd": self.autograd_gap}
        return pd.DataFrame(columns)


def _whole(shares: Array) -> Array:
    """Shares (3,) of a whole in whole per cents that add up to 100: the largest remainders are rounded up."""
    low = np.floor(100 * shares + TINY)
    short = round(100 - float(low.sum()))
    low[np.argsort(low - 100 * shares, kind="stable")[:short]] += 1
    return np.asarray(low)
