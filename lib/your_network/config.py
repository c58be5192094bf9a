"""What may be chosen where a reader brings no file: which of the app's own networks is examined."""

from dataclasses import dataclass

from lib.config import Config, choice

SPECIMENS = ("trained", "never_loaded", "equal_start", "dead", "held", "pruned")


@dataclass(frozen=True)
class YourNetwork(Config):
    """What the reader may choose."""

    specimen: str = choice("trained", among=SPECIMENS)
    seed: int = choice(0, among=tuple(range(100)))
