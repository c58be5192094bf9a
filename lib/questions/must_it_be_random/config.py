"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass

from lib.config import Config, choice

GROUPS = {
    "dice": ("gaussian", "orthogonal"),
    "rule": ("hadamard", "dct", "identity", "sine"),  # of full rank
    "alike": ("ramp", "constant", "half"),
}
STARTS = tuple(start for starts in GROUPS.values() for start in starts)
LRS = (0.03, 0.3, 1.0, 3.0)
GOAL = 0.9  # accuracy up to which the way back from a solution's opposite is followed


@dataclass(frozen=True)
class MustItBeRandom(Config):
    """What the reader may choose."""

    start: str = choice("hadamard", among=("hadamard", "dct", "identity", "sine", "ramp", "constant"))
    jitter: float = choice(0.0, among=(0.0, 0.001, 0.01, 0.1, 1.0))
    steps: int = choice(100, among=(3, 30, 100, 300))
    activation: str = choice("relu", among=("relu", "tanh"))
    depth: int = choice(2, among=(1, 2, 3))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = MustItBeRandom(steps=300, depth=3)
