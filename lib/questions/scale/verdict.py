"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.evidence import Outcome, alike, paired
from lib.question import Verdict
from lib.questions.scale.config import GAINS, MAP_DEPTHS, MAP_GAINS, MAP_STEPS
from lib.questions.scale.result import Result
from lib.types import Array, Numbers

KEPT = 1.3  # powers of ten: a signal within a factor of 20 of where it started counts as kept
RATIO = 0.7  # powers of ten: a factor of 5 between two schemes is a difference
LEARNED = 0.8  # of the digits: what counts as trained
FEW = 6  # repeats: if all point one way it is shown at 95 % (2 / 2^6)
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
ONE_ROW = 1.0  # of the map's gains: fewer than one is none


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result), "small": small(result), "glorot": glorot(result), "he": he(result),
        "map": trainable(result),
    }  # fmt: skip


def headline(result: Result) -> Numbers:
    """Return what the page's plain file prints, too: sizes on arrival at the chosen gain, measured and by theory."""
    names = ("up", "down", "up_theory", "down_theory")
    powers = [*np.median(result.ends()[result.chosen], 0), *result.theory[result.chosen]]
    return {name: float(10**power) for name, power in zip(names, powers, strict=True)}


def main(result: Result) -> Verdict:
    """Do weights of the chosen size keep the signal and its gradient?"""
    ends = np.median(result.ends(), 1)  # (G, 2)
    kinds = [[kind(side) for side in gain.T] for gain in result.ends()]  # forward and backward of every gain
    kept = np.array([pair == ["kept", "kept"] for pair in kinds])
    up, down = ends[result.chosen].tolist()
    numbers: Numbers = {
        "gain": result.config.gain, "depth": result.config.depth, "sd": float(result.deviations()[result.chosen]),
        "kept": int(kept.sum()), "sizes": len(GAINS),
        "balanced": result.balanced / result.config.width**0.5, "repeats": result.forward.shape[2],
        "up_text": times(up), "down_text": times(down),
    }  # fmt: skip
    return Verdict("any_size" if kept.all() else _key(*kinds[result.chosen]), numbers)


def times(power: float) -> str:
    """10 to this power as a sentence says it, in two digits or as one times a power of ten: 0.93, 790, 4 · 10⁻⁷."""
    value = 10.0**power
    if -3 <= power < 4:
        return f"{float(f'{value:.2g}'):g}"
    lead, exponent = f"{value:.0e}".split("e")
    return f"{lead} · 10{str(int(exponent)).translate(RAISED)}"


def kind(sizes: Array) -> str:
    """What has become of signals (R,), in powers of ten: kept, vanishes, explodes, or unclear."""
    for name, there in {"kept": np.abs(sizes) < KEPT, "explodes": sizes > KEPT, "vanishes": sizes < -KEPT}.items():
        if there.all() and len(there) >= FEW:
            return name  # as the tests below would say, and most networks agree
    if alike(sizes, 0 * sizes, KEPT):
        return "kept"
    if paired(sizes, 0 * sizes + KEPT) is Outcome.HIGHER:
        return "explodes"
    return "vanishes" if paired(sizes, 0 * sizes - KEPT) is Outcome.LOWER else "unclear"


def _key(forward: str, backward: str) -> str:
    """Name what becomes of the signal and of the gradient."""
    if "unclear" in (forward, backward):
        return "unclear"
    if forward == backward:
        return f"both_{forward}"
    return f"gradient_{backward}" if forward == "kept" else "signal_only" if backward == "kept" else "apart"


def small(result: Result) -> Verdict:
    """Are small weights a safe start?"""
    down = float(np.median(result.backward[0, 0]))
    numbers: Numbers = {"gain": GAINS[0], "down_text": times(down)}
    key = {"vanishes": "small_vanishes", "kept": "small_kept"}.get(kind(result.backward[0, 0]), "small_unclear")
    return Verdict(key, numbers)


def _pair(result: Result, first: int) -> tuple[Array, Array, Numbers]:
    """Gradients at the bottom (R,) under the two schemes of a paper, in powers of ten, and what is said of them."""
    old, new = result.papers[first : first + 2, 1]
    return old, new, {"old_text": times(float(np.median(old))), "new_text": times(float(np.median(new)))}


def glorot(result: Result) -> Verdict:
    """Tanh: does the gradient shrink under U(-1/sqrt(n), 1/sqrt(n)), and not under Glorot and Bengio's scheme?"""
    old, new, numbers = _pair(result, 0)
    more, end = paired(new - RATIO, old), kind(new)
    if more is not Outcome.HIGHER or end == "unclear":
        return Verdict("glorot_open", numbers)
    return Verdict("glorot_right" if end == "kept" else "glorot_neither", numbers)


def he(result: Result) -> Verdict:
    """ReLU: does the gradient vanish under Glorot and Bengio's scheme, and not under He et al.'s?"""
    old, new, numbers = _pair(result, 2)
    before, end = kind(old), kind(new)
    if "unclear" in (before, end):
        return Verdict("he_open", numbers)
    if end != "kept":
        return Verdict("he_neither", numbers)
    return Verdict("he_right" if before == "vanishes" else "he_open", numbers)


def trainable(result: Result) -> Verdict:
    """Which sizes learn in a few steps, shallow and deep?"""
    numbers: Numbers = {
        "shallow": MAP_DEPTHS[0], "deep": MAP_DEPTHS[-1], "rows": len(MAP_GAINS), "steps": MAP_STEPS,
    }  # fmt: skip
    if not result.learned.size:
        return Verdict("map_off", numbers)
    medians = np.median(result.learned, 2)
    good = (medians >= LEARNED).sum(0)  # (depths,)
    numbers |= {"good_shallow": int(good[0]), "good_deep": int(good[-1])}
    if not good[0]:
        return Verdict("map_none", numbers)
    shallow, deep = (result.learned[:, [0, -1]] >= LEARNED).sum(0)  # gains that learn, each (R,)
    if alike(deep, shallow, ONE_ROW):
        return Verdict("map_open", numbers)
    return Verdict("map_narrows" if paired(deep, shallow) is Outcome.LOWER else "map_unclear", numbers)
