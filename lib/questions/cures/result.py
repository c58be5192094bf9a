"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.questions.cures.config import GRID
from lib.types import Array


@dataclass(frozen=True)
class Result:
    """A cures (`names`), G learning rates, T tuning runs, R repeats, S looks, L layers.

    Steps to the goal are infinite where it was not reached. The first is no cure, the last all of them together.
    """

    config: Any  # the Cures of the run
    names: tuple[str, ...]
    steps: Array  # (S,) when the loss was taken
    tuned: Array  # (A, G, T) steps to the goal, on starts of their own, until the best was known
    chosen: Array  # (A,) index of the learning rate
    reached: Array  # (A, R) steps to the goal at that learning rate
    diverged: Array  # (A, R) step, or -1
    longer: Array  # (A, R, L) times as long as wide: each layer's loss at the start, in its two steepest directions
    # (A, 2, R) a sample's gradients of the majority's sign, mean over layers, before training and after: all steps
    # for no cure and the bias learned; for the bias frozen until its last repeat is at the goal; no others are taken
    single: Array
    algebra: Array  # (3,) gaps to autograd: dL/df (x + b), dL/df (x - b), dL/df w
    network: dict[str, Array]  # the first one with all of the chosen cures that did not diverge, then, by name

    @property
    def cures(self) -> tuple[str, ...]:
        """What was tried alone."""
        return self.names[1:-1]

    def at(self, name: str) -> int:
        """Index of a cure."""
        return self.names.index(name)

    def median(self, name: str) -> float:
        """Median steps to the goal; a run that never gets there counts with all the steps it had."""
        return float(np.median(np.minimum(self.reached[self.at(name)], self.config.steps)))

    def never(self, name: str) -> bool:
        """Whether half of the runs or more do not reach the goal."""
        return bool(np.isinf(self.reached[self.at(name)]).mean() >= 0.5)

    def gain(self, name: str) -> float:
        """How many times fewer steps than without a cure (with a cap on both, as in `median`)."""
        return self.median("plain") / max(self.median(name), 1.0)

    @property
    def eggs(self) -> Array:
        """Median over the repeats of `longer`: (A, L)."""
        return np.median(self.longer, 1)

    def told(self) -> dict[str, float]:
        """Times as long as wide into the second layer, without a cure and with BatchNorm after the activation."""
        return {"plain_egg": float(self.eggs[0, 1]), "batch_egg": float(self.eggs[self.at("batch_after"), 1])}

    def capped(self) -> Array:
        """Steps to the goal, never more than there are: (A, R)."""
        return np.minimum(self.reached, self.config.steps)

    def reach(self) -> float:
        """End of the axis of steps."""
        return 1.04 * float(self.capped().max())

    def looks(self) -> list[int]:
        """The steps at which the race is shown: whenever it was looked at, until the last has arrived."""
        return [int(step) for step in self.steps if step <= self.capped().max()]

    def over_layers(self) -> pd.DataFrame:
        """The eggs and the median steps, one row per cure."""
        columns = [f"into_layer_{k + 1}" for k in range(self.eggs.shape[1])]
        steps = [self.median(n) for n in self.names]
        return pd.DataFrame(self.eggs, columns=columns).assign(steps_to_goal=steps, cure=self.names)

    def table(self) -> pd.DataFrame:
        """One row per cure and repeat."""
        repeats = self.reached.shape[1]
        return pd.DataFrame(
            {
                "cure": np.repeat(self.names, repeats),
                "repeat": list(range(repeats)) * len(self.names),
                "rate_of_sgd": np.repeat(np.array(GRID)[self.chosen], repeats),
                "steps_to_goal": self.reached.ravel(),
                "diverged_at_step": self.diverged.ravel(),
            }
        )
