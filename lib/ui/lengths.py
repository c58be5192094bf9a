"""Which trainings are short: told by what equal settings have taken on this server, whatever their start number."""

from collections import OrderedDict
from dataclasses import replace

from lib.config import Config

SHORT = 2.0  # seconds of computing
KEPT = 2000  # settings


class Lengths:
    """Seconds of computing by settings without their start number; the oldest are forgotten."""

    def __init__(self) -> None:
        """Begin knowing nothing."""
        self._seconds: OrderedDict[Config, float] = OrderedDict()

    def note(self, config: Config, seconds: float) -> None:
        """Remember what a training took."""
        self._seconds[_any_start(config)] = seconds
        while len(self._seconds) > KEPT:
            self._seconds.popitem(last=False)

    def short(self, config: Config) -> bool:
        """Return whether the training is short; before it was seen only a page's default settings count as such."""
        key = _any_start(config)
        return self._seconds.get(key, 0.0 if key == type(config)() else SHORT) < SHORT


def _any_start(config: Config) -> Config:
    return replace(config, seed=type(config)().seed)  # type: ignore[call-arg, attr-defined]
