"""Which sentences the numbers of a run choose."""

from itertools import pairwise

import numpy as np

from lib.evidence import Outcome, paired
from lib.members import members
from lib.question import Verdict
from lib.questions.features.config import PLACES
from lib.questions.features.result import Result
from lib.types import Array, Numbers

SECOND = PLACES.index("layer_2")
LEARNED = 0.5  # test accuracy from which something has been learned
ENOUGH = 0.8  # test accuracy from which two numbers count as enough


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {"main": main(result), "principal": principal(result), "bottleneck": bottleneck(result)}


def headline(result: Result) -> Numbers:
    """Return what the plain file prints too."""
    return {place: float(v) for place, v in zip(PLACES, np.median(result.fisher[-1], 0), strict=True)}


def main(result: Result) -> Verdict:
    """Do the layers pull the classes apart?"""
    trained, untrained = np.median(result.fisher[-1], 0), np.median(result.fisher[0], 0)
    numbers: Numbers = {place: float(v) for place, v in zip(PLACES, trained, strict=True)}
    numbers |= {"outputs_untrained": float(untrained[-1]), "repeats": result.accuracy.shape[1],
                "diverged": members(result.diverged[0]).count_diverged}  # fmt: skip
    if numbers["diverged"]:
        return Verdict("diverged", numbers)
    end, begun = result.fisher[-1].T, result.fisher[0].T  # (4, R)
    steps = {paired(behind, before) for before, behind in pairwise(end)}
    learned = {paired(now, before) for now, before in zip(end[1:], begun[1:], strict=True)}
    if steps | learned == {Outcome.HIGHER}:
        return Verdict("apart", numbers)
    found = {Outcome.HIGHER: "partly", Outcome.LOWER: "not_apart", Outcome.UNCLEAR: "apart_unclear"}
    return Verdict(found[paired(end[-1], end[0])], numbers)


def _growth(before: float, behind: float) -> float:
    """How many times as large one ratio is as another, both as they are printed."""
    return round(behind, 2) / round(before, 2)


def principal(result: Result) -> Verdict:
    """Do two principal components show it?"""
    numbers: Numbers = {place: float(v) for place, v in zip(PLACES, np.median(result.neighbours[1], 0), strict=True)}
    numbers |= {"layer_2_untrained": float(np.median(result.neighbours[0, :, SECOND])),
                "bottleneck": float(np.median(result.neighbours_bottleneck[1]))}  # fmt: skip
    whole, plane = result.fisher[-1], result.fisher_plane[1]  # (R, 4)
    for name, values in (("whole", whole), ("plane", plane)):
        before, behind = (float(np.median(values[:, k])) for k in (0, SECOND))
        numbers |= {f"{name}_growth": _growth(before, behind)}
    numbers |= {f"near_{PLACES[k]}": float(np.median(result.neighbours_whole[:, k])) for k in (0, SECOND)}
    if np.median(result.accuracy[0]) < LEARNED or not _more(whole[:, SECOND], whole[:, 0]):
        return Verdict("principal_untrained", numbers)
    shown = paired(plane[:, SECOND], plane[:, 0])
    if shown is not Outcome.HIGHER:
        return Verdict("principal_hides" if shown is Outcome.LOWER else "principal_unclear", numbers)
    less = paired(plane[:, SECOND] / plane[:, 0], whole[:, SECOND] / whole[:, 0]) is Outcome.LOWER
    return Verdict("principal_less" if less else "principal_shows", numbers)


def _more(first: Array, second: Array) -> bool:
    return paired(first, second) is Outcome.HIGHER


def bottleneck(result: Result) -> Verdict:
    """Are two numbers, linear in the layer before, enough?"""
    numbers: Numbers = {
        "accuracy": float(np.median(result.accuracy[1])),
        "deep": float(np.median(result.accuracy[0])),
    }
    gone = members(result.diverged[1]).count_diverged
    if gone:
        return Verdict("two_diverged", {"diverged": gone, "repeats": result.accuracy.shape[1]})
    found = {Outcome.HIGHER: "two_enough", Outcome.LOWER: "two_few", Outcome.UNCLEAR: "two_unclear"}
    return Verdict(found[paired(result.accuracy[1], np.full_like(result.accuracy[1], ENOUGH))], numbers)
