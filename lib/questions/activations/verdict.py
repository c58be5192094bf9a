"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, alike, paired, ratio
from lib.members import members
from lib.question import Verdict
from lib.questions.activations.config import BIASES, QUARTET
from lib.questions.activations.result import Result
from lib.types import Array, Numbers

HARDLY = 1.25  # numbers of steps within this factor are alike: so much another grid of learning rates may change
LOOK = 2  # steps between two looks at the accuracy early on: no smaller difference is seen
CLOSE = 0.02  # test accuracies within this are alike: what drawing other 360 test digits would change (95%)
FLAT = 0.02  # shares of flat units within this are alike: less than one of 32 units
FEW = 0.05  # of the runs: so many that miss the goal touch no median and no middle half


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result),
        "causes": causes(result),
        "hard": hard(result),
        "end": end(result),
        "runs": runs(result),
        "signs": signs(result),
        "push": push(result),
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
    """Whether the two are shown to take as many steps, to a quarter or to less than two looks."""
    a, b = (result.reached[result.at(n)] for n in (name, than))
    return alike(a, b, max((HARDLY - 1) * _steps(result, than), 1.5 * LOOK))


def _factors(result: Result, name: str, twin: str) -> Numbers:
    """How many times the twin's steps an uncentred activation takes, from either start of its biases."""
    numbers: Numbers = {}
    for biases in BIASES:
        started = result.started(name, biases)
        low, high = ratio(np.maximum(_capped(result, started), 1), np.maximum(_capped(result, twin), 1))
        numbers |= {biases: _times(result, started, twin), f"{biases}_low": low, f"{biases}_high": high}
    return numbers


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
        "sigmoid": _steps(result, "sigmoid"),
        "more": int((a > b).sum()),
        "repeats": len(a),
        "goal": result.config.goal,
        "steps": result.config.steps,
        "hidden": result.config.depth,
    }
    numbers |= _factors(result, pair.uncentred, pair.centred)
    if _never(result, pair.uncentred):
        return Verdict("centring_unreached" if _never(result, pair.centred) else "centring_never", numbers)
    if _alike(result, pair.uncentred, pair.centred):
        return Verdict("centring_alike", numbers)
    found = _compared(result, pair.uncentred, pair.centred)
    keys = {Outcome.HIGHER: "centring_helps", Outcome.LOWER: "centring_hurts"}
    return Verdict(keys.get(found, "centring_unclear"), numbers)


def causes(result: Result) -> Verdict:
    """Is it the centre itself, or that from zero biases the mean pushes the next layer off its middle?"""
    pair = result.pair
    zero, compensated = (result.started(pair.uncentred, b) for b in BIASES)
    numbers = _factors(result, pair.uncentred, pair.centred) | {
        "pair": pair.said, "twin": pair.twin, "steps": result.config.steps, "centred": _steps(result, pair.centred),
        "zero_steps": _steps(result, zero), "compensated_steps": _steps(result, compensated),
    }  # fmt: skip
    if any(_never(result, n) for n in (zero, compensated, pair.centred)):
        return Verdict("causes_unreached", numbers)
    start = _compared(result, zero, compensated) is Outcome.HIGHER
    centre = _compared(result, compensated, pair.centred) is Outcome.HIGHER
    keys = {(True, True): "both", (False, True): "centre", (True, False): "start", (False, False): "neither"}
    return Verdict(f"causes_{keys[start, centre]}", numbers)


def hard(result: Result) -> Verdict:
    """Are sigmoid and ReLU, each against its own twin, slower to train?"""
    numbers: Numbers = {
        "offset": _offset(result, "sigmoid"),
        "offset_relu": _offset(result, "relu"),
        "steps": result.config.steps,
    }
    for name in ("sigmoid", "relu"):
        factors = _factors(result, name, f"{name}_twin")
        numbers |= {name: factors[result.config.biases], f"{name}_compensated": factors["compensated"]}
        slower = result.reached[result.at(name)] > result.reached[result.at(f"{name}_twin")]
        numbers |= {f"{name}_more": int(slower.sum()), "repeats": len(slower)}
    if any(_never(result, f"{n}_twin") for n in ("sigmoid", "relu")):
        return Verdict("hard_unreached", numbers)
    found = [n for n in ("sigmoid", "relu") if _compared(result, n, f"{n}_twin") is Outcome.HIGHER]
    return Verdict("hard_both" if len(found) == 2 else f"hard_{[*found, 'neither'][0]}", numbers)


def _offset(result: Result, name: str) -> float:
    """Median mean over standard deviation of what enters the second layer."""
    return float(np.median(result.layers[1, result.at(name), :, 0]))


