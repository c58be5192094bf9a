"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, alike, paired
from lib.members import members
from lib.question import Verdict
from lib.questions.template.config import IMAGES, JITTER
from lib.questions.template.result import Result, _unit
from lib.types import Numbers

LIKE = 0.95  # cosine from which weights count as the class's mean image
CHANCE = 0.05  # cosine by which weights may differ from random ones and still resemble nothing
FALL = 0.01  # cosine that a likeness may lose and still be as high as it was
BEST = {Outcome.HIGHER: "ranking_mostly", Outcome.LOWER: "ranking_split", Outcome.UNCLEAR: "ranking_pairs"}
MOSTLY = 0.1  # of the pairs of images: fewer in opposite orders is agreement on most


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result),
        "trade": trade(result),
        "maximiser": maximiser(result),
        "stuck": stuck(result),
        "ranking": ranking(result),
        "coefficients": coefficients(result),
        "drawn": drawn(result),
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
    if paired(result.kin[-1], result.kin[peak]) is Outcome.LOWER:
        better = paired(result.accuracy[-1], result.accuracy[peak]) is Outcome.HIGHER
        return Verdict("trade_paid" if better else "trade_less", numbers)
    return Verdict("trade_none" if alike(result.kin[-1], result.kin[peak], FALL) else "trade_unclear", numbers)


def maximiser(result: Result) -> Verdict:
    """Where did gradient ascent end?"""
    w, x = result.weights[-1], result.path[-1]
    worst = float((_unit(w) * _unit(x)).sum(2).min())
    numbers: Numbers = {"units": int(w.shape[0] * w.shape[1]), "steps": int(result.ascent[-1]), "cos": worst}
    numbers["median"] = float(np.median((_unit(w) * _unit(x)).sum(2)))
    numbers["step"] = float((x == (w > 0))[w != 0].mean())
    if result.config.bound == "box":
        return Verdict("maximiser_box", numbers)
    return Verdict("maximiser_is_w" if worst > 0.9999 else "maximiser_other", numbers)


def stuck(result: Result) -> Verdict:
    """Would ascent through a ReLU have started?"""
    share = float(np.median(result.stuck))
    return Verdict("stuck_some" if share > 0 else "stuck_none", {"share": share})


def ranking(result: Result) -> Verdict:
    """Do dot product and cosine put images in the same order?"""
    k = IMAGES.index(result.config.images)
    numbers: Numbers = {name: float(np.median(result.reversed[:, i])) for i, name in enumerate(IMAGES)}
    numbers |= {"here": numbers[IMAGES[k]], "best": float(np.median(result.same_best[:, k])), "jitter": JITTER}
    if result.reversed[:, k].max() == 0:
        return Verdict("ranking_same", numbers)
    if paired(result.reversed[:, k], np.full(len(result.reversed), MOSTLY)) is not Outcome.LOWER:
        return Verdict("ranking_differs", numbers)
    best = paired(result.same_best[:, k], np.full(len(result.same_best), 0.5))
    return Verdict(BEST[best], numbers)


def coefficients(result: Result) -> Verdict:
    """Is the network one linear function of the pixels, or many?"""
    numbers: Numbers = {
        "regions": int(np.median(result.regions)),
        "error": float(result.error.max()),
        "images": result.looks.shape[1],
    }
    return Verdict("coefficients_one" if result.regions.max() == 1 else "coefficients_many", numbers)


def drawn(result: Result) -> Verdict:
    """Which unit does the reader's picture excite most, and which is it most like?"""
    dot, cos, _, active = result.responses()
    numbers: Numbers = {
        "dot_unit": int(dot.argmax()),
        "dot": float(dot.max()),
        "cos_unit": int(cos.argmax()),
        "cos": float(cos.max()),
        "on": int((active > 0).sum()),
        "units": len(dot),
    }
    if not dot.any():
        return Verdict("drawn_blank", numbers)
    return Verdict("drawn_agree" if numbers["dot_unit"] == numbers["cos_unit"] else "drawn_disagree", numbers)
