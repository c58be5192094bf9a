"""One training in one reader's session: its place, its turn, its progress bar, and the cache that all readers share.

A moved control abandons the old training at once: it runs in a thread of its own (watched.py), and the script that
looks on reads the session state, where Streamlit ends a script that is out of date. Two readers who ask for the same
train once.
"""

import contextvars
import gc
import logging
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from lib import memory
from lib.config import Config
from lib.question import Answer, AnyQuestion
from lib.spare import SPARE, usable
from lib.ui.admission import SHORT, Admission, Ticket
from lib.ui.fair_queue import FairQueue
from lib.ui.lengths import Lengths
from lib.ui.upload import Own
from lib.ui.watched import watched
from lib.words import load

SHOW_AFTER = 0.4  # seconds until a training shows its progress
DRAW_EVERY = 0.12  # seconds between two drawings of the bar
ENTRIES, SIZE = 200, "200mb"  # of all results kept for all readers: a small cloud machine has about 1 GB
STOPPED = "stopped_training"
CALM = 0.3  # seconds since a page was last drawn
SETTLED = 60.0  # seconds until what was taken out of the garbage collector's sight is looked through again


class Left(Exception):
    """Nobody waits for this training any more."""


class ServerState:
    """What all readers of this server share."""

    def __init__(self) -> None:
        """A place on each core, up to four: torch leaves Python's lock while it computes."""
        self.queue = FairQueue(usable())
        self.admission, self.lengths = Admission(), Lengths()
        self.running: set[object] = set()
        self.asked: set[object] = set()  # what readers wait for now, whoever trains it
        self.drawn = 0.0  # when a page last drew something
        self.beginning = threading.Lock()  # held while processes begin
        self.modules, self.settled = 0, 0.0
        memory.few_heaps()

    @property
    def drawing(self) -> bool:
        """Whether a page is being drawn, or was a moment ago."""
        return time.monotonic() - self.drawn < CALM

    def wait_until_calm(self) -> None:
        """Wait until no page is being drawn and nobody trains."""
        while not self.queue.quiet or self.drawing:
            time.sleep(CALM / 3)


@st.cache_resource(show_spinner=False)
def server_state() -> ServerState:
    """Return the one state of this server."""
    return ServerState()


def drawing() -> None:
    """Note that a page is being drawn: what is trained on a chance (ahead.py) rests meanwhile."""
    server_state().drawn = time.monotonic()


@st.cache_data(max_entries=ENTRIES, max_size=SIZE, show_spinner=False)
def cached(config: Config, fingerprint: str, _task: Callable[[], Answer[Any]]) -> Answer[Any]:
    """Return the answer of `_task`, or of an equal one before it."""
    return _task()


class Task:
    """One training in one reader's session; with no `stop` its bar has no button."""

    def __init__(
        self, question: AnyQuestion, config: Config, slot: Any, own: Own | None = None, *, stop: str = "stop",
        meanwhile: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        """Train `config`; show the progress in `slot`, and first draw what `meanwhile` draws."""
        # Two trainings of one run (the second to compare) may both show a stop button: each its own key.
        self.question, self.config, self.slot, self.own, self.stop = question, config, slot, own, stop
        # Drawn in the context outside the cached function, the bar is neither recorded nor replayed by the cache.
        self.outside = contextvars.copy_context()
        self.begun = self.drawn = time.monotonic()
        self.bar: Any = None
        self.meanwhile = meanwhile
        self.share, self.place = 0.0, 0  # done of the training, and the place in the queue while it waits

    def __call__(self) -> Answer[Any]:
        """Wait until it may begin and for its turns, train, and return the answer; Full if it may not even wait.

        Whatever Streamlit raises to end a script passes through, at once.
        """
        shared, key = server_state(), self.config
        # What does not fit into the lane of short ones would wait there for ever.
        short = self.question.memory <= SHORT and self.own is None and shared.lengths.short(key)
        ticket = Ticket(reader(), self.question.memory, short)
        shared.running.add(key)
        try:
            return watched(partial(self._work, shared, ticket), self._look)
        finally:
            shared.running.discard(key)

    def rest(self, seconds: float) -> None:
        """Pause, and say that the server is full; ends with the script if the reader leaves."""
        self.slot.caption(load("app")["training.full_here"])
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            _yield_point()
            time.sleep(0.1)

    def _work(self, shared: ServerState, ticket: Ticket, left: threading.Event) -> Answer[Any]:
        """Wait, train and return the answer, in a thread that does not speak to Streamlit; Left once nobody is."""

        def waits(place: int = 0) -> None:
            self.place = place
            if left.is_set():
                raise Left

        try:
            with shared.admission.begun(ticket, waits):
                self.place = 0
                return self._train(shared, waits)
        finally:
            memory.release()

    def _train(self, shared: ServerState, waits: Callable[[], None]) -> Answer[Any]:
        own = None if self.own is None else self.own.numbers
        with shared.queue.slot(waits) as offer:

            def progress(done: int, total: int) -> None:
                waits()
                offer()
                self.share = done / total

            SPARE.set(shared.queue)
            begun = time.thread_time()  # what it computes itself, whoever computes beside it
            answer = self.question.answer(self.config, progress, own=own)
            took = time.thread_time() - begun
            if own is None:  # how long a reader's own takes says nothing about others
                shared.lengths.note(self.config, took)
            logging.getLogger(__name__).info("trained in %.2f s: %s", took, self.config)
            return answer

    def _look(self) -> None:
        """Show how far it is, in the reader's script; ends with the script if a control has moved."""
        _yield_point()
        if self.meanwhile is not None:
            self.outside.run(self.meanwhile)
            self.meanwhile = None
        if self.place:
            self._waiting(self.place)
            return
        st.session_state.setdefault("training_share", {})["share"] = self.share
        self._draw(self.share, load("app").say("training.running", share=self.share))

    def _waiting(self, place: int) -> None:
        self._draw(0.0, load("app").say("training.waiting", place=place))

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
            if self.stop:
                box.button(load("app")["training.stop"], key=self.stop, icon="⏹️", on_click=_stop,
                           args=(self.config,))  # fmt: skip
        self.bar.progress(share, text)


def reader() -> str:
    """Return what tells this reader from others: the browser's cookies, or else its address and name.

    All tabs of a browser have the same cookies (Streamlit's own, or the proxy's). Nothing is kept of it.
    """
    known = [st.context.cookies.get(name) for name in ("seat", "_streamlit_xsrf")]
    headers = [st.context.headers.get(name) for name in ("X-Forwarded-For", "User-Agent")]
    return next((f"cookie {c}" for c in known if c), f"{st.context.ip_address} {headers}")


def _yield_point() -> None:
    """Let Streamlit end this script if a control has moved: it looks whenever the session state is read."""
    _ = "heartbeat" in st.session_state


def _stop(config: Config) -> None:
    share = st.session_state.get("training_share", {}).get("share", 0.0)
    st.session_state[STOPPED] = {"config": config, "share": share}


def freeze_imports() -> None:
    """Take what the imports made out of the garbage collector's sight.

    Streamlit collects garbage after every run of a script, with Python's lock held; walking through all of torch
    each time would cost every reader a quarter of a second per move. Readers' sessions go out of its sight with the
    imports, so now and then everything is looked through: those who have left since are forgotten.
    """
    shared, now = server_state(), time.monotonic()
    if len(sys.modules) > shared.modules + 20 or now - shared.settled > SETTLED:
        shared.modules, shared.settled = len(sys.modules), now
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        memory.release()
