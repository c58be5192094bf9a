"""Ways in: where a learner starts, and what a teacher can take into a lecture."""

from collections.abc import Iterable
from urllib.parse import urlencode

import streamlit as st

from lib.ui.frame import Entry
from lib.ui.reading import readable, whole
from lib.words import Words
from lib.words.teaching import plans, steps

Sections = dict[int, list[Entry]]


def start(app: Words, entries: Iterable[Entry]) -> list[Entry]:
    """Return the path for a learner: a question a step, in the order of the words file."""
    readable = {entry.words.slug: entry for entry in entries}
    return [readable[slug] for slug in app["learn.path"] if slug in readable]


def teach(app: Words) -> None:
    """Draw what a teacher needs: a lesson for each section, and how a page is embedded.

    Nothing if the words of the lessons, or of a question that they name, cannot be read.
    """
    words = readable("teaching", "head.title", "head.text", "plans")
    if words is None or any(whole(step["page"]) is None for plan in words["plans"] for step in steps(plan)):
        return
    with st.expander(words["head.title"], icon="🧑‍🏫"):
        st.markdown(words["head.text"])
        for heading, listed in plans(lambda slug, carried: f"{home()}/{slug}?{urlencode(carried)}".rstrip("?")):
            st.markdown(f"**{heading}**\n\n{listed}")
        st.caption(app["teach.embed"])
        st.code(embedding(f"{home()}/negative_weights?guess=true"), language="html", wrap_lines=True)


def embedding(link: str, title: str = "") -> str:
    """Return the HTML that shows a page in another site; a frame may copy and fill the screen only if it is let."""
    title = f' title="{title}"' if title else ""
    look = 'width="100%" height="900" style="border:0"'
    allowed = "clipboard-write; fullscreen"
    return f'<iframe src="{link}&embed=true" {look}{title} allow="{allowed}"></iframe>'


def home() -> str:
    """Return the address of the home page, outside any frame that a host wraps around it."""
    return str(st.context.url or "").replace("/~/+", "").rstrip("/")
