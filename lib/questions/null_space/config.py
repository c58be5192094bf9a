"""What may be chosen, and the constants that run, result, verdict and page share."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lib.config import Config, choice
from lib.types import Array

STARTS = ("gaussian", "orthogonal", "cosines", "constant", "jittered")
ACTIVATIONS: dict[str, tuple[Callable[[Array], Array], float]] = {  # with the gain that keeps the size
    "identity": (lambda z: z, 1.0),
    "relu": (lambda z: np.maximum(z, 0), 2**0.5),
    "tanh": (np.tanh, 1.0),
}


@dataclass(frozen=True)
class NullSpace(Config):
    """What the reader may choose."""

    jitter: float = choice(0.0, among=(0.0, 1e-8, 1e-6, 1e-4, 0.01, 0.1, 1.0, 10.0))
    data: str = choice("digits", among=("digits", "bits"))
    activation: str = choice("relu", among=tuple(ACTIVATIONS))
    depth: int = choice(5, among=(1, 2, 5, 10, 20))
    width: int = choice(64, among=(8, 16, 64, 256))
    angle: int = choice(60, among=(10, 30, 60, 90, 120, 180))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = NullSpace(depth=20, width=256)
