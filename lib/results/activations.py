"""What a run of `lib.experiments.activations` gave, and the sentences that its numbers choose."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from lib.config import Verdict

Array = np.ndarray[Any, Any]
Numbers = dict[str, float | int | str]
SLOWER = 1.2  # a smaller ratio of steps counts as alike
LOOK = 2  # steps between two looks at the accuracy early on: no smaller difference is seen
HARD = 2.0  # from this ratio on an activation is called hard
POINT = 0.015  # test accuracies closer than this are alike


class Pair(NamedTuple):
    """An activation and its centred twin: their names in `Result.names`, and how a sentence calls them."""

    uncentred: str
    centred: str
    said: str
    twin: str
    offset: float = 0.0  # s of tanh + s


PAIRS = {
    "sigmoid": Pair("sigmoid", "sigmoid_twin", "sigmoid", "sigmoid − ½"),
    "relu": Pair("relu", "relu_twin", "ReLU", "ReLU − 0.4"),
    **{f"tanh+{s:g}": Pair("tanh_plus", "tanh", f"tanh + {s:g}", "tanh", s) for s in (0.25, 0.5, 1.0, 2.0)},
}
CURVED = ("sigmoid", "sigmoid_twin", "centred_sigmoid", "tanh", "tanh_plus")
BENT = ("relu", "relu_twin", "leaky_relu", "elu", "gelu")
QUARTET = ("sigmoid_twin", "sigmoid", "saturated_twin", "saturated")


@dataclass(frozen=True)
class Result:
    """A activations (`names`), L learning rates, T tuning runs, R repeats, S looks, D layers behind the first.

    Steps to the goal are infinite where it was not reached. The last two activations start saturated.
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

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The sentences that the data choose, with their numbers."""
        return {
            "main": main(self),
            "hard": hard(self),
            "end": end(self),
            "runs": runs(self),
            "signs": signs(self),
            "push": push(self),
            "saturation": saturation(self),
        }

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

    def groups(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The S-shaped activations and the bent ones, for two pictures."""
        return tuple(n for n in CURVED if n in self.names), BENT

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


def _steps(result: Result, name: str) -> float:
    """Median steps to the goal; a run that never gets there counts with all the steps it had."""
    return float(np.median(np.minimum(result.reached[result.at(name)], result.config.steps)))


def _never(result: Result, name: str) -> bool:
    """Whether half of the runs or more do not reach the goal."""
    return bool(np.isinf(result.reached[result.at(name)]).mean() >= 0.5)


def _times(result: Result, name: str, than: str) -> float:
    """Ratio of the median steps of two activations."""
    return _steps(result, name) / max(_steps(result, than), 1.0)


def main(result: Result) -> Verdict:
    """How many steps does the chosen activation take, and how many its centred twin?"""
    pair = result.pair
    a, b = (result.reached[result.at(n)] for n in (pair.uncentred, pair.centred))
    times = _times(result, pair.uncentred, pair.centred)
    numbers: Numbers = {
        "pair": pair.said,
        "twin": pair.twin,
        "uncentred": _steps(result, pair.uncentred),
        "centred": _steps(result, pair.centred),
        "times": times,
        "tanh": _steps(result, "tanh"),
        "sigmoid": _steps(result, "sigmoid"),
        "more": int((a > b).sum()),
        "repeats": len(a),
        "goal": result.config.goal,
        "steps": result.config.steps,
        "hidden": result.config.depth,
    }
    if _never(result, pair.uncentred):
        return Verdict("centring_unreached" if _never(result, pair.centred) else "centring_never", numbers)
    gap = _steps(result, pair.uncentred) - _steps(result, pair.centred)
    if 1 / SLOWER < times < SLOWER or abs(gap) <= LOOK:
        return Verdict("centring_alike", numbers)
    return Verdict("centring_helps" if gap > 0 else "centring_hurts", numbers)


