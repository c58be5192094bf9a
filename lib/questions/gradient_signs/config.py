"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass

from lib.config import Config, choice

BATCHES = (1, 3, 10, 30, 100, 300)
COLUMNS = 5  # pictures in a row of the layer's gradients
ROWS = 4  # rows of them at most
RATE = 0.1  # learning rate of the plain gradient step that is tried; useful ones here are 0.1 to 0.3


@dataclass(frozen=True)
class GradientSigns(Config):
    """What the reader may choose."""

    activation: str = choice("relu", among=("relu", "leaky_relu", "tanh", "sigmoid"))
    layer: str = choice("1", among=("1", "2", "3"))
    batch: int = choice(30, among=BATCHES)
    pixels: str = choice("positive", among=("positive", "centred"))
    steps: int = choice(100, among=(0, 10, 30, 100, 300))
    start: str = choice("abs_he/4", among=("abs_he/4", "he"))
    unit: int = choice(0, among=tuple(range(32)))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = GradientSigns(steps=300, batch=300)
