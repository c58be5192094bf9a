"""Cores that nobody needs now: who lends them to a run that can use more than one (lib/engine/cores.py).

A run that nothing is said about has the machine to itself; in the app, readers share it (lib/ui/task.py).
"""

import os
import threading
from contextvars import ContextVar
from typing import Protocol

from lib import memory


class Spare(Protocol):
    """Who lends cores."""

    def take(self) -> bool:
        """Lend one more core, if there is one that nobody waits for."""

    def give(self) -> None:
        """Take one back."""

    def wanted(self) -> bool:
        """Whether someone waits for a core."""


class Machine:
    """All cores but the caller's, for a run that nobody else waits for."""

    def __init__(self, cores: int | None = None) -> None:
        """So many `cores` in all; if None, those that this process may use."""
        self._free = (usable() if cores is None else cores) - 1
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Lend one while there are some."""
        with self._lock:
            lent = self._free > 0
            self._free -= lent
        return lent

    def give(self) -> None:
        """Take one back."""
        with self._lock:
            self._free += 1

    def wanted(self) -> bool:
        """Nobody else is there."""
        return False


MOST = 4  # cores that are used: each one more needs memory for its piece of the run


def usable() -> int:
    """How many cores this process uses."""
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(here, MOST)


EACH = 1.0  # gigabytes of the machine for the server, and for each process beside it


def beside() -> int:
    """How many processes may work beside this one: one a core but the first, as far as there is memory.

    `TRAIN_BESIDE` in the environment says otherwise.
    """
    told = os.environ.get("TRAIN_BESIDE", "")
    if told.isdecimal():
        return min(int(told), MOST)
    return max(0, min(usable(), int(memory.gigabytes() / EACH)) - 1)


SPARE: ContextVar[Spare | None] = ContextVar("spare", default=None)
