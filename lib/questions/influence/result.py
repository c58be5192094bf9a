"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.question import Thumbnail
from lib.questions.influence.config import BITS, EFFECTS, NOISE, ORDERS, PREDICTORS, SHARES
from lib.types import Array

LARGEST = 5  # weights of a unit that are pointed out
LEARNED = 0.3  # test accuracy from which a network has learned something


@dataclass(frozen=True)
class Result:
    """R repeats, H units; effects and predictors in the order of EFFECTS and PREDICTORS."""

    config: Any  # the Influence of the run
    accuracy: Array  # (R,) test accuracy of the whole network
    weights: Array  # (R, H, 64) of the first layer
    size: Array  # (64,) mean absolute value of each input over the training digits
    live: Array  # (64,) bool: inputs that are not the same in every training digit
    effects: Array  # (3, R, H, 64) change when the weight alone is zero: unit (absolute), loss, accuracy
    moved: Array  # (R, H, 64) mean change of the unit, its direction kept
    correlation: Array  # (3, 5, R) rank correlation of each absolute effect with each predictor
    pruned: Array  # (4, len(SHARES), R) test accuracy by order of removal
    kept: Array  # (4, 8, 64) 1 where the first network keeps a weight: whole, then cut in three orders
    repaired: Array  # (4, R) test accuracy of the network cut by the chosen share and trained on
    gap: float  # largest difference of an output that rescaling makes
    scaled_correlation: Array  # (R,) of the rescaled magnitudes with the effects on the loss
    trapped: Array  # (len(SHARES), R) the rescaled network, smallest first
    noise: Array  # (len(NOISE), R)
    bits: Array  # (len(BITS), R)
    start: Array  # (R, H, 64) starting weights of the first layer

    @property
    def learned(self) -> bool:
        """Whether the median network reads enough digits to ask what its weights are worth."""
        return bool(np.median(self.accuracy) >= LEARNED)

    def clouds(self) -> list[tuple[Array, Array, Array]]:
        """Magnitude, and that times the mean input; chosen effect; mean input: of the first network, (H 64,) each."""
        # For logarithmic axes: what is less than 1e-4 of the largest stands at 1e-4 of it.
        w, effect = np.abs(self.weights[0]), np.abs(self.effects[EFFECTS.index(self.config.effect), 0])
        x, y, z = (np.maximum(v, 1e-4 * max(v.max(), 1e-12)).ravel() for v in (w, effect, w * self.size))
        shade = np.tile(self.size, len(w))
        return [(x, y, shade), (z, y, shade)]

    def one_unit(self, unit: int) -> tuple[Array, Array, Array]:
        """A unit of the first network: weights, mean inputs, and what each weight alone changes, (1, 8, 8) each."""
        effect = np.abs(self.effects[EFFECTS.index(self.config.effect), 0, unit])
        weights, size, effect = (v.reshape(1, 8, 8) for v in (self.weights[0, unit], self.size, effect))
        return weights, size, effect

    def largest(self, unit: int) -> list[tuple[int, int]]:
        """The LARGEST largest weights, the largest first: which input, and the place of its effect among 64."""
        effect = np.abs(self.effects[EFFECTS.index(self.config.effect), 0, unit])
        first = np.argsort(-np.abs(self.weights[0, unit]), kind="stable")[:LARGEST]
        return [(int(k), 1 + int((effect > effect[k]).sum())) for k in first]

    def cut_and_repaired(self) -> Array:
        """Test accuracy in per cent at the chosen cut, before and after training on: (2, R, 4)."""
        return 100 * np.stack([self.pruned[:, SHARES.index(self.config.cut)].T, self.repaired.T])

    def roughened(self) -> list[tuple[str, list[str], Array]]:
        """Noise and bits: the name, the settings, test accuracy in per cent (settings, R, 1)."""
        both = (("noise", NOISE, self.noise), ("bits", BITS, self.bits))
        return [(name, [f"{s:g}" for s in settings], 100 * v[:, :, None]) for name, settings, v in both]

    def pictures(self) -> Array:
        """First-layer weights of eight units, whole and cut in three orders: (1, 32, 8, 8)."""
        return (self.kept * self.weights[0, :8]).reshape(1, 32, 8, 8)

    def orders(self) -> tuple[list[str], Array]:
        """Shares removed, test accuracy by share and order, then of the rescaled network (S, R, 5), in per cent."""
        return [f"{100 * s:g}" for s in SHARES], 100 * np.concatenate([self.pruned, self.trapped[None]]).transpose(
            1, 2, 0
        )

    def over_shares(self) -> pd.DataFrame:
        """Medians of the curves."""
        return pd.DataFrame(np.median(self.orders()[1], 1), columns=[*ORDERS, "rescaled"]).assign(removed=SHARES)

    def thumbnail(self) -> Thumbnail:
        """The run in a small picture."""
        return Thumbnail.lines(self.orders()[1][:, :, :3])

    def table(self) -> pd.DataFrame:
        """One row per repeat: correlations, and accuracy at the chosen cut."""
        at = SHARES.index(self.config.cut)
        columns = {"repeat": np.arange(len(self.accuracy)), "test_accuracy": self.accuracy}
        for effect, rows in zip(EFFECTS, self.correlation, strict=True):
            columns |= {f"rho_{effect}_{p}": row for p, row in zip(PREDICTORS, rows, strict=True)}
        for k, order in enumerate(ORDERS):
            columns |= {f"cut_{order}": self.pruned[k, at], f"repaired_{order}": self.repaired[k]}
        return pd.DataFrame(columns | {"cut_rescaled": self.trapped[at]})

    def first_network(self) -> pd.DataFrame:
        """One row per first-layer weight of the first network."""
        units, inputs = np.indices(self.weights[0].shape)
        columns = {"of_unit": units, "of_input": inputs, "weight": self.weights[0], "mean_input": self.size[inputs]}
        columns |= {f"change_of_{effect}": self.effects[k, 0] for k, effect in enumerate(EFFECTS)}
        columns["unit_moved_by"] = self.moved[0]
        return pd.DataFrame({name: values.ravel() for name, values in columns.items()})
