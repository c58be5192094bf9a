"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.questions.features.config import PLACES
from lib.types import Array


@dataclass(frozen=True)
class Result:
    """R repeats, S recorded steps, four `PLACES`, N digits that are drawn; the axis of 2: untrained, trained."""

    config: Any  # the Features of the run
    steps: Array  # (S,)
    fisher: Array  # (S, R, 4)
    neighbours: Array  # (2, R, 4) in two principal components: share whose five nearest vote right
    fisher_plane: Array  # (2, R, 4) Fisher's ratio in two principal components
    neighbours_whole: Array  # (R, 4) trained, in all dimensions: share whose five nearest vote right
    neighbours_bottleneck: Array  # (2, R)
    accuracy: Array  # (2, R) test accuracy: the deep networks, those with the bottleneck
    places: Array  # (S, N, 2) of the first network's view
    distances: Array  # (4, S, N, 10) in the first deep network, from each class's mean; 1: within classes
    labels: Array  # (N,)
    images: Array  # (N, 8, 8)
    diverged: Array  # (2, R) step, or -1
    network: dict[str, Array]  # the first deep one that did not diverge, at the end, by name

    def by_place(self) -> Array:
        """Fisher's ratio by place: trained, untrained (4, R, 2)."""
        return np.stack([self.fisher[-1], self.fisher[0]], 2).transpose(1, 0, 2)

    def agree(self) -> Array:
        """Neighbours that agree, in per cent: trained, untrained; the four places, then the bottleneck (5, R, 2)."""
        both = np.concatenate([self.neighbours, self.neighbours_bottleneck[:, :, None]], 2)
        return 100 * both[::-1].transpose(2, 1, 0)

    def digit(self, number: int) -> int:
        """Return which digit a drawn one is."""
        return int(self.labels[number])

    def first(self, digit: int) -> int:
        """Return the number of the first of the drawn ones that is this digit."""
        return int(np.flatnonzero(self.labels == digit)[0])

    def medians(self, digit: int) -> dict[str, float]:
        """Median distance from the mean of one class in the end, of its own drawn digits and of the others."""
        own = self.labels == digit
        return {
            f"{name}_{place}": float(np.median(self.distances[k, -1, rows, digit]))
            for k, place in enumerate(PLACES) for name, rows in (("own", own), ("other", ~own))
        }  # fmt: skip

    def near(self) -> float:
        """Median share of the digits whose neighbours agree in the plane of the chosen view, trained."""
        view = [*PLACES, "bottleneck"].index(self.config.view)
        return float(np.median(self.agree()[view, :, 0])) / 100

    def top(self) -> float:
        """Upper end of the ratio's axes: 5 unless the run needs more."""
        return max(5.0, 1.1 * float(np.percentile(self.by_place(), 75, axis=1).max()))

    def apart(self) -> Array:
        """Medians of Fisher's ratio over training, at each place (S, 4)."""
        return np.median(self.fisher, 1)

    def points(self) -> pd.DataFrame:
        """One row per drawn digit: where it is in the end."""
        return pd.DataFrame(self.places[-1], columns=["first", "second"]).assign(digit=self.labels)

    def distances_table(self, digit: int) -> pd.DataFrame:
        """One row per drawn digit: how far it is in the end from the mean of one class, at all four places."""
        columns = {f"distance_{place}": self.distances[k, -1, :, digit] for k, place in enumerate(PLACES)}
        return pd.DataFrame(columns).assign(digit=self.labels)

    def table(self) -> pd.DataFrame:
        """One row per repeat."""
        columns = {"test_accuracy": self.accuracy[0], "test_accuracy_bottleneck": self.accuracy[1]}
        for k, place in enumerate(PLACES):
            columns |= {f"fisher_{place}": self.fisher[-1, :, k], f"fisher_{place}_untrained": self.fisher[0, :, k],
                        f"fisher_plane_{place}": self.fisher_plane[1, :, k],
                        f"neighbours_{place}": self.neighbours[1, :, k],
                        f"neighbours_whole_{place}": self.neighbours_whole[:, k]}  # fmt: skip
        return pd.DataFrame(columns).rename_axis("repeat").reset_index()
