"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.question import Thumbnail
from lib.questions.cures.config import GRID, PANELS
from lib.types import Array

WIDEST = 200.0  # per cent, the end of the axis of costs


@dataclass(frozen=True)
class Result:
    """A cures (`names`), L learning rates, T tuning runs, R repeats, S looks, D layers behind the first.

    Steps to the goal are infinite where it was not reached. The first is no cure, the last all of them together.
    """

    config: Any  # the Cures of the run
    names: tuple[str, ...]
    steps: Array  # (S,) when the loss was taken
    tuned: Array  # (A, L, T) steps to the goal, on starts of their own
    chosen: Array  # (A,) index of the learning rate
    reached: Array  # (A, R) steps to the goal at that learning rate
    loss: Array  # (S, A, R) on 128 training digits
    test: Array  # (A, R) accuracy on the test digits, at the end
    diverged: Array  # (A, R) step, or -1
    majority: Array  # (A, R, D) share of a unit's gradients, of a batch at the start, with the majority's sign
    single: Array  # (A, 2, R) the same for one sample, mean over layers, before and after training
    drift: Array  # (R,) how far the learned biases per input went to minus the mean, 1 is all of the way
    algebra: Array  # (3,) gaps to autograd: dL/df (x + b), dL/df (x - b), dL/df w
    seconds: tuple[float, ...]  # per step of the ten networks, on this machine: no two runs agree to the last bit

    @property
    def cures(self) -> tuple[str, ...]:
        """What was tried alone."""
        return self.names[1:-1]

    @property
    def rates(self) -> tuple[float, ...]:
        """The grid of learning rates, for plain SGD."""
        return GRID

    @property
    def widest(self) -> float:
        """End of the axis of `work`, in per cent."""
        return WIDEST

    def shares(self) -> dict[str, float]:
        """Median majority shares into the second layer, without a cure and with BatchNorm after the activation."""
        middle = np.median(self.majority[:, :, 0], 1)
        return {"uncured": float(middle[0]), "cured": float(middle[self.at("batch_after")])}

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

    def panels(self) -> dict[str, tuple[str, ...]]:
        """Which curves share a picture."""
        return {panel: tuple(n for n in names if n in self.names) for panel, names in PANELS.items()}

    def to_goal(self) -> Array:
        """Steps to the goal as one condition, never drawn at the end of the axis: (1, R, A)."""
        return np.minimum(self.reached, self.config.steps).T[None]

    def curves(self, names: tuple[str, ...]) -> Array:
        """Loss at the best learning rates: (S, R, names)."""
        return self.loss[:, [self.at(n) for n in names]].transpose(0, 2, 1)

    def grid(self, names: tuple[str, ...]) -> Array:
        """Steps to the goal against the learning rate, never drawn at the top: (L, T, names)."""
        return np.minimum(self.tuned[[self.at(n) for n in names]], self.config.steps).transpose(1, 2, 0)

    def by_layer(self) -> Array:
        """Majority shares in per cent: (D, R, A)."""
        return 100 * self.majority.transpose(2, 1, 0)

    def work(self) -> Array:
        """Steps, and steps times this machine's time per step, in per cent of those without a cure: (2, R, A)."""
        steps = np.minimum(self.reached, self.config.steps)
        share = 100 * steps / np.maximum(steps[:1], 1)
        per_step = np.array(self.seconds) / self.seconds[0]
        return np.minimum(np.stack([share, share * per_step[:, None]]), WIDEST).transpose(0, 2, 1)

    def over_steps(self, names: tuple[str, ...]) -> pd.DataFrame:
        """Medians of the curves."""
        return pd.DataFrame(np.median(self.curves(names), 1), columns=list(names)).assign(step=self.steps)

    def over_lrs(self, names: tuple[str, ...]) -> pd.DataFrame:
        """Median steps to the goal of the tuning runs by learning rate, infinite for never."""
        steps = np.median(self.tuned[[self.at(n) for n in names]], 2)
        return pd.DataFrame(steps.T, columns=list(names)).assign(rate_of_sgd=GRID)

    def over_layers(self) -> pd.DataFrame:
        """Median majority shares, one column per layer."""
        middle = np.median(self.majority, 1)
        columns = [f"into_layer_{d + 2}" for d in range(middle.shape[1])]
        return pd.DataFrame(middle, columns=columns).assign(cure=self.names)

    def costs(self) -> pd.DataFrame:
        """Time per step and median steps, one row per cure."""
        milliseconds = 1000 * np.array(self.seconds)
        steps = [self.median(n) for n in self.names]
        return pd.DataFrame({"cure": self.names, "milliseconds_per_step": milliseconds, "steps_to_goal": steps})

    def thumbnail(self) -> Thumbnail:
        """The run in a small picture."""
        return Thumbnail("bars", np.minimum(np.median(self.reached, axis=1), self.steps[-1]))

    def table(self) -> pd.DataFrame:
        """One row per cure and repeat."""
        repeats = self.reached.shape[1]
        return pd.DataFrame(
            {
                "cure": np.repeat(self.names, repeats),
                "repeat": list(range(repeats)) * len(self.names),
                "rate_of_sgd": np.repeat(np.array(GRID)[self.chosen], repeats),
                "steps_to_goal": self.reached.ravel(),
                "loss_end": self.loss[-1].ravel(),
                "test_accuracy": self.test.ravel(),
                "diverged_at_step": self.diverged.ravel(),
            }
        )
