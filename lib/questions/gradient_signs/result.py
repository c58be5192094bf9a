"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.question import Thumbnail
from lib.types import Array


@dataclass(frozen=True)
class Result:
    """One layer of R networks on one batch: I inputs, O units, K branches; signs are shares (R, 3) <, =, > 0."""

    config: Any  # the GradientSigns of the run
    arriving: Array  # signs of what arrives at the layer
    local: Array  # signs of dO/dw = f'(z) * input, over samples, units and inputs
    error: Array  # signs of dE/dO, the sum over the branches
    gradient: Array  # signs of dE/dw of the batch
    sizes: Array  # (6,) batch sizes of `mixed`
    mixed: Array  # (6, R) share of units whose incoming gradients have both signs, by batch size
    disagree: Array  # (R,) share of samples and units whose branches disagree in sign
    autograd_gap: Array  # (R,) largest difference between formula and autograd
    inputs_map: Array  # (up to 30 samples, I) of the first network
    error_map: Array  # (O, up to 30 samples): dE/dO f'(z)
    gradient_map: Array  # (O, I)
    branches: Array  # (K,) of the picked unit for the first sample
    unit: int
    dead: Array  # (R,) bool: no unit of the layer reacts to any sample

    def sign_shares(self) -> Array:
        """Median shares, in per cent, of the signs of what arrives, dO/dw, dE/dO and dE/dw: (4, 3)."""
        return 100 * np.stack([np.median(v, 0) for v in (self.arriving, self.local, self.error, self.gradient)])

    def by_batch(self) -> pd.DataFrame:
        """The curve's line: median share of units with gradients of both signs."""
        return pd.DataFrame({"batch": self.sizes, "units_with_both_signs": np.median(self.mixed, 1)})

    def signs(self) -> pd.DataFrame:
        """Median shares of the three signs in each factor."""
        shares = self.sign_shares() / 100
        table = pd.DataFrame(shares, columns=["negative", "zero", "positive"])
        table.insert(0, "quantity", ["arrives", "dO/dw", "dE/dO", "dE/dw"])
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
        columns |= {"branches_disagree": self.disagree, "largest_difference_to_autograd": self.autograd_gap}
        return pd.DataFrame(columns)
