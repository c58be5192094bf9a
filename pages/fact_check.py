"""Which claims about weights hold? Every claim of the threads, judged by the runs of the questions' pages."""

from typing import Any

from lib import experiments, figures, ui
from lib.results.glimpses import glimpse


def picture(stem: str, result: Any) -> str:
    """A run in small: what the home page keeps of it too, so that one training serves both."""
    return figures.glimpse(*glimpse(stem, result))


words = ui.page(__file__)
ui.facts(words, experiments.find, picture)
