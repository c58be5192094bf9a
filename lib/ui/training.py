"""From a config to its result: cached, shared between readers, with progress, a stop, and fair turns.

Nothing here imports torch before the words and controls are on the screen.
"""

import logging
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, StopException

from lib.config import Config
from lib.question import Answer, Question, Result
from lib.ui import ahead, pins
from lib.ui.admission import Full
from lib.ui.controls import AGAIN
from lib.ui.elements import sources, why
from lib.ui.fingerprint import differences, fingerprint
from lib.ui.task import STOPPED, Task, cached, freeze_imports, server_state
from lib.ui.upload import Own
from lib.words import Words, load

PRIVATE = "own_result"
C = TypeVar("C", bound=Config)
R = TypeVar("R", bound=Result)


def answer(
    words: Words,
    question: Question[C, R],
    config: C,
    own: Own | None = None,
    *,
    meanwhile: Callable[[], None] | None = None,
) -> Answer[R]:
    """Return the question's answer, from the cache or trained now; ends a stopped or failed page's run.

    An answer to something of the reader's `own` is kept in this session alone. `meanwhile` draws, once, what can be
    drawn without an answer; it is called if there is one to wait for.
    """
    app = load("app")
    if st.session_state.get(STOPPED, {}).get("config") == config:
        _stopped_page(words, app)
    slot = st.empty()
    if "torch" not in sys.modules:
        slot.caption(app["training.cold"])
    elif config in server_state().running:
        slot.caption(app["training.shared"])
    try:
        task = Task(question, config, slot, own, meanwhile=meanwhile)
        keep = cached if own is None else _private
        server_state().asked.add(config)
        try:
            found = keep(config, fingerprint(question), task)
        finally:
            server_state().asked.discard(config)
        if st.session_state.pop(AGAIN, "") == words.slug:  # not asked for on a page that was left
            found = _compared(found, Task(question, config, slot, own, stop="stop_again")(), app)
    except Full:
        _full_page(words, slot, app)
    except (RerunException, StopException):  # how Streamlit ends a script: a control has moved, the reader has left
        raise
    except BaseException as error:  # whatever a run may raise, SystemExit too, costs this page its answer, no more
        logging.getLogger(__name__).exception("a training failed: %s", config)
        slot.error(app["training.memory" if isinstance(error, MemoryError) else "training.failed"])
        _bottom(words)
    slot.empty()
    freeze_imports()
    if own is None:
        ahead.think(words, question, config)
    return found


def _private(config: Config, fingerprint: str, task: Task) -> Answer[Any]:
    """The same for a reader's own data: one answer, in the reader's session, gone with it."""
    key = (config, fingerprint, task.own and task.own.mark)
    if st.session_state.get(PRIVATE, (None, None))[0] != key:
        st.session_state[PRIVATE] = (key, task())
    answer: Answer[Any] = st.session_state[PRIVATE][1]
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


def _full_page(words: Words, slot: Any, app: Words) -> None:
    with slot.container():
        st.warning(app["training.full"], icon="⏳")
        st.button(app["training.again"], key="again_when_full", type="primary")  # any click runs the page again
    _bottom(words)


def _bottom(words: Words) -> None:
    """End the page without a result: what does not depend on one stays."""
    pins.given_up(words)
    why(words)
    sources(words)
    st.stop()


def _compared(old: Answer[Any], new: Answer[Any], app: Words) -> Answer[Any]:
    """Say whether two results are the same to the last bit; return the new one."""
    changed, different, count = differences(old.result, new.result)
    if changed:
        st.error(app.say("controls.not_same", different=different, count=count))
    else:
        st.success(app.say("controls.same", count=f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")), icon="🟰")
    return new
