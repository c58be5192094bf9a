"""Who may begin: a training that has begun holds memory until it ends, so the memory of all of them is bounded.

The others wait outside, where they hold next to nothing, in two lanes: trainings known to be short never wait for a
long one to end, and long ones keep their turn. In each lane whoever has least under way comes next, then whoever came
first; nobody is overtaken because the one behind needs less. A lane's queue is bounded. When it is full, whoever has
most in it loses the newest of theirs to someone with less (longest queue drop: Suter et al. 1998, INFOCOM), so one
reader's many tabs do not shut out another.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

LONG, SHORT = 250, 130  # megabytes for what has begun; the most that one training takes must fit into each
QUEUE = 30  # trainings that wait in a lane
AT_ONCE = 2  # trainings of one reader under way in a lane
POLL = 0.1  # seconds between two beats while waiting


class Full(Exception):
    """The queue is full: this training was not begun, and can be asked for again."""


@dataclass(eq=False)
class Ticket:
    """One training: whose it is, the memory that it takes in megabytes, and whether it is known to be short."""

    reader: str
    memory: int
    short: bool = False
    turned_away: bool = False


class Admission:
    """The door of one server; threads are the readers' script threads."""

    def __init__(self) -> None:
        """Begin with nobody inside."""
        self._begun: list[Ticket] = []
        self._waiting: list[Ticket] = []
        self._changed = threading.Condition()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @property
    def memory(self) -> int:
        """What those that have begun take, in megabytes."""
        return sum(t.memory for t in self._begun)

    @contextmanager
    def begun(self, ticket: Ticket, beat: Callable[[int], object]) -> Iterator[None]:
        """Wait until the training may begin; Full if it may not even wait.

        `beat` is called with the place in the queue, from 1, while it waits, and may raise to give up.
        """
        try:
            self._queue(ticket)
            while not self._try(ticket):
                beat(self.place(ticket))  # outside the lock: it may draw, and it may raise
            yield
        finally:
            self._leave(ticket)

    def place(self, ticket: Ticket) -> int:
        """Return the ticket's place in its lane's queue, from 1."""
        with self._changed:
            line = self._line(ticket.short)
            return line.index(ticket) + 1 if ticket in line else 1

    def _line(self, short: bool) -> list[Ticket]:
        """A lane's queue in the order in which its trainings begin: the next one of each reader, then the second."""
        under_way = Counter(t.reader for t in self._begun if t.short == short)
        keys = {}
        for t in self._waiting:  # in the order in which they came
            if t.short == short:
                keys[t] = under_way[t.reader]
                under_way[t.reader] += 1
        return sorted(keys, key=keys.__getitem__)

    def _queue(self, ticket: Ticket) -> None:
        with self._changed:
            line = [t for t in self._waiting if t.short == ticket.short]
            if len(line) >= QUEUE:
                self._make_room(line, ticket)
            self._waiting.append(ticket)

    def _make_room(self, line: list[Ticket], ticket: Ticket) -> None:
        """Turn away the newest of whoever has most waiting, if that is more than the newcomer would have."""
        counts = Counter(t.reader for t in line)
        reader, most = counts.most_common(1)[0]
        if most <= counts[ticket.reader] + 1:
            raise Full
        newest = [t for t in line if t.reader == reader][-1]
        newest.turned_away = True
        self._waiting.remove(newest)
        self._changed.notify_all()

    def _try(self, ticket: Ticket) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: ticket.turned_away or self._may_begin(ticket), timeout=POLL)
            if ticket.turned_away:
                raise Full
            if not self._may_begin(ticket):
                return False
            self._waiting.remove(ticket)
            self._begun.append(ticket)
            self._changed.notify_all()
            return True

    def _may_begin(self, ticket: Ticket) -> bool:
        lane = [t for t in self._begun if t.short == ticket.short]
        if sum(t.reader == ticket.reader for t in lane) >= AT_ONCE:
            return False
        fits = sum(t.memory for t in lane) + ticket.memory <= (SHORT if ticket.short else LONG)
        return fits and self._line(ticket.short)[0] is ticket

    def _leave(self, ticket: Ticket) -> None:
        with self._changed:
            for place in (self._begun, self._waiting):
                if ticket in place:
                    place.remove(ticket)
            self._changed.notify_all()
