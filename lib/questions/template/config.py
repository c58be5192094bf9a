"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass

from lib.config import Config, choice

IMAGES = ("raw", "jittered", "normalised")
JITTER = 0.7  # brightness times U(1 - JITTER, 1 + JITTER)
SIZES = {"softmax": (64, 10), "hidden": (64, 32, 10)}


@dataclass(frozen=True)
class Template(Config):
    """What the reader may choose."""

    network: str = choice("softmax", among=tuple(SIZES))
    images: str = choice("jittered", among=("raw", "jittered", "normalised"))
    bound: str = choice("sphere", among=("sphere", "box"))
    steps: int = choice(100, among=(1, 10, 100, 300, 1000))
    decay: float = choice(0.0, among=(0.0, 0.001, 0.01, 0.1))
    unit: int = choice(3, among=tuple(range(10)))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = Template(network="hidden", steps=1000)
