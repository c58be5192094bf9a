"""What a run of `lib.experiments.other_noise` gave, and the sentences that its numbers choose."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.config import Verdict

Array = np.ndarray[Any, Any]
Numbers = dict[str, float | int | str]

SHARED = ("plain_descent", "momentum", "adam", "minibatches", "input_noise", "input_dropout", "label_noise")
OWN = ("hidden_dropout", "gradient_noise", "random_biases", "even_biases", "random_first_layer",
       "random_last_layer", "evolution")  # fmt: skip
SOURCES = (*SHARED, *OWN, "random_weights")
FLOOR = -20.0  # where the logarithm of an exact zero is drawn
SOLVED = 0.35  # loss that no single unit reaches on XOR


@dataclass(frozen=True)
class Result:
    """C sources of difference (`SOURCES`), R repeats, S steps, H units."""

    config: Any  # the OtherNoise of the run
    steps: Array  # (S,)
    loss: Array  # (S, C, R) on the points as they are
    apart: Array  # (S, C, R) largest difference between two units
    one_unit: Array  # (R,) best loss of a network with one hidden unit
    incoming: Array  # (S, H) weight from the first input into each unit; chosen source, first repeat

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The sentences that the data choose, with their numbers."""
        return {"main": main(self), "chosen": chosen(self), "dropout": dropout(self), "biases": biases(self),
                "layers": layers(self), "evolution": evolution(self)}  # fmt: skip

    def median(self, source: str) -> float:
        """Median loss at the end."""
        return float(np.median(self.loss[-1, SOURCES.index(source)]))

    def solves(self, source: str) -> int:
        """How many repeats end below SOLVED."""
        return int((self.loss[-1, SOURCES.index(source)] < SOLVED).sum())

    def largest(self, source: str) -> float:
        """Largest difference between two units, ever, in any repeat."""
        return float(self.apart[:, SOURCES.index(source)].max())

    def identical(self) -> list[str]:
        """The sources whose units never differ in any bit."""
        return [name for name in SOURCES if self.largest(name) == 0]

    def apart_log(self) -> Array:
        """log10 of the differences at the end, exact zeros at FLOOR: (1, R, C)."""
        values = self.apart[-1].T
        return np.log10(np.where(values > 0, values, 10.0**FLOOR))[None]

    def ends(self) -> Array:
        """Losses at the end, as the figure wants them: (1, R, C)."""
        return self.loss[-1].T[None]

    def three(self) -> Array:
        """Loss with the chosen source, with momentum alone, from random weights: (S, R, 3)."""
        rows = [SOURCES.index(name) for name in (self.config.source, "momentum", "random_weights")]
        return self.loss[:, rows].transpose(0, 2, 1)

    def top(self) -> float:
        """Upper end of the loss axes: 1 unless the run needs more, in halves."""
        return max(1.0, np.ceil(2.2 * float(np.percentile(self.loss[-1], 75, axis=1).max())) / 2)

    def unit_range(self) -> tuple[float, float]:
        """Range of the units' axis: at least the constant's surroundings, more where the run needs it."""
        shown = self.incoming[:, :8]
        return min(-1.0, 1.05 * float(shown.min())), max(1.0, 1.05 * float(shown.max()))

    def over_steps(self) -> pd.DataFrame:
        """Medians of the three loss curves."""
        columns = ["chosen", "momentum_alone", "random_weights"]
        return pd.DataFrame(np.median(self.three(), 1), columns=columns).assign(step=self.steps)

    def lines(self) -> pd.DataFrame:
        """The weight from the first input into each unit, over steps."""
        columns = [f"unit {k + 1}" for k in range(self.incoming.shape[1])]
        return pd.DataFrame(self.incoming, columns=columns).assign(step=self.steps)

    def table(self) -> pd.DataFrame:
        """One row per source and repeat."""
        count = self.loss.shape[2]
        return pd.DataFrame({
            "source": np.repeat(SOURCES, count),
            "repeat": list(range(count)) * len(SOURCES),
            "largest_difference": self.apart.max(0).ravel(),
            "loss": self.loss[-1].ravel(),
            "one_unit_best": np.tile(self.one_unit, len(SOURCES)),
        })  # fmt: skip


