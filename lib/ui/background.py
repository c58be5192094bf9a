"""Runs for the pages that speak of many questions: one after the other, each shown as soon as it is there.

They come from the same cache as the questions' pages and take turns with other readers. Whoever leaves stops them,
and whoever comes back finds what was done.
"""

import logging
from typing import Any, NamedTuple

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, StopException

from lib import figures
from lib.config import Config
from lib.question import AnyQuestion, Verdict
from lib.ui.admission import Full
from lib.ui.fingerprint import fingerprint
from lib.ui.reading import sayable
from lib.ui.task import Task, cached, freeze_imports

PAUSE = 5.0  # seconds until a full server is asked again


class Summary(NamedTuple):
    """What a page about many questions keeps of a run: its verdicts, and a small picture as an image's address."""

    verdicts: dict[str, Verdict]
    picture: str


def summary(question: AnyQuestion, config: Config, slot: Any) -> Summary | None:
    """Return a run's summary, from the cache or trained now with a bar in `slot`; None if the training failed.

    None too where the words have no sentence for what the run gave.
    """
    task = Task(question, config, slot, stop="")
    try:
        found = _when_there_is_room(config, fingerprint(question), task)
    except (RerunException, StopException):  # how Streamlit ends a script: the reader has left
        raise
    except BaseException:  # whatever a run may raise, SystemExit too, costs its own card or claim
        logging.getLogger(__name__).exception("a training failed: %s", config)
        return None
    freeze_imports()
    return found if sayable(question.slug, found.verdicts) else None


def _when_there_is_room(config: Config, fingerprint: str, task: Task) -> Summary:
    """On a full server, ask again now and then: nobody waits for just this one."""
    while True:
        try:
            found: Summary = _kept(config, fingerprint, task)
            return found
        except Full:
            task.rest(PAUSE)


@st.cache_data(max_entries=500, max_size="20mb", show_spinner=False)
def _kept(config: Config, fingerprint: str, _task: Task) -> Summary:
    answer = cached(config, fingerprint, _task)
    return Summary(answer.verdicts, figures.thumbnail(*answer.result.thumbnail()))
