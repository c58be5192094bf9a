"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, alike, paired
from lib.question import Verdict
from lib.questions.null_space.config import STARTS
from lib.questions.null_space.result import Array, Result
from lib.types import Numbers

MOST = 0.9  # of the inputs told apart: nothing to speak of is lost
LITTLE = 0.1  # of new inputs: with 150 of them a share is known to about this (95 %), so that less is no loss
NEAR = 0.25  # of theory's spread: ten matrices, each with pairs of its own, tell it no better
TOGETHER = 1.0  # degrees: behind a constant matrix an angle is 0 or 180, but for rounding
NOTHING = 1e-9  # of the outputs: rounding, layer after layer


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result),
        "rebuilt": rebuilt(result),
        "separate": separate(result),
        "backward": backward(result),
        "null": null(result),
        "adversarial": adversarial(result),
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
    if float(numbers["jittered"]) < most:
        return Verdict("forgets", numbers)
    random, jittered = (result.rank[STARTS.index(name), :, -1] for name in ("gaussian", "jittered"))
    half = paired(2 * jittered, random)  # in at least half as many directions
    return Verdict({Outcome.HIGHER: "keeps", Outcome.LOWER: "crowded", Outcome.UNCLEAR: "between"}[half], numbers)


def rebuilt(result: Result) -> Verdict:
    """Do the inputs come back: at least half way from what the constant start gives to what the random one does?"""
    shares = result.recovered[:, :, -1]
    numbers: Numbers = {name: _last(result.recovered, name) for name in STARTS}
    numbers |= {"depth": result.config.depth, "jitter": result.config.jitter, "repeats": shares.shape[1]}
    if not result.config.jitter:
        return Verdict("rebuilt_one", numbers)
    random, constant, jittered = (shares[STARTS.index(name)] for name in ("gaussian", "constant", "jittered"))
    outcome = paired(jittered, (random + constant) / 2)
    keys = {Outcome.HIGHER: "rebuilt_back", Outcome.LOWER: "rebuilt_lost", Outcome.UNCLEAR: "rebuilt_unclear"}
    return Verdict(keys[outcome], numbers)


def separate(result: Result) -> Verdict:
    """Do random weights keep apart whatever was apart?"""
    left = result.distinct[0, :, -1]
    whole = int((left == result.distinct[0, :, 0]).sum())
    numbers: Numbers = {
        "whole": whole,
        "repeats": left.size,
        "worst": int(left.min()),
        "inputs": result.inputs,
        "depth": result.config.depth,
        "width": result.config.width,
        "angle": _last(result.angles, "gaussian"),
        "start": result.config.angle,
    }
    return Verdict("separate_all" if whole == left.size else "separate_some", numbers)


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


def adversarial(result: Result) -> Verdict:
    """What does a change in the constant matrix's null space, as long as the input itself, do to the outputs?"""
    numbers: Numbers = {name: float(np.median(result.moved[k])) for k, name in enumerate(STARTS)}
    numbers |= {"largest": float(result.moved[STARTS.index("constant")].max()), "depth": result.config.depth}
    return Verdict("adversarial_not" if float(numbers["largest"]) < NOTHING else "adversarial_rounding", numbers)


def distances(result: Result) -> Verdict:
    """Do Gaussian weights keep distances as well as theory says?"""
    spread = [float(np.std(result.ratios[k])) for k in range(len(STARTS))]
    numbers: Numbers = dict(zip(STARTS, spread, strict=True))
    numbers |= {"theory": (2 / result.config.width) ** 0.5, "width": result.config.width}
    near = abs(spread[0] / float(numbers["theory"]) - 1) < NEAR
    return Verdict("distances_theory" if near else "distances_other", numbers)


def angle(result: Result) -> Verdict:
    """What becomes of the angle between two inputs?"""
    numbers: Numbers = {
        "start": result.config.angle,
        "depth": result.config.depth,
        "together": int((result.angles[STARTS.index("constant"), :, -1] < TOGETHER).sum()),
        "repeats": result.angles.shape[1],
        **{name: _last(result.angles, name) for name in STARTS},
    }
    if result.config.activation == "identity":
        return Verdict("angle_linear", numbers)
    if not len(result.angle_theory):
        return Verdict("angle_tanh", numbers)
    numbers["theory"] = float(result.angle_theory[-1])
    nearer = paired(result.angles[0, :, -1], result.angles[0, :, 0]) is Outcome.LOWER
    return Verdict("angle_relu" if nearer else "angle_relu_unclear", numbers)


def deep(result: Result) -> Verdict:
    """What can a linear reader still tell at the end?"""
    numbers: Numbers = {name: _last(result.probe, name) for name in STARTS}
    numbers |= {"input": float(np.median(result.probe[0, :, 0])), "depth": result.config.depth}
    begin, end = result.probe[0, :, 0], result.probe[0, :, -1]
    if alike(end, begin, LITTLE):
        return Verdict("deep_kept", numbers)
    return Verdict("deep_faded" if paired(end, begin) is Outcome.LOWER else "deep_unclear", numbers)
