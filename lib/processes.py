"""Processes beside this one that work on pieces of a run (cores.py): they need not share Python's lock.

    processes.start(1)                # once; a process is there when it has its imports
    with processes.borrowed() as one:
        result = job(progress) if one is None else one.work(job, progress, inference=False)

Two trainings in two threads hand Python's lock over at each of torch's operations, and together gain 1.2 times; in
two processes they gain twice (`python -m benchmarks.threads`). A job that cannot be sent, and one whose process ends,
is done here: a job is the same piece of work wherever it runs. A process ends when the code has changed. Jobs and
results are parcels, and go through the pipes of the process alone.
"""

import contextlib
import importlib
import os
import pickle
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, TypeVar

from lib import parcels
from lib.parcels import Parcel
from lib.types import Progress

T = TypeVar("T")
ROOT = Path(__file__).parents[1]
PIPE = 1 << 20  # bytes, as many as Linux allows: 9 MB take a third of the time that they take through 64 kB
PIECEWORK = "lib.engine.piecework"  # what such a process does


class Lost(Exception):
    """The process has ended."""


class Unread(Exception):
    """The process cannot read this job."""


class Process:
    """One process, which works on one job at a time."""

    def __init__(self) -> None:
        """Begin it; it is there when it has said so."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", PIECEWORK], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])},
        )  # fmt: skip
        for pipe in (self._process.stdin, self._process.stdout):
            _widened(pipe)
        # Ended with this program, and with a pool that code loaded anew has put another in the place of.
        self.end = weakref.finalize(self, _ended, self._process)
        self._read()

    @property
    def number(self) -> int:
        """The system's number of the process."""
        return self._process.pid

    def work(self, job: Callable[[Progress], T], progress: Progress, *, inference: bool) -> T:
        """Return what the job returns, or raise what it raises, or what `progress` raises here.

        It computes in torch's inference mode if asked.
        """
        try:
            sent = parcels.pack((job, inference))
        except (pickle.PicklingError, AttributeError, TypeError):  # a function inside a function
            return job(progress)
        try:
            self._write(sent)
            return self._result(progress)
        except (Lost, Unread):
            return job(progress)

    def _result(self, progress: Progress) -> Any:
        """Answer the process's words until it is done."""
        failed: BaseException | None = None
        while True:
            kind, said = self._read()
            if kind == "done" and failed is None:
                return said
            if kind == "unread":
                raise Unread
            if kind != "told":
                raise failed or said
            try:
                stop = failed is not None or bool(progress(*said))
            except BaseException as error:  # whatever ends the work here ends it there
                failed, stop = error, True
            self._write(parcels.pack(stop))

    def _write(self, parcel: Parcel) -> None:
        assert self._process.stdin is not None
        try:
            parcels.send(self._process.stdin, parcel)
        except OSError as error:
            raise Lost from error

    def _read(self) -> Any:
        assert self._process.stdout is not None
        try:
            return parcels.unpack(parcels.receive(self._process.stdout))
        except (EOFError, pickle.UnpicklingError, OSError) as error:
            self.end()
            raise Lost from error

    @property
    def alive(self) -> bool:
        """Whether it can be given work."""
        return self._process.poll() is None


def _widened(pipe: IO[bytes] | None) -> None:
    """Let more bytes be on their way, where the system has a call for it and allows it."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        fcntl: Any = importlib.import_module("fcntl")
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE)


def _ended(process: subprocess.Popen[bytes]) -> None:
    """End it, whatever it does."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):  # what could not be written any more
                pipe.close()


class Pool:
    """The processes of this one."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lock, self._idle = threading.Lock(), list[Process]()
        self.count = 0

    def idle(self) -> int:
        """How many have nothing to do."""
        return len(self._idle)

    def start(self, count: int) -> threading.Thread:
        """Begin processes until there are `count`, in a thread, which ends when they are there."""
        with self._lock:
            missing, self.count = max(0, count - self.count), max(count, self.count)
        thread = threading.Thread(target=self._begin, args=(missing,), daemon=True, name="processes")
        thread.start()
        return thread

    def _begin(self, count: int) -> None:
        with contextlib.suppress(OSError, Lost):  # no memory for it, say: then there are fewer
            for _ in range(count):
                self._back(Process())

    @contextlib.contextmanager
    def borrowed(self) -> Iterator[Process | None]:
        """Lend a process that has nothing to do, or None."""
        with self._lock:
            one = self._idle.pop() if self._idle else None
        try:
            yield one
        finally:
            if one is not None:
                self._back(one)

    def _back(self, one: Process) -> None:
        with self._lock:
            if one.alive:
                self._idle.append(one)
            else:
                self.count -= 1  # the next start begins another


POOL = Pool()
start, borrowed, idle = POOL.start, POOL.borrowed, POOL.idle
