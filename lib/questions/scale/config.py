"""What may be chosen, and the constants that run, result, verdict and page share."""

import math
from dataclasses import dataclass

from lib.config import Config, choice

GAINS = (0.25, 0.35, 0.5, 0.7, 0.85, 1.0, 1.2, 1.4, 2.0, 2.8, 4.0)
MAP_GAINS = (0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8)
MAP_DEPTHS = (2, 5, 10, 20, 35)
# Glorot and Bengio's comparison, then He et al.'s: activation and scheme
PAPERS = (("tanh", "standard"), ("tanh", "xavier"), ("relu", "xavier"), ("relu", "he"))
SHOWN = 32  # units that are drawn
SIGMA = {"he": 2**0.5, "xavier": 1.0, "lecun": 1.0, "orthogonal": 1.0, "standard": 3**-0.5}  # in equal layers
MAP_WIDTH, MAP_SAMPLES, MAP_STEPS, MAP_LR = 24, 64, 60, 0.003


@dataclass(frozen=True)
class Scale(Config):
    """What the reader may choose."""

    gain: float = choice(1.0, among=GAINS)
    depth: int = choice(20, among=(1, 2, 3, 5, 10, 20, 22, 30, 50))
    activation: str = choice("relu", among=("relu", "tanh", "sigmoid", "gelu", "identity"))
    init: str = choice("he", among=tuple(SIGMA))
    trainability: str = choice("off", among=("off", "on"))
    width: int = choice(64, among=(32, 64, 128))
    seed: int = choice(0, among=tuple(range(100)))


def near(gain: float) -> list[int]:
    """Indices of a gain and of those nearest to 0.7 and 1.4 times it, the smallest first."""
    logs = [math.log(other / gain) for other in GAINS]
    return sorted({min(range(len(GAINS)), key=lambda k: abs(logs[k] - math.log(f))) for f in (0.7, 1.0, 1.4)})


HEAVIEST = Scale(depth=50, activation="tanh", trainability="on", width=128, init="orthogonal")
