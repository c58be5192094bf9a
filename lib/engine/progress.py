"""Progress of one of several pieces of work, told as progress of them all; and what a true answer to it means."""

from lib.types import Progress


class Stopped(Exception):
    """Whoever was told the progress has asked for an end."""


def part(progress: Progress | None, begin: int, of: int, *, length: int = 1) -> Progress | None:
    """Return a progress for the piece from `begin` to `begin + length`, in a whole that is `of` long."""
    if progress is None:
        return None
    return lambda done, total: progress(begin * total + length * done, of * total)


def tell(progress: Progress | None, done: int, total: int, *, every: int = 1) -> None:
    """Tell that `done` of `total` steps are made, at the first and each `every` after; Stopped on a true answer."""
    if progress is not None and (done - 1) % every == 0 and progress(done, total):
        raise Stopped(f"stopped after {done} of {total}")
