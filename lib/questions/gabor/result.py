"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.question import Thumbnail
from lib.types import Array


@dataclass(frozen=True)
class Result:
    """Conditions: untrained, pictures, scrambled (or shuffled labels), no sparsity; R repeats, H filters."""

    config: Any  # the Gabor of the run
    own: bool  # learned from the reader's own picture
    steps: Array  # (F,)
    sheets: Array  # (F, H, side, side) the first repeat's filters, best fit first
    fitted: Array  # (H, side, side) the Gabor functions beside them
    r2: Array  # (1 + C, R, H)
    edge: Array  # (1 + C, R, H) a good fit with a narrow window
    angle: Array  # (R, H) radians across the stripes, of the pictures' filters
    used: Array  # (1 + C, R, H) filters that count
    active: Array  # (C, R) share of active units
    accuracy: Array  # (C, R) of telling real from scrambled, or (0, R)
    kurtosis: tuple[float, ...]  # of the pictures' patches and of the scrambled ones

    def shares(self) -> Array:
        """Per cent of the filters that count which are edge detectors (1 + C, R)."""
        return 100 * (self.edge & self.used).sum(2) / self.used.sum(2)

    def medians(self) -> Array:
        """Median R^2 of the filters that count, in per cent (1 + C, R)."""
        return 100 * np.nanmedian(np.where(self.used, self.r2, np.nan), 2)

    def compared(self) -> Array:
        """Both of them, for the figure: (1 + C, R, 2)."""
        return np.stack([self.shares(), self.medians()], 2)

    def rose(self, sectors: int) -> Array:
        """Edge detectors per direction of their edge over all repeats, in per cent of them (sectors,), from 0."""
        angles = self.angle[self.edge[1] & self.used[1]]
        along = np.degrees(angles + np.pi / 2) % 180  # the edge runs along the stripes
        counts = np.bincount((np.round(along * sectors / 180) % sectors).astype(int), minlength=sectors)
        return 100 * counts / max(counts.sum(), 1)

    def directions(self, sectors: int) -> pd.DataFrame:
        """The rose as a table."""
        return pd.DataFrame({"degrees": np.arange(sectors) * 180 / sectors, "percent": self.rose(sectors)})

    def filters(self) -> pd.DataFrame:
        """The first network's filters, best fit first."""
        order = np.argsort(-self.r2[1, 0], kind="stable")
        return pd.DataFrame(
            {
                "filter": np.arange(1, len(order) + 1),
                "r2": self.r2[1, 0][order],
                "edge_detector": self.edge[1, 0][order],
                "edge_degrees": np.degrees(self.angle[0][order] + np.pi / 2) % 180,
            }
        )

    def thumbnail(self) -> Thumbnail:
        """The run in a small picture."""
        return Thumbnail("signs", self.sheets[-1, :3])

    def table(self) -> pd.DataFrame:
        """One row per condition and repeat."""
        count, repeats = self.shares().shape
        return pd.DataFrame(
            {
                "condition": np.repeat(np.arange(count), repeats),
                "repeat": list(range(repeats)) * count,
                "edge_detectors_percent": self.shares().ravel(),
                "median_r2_percent": self.medians().ravel(),
            }
        )
