"""Words for the pages, and what a reader sees where they cannot be read: a sentence, on that page alone.

What is wrong with a file is logged once, not at every move of every reader.
"""

import logging
from collections.abc import Mapping
from functools import cache
from typing import Any, NoReturn

import streamlit as st

from lib.words import RULED, Words, WordsError, load

# Said where the frame's own words are what cannot be read.
SPEECHLESS = "The text of this app cannot be read on this server, which is our mistake. Please come back later."
FRAMES = ("title", "icon", "home", "sections", "lost.words")  # without these there is no frame
ELSEWHERE = ("title", "icon", "question", "guess.question", "guess.options")  # what other pages say of one


class PageWords(Words):
    """A page's own words: where an entry is missing, the page ends with a sentence instead of a traceback."""

    def __getitem__(self, path: str) -> Any:
        """Return what stands at a dotted path; ends the page if nothing does."""
        try:
            return super().__getitem__(path)
        except WordsError as error:
            unreadable(self.slug, error)

    def say(self, path: str, /, **numbers: Any) -> str:
        """Return the sentence at a dotted path with its numbers; ends the page if it names one that is not there."""
        try:
            return super().say(path, **numbers)
        except KeyError as error:
            unreadable(self.slug, error)


def own_words() -> Words:
    """Return the frame's words; ends any page, in one sentence that stands in the code, if they cannot be read."""
    words = readable("app", *FRAMES)
    if words is None:
        st.error(SPEECHLESS)
        st.stop()
    return words


def readable(slug: str, *paths: str) -> Words | None:
    """Return the words of a page if they can be read and have all these entries; else None."""
    try:
        words = load(slug)
        for path in paths:
            _ = words[path]
    except WordsError as error:
        _log(slug, str(error))
        return None
    return words


def whole(slug: str) -> Words | None:
    """Return the words of a question if all is there that other pages say of it; else None."""
    words = readable(slug, *ELSEWHERE)
    try:
        if words is not None:
            _complete(words)
    except (KeyError, TypeError, AttributeError) as error:  # missing, or of another kind: text for a table
        _log(slug, repr(error))
        return None
    return words


def _complete(words: Words) -> None:
    """Raise unless it has its section, and each claim its parts and a sentence for each of its rulings."""
    if not 1 <= words["section"] <= 4:
        raise WordsError(f"the words of {words.slug} name no section")
    for claim in words["claims"]:
        _ = claim["claim"], claim["whose"]
        for key in (key for name in RULED for key in claim.get(name, ())):
            _ = words[f"verdict.{claim['entry']}.{key}"]


def sayable(slug: str, verdicts: Mapping[str, tuple[str, Mapping[str, Any]]]) -> bool:
    """Whether the words of a question have a sentence for each of a run's verdicts."""
    try:
        words = load(slug)
        for name, verdict in verdicts.items():
            words.verdict(name, *verdict)
    except KeyError as error:
        _log(slug, str(error))
        return False
    return True


def unreadable(slug: str, error: KeyError) -> NoReturn:
    """Say that this page's text cannot be read, offer the way home, and end the page."""
    _log(slug, str(error))
    app = own_words()
    st.error(app["lost.words"])
    st.page_link("app.py", label=app["lost.home"], icon=app["icon"])
    st.stop()


@cache
def _log(slug: str, error: str) -> None:
    """Log what is wrong with the words of a page; `cache` lets each fault through once."""
    logging.getLogger(__name__).error("the page %s is left out: %s", slug, error)
