"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.question import Verdict
from lib.questions.negative_weights.result import Array, Pair, Result
from lib.types import Numbers

FEW = 0.01  # a largest share below this is called a few
CHANCE = 0.1  # ten digits
LEARNED = 0.5  # test accuracy from which a network counts as having learned the digits
ALIKE = 0.05  # ReLU and Leaky ReLU are called alike when no layer's paired difference is larger


def verdicts(result: Result) -> dict[str, Verdict]:
    """Every verdict of the page by its name."""
    return {
        "main": main(result),
        "health": health(result),
        "first": first(result),
        "epochs": epochs(result),
        "biases": biases(result),
        "leaky": leaky(result.pair),
    }


def main(result: Result) -> Verdict:
    """Do weights turn negative, in which layers, and has the network learned?"""
    if (lost := _lost(result)) is not None:
        return lost
    share = np.median(result.share[:, result.sound], 1)  # (S, L)
    start, end = share[0], share[-1]
    accuracy = np.median(result.accuracy[result.sound])
    numbers: Numbers = {
        "start_low": start.min(),
        "start_high": start.max(),
        "low": end.min(),
        "high": end.max(),
        "accuracy": accuracy,
        "chance": CHANCE,
        "steps": result.config.steps,
        "repeats": int(result.sound.sum()),
        "smallest": float(result.smallest[result.sound].min()),
        "lr": result.config.lr,
        "without": ", ".join(np.array(result.layers)[end == 0]),
    }
    return Verdict(_main_key(result, start, end, accuracy), numbers)


def _lost(result: Result) -> Verdict | None:
    if not result.members.more_lost_than(1 / 2):
        return None
    counts = result.members.counts()
    numbers: Numbers = {name: counts[name] for name in ("diverged", "dead", "repeats")} | {"chance": CHANCE}
    if result.members.count_diverged >= result.dead.sum():
        return Verdict("diverged", numbers | {"step": int(np.median(result.diverged[result.diverged >= 0]))})
    return Verdict("dead", numbers)


def _main_key(result: Result, start: Array, end: Array, accuracy: float) -> str:
    if start.max() > 0:
        return "signed_start"
    if (result.first[result.sound] < 0).all():
        return "none"
    if end.max() < FEW:
        return "few"
    if accuracy < LEARNED:
        return "unlearned"
    return "turned" if end.min() > 0 else "some_layers"


def health(result: Result) -> Verdict:
    """How many of the repeats are worth counting."""
    numbers = result.members.counts()
    if not result.sound.any():
        return Verdict("none_sound", numbers)
    return Verdict("all_sound" if result.sound.all() else "some_lost", numbers)


def first(result: Result) -> Verdict:
    """When does the first weight turn negative, and could it have been earlier?"""
    came = result.first > 0
    numbers: Numbers = {
        "steps": result.config.steps,
        "smallest": float(result.smallest.min()),
        "bound": int(result.earliest.min()),
        "cases": result.first.size,
        "lr": result.config.lr,
        "kept": int((~came | (result.first >= result.earliest)).sum()),
        "step": int(result.first[came].min()) if came.any() else -1,
        "slowest": int(np.median(np.where(came, result.first, result.config.steps + 1), 0).max()),
    }
    if result.smallest.min() < 0:
        return Verdict("first_at_start", numbers)
    if not came.any():
        return Verdict("first_never", numbers)
    return Verdict("first_bound" if result.config.optimiser == "adam" else "first_free", numbers)


def epochs(result: Result) -> Verdict:
    """Does it take 'enough epochs'?"""
    if not result.sound.any():
        return Verdict("epochs_lost", {})
    share = np.median(result.share[:, result.sound].mean(2), 1)  # (S,)
    numbers: Numbers = {"epoch": result.epoch, "steps": result.config.steps, "end": float(share[-1])}
    if result.smallest.min() < 0:
        return Verdict("epochs_from_start", numbers)
    came = result.first[result.first > 0]
    if not came.size:
        return Verdict("epochs_never", numbers)
    # `first` has one row per repeat: the earliest layer of each, then the middle repeat
    each = np.where(result.first > 0, result.first, result.config.steps + 1).min(1)
    step = int(np.median(each))
    half = int(np.argmax(share >= share[-1] / 2))
    numbers |= {"step": step, "half": half, "half_epochs": half / result.epoch}
    return Verdict("epochs_first" if step <= result.epoch else "epochs_later", numbers)


def biases(result: Result) -> Verdict:
    """Do biases, which all start at zero, get negative too?"""
    if not result.sound.any():
        return Verdict("biases_lost", {})
    share = np.median(result.bias_share[result.sound], 0)
    numbers: Numbers = {"low": share.min(), "high": share.max()}
    return Verdict("biases_negative" if share.max() > 0 else "biases_none", numbers)


def leaky(pair: Pair) -> Verdict:
    """Are ReLU's weights behind the first layer non-negative, and Leaky ReLU's not?"""
    both: Array = np.all(pair.sound, axis=0)  # (R,)
    numbers: Numbers = {"repeats": len(both), "sound": int(both.sum())}
    if 2 * both.sum() <= len(both):
        return Verdict("leaky_lost", numbers)
    later = pair.share[:, both, 1:]  # (2, R, L - 1)
    relu, leak = np.median(later, 1)
    gap = np.median(later[0] - later[1], 0)  # paired, (L - 1,)
    numbers |= {
        "relu_low": relu.min(),
        "relu_high": relu.max(),
        "leaky_low": leak.min(),
        "leaky_high": leak.max(),
        "gap": 100 * float(np.abs(gap).max()),
    }
    if relu.max() == 0:
        return Verdict("leaky_right" if leak.max() > 0 else "leaky_neither", numbers)
    return Verdict("leaky_same" if np.abs(gap).max() < ALIKE else "leaky_differs", numbers)
