"""A question's page: the answer and the controls in a panel that stays in sight, the pictures beside it.

    page = ui.Page(__file__, QUESTION, first=("start", "steps"))
    answer = page.answer()
    page.hero(drawn, "histogram", numbers=..., table=...)
    page.finding("health")
    page.figure(drawn, "share", numbers=..., table=...)
    page.below(deeper)

`deeper` draws what is built only when a reader opens 'Go deeper'; `page.view` draws what has controls of its own.
Presented on a wall (presenting.py), a page ends with its hero.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from lib import figures, takeaway
from lib.config import Config
from lib.question import Answer, Question, Result
from lib.ui import address, elements, pins, pointing, training
from lib.ui.controls import controls, starts
from lib.ui.frame import head, onward, sidebar
from lib.ui.presenting import LARGER, presenting
from lib.ui.share import share, source
from lib.ui.task import drawing
from lib.ui.timeline import timeline
from lib.ui.upload import Own
from lib.words import Words, load

C = TypeVar("C", bound=Config)
R = TypeVar("R", bound=Result)
QUIET = "hero_is_painted"  # where a view has drawn it before it had the page drawn again
PAUSE = 0.3  # seconds behind the hero: a browser that has the rest too paints it all at once (benchmarks.browser)


class Page(Generic[C, R]):
    """What a page's script talks to; each call draws at the end of the stage, or in the view that it stands in."""

    words: Words
    config: C
    phone: bool  # whether the reader's browser says that it is one

    def __init__(self, file: str, question: Question[C, R], *, first: Sequence[str]) -> None:
        """Draw title, lead and panel, with the controls named `first` in sight."""
        drawing()
        self.question, self._presented, self.phone = question, presenting(), on_a_phone()
        self.words, beside, self._links_left = head(file, later=True)
        with beside:
            self._guessing = elements.guess_toggle()
        panel, stage = st.columns([1, 2.2], gap="medium")
        self._first, self.rest = stage.container(key="hero"), stage.container(key="rest")
        with panel.container(key="panel"):
            self._said = st.container(key="verdict")
            with st.container(key="controls"):
                chosen = controls(self.words, question, first=first)
                with st.container(horizontal=True, gap="small"):
                    starts(question.config)
                    self._copy = st.empty()
        with self._first:
            address.notice(chosen)
            self.config = pins.asked(self.words, chosen)
        self._chosen, self._inside, self._timed, self._ended = chosen, False, False, False
        self._points = False
        self._written: dict[str, str] = {}
        self._more: list[str] = []
        self._answer: Answer[R] | None = None

    def answer(self, own: Own | None = None) -> Answer[R]:
        """Return the run's answer, trained now or kept, and say it in the panel; without one the page ends."""
        with self._said:
            guessed = not self._guessing or elements.guess(self.words)
        if not guessed:
            self._end()
            st.stop()
        try:
            with self._first:
                self._answer = training.answer(self.words, self.question, self.config, own, meanwhile=self._links)
        except StopException:
            self._end()
            raise
        with self._said:
            self._say("main", main=True)
        return self._answer

    def hero(self, drawn: Any, name: str, *, numbers: dict[str, Any], table: Any = None, **more: Any) -> Any:
        """Draw the one picture that is the answer, under the sentence that tells what to see."""
        with self._place(self._first):
            clicked = self._figure(drawn, name, numbers, table, **more)
        if not self._inside:
            self._shown()
        return clicked

    def figure(self, drawn: Any, name: str, *, numbers: dict[str, Any], table: Any = None, **more: Any) -> Any:
        """Draw a figure under its title.

        `part` tells several of one name apart; with `select`, return the points that the reader has clicked (dicts).
        """
        if self._presented and not self._inside:  # of the views only the hero's is drawn
            return []
        with self._place(self.rest):
            return self._figure(drawn, name, numbers, table, **more)

    def clicked(self, name: str) -> list[dict[str, Any]]:
        """Return the points that the reader has clicked in the figure `name`, before it is drawn anew with them."""
        return elements.clicked(name)

    def pointed(self, *counts: int) -> tuple[int, ...] | None:
        """Return what the address points at, a number below each of `counts`; None for nothing."""
        self._points = True
        return pointing.pointed(self.words.slug, *counts)

    def point(self, *numbers: int) -> None:
        """Have the address point at something, or at nothing."""
        pointing.point(self.words.slug, numbers)

    def followed(self, name: str, read: Callable[[dict[str, Any]], Any], *counts: int) -> tuple[int, ...] | None:
        """Return what the reader points at: the numbers that `read` finds in what was clicked in the figure `name`.

        Without a click it is what the address says, and what is clicked again is let go. `read` finds None in what
        means nothing.
        """
        found = next((n for point in self.clicked(name) if (n := read(point)) is not None), None)
        key = f"followed_{self.words.slug}"
        if found is not None and found != st.session_state.get(key):
            self.point(*(() if found == self.pointed(*counts) else found))
        st.session_state[key] = found  # a click is told again and again, until the page is drawn anew
        return self.pointed(*counts)

    def _figure(
        self, drawn: Any, name: str, numbers: dict[str, Any], table: Any, part: str = "", select: bool = False
    ) -> Any:
        """The first figure with frames brings the time slider that moves all of them."""
        drawing()
        if self._presented:
            figures.enlarge(drawn, LARGER)
        elif self.phone:
            figures.narrow(drawn)
        st.subheader(self.words[f"figures.{name}.title"], anchor=False)
        file = takeaway.name(self.config)
        clicked = elements.chart(drawn, self.words, name, numbers=numbers, part=part, select=select, file=file)
        if drawn.moments and not self._timed:
            self._timed = True
            timeline(drawn)
        if self._presented:
            return clicked
        st.caption(self.words.say(f"figures.{name}.sentence", **numbers))
        if table is not None:
            elements.table_of_numbers(table)
        return clicked

    def finding(self, name: str) -> None:
        """Say one of the run's other findings, as a claim and its numbers; the rest goes under 'Go deeper'."""
        if self._presented:
            return
        with self._place(self.rest):
            self._say(name)

    def note(self, text: str) -> None:
        """Say something small under the hero: a credit, what became of an upload."""
        if self._presented:
            return
        with self._place(self.rest):
            st.markdown(f":small[{text}]")  # not a caption, in whose grey a link would be hard to read

    def view(self, draw: Callable[[], None], *, hero: bool = False) -> None:
        """Draw what has controls of its own: they draw this again, and not the page; with `hero` in its place."""

        if self._presented and not hero:
            return
        timed = self._timed  # drawn again, it brings its time slider again
        slug = self.words.slug

        @st.fragment
        def fragment() -> None:
            self._inside, self._timed = True, timed
            try:
                draw()
            finally:
                self._inside = False
            # What was painted or clicked in a view belongs to the address and to all links.
            if self._ended and address.extras(slug) != self._written and address.settled(slug):
                st.session_state[QUIET] = True
                st.rerun()

        with self._first if hero else self.rest:
            fragment()
        if hero:
            self._shown()

    def below(self, deeper: Callable[[], None]) -> None:
        """Explain, judge the claims, offer `deeper`, give away link, numbers and code, name the sources."""
        assert self._answer is not None
        if not self._presented:
            if not self._points:  # there is nothing to point at
                with self._first:
                    self.pointed()
            with self.rest:
                elements.why(self.words)
                elements.claims(self.words, self._answer)
                self._deeper(deeper)
                share(self.words, self.question, self._answer.result)
                elements.sources(self.words)
                onward(self.words.slug)
        self._end()
        pins.finished(self.words, self._answer)

    def _deeper(self, draw: Callable[[], None]) -> None:
        app = load("app")
        if st.toggle(app["page.deeper"], key=f"deeper_{self.words.slug}", help=app["page.deeper_help"]):
            draw()
            if self._more:
                st.subheader(app["page.sure"], anchor=False)
                st.markdown("\n\n".join(self._more))
            source(self.question)

    def _say(self, name: str, main: bool = False) -> None:
        assert self._answer is not None
        parts = self.words.parts(name, *self._answer.verdicts[name])
        # In the panel two paragraphs, of two sizes; elsewhere one.
        st.markdown(parts.claim if main else f"{parts.claim} {parts.line}".strip())
        if main and parts.line:
            st.markdown(parts.line)
        if parts.more:
            self._more.append(parts.more)

    def _shown(self) -> None:
        """The hero is drawn: let it be painted before the rest is sent."""
        if not st.session_state.pop(QUIET, False):
            time.sleep(PAUSE)
        self._links()

    def _links(self) -> None:
        if self._links_left:
            self._links_left = False
            sidebar()

    def _end(self) -> None:
        drawing()
        self._links()
        self._ended, self._written = True, dict(address.extras(self.words.slug))
        with self._copy.container():
            address.write(self._chosen, self._guessing)

    @contextmanager
    def _place(self, outside: Any) -> Iterator[None]:
        """Draw in the stage; a view drawn again has a place of its own, and the stage is not there any more."""
        if self._inside:
            yield
        else:
            with outside:
                yield


def on_a_phone() -> bool:
    """Whether the reader's browser says so; the server does not know how wide a page is."""
    headers = st.context.headers
    return headers.get("Sec-CH-UA-Mobile") == "?1" or "Mobile" in headers.get("User-Agent", "")
