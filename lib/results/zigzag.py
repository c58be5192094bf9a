"""What a run of `lib.experiments.zigzag` gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.config import Verdict

Array = np.ndarray[Any, Any]
Numbers = dict[str, float | int | str]

LRS = (0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0)  # the grid of learning rates
COMPASS = (45, 135)  # degrees: the north-east and the north-west
TURN = 15  # degrees between two directions
MORE = 1.25  # from this ratio of two medians on, one is more than the other
WILD = 12.0  # straight distances: a path longer than that comes from overshooting


@dataclass(frozen=True)
class Shown:
    """The first repeat's descents: T updates, F frames; of the axis of 2, the offset inputs first, then centred."""

    target: Array  # (2,)
    path: Array  # (T + 1, 2, 2) both weights; a descent that has arrived stands still
    seen: Array  # (T, 2, 2) the sample of each update
    slope: Array  # (T, 2) dL/df
    made: Array  # (2,) updates until it arrived
    frames: Array  # (F,) the steps that can be scrubbed to
    contours: Array  # (levels, 2, points) lines of equal loss of the offset inputs

    def updates(self) -> list[Numbers]:
        """For every frame, the numbers of the offset inputs' update before it (at step 0, of the first one)."""
        rows = np.clip(self.frames - 1, 0, self.made[0] - 1)
        parts = np.column_stack([self.slope[rows, 0], self.seen[rows, 0], self.slope[rows, :1] * self.seen[rows, 0]])
        return [dict(zip(("slope", "x1", "x2", "g1", "g2"), row, strict=True)) for row in parts.tolist()]

    def table(self) -> pd.DataFrame:
        """One row per update."""
        columns: dict[str, Any] = {"step": np.arange(1, len(self.seen) + 1)}
        for c, name in enumerate(("offset", "centred")):
            columns[f"{name}_dL_df"] = self.slope[:, c]
            for k in (0, 1):
                columns[f"{name}_x{k + 1}"] = self.seen[:, c, k]
                columns[f"{name}_dL_dw{k + 1}"] = self.slope[:, c] * self.seen[:, c, k]
                columns[f"{name}_w{k + 1}"] = self.path[1:, c, k]
        return pd.DataFrame(columns)


@dataclass(frozen=True)
class Result:
    """R repeats; the axis of 2 is (offset inputs, the same draws centred); of 3, (chosen, north-east, north-west)."""

    config: Any  # the Zigzag of the run
    steps: Array  # (2, R, 3) until the target is reached, or -1
    length: Array  # (2, R, 3) of the path to there, in straight distances
    alike: Array  # (2, R, 3) share of updates whose components have one sign
    turns: Array  # (2, R, 3) sign changes per weight and step
    diverged: Array  # (2, R, 3) bool
    agreeing: Array  # (2, R) share of the samples whose inputs have one sign: the algebra
    gradients: Array  # (2, R) share of the single samples' gradients at the start that have one sign: the run
    cost: Array  # (2, R, A, L) steps for A directions (half of the circle) and L learning rates; `budget`: or more
    budget: int
    shown: Shown

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The sentences that the data choose, with their numbers."""
        from lib.verdicts.zigzag import direction, signs, speed

        return {each.__name__: each(self) for each in (main, signs, speed, best, direction)}

    def around(self) -> tuple[Array, Array, Array]:
        """Directions (24,) in degrees; median steps at each one's best rate (24, 2); those rates (24, 2)."""
        medians = np.median(self.cost, 1)  # (2, A, L)
        steps, rates = medians.min(2), np.array(LRS)[medians.argmin(2)]
        return np.arange(0, 360, TURN), np.tile(steps, 2).T, np.tile(rates, 2).T

    @property
    def rim(self) -> float:
        """Where the radius of the compass ends: round numbers, so that pictures stay comparable."""
        return next(r for r in (15.0, 40.0, 80.0, float(self.budget)) if self.around()[1].max() <= r)

    @property
    def figure_numbers(self) -> Numbers:
        """What the figures' texts say: the verdicts' numbers, and the compass."""
        steps = self.around()[1][:, 0]
        east, west = (float(steps[at // TURN]) for at in COMPASS)
        counts = {"frames": len(self.shown.frames), "budget": self.budget, "rates": len(LRS)}
        own = {f"best_{k}": v for k, v in best(self).numbers.items()}
        return own | {"east_steps": east, "west_steps": west} | counts | main(self).numbers

    def over_rates(self) -> tuple[list[str], Array]:
        """The grid's learning rates and the steps at each towards the chosen target: (L, R, 2)."""
        return [f"{lr:g}" for lr in LRS], self.cost[:, :, self.config.direction % 180 // TURN].transpose(2, 1, 0)

    def table(self) -> pd.DataFrame:
        """One row per input, target and repeat, at the chosen learning rate."""
        targets = ["chosen", "north_east", "north_west"]
        rows = pd.MultiIndex.from_product([["offset", "centred"], range(self.steps.shape[1]), targets])
        labels = rows.to_frame(index=False, name=["input", "repeat", "target"])
        measured = {k: getattr(self, k).ravel() for k in ("steps", "length", "alike", "turns", "diverged")}
        return labels.assign(**measured)


def main(result: Result) -> Verdict:
    """Is the path to the chosen target longer than on centred inputs?"""
    numbers: Numbers = {
        "offset": result.config.offset,
        "direction": result.config.direction,
        "lr": result.config.lr,
        "repeats": result.steps.shape[1],
        "diverged": int(result.diverged[0, :, 0].sum()),
        "reached": int((result.steps[0, :, 0] >= 0).sum()),
        "reached_centred": int((result.steps[1, :, 0] >= 0).sum()),
    }
    for name in ("steps", "length", "turns"):
        values = getattr(result, name)[:, :, 0]
        numbers |= {name: float(np.median(values[0])), f"{name}_centred": float(np.median(values[1]))}
    return Verdict(_key(result), numbers)


def _key(result: Result) -> str:
    half = result.steps.shape[1] / 2
    if result.diverged[0, :, 0].sum() > half:
        return "diverged"
    if ((result.steps[:, :, 0] < 0).sum(1) > half).any():
        return "unfinished"
    if result.config.offset == 0:
        return "no_offset"
    if np.median(result.length[0, :, 0]) > WILD:
        return "wild"
    if not _longer(result):
        return "straight"
    # towards the north-east both weights do go the same way; it is the bias that must go the other
    return "zigzag_bias" if result.config.bias == "with" and result.shown.target.prod() > 0 else "zigzag"


def _longer(result: Result) -> bool:
    return _compared(np.median(result.length[:, :, 0], 1)) == "slower"


def _compared(pair: Array) -> str:
    """Whether the first of two medians (2,) is more than the second: slower, faster or alike."""
    offset, centred = pair.tolist()
    return "slower" if offset >= MORE * centred else "faster" if centred >= MORE * offset else "alike"


def best(result: Result) -> Verdict:
    """With each at its own best learning rate, does the offset cost steps?"""
    _, cost = result.over_rates()
    medians = np.median(cost, 1)  # (L, 2)
    offset, centred = medians.min(0)
    numbers: Numbers = {
        "steps": float(offset),
        "steps_centred": float(centred),
        "lr": LRS[medians[:, 0].argmin()],
        "lr_centred": LRS[medians[:, 1].argmin()],
        "budget": result.budget,
        "times": float(offset / centred),
        "direction": result.config.direction,
    }
    if max(offset, centred) >= result.budget:
        return Verdict("best_unreached", numbers)
    return Verdict(f"best_{_compared(medians.min(0))}", numbers)
