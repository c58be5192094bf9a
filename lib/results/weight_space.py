"""What a run of `lib.experiments.weight_space` gave, and the sentences that its numbers choose."""

from dataclasses import dataclass
from math import lgamma, log
from typing import Any

import numpy as np
import pandas as pd

from lib.config import Verdict

Array = np.ndarray[Any, Any]
Numbers = dict[str, float | int | str]

LEARNED = 0.5  # test accuracy from which answers can be compared
SAME = 0.9  # cosine from which weights count as the same
OTHER = 0.3  # and below which they count as others
BARRIER = 0.02  # a fall in accuracy on the way that counts: ten of the 500 test digits
ROUNDING = 1e-4  # in the outputs
SOLVED = 0.01  # how near to 1 the product of the two weights must come


@dataclass(frozen=True)
class Result:
    """R networks, A points along a line, S moments of training, M starts of the two weights; G points a side.

    The last axis of `path_*` and of `distance`: next network, the same matched, shuffled copy, the same put back.
    """

    config: Any  # the WeightSpace of the run
    accuracy: Array  # (R,) on the test digits
    agreement: Array  # (R, R) share of test digits with the same answer
    cosine: Array  # (R, R) of all weights, the units as they are
    elsewhere: Array  # (R, R) the same for the start that was not chosen
    aligned: Array  # (R, R) each pair matched
    untrained: Array  # (R, R) each pair matched, before training
    parameters: int  # of one network
    shares: Array  # (A,) of the way
    path_loss: Array  # (A, R, 4) on the test digits
    path_accuracy: Array  # (A, R, 4)
    copy_gap: Array  # (R,) largest difference of an output between a network and its shuffled copy
    copy_back: Array  # (R,) largest difference of a weight once the copy is put back in order
    distance: Array  # (R, 4) in units of the network's own length
    plane: Array  # (2, G, G) loss on the plane of three solutions, raw and matched
    plane_at: Array  # (G,)
    corners: Array  # (2, 2) where the third solution is
    plane_loss: Array  # (2, 4) of the three solutions and of their mean
    path_shares: Array  # (R, 2) of the variation along the path's first two directions
    walk_shares: Array  # (R, 2) the same for random walks
    bowl_plane: Array  # (G, G) loss along two random directions
    bowl_at: Array  # (G,)
    bowl_path: Array  # (S, 2) the training seen there
    own_plane: Array  # (G, G) loss along the path's first two directions
    own_at: Array  # (G,)
    own_path: Array  # (S, 2)
    toy: Array  # (S, M, 2) paths of the two weights

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The sentences that the data choose, with their numbers."""
        rules = {"main": main, "order": order, "copies": copies, "barrier": barrier, "plane": plane, "walk": walk,
                 "valley": valley}  # fmt: skip
        return {name: rule(self) for name, rule in rules.items()}

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

    def expected_loss(self) -> Array:
        """Loss if it changed evenly from one end to the other: (A, R, 4)."""
        share = self.shares[:, None, None]
        return (1 - share) * self.path_loss[0] + share * self.path_loss[-1]

    @property
    def solved(self) -> Array:
        """Which starts of the two weights ended where w1 w2 = 1: (M,)."""
        end = self.toy[-1]
        return (np.abs(end.prod(1) - 1) < SOLVED) & (end[:, 0] > 0)

    @property
    def trajectories(self) -> Array:
        """Paths of the two weights (S, M, 2) as one line, with gaps: (M * (S + 1), 2)."""
        gap = np.full((1, *self.toy.shape[1:]), np.nan)
        return np.concatenate([self.toy, gap]).transpose(1, 0, 2).reshape(-1, 2)

    @property
    def accuracy_range(self) -> tuple[float, float]:
        """Range of the accuracy axis, from a multiple of 20 % below the lowest quartile."""
        return (20 * float(np.floor(5 * np.percentile(self.path_accuracy, 25, axis=1).min())), 102.0)

    @property
    def loss_top(self) -> float:
        """Upper end of the loss axis, with room above the highest quartile."""
        return 1.1 * float(np.percentile(self.path_loss, 75, axis=1).max())

    def cosines(self) -> Array:
        """Matched before training, matched after, and as they are: (3, R, R)."""
        return np.stack([self.untrained, self.aligned, self.cosine])

    def networks(self) -> list[tuple[Array, Array]]:
        """Where the three networks are on their plane, matched and raw: (x, y), each (2, 1)."""
        zeros, ones = np.zeros((2, 1)), np.ones((2, 1))
        third = self.corners[::-1]
        return [(zeros, zeros), (ones, zeros), (third[:, :1], third[:, 1:])]

    def numbers(self) -> dict[str, float | int | str]:
        """What the captions and descriptions of the figures say: each sentence's numbers under its own name."""
        found: Numbers = {}
        for name, verdict in self.verdicts.items():
            found |= {f"{name}_{key}": value for key, value in verdict.numbers.items()}
        return found

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

    def over_plane(self) -> pd.DataFrame:
        """Loss of the three networks of the plane and of their mean, raw and with units matched."""
        columns = {"at": ["network 0", "network 1", "network 2", "their mean"]}
        return pd.DataFrame(columns | dict(zip(("loss", "loss_matched"), self.plane_loss, strict=True)))

    def over_path(self, path: Array) -> pd.DataFrame:
        """Where the training of the first network was on a plane, (S, 2)."""
        return pd.DataFrame(path, columns=["first_direction", "second_direction"])

    def over_starts(self) -> pd.DataFrame:
        """Where each start of the two weights began and ended."""
        ends = np.concatenate([self.toy[0], self.toy[-1]], 1)
        columns = ["w1_start", "w2_start", "w1_end", "w2_end"]
        return pd.DataFrame(ends, columns=columns).assign(solved=self.solved)

    def over_shares(self) -> pd.DataFrame:
        """Median loss and accuracy along the lines."""
        names = ("next", "next_matched", "shuffled_copy", "copy_put_back")
        columns = {"share_of_the_way": self.shares}
        for kind, values in (("accuracy", self.path_accuracy), ("loss", self.path_loss)):
            columns |= {f"{kind}_{name}": np.median(values[:, :, k], 1) for k, name in enumerate(names)}
        return pd.DataFrame(columns)