def said(names: list[str] | tuple[str, ...]) -> str:
    """Sources in a sentence."""
    return ", ".join(name.replace("_", " ") for name in names)


def main(result: Result) -> Verdict:
    """Which sources part equal units?"""
    same = result.identical()
    parted = [name for name in (*SHARED, *OWN) if name not in same]
    numbers: Numbers = {
        "same": said(same), "same_count": len(same), "parted": said(parted), "parted_count": len(parted),
        "count": len(SHARED) + len(OWN), "steps": result.config.steps, "repeats": result.one_unit.size,
        "amount": result.config.amount,
    }  # fmt: skip
    if set(same) == set(SHARED):
        return Verdict("sorted", numbers)
    return Verdict("quiet" if set(same) > set(SHARED) else "unsorted", numbers)


def chosen(result: Result) -> Verdict:
    """How far does the chosen source get?"""
    name = result.config.source
    numbers: Numbers = {
        "source": said([name]), "apart": result.largest(name), "loss": result.median(name),
        "one": float(np.median(result.one_unit)), "random": result.median("random_weights"),
        "solved": result.solves(name), "repeats": result.one_unit.size, "below": SOLVED,
    }  # fmt: skip
    if not np.isfinite(numbers["loss"]) or numbers["loss"] > 10:  # type: ignore[operator]
        return Verdict("chosen_lost", numbers | {"loss": 0.0})
    if numbers["apart"] == 0:
        return Verdict("chosen_same", numbers)
    return Verdict("chosen_solves" if 2 * result.solves(name) > result.one_unit.size else "chosen_parts", numbers)


def dropout(result: Result) -> Verdict:
    """Does dropout of hidden units do what random weights do?"""
    numbers: Numbers = {
        "loss": result.median("hidden_dropout"), "solved": result.solves("hidden_dropout"),
        "random": result.median("random_weights"), "inputs": result.largest("input_dropout"),
        "amount": result.config.amount, "repeats": result.one_unit.size, "below": SOLVED,
    }  # fmt: skip
    if result.largest("hidden_dropout") == 0:
        return Verdict("dropout_none", numbers)
    solved = 2 * result.solves("hidden_dropout") > result.one_unit.size
    return Verdict("dropout_solves" if solved else "dropout_parts", numbers)


def biases(result: Result) -> Verdict:
    """Are random biases enough, or even ones without dice?"""
    numbers: Numbers = {
        "random": result.median("random_biases"), "even": result.median("even_biases"),
        "solved": result.solves("random_biases"), "solved_even": result.solves("even_biases"),
        "repeats": result.one_unit.size, "below": SOLVED, "amount": result.config.amount,
        "weights": result.median("random_weights"),
    }  # fmt: skip
    if result.largest("random_biases") == 0:
        return Verdict("biases_none", numbers)
    enough = 2 * result.solves("random_biases") > result.one_unit.size
    return Verdict("biases_enough" if enough else "biases_part", numbers)


def layers(result: Result) -> Verdict:
    """Is one random layer enough?"""
    count = result.one_unit.size
    first, last = (result.solves(f"random_{k}_layer") for k in ("first", "last"))
    numbers: Numbers = {
        "first": first, "last": last, "repeats": count, "below": SOLVED, "both": result.solves("random_weights"),
        "activation": result.config.activation, "loss_first": result.median("random_first_layer"),
        "loss_last": result.median("random_last_layer"),
    }  # fmt: skip
    if 2 * result.solves("random_weights") <= count:
        return Verdict("layers_open", numbers)
    enough = (2 * first > count) + (2 * last > count)
    return Verdict(("layers_neither", "layers_one", "layers_either")[enough], numbers)


def evolution(result: Result) -> Verdict:
    """Does a method without a gradient need a random start?"""
    numbers: Numbers = {
        "loss": result.median("evolution"), "solved": result.solves("evolution"), "repeats": result.one_unit.size,
        "steps": result.config.steps, "one": float(np.median(result.one_unit)), "below": SOLVED,
    }  # fmt: skip
    enough = 2 * result.solves("evolution") > result.one_unit.size
    return Verdict("evolution_solves" if enough else "evolution_parts", numbers)
