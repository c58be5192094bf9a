"""Independent pieces of a run, side by side on cores that are free; the bits are the same for any number of them.

    tuned = cores.each([partial(_tuned, config, rate) for rate in RATES], progress, size=members * width * batch)

Each job is called with a progress of its own and returns what it found. What runs where is decided while it runs: the
caller's thread works through the jobs, and threads beside it take some, one for each core that `SPARE` lends. A lent
core goes back as soon as anyone else waits for it, in the middle of a job; the job goes on when a core is free again,
or when the caller has nothing else to do. A job is the same piece of work wherever it runs, so its bits are the same.
"""

import contextvars
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import torch

from lib import processes
from lib.engine.progress import Stopped
from lib.spare import SPARE, Machine, Spare
from lib.types import Progress

T = TypeVar("T")
Job = Callable[[Progress], T]

# From so many numbers in the largest activation of a step on a second thread gains (`python -m benchmarks.threads`):
# below, torch's operations are so short that the threads mostly wait for Python's lock.
WORTH = 50_000
POLL = 0.02  # seconds between two looks whether a core is free again
sys.setswitchinterval(5e-4)  # seconds that a thread keeps Python's lock from another; with the usual 5e-3, 5 % slower
PARTS = 1000  # a job's progress is told in so many parts


def each(jobs: Sequence[Job[T]], progress: Progress | None = None, *, size: int) -> list[T]:
    """Return what each job returns, in their order.

    `size` is how many numbers the largest activation of a step has; small ones run one after the other. `progress`
    is called in the caller's thread, with all jobs' progress as one; what it raises, or a job, ends all of them.
    """
    return _Crew(jobs, progress, SPARE.get() or Machine(), small=size < WORTH).work()


class _Crew(Generic[T]):
    """The jobs of one call, and the threads that are at work on them."""

    def __init__(self, jobs: Sequence[Job[T]], progress: Progress | None, spare: Spare, *, small: bool) -> None:
        self.jobs, self.progress, self.spare, self.small = jobs, progress, spare, small
        self.results: dict[int, T] = {}
        self.shares, self.next = [0.0] * len(jobs), 0
        self.threads: list[threading.Thread] = []
        self.changed = threading.Condition()
        self.own, self.lent = 0, 0  # cores for threads beside the caller's
        self.running, self.there = 0, 0  # how many of these are at work, and how many have not ended
        self.failed: BaseException | None = None

    def work(self) -> list[T]:
        """Work through the jobs in this thread, and beside it."""
        try:
            while (k := self._taken()) is not None:
                self._call()
                self.results[k] = self.jobs[k](self._told(k, self._tell))
            self._wait()
        except BaseException as error:  # whatever ends the caller's work ends the others' too
            self.failed = self.failed or error
        for thread in self.threads:
            thread.join()
        if self.failed:
            raise self.failed
        return [self.results[k] for k in range(len(self.jobs))]

    def _taken(self) -> int | None:
        """The next job that nobody has begun."""
        with self.changed:
            if self.failed or self.next == len(self.jobs):
                return None
            self.next += 1
            return self.next - 1

    def _told(self, k: int, then: Callable[[], None]) -> Progress:
        def progress(done: int, total: int) -> None:
            self.shares[k] = done / total
            then()

        return progress

    def _tell(self) -> None:
        """Tell the progress of all; in the caller's thread, which may draw and raise."""
        if self.failed or (
            self.progress is not None and self.progress(int(PARTS * sum(self.shares)), PARTS * len(self.jobs))
        ):
            raise Stopped

    def _wait(self) -> None:
        """Wait for the others. Meanwhile one of them has the caller's core, unless someone else wants it."""
        while True:
            with self.changed:
                self.own = 1
                if not self.there or (self.changed.wait(POLL) and not self.there):
                    return
                self.own = int(not self.spare.wanted())
            self._tell()  # which gives the core to whoever waits, and comes back with one

    def _call(self) -> None:
        """Begin a thread on each core that is lent, as long as there are jobs; for small ones each with a process."""
        while self.next < len(self.jobs) and (processes.idle() or not self.small) and self.spare.take():
            with self.changed:
                self.lent, self.running, self.there = self.lent + 1, self.running + 1, self.there + 1
            run = contextvars.copy_context().run
            thread = threading.Thread(target=run, args=(self._beside, torch.is_inference_mode_enabled()))
            self.threads.append(thread)
            thread.start()

    def _beside(self, inference: bool) -> None:
        """Take jobs until there are no more: a thread beside the caller's, which computes or has a process do it."""
        SPARE.set(Machine(1))  # the pieces of a piece do not spread again
        try:
            with torch.inference_mode(inference), processes.borrowed() as one:
                while (one is not None or not self.small) and (k := self._taken()) is not None:
                    told = self._told(k, self._yield)
                    job = self.jobs[k]
                    self.results[k] = job(told) if one is None else one.work(job, told, inference=inference)
        except BaseException as error:
            self.failed = self.failed or error
        with self.changed:
            self.running, self.there = self.running - 1, self.there - 1
            while self.lent > self.running:
                self._give()
            self.changed.notify_all()

    def _yield(self) -> None:
        """Give the core back if someone waits for it; go on when there is one again."""
        with self.changed:
            if self.lent and self.spare.wanted():
                self._give()
            if self.running > self.lent + self.own:
                self._pause()
        if self.failed:
            raise Stopped

    def _pause(self) -> None:
        self.running -= 1
        while not self.failed and self.running >= self.lent + self.own:
            if self.spare.take():
                self.lent += 1
            else:
                self.changed.wait(POLL)
        self.running += 1

    def _give(self) -> None:
        self.lent -= 1
        self.spare.give()
