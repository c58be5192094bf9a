"""Symmetry: twin and opposite rows, rows and inputs of nothing but zeros, rank."""

import math
from collections.abc import Iterator, Sequence

from lib.types import Numbers
from lib.your_network.contract import Finding
from lib.your_network.examination.alike import Alike
from lib.your_network.examination.facts import Facts

MANY = 0.1  # of the rows have a twin: no accident
HALF = 0.5  # of the shuffled copy's rank
NARROW = 4  # rows or columns: fewer have next to no rank to lose
BROAD = 8  # rows and columns from which the layer of the lowest rank is named


def findings(facts: Sequence[Facts]) -> Iterator[Finding]:
    """Yield the symmetries of each layer, and the layer that spreads what it passes on over the fewest directions."""
    able = [(f, f.alike) for f in facts if f.alike]
    for place, (f, found) in enumerate(able):
        yield from _zero(f, found)
        if not _depthwise(f, first=place == 0):
            yield from _paired(f, found)
            yield from _deficient(f, found)
    wide = [(f, found) for f, found in able if min(found.shape) >= BROAD]
    if wide:
        yield _lowest(*min(wide, key=lambda pair: pair[1].directions / pair[1].directions_control))


def _depthwise(f: Facts, *, first: bool) -> bool:
    """Tell whether each filter has an input of its own: filters that are alike are then no twins."""
    layer = f.layer
    return bool(layer.kernel) and layer.fan_in == math.prod(layer.kernel) and not first


def _paired(f: Facts, found: Alike) -> Iterator[Finding]:
    twins, opposites, compared, same = found.pairs
    numbers: Numbers = {"all": compared, "control": found.cosine_control}
    if twins:
        weight = 0.85 if twins >= MANY * compared and f.layer.kind != "embedding" else 0.45
        yield Finding("twins", f.name, numbers | {"rows": twins, "same": same}, "symmetry", weight)
    if opposites:
        weight = 0.4 if compared > 2 else 0.2  # two outputs of a softmax are opposite by their gradient
        yield Finding("opposites", f.name, numbers | {"rows": opposites}, "inverted_input", weight)


def _zero(f: Facts, found: Alike) -> Iterator[Finding]:
    if found.rows > found.rows_control:
        numbers: Numbers = {"rows": found.rows, "all": f.layer_rows, "control": found.rows_control}
        yield Finding("dead_rows", f.name, numbers, "negative_weights", 0.6)
    if found.inputs > found.inputs_control:
        numbers = {"inputs": found.inputs, "all": found.channels, "control": found.inputs_control}
        yield Finding("unheard_inputs", f.name, numbers, "influence", 0.5)


def _deficient(f: Facts, found: Alike) -> Iterator[Finding]:
    most = min(found.shape)
    if most >= NARROW and found.rank < most and found.rank <= HALF * found.rank_control:
        yield Finding("deficient", f.name, _numbers(found, found.rank, found.rank_control), "null_space", 0.65)


def _lowest(f: Facts, found: Alike) -> Finding:
    key = "rank_sampled" if found.sampled else "rank"
    return Finding(key, f.name, _numbers(found, found.directions, found.directions_control), "null_space", 0.25)


def _numbers(found: Alike, own: float, control: float) -> Numbers:
    rows, columns = found.shape
    return {"rank": own, "control": control, "most": min(rows, columns), "rows": rows, "columns": columns}