def pairs(values: Array) -> float:
    """Median over the pairs of different networks in (R, R)."""
    return float(np.median(values[np.triu_indices(len(values), 1)]))


def main(result: Result) -> Verdict:
    """Same answers? Same weights?"""
    numbers: Numbers = {
        "repeats": len(result.accuracy),
        "accuracy": float(np.median(result.accuracy)),
        "agreement": pairs(result.agreement),
        "cosine": pairs(result.cosine),
        "aligned": pairs(result.aligned),
        "untrained": pairs(result.untrained),
        "elsewhere": pairs(result.elsewhere),
        "raw_distance": float(np.median(result.distance[:, 0])),
        "distance": float(np.median(result.distance[:, 1])),
        "width": result.config.width,
        "steps": result.config.steps,
    }
    if not result.learned:
        return Verdict("unlearned", numbers)
    raw = pairs(result.cosine)
    return Verdict("same_weights" if raw >= SAME else "other_weights" if raw < OTHER else "between", numbers)


def order(result: Result) -> Verdict:
    """Does the start decide, or the order of the batches? And how much of the difference is a matter of order?"""
    own, shared = result.cosine, result.elsewhere
    if result.config.start == "shared":
        own, shared = shared, own
    numbers: Numbers = {"own": pairs(own), "shared": pairs(shared)}
    if not result.learned:
        return Verdict("order_unlearned", numbers)
    decides = pairs(shared) >= SAME and pairs(own) < OTHER
    return Verdict("start_decides" if decides else "start_and_order", numbers)


