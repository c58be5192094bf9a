"""Which sentences the numbers of a run choose."""

import numpy as np

from lib.question import Verdict
from lib.questions.scale.config import GAINS, MAP_DEPTHS, MAP_GAINS
from lib.questions.scale.result import Result
from lib.types import Numbers

KEPT = 1.3  # powers of ten: a signal within a factor of 20 of where it started counts as kept
CLOSE = 0.3  # powers of ten: theory holds if it is right within a factor of 2 at every layer
RATIO = 0.7  # powers of ten: a factor of 5 between two schemes is a difference
LEARNED = 0.8  # of the digits: what counts as trained


def verdicts(result: Result) -> dict[str, Verdict]:
    """Return every verdict of the page by its name, the answer first."""
    return {
        "main": main(result), "theory": theory(result), "small": small(result), "glorot": glorot(result),
        "he": he(result), "map": trainable(result),
    }  # fmt: skip


def main(result: Result) -> Verdict:
    """Do weights of the chosen size keep the signal and its gradient?"""
    ends = np.median(result.ends(), 1)  # (G, 2)
    kept = (np.abs(ends) <= KEPT).all(1)
    up, down = ends[result.chosen].tolist()
    numbers: Numbers = {
        "gain": result.config.gain, "depth": result.config.depth, "sd": float(result.deviations()[result.chosen]),
        "up": 10**up, "down": 10**down, "kept": int(kept.sum()), "sizes": len(GAINS),
        "balanced": result.balanced / result.config.width**0.5, "repeats": result.forward.shape[2],
        "width": result.config.width,
    }  # fmt: skip
    return Verdict("any_size" if kept.all() else _key(up, down), numbers)


def _key(up: float, down: float) -> str:
    """Name what becomes of the signal and of the gradient."""
    kinds = {-1: "vanishes", 0: "kept", 1: "explodes"}
    forward, backward = (kinds[int(np.sign(v)) if abs(v) > KEPT else 0] for v in (up, down))
    if forward == backward:
        return f"both_{forward}"
    return f"gradient_{backward}" if forward == "kept" else "signal_only" if backward == "kept" else "apart"


def theory(result: Result) -> Verdict:
    """Is mean-field theory right at every layer?"""
    k = result.chosen
    pairs = ((result.forward, result.forward_theory), (result.backward, result.backward_theory))
    gap = max(float(np.abs(np.median(measured[:, k], 1) - expected[:, k]).max()) for measured, expected in pairs)
    numbers: Numbers = {"factor": 10**gap, "width": result.config.width, "depth": result.config.depth}
    return Verdict("theory_holds" if gap < CLOSE else "theory_off", numbers)


def small(result: Result) -> Verdict:
    """Are small weights a safe start?"""
    down = float(np.median(result.backward[0, 0]))
    numbers: Numbers = {"gain": GAINS[0], "down": 10**down, "depth": result.config.depth}
    return Verdict("small_vanishes" if down < -KEPT else "small_kept", numbers)


def _pair(result: Result, first: int) -> tuple[float, float, Numbers]:
    """The gradient at the bottom under the two schemes of a paper, as powers of ten, and as numbers."""
    old, new = (float(np.median(result.papers[k, 1])) for k in (first, first + 1))
    return old, new, {"old": 10**old, "new": 10**new, "depth": result.config.depth}


def glorot(result: Result) -> Verdict:
    """Tanh: does the gradient shrink under U(-1/sqrt(n), 1/sqrt(n)), and not under Glorot and Bengio's scheme?"""
    old, new, numbers = _pair(result, 0)
    if new - old < RATIO:
        return Verdict("glorot_early", numbers)
    return Verdict("glorot_right" if abs(new) <= KEPT else "glorot_neither", numbers)


def he(result: Result) -> Verdict:
    """ReLU: does the gradient vanish under Glorot and Bengio's scheme, and not under He et al.'s?"""
    old, new, numbers = _pair(result, 2)
    if abs(new) > KEPT:
        return Verdict("he_neither", numbers)
    return Verdict("he_right" if old < -KEPT else "he_early", numbers)


def trainable(result: Result) -> Verdict:
    """Which sizes can be trained, shallow and deep?"""
    numbers: Numbers = {"shallow": MAP_DEPTHS[0], "deep": MAP_DEPTHS[-1], "rows": len(MAP_GAINS)}
    if not result.learned.size:
        return Verdict("map_off", numbers)
    medians = np.median(result.learned, 2)
    good = (medians >= LEARNED).sum(0)  # (depths,)
    row = int(np.argmax(result.learned[:, -1].mean(1)))
    numbers |= {
        "good_shallow": int(good[0]), "good_deep": int(good[-1]), "learned": LEARNED,
        "best_gain": MAP_GAINS[row], "best": float(medians[row, -1]),
        "theory_gain": result.balanced_map / result.sigma,
    }  # fmt: skip
    if not good[0]:
        return Verdict("map_none", numbers)
    return Verdict("map_narrows" if good[-1] < good[0] else "map_open", numbers)
