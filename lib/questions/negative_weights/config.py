"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass
from typing import Any

from lib.config import Config, choice

PAIR = ("relu", "leaky_relu")
STARTS: dict[str, dict[str, Any]] = {  # the arguments of `inits.Init`
    "abs_he/4": {"scheme": "he", "gain": 0.25, "nonnegative": True},
    "abs_he": {"scheme": "he", "nonnegative": True},
    "lifted": {"scheme": "he", "gain": 0.25, "nonnegative": True, "floor": 0.05},
    "uniform": {"scheme": "uniform", "nonnegative": True},
    "he": {"scheme": "he"},
}


@dataclass(frozen=True)
class NegativeWeights(Config):
    """What the reader may choose."""

    network: str = choice("mlp", among=("mlp", "cnn"))
    activation: str = choice("relu", among=("relu", "leaky_relu", "tanh", "sigmoid"))
    start: str = choice("lifted", among=tuple(STARTS))
    optimiser: str = choice("adam", among=("adam", "momentum", "sgd"))
    lr: float = choice(0.005, among=(0.0001, 0.0003, 0.001, 0.003, 0.005, 0.01, 0.03, 0.1, 0.3, 1.0))
    decay: float = choice(0.0, among=(0.0, 0.0001, 0.001, 0.01, 0.1))
    steps: int = choice(300, among=(1, 3, 10, 30, 100, 300, 600))
    repeats: int = choice(10, among=(10, 16))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = NegativeWeights(network="cnn", activation="tanh", steps=600, repeats=16)
