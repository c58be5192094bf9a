"""What a run of `lib.experiments.gradient_signs` gave, and the sentences that its numbers choose."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.config import Verdict

Array = np.ndarray[Any, Any]
Numbers = dict[str, float | int | str]
AGREE = 1e-9  # in double precision; a larger gap between formula and autograd would be a mistake


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

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The sentences that the data choose, with their numbers."""
        return {
            "main": main(self),
            "inputs": inputs(self),
            "errors": errors(self),
            "branches": branches(self),
            "mixed": mixed(self),
        }

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

    def table(self) -> pd.DataFrame:
        """One row per network."""
        columns: dict[str, Any] = {"network": np.arange(len(self.dead))}
        for name in ("arriving", "local", "error", "gradient"):
            for k, sign in enumerate(("negative", "zero", "positive")):
                columns[f"{name}_{sign}"] = getattr(self, name)[:, k]
        columns |= {"branches_disagree": self.disagree, "largest_difference_to_autograd": self.autograd_gap}
        return pd.DataFrame(columns)


def main(result: Result) -> Verdict:
    """Can weights go down although nothing negative comes in?"""
    gradient = np.median(result.gradient, 0)
    numbers: Numbers = {
        "local_negative": float(np.median(result.local[:, 0])),
        "local_zero": float(np.median(result.local[:, 1])),
        "error_negative": float(np.median(result.error[:, 0])),
        "error_positive": float(np.median(result.error[:, 2])),
        "up": float(gradient[0]),  # descent moves against the gradient
        "still": float(gradient[1]),
        "down": float(gradient[2]),
        "batch": result.config.batch,
        "layer": result.config.layer,
        "networks": len(result.dead),
        "dead": int(result.dead.sum()),
    }
    return Verdict(_key(result, gradient), numbers)


def _key(result: Result, gradient: Array) -> str:
    if 2 * result.dead.sum() > len(result.dead):
        return "dead"
    if result.local[:, 0].max() > 0:
        return "signed_inputs"
    return "both_ways" if gradient[0] > 0 and gradient[2] > 0 else "one_way"


def inputs(result: Result) -> Verdict:
    """Is dO/dw never negative?"""
    numbers: Numbers = {
        "negative": float(np.median(result.local[:, 0])),
        "zero": float(np.median(result.local[:, 1])),
        "arriving": float(np.median(result.arriving[:, 0])),
    }
    return Verdict("inputs_signed" if result.local[:, 0].max() > 0 else "inputs_nonnegative", numbers)


def errors(result: Result) -> Verdict:
    """Does what comes back have either sign?"""
    numbers: Numbers = {
        "negative": float(np.median(result.error[:, 0])),
        "positive": float(np.median(result.error[:, 2])),
    }
    both = (result.error[:, 0] > 0).all() and (result.error[:, 2] > 0).all()
    return Verdict("errors_both" if both else "errors_one_sign", numbers)


def branches(result: Result) -> Verdict:
    """Is dE/dw the sum over the branches times dO/dw?"""
    numbers: Numbers = {
        "gap": float(result.autograd_gap.max()),
        "count": len(result.branches),
        "unit": result.unit,
        "sum": float(result.branches.sum()),
        "disagree": float(np.median(result.disagree)),
    }
    if result.autograd_gap.max() > AGREE:
        return Verdict("branches_wrong", numbers)
    return Verdict("branches_one" if len(result.branches) == 1 else "branches_right", numbers)


def mixed(result: Result) -> Verdict:
    """Do the weights of one unit move in both directions, for one sample and for a batch?"""
    numbers: Numbers = {"one": float(np.median(result.mixed[0])), "many": float(np.median(result.mixed[-1]))}
    if result.mixed[0].max() > 0:
        return Verdict("mixed_always", numbers)
    return Verdict("mixed_by_batch" if result.mixed[-1].max() > 0 else "mixed_never", numbers)
