"""What a run of `lib.experiments.batch` gave, and the sentences that its numbers choose."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.config import Verdict

Array = np.ndarray[Any, Any]
Numbers = dict[str, float | int | str]

SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)  # of the batches whose gradients are looked at
BATCHES = (1, 4, 16, 64, 256)  # of the descents; the last is all samples
INPUTS = (2, 3, 5, 10, 20)
OFFSETS = (0.0, 0.5, 1.0, 1.8, 3.0)
LRS = (0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)  # the grid of learning rates
MORE = 1.25  # from this ratio of two medians on, one is more than the other
WILD = 20.0  # straight distances: a path longer than that comes from overshooting
OFTEN = 0.5  # from this share on, a gradient is one-signed more often than not


@dataclass(frozen=True)
class Result:
    """R repeats, S sizes, B batches of descents, L learning rates; the axis of 2 is (offset inputs, centred)."""

    config: Any  # the Batch of the run
    shares: Array  # (3, S, R) share of one-signed gradients: mean error as it is, removed; centred inputs
    by_inputs: Array  # (len(INPUTS), S, R)
    by_offset: Array  # (len(OFFSETS), S, R)
    steps: Array  # (2, B, R, L) until the target is reached; `budget`: or more
    length: Array  # (2, B, R, L) of the path, in straight distances
    alike: Array  # (2, B, R, L) share of one-signed updates
    diverged: Array  # (2, B, R, L) bool
    budget: int

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The sentences that the data choose, with their numbers."""
        return {each.__name__: each(self) for each in (main, signs, path, speed)}

    @property
    def rate(self) -> int:
        """Index of the chosen learning rate in the grid."""
        return LRS.index(self.config.lr)

    @property
    def at(self) -> int:
        """Index of the chosen batch among the descents'."""
        return BATCHES.index(self.config.batch)

    def best(self) -> tuple[Array, Array]:
        """Index of each one's best learning rate (2, B), and the steps at it (2, B, R)."""
        index = np.median(self.steps, 2).argmin(2)
        return index, np.take_along_axis(self.steps, index[:, :, None, None], 3)[..., 0]

    def all_steps(self) -> Array:
        """Steps at the chosen rate, offset and centred, then at the best rates: (B, R, 4)."""
        return np.concatenate([self.steps[..., self.rate], self.best()[1]]).transpose(1, 2, 0)

    def paths(self) -> Array:
        """Path over straight distance at the chosen rate: (B, R, 2)."""
        return self.length[..., self.rate].transpose(1, 2, 0)

    def medians(self, values: Array, names: list[str]) -> pd.DataFrame:
        """Shares (lines, S, R) as a table: one row per batch size, the median over the repeats per line."""
        return pd.DataFrame(dict(zip(names, np.median(values, 2), strict=True))).assign(batch=SIZES)

    @property
    def reach(self) -> float:
        """Where the path's axis ends: a round number."""
        return next((r for r in (3.0, 7.0, 15.0) if np.percentile(self.paths(), 75, axis=1).max() <= r), 40.0)

    def table(self) -> pd.DataFrame:
        """One row per input, batch size, repeat and learning rate."""
        names = ["input", "batch", "repeat", "lr"]
        rows = pd.MultiIndex.from_product([["offset", "centred"], BATCHES, range(self.steps.shape[2]), LRS])
        measured = {k: getattr(self, k).ravel() for k in ("steps", "length", "alike", "diverged")}
        return rows.to_frame(index=False, name=names).assign(**measured)


def numbers_of(result: Result) -> Numbers:
    """The numbers of all sentences."""
    config, (index, best) = result.config, result.best()
    at, size = result.at, SIZES.index(config.batch)
    as_it_is, removed, centred = np.median(result.shares, 2)
    steps, same = np.median(best, 2), np.median(result.steps[..., result.rate], 2)
    length, alike = (np.median(v[..., result.rate], 2) for v in (result.length, result.alike))
    return {
        "batch": config.batch, "offset": config.offset, "inputs": config.inputs, "lr": config.lr,
        "repeats": result.steps.shape[2], "budget": result.budget, "rates": len(LRS),
        "one": float(as_it_is[0]), "as_it_is": float(as_it_is[size]), "removed": float(removed[size]),
        "centred": float(centred[size]),
        "steps_one": float(steps[0, 0]), "steps": float(steps[0, at]), "steps_centred": float(steps[1, at]),
        "steps_centred_one": float(steps[1, 0]), "lr_best": LRS[index[0, at]], "lr_centred": LRS[index[1, at]],
        "times_one": float(steps[0, 0] / steps[1, 0]), "times": float(steps[0, at] / steps[1, at]),
        "same_one": float(same[0, 0]), "same": float(same[0, at]), "same_centred": float(same[1, at]),
        "length_one": float(length[0, 0]), "length": float(length[0, at]), "length_centred": float(length[1, at]),
        "alike_one": float(alike[0, 0]), "alike": float(alike[0, at]),
        "diverged": int(result.diverged[0, [0, at], :, result.rate].sum(1).max()),
    }  # fmt: skip


def main(result: Result) -> Verdict:
    """Does the batch free the signs, and does it bring the speed of centred inputs?"""
    numbers = numbers_of(result)
    _, steps = result.best()
    one, many = np.median(steps, 2)[:, 0], np.median(steps, 2)[:, result.at]
    free = float(numbers["removed"]) < OFTEN
    if result.config.offset == 0 or result.config.batch == 1:
        key = "no_offset" if result.config.offset == 0 else "single"
    elif many[0] >= result.budget:
        key = "unreached"
    elif many[0] >= MORE * many[1]:
        key = "half" if free else "neither"
    else:
        key = "cured" if one[0] >= MORE * one[1] else "nothing_to_cure"
    return Verdict(key, numbers)


def signs(result: Result) -> Verdict:
    """Do the gradients of the chosen batch still have one sign, with the mean error and without?"""
    numbers = numbers_of(result)
    as_it_is, removed = float(numbers["as_it_is"]), float(numbers["removed"])
    if result.config.batch == 1:
        return Verdict("signs_single", numbers)
    if removed >= OFTEN:
        return Verdict("signs_stay", numbers)
    return Verdict("signs_mean" if as_it_is >= OFTEN else "signs_free", numbers)


def path(result: Result) -> Verdict:
    """At the same learning rate, does the batch straighten the path?"""
    numbers = numbers_of(result)
    one, many, centred = (float(numbers[k]) for k in ("length_one", "length", "length_centred"))
    if result.config.batch == 1:
        return Verdict("path_single", numbers)
    if one > WILD:
        return Verdict("path_wild", numbers)
    if max(float(numbers[k]) for k in ("same_one", "same", "same_centred")) >= result.budget:
        return Verdict("path_unfinished", numbers)
    if many < MORE * centred:
        return Verdict("path_straight", numbers)
    return Verdict("path_shorter" if one >= MORE * many else "path_same", numbers)


def speed(result: Result) -> Verdict:
    """Each at its best learning rate: does the batch make the offset's handicap smaller?"""
    numbers = numbers_of(result)
    one, many = float(numbers["times_one"]), float(numbers["times"])
    if result.config.batch == 1 or result.config.offset == 0:
        return Verdict("speed_nothing", numbers)
    if max(float(numbers["steps"]), float(numbers["steps_one"])) >= result.budget:
        return Verdict("speed_unreached", numbers)
    if many >= MORE * one:
        return Verdict("speed_worse", numbers)
    return Verdict("speed_better" if one >= MORE * many else "speed_alike", numbers)
