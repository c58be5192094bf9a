"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass

from lib.config import Config, choice

FEATURES = {"radius": 0, "texture": 1, "smoothness": 4, "symmetry": 8}  # columns of the measurements: means


@dataclass(frozen=True)
class Probability(Config):
    """What the reader may choose."""

    held: str = choice("free", among=("free", "interval", "rows"))
    feature: str = choice("radius", among=tuple(FEATURES))
    steps: int = choice(300, among=(0, 30, 100, 300, 1000))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = Probability(held="rows", steps=1000)
