"""From a config to its result: cached, shared between readers, with progress, a stop, and fair turns.

A moved control abandons the old training at once: `progress` reads the session state, where Streamlit ends a script
that is out of date. Two readers who ask for the same train once. Nothing here imports torch before the words and
controls are on the screen.
"""

import contextvars
import gc
import logging
import os
import sys
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import streamlit as st

from lib.config import Config
from lib.turns import Turns
from lib.ui.controls import AGAIN
from lib.ui.fingerprint import differences, fingerprint
from lib.ui.parts import sources, why
from lib.ui.upload import Own
from lib.words import Words, load

SHOW_AFTER = 0.4  # seconds until a training shows its progress
DRAW_EVERY = 0.12  # seconds between two drawings of the bar
ENTRIES, SIZE = 200, "200mb"  # of all results kept for all readers: a small cloud machine has about 1 GB
STOPPED = "stopped_training"
PRIVATE = "own_result"

Progress = Callable[[int, int], None]


class Desk:
    """What all readers of this server share."""

    def __init__(self) -> None:
        """Two places on two cores: torch leaves Python's lock while it computes."""
        self.turns = Turns(min(2, os.cpu_count() or 1))
        self.running: set[object] = set()
        self.modules = 0


@st.cache_resource(show_spinner=False)
def _desk() -> Desk:
    return Desk()


def answer(words: Words, module: ModuleType, config: Config, own: Own | None = None) -> Any:
    """Return `module.run(config)`, from the cache or trained now; ends the page's run if it was stopped or failed.

    With something of the reader's `own` it is `module.run(config, own=...)`, kept in this session alone.
    """
    app = load("app")
    if st.session_state.get(STOPPED, {}).get("config") == config:
        _stopped_page(words, app)
    slot = st.empty()
    if "torch" not in sys.modules:
        slot.caption(app["training.cold"])
    elif (config, module.__name__) in _desk().running:
        slot.caption(app["training.shared"])
    try:
        task = _Task(module, config, slot, own)
        keep = _cached if own is None else _private
        result = keep(module.__name__, config, fingerprint(module), task)
        if st.session_state.pop(AGAIN, False):
            result = _compared(result, _Task(module, config, slot, own, stop="stop_again")(), app)
    except Exception:
        logging.getLogger(__name__).exception("a training failed: %s", config)
        slot.error(app["training.failed"])
        _bottom(words)
    slot.empty()
    _settle()
    return result


@st.cache_data(max_entries=ENTRIES, max_size=SIZE, show_spinner=False)
def _cached(name: str, config: Config, fingerprint: str, _task: "_Task") -> Any:
    return _task()


def _private(name: str, config: Config, fingerprint: str, task: "_Task") -> Any:
    """The same for a reader's own data: one result, in the reader's session, gone with it."""
    key = (name, config, fingerprint, task.own and task.own.mark)
    if st.session_state.get(PRIVATE, (None, None))[0] != key:
        st.session_state[PRIVATE] = (key, task())
    return st.session_state[PRIVATE][1]


class _Task:
    """One training in one reader's session."""

    def __init__(
        self, module: ModuleType, config: Config, slot: Any, own: Own | None = None, *, stop: str = "stop"
    ) -> None:
        # Two trainings of one run (the second to compare) may both show a stop button: each its own key.
        self.module, self.config, self.slot, self.own, self.stop = module, config, slot, own, stop
        # Drawn in the context outside the cached function, the bar is neither recorded nor replayed by the cache.
        self.outside = contextvars.copy_context()
        self.begun = self.drawn = time.monotonic()
        self.bar: Any = None

    def __call__(self) -> Any:
        desk, key = _desk(), (self.config, self.module.__name__)
        desk.running.add(key)
        try:
            with desk.turns.turn(self._waiting) as pass_on:
                more = {} if self.own is None else {"own": self.own.numbers}
                return self.module.run(self.config, progress=self._progress(pass_on), **more)
        finally:
            desk.running.discard(key)

    def _progress(self, pass_on: Callable[[], None]) -> Progress:
        app = load("app")

        def progress(done: int, total: int) -> None:
            _yield_point()
            pass_on()
            share = done / total
            st.session_state.setdefault("training_share", {})["share"] = share
            self._draw(share, app.say("training.running", share=share))

        return progress

    def _waiting(self) -> None:
        _yield_point()
        self._draw(0.0, load("app")["training.waiting"])

    def _draw(self, share: float, text: str) -> None:
        now = time.monotonic()
        if now - self.begun < SHOW_AFTER or now - self.drawn < DRAW_EVERY:
            return
        self.drawn = now
        self.outside.run(self._bar, share, text)

    def _bar(self, share: float, text: str) -> None:
        if self.bar is None:
            box = self.slot.container()
            self.bar = box.progress(share, text)
            box.button(load("app")["training.stop"], key=self.stop, icon="⏹️", on_click=_stop,
                       args=(self.config,))  # fmt: skip
        self.bar.progress(share, text)


def _yield_point() -> None:
    """Let Streamlit end this script if a control has moved: it looks whenever the session state is read."""
    _ = "heartbeat" in st.session_state


def _stop(config: Config) -> None:
    share = st.session_state.get("training_share", {}).get("share", 0.0)
    st.session_state[STOPPED] = {"config": config, "share": share}


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
    why(words)
    sources(words)
    st.stop()


def _compared(old: Any, new: Any, app: Words) -> Any:
    """Say whether two results are the same to the last bit; return the new one."""
    changed, different, count = differences(old, new)
    if changed:
        st.error(app.say("controls.not_same", different=different, count=count))
    else:
        st.success(app.say("controls.same", count=f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")), icon="🟰")
    return new


def _settle() -> None:
    """Take what the imports made out of the garbage collector's sight.

    Streamlit collects garbage after every run of a script, with Python's lock held; walking through all of torch
    each time would cost every reader a quarter of a second per move.
    """
    desk = _desk()
    if len(sys.modules) > desk.modules + 20:
        desk.modules = len(sys.modules)
        gc.collect()
        gc.freeze()
