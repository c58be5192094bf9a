"""Memory on a small machine: readers who leave are forgotten, though imports were frozen while they were there.

What a training has freed goes back to the system.
"""

import os
import subprocess
import sys
import threading

import numpy as np
import pytest
from catalogue import ROOT

from benchmarks.server import memory
from lib.questions.negative_weights.config import NegativeWeights
from lib.ui import admission, task


def test_sessions_of_readers_who_left_are_gone():
    command = [sys.executable, str(ROOT / "tests" / "leavers.py")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    before, after = [list(map(int, line.split())) for line in done.stdout.splitlines() if line[:1].isdigit()]
    assert before[0] == 4
    assert max(after) <= 2


HELD = """
from benchmarks.memory import held
from lib.question import find
def told(slug, **settings):
    question = find(slug)
    print(slug, held(question, question.config(**settings)), question.memory)
told("wide_networks", width=512, steps=100)
told("must_it_be_random", depth=3, steps=3)
told("scale", depth=50, width=128)
told("weight_space", width=128, steps=30)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the most that a process has held is told by Linux")
def test_the_largest_trainings_hold_no_more_than_they_declare():
    """A process of its own, since one that has held more would hide it."""
    done = subprocess.run([sys.executable, "-c", HELD], cwd=ROOT, capture_output=True, text=True, check=True)
    lines = [line.split() for line in done.stdout.splitlines()]
    assert len(lines) == 4
    assert [slug for slug, most, declared in lines if float(most) > int(declared)] == []


def scattered(count):
    """Many small arrays, a few of which stay: their memory is full of holes."""
    arrays = [np.ones(4096) for _ in range(count)]
    return arrays[:: count // 50]


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc keeps freed memory")
def test_memory_that_was_freed_goes_back_to_the_system():
    kept = scattered(4000)  # 131 MB, below the size from which glibc asks the system for each array
    before = memory(os.getpid())
    task.memory.release()
    assert before - memory(os.getpid()) > 90
    assert len(kept) == 50


def test_a_training_gives_its_memory_back_however_it_ends(monkeypatch):
    given = []
    monkeypatch.setattr(task.memory, "release", lambda: given.append(True))

    class Failing:
        memory = 50

        @staticmethod
        def answer(config, progress, own):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        task.Task(Failing, NegativeWeights(), None)()
    assert given == [True]


def test_what_is_too_large_for_the_lane_of_short_ones_does_not_wait_there():
    """A page's default settings count as short before they were seen."""

    class Large:
        memory = admission.SHORT + 1

        @staticmethod
        def answer(config, progress, own):
            return "answered"

    found = []
    thread = threading.Thread(target=lambda: found.append(task.Task(Large, NegativeWeights(), None)()), daemon=True)
    thread.start()
    thread.join(10)
    assert found == ["answered"]
