"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, alike, paired
from lib.question import Verdict
from lib.questions.deconvnet.config import CONDITIONS
from lib.questions.deconvnet.result import Array, Result
from lib.types import Numbers

SHAPES = ((8, 8), (12, 4), (12, 2))  # units of each layer, and the side of their maps
CHANCE = 0.2  # share of the five new digits that a guess has right
CLOSE = 0.01  # accuracies this near count as equal: two or three of the new test digits
SAME = 0.999  # cosine from which two pictures count as the same


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {"main": main(result), "looks": looks(result), "learned": learned(result), "method": method(result),
            "single": single(result), "prefer": prefer(result), "transfer": transfer(result),
            "usable": usable(result)}  # fmt: skip


def _median(values: Array, condition: int) -> float:
    return float(np.median(values[condition]))


def main(result: Result) -> Verdict:
    """Does the projection point at the pixels that drive the unit?"""
    k = result.chosen
    wins = int((result.lost[k] > result.lost_random[k]).sum())
    numbers: Numbers = {
        "weights": result.config.weights, "layer": result.config.layer, "pixels": result.config.pixels,
        "lost": _median(result.lost, k), "random": _median(result.lost_random, k), "wins": wins,
        "repeats": result.lost.shape[1], "accuracy": _median(result.accuracy, k),
    }  # fmt: skip
    found = {Outcome.HIGHER: "points", Outcome.LOWER: "points_not", Outcome.UNCLEAR: "points_unclear"}
    return Verdict(found[paired(result.lost[k], result.lost_random[k])], numbers)


def looks(result: Result) -> Verdict:
    """Do untrained networks give pictures that look like images as well?"""
    numbers: Numbers = {f"{name}": _median(result.likeness, k) for k, name in enumerate(CONDITIONS)}
    numbers |= {f"accuracy_{name}": _median(result.accuracy, k) for k, name in enumerate(CONDITIONS)}
    numbers |= {f"other_{name}": _median(result.unlike, k) for k, name in enumerate(CONDITIONS)}
    numbers |= {"wins": int((result.likeness[0] > result.likeness[1]).sum()), "repeats": result.likeness.shape[1]}
    trained, untrained = (paired(result.likeness[k], result.unlike[k]) is Outcome.HIGHER for k in (0, 1))
    return Verdict("looks_alike" if untrained else "looks_apart" if trained else "looks_unclear", numbers)


def learned(result: Result) -> Verdict:
    """What does training change about the nine pictures?"""
    numbers: Numbers = {f"agree_{name}": _median(result.agreement, k) for k, name in enumerate(CONDITIONS)}
    numbers |= {f"classes_{name}": _median(result.classes, k) for k, name in enumerate(CONDITIONS)}
    numbers |= {
        "wins": int((result.classes[0] < result.classes[1]).sum()), "repeats": result.classes.shape[1],
        "agree_wins": int((result.agreement[0] > result.agreement[1]).sum()),
    }  # fmt: skip
    found = {Outcome.LOWER: "learned_shows", Outcome.HIGHER: "learned_more", Outcome.UNCLEAR: "learned_hidden"}
    return Verdict(found[paired(result.classes[0], result.classes[1])], numbers)


def method(result: Result) -> Verdict:
    """How near is the picture to the gradient?"""
    cosine = _median(result.gradient, result.chosen)
    numbers: Numbers = {"cosine": cosine, "layer": result.config.layer, "method": result.config.method}
    return Verdict("method_same" if cosine >= SAME else "method_differs", numbers)


def single(result: Result) -> Verdict:
    """How many activations is one picture made of?"""
    units, side = SHAPES[result.config.layer - 1]
    numbers: Numbers = {"places": units * side**2, "units": units, "side": side, "layer": result.config.layer,
                        "largest": float(result.activations.max())}  # fmt: skip
    return Verdict("single" if numbers["largest"] > 0 else "silent", numbers)  # type: ignore[operator]


def prefer(result: Result) -> Verdict:
    """Does a unit get what its weights ask for where it is most active?"""
    k = result.chosen
    own, other = result.prefer[k], result.prefer_other[k]
    numbers: Numbers = {
        "own": float(np.median(own)), "other": float(np.median(other)), "wins": int((own > other).sum()),
        "repeats": len(own), "layer": result.config.layer, "weights": result.config.weights,
    }  # fmt: skip
    return Verdict("prefers" if paired(own, other) is Outcome.HIGHER else "prefers_unclear", numbers)


def _readers(result: Result) -> Numbers:
    trained, untrained = np.median(result.probe, axis=1)
    numbers: Numbers = {"pixels": float(trained[0])}
    numbers |= {f"layer_{k}": float(trained[k]) for k in (1, 2, 3)}
    return numbers | {f"untrained_{k}": float(untrained[k]) for k in (1, 2, 3)}


def transfer(result: Result) -> Verdict:
    """From which layer does a linear reader learn new digits best?"""
    *lower, upper = result.probe[0].T
    outcomes = {paired(upper, reader) for reader in lower}
    numbers = _readers(result)
    if Outcome.LOWER in outcomes:
        return Verdict("transfer_lower", numbers)
    if outcomes == {Outcome.HIGHER}:
        return Verdict("transfer_upper", numbers)
    same = all(alike(upper, reader, CLOSE) for reader in lower)
    return Verdict("transfer_alike" if same else "transfer_unclear", numbers)


def usable(result: Result) -> Verdict:
    """Does the upper layer serve for new digits at all?"""
    upper, untrained = result.probe[:, :, 3]
    numbers = _readers(result) | {
        "wins": int((upper > untrained).sum()), "repeats": len(upper), "chance": CHANCE,
    }  # fmt: skip
    above = paired(upper, np.full_like(upper, CHANCE)) is Outcome.HIGHER
    return Verdict("usable" if above else "usable_not", numbers)
