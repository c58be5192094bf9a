"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.question import Verdict
from lib.questions.other_noise.config import OWN, SHARED, SOLVED
from lib.questions.other_noise.result import Result
from lib.types import Numbers


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {"main": main(result), "chosen": chosen(result), "dropout": dropout(result), "biases": biases(result),
            "layers": layers(result), "evolution": evolution(result)}  # fmt: skip


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
