"""The home page: one live picture, a search, and the questions as a map, each with what its run answers.

All that needs no training is drawn first; then the picture is trained, then one question after the other. A search
draws the page again, with what was answered.
"""

from collections.abc import Iterator
from html import escape
from typing import Any, NamedTuple

import streamlit as st

from lib.question import find
from lib.ui.background import verdicts
from lib.ui.frame import FACTS, YOURS, Entry, frame, sections
from lib.ui.grid import side_by_side
from lib.ui.guides import Sections, start, teach
from lib.ui.live import live, place
from lib.ui.lost import misspelt, nothing_here
from lib.ui.reading import own_words
from lib.ui.search import MOST, found
from lib.words import Words, plain

ANSWERS = "home_answers"
# As high as an answer of two lines: what grows would move the link that a reader aims at.
STYLE = """<style>
.answer { min-height: 2.5rem; line-height: 1.25rem; font-size: 0.9rem; padding-left: 2rem; }
.section { font-size: 1.15rem !important; padding: 0 0 0.4rem; }
</style>"""
ANSWER = '<div class="answer">{}</div>'


class Place(NamedTuple):
    """A question on the map, and where its answer goes."""

    entry: Entry
    slot: Any


def gallery() -> None:
    """Draw the home page; at an address that no page has, say that instead, and train nothing."""
    asked = misspelt()
    if asked:
        nothing_here(asked)
        return
    app = own_words()
    frame("", app["icon"])
    st.title(app["title"], anchor=False)
    st.markdown(app["lead"])
    st.html(STYLE)
    everything = sections()
    picture, beside = st.columns([2.2, 1], gap="medium")
    with picture:
        st.subheader(app["live.title"], anchor=False)
        slot = place(app)
    with beside:
        typed = search(app)
        with st.container(key="ways"):
            ways_in(app, typed, everything)
    places = list(_map(app, everything))
    st.page_link(FACTS, label=app["facts_open"], icon="🔎")
    st.page_link(YOURS, label=app["yours_open"], icon="🧪")
    teach(app)
    live(app, slot)
    for each in places:
        _answer(each, app)


def search(app: Words) -> str:
    """Draw the field; return what is typed in it."""
    typed = st.text_input(
        app["search.label"], placeholder=app["search.hint"], key="search", type="search", live=True, max_chars=80
    )
    return str(typed or "").strip()


def ways_in(app: Words, typed: str, everything: Sections) -> None:
    """Draw the questions that fit what is typed; if nothing is, where to start."""
    entries = [entry for listed in everything.values() for entry in listed]
    path = start(app, entries)
    # Each has a place of its own, emptied at once: what else is left of the page before stays until all is trained.
    first, *places = [st.empty() for _ in range(1 + max(MOST, len(path)))]
    fitting = found(typed, entries) if typed else path
    title = "learn.title" if not typed else "search.found" if fitting else "search.nothing"
    first.markdown(app[title])
    for below, entry in zip(places, fitting, strict=False):
        carried = {} if typed else {"guess": "true"}
        words = entry.words
        below.page_link(entry.path, label=words["question"], icon=words["icon"], query_params=carried)


def _map(app: Words, everything: Sections) -> Iterator[Place]:
    """Draw each section's questions as links, with room for their answers; yield their places."""
    known = st.session_state.setdefault(ANSWERS, {})
    for column, (number, entries) in side_by_side(everything.items()):
        with column.container(border=True, height="stretch", gap="xsmall"):
            st.html(f'<h2 class="section">{number} · {escape(app[f"sections.{number}.title"])}</h2>')
            for entry in entries:
                st.page_link(entry.path, label=f"**{entry.words['question']}**", icon=entry.words["icon"])
                slot = st.empty()
                slot.html(ANSWER.format(escape(known.get(entry.words.slug, "…"))))
                yield Place(entry, slot)


def _answer(place: Place, app: Words) -> None:
    words, known = place.entry.words, st.session_state[ANSWERS]
    if words.slug in known:
        return
    question = find(words.slug)
    given = verdicts(question, question.config(), place.slot)
    said = plain(words.parts("main", *given["main"]).claim) if given else app["training.failed"]
    place.slot.html(ANSWER.format(escape(said)))
    if given:
        known[words.slug] = said
