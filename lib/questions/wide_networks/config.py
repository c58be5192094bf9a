"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass

from lib.config import Config, choice

FIT_FROM = 32  # the slope is fitted from this width on: below, nothing is lazy yet
LEAST = 1e-9  # stands in for a smaller number before a logarithm or a division


@dataclass(frozen=True)
class WideNetworks(Config):
    """What the reader may choose."""

    width: int = choice(256, among=(4, 8, 16, 32, 64, 128, 256, 512))
    start: str = choice("gaussian", among=("gaussian", "signs", "sine", "jittered_half", "half"))
    labels: str = choice("random", among=("random", "real"))
    samples: int = choice(64, among=(16, 32, 64))
    steps: int = choice(200, among=(10, 50, 100, 200, 300))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = WideNetworks(width=512, start="signs", steps=300)
