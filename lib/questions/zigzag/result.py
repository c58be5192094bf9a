"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.questions.zigzag.config import COMPASS, LRS, TURN
from lib.types import Array, Numbers


@dataclass(frozen=True)
class Shown:
    """The first repeat's descents: T updates, F frames; of the axis of 2, the offset inputs first, then centred."""

    target: Array  # (2,)
    path: Array  # (T + 1, 2, 2) both weights; a descent that has arrived stands still
    seen: Array  # (T, 2, 2) the sample of each update
    slope: Array  # (T, 2) dL/df
    made: Array  # (2,) updates until it arrived
    frames: Array  # (F,) the steps that can be scrubbed to

    def first(self) -> list[Numbers]:
        """The numbers of the offset inputs' first five updates.

        Factors as they are printed, with two decimals, and their products: what is shown multiplies.
        """
        rows = np.arange(min(5, int(self.made[0])))
        slope, seen = self.slope[rows, :1].round(2), self.seen[rows, 0].round(2)
        parts = np.column_stack([slope, seen, slope * seen])
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
    growing: Array  # (2, R) share of the samples whose own error a step at this learning rate makes larger
    cost: Array  # (2, R, A, L) steps for A directions (half of the circle) and L learning rates; `budget`: or more
    budget: int
    shown: Shown
    network: dict[str, Array]  # the first repeat's neuron behind its descent on the offset inputs, by name

    def around(self) -> tuple[Array, Array, Array]:
        """Directions (24,) in degrees; median steps at each one's best rate (24, 2); those rates (24, 2)."""
        medians = np.median(self.cost, 1)  # (2, A, L)
        steps, rates = medians.min(2), np.array(LRS)[medians.argmin(2)]
        return np.arange(0, 360, TURN), np.tile(steps, 2).T, np.tile(rates, 2).T

    @property
    def rim(self) -> float:
        """Where the radius of the compass ends: round numbers, so that pictures stay comparable."""
        return next(r for r in (15.0, 40.0, 80.0, float(self.budget)) if self.around()[1].max() <= r)

    def counts(self) -> Numbers:
        """What the figures' texts say beside the verdicts' numbers: the compass and its rim."""
        steps = self.around()[1][:, 0]
        east, west = (float(steps[at // TURN]) for at in COMPASS)
        return {"budget": self.budget, "east_steps": east, "west_steps": west}

    def over_rates(self) -> Array:
        """The steps at each learning rate of the grid towards the chosen target: (L, R, 2)."""
        return self.cost[:, :, self.config.direction % 180 // TURN].transpose(2, 1, 0)

    def targets(self) -> Array:
        """The targets in all the directions of the compass, at the chosen one's distance: (24, 2)."""
        angles = np.radians(np.arange(0, 360, TURN))
        return float(np.linalg.norm(self.shown.target)) * np.stack([np.cos(angles), np.sin(angles)], 1)

    def walked(self) -> list[Numbers]:
        """What is told of the two walks that are drawn, the first repeat's: the path in straight distances, steps."""
        paths, steps = self.length[:, 0, 0].tolist(), self.steps[:, 0, 0].tolist()
        made = self.shown.made.tolist()
        rows = zip(paths, steps, made, strict=True)
        return [{"length": path, "steps": int(m), "arrived": step >= 0} for path, step, m in rows]

    def table(self) -> pd.DataFrame:
        """One row per input, target and repeat, at the chosen learning rate."""
        targets = ["chosen", "north_east", "north_west"]
        rows = pd.MultiIndex.from_product([["offset", "centred"], range(self.steps.shape[1]), targets])
        labels = rows.to_frame(index=False, name=["input", "repeat", "target"])
        measured = {k: getattr(self, k).ravel() for k in ("steps", "length", "alike", "turns", "diverged")}
        return labels.assign(**measured)
