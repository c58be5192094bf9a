"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass

from lib.config import Config, choice

PLACES = ("pixels", "layer_1", "layer_2", "outputs")


@dataclass(frozen=True)
class Features(Config):
    """What the reader may choose."""

    view: str = choice("bottleneck", among=("bottleneck", *PLACES))
    activation: str = choice("relu", among=("relu", "tanh"))
    steps: int = choice(300, among=(1, 10, 30, 100, 300, 1000))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = Features(steps=1000)
