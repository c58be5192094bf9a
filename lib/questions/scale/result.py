"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.questions.scale.config import GAINS, MAP_GAINS, near
from lib.types import Array

NEXT = 1.25  # times theory's gain, or less: another row of the map would not be nearer
REACHES = (2, 5, 10, 20, 40, 60)  # ends of the axes


@dataclass(frozen=True)
class Result:
    """L layers, G sizes of the weights (`GAINS`), R repeats; sizes of signals are powers of ten."""

    config: Any  # the Scale of the run
    sigma: float  # the scheme's standard deviation times sqrt(width), at gain 1
    ways: Array  # (gains `near`, 2, L + 1, units drawn) a signal's way through the first network, a gradient's back
    forward: Array  # (L + 1, G, R) of the activations, the input first
    backward: Array  # (L + 1, G, R) of the gradients, the output's last
    theory: Array  # (G, 2) of the signal at the top and the gradient at the bottom
    balanced: float  # sigma at which, by theory, the gradient comes back as large as it started
    papers: Array  # (len(PAPERS), 2, R) the signal at the top, the gradient at the bottom
    learned: Array  # (len(MAP_GAINS), len(MAP_DEPTHS), R) share of the training digits, or empty: not asked for
    balanced_map: float  # `balanced` for the deepest networks of the map
    network: dict[str, Array]  # the first one at the chosen gain, by name; empty if it has more than half a megabyte

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

    def arrivals(self) -> list[tuple[float, float, float, float]]:
        """Per gain of `near` it, the weights' deviation, and at which powers of ten signal and gradient arrive."""
        ends, deviations = np.median(self.ends(), 1), self.deviations()
        return [(GAINS[k], float(deviations[k]), *ends[k].tolist()) for k in self.near()]

    def over_units(self) -> dict[str, Array]:
        """What the strips show: gain and layer, and the units' values in a column each, there and back."""
        gains, _, layers, units = self.ways.shape
        there, back = self.ways.transpose(1, 0, 2, 3).reshape(2, -1, units)
        return {
            "gain": np.repeat([GAINS[k] for k in self.near()], layers),
            "layer": np.tile(self.levels, gains),
            **{f"unit_{u + 1}": there[:, u] for u in range(units)},
            **{f"gradient_{u + 1}": back[:, u] for u in range(units)},
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

    def over_gains(self) -> pd.DataFrame:
        """Medians of the ends, and theory."""
        columns = ["signal_at_top", "gradient_at_bottom", "signal_theory", "gradient_theory"]
        table = pd.DataFrame(np.concatenate([np.median(self.ends(), 1), self.theory], 1), columns=columns)
        return table.assign(gain=GAINS, weight_sd=self.deviations())

    def deviations(self) -> Array:
        """Standard deviation of one weight, for every gain."""
        return np.array(GAINS) * self.sigma / self.config.width**0.5

    def map(self) -> Array:
        """Median share of the digits learned by heart, in per cent: (map gains, map depths)."""
        return 100 * np.median(self.learned, 2)

    def map_row(self) -> int:
        """The map's row whose size is nearest to theory's; -1 where that is beyond all rows."""
        away = np.abs(np.log(np.array(MAP_GAINS) * self.sigma / self.balanced_map))
        return int(away.argmin()) if away.min() < np.log(NEXT) else -1

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
