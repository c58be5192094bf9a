"""Runs for the pages that speak of many questions: one after the other, each shown as soon as it is there.

They come from the same cache as the questions' pages and take turns with other readers. Whoever leaves stops them,
and whoever comes back finds what was done.
"""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, StopException

from lib.config import Config
from lib.question import Answer, AnyQuestion, Verdict
from lib.ui.admission import Full
from lib.ui.fingerprint import fingerprint
from lib.ui.reading import sayable
from lib.ui.task import Task, cached, freeze_imports

PAUSE = 5.0  # seconds until a full server is asked again
Verdicts = dict[str, Verdict]
T = TypeVar("T")


def verdicts(question: AnyQuestion, config: Config, slot: Any) -> Verdicts | None:
    """Return a run's verdicts, from the cache or trained now with a bar in `slot`; None if the training failed.

    None too where the words have no sentence for what the run gave.
    """
    found = _tried(question, config, slot, _kept)
    return found if found is not None and sayable(question.slug, found) else None


def answer(question: AnyQuestion, config: Config, slot: Any) -> Answer[Any] | None:
    """Return the whole of a run, in the same way."""
    found = _tried(question, config, slot, cached)
    return found if found is not None and sayable(question.slug, found.verdicts) else None


def _tried(question: AnyQuestion, config: Config, slot: Any, get: Callable[[Config, str, Task], T]) -> T | None:
    task = Task(question, config, slot, stop="")
    try:
        found = _when_there_is_room(task, lambda: get(config, fingerprint(question), task))
    except (RerunException, StopException):  # how Streamlit ends a script: the reader has left
        raise
    except BaseException:  # whatever a run may raise, SystemExit too, costs its own line or claim
        logging.getLogger(__name__).exception("a training failed: %s", config)
        return None
    freeze_imports()
    return found


def _when_there_is_room(task: Task, get: Callable[[], T]) -> T:
    """On a full server, ask again now and then: nobody waits for just this one."""
    while True:
        try:
            return get()
        except Full:
            task.rest(PAUSE)


@st.cache_data(max_entries=500, max_size="20mb", show_spinner=False)
def _kept(config: Config, fingerprint: str, _task: Task) -> Verdicts:
    return cached(config, fingerprint, _task).verdicts
