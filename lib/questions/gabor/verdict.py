"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, alike, paired
from lib.question import Verdict
from lib.questions.gabor.result import Result
from lib.types import Array, Numbers

CHANCE = 8.0  # points above the untrained filters that a few chance fits may come to; closer than that is alike
LEFT = 2 / 3  # of the edge detectors, at most, without what most of them are due to
SILENT = 0.015  # share of active units below which a code says next to nothing
IN_USE = 0.5  # share of the twin's filters that must fire: that silent ones are no edge detectors is no wonder
GUESS, CLEARLY = 0.5, 0.1  # share of new windows that a guess has right, and how much more counts as learned
GOOD = 70.0  # median R^2, in per cent, of filters that are Gabor functions, edge or wave


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {"main": main(result), "phase": phase(result), "need": need(result)}


def _numbers(result: Result) -> Numbers:
    shares, medians = np.median(result.shares(), 1), np.median(result.medians(), 1)
    return {
        "edges": float(shares[1]),
        "untrained": float(shares[0]),
        "control": float(shares[2]),
        "r2": float(medians[1]) / 100,
        "filters": result.config.filters,
        "repeats": result.r2.shape[1],
        "active": float(np.median(result.active[0])),
        "firing": float(np.median(result.firing[1])),
        "kurtosis": result.kurtosis[0],
        "kurtosis_control": result.kurtosis[1],
    }


def headline(result: Result) -> Numbers:
    """Return what the plain file prints too, all in per cent."""
    untrained, trained, control = np.median(result.shares()[:3], 1)
    r2 = np.median(result.medians()[1])
    return {"edges": float(trained), "control": float(control), "untrained": float(untrained), "r2": float(r2)}


def main(result: Result) -> Verdict:
    """Have the filters become edge detectors?"""
    numbers = _numbers(result)
    untrained, trained = result.shares()[:2]
    if _found(result):
        return Verdict("some", numbers)
    if float(numbers["active"]) < SILENT:
        return Verdict("silent", numbers)
    if _above(result.medians()[1], GOOD):
        return Verdict("waves", numbers)
    return Verdict("none" if alike(trained, untrained, CHANCE) else "unclear", numbers)


def phase(result: Result) -> Verdict:
    """Is the pictures' spectrum enough? Or any labels?"""
    numbers = _numbers(result)
    if not _found(result):
        return Verdict("nothing", numbers)
    if float(numbers["firing"]) < IN_USE:
        return Verdict("phase_silent", numbers)
    due = _due(*result.shares()[1:3])
    most = "phase_matters" if result.config.task == "sparse_code" else "labels_matter"
    return Verdict(most if due == "most" else due, numbers)


def _above(values: Array, level: float) -> bool:
    return paired(values, np.full(len(values), level)) is Outcome.HIGHER


def _found(result: Result) -> bool:
    """Whether there are more edge detectors than untrained filters have by chance."""
    untrained, trained = result.shares()[:2]
    return paired(trained, untrained + CHANCE) is Outcome.HIGHER


def _due(trained: Array, without: Array) -> str:
    """How much of the shares (R,) is lost without a cause: most of them, a part, nothing to speak of, or unclear.

    That some are lost is tested; how many, the medians say. Whether less than half are left could not be told at one
    of eight start numbers.
    """
    if paired(trained, without) is Outcome.HIGHER:
        return "most" if np.median(without) < LEFT * np.median(trained) else "partly"
    return "alike" if alike(trained, without, CHANCE) else "unclear"


def need(result: Result) -> Verdict:
    """Does it take sparsity, or a task that needs edges?"""
    numbers = _numbers(result)
    if len(result.accuracy):
        right = np.median(result.accuracy, 1)
        numbers |= {"accuracy": float(right[0]), "shuffled": float(right[1]), "guess": GUESS}
        learned = paired(*result.accuracy) is Outcome.HIGHER and _above(result.accuracy[0], GUESS + CLEARLY)
        return Verdict("need_task" if learned else "need_task_failed", numbers)
    numbers |= {"dense": float(np.median(result.shares()[3]))}
    if result.config.sparsity == 0:
        return Verdict("need_none_chosen", numbers)
    if not _found(result):
        return Verdict("need_nothing", numbers)
    ends = {"most": "sparsity", "partly": "partly", "alike": "no_sparsity", "unclear": "unclear"}
    return Verdict(f"need_{ends[_due(*result.shares()[[1, 3]])]}", numbers)
