"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.question import Thumbnail
from lib.questions.wide_networks.config import FIT_FROM, LEAST, beside
from lib.types import Array

DRAWN = (4, 16, 64, 256)
LOWEST = 1e-6  # a smaller loss, relative to its beginning, is drawn as this


@dataclass(frozen=True)
class Result:
    """W widths of the chosen start, R repeats, S = steps + 1; `other_` is Gaussian, sine, 0.5 at the chosen width."""

    config: Any  # the WideNetworks of the run
    widths: Array  # (W,)
    lr: float
    loss: Array  # (W, S, R) half the mean squared error
    accuracy: Array  # (W, R) of the training labels
    moved: Array  # (W, R) distance travelled by the hidden weights over their length at the start
    kernel: Array  # (W, R) the Gram matrix's change, relative
    flipped: Array  # (W, R) share of (unit, sample) pairs that went on or off
    eigenvalue: Array  # (W, R) smallest of the Gram matrix at the start
    largest: Array  # (W, R)
    limit: Array  # (R,) smallest eigenvalue of the Gram matrix of infinitely many Gaussian units
    units: Array  # (W, R) different units at the end
    diverged: Array  # (W, R)
    ways: list[
        Array
    ]  # per width of `beside` (units drawn, 2, 2): the first network's units at start and end, in a plane
    other_loss: Array  # (3, S, R)
    other_accuracy: Array  # (3, R)
    other_units: Array  # (3, R)
    other_eigenvalue: Array  # (3, R)

    @property
    def chosen(self) -> int:
        """Index of the chosen width."""
        return self.widths.tolist().index(self.config.width)

    def names(self) -> list[str]:
        """The widths as text."""
        return [str(m) for m in self.widths]

    def drawn_steps(self) -> Array:
        """About forty of the steps, even on a log scale."""
        last = self.loss.shape[1] - 1
        return np.unique(np.round(np.geomspace(1, last + 1, 40)).astype(int) - 1)

    def travelled(self) -> list[tuple[int, float]]:
        """The widths whose ways are drawn, and the median way relative to the start's length."""
        return [(m, float(np.median(self.moved[self.widths.tolist().index(m)]))) for m in beside(self.config.width)]

    def plane(self) -> float:
        """Half the side of the square in which the ways are drawn: room for nearly all of them."""
        return float(np.ceil(2 * np.percentile(np.abs(np.concatenate(self.ways)), 99.5)) / 2)

    def over_units(self) -> pd.DataFrame:
        """Where the drawn units start and end in the plane, one row each."""
        names = ["start_first", "start_second", "end_first", "end_second"]
        rows = [pd.DataFrame(way.reshape(-1, 4), columns=names).assign(width=m) for (m, _), way in
                zip(self.travelled(), self.ways, strict=True)]  # fmt: skip
        return pd.concat(rows, ignore_index=True)

    def curves(self) -> Array:
        """log10 of the loss relative to its beginning (S', R, drawn widths + the constant)."""
        runs = [self.loss[self.widths.tolist().index(m)] for m in DRAWN] + [self.other_loss[2]]
        ratio = np.stack([run / np.maximum(run[0], LEAST) for run in runs], 2)[self.drawn_steps()]
        return np.log10(np.clip(ratio, LOWEST, 1e3))

    def over_steps(self) -> pd.DataFrame:
        """Medians of the curves, as powers of ten."""
        names = [*(f"width_{m}" for m in DRAWN), f"half_everywhere_{self.config.width}"]
        return pd.DataFrame(np.median(self.curves(), 1), columns=names).assign(step=self.drawn_steps())

    def summary(self) -> pd.DataFrame:
        """Medians, one row per width."""
        return self.table().groupby("width", as_index=False).median().drop(columns="repeat")

    def fit(self) -> tuple[float, float]:
        """Slope and height of a line through log distance against log width, from `FIT_FROM` on."""
        use = self.widths >= FIT_FROM
        heights = np.log(np.maximum(np.median(self.moved[use], 1), LEAST))
        gradient, height = np.polyfit(np.log(self.widths[use]), heights, 1)
        return float(gradient), float(height)

    def slopes(self) -> Array:
        """Slope of every repeat's own line (R,), fitted as in `fit`."""
        use = self.widths >= FIT_FROM
        heights = np.log(np.maximum(self.moved[use], LEAST))  # (W', R)
        return np.asarray(np.polyfit(np.log(self.widths[use]), heights, 1)[0])

    def distances(self) -> Array:
        """Distance travelled, the fitted line, and a line of slope -1/2 through its last point (W, R, 3)."""
        gradient, height = self.fit()
        logs = np.log(self.widths)
        fitted = height + gradient * logs
        lines = [np.exp(fitted), np.exp(fitted[-1] - (logs - logs[-1]) / 2)]
        repeats = self.moved.shape[1]
        drawn = [np.repeat(np.where(self.widths >= FIT_FROM, v, np.nan)[:, None], repeats, 1) for v in lines]
        return np.stack([np.maximum(self.moved, LEAST), *drawn], 2)

    def shares(self) -> Array:
        """Labels fitted, signs flipped and the kernel's change in per cent (W, R, 3)."""
        return 100 * np.stack([self.accuracy, self.flipped, self.kernel], 2)

    def thumbnail(self) -> Thumbnail:
        """The run in a small picture."""
        return Thumbnail.lines(self.curves())

    def table(self) -> pd.DataFrame:
        """One row per width and repeat."""
        index = pd.MultiIndex.from_product([self.widths, range(self.moved.shape[1])], names=["width", "repeat"])
        parts = {"loss_end": self.loss[:, -1], "train_accuracy": self.accuracy, "moved": self.moved,
                 "kernel_change": self.kernel, "signs_flipped": self.flipped, "smallest_eigenvalue": self.eigenvalue,
                 "different_units": self.units}  # fmt: skip
        return pd.DataFrame({k: v.ravel() for k, v in parts.items()}, index=index).reset_index()
