"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.question import Thumbnail
from lib.questions.activations.config import BIASES, PAIRS, QUARTET, Pair
from lib.types import Array

CURVED = ("sigmoid", "sigmoid_twin", "centred_sigmoid", "tanh", "tanh_plus")
BENT = ("relu", "relu_twin", "leaky_relu", "elu", "gelu")


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
    """A activations (`names`), L learning rates, T tuning runs, R repeats, S looks, D layers behind the first.

    Steps to the goal are infinite where it was not reached. Two activations start saturated (`quartet`); the last,
    `others`, are uncentred ones whose biases start the way that was not chosen.
    """

    config: Any  # the Activations of the run
    names: tuple[str, ...]
    lrs: Array  # (L,)
    steps: Array  # (S,) when the accuracy was taken
    tuned: Array  # (A, L, T) steps to the goal, on starts of their own
    chosen: Array  # (A,) index of the learning rate with the fewest
    reached: Array  # (A, R) steps to the goal at that learning rate
    accuracy: Array  # (S, A, R) on 200 training digits
    test: Array  # (A, R) on the test digits, at the end
    diverged: Array  # (A, R) step, or -1
    layers: Array  # (4, A, R, D) mean activation, mean / sd, majority sign of gradients for one sample, for a batch
    flat: Array  # (A, R) share of saturated units at the start
    twins: Twins

    @property
    def pair(self) -> Pair:
        """The chosen activation and its twin."""
        return PAIRS[self.config.pair]

    @property
    def quartet(self) -> tuple[str, ...]:
        """Sigmoid centred, without a centre, centred but saturated, and both."""
        return QUARTET

    def at(self, name: str) -> int:
        """Index of an activation."""
        return self.names.index(name)

    @property
    def single(self) -> tuple[str, ...]:
        """All activations that do not start saturated, twins side by side."""
        return tuple(n for n in (*CURVED, *BENT) if n in self.names)

    @property
    def others(self) -> dict[str, str]:
        """The conditions that start from the biases that were not chosen, and each one's activation."""
        return {f"{n}_{b}": n for n in (*CURVED, *BENT) for b in BIASES if f"{n}_{b}" in self.names}

    def started(self, name: str, biases: str) -> str:
        """Return the condition of an uncentred activation whose biases start so."""
        return name if biases == self.config.biases else f"{name}_{biases}"

    def families(self) -> dict[str, tuple[str, ...]]:
        """The S-shaped activations and the bent ones, for two pictures."""
        return {"curved": tuple(n for n in CURVED if n in self.names), "bent": BENT}

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

    def curves(self, names: tuple[str, ...]) -> Array:
        """Accuracy in per cent at the best learning rates: (S, R, names)."""
        return 100 * self.accuracy[:, [self.at(n) for n in names]].transpose(0, 2, 1)

    def to_goal(self, names: tuple[str, ...]) -> Array:
        """Steps to the goal as one condition, never drawn at the end of the axis: (1, R, names)."""
        return np.minimum(self.reached[[self.at(n) for n in names]], self.reach(names)).T[None]

    def reach(self, names: tuple[str, ...]) -> float:
        """End of the axis: what the runs need, in twenties; all steps if some never reached the goal."""
        steps = self.reached[[self.at(n) for n in names]]
        return float(self.config.steps if np.isinf(steps).any() else 20 * np.ceil(steps.max() * 1.05 / 20))

    def grid(self, names: tuple[str, ...]) -> Array:
        """Steps to the goal against the learning rate, never drawn at the top: (L, T, names)."""
        return np.minimum(self.tuned[[self.at(n) for n in names]], self.config.steps).transpose(1, 2, 0)

    def by_layer(self, quantity: int) -> Array:
        """One of the four of `layers` for the activations that do not start saturated: (D, R, A)."""
        return self.layers[quantity, [self.at(n) for n in self.single]].transpose(2, 1, 0)

    def centres(self) -> dict[str, tuple[Array, tuple[float, float]]]:
        """What the picture of the layers shows, (D, R, A), and the ends of its axis: mean, then per cent."""
        share = (48.0, 102.0)
        return {
            "mean": (self.by_layer(0), self.mean_range()),
            "one": (100 * self.by_layer(2), share),
            "batch": (100 * self.by_layer(3), share),
        }

    def mean_range(self) -> tuple[float, float]:
        """Range of the mean activations' axis."""
        return (-0.25, max(1.0, float(self.layers[0].max())) * 1.1)

    def four_cases(self) -> pd.DataFrame:
        """The rows of the table with and without centre, saturated or not."""
        rows = self.table()
        return rows[rows["activation"].isin(QUARTET)]

    def over_steps(self, names: tuple[str, ...]) -> pd.DataFrame:
        """Medians of the curves."""
        return pd.DataFrame(np.median(self.curves(names), 1), columns=list(names)).assign(step=self.steps)

    def over_lrs(self, names: tuple[str, ...]) -> pd.DataFrame:
        """Median steps to the goal of the tuning runs by learning rate, infinite for never."""
        steps = np.median(self.tuned[[self.at(n) for n in names]], 2)
        return pd.DataFrame(steps.T, columns=list(names)).assign(learning_rate=self.lrs)

    def over_layers(self) -> pd.DataFrame:
        """Medians over the repeats of the four quantities, layer by layer."""
        middle = np.median(self.layers, 2)  # (4, A, D)
        rows = [(n, d + 2, *middle[:, a, d]) for a, n in enumerate(self.names) for d in range(middle.shape[2])]
        columns = ["activation", "into_layer", "mean", "mean_over_sd", "majority_one_sample", "majority_batch"]
        return pd.DataFrame(rows, columns=columns)

    def thumbnail(self) -> Thumbnail:
        """The run in a small picture."""
        return Thumbnail.lines(self.accuracy[:, :4].swapaxes(1, 2))

    def table(self) -> pd.DataFrame:
        """One row per activation and repeat."""
        repeats = self.reached.shape[1]
        return pd.DataFrame(
            {
                "activation": np.repeat(self.names, repeats),
                "repeat": list(range(repeats)) * len(self.names),
                "learning_rate": np.repeat(self.lrs[self.chosen], repeats),
                "steps_to_goal": self.reached.ravel(),
                "test_accuracy": self.test.ravel(),
                "saturated_at_start": self.flat.ravel(),
                "diverged_at_step": self.diverged.ravel(),
            }
        )
