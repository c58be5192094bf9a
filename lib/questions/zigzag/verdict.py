"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, paired
from lib.members import members
from lib.question import Verdict
from lib.questions.zigzag.config import LRS
from lib.questions.zigzag.result import Array, Numbers, Result

MORE = 1.25  # times as many steps is more; what is shown to be less than that is alike
LONGER = 2**0.5  # times as long is what one-signed steps towards the north-west need at least: longer; less is alike
WILD = 12.0  # straight distances: a path longer than that comes from overshooting
EXTRA = 1.5  # times centred inputs' steps at the same rate: what is shown to be less is the rate's doing
LEVEL = 1e-9  # what rounding leaves of a target on one of the axes


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {each.__name__: each(result) for each in (main, signs, speed, best, direction)}


def main(result: Result) -> Verdict:
    """Is the path to the chosen target longer than on centred inputs?"""
    numbers: Numbers = {
        "direction": result.config.direction,
        "repeats": result.steps.shape[1],
    }
    for name, values in {"steps": _steps(result), "length": result.length[:, :, 0]}.items():
        numbers |= {name: float(np.median(values[0])), f"{name}_centred": float(np.median(values[1]))}
    return Verdict(_key(result), numbers)


def _steps(result: Result) -> Array:
    """Steps to the chosen target (2, R), infinite where it was not reached."""
    return np.where(result.steps[:, :, 0] < 0, np.inf, result.steps[:, :, 0])


def headline(result: Result) -> Numbers:
    """The numbers of the answer, which the plain file prints too; 0 steps where half of the descents never arrive."""
    found: Numbers = {}
    for c, name in enumerate(("", "_centred")):
        length, middle = result.length[c, :, 0], float(np.median(_steps(result)[c]))
        found |= {f"length{name}": float(np.median(length)), f"steps{name}": middle if np.isfinite(middle) else 0.0}
    return found


def _key(result: Result) -> str:
    half = result.steps.shape[1] / 2
    if members(result.diverged[0, :, 0]).more_lost_than(1 / 2):
        return "diverged"
    if ((result.steps[:, :, 0] < 0).sum(1) >= half).any():
        return "unfinished"
    if result.config.offset == 0:
        return "no_offset"
    if np.median(result.length[0, :, 0]) > WILD:
        return "wild"
    if (longer := _longer(result)) != "slower":
        return "unclear" if longer == "unclear" else "straight"
    if result.agreeing[0].min() < 1:
        return "mixed"
    if result.growing[0].max() > 0:  # then the walk to the north-east, which needs no turns, is long as well
        return "overshoots"
    # towards the north-east both weights do go the same way; it is the bias that must go the other
    return "zigzag_bias" if result.config.bias == "with" and result.shown.target.prod() > LEVEL else "zigzag"


def _longer(result: Result) -> str:
    return _compared(result.length[0, :, 0], result.length[1, :, 0], LONGER)


def _compared(first: Array, second: Array, times: float = MORE) -> str:
    """Whether the first (R,) is shown to be so many times the second, by pairs, or the other way round, or neither.

    Slower, faster, alike (neither is so many times the other) or unclear.
    """
    more, less = paired(first, times * second), paired(second, times * first)
    if Outcome.HIGHER in (more, less):
        return "slower" if more is Outcome.HIGHER else "faster"
    return "alike" if more is less is Outcome.LOWER else "unclear"


def best(result: Result) -> Verdict:
    """With each at its own best learning rate, does the offset cost steps; and is it by the smaller rate?"""
    cost = result.over_rates()
    rates = np.median(cost, 1).argmin(0)
    # the offset at its best rate, centred at that of the offset, and centred at its own: each (R,)
    three = [cost[rates[0], :, 0], cost[rates[0], :, 1], cost[rates[1], :, 1]]
    medians = [float(np.median(steps)) for steps in three]
    numbers: Numbers = dict(zip(("steps", "steps_same", "steps_centred"), medians, strict=True))
    numbers |= {"lr": LRS[rates[0]], "lr_centred": LRS[rates[1]], "budget": result.budget}
    if medians[0] >= result.budget:
        return Verdict("best_unreached", numbers)
    own, same, other = (np.where(steps < result.budget, steps, np.inf) for steps in three)
    if _compared(own, other) != "slower":
        return Verdict("best_open", numbers)
    by_rate = _compared(same, other) == "slower" and paired(own, EXTRA * same) is Outcome.LOWER
    return Verdict("best_slower" if by_rate else "best_more", numbers)


def signs(result: Result) -> Verdict:
    """Do all components of a single sample's gradient have one sign?"""
    numbers = result.shown.first()[0] | {"measured": float(result.gradients[0].mean())}
    return Verdict("signs_all" if result.agreeing[0].min() == 1 else "signs_some", numbers)


def speed(result: Result) -> Verdict:
    """At the same learning rate, does the offset cost steps?"""
    numbers = main(result).numbers
    if _key(result) in ("diverged", "unfinished", "no_offset"):
        return Verdict("speed_open", numbers)
    compared = _compared(*_steps(result))
    no_detour = compared == "alike" and _longer(result) != "slower"
    return Verdict("speed_open" if no_detour or compared == "unclear" else f"speed_{compared}", numbers)


def direction(result: Result) -> Verdict:
    """Is a target in the north-east or one in the north-west reached by a zig-zag?"""
    east, west = np.median(result.length[0, :, 1:], 0).tolist()
    numbers: Numbers = {"east": east, "west": west}
    if (result.steps[0, :, 1:] < 0).any() or max(east, west) > WILD:
        return Verdict("direction_open", numbers)
    (_, easts, wests), middle = result.length[0].T, result.length[1, :, 1]
    between, more = _compared(wests, easts, LONGER), [_compared(path, middle, LONGER) for path in (easts, wests)]
    if result.config.offset == 0 or not {"slower", "unclear"} & set(more):
        return Verdict("direction_open", numbers)
    if between == "slower" and more[0] != "slower":  # else the easy way is long, too: overshooting, or a bias
        return Verdict("direction_west", numbers)
    if between == "faster":
        return Verdict("direction_east", numbers)
    both = between == "alike" and more == ["slower", "slower"]
    return Verdict("direction_both" if both else "direction_open", numbers)
