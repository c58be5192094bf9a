"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass

from lib.config import Config, choice

CONDITIONS = ("trained", "random", "shuffled")  # weights: on the true labels, untrained, on shuffled labels
SAID = ("trained", "untrained", "shuffled-label")  # how a sentence calls their networks


@dataclass(frozen=True)
class Deconvnet(Config):
    """What the reader may choose."""

    weights: str = choice("trained", among=CONDITIONS)
    layer: int = choice(2, among=(1, 2, 3))
    unit: int = choice(0, among=tuple(range(8)))
    method: str = choice("zeiler", among=("zeiler", "gradient", "guided"))
    pixels: int = choice(3, among=(1, 2, 3, 5, 8))
    steps: int = choice(100, among=(10, 50, 100, 200))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = Deconvnet(layer=3, steps=200)
