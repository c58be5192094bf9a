"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass

from lib.config import Config, choice

UNITS = 8  # units whose weights are drawn


@dataclass(frozen=True)
class InvertedInput(Config):
    """What the reader may choose."""

    network: str = choice("mlp", among=("mlp", "softmax_regression"))
    start: str = choice("mirrored", among=("mirrored", "same", "independent"))
    inversion: str = choice("minus_x", among=("minus_x", "one_minus_x"))
    share: float = choice(0.5, among=(0.0, 0.02, 0.25, 0.5, 0.75, 1.0))
    activation: str = choice("relu", among=("relu", "tanh"))
    optimiser: str = choice("adam", among=("adam", "momentum", "sgd"))
    lr: float = choice(0.005, among=(0.001, 0.005, 0.02, 0.1, 0.3))
    decay: float = choice(0.0, among=(0.0, 0.0001, 0.001, 0.01))
    steps: int = choice(300, among=(3, 30, 100, 300, 1000))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = InvertedInput(steps=1000)
