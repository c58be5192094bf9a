"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.questions.conditioning.config import BIASES, OFFSETS
from lib.types import Array, Numbers


def bound(inputs: int, offset: float, bias: str) -> float:
    """Return the condition number of infinitely many samples: 1 + s with s = d mu^2; with a bias lambda^2.

    Its two special eigenvalues have the product 1 and the sum s + 2, so their ratio is the larger one squared.
    """
    s = inputs * offset**2
    return float(1 + s if bias == "without" else ((s + 2 + np.sqrt(s * (s + 4))) / 2) ** 2)


@dataclass(frozen=True)
class Planes:
    """The loss in a plane through the target, at the origin, for O offsets; T steps of descents from one place."""

    contours: Array  # (O, levels, 2, points) lines of equal loss
    walks: Array  # (O, T + 1, 2) at the rate that needs the fewest steps; they stand still when they have arrived
    steps: Array  # (O,) of these, until a tenth of the distance is left; may be more than T
    shares: Array  # (O,) that rate, in units of 2 / lambda_max in this plane
    own: Array  # (O, T + 1, 2) at the chosen share
    longer: Array  # (O,) times as long as wide
    inputs: Array  # (O, N, 2) two of the inputs, for N samples

    def panels(self, at: int) -> list[int]:
        """Which offsets stand side by side: none, and the chosen one if it is another."""
        return sorted({0, at})

    def drawn(self, at: int) -> int:
        """How many steps there are to see."""
        return int(min(self.steps[self.panels(at)].max(), self.walks.shape[1] - 1))

    def told(self, k: int) -> Numbers:
        """What is told of one offset."""
        return {"offset": OFFSETS[k], "longer": float(self.longer[k]), "steps": int(self.steps[k])}


@dataclass(frozen=True)
class Result:
    """R repeats, O offsets; the axis of 2 is (without, with) a bias."""

    config: Any  # the Conditioning of the run
    largest: Array  # (2, O, R) eigenvalue
    smallest: Array  # (2, O, R)
    theory: Array  # (2, O) condition number of infinitely many samples
    steps: Array  # (2, O, R) until 1 % of the loss is left, at the learning rate that needs the fewest
    best_share: Array  # (2, O, R) that learning rate, in units of 2 / largest
    late: Array  # (2, R) until a millionth of the loss is left, at the rate that needs the fewest; chosen offset
    own_steps: Array  # (R,) at the chosen one; -1: it diverges
    planes: Planes
    # the first repeat's neuron at the chosen offset, after `steps` at the rate that needs the fewest, by name; its
    # target has all parameters 0
    network: dict[str, Array]

    @property
    def kappa(self) -> Array:
        """Condition numbers (2, O, R)."""
        return self.largest / self.smallest

    @property
    def row(self) -> int:
        """Index of the chosen bias."""
        return BIASES.index(self.config.bias)

    @property
    def at(self) -> int:
        """Index of the chosen offset."""
        return OFFSETS.index(self.config.offset)

    def conditions(self) -> Array:
        """Condition numbers, measured and in closed form, without a bias and with one: (O, R, 4)."""
        theory = np.repeat(self.theory[:, :, None], self.kappa.shape[2], 2)
        return np.stack([self.kappa[0], theory[0], self.kappa[1], theory[1]], 2)

    def over_walk(self, walk: Array) -> dict[str, Array]:
        """A descent in the plane (T + 1, 2) as a table."""
        return {"step": np.arange(len(walk)), "along": walk[:, 0], "across_or_bias": walk[:, 1]}

    def ended(self) -> Numbers:
        """Where the descent at the chosen share ends, in straight distances from the target."""
        walk = self.planes.own[self.at]
        return {"left": float(np.linalg.norm(walk[-1]) / np.linalg.norm(walk[0])), "last": len(walk) - 1}

    def table(self) -> pd.DataFrame:
        """One row per bias, offset and repeat."""
        rows = pd.MultiIndex.from_product([BIASES, OFFSETS, range(self.largest.shape[2])])
        measured = {k: getattr(self, k).ravel() for k in ("largest", "smallest", "kappa", "steps", "best_share")}
        return rows.to_frame(index=False, name=["bias", "offset", "repeat"]).assign(**measured)
