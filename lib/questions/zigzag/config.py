"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass

from lib.config import Config, choice

LRS = (0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0)  # the grid of learning rates
COMPASS = (45, 135)  # degrees: the north-east and the north-west
TURN = 15  # degrees between two directions


@dataclass(frozen=True)
class Zigzag(Config):
    """What the reader may choose."""

    offset: float = choice(3.0, among=(0.0, 0.5, 1.0, 1.8, 3.0, 5.0))
    direction: int = choice(135, among=tuple(range(0, 360, TURN)))
    lr: float = choice(0.03, among=(0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5))
    bias: str = choice("without", among=("without", "with"))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = Zigzag(offset=5.0, lr=0.01, bias="with")
