"""The controls, made from a Config: one declaration is the widget, the address and the cache key."""

from collections.abc import Sequence
from typing import Any, TypeVar

import streamlit as st

from lib.config import Choice, Config
from lib.question import Question
from lib.ui import pins
from lib.ui.grid import side_by_side
from lib.words import Words, load

C = TypeVar("C", bound=Config)
AGAIN = "same_start_again"


def controls(words: Words, question: Question[C, Any], *, first: Sequence[str] = ()) -> C:
    """Draw one widget per field, those in `first` in sight and the rest folded away; return the config to run.

    Every widget is bound to the address. What an address asks for and is not offered falls back to the default,
    with a notice.
    """
    app, config_class = load("app"), question.config
    _notice(config_class)
    items = {item.name: item for item in config_class.choices()}
    shown = [items[name] for name in first] or list(items.values())
    rest = [item for item in items.values() if item not in shown]
    texts = _grid(words, config_class, shown)
    if rest:
        with st.expander(app["controls.more"], expanded=_unfolded(config_class, rest)):
            texts |= _grid(words, config_class, rest)
    if "seed" in items:
        _starts(config_class, items["seed"])
    return pins.asked(words, config_class.from_strings(texts))


def _grid(words: Words, config_class: type[Config], items: Sequence[Choice]) -> dict[str, str]:
    texts = {}
    for column, item in side_by_side(items, gap="large"):
        with column:
            texts[item.name] = _widget(words, config_class.key(item.name), item)
    return texts


def _widget(words: Words, key: str, item: Choice) -> str:
    """Draw one control; options are text, which is what the address holds."""
    options = [str(v) for v in item.among]
    label, text = words[f"controls.{item.name}.label"], words[f"controls.{item.name}.help"]
    default = str(item.default)
    if isinstance(item.default, str):
        picked = st.segmented_control(
            label, options, default=default, key=key, help=text, required=True, wrap=True, bind="query-params"
        )
        return picked or default  # an address may empty even a required control: ?key=
    return st.select_slider(label, options, value=default, key=key, help=text, bind="query-params")


def _starts(config_class: type[Config], seed: Choice) -> None:
    """Draw the buttons: other draws, the same ones again, a pin on this run."""
    app = load("app")
    with st.container(horizontal=True):
        st.button(app["controls.new_start"], on_click=_next_seed, args=(config_class.key("seed"), seed),
                  help=app["controls.new_start_help"], icon="🎲", key="new_start")  # fmt: skip
        st.button(app["controls.same_start"], on_click=_again, help=app["controls.same_start_help"], icon="🔁",
                  key="same_start")  # fmt: skip
        pins.button(config_class)


def _next_seed(key: str, seed: Choice) -> None:
    options = [str(v) for v in seed.among]
    now = options.index(st.session_state.get(key, str(seed.default)))
    st.session_state[key] = options[(now + 1) % len(options)]


def _again() -> None:
    st.session_state[AGAIN] = True


def _unfolded(config_class: type[Config], items: Sequence[Choice]) -> bool:
    """Whether the address sets one of these, or did: a reader at the default again must not lose sight of it."""
    key = f"{config_class.__name__}_unfolded"
    if any(config_class.key(item.name) in st.query_params for item in items if item.name != "seed"):
        st.session_state[key] = True
    return bool(st.session_state.get(key, False))


def _notice(config_class: type[Config]) -> None:
    """Say which settings of the address were not understood; Streamlit itself falls back to the defaults."""
    prefix = f"{config_class.__name__}."
    offered = {config_class.key(item.name): set(map(str, item.among)) for item in config_class.choices()}
    refused = []
    for key in st.query_params:
        values = st.query_params.get_all(key)
        if key.startswith(prefix) and (len(values) != 1 or values[0] not in offered.get(key, ())):
            refused.append(key)
    if not refused:
        return
    app = load("app")
    # Only names of our own are repeated on the page: the rest of the text is a stranger's.
    names = [key.removeprefix(prefix) if key in offered else app["controls.unknown"] for key in refused]
    st.warning(app.say("controls.notice", names=", ".join(sorted(set(names)))), icon="⚠️")
    for key in refused:
        if key not in offered:  # Streamlit takes the others out of the address itself
            del st.query_params[key]


def try_this(words: Words, config_class: type[Config]) -> None:
    """Draw the buttons that set the controls to the most telling settings."""
    st.subheader(load("app")["page.try_this"], anchor=False)
    for column, (number, item) in side_by_side(enumerate(words.get("try_this", []))):
        with column:
            st.button(item["label"], key=f"try_{number}", on_click=_set, args=(config_class, item["settings"]),
                      width="stretch")  # fmt: skip
            st.caption(item["text"])


def _set(config_class: type[Config], settings: dict[str, str | int | float | bool]) -> None:
    config = config_class(**settings)  # every other setting goes back to its default
    for item in config.choices():
        st.session_state[config.key(item.name)] = str(getattr(config, item.name))
