"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.questions.weight_decay.config import OPTIMISERS, SHIFTS
from lib.types import Array


@dataclass(frozen=True)
class Result:
    """R repeats, S steps, C decays (`shrinks`, lr * lambda); shares are of all weights of the network."""

    config: Any  # the WeightDecay of the run
    shrinks: Array  # (C,)
    steps: Array  # (S,)
    alone: Array  # (S, R) share of negatives under the chosen decay alone, by the chosen optimiser
    crossed: Array  # (4, R) share of weights that decay alone ever carried across zero, for each of OPTIMISERS
    noisy: Array  # (S, R) with noise and plain decay
    learned: Array  # (S, C, R) with data
    moments: Array  # (T,) steps of the threads
    threads: Array  # (T, 4, N) single weights of the first network: decay alone, noise, data, data without decay
    spread: Array  # (R,) root mean square of the weights at the end of decay with noise
    spread_theory: float  # the stationary standard deviation, 0 if there is none
    norm: Array  # (C, R) of the weights trained on data
    mean: Array  # (C, R)
    variance: Array  # (C, R)
    count: int  # weights of one network
    accuracy: Array  # (C, R) on the test digits
    diverged: Array  # (C, R) step, or -1
    swept: int  # the first so many decays are the sweep; a chosen one outside stands behind them
    shifted: Array  # (len(SHIFTS), R) test accuracy with a constant added to every weight
    erased: Array  # (R,) test accuracy with every weight set to its layer's mean
    network: dict[str, Array]  # the first one with the chosen decay that did not diverge, at the end, by name

    @property
    def chosen(self) -> int:
        """Index of the chosen decay."""
        return self.shrinks.tolist().index(self.config.shrink)

    @property
    def chosen_crossed(self) -> Array:
        """(R,) share of the weights that the chosen optimiser's decay alone carried across zero."""
        return np.asarray(self.crossed[list(OPTIMISERS).index(self.config.optimiser)])

    def curves(self) -> Array:
        """Share of negatives, in per cent: decay alone, with noise, with data, and data without decay: (S, R, 4)."""
        return 100 * np.stack([self.alone, self.noisy, self.learned[:, self.chosen], self.learned[:, 0]], 2)

    def thread_range(self) -> tuple[float, float]:
        """Range of the threads' axis: as far as those without decay go, and more than half as far below zero."""
        undecayed = np.abs(self.threads[:, 3])
        low, high = float(self.threads[:, 3].min()), float(undecayed.max())
        return (1.25 * min(low, -high / 2), 1.06 * high)

    @property
    def below_zero(self) -> list[list[int]]:
        """How many of the threads are below zero at each of `moments`, in each panel."""
        return (self.threads < 0).sum(2).tolist()

    def threads_table(self) -> pd.DataFrame:
        """One row per step, way and thread."""
        steps, ways, count = self.threads.shape
        return pd.DataFrame(
            {
                "step": np.repeat(self.moments, ways * count),
                "way": np.tile(np.repeat(["alone", "with_noise", "with_data", "data_without_decay"], count), steps),
                "thread": np.tile(np.arange(count), steps * ways),
                "weight": self.threads.ravel(),
            }
        )

    @property
    def shift_ends(self) -> dict[str, float]:
        """Median test accuracy with nothing and with 0.1 added to every weight."""
        return {"before": float(np.median(self.shifted[0])), "after": float(np.median(self.shifted[3]))}

    @property
    def shifts(self) -> tuple[float, ...]:
        """The constants of `shifted`."""
        return SHIFTS

    def sweep(self) -> tuple[list[str], Array]:
        """The decays of the sweep and, in per cent, negatives, accuracy, norm and mean: (swept, R, 4).

        Norm and mean are relative to the same network without decay.
        """
        parts = (self.learned[-1], self.accuracy, self.norm / self.norm[0], self.mean / np.median(self.mean[0]))
        return [f"{s:g}" for s in self.shrinks[: self.swept]], 100 * np.stack([p[: self.swept] for p in parts], 2)

    def by_optimiser(self) -> dict[str, float]:
        """Median share of the weights that decay alone carried across zero, by optimiser."""
        return dict(zip(OPTIMISERS, np.median(self.crossed, 1).tolist(), strict=True))

    def table(self) -> pd.DataFrame:
        """One row per decay and repeat."""
        decays, repeats = self.norm.shape
        return pd.DataFrame(
            {
                "lr_times_lambda": np.repeat(self.shrinks, repeats),
                "repeat": list(range(repeats)) * decays,
                "negative_end": self.learned[-1].ravel(),
                "norm": self.norm.ravel(),
                "mean": self.mean.ravel(),
                "variance": self.variance.ravel(),
                "test_accuracy": self.accuracy.ravel(),
                "diverged_at_step": self.diverged.ravel(),
            }
        )
