"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.question import Verdict
from lib.questions.gabor.result import Result
from lib.types import Numbers

MANY = 0.25  # share of edge detectors above the control's that is more than chance
SOME = 0.08  # above the untrained filters': more than a chance fit
SILENT = 0.015  # share of active units below which a code says next to nothing
GOOD = 0.7  # median R^2 of filters that are Gabor functions, edge or wave


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
        "r2_untrained": float(medians[0]) / 100,
        "r2_control": float(medians[2]) / 100,
        "filters": result.config.filters,
        "steps": result.config.steps,
        "repeats": result.r2.shape[1],
        "sparsity": result.config.sparsity,
        "active": float(np.median(result.active[0])),
        "kurtosis": result.kurtosis[0],
        "kurtosis_control": result.kurtosis[1],
    }


def main(result: Result) -> Verdict:
    """Have the filters become edge detectors?"""
    numbers = _numbers(result)
    if float(numbers["active"]) < SILENT and float(numbers["edges"]) < 100 * MANY:
        return Verdict("silent", numbers)
    if float(numbers["edges"]) > float(numbers["control"]) + 100 * MANY:
        return Verdict("edges", numbers)
    if _found(numbers):
        return Verdict("some", numbers)
    return Verdict("waves" if float(numbers["r2"]) > GOOD else "none", numbers)


def phase(result: Result) -> Verdict:
    """Is it the edges in the pictures, or only their spectrum? Or is it the task?"""
    numbers = _numbers(result)
    coded = result.config.task == "sparse_code"
    if not _found(numbers):
        return Verdict("phase_nothing" if coded else "labels_nothing", numbers)
    if float(numbers["control"]) < float(numbers["edges"]) / 2:
        return Verdict("phase_matters" if coded else "labels_matter", numbers)
    return Verdict("phase_alike" if coded else "labels_alike", numbers)


def _found(numbers: Numbers) -> bool:
    """Whether there are more edge detectors than untrained filters have by chance."""
    return float(numbers["edges"]) > float(numbers["untrained"]) + 100 * SOME


def need(result: Result) -> Verdict:
    """Does it take sparsity, or a task that needs edges?"""
    numbers = _numbers(result)
    if len(result.accuracy):
        right = np.median(result.accuracy, 1)
        numbers |= {"accuracy": float(right[0]), "shuffled": float(right[1])}
        return Verdict("need_task" if right[0] > right[1] + 0.1 else "need_task_failed", numbers)
    numbers |= {"dense": float(np.median(result.shares()[3]))}
    if result.config.sparsity == 0:
        return Verdict("need_none_chosen", numbers)
    if not _found(numbers):
        return Verdict("need_nothing", numbers)
    few = float(numbers["dense"]) < float(numbers["edges"]) / 2
    return Verdict("need_sparsity" if few else "need_no_sparsity", numbers)
