"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.questions.gabor.config import STRIDE
from lib.questions.gabor.hero import Row
from lib.questions.gabor.windows import Network, Scene, coded, judged
from lib.types import Array


@dataclass(frozen=True)
class Result:
    """Conditions: untrained, pictures, scrambled (or shuffled labels), no sparsity; R repeats, H filters."""

    config: Any  # the Gabor of the run
    own: bool  # learned from the reader's own picture
    steps: Array  # (F,)
    networks: tuple[Network, ...]  # the first repeat's of the pictures and of the control, best fit first
    scenes: tuple[Scene, ...]  # of each picture
    explained: Array  # (2, F) share of all windows together that their strongest filters explain, in a code
    fitted: Array  # (H, side, side) the Gabor functions beside them
    r2: Array  # (1 + C, R, H)
    edge: Array  # (1 + C, R, H) a good fit with a narrow window
    angle: Array  # (R, H) radians across the stripes, of the pictures' filters
    used: Array  # (1 + C, R, H) filters that count
    active: Array  # (C, R) share of active units
    firing: Array  # (2, R) share of filters in use, of the pictures and of the control; 1 without a code
    accuracy: Array  # (C, R) of telling real from scrambled, or (0, R)
    kurtosis: tuple[float, ...]  # of the pictures' patches and of the scrambled ones
    network: dict[str, Array]  # the pictures' of `networks` at the end, its filters in the same order, by name

    @property
    def sheets(self) -> Array:
        """The filters of the pictures' network (F, H, side, side), best fit first."""
        return self.networks[0].filters

    @property
    def counted(self) -> Array:
        """Which filters of the two networks, in their order, count as edge detectors (2, H)."""
        edges = (self.edge & self.used)[1:3, 0]
        return np.stack([e[best_first(r2)] for e, r2 in zip(edges, self.r2[1:3, 0], strict=True)])

    @property
    def coding(self) -> bool:
        """Whether it is a sparse code, and not a convolution that tells real from scrambled."""
        return self.explained.size > 0

    @property
    def pictures(self) -> list[str]:
        """The names of the scenes."""
        names = ["china", "flower"] if len(self.scenes) > 1 else [self.config.data]
        return ["own"] if self.own else names

    @property
    def headings(self) -> tuple[str, str]:
        """What the two rows of a window are called."""
        if not self.coding:
            return "true", "shuffled"
        named = self.config.data in ("scrambled", "white_noise")
        return "own" if self.own else self.config.data if named else "photograph", "twin"

    @property
    def moments(self) -> Array:
        """Which of the steps a window is shown at: fewer of many filters, so that a move stays small."""
        last = len(self.steps) - 1
        return np.unique(np.linspace(0, last, min(last + 1, 320 // self.config.filters)).round().astype(int))

    def window(self, picture: int, place: tuple[int, int]) -> list[Row]:
        """Return what the pictures' network and the control make of the window at a place (row, column).

        Of a code the control sees the window of the scrambled twin; labels are shuffled on the same pictures.
        """
        scene, made = self.scenes[picture], []
        for c, whole in enumerate(self.networks):
            network = Network(*(values[self.moments] for values in whole))
            kind = c if self.coding else 0
            window = scene.seen(kind)[place]
            if self.coding:
                found, every = coded(network, window), self.explained[c, self.moments]
            else:
                found = judged(network, window, STRIDE)
                every = np.append(np.full(len(self.moments) - 1, np.nan), self.accuracy[c, 0])
            made.append(Row(scene, kind, place, network, self.counted[c], self.used[1 + c, 0].sum(), found, every))
        return made

    def said(self, shown: list[Row]) -> dict[str, float]:
        """Return what the texts beside a window name."""
        first, control = shown
        return {
            "here": float(first.made.share[-1]),
            "here_control": float(control.made.share[-1]),
            "every": float(first.every[-1]),
            "every_control": float(control.every[-1]),
            "edges": int(first.counted.sum()),
            "edges_control": int(control.counted.sum()),
            "windows": sum(scene.windows[0, :, :, 0, 0].size for scene in self.scenes),
        }

    def summands(self, shown: list[Row]) -> pd.DataFrame:
        """Return the filters that are added up in some rows, the strongest first."""
        count = shown[0].made.chosen.shape[1]
        return pd.DataFrame(
            {
                "row": np.repeat(np.arange(1, len(shown) + 1), count),
                "filter": np.concatenate([row.made.chosen[-1] + 1 for row in shown]),
                "amount": np.concatenate([row.made.amounts[-1] for row in shown]),
                "edge_detector": np.concatenate([row.counted[row.made.chosen[-1]] for row in shown]),
                "share": np.repeat([row.made.share[-1] for row in shown], count),
                "share_of_all_windows": np.repeat([row.every[-1] for row in shown], count),
            }
        )

    def shares(self) -> Array:
        """Per cent of the filters that count which are edge detectors (1 + C, R)."""
        return 100 * (self.edge & self.used).sum(2) / self.used.sum(2)

    def medians(self) -> Array:
        """Median R^2 of the filters that count, in per cent (1 + C, R)."""
        return 100 * np.nanmedian(np.where(self.used, self.r2, np.nan), 2)

    def compared(self) -> Array:
        """Both of them, for the figure: (1 + C, R, 2)."""
        return np.stack([self.shares(), self.medians()], 2)

    def filters(self) -> pd.DataFrame:
        """The first network's filters, best fit first."""
        order = best_first(self.r2[1, 0])
        return pd.DataFrame(
            {
                "filter": np.arange(1, len(order) + 1),
                "r2": self.r2[1, 0][order],
                "edge_detector": self.edge[1, 0][order],
                "edge_degrees": np.degrees(self.angle[0][order] + np.pi / 2) % 180,
            }
        )

    def table(self) -> pd.DataFrame:
        """One row per condition and repeat."""
        count, repeats = self.shares().shape
        return pd.DataFrame(
            {
                "condition": np.repeat(np.arange(count), repeats),
                "repeat": list(range(repeats)) * count,
                "edge_detectors_percent": self.shares().ravel(),
                "median_r2_percent": self.medians().ravel(),
            }
        )


def best_first(r2: Array) -> Array:
    """Return the order of filters (H,) in which they are shown."""
    return np.argsort(-r2, kind="stable")
