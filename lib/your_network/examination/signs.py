"""Signs: how many weights are below zero, and whether mean and spread alone say so."""

import math
from collections.abc import Iterator, Sequence

from scipy.special import ndtr

from lib.types import Numbers
from lib.your_network.contract import Finding
from lib.your_network.examination.facts import Facts
from lib.your_network.examination.study import Moments

ENOUGH = 20  # signed weights: all of one sign happens to a fresh start once in 500 000 (2 / 2^20)
# Trained networks mostly have 45 to 55 % below zero; public ReLU networks without norm layers reach 61 %.
LEAN = 0.05
FEW_ZEROS = 0.0005  # of the weights: prints as 0.0 %
SURE = 5.0  # standard errors


def error(moments: Moments) -> float:
    """Return the standard error of the share below zero, as if the weights were independent."""
    return math.sqrt(max(moments.negative * (1 - moments.negative), 0) / max(1, moments.n))


def expected(moments: Moments) -> float:
    """Return the share below zero of normal numbers with the layer's mean and standard deviation."""
    return float(ndtr(-moments.mean / moments.sd)) if moments.sd else float(moments.mean < 0)


def findings(studies: Sequence[Facts]) -> Iterator[Finding]:
    """Yield what the signs say: all layers together, those held at one sign, the one that leans most."""
    signed = [s for s in studies if s.moments.n * (1 - s.moments.zero) >= ENOUGH]
    held = [s for s in signed if s.moments.negative in (0, 1 - s.moments.zero)]
    yield from (_held(s) for s in held)
    free = [s for s in signed if s not in held]
    if signed:
        yield _all(signed)
    if free and (lean := max(free, key=lambda s: abs(s.moments.negative + s.moments.zero / 2 - 0.5))):
        yield from _lean(lean)


def _all(studies: Sequence[Facts]) -> Finding:
    n = sum(s.moments.n for s in studies)
    shares = [s.moments.negative for s in studies]
    below = sum(s.moments.n * s.moments.negative for s in studies) / n
    zero = sum(s.moments.n * s.moments.zero for s in studies) / n
    key = "signs" if zero < FEW_ZEROS else "signs_zeros"
    numbers: Numbers = {
        "n": n,
        "below": below,
        "low": min(shares),
        "high": max(shares),
        "zero": zero,
        "layers": len(shares),
    }
    return Finding(key, "", numbers | {"control": 0.5}, "negative_weights", 0.45)


def _held(study: Facts) -> Finding:
    m = study.moments
    key = "held_above" if m.negative == 0 else "held_below"
    return Finding(key, study.name, {"n": m.n, "zero": m.zero, "control": 0.5}, "forbidden_sign", 0.8)


def _lean(study: Facts) -> Iterator[Finding]:
    m = study.moments
    away = abs(m.negative + m.zero / 2 - 0.5)
    if away < LEAN or away < SURE * error(m):
        return
    ratio = m.mean / m.sd if m.sd else 0.0
    numbers: Numbers = {"below": m.negative, "error": error(m), "ratio": ratio, "normal": expected(m), "control": 0.5}
    yield Finding("lean", study.name, numbers, "negative_weights", 0.3)
