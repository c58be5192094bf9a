"""Examine a network: measure every layer beside its controls, and choose the sentences that its numbers allow.

No sentence without its control: a fresh start of the same shape, or the same numbers in random places. Draws come
from seeds made of the layers' names, so that the same file gives the same examination.
"""

from collections.abc import Iterator, Sequence

from lib.types import Progress
from lib.your_network.contract import Examination, Finding, Layer, Weights
from lib.your_network.examination import centring, meaning, signs, sizes, symmetry, trained, traps
from lib.your_network.examination.facts import Facts, measured
from lib.your_network.examination.layers import MATRICES, layers_of
from lib.your_network.examination.table import tabulated


def examine(weights: Weights, progress: Progress | None = None) -> Examination:
    """Examine a network; deterministic. `progress` is told after every layer and may raise to give up."""
    every = layers_of(weights)
    told = [layer for layer in every if layer.kind in MATRICES and layer.matrix is not None and layer.matrix.size]
    known: list[Facts] = []
    for done, layer in enumerate(told, 1):
        known.append(measured(layer, weights.stored.get(layer.name.rpartition(" [")[0] or layer.name, "")))
        if progress:
            progress(done, len(told))
    found = sorted(_findings(known, every, weights), key=lambda finding: -finding.weight)
    return Examination(weights, every, tuple(found), tabulated(every, known))


def _findings(known: Sequence[Facts], every: Sequence[Layer], weights: Weights) -> Iterator[Finding]:
    yield from trained.findings(known)
    yield from signs.findings(known)
    yield from symmetry.findings(known)
    yield from sizes.findings(known, every)
    yield from meaning.findings(known)
    yield from centring.findings(known, every, weights.arrays)
    yield from traps.findings(known, every, weights)
