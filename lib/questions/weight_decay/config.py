"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass
from typing import Any

from lib.config import Config, choice

SHIFTS = (0.0, 0.01, 0.03, 0.1, 0.3)  # constants added to every weight
SWEEP = (0.0, 0.0005, 0.0015, 0.005, 0.015, 0.05)  # lr * lambda: what training stands
SHRINKS = (*SWEEP, 0.5, 1.5, 2.5)
OPTIMISERS = {"plain": "sgd", "momentum": "momentum", "adam_l2": "adam", "adamw": "adamw"}  # the engine's names
STARTS: dict[str, dict[str, Any]] = {
    "abs_he": {"scheme": "he", "nonnegative": True},
    "abs_he/4": {"scheme": "he", "gain": 0.25, "nonnegative": True},
    "he": {"scheme": "he"},
}


@dataclass(frozen=True)
class WeightDecay(Config):
    """What the reader may choose."""

    shrink: float = choice(0.005, among=SHRINKS)
    start: str = choice("abs_he", among=tuple(STARTS))
    steps: int = choice(200, among=(3, 30, 100, 200, 500))
    seed: int = choice(0, among=tuple(range(100)))
    optimiser: str = choice("plain", among=tuple(OPTIMISERS))


HEAVIEST = WeightDecay(steps=500)
