"""How much memory there is, and what glibc keeps of it; other systems have no such calls, or no need of them."""

import ctypes
import os
import sys
from pathlib import Path

M_ARENA_MAX = -8  # as in glibc's malloc.h


def few_heaps() -> None:
    """Let all threads share two of glibc's heaps, one a core that trains.

    By default it makes up to eight a core for threads that come and go, and each keeps pieces of what it held.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(M_ARENA_MAX, 2)


def release() -> None:
    """Return the memory that a training has freed to the system.

    glibc keeps it, in pieces that other threads' trainings cannot use: up to 240 MB after a single one. This takes
    some milliseconds.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")  # of a container, v2 and v1


def gigabytes() -> float:
    """Return the memory of the machine, or of the container if that is less; 0 where nobody tells."""
    known = [int(text) for text in map(_text, LIMITS) if text.isdecimal()]
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        known.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min(known, default=0) / 1e9


def _text(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return ""
