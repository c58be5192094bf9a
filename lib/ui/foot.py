"""What stands below the figures of every page, in this order."""

from types import ModuleType

from lib.question import Answer
from lib.ui import pins
from lib.ui.controls import try_this
from lib.ui.parts import claims, sources, why
from lib.ui.sharing import take_away
from lib.words import Words


def below(words: Words, module: ModuleType, answer: Answer) -> None:
    """Explain, offer telling settings, judge the claims, give away link, numbers and code, name the sources."""
    why(words)
    try_this(words, type(answer.result.config))
    claims(words, answer)
    take_away(words, module, answer.result)
    sources(words)
    pins.finished(words, answer)
