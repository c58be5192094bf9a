"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.questions.batch.config import BATCHES, LRS, SIZES
from lib.types import Array, Numbers


@dataclass(frozen=True)
class Plane:
    """Gradients of two weights of a neuron; the axis of 2 at the front is (offset inputs, centred); S sizes."""

    clouds: Array  # (2, F, N, 2) of the first neuron, N batches of each of F sizes, the last the chosen one
    means: Array  # (2, 2) of all its samples
    together: Array  # (2, S) share that moves both weights the same way, of all neurons and repeats
    throughout: Array  # (2, S) share that has one sign in all weights, of all neurons and repeats

    @property
    def sizes(self) -> tuple[int, ...]:
        """The batch sizes of the clouds."""
        return SIZES[: self.clouds.shape[1]]

    @property
    def same(self) -> Array:
        """Share of each cloud that moves both weights the same way: (2, F)."""
        return np.asarray((self.clouds.prod(3) >= 0).mean(2))

    @property
    def reach(self) -> float:
        """Where both axes end, for all clouds: midway between the first ones and the last, and beyond every mean.

        The first end where nine of ten single samples are inside, the last where all batches of the chosen size are.
        Midway, as factors go: the last are no speck, and that the first are wider is still seen.
        """
        first = float(np.percentile(np.abs(self.clouds[:, 0]).max(2), 90))
        last = min(first, float(np.abs(self.clouds[:, -1]).max()))
        return max((first * last) ** 0.5, 1.2 * float(np.abs(self.means).max()))

    @property
    def beyond(self) -> float:
        """Share of the single samples, of both clouds, that lie beyond the axes' ends."""
        return float((np.abs(self.clouds[:, 0]).max(2) > self.reach).mean())

    def shown(self) -> list[list[Numbers]]:
        """What is told of each cloud (F, 2): the share of one sign in all weights, and its own of two weights."""
        return [
            [{"throughout": float(self.throughout[c, f]), "own": float(self.same[c, f])} for c in (0, 1)]
            for f in range(len(self.sizes))
        ]

    def table(self) -> pd.DataFrame:
        """One row per batch size."""
        columns: dict[str, Any] = {"batch": self.sizes}
        for c, name in enumerate(("offset", "centred")):
            columns |= {f"{name}_throughout": self.throughout[c, : len(self.sizes)]}
            columns |= {f"{name}_cloud": self.same[c], f"{name}_all": self.together[c, : len(self.sizes)]}
        return pd.DataFrame(columns)


@dataclass(frozen=True)
class Result:
    """R repeats, S sizes, B batches of descents, L learning rates; the axis of 2 is (offset inputs, centred)."""

    config: Any  # the Batch of the run
    shares: Array  # (3, S, R) share of one-signed gradients: mean error as it is, removed; centred inputs
    plane: Plane
    steps: Array  # (2, B, R, L) until the target is reached; `budget`: or more
    budget: int

    @property
    def rate(self) -> int:
        """Index of the chosen learning rate in the grid."""
        return LRS.index(self.config.lr)

    @property
    def at(self) -> int:
        """Index of the chosen batch among the descents'."""
        return BATCHES.index(self.config.batch)

    def best(self) -> Array:
        """Steps at each one's best learning rate: (2, B, R)."""
        index = np.median(self.steps, 2).argmin(2)
        return np.asarray(np.take_along_axis(self.steps, index[:, :, None, None], 3)[..., 0])

    def pooled(self) -> Array:
        """Share of all gradients that were looked at, of all repeats together, that are one-signed: (3, S).

        Every repeat has as many, so that it is their mean; the median over the repeats is of no pool of gradients.
        """
        return np.asarray(self.shares.mean(2))

    def all_steps(self) -> Array:
        """Steps at the chosen rate, offset and centred, then at the best rates: (B, R, 4)."""
        return np.concatenate([self.steps[..., self.rate], self.best()]).transpose(1, 2, 0)

    def medians(self, values: Array, names: list[str]) -> pd.DataFrame:
        """Shares (lines, S, R) as a table: one row per batch size, the median over the repeats per line."""
        return pd.DataFrame(dict(zip(names, np.median(values, 2), strict=True))).assign(batch=SIZES)

    def table(self) -> pd.DataFrame:
        """One row per input, batch size, repeat and learning rate."""
        names = ["input", "batch", "repeat", "lr"]
        rows = pd.MultiIndex.from_product([["offset", "centred"], BATCHES, range(self.steps.shape[2]), LRS])
        return rows.to_frame(index=False, name=names).assign(steps=self.steps.ravel())
