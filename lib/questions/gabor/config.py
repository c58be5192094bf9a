"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass

from lib.config import Config, choice

SIDES = {"sparse_code": 12, "tell_apart": 11}  # pixels along a filter


@dataclass(frozen=True)
class Gabor(Config):
    """What the reader may choose."""

    data: str = choice("photographs", among=("photographs", "china", "flower", "scrambled", "white_noise"))
    task: str = choice("sparse_code", among=tuple(SIDES))
    sparsity: float = choice(2.0, among=(0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0))
    filters: int = choice(32, among=(16, 32, 64))
    steps: int = choice(200, among=(1, 25, 50, 100, 200, 400))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = Gabor(task="sparse_code", filters=64, steps=400)
