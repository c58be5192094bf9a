"""Which sentences the numbers of a run of `lib.experiments.zigzag` choose."""

import numpy as np

from lib.config import Verdict
from lib.results.zigzag import MORE, WILD, Numbers, Result, _compared, _key, _longer, main


def signs(result: Result) -> Verdict:
    """Do all components of a single sample's gradient have one sign?"""
    first = result.shown.updates()[0]
    numbers: Numbers = first | {
        "algebra": float(result.agreeing[0].mean()),
        "measured": float(result.gradients[0].mean()),
        "centred": float(result.gradients[1].mean()),
        "updates": float(result.alike[0, :, 0].mean()),
    }
    return Verdict("signs_all" if result.agreeing[0].min() == 1 else "signs_some", numbers)


def speed(result: Result) -> Verdict:
    """At the same learning rate, does the offset cost steps?"""
    numbers = main(result).numbers
    if _key(result) in ("diverged", "unfinished", "no_offset"):
        return Verdict("speed_nothing", numbers)
    compared = _compared(np.median(result.steps[:, :, 0], 1))
    return Verdict(f"speed_{compared}" if compared != "alike" or _longer(result) else "speed_both_same", numbers)


def direction(result: Result) -> Verdict:
    """Is a target in the north-east or one in the north-west reached by a zig-zag?"""
    east, west = np.median(result.length[0, :, 1:], 0).tolist()
    centred = float(np.median(result.length[1, :, 1]))
    numbers: Numbers = {"east": east, "west": west, "centred": centred, "lr": result.config.lr}
    if (result.steps[0, :, 1:] < 0).any() or max(east, west) > WILD:
        return Verdict("direction_unfinished", numbers)
    if result.config.offset == 0 or max(east, west) < MORE * centred:
        return Verdict("direction_neither", numbers)
    if east >= MORE * west:
        return Verdict("direction_east", numbers)
    return Verdict("direction_west" if west >= MORE * east else "direction_both", numbers)
