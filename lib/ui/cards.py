"""The home page: the questions as cards, each with its own run in small; ways in for learners and teachers."""

from typing import Any, NamedTuple

import streamlit as st

from lib.question import find
from lib.ui.background import Summary, summary
from lib.ui.frame import FACTS, Entry, frame, sections
from lib.ui.grid import side_by_side
from lib.ui.guides import learn, teach
from lib.ui.lost import misspelt, nothing_here
from lib.ui.reading import own_words
from lib.words import Words

ROOM = "12rem"


class Card(NamedTuple):
    """A question's card, and where its run goes."""

    entry: Entry
    slot: Any


def gallery() -> None:
    """Draw the home page; then train each question's default and put what came out into its card.

    At an address that no page has, say that instead, and train nothing.
    """
    asked = misspelt()
    if asked:
        nothing_here(asked)
        return
    app = own_words()
    frame("", app["icon"])
    st.title(app["title"], anchor=False)
    st.markdown(app["lead"])
    st.caption(app["how"])
    everything = sections()
    learn(app, everything)
    teach(app, everything)
    with st.container(border=True):
        st.markdown(app["facts"])
        st.page_link(FACTS, label=app["facts_open"], icon="👉")
    cards = [card for number, entries in everything.items() for card in _section(app, number, entries)]
    for _, slot in cards:  # as high as what will stand there: a card that grows moves the link that a reader aims at
        slot.html(f'<div style="min-height:{ROOM}"><small>{app["training.queued"]}</small></div>')
    for entry, slot in cards:
        question = find(entry.words.slug)
        _fill(slot, entry.words, summary(question, question.config(), slot), app)


def _section(app: Words, number: int, entries: list[Entry]) -> list[Card]:
    st.header(app[f"sections.{number}.title"], anchor=False)
    st.caption(app[f"sections.{number}.text"])
    cards = []
    for column, entry in side_by_side(entries):
        with column.container(border=True, height="stretch"):
            st.subheader(f"{entry.words['icon']} {entry.words['question']}", anchor=False)
            cards.append(Card(entry, st.empty()))
            st.page_link(entry.path, label=app["open"], icon="👉")
    return cards


def _fill(slot: Any, words: Words, found: Summary | None, app: Words) -> None:
    if found is None:
        slot.caption(app["training.failed"])
        return
    with slot.container():
        st.html(f'<img src="{found.picture}" alt="" style="width:100%;height:7rem">')
        claim = words.parts("main", *found.verdicts["main"]).claim
        st.markdown(f"**{claim.replace('**', '')}**")
