"""Settings that a reader is likely to ask for next, trained while nobody waits: most moves then find their answer.

One thread for the whole server, at the lowest priority, takes one training at a time. It rests while any page is
being drawn, and gives up in the middle of a training as soon as anyone asks for a turn. What it finds goes into the
cache that all readers share, which bounds the memory. `TRAIN_AHEAD=0` in the environment turns it off.
"""

import logging
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from lib import memory, processes
from lib.config import Choice, Config
from lib.question import Answer, AnyQuestion
from lib.spare import SPARE, Machine, beside
from lib.ui.fingerprint import fingerprint
from lib.ui.task import CALM, ServerState, cached, reader, server_state
from lib.words import Words

SETTINGS = 12  # trained ahead after a reader's move
READERS = 20  # whose next moves are thought of
LONGEST = 5.0  # seconds of computing: nothing longer is done on the chance that it is asked for
LOWEST = 19  # the nice value of the thread
LAST = "ahead_last"


Setting = tuple[AnyQuestion, Config]


class Abandoned(Exception):
    """Someone asks for a turn."""


class TooLong(Exception):
    """It would take longer than LONGEST."""


def likely(question: AnyQuestion, config: Config, before: Config | None, chips: list[Config]) -> Iterator[Config]:
    """Yield what may be asked for next, most likely first.

    One step further with the control that was just moved, and one back; the next start; what 'Try this' offers; the
    next steps of the other controls, where nothing was moved yet.
    """
    items = list(question.config.choices())
    moved = [i for i in items if before is not None and getattr(before, i.name) != getattr(config, i.name)]
    for item in moved[:1]:  # a chip moves many
        yield from _steps(item, config, getattr(before, item.name))
    seed = next(item for item in items if item.name == "seed")
    yield from _steps(seed, config, None)
    yield from chips
    for item in items:
        if item not in (*moved, seed):
            yield from _steps(item, config, None)


def _steps(item: Choice, config: Config, before: Any) -> Iterator[Config]:
    """The values beside the present one, that in the direction of the last move first; of a start only the next."""
    now = item.among.index(getattr(config, item.name))
    onwards = -1 if before is not None and item.among.index(before) > now else 1
    for place in (now + onwards, now - onwards)[: 1 if item.name == "seed" else 2]:
        if 0 <= place < len(item.among):
            yield replace(config, **{item.name: item.among[place]})


class Ahead:
    """What is to be trained ahead, by reader, and the thread that does it."""

    def __init__(self, shared: ServerState) -> None:
        """Begin with nothing to do, and no thread."""
        self._shared, self._wanted = shared, dict[str, list[Setting]]()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def ask(self, who: str, settings: list[Setting]) -> None:
        """Train these when there is time, in place of what was thought of for this reader before."""
        with self._changed:
            self._wanted.pop(who, None)
            self._wanted[who] = settings
            while len(self._wanted) > READERS:
                del self._wanted[next(iter(self._wanted))]
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, daemon=True, name="ahead")
                self._thread.start()
            self._changed.notify_all()

    def _work(self) -> None:
        SPARE.set(Machine(1))
        if hasattr(os, "setpriority"):  # of this thread alone, on Linux
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOWEST)
        while True:
            with self._changed:
                self._changed.wait_for(lambda: any(self._wanted.values()))
            self._shared.wait_until_calm()
            if (found := self._next()) is not None:
                settings, one = found
                if not self._train(*one):
                    with self._changed:
                        settings.insert(0, one)  # of use only while its reader has not moved on

    def _next(self) -> tuple[list[Setting], Setting] | None:
        """What whoever came last may ask for, and the first of it, taken out."""
        with self._changed:
            settings = next((some for some in reversed(self._wanted.values()) if some), None)
            return None if settings is None else (settings, settings.pop(0))

    def _train(self, question: AnyQuestion, config: Config) -> bool:
        """Train, and return whether it came to an end."""
        try:
            cached(config, fingerprint(question), partial(self._answer, question, config))
        except Abandoned:
            return False
        except TooLong:
            pass
        except BaseException:  # SystemExit too; a reader who asks for these settings will be told
            logging.getLogger(__name__).exception("a training ahead failed: %s", config)
        finally:
            memory.release()
        return True

    def _answer(self, question: AnyQuestion, config: Config) -> Answer[Any]:
        shared, begun = self._shared, time.thread_time()

        def progress(done: int, total: int) -> None:
            while shared.queue.quiet and config not in shared.asked and shared.drawing:
                time.sleep(CALM / 10)
            if not shared.queue.quiet:
                raise Abandoned
            if (time.thread_time() - begun) * total > LONGEST * max(done, 0.1 * total):
                raise TooLong

        answer = question.answer(config, progress)
        took = time.thread_time() - begun
        shared.lengths.note(config, took)
        logging.getLogger(__name__).info("trained in %.2f s: %s", took, config)
        return answer


def begin_processes(shared: ServerState) -> None:
    """Begin the processes that work on pieces of trainings, when nobody waits; at the usual priority."""
    if processes.POOL.count < beside() and shared.beginning.acquire(blocking=False):
        threading.Thread(target=_begin, args=(shared,), daemon=True, name="begins").start()


def _begin(shared: ServerState) -> None:
    try:
        shared.wait_until_calm()
        processes.start(beside()).join()
    finally:
        shared.beginning.release()


@st.cache_resource(show_spinner=False)
def _ahead() -> Ahead:
    return Ahead(server_state())


def think(words: Words, question: AnyQuestion, config: Config) -> None:
    """Have what the reader may ask for next trained when nobody waits, unless that is turned off."""
    if os.environ.get("TRAIN_AHEAD", "1") == "0":
        return
    begin_processes(server_state())
    last = st.session_state.setdefault(LAST, {})
    before, last[question.slug] = last.get(question.slug), config
    chips = [question.config(**item["settings"]) for item in words.get("try_this", [])]
    found = dict.fromkeys(c for c in likely(question, config, before, chips) if c != config)
    _ahead().ask(reader(), [(question, c) for c in list(found)[:SETTINGS]])
