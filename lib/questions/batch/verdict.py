"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.question import Verdict
from lib.questions.batch.config import LRS, SIZES
from lib.questions.batch.result import Result
from lib.types import Numbers

MORE = 1.25  # from this ratio of two medians on, one is more than the other
WILD = 20.0  # straight distances: a path longer than that comes from overshooting
OFTEN = 0.5  # from this share on, a gradient is one-signed more often than not


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {each.__name__: each(result) for each in (main, signs, path, speed)}


def numbers_of(result: Result) -> Numbers:
    """The numbers of all sentences."""
    config, (index, best) = result.config, result.best()
    at, size = result.at, SIZES.index(config.batch)
    as_it_is, removed, centred = np.median(result.shares, 2)
    steps, same = np.median(best, 2), np.median(result.steps[..., result.rate], 2)
    length, alike = (np.median(v[..., result.rate], 2) for v in (result.length, result.alike))
    return {
        "batch": config.batch, "offset": config.offset, "inputs": config.inputs, "lr": config.lr,
        "repeats": result.steps.shape[2], "budget": result.budget, "rates": len(LRS),
        "one": float(as_it_is[0]), "as_it_is": float(as_it_is[size]), "removed": float(removed[size]),
        "centred": float(centred[size]),
        "steps_one": float(steps[0, 0]), "steps": float(steps[0, at]), "steps_centred": float(steps[1, at]),
        "steps_centred_one": float(steps[1, 0]), "lr_best": LRS[index[0, at]], "lr_centred": LRS[index[1, at]],
        "times_one": float(steps[0, 0] / steps[1, 0]), "times": float(steps[0, at] / steps[1, at]),
        "same_one": float(same[0, 0]), "same": float(same[0, at]), "same_centred": float(same[1, at]),
        "length_one": float(length[0, 0]), "length": float(length[0, at]), "length_centred": float(length[1, at]),
        "alike_one": float(alike[0, 0]), "alike": float(alike[0, at]),
        "diverged": int(result.diverged[0, [0, at], :, result.rate].sum(1).max()),
    }  # fmt: skip


def main(result: Result) -> Verdict:
    """Does the batch free the signs, and does it bring the speed of centred inputs?"""
    numbers = numbers_of(result)
    _, steps = result.best()
    one, many = np.median(steps, 2)[:, 0], np.median(steps, 2)[:, result.at]
    free = float(numbers["removed"]) < OFTEN
    if result.config.offset == 0 or result.config.batch == 1:
        key = "no_offset" if result.config.offset == 0 else "single"
    elif many[0] >= result.budget:
        key = "unreached"
    elif many[0] >= MORE * many[1]:
        key = "half" if free else "neither"
    else:
        key = "cured" if one[0] >= MORE * one[1] else "nothing_to_cure"
    return Verdict(key, numbers)


def signs(result: Result) -> Verdict:
    """Do the gradients of the chosen batch still have one sign, with the mean error and without?"""
    numbers = numbers_of(result)
    as_it_is, removed = float(numbers["as_it_is"]), float(numbers["removed"])
    if result.config.batch == 1:
        return Verdict("signs_single", numbers)
    if removed >= OFTEN:
        return Verdict("signs_stay", numbers)
    return Verdict("signs_mean" if as_it_is >= OFTEN else "signs_free", numbers)


def path(result: Result) -> Verdict:
    """At the same learning rate, does the batch straighten the path?"""
    numbers = numbers_of(result)
    one, many, centred = (float(numbers[k]) for k in ("length_one", "length", "length_centred"))
    if result.config.batch == 1:
        return Verdict("path_single", numbers)
    if one > WILD:
        return Verdict("path_wild", numbers)
    if max(float(numbers[k]) for k in ("same_one", "same", "same_centred")) >= result.budget:
        return Verdict("path_unfinished", numbers)
    if many < MORE * centred:
        return Verdict("path_straight", numbers)
    return Verdict("path_shorter" if one >= MORE * many else "path_same", numbers)


def speed(result: Result) -> Verdict:
    """Each at its best learning rate: does the batch make the offset's handicap smaller?"""
    numbers = numbers_of(result)
    one, many = float(numbers["times_one"]), float(numbers["times"])
    if result.config.batch == 1 or result.config.offset == 0:
        return Verdict("speed_nothing", numbers)
    if max(float(numbers["steps"]), float(numbers["steps_one"])) >= result.budget:
        return Verdict("speed_unreached", numbers)
    if many >= MORE * one:
        return Verdict("speed_worse", numbers)
    return Verdict("speed_better" if one >= MORE * many else "speed_alike", numbers)
