"""Which sentences the numbers of a run choose."""

import numpy as np

from lib import evidence
from lib.evidence import Outcome
from lib.question import Verdict
from lib.questions.negative_weights.result import Array, Pair, Result
from lib.types import Numbers

FEW = 0.01  # a share below this is called a few
CHANCE = 0.1  # ten digits
LEARNED = 0.5  # test accuracy from which a network counts as having learned the digits
ALIKE = 0.05  # shares are alike within five points: no reader of the figures, whose axis ends at 60 %, sees less
HALF = 0.5


def verdicts(result: Result) -> dict[str, Verdict]:
    """Every verdict of the page by its name."""
    return {
        "main": main(result),
        "health": health(result),
        "first": first(result),
        "layers": layers(result),
        "epochs": epochs(result),
        "biases": biases(result),
        "half": half(result),
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
        "scarce": ", ".join(np.array(result.layers)[end < FEW]),
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
    if end.min() == 0:
        return "some_layers"
    return "turned" if end.min() >= FEW else "scarce"


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
        "reach": result.reach,
        "cases": result.first.size,
        "kept": int((~came | (result.first >= result.earliest)).sum()),
        "step": int(result.first[came].min()) if came.any() else -1,
    }
    if result.smallest.min() < 0:
        return Verdict("first_at_start", numbers)
    bounded = result.config.optimiser == "adam"
    if not came.any():
        impossible = bounded and result.reach < result.smallest.min()
        return Verdict("first_impossible" if impossible else "first_never", numbers)
    if not bounded:
        return Verdict("first_free", numbers)
    return Verdict("first_bound" if result.earliest.min() > 1 else "first_trivial", numbers)


def layers(result: Result) -> Verdict:
    """When do most networks have a negative weight in every layer, if ever?"""
    if not result.sound.any():
        return Verdict("layers_lost", {})
    if (result.first[result.sound] == 0).all():
        return Verdict("layers_at_start", {})
    per_layer = np.median(_or_never(result.first[result.sound]), 0)  # (L,)
    never = np.isinf(per_layer)
    numbers: Numbers = {
        "steps": result.config.steps,
        "without": ", ".join(np.array(result.layers)[never]),
        "slowest": int(per_layer[~never].max()) if not never.all() else -1,
    }
    if never.all():
        return Verdict("layers_none", numbers)
    return Verdict("layers_some" if never.any() else "layers_every", numbers)


def _or_never(first: Array) -> Array:
    """Steps, infinite where -1 says never, so that no median mistakes never for a step."""
    return np.where(first < 0, np.inf, first.astype(float))


def epochs(result: Result) -> Verdict:
    """Does it take 'enough epochs'?"""
    if not result.sound.any():
        return Verdict("epochs_lost", {})
    share = np.median(result.share[:, result.sound].mean(2), 1)  # (S,)
    each = _or_never(result.first[result.sound]).min(1)  # (R,): the earliest layer of each network
    within = int((each <= result.epoch).sum())
    numbers: Numbers = {"epoch": result.epoch, "steps": result.config.steps, "within": within, "sound": each.size}
    if result.smallest.min() < 0:
        return Verdict("epochs_from_start", numbers)
    if np.isinf(each).all():
        return Verdict("epochs_never", numbers)
    step = np.median(each)
    if np.isinf(step):
        return Verdict("epochs_seldom", numbers | {"came": int(np.isfinite(each).sum())})
    half = int(np.argmax(share >= share[-1] / 2))
    numbers |= {"step": int(step), "half": half, "half_epochs": half / result.epoch}
    told = evidence.share(within, each.size)
    keys = {Outcome.HIGHER: "epochs_first", Outcome.LOWER: "epochs_later", Outcome.UNCLEAR: "epochs_unclear"}
    return Verdict(keys[told], numbers)


def half(result: Result) -> Verdict:
    """Why do layers end below one half: is the mean of their weights still above zero?"""
    if result.sound.sum() < 2:
        return Verdict("half_lost", {})
    share, mean = result.share[-1][result.sound], result.mean[result.sound]
    below, unmoved = result.below_mean[result.sound], np.median(result.unmoved[result.sound], 0)
    each_half, zero = np.full(len(share), HALF), np.zeros(len(share))
    short = [k for k in range(len(result.layers)) if evidence.paired(share[:, k], each_half) is Outcome.LOWER]
    if not short:
        ends = np.median(share, 0)
        return Verdict("half_reached", {"low": float(ends.min()), "high": float(ends.max())})
    ends, centred = np.median(share[:, short], 0), np.median(below[:, short], 0)
    numbers: Numbers = {
        "layers": ", ".join(result.layers[k] for k in short),
        "low": float(ends.min()),
        "high": float(ends.max()),
        "centred_low": float(centred.min()),
        "centred_high": float(centred.max()),
        "unmoved": float(unmoved[0]),
        "more": 100 * float(unmoved[0]) * HALF,
        "unmoved_later": float(unmoved[1:].max()),
    }
    is_it = all(
        evidence.paired(mean[:, k], zero) is Outcome.HIGHER
        and evidence.alike(np.minimum(below[:, k], HALF), each_half, ALIKE)  # more than half will do
        for k in short
    )
    return Verdict("half_mean" if is_it else "half_other", numbers)


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
    has: Array = np.any(later > 0, axis=2)  # (2, R)
    numbers |= {
        "relu_low": relu.min(),
        "relu_high": relu.max(),
        "leaky_low": leak.min(),
        "leaky_high": leak.max(),
        "gap": 100 * float(np.abs(gap).max()),
        "relu_networks": int(has[0].sum()),
        "leaky_networks": int(has[1].sum()),
    }
    return Verdict(_leaky_key(later, gap, has), numbers)


def _leaky_key(later: Array, gap: Array, has: Array) -> str:
    if not has.any():
        return "leaky_neither"
    if not has[0].any():
        return "leaky_right" if evidence.paired_counts(has[1], has[0]) is Outcome.HIGHER else "leaky_seldom"
    if not has[1].any():
        return "leaky_only_relu"
    by_layer = range(later.shape[2])
    if all(evidence.alike(later[0, :, k], later[1, :, k], ALIKE) for k in by_layer):
        return "leaky_same"
    apart = [evidence.paired(later[0, :, k], later[1, :, k]) is not Outcome.UNCLEAR for k in by_layer]
    return "leaky_differs" if (np.array(apart) & (np.abs(gap) >= ALIKE)).any() else "leaky_unclear"
