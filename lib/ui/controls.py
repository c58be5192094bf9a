"""The controls, made from a Config: one declaration is the widget, the address and the cache key."""

from collections.abc import Sequence
from typing import Any, TypeVar

import streamlit as st

from lib.config import Choice, Config
from lib.question import Question
from lib.ui import address, pins
from lib.words import Words, load

C = TypeVar("C", bound=Config)
AGAIN = "same_start_again"


def controls(words: Words, question: Question[C, Any], *, first: Sequence[str] = ()) -> C:
    """Draw one widget per field, those in `first` in sight and the rest folded away; return the config to run.

    The address sets them when the reader arrives. What it asks for and is not offered falls back to the default; the
    page says so (address.notice) over its picture, as a phone has the controls out of sight. The chips stand above
    what folds out: a click on one may do that, and would find another one under the pointer.
    """
    app, config_class = load("app"), question.config
    address.arrive(config_class)
    items = {item.name: item for item in config_class.choices()}
    shown = [items[name] for name in first] or list(items.values())
    rest = [item for item in items.values() if item not in shown]
    texts = {item.name: _widget(words, config_class.key(item.name), item) for item in shown}
    _try_this(words, config_class)
    if rest:
        with st.expander(app["controls.more"], expanded=_unfolded(config_class, rest)):
            texts |= {item.name: _widget(words, config_class.key(item.name), item) for item in rest}
            st.button(app["controls.same_start"], on_click=_again, args=(config_class.slug(),),
                      help=app["controls.same_start_help"], icon="🔁", key="same_start")  # fmt: skip
    config = config_class.from_strings(texts)
    address.keep(config)
    return config


def _widget(words: Words, key: str, item: Choice) -> str:
    """Draw one control; its options are identifiers as text, which is what the address holds, under labels.

    Streamlit tells the browser what the session has set only in the run that has set it. A browser that has not yet
    loaded the control by the next one would show the first option, and report it: so each run says it as a default.
    """
    options, now = [str(v) for v in item.among], st.session_state[key]
    title, text = words[f"controls.{item.name}.label"], words[f"controls.{item.name}.help"]

    def shown(option: str) -> str:
        return words.option(item.name, option)

    if isinstance(item.default, str):
        return str(
            st.segmented_control(
                title, options, default=now, key=key, help=text, required=True, wrap=True, format_func=shown
            )
        )
    return str(st.select_slider(title, options, now, key=key, help=text, format_func=shown))


def starts(config_class: type[Config]) -> None:
    """Draw the buttons: other draws, a pin on this run."""
    app = load("app")
    seed = next(item for item in config_class.choices() if item.name == "seed")
    st.button(app["controls.new_start"], on_click=_next_seed, args=(config_class, seed),
              help=app["controls.new_start_help"], icon="🎲", key="new_start")  # fmt: skip
    pins.button(config_class)


def _next_seed(config_class: type[Config], seed: Choice) -> None:
    address.catch_up(config_class.slug())
    options = [str(v) for v in seed.among]
    now = options.index(st.session_state.get(config_class.key("seed"), str(seed.default)))
    address.give(config_class, {"seed": options[(now + 1) % len(options)]})


def _again(slug: str) -> None:
    st.session_state[AGAIN] = slug


def _unfolded(config_class: type[Config], items: Sequence[Choice]) -> bool:
    """Whether one of these is set, or was: a reader at the default again must not lose sight of it."""
    key = f"{config_class.__name__}_unfolded"
    if any(st.session_state[config_class.key(i.name)] != str(i.default) for i in items if i.name != "seed"):
        st.session_state[key] = True
    return bool(st.session_state.get(key, False))


def _try_this(words: Words, config_class: type[Config]) -> None:
    """Draw the chips that set the controls to the most telling settings; each says what will happen.

    One whose settings the controls have, but for the start number, looks pressed.
    """
    st.caption(load("app")["page.try_this"])
    with st.container(horizontal=True, gap="small"):
        for number, item in enumerate(words.get("try_this", [])):
            wanted = _settings(config_class, item["settings"])
            pressed = all(st.session_state[config_class.key(n)] == text for n, text in wanted.items() if n != "seed")
            st.button(item["label"], key=f"try_{number}", on_click=address.give, args=(config_class, wanted),
                      help=item["text"], type="primary" if pressed else "secondary")  # fmt: skip


def _settings(config_class: type[Config], given: dict[str, str | int | float | bool]) -> dict[str, str]:
    """Return what the controls hold for these settings, by name; every other one goes back to its default."""
    config = config_class(**given)
    return {item.name: str(getattr(config, item.name)) for item in config.choices()}
