"""What a run of `lib.experiments.influence` gave, and the sentences that its numbers choose."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.config import Verdict

Array = np.ndarray[Any, Any]
Numbers = dict[str, float | int | str]
Floats = dict[str, float]

EFFECTS = ("unit", "loss", "accuracy")
PREDICTORS = ("magnitude", "one_unit", "one_pixel", "with_input", "with_both")
ORDERS = ("smallest", "random", "largest", "smallest_input")
SHARES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.98)
NOISE = (0.0, 0.1, 0.3, 0.5, 1.0)  # standard deviation, in those of the layer's weights
BITS = (8, 4, 3, 2, 1)
LEARNED = 0.3  # test accuracy from which a network has learned something
CLAUSE, NOTHING = 0.1, 0.2  # rank correlation by which the clause has to help, and that counts as none
COST = 0.02  # accuracy that counts as lost


@dataclass(frozen=True)
class Result:
    """R repeats, H units; effects and predictors in the order of EFFECTS and PREDICTORS."""

    config: Any  # the Influence of the run
    accuracy: Array  # (R,) test accuracy of the whole network
    weights: Array  # (R, H, 64) of the first layer
    size: Array  # (64,) mean absolute value of each input over the training digits
    live: Array  # (64,) bool: inputs that are not the same in every training digit
    effects: Array  # (3, R, H, 64) change when the weight alone is zero: unit (absolute), loss, accuracy
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
    def verdicts(self) -> dict[str, Verdict]:
        """The sentences that the data choose, with their numbers."""
        asked = {"main": main, "single": single, "dead": dead, "cut": cut, "trap": trap, "rough": rough}
        found = {name: ask(self) for name, ask in asked.items()}
        if not self.learned:
            found |= {n: Verdict(f"{n}_unlearned", found[n].numbers) for n in ("single", "cut", "trap", "rough")}
        return found

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
        return pd.DataFrame({name: values.ravel() for name, values in columns.items()})


def main(result: Result) -> Verdict:
    """Does the magnitude tell what a weight matters, and does the clause help?"""
    found = np.median(result.correlation[EFFECTS.index(result.config.effect)], 1)
    numbers: Numbers = dict(zip(PREDICTORS, found.tolist(), strict=True))
    numbers |= {"effect": result.config.effect, "repeats": len(result.accuracy), "weights": result.weights[0].size}
    numbers["accuracy"] = float(np.median(result.accuracy))
    return Verdict(_key(result, found), numbers)


def _key(result: Result, found: Array) -> str:
    magnitude, _, one_pixel, with_input, _ = found
    if not result.learned and result.config.effect != "unit":
        return "unlearned"
    if max(magnitude, one_pixel, with_input) < NOTHING:
        return "none"
    return "clause" if with_input - magnitude >= CLAUSE else "plain"


def single(result: Result) -> Verdict:
    """What is lost with a single weight?"""
    _, loss, accuracy = result.effects.reshape(3, len(result.accuracy), -1)
    place = np.abs(loss).argmax(1)
    largest = np.abs(result.weights).reshape(len(place), -1).argmax(1)
    of = np.arange(len(place))
    rank = (np.abs(loss) > np.abs(loss)[of, largest][:, None]).sum(1) + 1
    numbers: Floats = {
        "same": float(np.median((accuracy == 0).mean(1))),
        "better": float(np.median((loss < 0).mean(1))),
        "worst": float(-accuracy.min()),
        "weights": float(loss.shape[1]),
    } | {"first": float(rank.min()), "last": float(rank.max())}
    return Verdict("single_spare" if numbers["same"] >= 0.5 else "single_missed", {**numbers})


def dead(result: Result) -> Verdict:
    """What do weights of inputs that never change tell?"""
    still = ~result.live
    if not still.any():
        return Verdict("dead_none", {})
    w, start = np.abs(result.weights[..., still]), np.abs(result.start[..., still])
    numbers: Numbers = {
        "count": int(still.sum()),
        "still": float(w.mean()),
        "moving": float(np.abs(result.weights[..., result.live]).mean()),
        "effect": float(np.abs(result.effects[1][..., result.size == 0]).max()),
        "ratio": float(w.sum() / start.sum()),
        "theory": (1 - 0.005 * result.config.decay) ** result.config.steps,
    }
    return Verdict("dead_kept" if (w == start).all() else "dead_shrunk", numbers)


def cut(result: Result) -> Verdict:
    """What is lost with many weights, and does training on bring it back?"""
    at = SHARES.index(result.config.cut)
    numbers: Floats = {"cut": result.config.cut, "steps": float(result.config.repair)}
    numbers["whole"] = float(np.median(result.accuracy))
    for k, order in enumerate(ORDERS):
        numbers[order] = float(np.median(result.pruned[k, at]))
        numbers[f"{order}_repaired"] = float(np.median(result.repaired[k]))
    if numbers["smallest"] - max(numbers["random"], numbers["largest"]) < COST:
        return Verdict("cut_alike", {**numbers})
    return Verdict("cut_ordered" if result.config.repair else "cut_unrepaired", {**numbers})


def trap(result: Result) -> Verdict:
    """Does the same function in other numbers keep its magnitudes' meaning?"""
    at = SHARES.index(0.5)
    numbers: Floats = {
        "largest": 2.0**result.config.rescale,
        "gap": result.gap,
        "before": float(np.median(result.correlation[1, 0])),
        "after": float(np.median(result.scaled_correlation)),
        "cut": SHARES[at],
    }
    numbers |= {
        "cut_before": float(np.median(result.pruned[0, at])),
        "cut_after": float(np.median(result.trapped[at])),
    }
    if result.config.rescale == 0:
        return Verdict("trap_none", {**numbers})
    if result.gap > 0:
        return Verdict("trap_broken", {**numbers})
    return Verdict("trap_shut" if numbers["cut_before"] - numbers["cut_after"] > COST else "trap_small", {**numbers})


def rough(result: Result) -> Verdict:
    """How exact must weights be?"""
    numbers: Floats = {"whole": float(np.median(result.accuracy))}
    numbers |= {f"noise_{k}": float(np.median(v)) for k, v in enumerate(result.noise)}
    numbers |= {f"bits_{b}": float(np.median(v)) for b, v in zip(BITS, result.bits, strict=True)}
    lost = numbers["noise_0"] - min(numbers["noise_1"], numbers["bits_4"])
    return Verdict("rough_enough" if lost < COST else "rough_not", {**numbers})
