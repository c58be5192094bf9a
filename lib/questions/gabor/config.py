"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass

from lib.config import Config, choice

SIDES = {"sparse_code": 12, "tell_apart": 11}  # pixels along a filter
WINDOW, STRIDE = 26, 3  # pixels of a picture to tell apart; places along it: 1 + (26 - 11) / 3 = 6


# At the default sparsity most filters of the scrambled twin are in use too: at 2.0 some 26 of 32 fire in less than
# 1 % of its windows, and of those it is no wonder that none is an edge detector. At 1.8 it is some 10.
@dataclass(frozen=True)
class Gabor(Config):
    """What the reader may choose."""

    data: str = choice("photographs", among=("photographs", "china", "flower", "scrambled", "white_noise"))
    task: str = choice("sparse_code", among=tuple(SIDES))
    sparsity: float = choice(1.8, among=(0.0, 0.5, 1.0, 1.5, 1.8, 2.0, 3.0, 5.0))
    filters: int = choice(32, among=(16, 32, 64))
    steps: int = choice(200, among=(1, 25, 50, 100, 200, 400))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = Gabor(task="sparse_code", filters=64, steps=400)
