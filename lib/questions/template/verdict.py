"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, alike, paired
from lib.members import members
from lib.question import Verdict
from lib.questions.template.config import IMAGES
from lib.questions.template.result import Array, Result
from lib.types import Numbers

LIKE = 0.95  # cosine from which weights count as the class's mean image
CHANCE = 0.05  # cosine by which weights may differ from random ones and still resemble nothing
FALL = 0.01  # cosine that a likeness may lose and still be about as high as it was


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result),
        "trade": trade(result),
        "maximiser": maximiser(result),
        "ranking": ranking(result),
        "coefficients": coefficients(result),
    }


def main(result: Result) -> Verdict:
    """Do the weights look like a class's mean image, somewhat, or no more than random weights?"""
    kin, by_chance = result.kin[-1], result.kin_random
    numbers: Numbers = {
        "steps": int(result.steps[-1]),
        "repeats": len(kin),
        "kin": float(np.median(kin)),
        "random": float(np.median(by_chance)),
        "accuracy": float(np.median(result.accuracy[-1])),
        "diverged": members(result.diverged).count_diverged,
    }
    if numbers["diverged"]:
        return Verdict("main_diverged", numbers)
    if np.median(kin) >= LIKE:
        return Verdict("template_mean", numbers)
    if alike(kin, by_chance, CHANCE):
        return Verdict("template_nothing", numbers)
    above = paired(kin, by_chance) is Outcome.HIGHER
    return Verdict("template_kin" if above else "template_unclear", numbers)


def headline(result: Result) -> Numbers:
    """Return what the plain file prints too."""
    numbers = main(result).numbers
    return {name: numbers[name] for name in ("kin", "random", "accuracy")}


def trade(result: Result) -> Verdict:
    """Did the weights become less like the mean image while the network became better?"""
    kin, accuracy = np.median(result.kin, 1), np.median(result.accuracy, 1)
    peak = int(kin.argmax())
    numbers: Numbers = {
        "peak": int(result.steps[peak]),
        "kin_peak": float(kin[peak]),
        "kin": float(kin[-1]),
        "accuracy_peak": float(accuracy[peak]),
        "accuracy": float(accuracy[-1]),
    }
    # The peak is picked among the steps, so that what follows is lower by chance alone: only a fall that counts does.
    if paired(result.kin[-1] + FALL, result.kin[peak]) is Outcome.LOWER:
        better = paired(result.accuracy[-1], result.accuracy[peak]) is Outcome.HIGHER
        return Verdict("trade_paid" if better else "trade_less", numbers)
    return Verdict("trade_none" if alike(result.kin[-1], result.kin[peak], FALL) else "trade_unclear", numbers)


def maximiser(result: Result) -> Verdict:
    """Where did gradient ascent end?"""
    w, x = result.params[0], result.found
    likeness = (_unit(w) * _unit(x)).sum(2)
    numbers: Numbers = {
        "units": int(likeness.size),
        "cos": float(likeness.min()),
        "median": float(np.median(likeness)),
    }
    numbers["step"] = float((x == (w > 0))[w != 0].mean())
    if result.config.bound == "box":
        return Verdict("maximiser_box", numbers)
    return Verdict("maximiser_is_w" if likeness.min() > 0.9999 else "maximiser_other", numbers)


def _unit(x: Array) -> Array:
    norm = np.linalg.norm(x, axis=-1, keepdims=True)
    return np.asarray(x / np.where(norm > 0, norm, 1))


def ranking(result: Result) -> Verdict:
    """Do dot product and cosine put images in the same order?"""
    here, best = (v[:, IMAGES.index(result.config.images)] for v in (result.reversed, result.same_best))
    numbers: Numbers = {"here": float(np.median(here)), "best": float(best.mean())}  # of all networks' units
    return Verdict("ranking_differs" if here.max() > 0 else "ranking_same", numbers)


def coefficients(result: Result) -> Verdict:
    """Is the network one linear function of the pixels, or many?"""
    numbers: Numbers = {"regions": int(np.median(result.regions))}
    return Verdict("coefficients_one" if result.regions.max() == 1 else "coefficients_many", numbers)
