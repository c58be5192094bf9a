"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass
from typing import NamedTuple

from lib.config import Config, choice

GRID = (0.16, 0.32, 0.64, 1.28, 2.56, 5.12)  # learning rates of plain SGD; momentum and Adam have theirs below
SLOWED = 0.1  # of the weights' learning rate, for biases per input that are trained slowly
WIDTH, BATCH, REPEATS, TUNING = 32, 64, 10, 6
SCALE = {"sgd": 1.0, "momentum": 0.2, "adam": 0.02}  # of the grid of learning rates
NORMS = ("batch_before", "batch_after", "layer_before", "layer_after")
OFFSETS = ("bias_learned", "bias_set", "bias_slow", "bias_frozen")
KINDS = {
    "standardised": "inputs", "batch_before": "batch", "batch_after": "batch", "layer_before": "layer",
    "layer_after": "layer", "bias_learned": "bias", "bias_frozen": "bias", "momentum": "optimiser",
    "adam": "optimiser",
}  # fmt: skip
# The number of a line's colour; no cure has one of its own, that of a reference.
SHOWN_AS = {"plain": 5, "optimiser": 4, "bias": 0, "layer": 2, "inputs": 3, "batch": 1, "together": 1}


@dataclass(frozen=True)
class Cures(Config):
    """What the reader may choose."""

    activation: str = choice("sigmoid", among=("sigmoid", "relu", "tanh"))
    pixels: str = choice("raw", among=("raw", "standardised"))
    norm: str = choice("batch_after", among=("none", *NORMS, *OFFSETS))
    optimiser: str = choice("momentum", among=tuple(SCALE))
    depth: int = choice(3, among=(1, 2, 3))
    goal: float = choice(0.5, among=(0.1, 0.3, 0.5, 1.0))
    steps: int = choice(150, among=(20, 60, 100, 150, 200))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = Cures(steps=200, optimiser="adam")


class Cure(NamedTuple):
    """One way to train: inputs, norm (of NORMS, of OFFSETS, or none) and optimiser."""

    standardised: bool
    norm: str = "none"
    optimiser: str = "sgd"
