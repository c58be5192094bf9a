"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass

from lib.config import Config, choice

SOLVED = 0.35  # loss that a single unit hardly ever reaches on XOR and circles
JITTERS = (0.0, 1e-12, 1e-8, 1e-6, 1e-4, 1e-2, 1.0)
RANDOM = 0.5  # standard deviation of the random start's weights: the size of the constant that people propose
SHAKEN = 1e-4  # the jitter that is drawn beside the bare constant where none was chosen


@dataclass(frozen=True)
class Symmetry(Config):
    """What the reader may choose."""

    constant: float = choice(0.5, among=(-0.5, 0.0, 0.1, 0.5, 1.0))
    jitter: float = choice(0.0, among=JITTERS)
    arithmetic: str = choice("float64", among=("float64", "float32"))
    width: int = choice(8, among=(2, 4, 8, 16, 17, 33))
    problem: str = choice("xor", among=("xor", "circles", "blobs"))
    activation: str = choice("tanh", among=("tanh", "sigmoid", "relu"))
    lr: float = choice(0.4, among=(0.1, 0.2, 0.4))
    steps: int = choice(600, among=(100, 300, 600, 1500, 3000))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = Symmetry(width=33, steps=3000)
