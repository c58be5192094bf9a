"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, alike, paired
from lib.question import Verdict
from lib.questions.batch.config import BATCHES, LRS, NEURONS, SIZES
from lib.questions.batch.result import Result
from lib.types import Array, Numbers

HARDLY = 1.25  # steps within this factor are alike: less than from one learning rate of the grid to the next
OFTEN = 0.5  # from this share on, a gradient is one-signed more often than not


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {each.__name__: each(result) for each in (main, signs, speed)}


def numbers_of(result: Result) -> Numbers:
    """The numbers of all sentences."""
    config, best = result.config, result.best()
    at, size = result.at, SIZES.index(config.batch)
    as_it_is, removed, centred = result.pooled()
    steps, same = np.median(best, 2), np.median(result.steps[..., result.rate], 2)
    return {
        "batch": config.batch, "offset": config.offset, "inputs": config.inputs, "lr": config.lr,
        "repeats": result.steps.shape[2], "budget": result.budget, "rates": len(LRS),
        "one": float(as_it_is[0]), "as_it_is": float(as_it_is[size]), "removed": float(removed[size]),
        "centred": float(centred[size]),
        "steps_one": float(steps[0, 0]), "steps": float(steps[0, at]), "steps_centred": float(steps[1, at]),
        "steps_centred_one": float(steps[1, 0]),
        "times_one": float(steps[0, 0] / steps[1, 0]), "times": float(steps[0, at] / steps[1, at]),
        "same": float(same[0, at]), "same_centred": float(same[1, at]),
        "neurons": NEURONS,
    }  # fmt: skip


def headline(result: Result) -> Numbers:
    """The numbers of the answer, which the plain file prints too; shares in percent."""
    numbers = numbers_of(result)
    percent: Numbers = {name: 100 * float(numbers[name]) for name in ("one", "removed")}
    return percent | {name: numbers[name] for name in ("batch", "steps", "steps_centred")}


def _within(first: Array, second: Array, factor: float) -> bool:
    """Whether two conditions (R,) are shown to be within this factor of one another."""
    return alike(np.log(first), np.log(second), float(np.log(factor)))


def _often(result: Result) -> list[Outcome]:
    """Are the chosen batch's gradients one-signed more often than not, with the mean error and without it?"""
    found = result.shares[:2, SIZES.index(result.config.batch)]
    return [paired(share, np.full_like(share, OFTEN)) for share in found]


def _freed(result: Result) -> Outcome:
    """Without the mean error: are the chosen batch's gradients one-signed less often (lower) than single samples'?"""
    return paired(result.shares[1, SIZES.index(result.config.batch)], result.shares[0, 0])


def _handicap(result: Result, batch: int) -> str:
    """Compare the offset's steps with those of centred inputs: "slower", "none" or "unclear"."""
    offset, centred = result.best()[:, BATCHES.index(batch)]
    found = paired(*(np.where(steps < result.budget, steps, np.inf) for steps in (offset, centred)))
    if found is Outcome.HIGHER and not _within(offset, centred, HARDLY):
        return "slower"
    return "none" if found is Outcome.LOWER or _within(offset, centred, HARDLY) else "unclear"


def main(result: Result) -> Verdict:
    """Does the batch free the signs, and does it bring the speed of centred inputs?"""
    numbers = numbers_of(result)
    one, many = _handicap(result, 1), _handicap(result, result.config.batch)
    if result.config.offset == 0 or result.config.batch == 1:
        key = "no_offset" if result.config.offset == 0 else "single"
    elif float(numbers["steps"]) >= result.budget:
        key = "unreached"
    elif many == "slower":
        key = _half(_often(result)[1], _freed(result))
    else:
        key = "unclear" if many == "unclear" else "cured" if one == "slower" else "nothing_to_cure"
    return Verdict(key, numbers)


def _half(often: Outcome, freed: Outcome) -> str:
    """Where the speed does not come back: are the signs free, and was there anything to free?"""
    if often is Outcome.HIGHER:
        return "neither"
    if freed is Outcome.HIGHER:
        return "untied"
    return "half" if often is freed is Outcome.LOWER else "unfreed"


def signs(result: Result) -> Verdict:
    """Do the gradients of the chosen batch still have one sign, with the mean error and without?"""
    numbers = numbers_of(result)
    if result.config.batch == 1:
        return Verdict("signs_single", numbers)
    if numbers["as_it_is"] == numbers["removed"] == 1:
        return Verdict("signs_tied", numbers)
    as_it_is, removed = _often(result)
    if removed is Outcome.HIGHER:
        return Verdict("signs_stay", numbers)
    if _freed(result) is Outcome.HIGHER:
        return Verdict("signs_untied", numbers)
    keys = {Outcome.HIGHER: "signs_mean", Outcome.LOWER: "signs_free"}
    return Verdict(keys.get(as_it_is, "signs_some") if removed is Outcome.LOWER else "signs_some", numbers)


def speed(result: Result) -> Verdict:
    """Each at its best learning rate: does the batch make the offset's handicap smaller?"""
    numbers = numbers_of(result)
    best = result.best()
    one, many = (best[0, at] / best[1, at] for at in (0, result.at))  # how many times the steps, each (R,)
    if result.config.batch == 1 or result.config.offset == 0:
        return Verdict("speed_nothing", numbers)
    if max(float(numbers["steps"]), float(numbers["steps_one"])) >= result.budget:
        return Verdict("speed_unreached", numbers)
    keys = {} if _within(many, one, HARDLY) else {Outcome.HIGHER: "speed_worse", Outcome.LOWER: "speed_better"}
    return Verdict(keys.get(paired(many, one), "speed_unclear"), numbers)
