"""Which sentences the numbers of a run choose."""

from typing import Any

import numpy as np

from lib.evidence import Outcome, alike, paired
from lib.members import members
from lib.question import Verdict
from lib.questions.wide_networks.config import FIT_FROM, LEAST
from lib.questions.wide_networks.result import Array, Result
from lib.types import Numbers

THEORY = -0.5  # slope for very wide networks
SLIGHT = 0.05  # of a slope: over the three doublings from 32 to 256 it is a tenth of the distance
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LEFT = 0.01  # of the loss: a way that ends with more of it has not come to a solution
ZERO = 1e-6  # an eigenvalue below is zero in this arithmetic


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {"main": main(result), "slope": slope(result), "kernel": kernel(result), "gram": gram(result),
            "constant": constant(result), "dice": dice(result)}  # fmt: skip


def headline(result: Result) -> Numbers:
    """Return what the page's plain file prints, too: labels fitted, the way to it, and how that falls with width."""
    k, config = result.chosen, result.config
    numbers = _medians(accuracy=result.accuracy[k], moved=result.moved[k], narrow=result.accuracy[0])
    return numbers | {"width": config.width, "samples": config.samples, "narrowest": int(result.widths[0]),
                      "slope": result.slope()}  # fmt: skip


def main(result: Result) -> Verdict:
    """Does a network of the chosen width fit all labels, and how far does it go for it?"""
    k, config = result.chosen, result.config
    numbers = _medians(accuracy=result.accuracy[k], moved=result.moved[k], narrow=result.accuracy[0],
                       units=result.units[k])  # fmt: skip
    numbers |= {"width": config.width, "samples": config.samples, "repeats": result.moved.shape[1],
                "narrowest": int(result.widths[0])}  # fmt: skip
    if members(result.diverged[k] > 0).count_diverged:
        return Verdict("run_away", numbers)
    could = bool(np.median(result.other_accuracy[0]) == 1)  # Gaussian units fit here, so it is the start's doing
    return Verdict(_main_key(config.start, numbers, could=could), numbers)


def _main_key(start: str, numbers: Any, *, could: bool) -> str:
    if numbers["accuracy"] == 1:
        return "fits_nearby" if numbers["moved"] < 0.3 else "fits_far"
    if numbers["units"] <= 2:  # as many as there are output signs
        return "same_units"
    return "alike_units" if could and start == "jittered_half" else "not_fitted"


def slope(result: Result) -> Verdict:
    """Does the distance fall like one over the square root of the width?"""
    left = np.median(result.loss[:, -1] / np.maximum(result.loss[:, 0], LEAST), 1)[result.widths >= FIT_FROM]
    numbers: Numbers = {"slope": result.slope(), "first": FIT_FROM, "theory": THEORY}
    if not left.max() < LEFT:  # at the worst width of the fit
        return Verdict("slope_unfitted", numbers)
    slopes, theory = result.slopes(), np.full(result.slopes().shape, THEORY)
    if alike(slopes, theory, SLIGHT):
        return Verdict("slope_half", numbers)
    keys = {Outcome.LOWER: "slope_steeper", Outcome.HIGHER: "slope_other", Outcome.UNCLEAR: "slope_unclear"}
    return Verdict(keys[paired(slopes, theory)], numbers)


def kernel(result: Result) -> Verdict:
    """Does the Gram matrix stay what it was?"""
    k = result.chosen
    numbers = _medians(change=result.kernel[k], narrow=result.kernel[0])
    key = "kernel_stays" if np.median(result.kernel[k]) < 0.1 else "kernel_moves"
    return Verdict(key, numbers | {"narrowest": int(result.widths[0])})


def gram(result: Result) -> Verdict:
    """Is the smallest eigenvalue positive, is the theorem's rate kept, and what else does the theorem ask for?"""
    k, samples = result.chosen, result.config.samples
    smallest, limit = result.eigenvalue[k], float(np.median(result.limit))
    bound = (1 - result.lr * np.maximum(smallest, 0) / 2) ** result.config.steps
    ratio = result.loss[k, -1] / np.maximum(result.loss[k, 0], LEAST)
    kept = ratio <= bound + 1e-6
    order = float(np.log10(samples**6 / max(limit, LEAST) ** 4))
    numbers: Numbers = {"kept": int(kept.sum()), "repeats": len(kept), "width": result.config.width,
                        "needed": f"10{f'{order:.0f}'.translate(RAISED)}"}  # fmt: skip
    if np.median(smallest) < ZERO:
        return Verdict("gram_singular", numbers)
    return Verdict("gram_positive" if kept.all() else "gram_bound_missed", numbers)


def constant(result: Result) -> Verdict:
    """What happens from 0.5 everywhere, at the chosen width?"""
    numbers = _medians(accuracy=result.other_accuracy[2], units=result.other_units[2],
                       gaussian=result.other_accuracy[0])  # fmt: skip
    numbers["width"] = result.config.width
    if numbers["accuracy"] == 1:
        return Verdict("constant_fits", numbers)
    return Verdict("constant_stuck" if numbers["gaussian"] == 1 else "constant_open", numbers)


def dice(result: Result) -> Verdict:
    """Do weights and output signs without a random number in them fit as well as Gaussian ones?"""
    right = result.other_accuracy
    numbers = _medians(sine=right[1], gaussian=right[0])
    if np.median(right[0]) < 1:
        return Verdict("dice_open", numbers)
    return Verdict("dice_not_needed" if np.median(right[1]) == 1 else "dice_needed", numbers)


def _medians(**arrays: Array) -> Numbers:
    """One number for each array: the median of its repeats."""
    return {name: float(np.median(array)) for name, array in arrays.items()}
