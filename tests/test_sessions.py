"""Memory on a small machine: readers who leave are forgotten, though imports were frozen while they were there.

What a training has freed goes back to the system.
"""

import os
import subprocess
import sys

import numpy as np
import pytest
from catalogue import ROOT

from benchmarks.load import memory
from lib.ui import task


def test_sessions_of_readers_who_left_are_gone():
    command = [sys.executable, str(ROOT / "tests" / "leavers.py")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    before, after = [list(map(int, line.split())) for line in done.stdout.splitlines() if line[:1].isdigit()]
    assert before[0] == 4
    assert max(after) <= 2


LARGE = """
import os
from benchmarks.load import memory
from lib.engine import data
from lib.question import find
data.digits()
before = memory(os.getpid())
def run(slug, **settings):
    question = find(slug)
    question.run(question.config(**settings))
run("wide_networks", width=512, steps=100)
run("must_it_be_random", depth=3, steps=3)
run("scale", depth=50, width=128)
print(memory(os.getpid(), "VmHWM:") - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the most that a process has held is told by Linux")
def test_the_largest_trainings_take_little_memory():
    """A process of its own, since one that has held more would hide it. Each took 250 to 300 MB before."""
    done = subprocess.run([sys.executable, "-c", LARGE], cwd=ROOT, capture_output=True, text=True, check=True)
    assert float(done.stdout) < 150


def scattered(count):
    """Many small arrays, a few of which stay: their memory is full of holes."""
    arrays = [np.ones(4096) for _ in range(count)]
    return arrays[:: count // 50]


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc keeps freed memory")
def test_memory_that_was_freed_goes_back_to_the_system():
    kept = scattered(4000)  # 131 MB, below the size from which glibc asks the system for each array
    before = memory(os.getpid())
    task.release_memory()
    assert before - memory(os.getpid()) > 90
    assert len(kept) == 50


def test_a_training_gives_its_memory_back_however_it_ends(monkeypatch):
    given = []
    monkeypatch.setattr(task, "release_memory", lambda: given.append(True))

    class Failing:
        @staticmethod
        def answer(config, progress, own):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        task.Task(Failing, None, None)()
    assert given == [True]
