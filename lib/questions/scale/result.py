"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.question import Thumbnail
from lib.questions.scale.config import GAINS, MAP_GAINS, near
from lib.types import Array

REACHES = (2, 5, 10, 20, 40, 60)  # ends of the axes


@dataclass(frozen=True)
class Result:
    """L layers, G sizes of the weights (`GAINS`), R repeats; sizes of signals are powers of ten."""

    config: Any  # the Scale of the run
    sigma: float  # the scheme's standard deviation times sqrt(width), at gain 1
    signal: Array  # (gains `near`, L + 1, units drawn) one signal on its way through the first network
    forward: Array  # (L + 1, G, R) of the activations, the input first
    backward: Array  # (L + 1, G, R) of the gradients, the output's last
    forward_theory: Array  # (L + 1, G)
    backward_theory: Array  # (L + 1, G)
    balanced: float  # sigma at which, by theory, the gradient comes back as large as it started
    papers: Array  # (len(PAPERS), 2, R) the signal at the top, the gradient at the bottom
    learned: Array  # (len(MAP_GAINS), len(MAP_DEPTHS), R) share of the training digits, or empty: not asked for
    balanced_map: float  # `balanced` for the deepest networks of the map

    @property
    def chosen(self) -> int:
        """Index of the chosen gain."""
        return GAINS.index(self.config.gain)

    def ends(self) -> Array:
        """The signal at the top and the gradient at the bottom, for every gain: (G, R, 2)."""
        return np.stack([self.forward[-1], self.backward[0]], 2)

    def near(self) -> list[int]:
        """Indices of the chosen gain and of those nearest to 0.7 and 1.4 times it, the smallest first."""
        return near(self.config.gain)

    def layers(self) -> dict[str, tuple[Array, Array]]:
        """Activations and gradients at the gains `near`: measured (L + 1, R, gains) and theory's (L + 1, gains)."""
        near = self.near()
        pairs = {
            "forward": (self.forward, self.forward_theory),
            "backward": (self.backward, self.backward_theory),
        }
        return {k: (measured[:, near].swapaxes(1, 2), expected[:, near]) for k, (measured, expected) in pairs.items()}

    def strips(self) -> list[tuple[float, float]]:
        """Per gain of `near` the gain, and the median size at which the signal arrives, as a power of ten."""
        return [(GAINS[k], float(np.median(self.forward[-1, k]))) for k in self.near()]

    def over_units(self) -> dict[str, Array]:
        """What the strips show: the layer, and the units' values in a column each, gain by gain."""
        gains, layers, units = self.signal.shape
        cells = self.signal.reshape(-1, units)
        return {
            "gain": np.repeat([GAINS[k] for k in self.near()], layers),
            "layer": np.tile(self.levels, gains),
            **{f"unit_{u + 1}": cells[:, u] for u in range(units)},
        }

    @property
    def levels(self) -> Array:
        """The layers' numbers, 0 for the input: (L + 1,)."""
        return np.arange(len(self.forward))

    def reach(self, values: Array) -> tuple[float, float]:
        """Range of an axis, one of a few, so that pictures stay comparable."""
        most = float(np.abs(values).max())
        reach = next((r for r in REACHES if most <= 0.97 * r), REACHES[-1])
        return (-reach, reach)

    def over_layers(self, side: str) -> pd.DataFrame:
        """Medians and theory, layer by layer, of one side of `layers`."""
        measured, expected = self.layers()[side]
        columns = [f"gain_{GAINS[k]:g}{kind}" for kind in ("", "_theory") for k in self.near()]
        table = pd.DataFrame(np.concatenate([np.median(measured, 1), expected], 1), columns=columns)
        return table.assign(layer=self.levels)

    def over_gains(self) -> pd.DataFrame:
        """Medians of the ends, and theory."""
        expected = np.stack([self.forward_theory[-1], self.backward_theory[0]], 1)
        columns = ["signal_at_top", "gradient_at_bottom", "signal_theory", "gradient_theory"]
        table = pd.DataFrame(np.concatenate([np.median(self.ends(), 1), expected], 1), columns=columns)
        return table.assign(gain=GAINS, weight_sd=self.deviations())

    def deviations(self) -> Array:
        """Standard deviation of one weight, for every gain."""
        return np.array(GAINS) * self.sigma / self.config.width**0.5

    def map(self) -> Array:
        """Median share of the digits learned by heart, in per cent: (map gains, map depths)."""
        return 100 * np.median(self.learned, 2)

    def map_row(self) -> int:
        """The map's row whose size is nearest to theory's."""
        return int(np.argmin(np.abs(np.log(np.array(MAP_GAINS) * self.sigma / self.balanced_map))))

    def thumbnail(self) -> Thumbnail:
        """The run in a small picture."""
        return Thumbnail.lines(np.clip(self.forward[:, ::2].swapaxes(1, 2), -8, 8))

    def table(self) -> pd.DataFrame:
        """One row per gain and repeat."""
        repeats = self.forward.shape[2]
        return pd.DataFrame(
            {
                "gain": np.repeat(GAINS, repeats),
                "weight_sd": np.repeat(self.deviations(), repeats),
                "repeat": list(range(repeats)) * len(GAINS),
                "log10_signal_at_top": self.forward[-1].ravel(),
                "log10_gradient_at_bottom": self.backward[0].ravel(),
            }
        )
