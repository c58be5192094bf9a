"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.members import members
from lib.question import Verdict
from lib.questions.features.config import PLACES
from lib.questions.features.result import Result
from lib.types import Numbers

MORE = 1.1  # so many times the ratio of the place before count as more
GAIN = 0.2  # in neighbours that agree: from here on a picture shows what was learned
LEARNED = 0.5  # test accuracy from which something has been learned
ENOUGH = 0.8  # test accuracy from which two numbers count as enough


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {"main": main(result), "principal": principal(result), "bottleneck": bottleneck(result)}


def main(result: Result) -> Verdict:
    """Do the layers pull the classes apart?"""
    trained, untrained = np.median(result.fisher[-1], 0), np.median(result.fisher[0], 0)
    numbers: Numbers = {place: float(v) for place, v in zip(PLACES, trained, strict=True)}
    numbers |= {f"{place}_untrained": float(v) for place, v in zip(PLACES, untrained, strict=True)}
    numbers |= {"accuracy": float(np.median(result.accuracy[0])), "repeats": result.accuracy.shape[1],
                "steps": result.config.steps, "diverged": members(result.diverged[0]).count_diverged}  # fmt: skip
    if numbers["diverged"]:
        return Verdict("diverged", numbers)
    more = trained[1:] >= MORE * trained[:-1]
    return Verdict("apart" if more.all() else "partly" if trained[-1] >= MORE * trained[0] else "not_apart", numbers)


def principal(result: Result) -> Verdict:
    """Do two principal components show it?"""
    trained, untrained = np.median(result.neighbours[1], 0), np.median(result.neighbours[0], 0)
    numbers: Numbers = {f"{place}": float(v) for place, v in zip(PLACES, trained, strict=True)}
    numbers |= {f"{place}_untrained": float(v) for place, v in zip(PLACES, untrained, strict=True)}
    numbers |= {"ratio": float(np.median(result.fisher[-1, :, 2]) / np.median(result.fisher[-1, :, 0]))}
    if np.median(result.accuracy[0]) < LEARNED:
        return Verdict("principal_untrained", numbers)
    return Verdict("principal_hides" if trained[2] - trained[0] < GAIN else "principal_shows", numbers)


def bottleneck(result: Result) -> Verdict:
    """Are two numbers, linear in the layer before, enough?"""
    untrained, trained = np.median(result.neighbours_bottleneck, 1)
    numbers: Numbers = {"accuracy": float(np.median(result.accuracy[1])), "near": float(trained),
                        "near_untrained": float(untrained), "deep": float(np.median(result.accuracy[0])),
                        "pixels": float(np.median(result.neighbours[1, :, 0]))}  # fmt: skip
    return Verdict("two_enough" if float(numbers["accuracy"]) >= ENOUGH else "two_few", numbers)
