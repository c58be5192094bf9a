"""What a run gave."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from lib.questions.influence.config import EFFECTS, ORDERS, PREDICTORS, SHARES
from lib.types import Array

LARGEST = 5  # weights of a unit that are pointed out
LEARNED = 0.3  # test accuracy from which a network has learned something


class Deleted(NamedTuple):
    """What deleting one weight of a unit changes; places are among the unit's weights, 1 the largest."""

    weight: float
    by_size: int
    input: float  # mean size of its input
    product: float  # its size times that
    by_product: int
    change: float  # of what is asked about, with its sign
    by_damage: int
    before: int  # test digits read rightly
    after: int


@dataclass(frozen=True)
class Result:
    """R repeats, H units; effects and predictors in the order of EFFECTS and PREDICTORS."""

    config: Any  # the Influence of the run
    accuracy: Array  # (R,) test accuracy of the whole network
    tested: int  # test digits
    weights: Array  # (R, H, 64) of the first layer
    size: Array  # (64,) mean absolute value of each input over the training digits
    effects: Array  # (3, R, H, 64) change when the weight alone is zero: unit (absolute), loss, accuracy
    moved: Array  # (R, H, 64) mean change of the unit, its direction kept
    correlation: Array  # (3, 3, R) rank correlation of each absolute effect with each predictor
    pruned: Array  # (4, len(SHARES), R) test accuracy by order of removal
    repaired: Array  # (4, R) test accuracy of the network cut by the chosen share and trained on
    trapped: Array  # (len(SHARES), R) the rescaled network, smallest first
    network: dict[str, Array]  # the first one, whole, by name

    @property
    def learned(self) -> bool:
        """Whether the median network reads enough digits to ask what its weights are worth."""
        return bool(np.median(self.accuracy) >= LEARNED)

    def one_unit(self, unit: int) -> Array:
        """A unit of the first network: weights, mean inputs, size times input, what each changes: (4, 1, 8, 8)."""
        effect = np.abs(self.effects[EFFECTS.index(self.config.effect), 0, unit])
        w = self.weights[0, unit]
        return np.stack([w, self.size, np.abs(w) * self.size, effect]).reshape(4, 1, 8, 8)

    def ring(self, at: int) -> Array:
        """Where the weight on input `at` stands, (1, 8, 8) bool."""
        return (np.arange(64) == at).reshape(1, 8, 8)

    def largest(self, unit: int) -> list[int]:
        """Which inputs the LARGEST largest weights of a unit of the first network are on, the largest first."""
        return np.argsort(-np.abs(self.weights[0, unit]), kind="stable")[:LARGEST].tolist()

    def deleted(self, unit: int, at: int) -> Deleted:
        """What deleting the weight of the first network's unit on input `at` changes."""
        weights, effects = self.weights[0, unit], self.effects[:, 0, unit]
        change, product = effects[EFFECTS.index(self.config.effect)], np.abs(weights) * self.size
        places = [1 + int((np.abs(v) > np.abs(v[at])).sum()) for v in (weights, product, change)]
        accuracy = np.array([0, effects[EFFECTS.index("accuracy"), at]]) + self.accuracy[0]
        before, after = np.rint(self.tested * accuracy).astype(int).tolist()
        return Deleted(
            weight=float(weights[at]), by_size=places[0], input=float(self.size[at]), product=float(product[at]),
            by_product=places[1], change=float(change[at]), by_damage=places[2], before=before, after=after,
        )  # fmt: skip

    def orders(self) -> tuple[list[str], Array]:
        """Shares removed, test accuracy by share and order, then of the rescaled network (S, R, 5), in per cent."""
        return [f"{100 * s:g}" for s in SHARES], 100 * np.concatenate([self.pruned, self.trapped[None]]).transpose(
            1, 2, 0
        )

    def over_shares(self) -> pd.DataFrame:
        """Medians of the curves."""
        return pd.DataFrame(np.median(self.orders()[1], 1), columns=[*ORDERS, "rescaled"]).assign(removed=SHARES)

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
