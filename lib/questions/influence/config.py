"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass

from lib.config import Config, choice

EFFECTS = ("unit", "loss", "accuracy")
PREDICTORS = ("magnitude", "one_pixel", "with_input")
ORDERS = ("smallest", "random", "largest", "smallest_input")
SHARES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.98)


@dataclass(frozen=True)
class Influence(Config):
    """What the reader may choose."""

    effect: str = choice("loss", among=("unit", "loss", "accuracy"))
    cut: float = choice(0.8, among=SHARES[1:])
    rescale: int = choice(3, among=(0, 1, 3, 6))
    pixels: str = choice("raw", among=("raw", "blended"))
    repair: int = choice(60, among=(0, 20, 60, 200))
    decay: float = choice(0.0, among=(0.0, 0.1, 1.0))
    width: int = choice(32, among=(16, 32, 64))
    steps: int = choice(300, among=(0, 30, 100, 300, 1000))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = Influence(width=64, steps=1000, repair=200)
