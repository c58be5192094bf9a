"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass

from lib.config import Config, choice


@dataclass(frozen=True)
class WeightSpace(Config):
    """What the reader may choose."""

    width: int = choice(32, among=(8, 16, 32, 64, 128))
    start: str = choice("own", among=("own", "shared"))
    steps: int = choice(400, among=(3, 30, 100, 400, 1000))
    matched: str = choice("weights", among=("weights", "activations"))
    decay: float = choice(0.0, among=(0.0, 0.001, 0.003))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = WeightSpace(width=128, steps=1000)
