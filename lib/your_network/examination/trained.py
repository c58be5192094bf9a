"""Was it trained at all? Layers that are as they were drawn, beside those that moved."""

from collections.abc import Iterator, Sequence

from lib.types import Numbers
from lib.your_network.contract import Finding
from lib.your_network.examination.facts import Facts
from lib.your_network.examination.starts import FEW, FEW_NORMAL


def findings(facts: Sequence[Facts]) -> Iterator[Finding]:
    """Yield which layers are still as they were drawn, and what cannot be told."""
    yield from (_constant(f) for f in facts if not f.moments.broken and f.moments.n > 1 and f.moments.sd == 0)
    fresh, moved, few = ([f for f in facts if f.answer == answer] for answer in ("fresh", "moved", "few"))
    if moved:
        yield from (_fresh("never_loaded", f.name, f, others=len(moved)) for f in fresh)
        yield _moved(moved)
    elif fresh:
        yield _fresh("untrained", "", max(fresh, key=lambda f: f.moments.n), layers=len(fresh))
    if few:
        yield Finding("too_few", "", {"layers": len(few), "few": FEW, "normal": FEW_NORMAL}, "", 0.05)
    yield from (_still(f) for f in moved if f.still)


def _numbers(f: Facts) -> Numbers:
    assert f.start
    return {
        "n": f.moments.n,
        "start": f.start.scheme.name,
        "distance": f.start.distance,
        "control": f.start.control,
    }


def _fresh(key: str, layer: str, f: Facts, **more: int) -> Finding:
    return Finding(key, layer, _numbers(f) | more, "scale", 0.95)


def _constant(f: Facts) -> Finding:
    key = "all_zero" if f.moments.mean == 0 else "all_equal"
    return Finding(key, f.name, {"n": f.moments.n, "value": f.moments.mean, "control": 0.0}, "symmetry", 0.9)


def _moved(moved: Sequence[Facts]) -> Finding:
    closest = min(moved, key=lambda f: f.start.distance if f.start else 1.0)
    return Finding(
        "moved", "", _numbers(closest) | {"layers": len(moved), "closest": closest.name}, "wide_networks", 0.4
    )


def _still(f: Facts) -> Finding:
    assert f.still
    return Finding("unmoved_inputs", f.name, dict(f.still._asdict()), "negative_weights", 0.3)
