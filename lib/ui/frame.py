"""The frame around every page: title, sections in the sidebar.

Pages are Streamlit's own `pages/*.py` without `st.navigation`, so that a link to a page works as the first request
to a freshly started server; each page draws this frame itself.
"""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st

from lib.ui import forced, presenting
from lib.ui.browser import programs
from lib.ui.reading import PageWords, own_words, readable, unreadable, whole
from lib.words import Words, WordsError, load

ROOT = Path(__file__).parents[2]
FACTS = "pages/fact_check.py"
YOURS = "pages/51_your_network.py"
DAY = 86_400.0  # seconds
OPEN = "page_that_is_open"
STYLE = """<style>
.stMainBlockContainer { max-width: 84rem; padding: 3.2rem 2rem 4rem; }
[data-testid="stLayoutWrapper"]:has(> :is(.st-key-carried, .st-key-settling)) { display: none; }
h1 { font-size: 1.9rem !important; padding-bottom: 0.4rem !important; }
h2 { font-size: 1.6rem !important; }
h3 { font-size: 1.2rem !important; padding-bottom: 0.3rem !important; }
/* A sidebar that is folded away, or folding, is no place for the Tab key; Streamlit only pushes it out of sight. */
[data-testid="stSidebar"][data-collapsed="true"] { visibility: hidden; }
@media (prefers-reduced-motion: reduce) { [data-testid="stSidebar"] { transition: none !important; } }
.st-key-verdict { border-left: 5px solid #2477D0; padding-left: 1rem; }
.st-key-verdict > [data-testid="stElementContainer"]:first-child p { font-size: 1.25rem; line-height: 1.4; }
.st-key-verdict button p { white-space: normal; } /* a guess, not half of it */
.stMainBlockContainer [data-testid="stPageLink-NavLink"] * { white-space: normal; } /* a question, not half of it */
/* Streamlit tints a link that has the focus, by a shade that nobody sees. */
[data-testid="stPageLink-NavLink"]:focus-visible { outline: 2px solid currentColor; outline-offset: -2px; }
.js-plotly-plot:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
/* Plotly's sliders are moved by the page's own; they would take the clicks of what lies under them. */
.js-plotly-plot .slider-container { visibility: hidden; }
.js-plotly-plot .slider-container * { pointer-events: none !important; }
@media (hover: none) { /* without a mouse its buttons would always lie over the headings of the panels */
  .modebar-container { display: none; }
  .stTooltipHoverTarget > button { position: relative; } /* a finger is wider than its mark */
  .stTooltipHoverTarget > button::after { content: ""; position: absolute; inset: -8px; }
}
@media (min-width: 800px) and (min-height: 451px) { /* the panel stays in sight beside what scrolls */
  [data-testid="stHorizontalBlock"]:has(> .stColumn .st-key-panel) > .stColumn:first-child {
    position: sticky; top: 3.4rem; align-self: flex-start; max-height: calc(100vh - 3.6rem); overflow-y: auto;
  }
  /* As high as most answers: what was clicked below it stays under the pointer when another answer comes. */
  .stColumn [data-testid="stLayoutWrapper"]:has(> .st-key-verdict) { min-height: 11.1rem; }
  .stColumn .st-key-verdict { flex: none; height: fit-content; }
}
/* A phone, also lying: question, answer, picture, controls; the panel's parts on either side of the stage. */
@media (max-width: 799px), (max-height: 450px) {
  .st-key-verdict { scroll-margin-top: 4rem; } /* seeing.py brings it under the header */
  [data-testid="stHorizontalBlock"]:has(> .stColumn .st-key-panel) { flex-direction: column; flex-wrap: nowrap; }
  [data-testid="stHorizontalBlock"]:has(> .stColumn .st-key-panel) > .stColumn { width: 100%; flex: none; }
  .stColumn:has(.st-key-panel), .stColumn:has(.st-key-panel) > .stVerticalBlock,
  .stColumn:has(.st-key-panel) + .stColumn, .stColumn:has(.st-key-panel) + .stColumn > .stVerticalBlock,
  [data-testid="stLayoutWrapper"]:has(> .st-key-panel), .st-key-panel { display: contents; }
  .stColumn [data-testid="stLayoutWrapper"]:has(> .st-key-verdict) { order: 1; }
  .stColumn [data-testid="stLayoutWrapper"]:has(> .st-key-hero) { order: 2; }
  .stColumn [data-testid="stLayoutWrapper"]:has(> .st-key-controls) { order: 3; }
  .stColumn [data-testid="stLayoutWrapper"]:has(> .st-key-rest) { order: 4; }
}
@media (max-width: 640px) {
  .stMainBlockContainer { padding-left: 1rem; padding-right: 1rem; }
  h1 { font-size: 1.5rem !important; }
  .stMainBlockContainer [role="radiogroup"] > button { padding-inline: 0.75rem; } /* ten digits in one row */
  .st-key-verdict > [data-testid="stElementContainer"]:first-child p { font-size: 1.12rem; }
  .stMainBlockContainer :has(> .stColumn) { gap: 1rem; } /* stacked: as far apart as the rows */
}
</style>"""


