"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, paired, share
from lib.question import Verdict
from lib.questions.other_noise.config import OWN, SHARED
from lib.questions.other_noise.result import Result
from lib.types import Numbers


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {"main": main(result), "biases": biases(result), "layers": layers(result),
            "evolution": evolution(result), "start": start(result)}  # fmt: skip


def headline(result: Result) -> Numbers:
    """Return what the page's plain file prints, too: how many sources part the units, and the chosen one's loss."""
    count, source = len(SHARED) + len(OWN), result.config.source
    parted = [name for name in (*SHARED, *OWN) if name not in result.identical()]
    return {
        "parted": len(parted), "count": count, "source": source.replace("_", " "), "loss": result.median(source),
    }  # fmt: skip


def said(names: list[str] | tuple[str, ...]) -> str:
    """Sources in a sentence."""
    return ", ".join({"adam": "Adam"}.get(name, name.replace("_", " ")) for name in names)


def main(result: Result) -> Verdict:
    """Which sources part equal units?"""
    same = result.identical()
    parted = [name for name in (*SHARED, *OWN) if name not in same]
    numbers: Numbers = {
        "same": said(same), "same_count": len(same), "parted": said(parted), "parted_count": len(parted),
        "count": len(SHARED) + len(OWN), "repeats": result.one_unit.size, "one": float(np.median(result.one_unit)),
    }  # fmt: skip
    if set(same) == set(SHARED):
        return Verdict("sorted", numbers)
    if not set(same) > set(SHARED):
        return Verdict("unsorted", numbers)
    return Verdict("silent" if result.config.amount and not result.config.constant else "quiet", numbers)


def most(solved: int, of: int) -> Outcome:
    """Whether it is most networks that solve it, or the fewest, or this run cannot tell."""
    return share(solved, of)


def start(result: Result) -> Verdict:
    """With dropout, is it still better to start the units differently? The same masks from both starts."""
    same, other = (result.solved_at(name) for name in ("hidden_dropout", "random_and_dropout"))
    numbers: Numbers = {"sooner": int((other < same).sum()), "repeats": same.size}
    if not result.config.amount:
        return Verdict("start_open", numbers)
    ends = {Outcome.LOWER: "start_better", Outcome.HIGHER: "start_worse", Outcome.UNCLEAR: "start_open"}
    return Verdict(ends[paired(other, same)], numbers)


def biases(result: Result) -> Verdict:
    """Are random biases enough, or even ones without dice?"""
    numbers: Numbers = {
        "solved": result.solves("random_biases"), "solved_even": result.solves("even_biases"),
        "repeats": result.one_unit.size,
    }  # fmt: skip
    if result.largest("random_biases") == 0:
        return Verdict("biases_open", numbers)
    if not result.config.constant:
        return Verdict("biases_flat", numbers)
    ends = {Outcome.HIGHER: "biases_enough", Outcome.LOWER: "biases_part", Outcome.UNCLEAR: "biases_open"}
    return Verdict(ends[most(result.solves("random_biases"), result.one_unit.size)], numbers)


def layers(result: Result) -> Verdict:
    """Is one random layer enough?"""
    count = result.one_unit.size
    first, last = (result.solves(f"random_{k}_layer") for k in ("first", "last"))
    both = result.solves("random_weights")
    numbers: Numbers = {"first": first, "last": last, "both": both, "repeats": count}
    ends = {most(first, count), most(last, count)}
    if most(both, count) is not Outcome.HIGHER or Outcome.UNCLEAR in ends:
        return Verdict("layers_open", numbers)
    if len(ends) == 2:
        return Verdict("layers_one", numbers)
    return Verdict("layers_either" if Outcome.HIGHER in ends else "layers_neither", numbers)


def evolution(result: Result) -> Verdict:
    """Does a method without a gradient need a random start?"""
    numbers: Numbers = {
        "solved": result.solves("evolution"), "repeats": result.one_unit.size, "steps": result.config.steps,
    }  # fmt: skip
    solves = most(result.solves("evolution"), result.one_unit.size) is Outcome.HIGHER
    return Verdict("evolution_solves" if solves else "evolution_parts", numbers)
