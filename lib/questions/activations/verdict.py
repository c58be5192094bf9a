"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.members import members
from lib.question import Verdict
from lib.questions.activations.config import QUARTET
from lib.questions.activations.result import Result
from lib.types import Numbers

SLOWER = 1.2  # a smaller ratio of steps counts as alike
LOOK = 2  # steps between two looks at the accuracy early on: no smaller difference is seen
HARD = 2.0  # from this ratio on an activation is called hard
POINT = 0.015  # test accuracies closer than this are alike


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result),
        "hard": hard(result),
        "end": end(result),
        "runs": runs(result),
        "signs": signs(result),
        "push": push(result),
        "saturation": saturation(result),
    }


def _steps(result: Result, name: str) -> float:
    """Median steps to the goal; a run that never gets there counts with all the steps it had."""
    return float(np.median(np.minimum(result.reached[result.at(name)], result.config.steps)))


def _never(result: Result, name: str) -> bool:
    """Whether half of the runs or more do not reach the goal."""
    return bool(np.isinf(result.reached[result.at(name)]).mean() >= 0.5)


def _times(result: Result, name: str, than: str) -> float:
    """Ratio of the median steps of two activations."""
    return _steps(result, name) / max(_steps(result, than), 1.0)


def main(result: Result) -> Verdict:
    """How many steps does the chosen activation take, and how many its centred twin?"""
    pair = result.pair
    a, b = (result.reached[result.at(n)] for n in (pair.uncentred, pair.centred))
    times = _times(result, pair.uncentred, pair.centred)
    numbers: Numbers = {
        "pair": pair.said,
        "twin": pair.twin,
        "uncentred": _steps(result, pair.uncentred),
        "centred": _steps(result, pair.centred),
        "times": times,
        "tanh": _steps(result, "tanh"),
        "sigmoid": _steps(result, "sigmoid"),
        "more": int((a > b).sum()),
        "repeats": len(a),
        "goal": result.config.goal,
        "steps": result.config.steps,
        "hidden": result.config.depth,
    }
    if _never(result, pair.uncentred):
        return Verdict("centring_unreached" if _never(result, pair.centred) else "centring_never", numbers)
    gap = _steps(result, pair.uncentred) - _steps(result, pair.centred)
    if 1 / SLOWER < times < SLOWER or abs(gap) <= LOOK:
        return Verdict("centring_alike", numbers)
    return Verdict("centring_helps" if gap > 0 else "centring_hurts", numbers)


def hard(result: Result) -> Verdict:
    """Are sigmoid and ReLU, each against its own twin, hard to optimise?"""
    numbers: Numbers = {
        "sigmoid": _times(result, "sigmoid", "sigmoid_twin"),
        "relu": _times(result, "relu", "relu_twin"),
        "factor": HARD,
        "offset": _offset(result, "sigmoid"),
        "offset_relu": _offset(result, "relu"),
        "steps": result.config.steps,
    }
    if any(_never(result, f"{n}_twin") for n in ("sigmoid", "relu")):
        return Verdict("hard_unreached", numbers)
    found = [n for n in ("sigmoid", "relu") if _times(result, n, f"{n}_twin") >= HARD]
    return Verdict("hard_both" if len(found) == 2 else f"hard_{[*found, 'neither'][0]}", numbers)


def _offset(result: Result, name: str) -> float:
    """Median mean over standard deviation of what enters the second layer."""
    return float(np.median(result.layers[1, result.at(name), :, 0]))


def end(result: Result) -> Verdict:
    """Does the pair end at different test accuracies?"""
    pair = result.pair
    a, b = (result.test[result.at(n)] for n in (pair.uncentred, pair.centred))
    gap = float(np.median(a - b))
    numbers: Numbers = {
        "pair": pair.said, "twin": pair.twin, "uncentred": float(np.median(a)), "centred": float(np.median(b)),
        "points": 100 * gap, "steps": result.config.steps,
    }  # fmt: skip
    return Verdict("end_alike" if abs(gap) < POINT else "end_worse" if gap < 0 else "end_better", numbers)


def runs(result: Result) -> Verdict:
    """Did all runs reach the goal, and was the best learning rate inside the grid?"""
    single = len(result.single)
    steps = result.reached[:single]
    edge = np.isin(result.chosen[:single], (0, len(result.lrs) - 1))
    numbers: Numbers = {
        "missed": int(np.isinf(steps).sum()),
        "diverged": members(result.diverged[:single]).count_diverged,
        "count": steps.size,
        "edge": int(edge.sum()),
        "single": single,
        "goal": result.config.goal,
    }
    return Verdict("runs_some" if numbers["missed"] else "runs_edge" if edge.any() else "runs_all", numbers)


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
    return Verdict("push_saturates" if np.median(a - b) > 0.02 else "push_nothing", numbers)


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
    if max(a, b) <= SLOWER * min(a, b):
        return Verdict("saturation_alike", numbers)
    return Verdict("saturation_worse" if b > a else "saturation_milder", numbers)
