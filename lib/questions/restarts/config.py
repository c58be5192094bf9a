"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass

from lib.config import Config, choice

SOLVED = 0.01  # mean squared error; the answers are then within about 0.1 of 0 and 1
WIDTHS = (1, 2, 3, 4, 8)


@dataclass(frozen=True)
class Restarts(Config):
    """What the reader may choose."""

    width: int = choice(3, among=WIDTHS)
    activation: str = choice("relu", among=("relu", "leaky_relu", "tanh"))
    problem: str = choice("xor", among=("xor", "parity", "and"))
    constant: float = choice(0.5, among=(-0.5, 0.0, 0.1, 0.5, 1.0))
    lr: float = choice(0.03, among=(0.01, 0.03, 0.1))
    steps: int = choice(500, among=(100, 500, 800, 2000))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = Restarts(problem="parity", steps=2000)