def copies(result: Result) -> Verdict:
    """Is a network with its units shuffled the same network, and how far away is it?"""
    width = result.config.width
    numbers: Numbers = {
        "width": width,
        "parameters": result.parameters,
        "power": lgamma(width + 1) / log(10),
        "gap": float(result.copy_gap.max()),
        "back": float(result.copy_back.max()),
        "distance": float(np.median(result.distance[:, 2])),
        "middle": float(np.median(result.path_accuracy[len(result.shares) // 2, :, 2])),
        "accuracy": float(np.median(result.accuracy)),
    }
    if result.copy_gap.max() > ROUNDING or result.copy_back.max() > 0:
        return Verdict("copies_broken", numbers)
    return Verdict("copies_far" if np.median(result.barriers[:, 2]) >= BARRIER else "copies_near", numbers)


def barrier(result: Result) -> Verdict:
    """Is there a hill between two solutions, and does matching the units take it away?"""
    raw, matched = np.median(result.barriers[:, :2], 0)
    numbers: Numbers = {"raw": 100 * float(raw), "matched": 100 * float(matched), "by": result.config.matched}
    numbers |= {"cosine": pairs(result.aligned), "untrained": pairs(result.untrained)}
    if not result.learned:
        return Verdict("barrier_unlearned", numbers)
    if raw < BARRIER:
        return Verdict("barrier_none", numbers)
    return Verdict("barrier_shrinks" if matched <= raw / 2 else "barrier_stays", numbers)


def plane(result: Result) -> Verdict:
    """Does the surface look like a bowl from one solution, and not from three?"""
    three, centre = result.plane_loss[0, :3], result.plane_loss[0, 3]
    middle = len(result.bowl_at) // 2
    numbers: Numbers = {
        "worst": float(three.max()),
        "centre": float(centre),
        "matched": float(result.plane_loss[1, 3]),
        "lower": float((result.bowl_plane < result.bowl_plane[middle, middle] - 1e-3).mean()),
        "corner": float(result.bowl_plane[[0, 0, -1, -1], [0, -1, 0, -1]].max()),
    }
    if not result.learned:
        return Verdict("plane_unlearned", numbers)
    return Verdict("plane_hill" if centre > 1.5 * three.max() else "plane_flat", numbers)


def walk(result: Result) -> Verdict:
    """Do two directions hold most of the path, and of a random walk's?"""
    path, control = (np.median(s, 0) for s in (result.path_shares, result.walk_shares))
    first, second = (8 / (np.pi * k) ** 2 for k in (1, 3))
    numbers: Numbers = {"first": float(path[0]), "second": float(path[1]), "walk_first": float(control[0]),
                        "walk_second": float(control[1]), "theory_first": first, "theory_second": second,
                        "chance": _seen(result)}  # fmt: skip
    return Verdict("walk_alike" if control.sum() >= 0.8 * path.sum() else "walk_unlike", numbers)


def _seen(result: Result) -> float:
    """Width of the training's path on the random plane, as a share of that plane's width."""
    return float(np.ptp(result.bowl_path, axis=0).max() / np.ptp(result.bowl_at))


def valley(result: Result) -> Verdict:
    """Do the two weights find one point, or a valley?"""
    start, end, solved = result.toy[0], result.toy[-1], result.solved
    reach = (start[:, 0] > 0) & (start.sum(1) > 0)
    ends = end[solved] if solved.any() else np.zeros((1, 2))
    numbers: Numbers = {
        "starts": len(solved),
        "solved": int(solved.sum()),
        "stuck": int((~solved).sum()),
        "unlike": int((solved != reach).sum()),
        "low": float(ends[:, 0].min()),
        "high": float(ends[:, 0].max()),
        "error": float(np.abs(ends.prod(1) - 1).max()),
    }
    return Verdict("valley_unlike_theory" if numbers["unlike"] else "valley", numbers)
