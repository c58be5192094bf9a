"""What is kept of an examination, from its layers: histograms in common units, and filters as pictures."""

from collections.abc import Iterator, Sequence

import numpy as np

from lib.types import Numbers
from lib.your_network.config import YourNetwork
from lib.your_network.contract import Examination, Finding, Layer
from lib.your_network.examination import fresh
from lib.your_network.examination.pictures import pictures
from lib.your_network.report import Report, Shape

MOST = 60  # layers that are drawn, those with the most telling findings first
BINS = 60  # an even number, so that zero is an edge
REACH = 4.0  # of a histogram, in root mean squares of the layer
ALIKE = 3  # findings of one kind that are told in full
FILTERS = 32  # of a layer's, as pictures


def report(config: YourNetwork, name: str, found: Examination, file: bytes = b"") -> Report:
    """Return what is kept of an examination."""
    weights = found.weights
    drawn = [layer for layer in _ordered(found) if layer.matrix is not None and np.isfinite(layer.matrix).all()]
    return Report(
        config=config, name=name, format=weights.format, arrays=len(weights.arrays),
        layers=sum(layer.matrix is not None for layer in found.layers),
        weights=sum(layer.matrix.size for layer in found.layers if layer.matrix is not None),
        findings=tuple(_few_of_each(found.findings)), notes=weights.notes, skipped=dict(weights.skipped),
        shapes=tuple(_shape(layer) for layer in drawn[:MOST]), numbers=found.table, file=file,
    )  # fmt: skip


def _few_of_each(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the first of each kind, and one that names the layers of all further ones behind them."""
    kinds: dict[str, list[Finding]] = {}
    for finding in findings:
        kinds.setdefault(finding.key, []).append(finding)
    for finding in findings:
        same = kinds[finding.key]
        place = next(k for k, one in enumerate(same) if one is finding)
        if place < ALIKE:
            yield finding
        elif place == ALIKE:
            numbers: Numbers = {"count": len(same) - ALIKE, "layers": ", ".join(one.layer for one in same[ALIKE:])}
            yield Finding("more", "", numbers, finding.question, finding.weight)


def _ordered(found: Examination) -> Sequence[Layer]:
    """The layers that are weights, those that a finding speaks of first, then as in the file."""
    told = [finding.layer for finding in found.findings if finding.layer]
    known = {layer.name: layer for layer in found.layers if layer.matrix is not None and layer.matrix.size}
    return [known[name] for name in dict.fromkeys([*told, *known]) if name in known]


def _shape(layer: Layer) -> Shape:
    assert layer.matrix is not None
    rms = float(np.sqrt(np.square(layer.matrix, dtype=np.float64).mean()))
    unit = rms or 1.0
    edges = np.linspace(-REACH, REACH, BINS + 1)
    start = fresh.schemes(layer)[0]
    shown = pictures(layer, FILTERS)
    return Shape(
        layer=layer.name, rms=rms, edges=edges, density=100 * fresh.histogram(layer.matrix, edges * unit),
        outline=100 * fresh.outline(start, edges * unit), negative=float((layer.matrix < 0).mean()),
        positive=float((layer.matrix > 0).mean()),
        filters=None if shown is None else shown.astype(np.float32),
    )  # fmt: skip
