"""All that is measured on one layer, small enough to keep for every layer of a network."""

from dataclasses import dataclass

from lib.your_network.contract import Layer
from lib.your_network.examination.alike import Alike, alike
from lib.your_network.examination.starts import Start, Still, start, still_inputs
from lib.your_network.examination.study import Moments, study
from lib.your_network.examination.values import Values, values


@dataclass(frozen=True, eq=False)
class Facts:
    """One layer's measurements; None for what cannot be measured on NaN, infinite or all equal numbers."""

    layer: Layer
    moments: Moments
    start: Start | None
    still: Still | None
    alike: Alike | None
    values: Values | None

    @property
    def name(self) -> str:
        """Return the layer's name."""
        return self.layer.name

    @property
    def answer(self) -> str:
        """Return "fresh", "moved" or "few" (too few weights to tell); "" if nothing can be told."""
        return self.start.answer if self.start else ""

    @property
    def layer_rows(self) -> int:
        """Return the number of units."""
        return 0 if self.layer.matrix is None else len(self.layer.matrix)


def measured(layer: Layer, stored: str) -> Facts:
    """Measure a layer that is a weight."""
    assert layer.matrix is not None
    s = study(layer, layer.matrix, stored)
    if not s.sound:
        return Facts(layer, s.moments, None, None, None, None)
    return Facts(layer, s.moments, start(s), still_inputs(s), alike(s), values(s))
