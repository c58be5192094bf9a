"""'Pin this run': its figures stay behind those of the next ones, and the link carries both.

The address holds the pinned settings as one parameter (address.py). A pinned run that this session has not drawn yet
(a link that somebody sent) is drawn first, in one pass of the page that keeps only the outlines; then the page starts
again.
"""

from dataclasses import dataclass, field
from typing import Any, TypeVar

import streamlit as st

from lib import figures
from lib.config import Config
from lib.question import Answer
from lib.ui import address
from lib.words import Words, load

C = TypeVar("C", bound=Config)
PARAMETER = "pin"
CURRENT = "current_run"


@dataclass
class Pin:
    """A pinned run: its config; once it was drawn, its main sentence and the outlines of its figures by key."""

    config: Config
    said: str = ""
    outlines: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def asked(words: Words, config: C) -> C:
    """Draw the line about the pin, if there is one; return what to run: the reader's config, or first the pinned."""
    pin = _pin(words, type(config))
    drawing = config
    if pin and not pin.said and pin.config != config:
        drawing = pin.config  # type: ignore[assignment]
    st.session_state[CURRENT] = (drawing, drawing != config)
    if pin:
        _line(words, pin, config)
    return drawing


def button(config_class: type[Config]) -> None:
    """Draw the button that pins what the controls say now."""
    app = load("app")
    st.button(app["pin.pin"], on_click=_pinned, args=(config_class,), help=app["pin.help"], icon="📌", key="pin_run")


def drawn(figure: Any, key: str, words: Words) -> None:
    """Keep the figure's outline if the pinned run is on the page, else put the pinned one's behind it."""
    pin = st.session_state.get(_key(words))
    if not pin:
        return
    config, _ = st.session_state[CURRENT]
    if config == pin.config:
        pin.outlines[key] = figures.outline(figure)
    else:
        figures.overlay(
            figure, pin.outlines.get(key, []), load("app").say("pin.name", settings=settings(words, pin, config))
        )


def finished(words: Words, answer: Answer[Any]) -> None:
    """At the end of a page: note what the pinned run said, and start again if it was drawn for its outlines alone."""
    pin, (config, only_outlines) = st.session_state.get(_key(words)), st.session_state[CURRENT]
    if pin and config == pin.config:
        parts = words.parts("main", *answer.verdicts["main"])
        pin.said = f"{parts.claim} {parts.line}".strip()  # the numbers, too: pictures that are tiles keep no outline
        if only_outlines:
            st.rerun()


def given_up(words: Words) -> None:
    """Forget a pinned run that could not be drawn, so that the reader's own is."""
    _, only_outlines = st.session_state.get(CURRENT, (None, False))
    if only_outlines:
        _unpin(_key(words))


def settings(words: Words, pin: Pin, config: Config) -> str:
    """Return the settings in which the pinned run differs from `config`, as a person reads them."""
    mine = {item.name: getattr(config, item.name) for item in config.choices()}
    other = {name: getattr(pin.config, name) for name in mine}
    told = {name: (words[f"controls.{name}.label"], words.option(name, value)) for name, value in other.items()}
    return ", ".join(f"{told[name][0].lower()} {told[name][1]}" for name in mine if other[name] != mine[name])


def _line(words: Words, pin: Pin, config: Config) -> None:
    app = load("app")
    text = app.say("pin.here", settings=settings(words, pin, config)) if pin.config != config else app["pin.same"]
    with st.container(border=True):
        st.markdown(f"📌 {text}" + (f"  \n:small[{pin.said}]" if pin.said and pin.config != config else ""))
        st.button(app["pin.unpin"], on_click=_unpin, args=(f"pin_{config.slug()}",), key="unpin")


def _key(words: Words) -> str:
    return f"pin_{words.slug}"


def _pin(words: Words, config_class: type[Config]) -> Pin | None:
    """Return the pin of the session or of the address, the same; a pin that is not one gets a notice."""
    text, key = address.extras(words.slug).get(PARAMETER, ""), _key(words)
    held: Pin | None = st.session_state.get(key)
    if not text:
        if held:
            address.extras(words.slug)[PARAMETER] = _written(held.config)  # back from another page, or a bare address
        return held
    try:
        config = config_class.from_strings(dict(part.split(":", 1) for part in text.split(",")))
    except ValueError:
        st.warning(load("app")["pin.notice"], icon="⚠️")
        del address.extras(words.slug)[PARAMETER]
        return held
    if held is None or held.config != config:
        held = st.session_state[key] = Pin(config)
    address.extras(words.slug)[PARAMETER] = _written(config)  # a link may say the same in other words
    return held


def _written(config: Config) -> str:
    return ",".join(f"{item.name}:{getattr(config, item.name)}" for item in config.choices())


def _pinned(config_class: type[Config]) -> None:
    address.catch_up(config_class.slug())
    texts = {item.name: st.session_state.get(config_class.key(item.name)) for item in config_class.choices()}
    config = config_class.from_strings({name: str(text) for name, text in texts.items() if text is not None})
    st.session_state[f"pin_{config.slug()}"] = Pin(config)
    address.extras(config.slug())[PARAMETER] = _written(config)


def _unpin(key: str) -> None:
    st.session_state.pop(key, None)
    address.extras(key.removeprefix("pin_")).pop(PARAMETER, None)
