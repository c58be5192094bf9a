"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.question import Verdict
from lib.questions.null_space.config import STARTS
from lib.questions.null_space.result import Array, Result
from lib.types import Numbers

MOST = 0.9  # of the inputs told apart: nothing to speak of is lost
CLOSE = 0.05  # probes nearer than this count as the same


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result),
        "backward": backward(result),
        "null": null(result),
        "distances": distances(result),
        "angle": angle(result),
        "deep": deep(result),
    }


def _last(values: Array, name: str) -> float:
    """Median at the last place of one start."""
    return float(np.median(values[STARTS.index(name), :, -1]))


def main(result: Result) -> Verdict:
    """How many inputs can be told apart at the end?"""
    numbers: Numbers = {
        "inputs": result.inputs,
        "depth": result.config.depth,
        "width": result.config.width,
        "jitter": result.config.jitter,
        "repeats": result.distinct.shape[1],
        "one_layer": float(np.median(result.distinct[STARTS.index("constant"), :, 1])),
        **{name: _last(result.distinct, name) for name in STARTS},
        **{f"rank_{name}": _last(result.rank, name) for name in STARTS},
    }
    most = MOST * result.inputs
    if float(numbers["gaussian"]) < most:
        return Verdict("random_forgets", numbers)
    if float(numbers["jittered"]) >= most:
        kept = float(numbers["rank_jittered"]) > float(numbers["rank_gaussian"]) / 2
        return Verdict("keeps" if kept else "crowded", numbers)
    return Verdict("forgets", numbers)


def backward(result: Result) -> Verdict:
    """How many of the errors' directions come back to the input?"""
    numbers: Numbers = {
        "errors": float(np.median(result.back[0, :, 0])),
        **{name: _last(result.back, name) for name in STARTS},
    }
    return Verdict("back_one" if float(numbers["constant"]) < 1.01 else "back_more", numbers)


def null(result: Result) -> Verdict:
    """What does the first matrix alone lose?"""
    numbers: Numbers = {name: float(np.median(result.lost[k])) for k, name in enumerate(STARTS)}
    numbers |= {"width": result.config.width, "columns": 8 if result.config.data == "bits" else 64}
    if int(numbers["width"]) < int(numbers["columns"]):
        return Verdict("null_narrow", numbers)
    return Verdict("null_pattern" if numbers["cosines"] == 0 else "null_all", numbers)


def distances(result: Result) -> Verdict:
    """Do Gaussian weights keep distances as well as theory says?"""
    spread = [float(np.std(result.ratios[k])) for k in range(len(STARTS))]
    numbers: Numbers = dict(zip(STARTS, spread, strict=True))
    numbers |= {"theory": (2 / result.config.width) ** 0.5, "width": result.config.width}
    near = abs(spread[0] / float(numbers["theory"]) - 1) < 0.25
    return Verdict("distances_theory" if near else "distances_other", numbers)


def angle(result: Result) -> Verdict:
    """What becomes of the angle between two inputs?"""
    numbers: Numbers = {
        "start": result.config.angle,
        "depth": result.config.depth,
        **{name: _last(result.angles, name) for name in STARTS},
    }
    if result.config.activation == "identity":
        return Verdict("angle_linear", numbers)
    if len(result.angle_theory):
        return Verdict("angle_relu", numbers | {"theory": float(result.angle_theory[-1])})
    return Verdict("angle_tanh", numbers)


def deep(result: Result) -> Verdict:
    """What can a linear reader still tell at the end?"""
    numbers: Numbers = {name: _last(result.probe, name) for name in STARTS}
    numbers |= {"input": float(np.median(result.probe[0, :, 0])), "depth": result.config.depth}
    lost = float(numbers["input"]) - float(numbers["gaussian"])
    return Verdict("deep_kept" if lost < 2 * CLOSE else "deep_faded", numbers)
