"""What a run gave.

Medians are over the sound repeats (neither diverged nor dead); shares are between 0 and 1.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.members import Members, members
from lib.questions.negative_weights.config import PAIR
from lib.types import Array


@dataclass(frozen=True)
class Pair:
    """ReLU and Leaky ReLU (the first axis) from the same starting draws, over R = 10 repeats and L layers."""

    share: Array  # (2, R, L) share of negative weights at the end
    sound: Array  # (2, R) bool: neither diverged nor dead


@dataclass(frozen=True)
class Result:
    """What the trainings gave; R repeats, L layers, S steps, F frames, O x I one layer's weights."""

    config: Any  # the NegativeWeights of the run
    layers: tuple[str, ...]  # "1", "2", ...
    filters: tuple[bool, ...]  # whether the layer is a convolution
    epoch: int  # steps per pass over the training digits
    steps: Array  # (S,)
    share: Array  # (S, R, L) share of negative weights
    bias_share: Array  # (R, L) share of negative biases at the end (all start at 0)
    first: Array  # (R, L) step after which the first weight is negative, -1 if never
    smallest: Array  # (R, L) smallest starting weight
    earliest: Array  # (R, L) Adam's theorem: no weight can be negative before this step; 0 if it says nothing
    reach: float  # how far Adam can have moved a weight in all steps; 0 with the other optimisers
    accuracy: Array  # (R,) share of test digits recognised at the end
    diverged: Array  # (R,) step at which a network diverged, -1 otherwise
    dead: Array  # (R,) bool: gives the same answer to every image
    frames: Array  # (F,) steps at which weights were kept
    edges: tuple[Array, ...]  # L times (B + 1,) bin edges of the histograms
    density: tuple[Array, ...]  # L times (F, B) share of weights per bin, pooled over repeats
    weights: tuple[Array, ...]  # L times (F, O, I) weights of the first sound repeat
    pair: Pair
    network: dict[str, Array]  # of the first sound repeat at the end, by name

    @property
    def members(self) -> Members:
        """What became of the repeats."""
        return members(self.diverged, self.dead)

    @property
    def sound(self) -> Array:
        """(R,) bool: the repeats that count; all figures speak of them."""
        return self.members.sound

    def shown(self, values: Array) -> Array:
        """Of values (S, R, ...) the sound repeats; all of them if none is sound."""
        return values[:, self.sound] if self.sound.any() else values

    @property
    def medians(self) -> list[float]:
        """Median share of negative weights per layer at the end."""
        return np.median(self.shown(self.share)[-1], 0).tolist()

    @property
    def highest(self) -> float:
        """Upper end of the axes for shares: 60 % unless the run needs more, so that pictures stay comparable."""
        return 0.6 if self.shown(self.share).max() <= 0.58 else 1.02

    def moments(self) -> Array:
        """Median share of negative weights at each frame (F, L), over the networks that the answer is about."""
        return np.asarray(np.median(self.shown(self.share)[np.searchsorted(self.steps, self.frames)], axis=1))

    def tile(self, layer: int) -> int:
        """The side of what a unit of this layer looks at: 8 (pixels), 3 (a filter), or 0 where it is no picture."""
        return 3 if self.filters[layer] else 0 if layer else 8

    def over_steps(self) -> pd.DataFrame:
        """The main figure's lines: per step the median share of negative weights of each layer."""
        medians = np.median(self.shown(self.share), 1)  # (S, L)
        return pd.DataFrame(medians, columns=[f"layer_{n}" for n in self.layers]).assign(step=self.steps)

    def table(self) -> pd.DataFrame:
        """One row per repeat and layer: the numbers behind verdict and figures."""
        repeats, layers = self.first.shape
        return pd.DataFrame(
            {
                "repeat": np.repeat(np.arange(repeats), layers),
                "layer": [int(layer) for layer in self.layers] * repeats,
                "negative_start": self.share[0].ravel(),
                "negative_end": self.share[-1].ravel(),
                "negative_biases_end": self.bias_share.ravel(),
                "first_negative_step": self.first.ravel(),
                "smallest_start_weight": self.smallest.ravel(),
                "not_before_step": self.earliest.ravel(),
                "test_accuracy": np.repeat(self.accuracy, layers),
                "diverged_at_step": np.repeat(self.diverged, layers),
                "dead": np.repeat(self.dead, layers),
                **{f"{name}_negative_end": self._padded(k) for k, name in enumerate(PAIR)},
            }
        )

    def _padded(self, activation: int) -> Array:
        """One half of the pair as a column of the table, empty where a repeat has no pair."""
        column = np.full(self.first.size, np.nan)
        column[: self.pair.share[activation].size] = self.pair.share[activation].ravel()
        return column
