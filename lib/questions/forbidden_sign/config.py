"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass
from typing import NamedTuple

from lib.config import Config, choice


class Task(NamedTuple):
    """What is learned, and how."""

    name: str  # as the engine's data know it
    kind: str  # boolean, region, curve, digits or pair
    loss: str
    lr: float
    batch: int | None = None
    outputs: int = 1


TASKS = {
    "xor": Task("xor", "boolean", "logistic", 0.02),
    "xor_softmax": Task("xor", "boolean", "cross_entropy", 0.02, outputs=2),
    "ramp": Task("ramp", "curve", "squared", 0.02),
    "parabola": Task("parabola", "curve", "squared", 0.02),
    "sine": Task("sine", "curve", "squared", 0.02),
    "or_region": Task("or_region", "region", "logistic", 0.02),
    "and_region": Task("and_region", "region", "logistic", 0.02),
    "disc": Task("disc", "region", "logistic", 0.02),
    "digits": Task("digits", "digits", "cross_entropy", 0.005, batch=64, outputs=10),
    "eight_not_three": Task("3 8", "pair", "logistic", 0.01),
    "three_not_eight": Task("8 3", "pair", "logistic", 0.01),
}


MOST = 0.5  # a function counts as learned if more than half of the starts learn it
MARGIN = 0.3  # of the plane around the four points that the squares of the 16 functions show


@dataclass(frozen=True)
class ForbiddenSign(Config):
    """What the reader may choose."""

    task: str = choice("xor", among=tuple(TASKS))
    held: str = choice("all", among=("none", "first", "last", "all"))
    activation: str = choice("relu", among=("relu", "leaky_relu", "tanh", "sigmoid"))
    hidden: int = choice(1, among=(1, 2, 3))
    width: int = choice(8, among=(2, 4, 8, 16, 32))
    steps: int = choice(300, among=(10, 30, 100, 300, 1000))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = ForbiddenSign(task="digits", hidden=3, width=32, steps=1000, activation="tanh")
