"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.question import Verdict
from lib.questions.deconvnet.config import CONDITIONS
from lib.questions.deconvnet.result import Array, Result
from lib.types import Numbers

SHAPES = ((8, 8), (12, 4), (12, 2))  # units of each layer, and the side of their maps
ALIKE = 0.6  # of the trained networks' likeness: from here on the untrained ones' pictures count as image-like too
CLOSE = 0.01  # accuracies this near count as equal
SAME = 0.999  # cosine from which two pictures count as the same
MOST = 0.9  # share of the repeats that must agree


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {"main": main(result), "looks": looks(result), "learned": learned(result), "method": method(result),
            "single": single(result), "transfer": transfer(result)}  # fmt: skip


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
    return Verdict("points" if wins >= MOST * result.lost.shape[1] else "points_not", numbers)


def looks(result: Result) -> Verdict:
    """Do untrained networks give pictures that look like images as well?"""
    numbers: Numbers = {f"{name}": _median(result.likeness, k) for k, name in enumerate(CONDITIONS)}
    numbers |= {f"accuracy_{name}": _median(result.accuracy, k) for k, name in enumerate(CONDITIONS)}
    alike = _median(result.likeness, 1) >= ALIKE * _median(result.likeness, 0)
    return Verdict("looks_alike" if alike else "looks_apart", numbers)


def learned(result: Result) -> Verdict:
    """What does training change about the nine pictures?"""
    numbers: Numbers = {f"agree_{name}": _median(result.agreement, k) for k, name in enumerate(CONDITIONS)}
    numbers |= {f"classes_{name}": _median(result.classes, k) for k, name in enumerate(CONDITIONS)}
    better = (result.agreement[0] > result.agreement[1]) & (result.classes[0] < result.classes[1])
    numbers |= {"wins": int(better.sum()), "repeats": len(better)}
    return Verdict("learned_shows" if 2 * better.sum() > len(better) else "learned_hidden", numbers)


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


def transfer(result: Result) -> Verdict:
    """From which layer does a linear reader learn new digits best?"""
    trained, untrained = np.median(result.probe, axis=1)
    numbers: Numbers = {"pixels": float(trained[0])}
    numbers |= {f"layer_{k}": float(trained[k]) for k in (1, 2, 3)}
    numbers |= {f"untrained_{k}": float(untrained[k]) for k in (1, 2, 3)}
    best = max(trained[0], trained[1])
    if abs(trained[3] - best) < CLOSE:
        return Verdict("transfer_alike", numbers)
    return Verdict("transfer_upper" if trained[3] > best else "transfer_lower", numbers)
