"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.questions.wide_networks.config import FIT_FROM, LEAST, beside
from lib.types import Array

DRAWN = (4, 16, 64, 256)
LOWEST = 1e-6  # a smaller loss, relative to its beginning, is drawn as this
BEYOND = 3.0  # of the longest start: what goes farther is drawn at the edge


@dataclass(frozen=True)
class Result:
    """W widths of the chosen start, R repeats, S = steps + 1, T looks.

    `other_` is Gaussian, sine, 0.5 at the chosen width.
    """

    config: Any  # the WideNetworks of the run
    widths: Array  # (W,)
    lr: float
    loss: Array  # (W, S, R) half the mean squared error
    accuracy: Array  # (W, R) of the training labels
    looked: Array  # (T,) steps
    went: Array  # (W, T, R) distance of the hidden weights from the start, over their length there
    kernel: Array  # (W, R) the Gram matrix's change, relative
    flipped: Array  # (W, R) share of (unit, sample) pairs that went on or off
    eigenvalue: Array  # (W, R) smallest of the Gram matrix at the start
    limit: Array  # (R,) smallest eigenvalue of the Gram matrix of infinitely many Gaussian units
    units: Array  # (W, R) different units at the end
    diverged: Array  # (W, R)
    ways: list[Array]  # per width of `beside` (T, units drawn, 2): the first network's units, on a ring at the start
    other_accuracy: Array  # (3, R)
    other_units: Array  # (3, R)
    network: dict[str, Array]  # the first one of the chosen width that did not diverge, at the end, by name

    @property
    def chosen(self) -> int:
        """Index of the chosen width."""
        return self.widths.tolist().index(self.config.width)

    @property
    def moved(self) -> Array:
        """Distance travelled by the hidden weights over their length at the start (W, R)."""
        return self.went[:, -1]

    def drawn_steps(self) -> Array:
        """About forty of the steps, even on a log scale."""
        last = self.loss.shape[1] - 1
        return np.unique(np.round(np.geomspace(1, last + 1, 40)).astype(int) - 1)

    def travelled(self) -> list[tuple[int, Array]]:
        """The widths whose ways are drawn, and the median way at every look (T,)."""
        return [(m, np.median(self.went[self.widths.tolist().index(m)], 1)) for m in beside(self.config.width)]

    def plane(self) -> float:
        """Half the side of the square in which the ways are drawn."""
        longest = max(float(np.linalg.norm(way[0], axis=1).max()) for way in self.ways)
        farthest = max(float(np.abs(way).max()) for way in self.ways)
        return 1.06 * min(farthest, BEYOND * longest)

    def drawn_ways(self) -> list[Array]:
        """The ways, of which none leaves the picture."""
        return [np.clip(way, -self.plane(), self.plane()) for way in self.ways]

    def went_by_width(self) -> Array:
        """Median way at every look and width (T, W)."""
        return np.maximum(np.median(self.went, 2).T, LEAST)

    def over_looks(self) -> pd.DataFrame:
        """The same as a table, one row per look."""
        columns = [f"width_{m}" for m in self.widths]
        return pd.DataFrame(np.median(self.went, 2).T, columns=columns).assign(step=self.looked)

    def theory(self) -> Array:
        """A line of slope -1/2 through the last median way (W,), from `FIT_FROM` on."""
        line = self.went_by_width()[-1, -1] * np.sqrt(self.widths[-1] / self.widths)
        return np.where(self.widths >= FIT_FROM, line, np.nan)

    def falls(self) -> Array:
        """log10 of the loss relative to its beginning (S', R, drawn widths)."""
        runs = [self.loss[self.widths.tolist().index(m)] for m in DRAWN]
        ratio = np.stack([run / np.maximum(run[0], LEAST) for run in runs], 2)[self.drawn_steps()]
        return np.log10(np.clip(ratio, LOWEST, 1e3))

    def slope(self) -> float:
        """Slope of a line through log distance (medians) against log width, from `FIT_FROM` on."""
        use = self.widths >= FIT_FROM
        heights = np.log(np.maximum(np.median(self.moved[use], 1), LEAST))
        return float(np.polyfit(np.log(self.widths[use]), heights, 1)[0])

    def slopes(self) -> Array:
        """Slope of every repeat's own line (R,), fitted as in `slope`."""
        use = self.widths >= FIT_FROM
        heights = np.log(np.maximum(self.moved[use], LEAST))  # (W', R)
        return np.asarray(np.polyfit(np.log(self.widths[use]), heights, 1)[0])

    def table(self) -> pd.DataFrame:
        """One row per width and repeat."""
        index = pd.MultiIndex.from_product([self.widths, range(self.moved.shape[1])], names=["width", "repeat"])
        parts = {"loss_end": self.loss[:, -1], "train_accuracy": self.accuracy, "moved": self.moved,
                 "kernel_change": self.kernel, "signs_flipped": self.flipped, "smallest_eigenvalue": self.eigenvalue,
                 "different_units": self.units}  # fmt: skip
        return pd.DataFrame({k: v.ravel() for k, v in parts.items()}, index=index).reset_index()
