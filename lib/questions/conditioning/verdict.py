"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.question import Verdict
from lib.questions.conditioning.config import OFFSETS
from lib.questions.conditioning.result import Result
from lib.types import Numbers

MORE = 2.0  # from this ratio of two condition numbers on, one is more than the other
CLOSE = 1.5  # up to this ratio a measured condition number agrees with the closed form


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {each.__name__: each(result) for each in (main, formula, rate, bias)}


def numbers_of(result: Result) -> Numbers:
    """The numbers of all sentences."""
    config, row, at = result.config, result.row, result.at
    kappa, steps, largest = (np.median(v, 2) for v in (result.kappa, result.steps, result.largest))
    return {
        "offset": config.offset, "inputs": config.inputs, "share": config.share, "bias": config.bias,
        "repeats": result.largest.shape[2], "offsets": len(OFFSETS),
        "kappa": float(kappa[row, at]), "kappa_zero": float(kappa[row, 0]), "theory": float(result.theory[row, at]),
        "kappa_without": float(kappa[0, at]), "kappa_with": float(kappa[1, at]),
        "largest": float(largest[row, at]), "limit": float(2 / largest[row, at]),
        "limit_zero": float(2 / largest[row, 0]), "lr": float(config.share * 2 / largest[row, at]),
        "steps": float(steps[row, at]), "steps_zero": float(steps[row, 0]),
        "own": float(np.median(result.own_steps)), "stable": float(np.median(result.stable[at])),
        "steps_without": float(steps[0, at]), "steps_with": float(steps[1, at]),
    }  # fmt: skip


def main(result: Result) -> Verdict:
    """Does the offset stretch the loss?"""
    numbers = numbers_of(result)
    if result.config.offset == 0:
        return Verdict("no_offset", numbers)
    ratio = float(numbers["kappa"]) / float(numbers["kappa_zero"])
    return Verdict("stretched" if ratio >= MORE else "round", numbers)


def formula(result: Result) -> Verdict:
    """Do the measured condition number and the closed form agree?"""
    numbers = numbers_of(result)
    ratio = float(numbers["kappa"]) / float(numbers["theory"])
    return Verdict("formula_holds" if 1 / CLOSE <= ratio <= CLOSE else "formula_off", numbers)


def rate(result: Result) -> Verdict:
    """Does the descent at the chosen share of 2 / lambda_max converge?"""
    return Verdict("rate_converges" if (result.own_steps >= 0).all() else "rate_diverges", numbers_of(result))


def bias(result: Result) -> Verdict:
    """Does a bias make the loss rounder or more stretched?"""
    numbers = numbers_of(result)
    ratio = float(numbers["kappa_with"]) / float(numbers["kappa_without"])
    if ratio >= MORE:
        return Verdict("bias_worse", numbers)
    return Verdict("bias_better" if ratio <= 1 / MORE else "bias_alike", numbers)
