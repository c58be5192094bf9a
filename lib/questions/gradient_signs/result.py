"""What a run gave."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from lib.questions.gradient_signs.config import COLUMNS, ROWS
from lib.types import Array

TINY = 1e-9  # what is left of 1 - a - b where nothing should be
LEAST = 0.25  # of full colour: what moves at all is seen to move


@dataclass(frozen=True)
class Result:
    """One layer of R networks on one batch: I inputs, O units, K branches; signs are shares (R, 3) <, =, > 0."""

    config: Any  # the GradientSigns of the run
    arriving: Array  # signs of what arrives at the layer
    local: Array  # signs of dO/dw = f'(z) * input, over samples, units and inputs
    error: Array  # signs of dE/dO, the sum over the branches
    gradient: Array  # signs of dE/dw of the batch
    crossing: Array  # (R,) share of all layers' weights that a plain gradient step carries below zero
    sizes: Array  # (6,) batch sizes of `mixed`
    mixed: Array  # (6, R) share of units whose incoming gradients have both signs, by batch size
    disagree: Array  # (R,) share of samples and units whose branches disagree in sign
    autograd_gap: Array  # (R,) largest difference between formula and autograd
    digits: Array  # (300, 64) the samples that batches are taken from, the first ones first
    labels: Array  # (300,) what they are
    came: Array  # (300, I) what arrives at the layer of the first network
    back: Array  # (300, O) dE/dO f'(z) there
    gradient_map: Array  # (O, I) of the batch there
    branches: Array  # (K,) of the picked unit for the first sample
    unit: int
    dead: Array  # (R,) bool: no unit of the layer reacts to any sample
    network: dict[str, Array] = field(default_factory=dict)  # the first network, by name

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
        """The numbers of digits up to the chosen one: the first, and the last three."""
        sizes = [int(size) for size in self.sizes if size <= self.config.batch]
        return sizes if len(sizes) <= ROWS else [sizes[0], *sizes[1 - ROWS :]]

    def order(self, digit: int) -> Array:
        """The samples (300,), the first one that is this digit in front."""
        chosen = np.flatnonzero(self.labels == digit)[:1]
        return np.concatenate([chosen, np.delete(np.arange(len(self.labels)), chosen)])

    def gradients(self, digit: int) -> Array:
        """The first network's gradient of all units (rows, O, I), averaged over each of `growing`."""
        came, back = self.came[self.order(digit)], self.back[self.order(digit)]
        return np.stack([back[:n].T @ came[:n] / n for n in self.growing])

    @property
    def drawn(self) -> int:
        """How many units are drawn: the digits are what comes into layer 1; for others that is a picture too."""
        return COLUMNS if self.came.shape[1] == self.digits.shape[1] else COLUMNS - 1

    @property
    def inked(self) -> bool:
        """Whether what came in is a picture of its own, and can be drawn as ink is: nowhere below zero."""
        return self.drawn < COLUMNS and bool((self.came >= 0).all())

    def stamps(self, digit: int) -> Array:
        """The rows of pictures (rows * COLUMNS, 8, 8): what came in, where the layer is not the first, and the units.

        Each row to its largest. A unit's picture is where its weights go, against the gradient, so that what goes up
        is above zero; by the root of the size, and from `LEAST` on, so that small ones are seen as well.
        """
        order = self.order(digit)
        came = np.stack([self.came[order[:n]].mean(0) for n in self.growing])[:, None]
        parts = [_seen(-self.gradients(digit)[:, : self.drawn])]
        if self.drawn < COLUMNS:
            parts.insert(0, _scaled(came))
        pictures = np.concatenate(parts, 1)
        high = pictures.shape[2] // 8
        return pictures.reshape(-1, high, 8).repeat(8 // high, 1)

    def moves(self, digit: int) -> list[list[tuple[int, int]]]:
        """Row by row, how many weights of each drawn unit go up and how many down, against the gradient."""
        rows = self.gradients(digit)[:, : self.drawn]
        return [[(int((g < 0).sum()), int((g > 0).sum())) for g in row] for row in rows]

    def sums_table(self, digit: int) -> pd.DataFrame:
        """One row per number of digits and drawn unit, a column per weight: where it goes, against the gradient."""
        steps = 0.0 - self.gradients(digit)[:, : self.drawn]
        rows, units, weights = steps.shape
        table = pd.DataFrame(steps.reshape(-1, weights), columns=[f"weight_{k}" for k in range(weights)])
        table.insert(0, "unit", np.tile(np.arange(units), rows))
        table.insert(0, "digits", np.repeat(self.growing, units))
        return table

    def signs(self) -> pd.DataFrame:
        """Shares of the three signs in each factor, and in the step that goes against the gradient."""
        table = pd.DataFrame(self.pooled(), columns=["negative", "zero", "positive"])
        table.insert(0, "quantity", ["arrives", "dO/dw", "dE/dO", "dE/dw", "step"])
        return table

    def table(self) -> pd.DataFrame:
        """One row per network."""
        columns: dict[str, Any] = {"network": np.arange(len(self.dead))}
        for name in ("arriving", "local", "error", "gradient"):
            for k, sign in enumerate(("negative", "zero", "positive")):
                columns[f"{name}_{sign}"] = getattr(self, name)[:, k]
        columns |= {"carried_below_zero": self.crossing, "units_with_both_signs_of_one": self.mixed[0]}
        columns |= {"branches_disagree": self.disagree, "largest_difference_to_autograd": self.autograd_gap}
        return pd.DataFrame(columns)


def _scaled(rows: Array) -> Array:
    """Values (rows, M, I) between -1 and 1, each row's largest 1."""
    largest = np.abs(rows).max((1, 2), keepdims=True)
    return np.asarray(rows / np.where(largest > 0, largest, 1))


def _seen(rows: Array) -> Array:
    scaled = _scaled(rows)
    return np.asarray(np.sign(scaled) * (LEAST + (1 - LEAST) * np.sqrt(np.abs(scaled))))


def _whole(shares: Array) -> Array:
    """Shares (3,) of a whole in whole per cents that add up to 100: the largest remainders are rounded up."""
    low = np.floor(100 * shares + TINY)
    short = round(100 - float(low.sum()))
    low[np.argsort(low - 100 * shares, kind="stable")[:short]] += 1
    return np.asarray(low)
