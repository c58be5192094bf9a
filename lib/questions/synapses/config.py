"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass
from typing import Any

from lib.config import Config, choice

RECIPES: dict[str, dict[str, Any]] = {
    "xor": {"loss": "logistic", "lr": 0.05},
    "three_not_eight": {"loss": "logistic", "lr": 0.01},
    "digits": {"loss": "cross_entropy", "lr": 0.005, "batch": 64},
}
COUNTS = (0, 1, 2, 4, 8, 16, 32)


@dataclass(frozen=True)
class Synapses(Config):
    """What the reader may choose."""

    task: str = choice("xor", among=tuple(RECIPES))
    inhibitory: int = choice(1, among=COUNTS)
    inputs: str = choice("excitatory", among=("excitatory", "free"))
    activation: str = choice("relu", among=("relu", "sigmoid", "tanh", "leaky_relu"))
    width: int = choice(8, among=(4, 8, 16, 32))
    steps: int = choice(300, among=(3, 30, 100, 300, 1000))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = Synapses(task="digits", activation="tanh", width=32, steps=1000)
