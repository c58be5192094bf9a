"""What a reader takes away: the link, an embedding, the code, the numbers, the picture."""

import inspect
from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from lib import plain, takeaway
from lib.config import Config
from lib.notebook import notebook
from lib.question import AnyQuestion, Result
from lib.ui import address
from lib.ui.guides import embedding
from lib.ui.picture import picture
from lib.ui.presenting import NAME
from lib.words import Words, load

BYTES = "application/octet-stream"
ICONS = {"python": "🐍", "notebook": "📓", "csv": "📄"}


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
        _files(app, config, result, link)
        if takeaway.holds_network(result):
            file = f"{takeaway.name(config)}.safetensors"
            st.download_button(app["share.network"], partial(takeaway.network, result), file, BYTES, icon="🧠",
                               on_click="ignore")  # fmt: skip
        picture(app["share.picture"])
        with st.popover(app["share.columns"], icon="📋"):
            st.markdown(_meanings(words, result))
    with st.expander(app["share.code"]):
        st.caption(app.say("share.prints", line=plain.printed(words, question.headline(result))))
        st.code(plain.python(config), language="python", height=420)
        st.caption(app["share.rerun"])
        st.code(python_lines(config), language="python")
        st.code(command(config), language="bash", wrap_lines=True)


def _files(app: Words, config: Config, result: Result, link: str) -> None:
    """Files named by their settings; written at the click.

    A file made with every move is gone by the time a quick reader's browser asks for it.
    """
    files: dict[str, tuple[Callable[[], str], str, str]] = {
        "python": (partial(plain.python, config), "py", "text/x-python"),
        "notebook": (partial(notebook, config, link), "ipynb", "application/x-ipynb+json"),
        "csv": (partial(csv, result), "csv", "text/csv"),
    }
    for kind, (made, ending, mime) in files.items():
        name, icon = f"{takeaway.name(config)}.{ending}", ICONS[kind]
        st.download_button(app[f"share.{kind}"], made, name, mime, icon=icon, on_click="ignore")


def _meanings(words: Words, result: Result) -> str:
    """What the table's columns mean, as a list."""
    told = {f"{takeaway.SETTING}*": load("app")["share.setting"]} | takeaway.columns(words, result)
    return "\n".join(f"- `{name}`: {text}" for name, text in told.items())


def source(question: AnyQuestion) -> None:
    """Show the experiment as the app runs it."""
    with st.expander(load("app")["share.experiment"]):
        st.code(inspect.getsource(question.experiment), language="python", height=420)


def csv(result: Result) -> str:
    """Return the run's settings and numbers as a table, a row a line."""
    return takeaway.table(result).to_csv(index=False)


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