class Entry(NamedTuple):
    """One question: its page's path as Streamlit wants it, and its words."""

    path: str
    words: Words


def slug(file: str | Path) -> str:
    """Return 'negative_weights' for 'pages/11_negative_weights.py', and a name without a number as it is."""
    return Path(file).stem.lstrip("0123456789_")


def questions() -> Iterator[Entry]:
    """Yield the questions' pages, in the order of their numbers; not those whose words cannot be read."""
    for file in sorted((ROOT / "pages").glob("[1-4][0-9]_*.py")):
        words = whole(slug(file))
        if words is not None:
            yield Entry(f"pages/{file.name}", words)


class Head(NamedTuple):
    """What `head` has drawn: the page's words, and the place beside the lead; and whether the sidebar is to come."""

    words: Words
    beside: Any
    links_left: bool


def page(file: str) -> Words:
    """Draw the frame, question and lead of the page `file` (its `__file__`); return its words."""
    return head(file).words


def head(file: str, *, later: bool = False) -> Head:
    """Draw the same; `later` as in `frame`.

    Where the words cannot be read, the page ends with a sentence that says so.
    """
    try:
        words = load(slug(file))
        title, icon, question, lead = (words[key] for key in ("title", "icon", "question", "lead"))
    except WordsError as error:
        frame("", own_words()["icon"])
        unreadable(slug(file), error)
    links_left = frame(title, icon, later=later)
    st.title(question, anchor=False)
    beside = st.container(horizontal=True, vertical_alignment="center", key="lead")
    beside.markdown(lead)
    return Head(PageWords(words.slug, words.table), beside, links_left)


def sections() -> dict[int, list[Entry]]:
    """Return the questions by the number of their section."""
    sections: dict[int, list[Entry]] = {}
    for entry in questions():
        sections.setdefault(entry.words["section"], []).append(entry)
    return sections


def frame(title: str, icon: str, *, later: bool = False) -> bool:
    """Set the page's title in the browser, and draw the sidebar.

    If `later`, a page that is drawn again leaves it to the caller: its thirty links are still there, and would keep
    what has changed waiting. Returns whether it is left.
    """
    app = own_words()
    left = later and st.session_state.get(OPEN) == title
    st.session_state[OPEN] = title
    # An emoji, because a Material icon would be fetched from another host.
    st.set_page_config(
        page_title=f"{title} · {app['title']}" if title else app["title"],
        page_icon=icon,
        layout="wide",
        initial_sidebar_state="collapsed" if st.context.is_embedded or presenting.presenting() else 220,
    )
    st.html(STYLE + forced.STYLE + (presenting.STYLE if presenting.presenting() else ""))
    if not left:
        sidebar()
    return left


def sidebar() -> None:
    """Draw the links to all pages."""
    app, facts = own_words(), readable("fact_check", "title", "icon")
    with st.sidebar:
        st.page_link("app.py", label=app["home"], icon=app["icon"])
        if facts is not None:
            st.page_link(FACTS, label=facts["title"], icon=facts["icon"])
        for number, entries in sections().items():
            st.caption(f"**{number} · {app[f'sections.{number}.title']}**")
            for entry in entries:
                st.page_link(entry.path, label=entry.words["title"], icon=entry.words["icon"])
        own = readable("your_network", "title", "icon")
        if own is not None:
            st.caption(f"**5 · {app['sections.5.title']}**")
            st.page_link(YOURS, label=own["title"], icon=own["icon"])
        programs()
        _come_back()


def onward(slug: str) -> None:
    """Draw the link to the question behind this one, behind the last to the reader's own network.

    Who has read to the end of a page on a phone has the sidebar out of sight.
    """
    own = readable("your_network", "question", "icon")
    order = [*questions(), *([] if own is None else [Entry(YOURS, own)])]
    after = next((entry for before, entry in pairwise(order) if before.words.slug == slug), None)
    if after is not None:
        label = own_words().say("page.next", question=after.words["question"])
        st.page_link(after.path, label=label, icon=after.words["icon"])


@st.fragment(run_every=DAY)
def _come_back() -> None:
    """Have the page's script run again when its connection comes back, perhaps to a server that was started anew.

    Streamlit's browser side asks for that only where something is to be run again by the clock. Otherwise the page
    would stay as it was, but with a download that nobody serves any more. What runs once a day is nothing.
    """
