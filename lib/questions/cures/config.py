"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass
from typing import NamedTuple

from lib.config import Config, choice

GRID = (0.16, 0.32, 0.64, 1.28, 2.56, 5.12)  # learning rates of plain SGD; momentum and Adam have theirs below
HARDLY = 1.25  # numbers of steps within this factor are alike: so much another grid of learning rates may change
LOOK = 2  # steps between two looks at the loss early on: no smaller difference is seen
SLOWED = 0.1  # of the weights' learning rate, for biases per input that are trained slowly
PANELS = {
    "norms": ("plain", "batch_before", "batch_after", "layer_before", "layer_after"),
    "biases": ("plain", "bias_learned", "bias_set", "bias_slow", "bias_frozen"),
    "others": ("plain", "standardised", "momentum", "adam", "together"),
}
WIDTH, BATCH, REPEATS, TUNING = 32, 64, 10, 6
SCALE = {"sgd": 1.0, "momentum": 0.2, "adam": 0.02}  # of the grid of learning rates
OFFSETS = ("bias_learned", "bias_set", "bias_slow", "bias_frozen")
NORMS = ("batch_before", "batch_after", "layer_before", "layer_after", *OFFSETS)


@dataclass(frozen=True)
class Cures(Config):
    """What the reader may choose."""

    activation: str = choice("sigmoid", among=("sigmoid", "relu", "tanh"))
    pixels: str = choice("raw", among=("raw", "standardised"))
    norm: str = choice("batch_after", among=("none", *NORMS))
    optimiser: str = choice("momentum", among=tuple(SCALE))
    depth: int = choice(3, among=(1, 2, 3))
    goal: float = choice(0.5, among=(0.1, 0.3, 0.5, 1.0))
    steps: int = choice(150, among=(20, 60, 100, 150, 200))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = Cures(steps=200, optimiser="adam")


class Cure(NamedTuple):
    """One way to train: inputs, norm (one of NORMS or none) and optimiser."""

    standardised: bool
    norm: str = "none"
    optimiser: str = "sgd"
