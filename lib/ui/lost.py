"""What a reader sees at an address that no page has: a line that says so, and the pages whose names are nearest."""

from difflib import get_close_matches

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.ui.frame import FACTS, Entry, frame, questions
from lib.ui.reading import own_words, readable

LIKE = 0.5  # of a name that must be alike to be offered


def misspelt() -> str:
    """Return the page that the address asks for and that does not exist; '' if there is none.

    Streamlit runs the home page in its place. Only the session's first run knows: the browser then asks for home.
    """
    context = get_script_run_ctx()
    if context is None:
        return ""
    asked = context.pages_manager.intended_page_name or ""
    known = {page.get("url_pathname", "") for page in context.pages_manager.get_pages().values()}
    return "" if asked in known else asked


def nothing_here(asked: str) -> None:
    """Draw the page that stands where `asked` was looked for; what a stranger wrote is not repeated on it."""
    app = own_words()
    frame("", app["icon"])
    st.title(app["title"], anchor=False)
    found = nearest(asked, pages())
    st.warning(app["lost.near" if found else "lost.nothing"], icon="🧭")
    for entry in found:
        st.page_link(entry.path, label=entry.words["question"], icon=entry.words["icon"])
    st.page_link("app.py", label=app["lost.home"], icon=app["icon"])


def pages() -> list[Entry]:
    """Return all pages but the first one."""
    facts = readable("fact_check", "question", "icon")
    return [*questions(), *([Entry(FACTS, facts)] if facts else [])]


def nearest(asked: str, entries: list[Entry]) -> list[Entry]:
    """Return at most three pages whose names are most like `asked`, the most alike first."""
    named = {entry.words.slug: entry for entry in entries}
    return [named[name] for name in get_close_matches(_plain(asked), named, n=3, cutoff=LIKE)]


def _plain(asked: str) -> str:
    return asked[:100].lower().replace("-", "_")