def hard(result: Result) -> Verdict:
    """Are sigmoid and ReLU, each against its own twin, hard to optimise?"""
    numbers: Numbers = {
        "sigmoid": _times(result, "sigmoid", "sigmoid_twin"),
        "relu": _times(result, "relu", "relu_twin"),
        "factor": HARD,
        "offset": _offset(result, "sigmoid"),
        "offset_relu": _offset(result, "relu"),
        "steps": result.config.steps,
    }
    if any(_never(result, f"{n}_twin") for n in ("sigmoid", "relu")):
        return Verdict("hard_unreached", numbers)
    found = [n for n in ("sigmoid", "relu") if _times(result, n, f"{n}_twin") >= HARD]
    return Verdict("hard_both" if len(found) == 2 else f"hard_{[*found, 'neither'][0]}", numbers)


def _offset(result: Result, name: str) -> float:
    """Median mean over standard deviation of what enters the second layer."""
    return float(np.median(result.layers[1, result.at(name), :, 0]))


def end(result: Result) -> Verdict:
    """Does the pair end at different test accuracies?"""
    pair = result.pair
    a, b = (result.test[result.at(n)] for n in (pair.uncentred, pair.centred))
    gap = float(np.median(a - b))
    numbers: Numbers = {
        "pair": pair.said, "twin": pair.twin, "uncentred": float(np.median(a)), "centred": float(np.median(b)),
        "points": 100 * gap, "steps": result.config.steps,
    }  # fmt: skip
    return Verdict("end_alike" if abs(gap) < POINT else "end_worse" if gap < 0 else "end_better", numbers)


def runs(result: Result) -> Verdict:
    """Did all runs reach the goal, and was the best learning rate inside the grid?"""
    single = len(result.single)
    steps = result.reached[:single]
    edge = np.isin(result.chosen[:single], (0, len(result.lrs) - 1))
    numbers: Numbers = {
        "missed": int(np.isinf(steps).sum()),
        "diverged": int((result.diverged[:single] >= 0).sum()),
        "count": steps.size,
        "edge": int(edge.sum()),
        "single": single,
        "goal": result.config.goal,
    }
    return Verdict("runs_some" if numbers["missed"] else "runs_edge" if edge.any() else "runs_all", numbers)


def signs(result: Result) -> Verdict:
    """Do all of a unit's weights get gradients of one sign?"""
    pair = result.pair
    one, batch = (np.median(result.layers[q], 1).mean(1) for q in (2, 3))  # (A,), mean over layers
    a, b = result.at(pair.uncentred), result.at(pair.centred)
    numbers: Numbers = {
        "pair": pair.said, "twin": pair.twin, "one": float(one[a]), "one_twin": float(one[b]),
        "batch": float(batch[a]), "batch_twin": float(batch[b]),
    }  # fmt: skip
    return Verdict("signs_forced" if result.layers[2, a].min() == 1 else "signs_free", numbers)


def push(result: Result) -> Verdict:
    """Does the mean, through the weights, saturate the next layer before training begins?"""
    pair = result.pair
    a, b = (result.flat[result.at(n)] for n in (pair.uncentred, pair.centred))
    numbers: Numbers = {
        "pair": pair.said, "twin": pair.twin, "flat": float(np.median(a)), "flat_twin": float(np.median(b)),
    }  # fmt: skip
    return Verdict("push_saturates" if np.median(a - b) > 0.02 else "push_nothing", numbers)


def saturation(result: Result) -> Verdict:
    """What does each cost, the missing centre and the saturated start?"""
    base, mean, flat, both = QUARTET
    at = [result.at(n) for n in QUARTET]
    a, b = _times(result, mean, base), _times(result, flat, base)
    numbers: Numbers = {
        "scale": result.config.saturation,
        "base": _steps(result, base),
        "uncentred": _steps(result, mean),
        "saturated": _steps(result, flat),
        "both": _steps(result, both),
        "times": a,
        "times_saturated": b,
        "flat": float(np.median(result.flat[at[2]])),
        "test_base": float(np.median(result.test[at[0]])),
        "test_uncentred": float(np.median(result.test[at[1]])),
        "test_saturated": float(np.median(result.test[at[2]])),
        "steps": result.config.steps,
    }
    if result.config.saturation == 1:
        return Verdict("saturation_off", numbers)
    if _never(result, mean) or _never(result, base):
        return Verdict("saturation_open", numbers)
    if _never(result, flat):
        return Verdict("saturation_never", numbers)
    if max(a, b) <= SLOWER * min(a, b):
        return Verdict("saturation_alike", numbers)
    return Verdict("saturation_worse" if b > a else "saturation_milder", numbers)
