"""A process that works on pieces of another's run (`python -m lib.engine.piecework`); that one has lib/processes.py.

Jobs come through its standard input; words about their progress and results go out through its standard output, as
(kind, what is said): "there", "told", "done", "failed" or, of a job that cannot be read here, "unread". Each "told"
waits for an answer, whether to stop. All of it is sent as parcels.
"""

import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import BinaryIO

import torch

from lib import memory, parcels
from lib.engine.progress import Stopped
from lib.parcels import Parcel
from lib.spare import SPARE, Machine
from lib.types import Progress

LIB = Path(__file__).parents[1]
TELL_EVERY = 0.03  # seconds between two words


def serve(given: BinaryIO, answers: BinaryIO) -> None:
    """Work on the jobs that come, until none can come any more: the process itself."""

    def say(parcel: Parcel) -> None:
        parcels.send(answers, parcel)

    SPARE.set(Machine(1))
    code = _code()
    say(parcels.pack(("there", None)))
    while True:
        try:
            sent = parcels.receive(given)
        except EOFError:
            return
        if any(code.get(file) != _written(file) for file in _imported()):  # of another day than the one who asks
            return
        say(_done(sent, _told(given, say)))
        memory.release()


def _written(file: str) -> int:
    """When a file was last written."""
    return os.stat(file).st_mtime_ns if os.path.exists(file) else 0


def _code() -> dict[str, int]:
    """The project's files, and when they were last written."""
    return {str(file): _written(str(file)) for file in LIB.rglob("*.py")}


def _imported() -> list[str]:
    """Those that this process has imported: to look at all of them before each job would take 4 ms."""
    ours = [module for name, module in sys.modules.items() if name.partition(".")[0] == LIB.name]
    return [module.__file__ for module in ours if module.__file__]


def _told(given: BinaryIO, say: Callable[[Parcel], None]) -> Progress:
    """A progress that tells the other side now and then, and waits until it lets the work go on."""
    last = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal last
        if monotonic() - last < TELL_EVERY and done < total:
            return
        say(parcels.pack(("told", (done, total))))
        if parcels.unpack(parcels.receive(given)):
            raise Stopped
        last = monotonic()

    return progress


def _done(sent: Parcel, progress: Progress) -> Parcel:
    """What became of a job, as it is sent."""
    try:
        job, inference = parcels.unpack(sent)
    except Exception:  # a function of the asker's `__main__`, say
        return parcels.pack(("unread", None))
    try:
        with torch.inference_mode(inference):
            return parcels.pack(("done", job(progress)))
    except BaseException as error:
        return parcels.pack(("failed", _sendable(error)))


def _sendable(error: BaseException) -> BaseException:
    try:
        return parcels.unpack(parcels.pack(error))
    except Exception:
        return RuntimeError(repr(error))


if __name__ == "__main__":
    # What a job prints must not go between the answers.
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError, EOFError):
        serve(sys.stdin.buffer, channel)
