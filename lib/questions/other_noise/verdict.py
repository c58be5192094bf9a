"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, paired, paired_counts, share
from lib.question import Verdict
from lib.questions.other_noise.config import OWN, SHARED, SOLVED
from lib.questions.other_noise.result import Result
from lib.types import Numbers

ENDS = {Outcome.HIGHER: "_solves", Outcome.LOWER: "_parts", Outcome.UNCLEAR: "_unclear"}


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {"main": main(result), "chosen": chosen(result), "dropout": dropout(result), "biases": biases(result),
            "layers": layers(result), "evolution": evolution(result), "start": start(result)}  # fmt: skip


def said(names: list[str] | tuple[str, ...]) -> str:
    """Sources in a sentence."""
    return ", ".join({"adam": "Adam"}.get(name, name.replace("_", " ")) for name in names)


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
    if not set(same) > set(SHARED):
        return Verdict("unsorted", numbers)
    return Verdict("silent" if result.config.amount and not result.config.constant else "quiet", numbers)


def most(solved: int, of: int) -> Outcome:
    """Whether it is most networks that solve it, or the fewest, or this run cannot tell."""
    return share(solved, of)


def helps(result: Result, source: str) -> Outcome:
    """Whether networks solve it that do not with momentum alone, or most do not either way, or neither is shown."""
    if paired_counts(result.solved(source), result.solved("momentum")) is Outcome.HIGHER:
        return Outcome.HIGHER
    fewest = most(result.solves(source), result.one_unit.size) is Outcome.LOWER
    return Outcome.LOWER if fewest else Outcome.UNCLEAR


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
    return Verdict("chosen" + ENDS[helps(result, name)], numbers)


def dropout(result: Result) -> Verdict:
    """Does dropout of hidden units do what random weights do?"""
    numbers: Numbers = {
        "loss": result.median("hidden_dropout"), "solved": result.solves("hidden_dropout"),
        "random": result.median("random_weights"), "inputs": result.largest("input_dropout"),
        "amount": result.config.amount, "repeats": result.one_unit.size, "below": SOLVED,
    }  # fmt: skip
    if result.largest("hidden_dropout") == 0:
        return Verdict("dropout_silent" if result.config.amount else "dropout_none", numbers)
    return Verdict("dropout" + ENDS[helps(result, "hidden_dropout")], numbers)


def start(result: Result) -> Verdict:
    """With dropout, is it still better to start the units differently? The same masks from both starts."""
    same, other = (result.solved_at(name) for name in ("hidden_dropout", "random_and_dropout"))
    numbers: Numbers = {
        "sooner": int((other < same).sum()),
        "reached_same": int(np.isfinite(same).sum()), "reached_other": int(np.isfinite(other).sum()),
        "loss_same": result.median("hidden_dropout"), "loss_other": result.median("random_and_dropout"),
        "repeats": same.size, "amount": result.config.amount, "steps": result.config.steps,
    }  # fmt: skip
    if not result.config.amount:
        return Verdict("start_none", numbers)
    found = paired(other, same)
    if found is not Outcome.LOWER:
        return Verdict("start_worse" if found is Outcome.HIGHER else "start_unclear", numbers)
    at: Numbers = {"same": float(np.median(same)), "other": float(np.median(other))}
    if not np.isfinite([*at.values()]).all():  # never is no number
        return Verdict("start_only", numbers)
    return Verdict("start_better", numbers | at)


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
    if not result.config.constant:
        return Verdict("biases_flat", numbers)
    ends = {Outcome.HIGHER: "biases_enough", Outcome.LOWER: "biases_part", Outcome.UNCLEAR: "biases_unclear"}
    return Verdict(ends[most(result.solves("random_biases"), result.one_unit.size)], numbers)


def layers(result: Result) -> Verdict:
    """Is one random layer enough?"""
    count, name = result.one_unit.size, result.config.activation
    first, last = (result.solves(f"random_{k}_layer") for k in ("first", "last"))
    numbers: Numbers = {
        "first": first, "last": last, "repeats": count, "below": SOLVED, "both": result.solves("random_weights"),
        "activation": {"relu": "ReLU"}.get(name, name), "loss_first": result.median("random_first_layer"),
        "loss_last": result.median("random_last_layer"),
    }  # fmt: skip
    if most(result.solves("random_weights"), count) is not Outcome.HIGHER:
        return Verdict("layers_open", numbers)
    ends = {most(first, count), most(last, count)}
    if Outcome.UNCLEAR in ends:
        return Verdict("layers_unclear", numbers)
    if len(ends) == 2:
        return Verdict("layers_one", numbers)
    return Verdict("layers_either" if Outcome.HIGHER in ends else "layers_neither", numbers)


def evolution(result: Result) -> Verdict:
    """Does a method without a gradient need a random start?"""
    numbers: Numbers = {
        "loss": result.median("evolution"), "solved": result.solves("evolution"), "repeats": result.one_unit.size,
        "steps": result.config.steps, "one": float(np.median(result.one_unit)), "below": SOLVED,
    }  # fmt: skip
    return Verdict("evolution" + ENDS[most(result.solves("evolution"), result.one_unit.size)], numbers)
