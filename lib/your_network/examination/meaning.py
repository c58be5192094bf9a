"""Meaning: first-layer filters as pictures, the largest weights, exact zeros, steps between values."""

from collections.abc import Iterator, Sequence

from lib.types import Numbers
from lib.your_network.contract import Finding
from lib.your_network.examination.facts import Facts
from lib.your_network.examination.values import Values

PRUNED = 0.01  # of the weights exactly zero: a float32 start has none
COARSE = 256  # levels: what eight bits can tell apart
PER_LEVEL = 4  # weights for each: else a small layer has few values because it has few weights
FAR = 3.0  # times as far out as the largest of as many normal numbers
SMOOTH = 0.1  # more than in the shuffled pixels


def findings(facts: Sequence[Facts]) -> Iterator[Finding]:
    """Yield what single weights say."""
    able = [(f, f.values) for f in facts if f.values]
    yield from (_zeros(f) for f, _ in able if f.moments.zero >= PRUNED and f.moments.n >= 100)
    yield from (_steps(f, v) for f, v in able if _coarse(f, v))
    yield from _rounded(able)
    if able:
        yield from _largest(*max(able, key=lambda pair: pair[1].largest / pair[1].largest_control))
    yield from (_picture(f, v) for f, v in able[:1] if v.smooth is not None)


def _zeros(f: Facts) -> Finding:
    numbers: Numbers = {"n": f.moments.n, "zero": f.moments.zero, "control": 0.0}
    return Finding("zeros", f.name, numbers, "influence", 0.5 if f.moments.zero > 0.5 else 0.4)


def _coarse(f: Facts, v: Values) -> bool:
    weights = min(f.moments.n * (1 - f.moments.zero), v.levels_control)
    return v.levels <= COARSE and v.levels * PER_LEVEL <= weights


def _steps(f: Facts, v: Values) -> Finding:
    numbers: Numbers = {"n": f.moments.n, "levels": v.levels, "control": v.levels_control}
    return Finding("steps" if v.grid else "few_values", f.name, numbers, "influence", 0.5)


def _rounded(able: Sequence[tuple[Facts, Values]]) -> Iterator[Finding]:
    """Yield that float32 numbers were rounded to half precision before they were stored."""
    for kind, control in (("float16", 2.0**-13), ("bfloat16", 2.0**-16)):  # shares of float32 that survive by chance
        found = [f for f, v in able if v.rounded == kind and not _coarse(f, v) and f.moments.n >= 100]
        if found:
            numbers: Numbers = {"layers": len(found), "all": len(able), "kind": kind, "control": control}
            yield Finding("rounded", "", numbers, "", 0.3)


def _largest(f: Facts, v: Values) -> Iterator[Finding]:
    if v.largest > FAR * v.largest_control:
        numbers: Numbers = {"largest": v.largest, "control": v.largest_control, "n": f.moments.n}
        yield Finding("largest", f.name, numbers, "influence", 0.25)


def _picture(f: Facts, v: Values) -> Finding:
    assert v.smooth is not None
    key = "smooth" if v.smooth > v.smooth_control + SMOOTH else "not_smooth"
    return Finding(key, f.name, {"smooth": v.smooth, "control": v.smooth_control}, "template", 0.3)
