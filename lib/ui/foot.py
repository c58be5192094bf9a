"""What stands below the figures of every page, in this order."""

from types import ModuleType
from typing import Any

from lib.config import Config
from lib.ui.controls import try_this
from lib.ui.parts import claims, sources, why
from lib.ui.sharing import take_away
from lib.words import Words


def below(words: Words, module: ModuleType, config: Config, result: Any) -> None:
    """Explain, offer telling settings, judge the claims, give away link, numbers and code, name the sources."""
    why(words)
    try_this(words, type(config))
    claims(words, result)
    take_away(words, module, config, result)
    sources(words)
