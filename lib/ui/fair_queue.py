"""A fair queue: trainings share a small machine fairly, whatever their length.

At most `places` trainings run at a time; the others wait in a queue. A running training offers its place to the
queue whenever its slice of time is over (`offer`) and goes to the back, so a short training never waits for a
long one to end, and none starves. Fewer trainings at once also lose less time to Python's lock.

Places that nobody waits for are lent to trainings that can use more than one (lib/spare.py), and taken back as soon
as somebody does.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SLICE = 0.2  # seconds a training keeps its place while others wait; most trainings end within two
POLL = 0.1  # seconds between two beats while waiting

Beat = Callable[[], object]


class FairQueue:
    """A fair queue for `places`; threads are the readers' script threads."""

    def __init__(self, places: int) -> None:
        """Let `places` trainings run at a time."""
        self._places = self._free = places
        self._queue: deque[object] = deque()
        self._changed = threading.Condition()

    @property
    def waiting(self) -> int:
        """How many wait for a place now."""
        return len(self._queue)

    @property
    def quiet(self) -> bool:
        """Whether nobody trains or waits."""
        return self._free == self._places and not self._queue

    def take(self) -> bool:
        """Lend a place, if there is one that nobody waits for."""
        with self._changed:
            lent = self._free > len(self._queue)
            self._free -= lent
        return lent

    def give(self) -> None:
        """Take a place back."""
        with self._changed:
            self._free += 1
            self._changed.notify_all()

    def wanted(self) -> bool:
        """Whether somebody waits for a place that is not free."""
        return len(self._queue) > self._free

    @contextmanager
    def slot(self, beat: Beat) -> Iterator[Callable[[], None]]:
        """Hold a place; yields `offer`. `beat` is called while waiting and may raise to give up.

        The place is given back however the block ends.
        """
        held = False
        started = 0.0

        def take() -> None:
            nonlocal held, started
            self._wait(beat)
            held, started = True, time.monotonic()

        def offer() -> None:
            nonlocal held
            if self._queue and time.monotonic() - started >= SLICE:
                held = False
                self.give()
                take()

        try:
            take()
            yield offer
        finally:
            if held:
                self.give()

    def _wait(self, beat: Beat) -> None:
        ticket = object()
        with self._changed:
            self._queue.append(ticket)
        try:
            while not self._try(ticket):
                beat()  # outside the lock: it may draw, and it may raise
        except BaseException:
            with self._changed:
                if ticket in self._queue:
                    self._queue.remove(ticket)
                else:  # the place was given between the last look and the exception
                    self._free += 1
                self._changed.notify_all()
            raise

    def _try(self, ticket: object) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._free > 0 and self._queue[0] is ticket, timeout=POLL)
            if self._free > 0 and self._queue[0] is ticket:
                self._queue.popleft()
                self._free -= 1
                self._changed.notify_all()
                return True
            return False
