"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, alike, paired
from lib.question import Verdict
from lib.questions.activations.config import BIASES
from lib.questions.activations.result import Result
from lib.types import Array, Numbers

HARDLY = 1.25  # numbers of steps within this factor are alike: so much another grid of learning rates may change
LOOK = 2  # steps between two looks at the accuracy early on: no smaller difference is seen


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result),
        "causes": causes(result),
        "hard": hard(result),
        "signs": signs(result),
        "saturation": saturation(result),
    }


def _capped(result: Result, name: str) -> Array:
    """Steps to the goal (R,); a run that never gets there counts with all the steps it had."""
    return np.minimum(result.reached[result.at(name)], result.config.steps)


def _steps(result: Result, name: str) -> float:
    """Median steps to the goal."""
    return float(np.median(_capped(result, name)))


def _never(result: Result, name: str) -> bool:
    """Whether half of the runs or more do not reach the goal."""
    return bool(np.isinf(result.reached[result.at(name)]).mean() >= 0.5)


def _times(result: Result, name: str, than: str) -> float:
    """Ratio of the median steps of two activations."""
    return _steps(result, name) / max(_steps(result, than), 1.0)


def _compared(result: Result, name: str, than: str) -> Outcome:
    """Whether the one is shown to take more steps than the other, or fewer."""
    return paired(result.reached[result.at(name)], result.reached[result.at(than)])


def _alike(result: Result, name: str, than: str) -> bool:
    """Whether the two are shown to take as many steps, to a quarter or to less than two looks.

    Few steps may differ by more than a quarter and by less than two looks: then not, if they are shown to differ.
    """
    a, b = (result.reached[result.at(n)] for n in (name, than))
    few, times = (HARDLY - 1) * _steps(result, than), _times(result, name, than)
    apart = not 1 / HARDLY <= times <= HARDLY and _compared(result, name, than) is not Outcome.UNCLEAR
    return not apart and alike(a, b, max(few, 1.5 * LOOK))


def _causes(result: Result) -> Numbers:
    """How many times its twin's steps the chosen activation takes, from either start of its biases."""
    pair = result.pair
    return {biases: _times(result, result.started(pair.uncentred, biases), pair.centred) for biases in BIASES}


def main(result: Result) -> Verdict:
    """How many steps does the chosen activation take, and how many its centred twin?"""
    pair = result.pair
    a, b = (result.reached[result.at(n)] for n in (pair.uncentred, pair.centred))
    numbers: Numbers = {
        "pair": pair.said,
        "twin": pair.twin,
        "uncentred": _steps(result, pair.uncentred),
        "centred": _steps(result, pair.centred),
        "times": _times(result, pair.uncentred, pair.centred),
        "tanh": _steps(result, "tanh"),
        "more": int((a > b).sum()),
        "repeats": len(a),
        "goal": result.config.goal,
        "steps": result.config.steps,
        "rates": len(result.lrs),
    }
    if _never(result, pair.uncentred):
        return Verdict("centring_unreached" if _never(result, pair.centred) else "centring_never", numbers)
    if _alike(result, pair.uncentred, pair.centred):
        return Verdict("centring_alike", numbers)
    found = _compared(result, pair.uncentred, pair.centred)
    keys = {Outcome.HIGHER: "centring_helps", Outcome.LOWER: "centring_hurts"}
    return Verdict(keys.get(found, "centring_unclear"), numbers)


def headline(result: Result) -> Numbers:
    """The numbers of the answer, which the plain file prints too."""
    numbers = main(result).numbers
    return {name: numbers[name] for name in ("uncentred", "centred", "times")}


def causes(result: Result) -> Verdict:
    """Is it the centre itself, or that from zero biases the mean pushes the next layer off its middle?"""
    pair = result.pair
    zero, compensated = (result.started(pair.uncentred, b) for b in BIASES)
    numbers = _causes(result)
    if any(_never(result, n) for n in (zero, compensated, pair.centred)):
        return Verdict("causes_open", numbers)
    start = _compared(result, zero, compensated) is Outcome.HIGHER
    centre = _compared(result, compensated, pair.centred) is Outcome.HIGHER
    keys = {(True, True): "both", (False, True): "centre", (True, False): "start", (False, False): "open"}
    return Verdict(f"causes_{keys[start, centre]}", numbers)


def hard(result: Result) -> Verdict:
    """Are sigmoid and ReLU, each against its own twin, slower to train?"""
    numbers: Numbers = {name: _times(result, name, f"{name}_twin") for name in ("sigmoid", "relu")}
    numbers["steps"] = result.config.steps
    if any(_never(result, f"{n}_twin") for n in ("sigmoid", "relu")):
        return Verdict("hard_unreached", numbers)
    found = [n for n in ("sigmoid", "relu") if _compared(result, n, f"{n}_twin") is Outcome.HIGHER]
    return Verdict("hard_both" if len(found) == 2 else f"hard_{[*found, 'neither'][0]}", numbers)


def signs(result: Result) -> Verdict:
    """Do all of a unit's weights get gradients of one sign?"""
    pair = result.pair
    one, batch = (np.median(result.majority[q], 1).mean(1) for q in (0, 1))  # (A,), mean over layers
    a, b = result.at(pair.uncentred), result.at(pair.centred)
    numbers: Numbers = {
        "pair": pair.said, "twin": pair.twin, "one": float(one[a]), "one_twin": float(one[b]),
        "batch": float(batch[a]), "batch_twin": float(batch[b]),
    }  # fmt: skip
    return Verdict("signs_forced" if result.majority[0, a].min() == 1 else "signs_free", numbers)


def saturation(result: Result) -> Verdict:
    """What does each cost, the missing centre and the saturated start?"""
    base, mean, flat = "sigmoid_twin", "sigmoid", "saturated_twin"
    numbers: Numbers = {
        "base": _steps(result, base),
        "uncentred": _steps(result, mean),
        "saturated": _steps(result, flat),
        "steps": result.config.steps,
    }
    if result.config.saturation == 1:
        return Verdict("saturation_off", numbers)
    if _never(result, mean) or _never(result, base):
        return Verdict("saturation_open", numbers)
    if _never(result, flat):
        return Verdict("saturation_worse", numbers)
    if _alike(result, flat, mean):
        return Verdict("saturation_alike", numbers)
    keys = {Outcome.HIGHER: "saturation_worse", Outcome.LOWER: "saturation_milder"}
    return Verdict(keys.get(_compared(result, flat, mean), "saturation_unclear"), numbers)
