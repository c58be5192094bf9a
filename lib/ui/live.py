"""The home page's picture: the weights of one layer slide over zero while a network learns."""

from html import escape
from typing import Any

import streamlit as st

from lib import figures
from lib.question import Answer, find
from lib.ui.background import answer
from lib.ui.elements import CHART
from lib.ui.timeline import timeline
from lib.words import Words

SLUG, LAYER, HEIGHT = "negative_weights", 1, 300  # the second layer, whose weights move the most visibly
DRAWN = "live_answer"


def place(app: Words) -> Any:
    """Return where the picture goes, as high as it will be; drawn at once if this session has it."""
    slot = st.empty()
    found = st.session_state.get(DRAWN)
    if found is None:
        slot.html(f'<div style="min-height:22rem">{escape(app["training.cold"])}</div>')
    else:
        _draw(app, found, slot)
    return slot


def live(app: Words, slot: Any) -> None:
    """Train the question's default, or take it from the cache, and draw it; the first visit plays it once."""
    if DRAWN in st.session_state:
        return
    question = find(SLUG)
    found = answer(question, question.config(), slot)
    if found is None:
        slot.caption(app["training.failed"])
        return
    st.session_state[DRAWN] = found
    _draw(app, found, slot)


def _draw(app: Words, found: Answer[Any], slot: Any) -> None:
    result = found.result
    shares, name = result.moments()[:, LAYER], result.layers[LAYER]
    counters = [[(app.say("live.below", share=s), app.say("live.above", share=1 - s))] for s in shares]
    drawn = figures.histograms(
        result.edges[LAYER : LAYER + 1], [100 * result.density[LAYER]], result.frames, [""], counters=counters,
        height=HEIGHT, x=app.say("live.x", layer=name), **app.some("live", "y", "hover", "step"),
    )  # fmt: skip
    numbers = {"layer": name, "frames": len(shares), "below": counters[-1][0][0], "first": counters[0][0][0]}
    with slot.container():
        st.plotly_chart(drawn, width="stretch", key="live", config=CHART, alt=app.say("live.alt", **numbers))
        timeline(drawn)
