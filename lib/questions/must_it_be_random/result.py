"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.questions.must_it_be_random.config import LRS, STARTS
from lib.types import Array


@dataclass(frozen=True)
class Result:
    """C starts (`STARTS`), L learning rates (`LRS`), R repeats, F looks."""

    config: Any  # the MustItBeRandom of the run
    best: Array  # (C,) index of each start's best learning rate, by the median training loss
    final: Array  # (C, L, R) training loss at the end, infinite where diverged
    accuracy: Array  # (C, L, R) on the test digits
    diverged: Array  # (C, L, R) step, or -1
    units: Array  # (C, R) different units of the first layer at the start
    rank: Array  # (C, R) of the first layer at the start
    rank_end: Array  # (C, R) after training at the best learning rate
    looked: Array  # (F,) steps at which the starts are looked at, each at its best learning rate
    shown: Array  # (F, C, H, 64) the first repeat's first layer then
    read: Array  # (F, C, R) test accuracy then
    apart: Array  # (2, C, R) digits that differ behind the last hidden layer at the start, and at the end
    mean: Array  # (R,) of the weights trained from the Gaussian start
    away: Array  # (4, R) their distance from their own start, another start, zero, all 0.5
    way_steps: Array  # (S',) until all have reached the goal
    way: Array  # (S', 2, R) accuracy from the Gaussian start, and from a solution's exact opposite
    # the first one from the chosen start that did not diverge at its best learning rate, at the end, by name
    network: dict[str, Array]

    def at_best(self) -> Array:
        """Test accuracy (C, R) of every start at its own best learning rate."""
        return self.accuracy[np.arange(len(STARTS)), self.best]

    def of(self, name: str) -> float:
        """Median test accuracy of one start at its own best learning rate."""
        return float(np.median(self.at_best()[STARTS.index(name)]))

    def compared(self) -> list[str]:
        """Names of the starts drawn against each other: the random one, the chosen one, the two constants."""
        return list(dict.fromkeys(("gaussian", self.config.start, "constant", "half")))

    def reads(self) -> pd.DataFrame:
        """Median test accuracy: one row per look, one column per start."""
        return pd.DataFrame(np.median(self.read, 2), columns=STARTS).assign(step=self.looked)

    def over_lrs(self) -> Array:
        """Test accuracy in per cent (L, R, compared)."""
        return 100 * np.stack([self.accuracy[STARTS.index(name)] for name in self.compared()], 2)

    def lrs(self) -> list[str]:
        """The learning rates as text."""
        return [f"{lr:g}" for lr in LRS]

    def summary(self) -> pd.DataFrame:
        """One row per start."""
        return pd.DataFrame(
            {
                "start": STARTS,
                "test_accuracy": np.median(self.at_best(), 1),
                "best_lr": [LRS[k] for k in self.best],
                "different_units": np.median(self.units, 1),
                "rank": np.median(self.rank, 1),
                "rank_after": np.median(self.rank_end, 1),
                "digits_apart_after": np.median(self.apart[1], 1),
            }
        )

    def table(self) -> pd.DataFrame:
        """One row per start, learning rate and repeat."""
        index = pd.MultiIndex.from_product(
            [STARTS, LRS, range(self.accuracy.shape[2])], names=["start", "lr", "repeat"]
        )
        columns = {"test_accuracy": self.accuracy, "train_loss": self.final, "diverged_at_step": self.diverged}
        return pd.DataFrame({k: v.ravel() for k, v in columns.items()}, index=index).reset_index()
