"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.questions.symmetry.config import SHAKEN, SOLVED
from lib.questions.symmetry.hero import Pictures, pictures, shown
from lib.types import Array

FLOOR = -20.0  # where the logarithm of an exact zero is drawn


@dataclass(frozen=True)
class Result:
    """R repeats, S steps, C conditions: every jitter about the constant (J of them), then the random start."""

    config: Any  # the Symmetry of the run
    jitters: Array  # (J,)
    loss_steps: Array  # (L,)
    loss: Array  # (L, C, R)
    steps: Array  # (S,)
    apart: Array  # (S, C, R) largest difference between two hidden units
    one_unit: Array  # (R,) best loss of a network with one hidden unit
    moments: Array  # (M,) steps at which three networks of the first repeat are drawn: constant, jittered, random
    beside: Array  # (M, 3, H, 4) of each hidden unit: two weights into it, its bias, its weight to the output
    last: Array  # (M, 3) bias of the output
    beside_loss: Array  # (M, 3)
    points: Array  # (N, 2) of the first repeat
    labels: Array  # (N,) 0 or 1
    diverged: Array  # (C, R) step, or -1
    network: dict[str, Array]  # the first one with the chosen jitter that did not diverge, at the end, by name

    @property
    def chosen(self) -> int:
        """Index of the chosen jitter."""
        return self.jitters.tolist().index(self.config.jitter)

    @property
    def solved_at(self) -> Array:
        """First step (C, R) with a loss below SOLVED; infinity if there was none."""
        good = self.loss < SOLVED
        return np.where(good.any(0), self.loss_steps[good.argmax(0)], np.inf)

    def three(self, values: Array) -> Array:
        """The chosen jitter, none, and the random start, out of (S, C, R): (S, R, 3)."""
        return values[:, [self.chosen, 0, -1]].transpose(0, 2, 1)

    def apart_log(self) -> Array:
        """log10 of the differences (S, R, 3), exact zeros at FLOOR."""
        values = self.three(self.apart)
        return np.log10(np.where(values > 0, values, 10.0**FLOOR))

    @property
    def second(self) -> float:
        """The jitter of the second of the three networks that are drawn: the chosen one, or SHAKEN for none."""
        return float(self.config.jitter or SHAKEN)

    def pictures(self) -> Pictures:
        """The three networks at all moments."""
        return pictures(self.beside, self.last, self.config.activation)

    def at_the_end(self) -> dict[str, float]:
        """Loss, and largest difference between two units, of each of the three networks at the last step."""
        names = ("constant", "jittered", "random")
        apart = np.ptp(np.nan_to_num(self.beside[-1]), axis=1).max(1)
        losses = np.nan_to_num(self.beside_loss[-1])
        return (
            {"second": self.second}
            | {f"loss_{name}": float(v) for name, v in zip(names, losses, strict=True)}
            | {f"apart_{name}": float(v) for name, v in zip(names, apart, strict=True)}
        )

    def drawn_units(self) -> pd.DataFrame:
        """One row per network and unit that are drawn, at the end."""
        units = self.beside[-1][:, shown(self.config.width)]  # (3, U, 4)
        columns = ["from_first_input", "from_second_input", "bias", "to_output"]
        names = ["constant", f"jitter {self.second:g}", "random"]
        table = pd.DataFrame(units.reshape(-1, 4), columns=columns)
        table.insert(0, "start", np.repeat(names, units.shape[1]))
        return table

    @property
    def still(self) -> bool:
        """Whether no weight and no bias ever moved, in the network of the chosen jitter."""
        at = 1 if self.config.jitter else 0
        moved = np.ptp(self.beside[:, at], axis=0).max(), np.ptp(self.last[:, at])
        return float(max(moved)) == 0

    def waits(self) -> Array:
        """Steps until solved (J, R, 1), the number of steps of the run where it was not."""
        return np.minimum(self.solved_at[:-1], self.config.steps)[:, :, None]

    def over_steps(self) -> pd.DataFrame:
        """Medians of the largest differences under the three starts."""
        table = pd.DataFrame(np.median(self.three(self.apart), 1), columns=["chosen", "no_jitter", "random"])
        return table.assign(step=self.steps)

    def table(self) -> pd.DataFrame:
        """One row per start and repeat."""
        conditions, repeats = self.diverged.shape
        return pd.DataFrame(
            {
                "start": np.repeat([*(f"{j:g}" for j in self.jitters), "random"], repeats),
                "repeat": list(range(repeats)) * conditions,
                "largest_difference": self.apart.max(0).ravel(),
                "loss": self.loss[-1].ravel(),
                "solved_at_step": self.solved_at.ravel(),
                "one_unit_best": np.tile(self.one_unit, conditions),
                "diverged_at_step": self.diverged.ravel(),
            }
        )
