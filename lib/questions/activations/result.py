"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.questions.activations.config import BIASES, PAIRS, Pair
from lib.types import Array

ENDS = (60.0, 100.0, 150.0)  # of an axis of steps: of those that may be allowed, all but the shortest
SIDE_BY_SIDE = ("sigmoid", "sigmoid_twin", "tanh", "tanh_plus", "relu", "relu_twin", "saturated_twin", "saturated")


@dataclass(frozen=True)
class Twins:
    """The chosen activation and its twin, in this order: Z points of the curves, B bins of what comes out."""

    z: Array  # (Z,)
    curves: Array  # (2, Z)
    edges: Array  # (B + 1,)
    density: Array  # (2, B) share of what leaves the first hidden layer at the start; the end bins have the rest
    means: Array  # (2,) of it

    def table(self) -> pd.DataFrame:
        """One row per bin."""
        names = {"uncentred": 100 * self.density[0], "centred": 100 * self.density[1]}
        return pd.DataFrame({"from": self.edges[:-1], "to": self.edges[1:]} | names)


@dataclass(frozen=True)
class Result:
    """A activations (`names`), L learning rates, R repeats, S looks, D layers behind the first.

    Steps to the goal are infinite where it was not reached. Two activations start saturated; the last is the chosen
    one with biases that start the way that was not chosen (`others`).
    """

    config: Any  # the Activations of the run
    names: tuple[str, ...]
    lrs: Array  # (L,)
    steps: Array  # (S,) when the accuracy was taken
    chosen: Array  # (A,) index of the learning rate with the fewest steps, on starts of their own
    reached: Array  # (A, R) steps to the goal at that learning rate
    test: Array  # (A, R) on the test digits, when the last repeat is at the goal, or after all steps
    diverged: Array  # (A, R) step, or -1
    majority: Array  # (2, A, R, D) share of gradients of the majority's sign, for one sample and for a batch
    flat: Array  # (A, R) share of saturated units at the start
    twins: Twins
    network: dict[str, Array]  # of the chosen activation, the first one that did not diverge, then, by name

    @property
    def pair(self) -> Pair:
        """The chosen activation and its twin."""
        return PAIRS[self.config.pair]

    def at(self, name: str) -> int:
        """Index of an activation."""
        return self.names.index(name)

    @property
    def plain(self) -> tuple[str, ...]:
        """All activations from the chosen biases, twins side by side, those that start saturated last."""
        return tuple(n for n in SIDE_BY_SIDE if n in self.names)

    @property
    def others(self) -> list[tuple[str, str, str]]:
        """The condition that starts from the biases that were not chosen, its activation and its biases."""
        return [(f"{n}_{b}", n, b) for n in self.plain for b in BIASES if f"{n}_{b}" in self.names]

    def started(self, name: str, biases: str) -> str:
        """Return the condition of an uncentred activation whose biases start so."""
        return name if biases == self.config.biases else f"{name}_{biases}"

    def of_pair(self) -> Array:
        """Steps to the goal of the chosen activation and its twin, never more than there are: (2, R)."""
        pair = (self.pair.uncentred, self.pair.centred)
        return np.asarray(np.minimum(self.reached[[self.at(n) for n in pair]], self.config.steps))

    def medians(self) -> list[float]:
        """The pair's median steps."""
        return [float(m) for m in np.median(self.of_pair(), 1)]

    def missed(self) -> list[bool]:
        """Whether half of the runs or more do not reach the goal, of the pair."""
        pair = (self.pair.uncentred, self.pair.centred)
        return [bool(np.isinf(self.reached[self.at(n)]).mean() >= 0.5) for n in pair]

    def to_goal(self, names: tuple[str, ...]) -> Array:
        """Steps to the goal as one condition, never more than there are: (1, R, names)."""
        return np.minimum(self.reached[[self.at(n) for n in names]], self.config.steps).T[None]

    def reach(self, names: tuple[str, ...]) -> float:
        """End of the axis: the first of ENDS that has room, so that bars of two settings mostly share a scale."""
        most = self.to_goal(names).max()
        return next(end for end in ENDS if most <= end)

    def table(self) -> pd.DataFrame:
        """One row per activation and repeat."""
        repeats = self.reached.shape[1]
        return pd.DataFrame(
            {
                "activation": np.repeat(self.names, repeats),
                "repeat": list(range(repeats)) * len(self.names),
                "learning_rate": np.repeat(self.lrs[self.chosen], repeats),
                "steps_to_goal": self.reached.ravel(),
                "test_accuracy_at_end": self.test.ravel(),
                "saturated_at_start": self.flat.ravel(),
                "diverged_at_step": self.diverged.ravel(),
            }
        )
