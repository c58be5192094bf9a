"""What a run of `lib.experiments.null_space` gave, and the sentences that its numbers choose."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.config import Verdict

Array = np.ndarray[Any, Any]
Numbers = dict[str, float | int | str]

STARTS = ("gaussian", "orthogonal", "cosines", "constant", "jittered")
MOST = 0.9  # of the inputs told apart: nothing to speak of is lost
CLOSE = 0.05  # probes nearer than this count as the same


@dataclass(frozen=True)
class Result:
    """C starts (`STARTS`), R repeats, L = depth + 1 places from the input on (errors: from the output back)."""

    config: Any  # the NullSpace of the run
    inputs: int
    distinct: Array  # (C, R, L) inputs that can be told apart
    rank: Array  # (C, R, L) effective rank of the outputs about their mean
    back: Array  # (C, R, L) effective rank of the error signals
    angles: Array  # (C, R, L) degrees between two inputs
    angle_theory: Array  # (L,) for many Gaussian units, or (0,)
    probe: Array  # (C, R, L) share of new inputs that a linear reader gets right
    ratios: Array  # (C, R, P) squared distances after the first matrix over those before, 1 on average
    lost: Array  # (C, R) dimension of the first matrix's null space

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The sentences that the data choose, with their numbers."""
        return {
            "main": main(self),
            "backward": backward(self),
            "null": null(self),
            "distances": distances(self),
            "angle": angle(self),
            "deep": deep(self),
        }

    @property
    def starts(self) -> tuple[str, ...]:
        """The names of the starts."""
        return STARTS

    def layers(self) -> list[str]:
        """The layers' numbers, from the input, 0, on."""
        return [str(k) for k in range(self.distinct.shape[2])]

    def told_apart(self) -> Array:
        """Per cent of the inputs that can be told apart (C, R, L)."""
        return 100 * self.distinct / self.inputs

    def rank_range(self) -> float:
        """End of the effective rank's axis."""
        return max(2.0, 1.1 * float(np.median(self.rank, 1).max()))

    def with_theory(self) -> Array:
        """Angles of the Gaussian, orthogonal, cosine and constant starts, and theory if there is one (C', R, L)."""
        if not len(self.angle_theory):
            return self.angles[:4]
        return np.concatenate([self.angles[:4], np.broadcast_to(self.angle_theory, (1, *self.angles.shape[1:]))])

    def spread_by_start(self) -> Array:
        """Ratios of the first repeat's pairs (C, P, 1)."""
        return self.ratios[:, 0, :, None]

    def distances(self) -> pd.DataFrame:
        """One row per start: how the ratios are spread."""
        ratios = self.ratios.reshape(len(STARTS), -1)
        return pd.DataFrame({"start": STARTS, "mean": ratios.mean(1), "standard_deviation": ratios.std(1)})

    def errors(self) -> pd.DataFrame:
        """One row per start and layer on the way back."""
        layers = self.back.shape[2]
        return pd.DataFrame(
            {
                "start": np.repeat(STARTS, layers),
                "layers_back": list(range(layers)) * len(STARTS),
                "effective_rank": np.median(self.back, 1).ravel(),
            }
        )

    def table(self) -> pd.DataFrame:
        """One row per start and layer: medians."""
        layers = self.distinct.shape[2]
        columns = {
            "told_apart": self.distinct,
            "effective_rank": self.rank,
            "angle": self.angles,
            "probe": self.probe,
        }
        return pd.DataFrame(
            {"start": np.repeat(STARTS, layers), "layer": list(range(layers)) * len(STARTS)}
            | {name: np.median(values, 1).ravel() for name, values in columns.items()}
        )


def _last(values: Array, name: str) -> float:
    """Median at the last place of one start."""
    return float(np.median(values[STARTS.index(name), :, -1]))


def main(result: Result) -> Verdict:
    """How many inputs can be told apart at the end?"""
    numbers: Numbers = {
        "inputs": result.inputs,
        "depth": result.config.depth,
        "width": result.config.width,
        "jitter": result.config.jitter,
        "repeats": result.distinct.shape[1],
        "one_layer": float(np.median(result.distinct[STARTS.index("constant"), :, 1])),
        **{name: _last(result.distinct, name) for name in STARTS},
        **{f"rank_{name}": _last(result.rank, name) for name in STARTS},
    }
    most = MOST * result.inputs
    if float(numbers["gaussian"]) < most:
        return Verdict("random_forgets", numbers)
    if float(numbers["jittered"]) >= most:
        kept = float(numbers["rank_jittered"]) > float(numbers["rank_gaussian"]) / 2
        return Verdict("keeps" if kept else "crowded", numbers)
    return Verdict("forgets", numbers)


def backward(result: Result) -> Verdict:
    """How many of the errors' directions come back to the input?"""
    numbers: Numbers = {"errors": float(np.median(result.back[0, :, 0])),
                        **{name: _last(result.back, name) for name in STARTS}}  # fmt: skip
    return Verdict("back_one" if float(numbers["constant"]) < 1.01 else "back_more", numbers)


def null(result: Result) -> Verdict:
    """What does the first matrix alone lose?"""
    numbers: Numbers = {name: float(np.median(result.lost[k])) for k, name in enumerate(STARTS)}
    numbers |= {"width": result.config.width, "columns": 8 if result.config.data == "bits" else 64}
    if int(numbers["width"]) < int(numbers["columns"]):
        return Verdict("null_narrow", numbers)
    return Verdict("null_pattern" if numbers["cosines"] == 0 else "null_all", numbers)


def distances(result: Result) -> Verdict:
    """Do Gaussian weights keep distances as well as theory says?"""
    spread = [float(np.std(result.ratios[k])) for k in range(len(STARTS))]
    numbers: Numbers = dict(zip(STARTS, spread, strict=True))
    numbers |= {"theory": (2 / result.config.width) ** 0.5, "width": result.config.width}
    near = abs(spread[0] / float(numbers["theory"]) - 1) < 0.25
    return Verdict("distances_theory" if near else "distances_other", numbers)


def angle(result: Result) -> Verdict:
    """What becomes of the angle between two inputs?"""
    numbers: Numbers = {
        "start": result.config.angle,
        "depth": result.config.depth,
        **{name: _last(result.angles, name) for name in STARTS},
    }
    if result.config.activation == "identity":
        return Verdict("angle_linear", numbers)
    if len(result.angle_theory):
        return Verdict("angle_relu", numbers | {"theory": float(result.angle_theory[-1])})
    return Verdict("angle_tanh", numbers)


def deep(result: Result) -> Verdict:
    """What can a linear reader still tell at the end?"""
    numbers: Numbers = {name: _last(result.probe, name) for name in STARTS}
    numbers |= {"input": float(np.median(result.probe[0, :, 0])), "depth": result.config.depth}
    lost = float(numbers["input"]) - float(numbers["gaussian"])
    return Verdict("deep_kept" if lost < 2 * CLOSE else "deep_faded", numbers)
