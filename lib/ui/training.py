"""From a config to its result: cached, shared between readers, with progress, a stop, and fair turns.

Nothing here imports torch before the words and controls are on the screen.
"""

import logging
import sys
from types import ModuleType

import streamlit as st

from lib.config import Config
from lib.question import Answer
from lib.ui import pins
from lib.ui.controls import AGAIN
from lib.ui.fingerprint import differences, fingerprint
from lib.ui.parts import sources, why
from lib.ui.task import STOPPED, Task, cached, desk, settle
from lib.ui.upload import Own
from lib.words import Words, load

PRIVATE = "own_result"


def answer(words: Words, module: ModuleType, config: Config, own: Own | None = None) -> Answer:
    """Return what `module.run(config)` gave, from the cache or trained now; ends a stopped or failed page's run.

    With something of the reader's `own` it is `module.run(config, own=...)`, kept in this session alone.
    """
    app = load("app")
    if st.session_state.get(STOPPED, {}).get("config") == config:
        _stopped_page(words, app)
    slot = st.empty()
    if "torch" not in sys.modules:
        slot.caption(app["training.cold"])
    elif (config, module.__name__) in desk().running:
        slot.caption(app["training.shared"])
    try:
        task = Task(module, config, slot, own)
        keep = cached if own is None else _private
        found = keep(module.__name__, config, fingerprint(module), task)
        if st.session_state.pop(AGAIN, False):
            found = _compared(found, Task(module, config, slot, own, stop="stop_again")(), app)
    except Exception:
        logging.getLogger(__name__).exception("a training failed: %s", config)
        slot.error(app["training.failed"])
        _bottom(words)
    slot.empty()
    settle()
    return found


def _private(name: str, config: Config, fingerprint: str, task: Task) -> Answer:
    """The same for a reader's own data: one answer, in the reader's session, gone with it."""
    key = (name, config, fingerprint, task.own and task.own.mark)
    if st.session_state.get(PRIVATE, (None, None))[0] != key:
        st.session_state[PRIVATE] = (key, task())
    answer: Answer = st.session_state[PRIVATE][1]
    return answer


def _stopped_page(words: Words, app: Words) -> None:
    st.info(app.say("training.stopped", share=st.session_state[STOPPED]["share"]), icon="⏹️")
    st.button(
        app["training.train"],
        key="train",
        type="primary",
        on_click=st.session_state.pop,
        args=(STOPPED, None),
    )
    _bottom(words)


def _bottom(words: Words) -> None:
    """End the page without a result: what does not depend on one stays."""
    pins.given_up(words)
    why(words)
    sources(words)
    st.stop()


def _compared(old: Answer, new: Answer, app: Words) -> Answer:
    """Say whether two results are the same to the last bit; return the new one."""
    changed, different, count = differences(old.result, new.result)
    if changed:
        st.error(app.say("controls.not_same", different=different, count=count))
    else:
        st.success(app.say("controls.same", count=f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")), icon="🟰")
    return new
