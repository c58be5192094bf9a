"""Ways in: where a learner starts, and what a teacher can take into a lecture."""

from urllib.parse import urlencode

import streamlit as st

from lib.ui.frame import Entry
from lib.ui.grid import side_by_side
from lib.words import Words

Sections = dict[int, list[Entry]]


def learn(app: Words, sections: Sections) -> None:
    """Draw the path for a learner: a question a step, in the order of the words file."""
    entries = {entry.words.slug: entry for listed in sections.values() for entry in listed}
    with st.container(border=True):
        st.markdown(f"**{app['learn.title']}** {app['learn.text']}")
        path = [step for step in app["learn.path"] if step["slug"] in entries]  # not one whose words cannot be read
        for column, (number, step) in side_by_side(enumerate(path, start=1)):
            entry = entries[step["slug"]]
            with column:
                label = f"{number}. {entry.words['question']}"
                st.page_link(entry.path, label=label, icon=entry.words["icon"], query_params={"guess": "true"})
                st.caption(step["text"])


def teach(app: Words, sections: Sections) -> None:
    """Draw what a teacher needs: per question, what to ask first, a link that hides the answer, and an embedding."""
    with st.expander(app["teach.title"], icon="🧑‍🏫"):
        st.markdown(app["teach.text"])
        st.code(embedding(f"{home()}/negative_weights?guess=true"), language="html", wrap_lines=True)
        for number, entries in sections.items():
            st.markdown(f"**{app[f'sections.{number}.title']}**")
            for entry in entries:
                _lesson(app, entry)


def _lesson(app: Words, entry: Entry) -> None:
    words = entry.words
    options = " / ".join(words["guess.options"])
    st.markdown(
        f"{words['icon']} **{words['question']}**  \n{app['teach.ask']} {words['guess.question']} ({options})"
    )
    address = f"{home()}/{words.slug}?{urlencode({'guess': 'true'})}"
    st.code(address, language=None, wrap_lines=True)


def embedding(link: str, title: str = "") -> str:
    """Return the HTML that shows a page in another site; a frame may copy and fill the screen only if it is let."""
    title = f' title="{title}"' if title else ""
    allowed = "clipboard-write; fullscreen"
    return f'<iframe src="{link}&embed=true" width="100%" height="900"{title} allow="{allowed}"></iframe>'


def home() -> str:
    """Return the address of the home page, outside any frame that a host wraps around it."""
    return str(st.context.url or "").replace("/~/+", "").rstrip("/")
