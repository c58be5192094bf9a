"""Which sentences the numbers of a run choose."""

import numpy as np

from lib import evidence
from lib.evidence import Outcome
from lib.question import Verdict
from lib.questions.negative_weights.result import Array, Pair, Result
from lib.types import Numbers

FEW = 0.01  # a share below this is called a few
LEARNED = 0.5  # test accuracy from which a network counts as having learned the digits


def verdicts(result: Result) -> dict[str, Verdict]:
    """Every verdict of the page by its name."""
    return {"main": main(result), "epochs": epochs(result), "biases": biases(result), "leaky": leaky(result.pair)}


def headline(result: Result) -> Numbers:
    """What the plain file prints too: the lowest and the highest layer's median share of negative weights at the end.

    Over the sound networks; 0 where there is none.
    """
    medians = result.medians if result.sound.any() else [0.0]
    return {"low": min(medians), "high": max(medians)}


def main(result: Result) -> Verdict:
    """Do weights turn negative, in which layers, and has the network learned?"""
    if result.members.more_lost_than(1 / 2):
        return Verdict("lost", result.members.counts())
    share = np.median(result.share[:, result.sound], 1)  # (S, L)
    start, end = share[0], share[-1]
    accuracy = np.median(result.accuracy[result.sound])
    numbers: Numbers = {
        "start_low": start.min(),
        "start_high": start.max(),
        "low": end.min(),
        "high": end.max(),
        "accuracy": accuracy,
        "steps": result.config.steps,
        "repeats": int(result.sound.sum()),
        "smallest": float(result.smallest.min()),
        "reach": result.reach,
        "scarce": ", ".join(np.array(result.layers)[end < FEW]),
    }
    key = _main_key(result, start, end, accuracy)
    answers = key in ("turned", "few", "signed_start")  # the question, and that is about ReLU
    return Verdict("other" if answers and result.config.activation != "relu" else key, numbers)


def _main_key(result: Result, start: Array, end: Array, accuracy: float) -> str:
    if start.max() > 0:
        return "signed_start"
    if (result.first[result.sound] < 0).all():
        return "impossible" if 0 < result.reach < result.smallest.min() else "none"
    if end.max() < FEW:
        return "few"
    if accuracy < LEARNED:
        return "unlearned"
    return "turned" if end.min() >= FEW else "few"


def epochs(result: Result) -> Verdict:
    """Does it take 'enough epochs'?"""
    first = result.first[result.sound]
    each = np.where(first < 0, np.inf, first.astype(float)).min(1)  # (R,): earliest layer; never is no step
    within, came = int((each <= result.epoch).sum()), int(np.isfinite(each).sum())
    numbers: Numbers = {"epoch": result.epoch, "within": within, "came": came, "sound": each.size}
    told = evidence.share(within, each.size)
    if 2 * came <= each.size or told is Outcome.UNCLEAR:
        return Verdict("epochs_open", numbers)
    key = "epochs_first" if told is Outcome.HIGHER else "epochs_later"
    return Verdict(key, numbers | {"step": int(np.median(each))})


def biases(result: Result) -> Verdict:
    """Do biases, which all start at zero, get negative too?"""
    of, weights = result.bias_share[result.sound], result.share[:, result.sound]
    share = np.median(of, 0) if result.sound.any() else np.zeros(1)
    numbers: Numbers = {"low": share.min(), "high": share.max()}
    if not of.any():
        return Verdict("biases_none", numbers)
    return Verdict("biases_negative" if weights.any() else "biases_first", numbers)


def leaky(pair: Pair) -> Verdict:
    """Are ReLU's weights behind the first layer non-negative, and Leaky ReLU's not?"""
    both: Array = np.all(pair.sound, axis=0)  # (R,)
    later = pair.share[:, both, 1:]  # (2, R, L - 1)
    has: Array = np.any(later > 0, axis=2)  # (2, R)
    numbers: Numbers = {
        "sound": int(both.sum()),
        "relu_networks": int(has[0].sum()),
        "leaky_networks": int(has[1].sum()),
    }
    if 2 * both.sum() <= len(both) or not has.any():
        return Verdict("leaky_open", numbers)
    relu, leak = np.median(later, 1)
    numbers |= {
        "relu_low": relu.min(),
        "relu_high": relu.max(),
        "leaky_low": leak.min(),
        "leaky_high": leak.max(),
    }
    if has[0].any():
        return Verdict("leaky_too", numbers)
    return Verdict(
        "leaky_right" if evidence.paired_counts(has[1], has[0]) is Outcome.HIGHER else "leaky_open", numbers
    )
