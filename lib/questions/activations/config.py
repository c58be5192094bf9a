"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass
from typing import NamedTuple

from lib.config import Config, choice


class Pair(NamedTuple):
    """An activation and its centred twin: their names in `Result.names`, and how a sentence calls them."""

    uncentred: str
    centred: str
    said: str
    twin: str
    offset: float = 0.0  # s of tanh + s


PAIRS = {
    "sigmoid": Pair("sigmoid", "sigmoid_twin", "sigmoid", "sigmoid − ½"),
    "relu": Pair("relu", "relu_twin", "ReLU", "ReLU − 0.4"),
    **{f"tanh+{s:g}": Pair("tanh_plus", "tanh", f"tanh + {s:g}", "tanh", s) for s in (0.25, 0.5, 1.0, 2.0)},
}
BIASES = ("zero", "compensated")  # where the biases behind an activation start
WIDTH, BATCH, REPEATS, TUNING = 32, 64, 20, 3


@dataclass(frozen=True)
class Activations(Config):
    """What the reader may choose."""

    pair: str = choice("sigmoid", among=tuple(PAIRS))
    depth: int = choice(3, among=(1, 2, 3, 4))
    biases: str = choice("zero", among=BIASES)
    saturation: int = choice(8, among=(1, 2, 4, 8, 16))
    goal: float = choice(0.9, among=(0.8, 0.9, 0.95))
    steps: int = choice(100, among=(20, 60, 100, 150))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = Activations(pair="tanh+2", depth=4, steps=150)
