"""What a reader takes away: the link, an embedding, the numbers, the code."""

import inspect
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from lib.config import Config
from lib.question import AnyQuestion, Result
from lib.ui import address
from lib.ui.guides import embedding
from lib.ui.presenting import NAME
from lib.words import Words, load


def share(words: Words, question: AnyQuestion, result: Result) -> None:
    """Draw the link with every setting, the embedding, the CSV, and the code with the lines that rerun it."""
    app, config = load("app"), result.config
    st.subheader(app["page.take_away"], anchor=False)
    link = full(config)
    with st.container(horizontal=True):
        with st.popover(app["share.embed"], icon="🖼️"):
            st.caption(app["share.embed_text"])
            frame = embedding(link, words["question"])
            st.code(frame, language="html", wrap_lines=True)
        st.link_button(app["share.present"], f"{link}&{NAME}=true", icon="📽️", help=app["share.present_help"])
        name, icon = f"{words.slug}.csv", "📄"
        # Written at the click: a file made with every move is gone by the time a quick reader's browser asks for it.
        st.download_button(app["share.csv"], partial(csv, result), name, "text/csv", icon=icon, on_click="ignore")
    with st.expander(app["share.code"]):
        st.caption(app["share.rerun"])
        st.code(python_lines(config), language="python")
        st.code(command(config), language="bash", wrap_lines=True)
        st.code(inspect.getsource(question.experiment), language="python", height=420)


def csv(result: Result) -> bytes:
    """Return the run's numbers as a table in UTF-8, a row a line."""
    return bytes(result.table().to_csv(index=False), "utf-8")


def full(config: Config) -> str:
    """Return the page's full address with every setting, outside any frame that a host wraps around it."""
    # Streamlit Community Cloud serves the app in an inner frame under /~/+/.
    base = str(st.context.url or "").replace("/~/+", "")
    return f"{base}?{urlencode(config.query() | address.extras(config.slug()))}"


def python_lines(config: Config) -> str:
    """Return the two lines of Python that run this config again."""
    slug = config.slug()
    given = ", ".join(f"{item.name}={getattr(config, item.name)!r}" for item in config.choices())
    asked = f"question = find({slug!r})\nprint(question.answer(question.config({given})).verdicts)"
    return f"from lib.question import find\n\n{asked}"


def command(config: Config) -> str:
    """Return the command line that runs this config again and writes its CSV."""
    given = " ".join(f"--{item.name.replace('_', '-')} {getattr(config, item.name)}" for item in config.choices())
    return f"python -m lib {config.slug()} {given} --csv {config.slug()}.csv"