def end(result: Result) -> Verdict:
    """Does the pair end at different test accuracies?"""
    pair = result.pair
    a, b = (result.test[result.at(n)] for n in (pair.uncentred, pair.centred))
    uncentred, centred = float(np.median(a)), float(np.median(b))
    numbers: Numbers = {
        "pair": pair.said, "twin": pair.twin, "uncentred": uncentred, "centred": centred,
        "points": round(100 * uncentred, 1) - round(100 * centred, 1),  # of the two as they are printed
        "margin": 100 * CLOSE, "steps": result.config.steps, "repeats": len(a),
    }  # fmt: skip
    if alike(a, b, CLOSE):
        return Verdict("end_alike", numbers)
    keys = {Outcome.HIGHER: "end_better", Outcome.LOWER: "end_worse"}
    return Verdict(keys.get(paired(a, b), "end_unclear"), numbers)


def runs(result: Result) -> Verdict:
    """Did the runs reach the goal, and were the learning rates that the answer rests on inside the grid?"""
    at = [result.at(n) for n in result.single]
    steps, diverged = result.reached[at], result.diverged[at]
    edge = np.isin(result.chosen, (0, len(result.lrs) - 1))
    numbers: Numbers = {
        "missed": int(np.isinf(steps).sum()),
        "reached": int(np.isfinite(steps).sum()),
        "diverged": members(diverged).count_diverged,
        "count": steps.size,
        "edge": int(edge[at].sum()),
        "inside": int((~edge[at]).sum()),
        "single": len(at),
        "goal": result.config.goal,
    }
    if np.isinf(steps).mean() > FEW:
        return Verdict("runs_some", numbers)
    compared = {"sigmoid", "sigmoid_twin", "relu", "relu_twin", result.pair.uncentred, result.pair.centred}
    return Verdict("runs_edge" if edge[[result.at(n) for n in compared]].any() else "runs_all", numbers)


def signs(result: Result) -> Verdict:
    """Do all of a unit's weights get gradients of one sign?"""
    pair = result.pair
    one, batch = (np.median(result.layers[q], 1).mean(1) for q in (2, 3))  # (A,), mean over layers
    a, b = result.at(pair.uncentred), result.at(pair.centred)
    numbers: Numbers = {
        "pair": pair.said, "twin": pair.twin, "one": float(one[a]), "one_twin": float(one[b]),
        "batch": float(batch[a]), "batch_twin": float(batch[b]),
    }  # fmt: skip
    return Verdict("signs_forced" if result.layers[2, a].min() == 1 else "signs_free", numbers)


def push(result: Result) -> Verdict:
    """Does the mean, through the weights, saturate the next layer before training begins?"""
    pair = result.pair
    a, b = (result.flat[result.at(n)] for n in (pair.uncentred, pair.centred))
    numbers: Numbers = {
        "pair": pair.said, "twin": pair.twin, "flat": float(np.median(a)), "flat_twin": float(np.median(b)),
    }  # fmt: skip
    if alike(a, b, FLAT):
        return Verdict("push_nothing", numbers)
    return Verdict("push_saturates" if paired(a, b) is Outcome.HIGHER else "push_unclear", numbers)


def saturation(result: Result) -> Verdict:
    """What does each cost, the missing centre and the saturated start?"""
    base, mean, flat, both = QUARTET
    at = [result.at(n) for n in QUARTET]
    a, b = _times(result, mean, base), _times(result, flat, base)
    numbers: Numbers = {
        "scale": result.config.saturation,
        "base": _steps(result, base),
        "uncentred": _steps(result, mean),
        "saturated": _steps(result, flat),
        "both": _steps(result, both),
        "times": a,
        "times_saturated": b,
        "flat": float(np.median(result.flat[at[2]])),
        "test_base": float(np.median(result.test[at[0]])),
        "test_uncentred": float(np.median(result.test[at[1]])),
        "test_saturated": float(np.median(result.test[at[2]])),
        "steps": result.config.steps,
    }
    if result.config.saturation == 1:
        return Verdict("saturation_off", numbers)
    if _never(result, mean) or _never(result, base):
        return Verdict("saturation_open", numbers)
    if _never(result, flat):
        return Verdict("saturation_never", numbers)
    if _alike(result, flat, mean):
        return Verdict("saturation_alike", numbers)
    keys = {Outcome.HIGHER: "saturation_worse", Outcome.LOWER: "saturation_milder"}
    return Verdict(keys.get(_compared(result, flat, mean), "saturation_unclear"), numbers)
