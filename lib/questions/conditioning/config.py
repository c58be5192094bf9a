"""What may be chosen, and the constants that run, result, verdict and page share."""

from dataclasses import dataclass

from lib.config import Config, choice

OFFSETS = (0.0, 0.5, 1.0, 2.0, 3.0, 5.0)
BIASES = ("without", "with")
LEFT = 0.01  # of the loss, at which a descent has arrived
LATE = 1e-6  # of the loss: so late, the flattest direction shows even where it holds little of the loss


@dataclass(frozen=True)
class Conditioning(Config):
    """What the reader may choose."""

    offset: float = choice(2.0, among=OFFSETS)
    inputs: int = choice(10, among=(2, 5, 10, 20, 50))
    bias: str = choice("without", among=BIASES)
    share: float = choice(0.9, among=(0.1, 0.5, 0.9, 0.98, 1.02, 1.1))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = Conditioning(inputs=50, bias="with")
