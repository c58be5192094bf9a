"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass

from lib.config import Config, choice

SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)  # of the batches whose gradients are looked at
BATCHES = (1, 4, 16, 64, 256)  # of the descents; the last is all samples
INPUTS = (2, 3, 5, 10, 20)
OFFSETS = (0.0, 0.5, 1.0, 1.8, 3.0)
NEURONS = 12  # random neurons of one repeat, whose gradients are looked at
LRS = (0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)  # the grid of learning rates


@dataclass(frozen=True)
class Batch(Config):
    """What the reader may choose."""

    batch: int = choice(64, among=BATCHES)
    offset: float = choice(1.8, among=OFFSETS)
    inputs: int = choice(10, among=INPUTS)
    error: str = choice("removed", among=("as_it_is", "removed"))
    target: str = choice("across", among=("across", "random", "along"))
    lr: float = choice(0.01, among=(0.005, 0.01, 0.02, 0.03, 0.05))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = Batch(offset=3.0, inputs=20)
