"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.questions.weight_space import valley
from lib.types import Array

LEARNED = 0.5  # test accuracy from which answers can be compared
SHOWN = 32  # units in a picture: the cells of more are too small to be seen
SOLVED = 0.01  # how near to 1 the product of the two weights must come


@dataclass(frozen=True)
class Result:
    """R networks, A points along a line, S moments of training, M starts of the two weights.

    The last axis of `path_*` and of `distance`: next network, the same matched, shuffled copy, the same put back.
    """

    config: Any  # the WeightSpace of the run
    accuracy: Array  # (R,) on the test digits
    agreement: Array  # (R, R) share of test digits with the same answer
    cosine: Array  # (R, R) of all weights, the units as they are
    elsewhere: Array  # (R, R) the same for the start that was not chosen
    aligned: Array  # (R, R) each pair matched
    untrained: Array  # (R, R) each pair matched, before training
    shares: Array  # (A,) of the way
    path_accuracy: Array  # (A, R, 4)
    likeness: Array  # (4, H, H) cosine of each unit of the first network with each of where its walks lead
    copy_gap: Array  # (R,) largest difference of an output between a network and its shuffled copy
    copy_back: Array  # (R,) largest difference of a weight once the copy is put back in order
    distance: Array  # (R, 4) in units of the network's own length
    path_shares: Array  # (R, 2) of the variation along the path's first two directions
    walk_shares: Array  # (R, 2) the same for random walks
    toy: Array  # (S, M, 2) paths of the two weights
    network: dict[str, Array]  # the first one at the end, by name

    @property
    def learned(self) -> bool:
        """Whether there are answers to compare."""
        return float(np.median(self.accuracy)) >= LEARNED

    @property
    def barriers(self) -> Array:
        """How far accuracy falls below the line between the two ends, at worst: (R, 4)."""
        return (self.expected() - self.path_accuracy).max(0)

    def expected(self) -> Array:
        """Accuracy if it changed evenly from one end to the other: (A, R, 4)."""
        share = self.shares[:, None, None]
        return (1 - share) * self.path_accuracy[0] + share * self.path_accuracy[-1]

    @property
    def solved(self) -> Array:
        """Which starts of the two weights ended where w1 w2 = 1: (M,)."""
        end = self.toy[-1]
        return (np.abs(end.prod(1) - 1) < SOLVED) & (end[:, 0] > 0)

    @property
    def accuracy_range(self) -> tuple[float, float]:
        """Range of the accuracy axis, from a multiple of 20 % below the lowest quartile."""
        return (20 * float(np.floor(5 * np.percentile(self.path_accuracy, 25, axis=1).min())), 102.0)

    def units(self) -> list[tuple[Array, float]]:
        """Units against units, in per cent, and the cosine of all weights: (1, M, M) int8, float; four of them.

        The first network's shuffled copy, the same put back, the next network, the same matched; where units are
        matched, the pair that is most alike stands first. Of many pairs every so many is shown, M <= SHOWN.
        """
        whole = [self.cosine[0, 1], self.aligned[0, 1], *(1 - self.distance[0, 2:] ** 2 / 2)]
        found = []
        for k in (2, 0):
            raw, matched = self.likeness[k : k + 2]
            first = np.argsort(-np.rint(100 * np.diagonal(matched)), kind="stable")[:: -(-len(raw) // SHOWN)]
            before = raw[np.ix_(np.sort(first), np.sort(_moved_from(raw, matched)[first]))]
            for j, shown in ((k, before), (k + 1, matched[np.ix_(first, first)])):
                found.append((np.rint(100 * shown).astype(np.int8)[None], float(whole[j])))
        return found

    @property
    def first_start(self) -> tuple[float, float]:
        """Where a descent of the two weights begins that finds a solution, if any does."""
        w1, w2 = self.toy[0, int(self.solved.argmax())]
        return float(w1), float(w2)

    def descent(self, start: tuple[float, float]) -> Array:
        """The path of the two weights from a start: (S, 2)."""
        return valley.descend(np.array([start], float))[:, 0]

    def toy_plane(self) -> tuple[Array, Array]:
        """Loss (w2 relu(w1) - 1)^2 / 2 on a grid over [-2.2, 2.2]^2: places (G,), (G, G)."""
        at = np.linspace(-2.2, 2.2, 45)
        return at, (at[:, None] * np.maximum(at[None, :], 0) - 1) ** 2 / 2

    def table(self) -> pd.DataFrame:
        """One row per pair of networks."""
        i, j = np.triu_indices(len(self.accuracy), 1)
        both = {"agreement": self.agreement, "cosine": self.cosine, "cosine_matched": self.aligned,
                "cosine_matched_untrained": self.untrained}  # fmt: skip
        columns = {name: values[i, j] for name, values in both.items()}
        return pd.DataFrame({"one": i, "other": j, "accuracy_one": self.accuracy[i]} | columns)

    def over_starts(self) -> pd.DataFrame:
        """Where each start of the two weights began and ended."""
        ends = np.concatenate([self.toy[0], self.toy[-1]], 1)
        columns = ["w1_start", "w2_start", "w1_end", "w2_end"]
        return pd.DataFrame(ends, columns=columns).assign(solved=self.solved)

    def over_shares(self) -> pd.DataFrame:
        """Median accuracy along the lines."""
        names = ("next", "next_matched", "shuffled_copy", "copy_put_back")
        medians = {f"accuracy_{name}": np.median(self.path_accuracy[:, :, k], 1) for k, name in enumerate(names)}
        return pd.DataFrame({"share_of_the_way": self.shares} | medians)


def _moved_from(raw: Array, matched: Array) -> Array:
    """Which column of `raw` (H, H) each column of `matched` is: (H,)."""
    return np.asarray([np.abs(raw - column[:, None]).sum(0).argmin() for column in matched.T])
