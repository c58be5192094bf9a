"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass

from lib.config import Config, choice

FIT_FROM = 32  # the slope is fitted from this width on: below, nothing is lazy yet
DRAWN = 48  # units whose ways are drawn, at most
NARROW, MIDDLE, WIDE = 4, 32, 256  # whose ways are drawn, the first two beside the chosen width's
LOOKS = (0, 1, 3, 10, 30, 100, 200, 300)  # steps at which the ways are drawn
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


def beside(width: int) -> list[int]:
    """The three widths whose ways are drawn, the chosen one among them, narrow ones first."""
    return sorted({NARROW, MIDDLE, WIDE if width in (NARROW, MIDDLE) else width})


def looks(steps: int) -> list[int]:
    """The steps at which the ways are drawn, the last one among them."""
    return sorted({steps, *(look for look in LOOKS if look <= steps)})


HEAVIEST = WideNetworks(width=512, start="signs", steps=300)
