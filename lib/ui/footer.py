"""What stands below the figures of every page, in this order."""

from typing import Any

from lib.question import Answer, AnyQuestion
from lib.ui import pins
from lib.ui.controls import try_this
from lib.ui.elements import claims, sources, why
from lib.ui.share import share
from lib.words import Words


def below(words: Words, question: AnyQuestion, answer: Answer[Any]) -> None:
    """Explain, offer telling settings, judge the claims, give away link, numbers and code, name the sources."""
    why(words)
    try_this(words, question.config)
    claims(words, answer)
    share(words, question, answer.result)
    sources(words)
    pins.finished(words, answer)
