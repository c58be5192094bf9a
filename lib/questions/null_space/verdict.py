"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, paired
from lib.question import Verdict
from lib.questions.null_space.config import STARTS
from lib.questions.null_space.result import Array, Result
from lib.types import Numbers

MOST = 0.9  # of the inputs told apart: nothing to speak of is lost


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result),
        "separate": separate(result),
        "backward": backward(result),
        "null": null(result),
        "adversarial": adversarial(result),
        "angle": angle(result),
    }


def _last(values: Array, name: str) -> float:
    """Median at the last place of one start."""
    return float(np.median(values[STARTS.index(name), :, -1]))


def headline(result: Result) -> Numbers:
    """Return what the page's plain file prints, too: the share of the inputs' variation that comes back."""
    return {name: _last(result.recovered, name) for name in ("constant", "jittered", "gaussian", "cosines")}


def main(result: Result) -> Verdict:
    """What comes back: with jitter, half way from what the constant start gives to what the random one does?"""
    random, constant, jittered = (
        result.recovered[STARTS.index(name), :, -1] for name in ("gaussian", "constant", "jittered")
    )
    numbers: Numbers = {name: _last(result.recovered, name) for name in STARTS}
    numbers |= {"repeats": random.size}
    few = _last(result.distinct, "gaussian") < MOST * result.inputs
    if few or paired(random, constant) is not Outcome.HIGHER:
        return Verdict("random_forgets", numbers)
    if not result.config.jitter:
        return Verdict("forgets", numbers)
    outcome = paired(jittered, (random + constant) / 2)
    return Verdict({Outcome.HIGHER: "keeps", Outcome.LOWER: "lost", Outcome.UNCLEAR: "unclear"}[outcome], numbers)


def separate(result: Result) -> Verdict:
    """Do random weights keep apart whatever was apart?"""
    left = result.distinct[0, :, -1]
    whole = int((left == result.distinct[0, :, 0]).sum())
    numbers: Numbers = {name: _last(result.distinct, name) for name in STARTS}
    numbers |= {"whole": whole, "repeats": left.size, "inputs": result.inputs}
    return Verdict("separate_all" if whole == left.size else "separate_some", numbers)


def backward(result: Result) -> Verdict:
    """How many of the errors' directions come back to the input? Through equal rows one: that is a theorem."""
    numbers: Numbers = {name: _last(result.back, name) for name in STARTS}
    numbers["errors"] = float(np.median(result.back[0, :, 0]))
    random, constant = (result.back[STARTS.index(name), :, -1] for name in ("gaussian", "constant"))
    return Verdict("back_one" if paired(random, constant) is Outcome.HIGHER else "back_alike", numbers)


def null(result: Result) -> Verdict:
    """What does the first matrix alone lose? Cosines nothing, unless it has fewer rows than columns."""
    numbers: Numbers = {name: float(np.median(result.lost[k])) for k, name in enumerate(STARTS)}
    columns = result.drawn.shape[1]
    narrow = result.config.width < columns
    return Verdict("null_narrow" if narrow else "null_pattern", numbers | {"columns": columns})


def adversarial(result: Result) -> Verdict:
    """What does a change do that the constant matrix does not see (by theorem) to the other starts' outputs?"""
    return Verdict("adversarial_not", {name: float(np.median(result.moved[k])) for k, name in enumerate(STARTS)})


def angle(result: Result) -> Verdict:
    """What becomes of the angle between two inputs?"""
    numbers: Numbers = {name: _last(result.angles, name) for name in STARTS}
    numbers |= {"start": result.config.angle}
    if result.config.activation != "relu":
        return Verdict("angle_signs", numbers)
    numbers["theory"] = float(result.angle_theory[-1])
    nearer = paired(result.angles[0, :, -1], result.angles[0, :, 0]) is Outcome.LOWER
    return Verdict("angle_relu" if nearer else "angle_unclear", numbers)
