"""`python -m benchmarks.memory`: what each question's heaviest run holds beside what it declares (Linux).

In one process that has run the question's default before, so that imports and data that stay are not counted. With as
many pieces side by side as there ever are, whatever the cores of this machine.
"""

import os
import sys
from pathlib import Path

from benchmarks.server import memory
from lib.config import Config
from lib.memory import release
from lib.question import AnyQuestion, every, find
from lib.spare import MOST, SPARE, Machine


def held(question: AnyQuestion, config: Config) -> float:
    """Return the most that a run holds beyond what the process had before, in megabytes."""
    question.answer(question.config())
    release()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the most held is counted from here
    before = memory(os.getpid())
    question.answer(config)
    return memory(os.getpid(), "VmHWM:") - before


def main(slugs: list[str]) -> None:
    """Print a line per question."""
    SPARE.set(Machine(MOST))
    for question in [find(slug) for slug in slugs] or every():
        most = held(question, question.heaviest)
        print(f"{question.slug:20} {most:4.0f} MB of {question.memory:4} declared", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
