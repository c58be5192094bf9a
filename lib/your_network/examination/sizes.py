"""Sizes: how large weights are beside the usual starts, and what that does to a signal on its way through."""

import math
from collections.abc import Iterator, Sequence

from lib.types import Numbers
from lib.your_network.contract import Finding, Layer
from lib.your_network.examination import names
from lib.your_network.examination.facts import Facts

TIMES = 30.0  # off He's size: the usual starts lie between 0.03 (by fan-out, depthwise) and 1, trained layers below 5
DEEP = 3  # layers that follow one another
FADES = 1e-4  # of a random signal's size: less than nine layers of torch's default (0.41 each) leave
TORCH = math.sqrt(1 / 6)  # of He's size: variance 1 / (3 fan_in) against 2 / fan_in


def gain(s: Facts) -> float:
    """Return the layer's size in units of He's start: sqrt(fan_in * mean square / 2).

    By this factor a layer and a ReLU change the root mean square of a random signal, if weights and signal know
    nothing of each other (He et al. 2015, eq. 8). He's start has 1, LeCun's 0.71, torch's default 0.41.
    """
    return math.sqrt(s.layer.fan_in * (s.moments.sd**2 + s.moments.mean**2) / 2)


def findings(studies: Sequence[Facts], every: Sequence[Layer]) -> Iterator[Finding]:
    """Yield layers of unusual size, and whether a signal would fade or explode through depth."""
    # A batch norm's gain and its two running statistics are one layer: their names share the module.
    normed = {names.base(layer.name) for layer in every if layer.kind == "norm"}
    able = [s for s in studies if s.start and s.layer.kind != "embedding"]
    for s in able:
        size = gain(s)
        if not 1 / TIMES < size < TIMES:
            key = "large" if size > 1 else "small"
            numbers: Numbers = {"sd": s.moments.sd, "gain": size, "control": TORCH, "fan_in": s.layer.fan_in}
            yield Finding(key, s.name, numbers, "scale", 0.35 if normed else 0.65)
    chain = longest_chain([s for s in able if s.layer.kind in ("linear", "convolution")])
    if len(chain) >= DEEP and not normed:
        yield _through(chain)
    if normed and able:
        yield Finding("normed", "", {"layers": len(normed)}, "cures", 0.1)


def longest_chain(studies: Sequence[Facts]) -> list[Facts]:
    """Return the longest run of layers in file order of which each has as many inputs as the one before has units."""
    best: list[Facts] = []
    run: list[Facts] = []
    for s in studies:
        run = [*run, s] if run and inputs(s) == run[-1].layer_rows else [s]
        best = max(best, run, key=len)
    return best


def inputs(s: Facts) -> int:
    """Return the number of inputs, of a convolution: of input channels."""
    return s.layer.fan_in // math.prod(s.layer.kernel)


def _through(chain: Sequence[Facts]) -> Finding:
    """Say what becomes of a signal, beside the same layers started by torch's default."""
    logs = [math.log10(max(gain(s), 1e-30)) for s in chain]
    total, control = sum(logs), len(chain) * math.log10(TORCH)
    key, weight = "through", 0.3
    if total < math.log10(FADES):
        key, weight = "fades", 0.6
    elif total > -math.log10(FADES):
        key, weight = "explodes", 0.6
    numbers: Numbers = {
        "layers": len(chain),
        "factor": 10 ** max(-99, min(99, total)),
        "torch": 10 ** max(-99, control),
        "he": 1.0,
        "control": 1.0,
    }
    return Finding(key, "", numbers | {"first": chain[0].name, "last": chain[-1].name}, "scale", weight)
