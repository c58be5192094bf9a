"""Pieces of a run in processes beside this one: the same bits, the same errors, and nothing lost when one ends."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from functools import partial

import pytest
import torch
from catalogue import ROOT

from lib import parcels, processes, spare
from lib.engine import cores, data, inits, mlp, train
from lib.engine.progress import tell
from lib.processes import Pool
from lib.spare import SPARE, Machine
from lib.ui import fair_queue
from lib.ui.fair_queue import FairQueue

SMALL = 10  # numbers in an activation: not worth a thread


@pytest.fixture(scope="module")
def kept():
    """A pool of one process, for all tests of this file."""
    pool = Pool()
    pool.start(1).join()
    yield pool
    with pool.borrowed() as one:
        if one is not None:
            one.end()


@pytest.fixture
def pool(kept, monkeypatch):
    """The pool that `cores.each` takes from; a process that a test has ended is begun anew."""
    kept.start(1).join()
    monkeypatch.setattr(processes, "borrowed", kept.borrowed)
    monkeypatch.setattr(processes, "idle", kept.idle)
    token = SPARE.set(Machine(2))
    yield kept
    SPARE.reset(token)


def nothing(done, total):
    """A progress that lets the work go on."""


def training(progress, *, seed):
    network = mlp.MLP((64, 16, 10), "sigmoid", norm="batch")
    start = inits.start(network, inits.Init("he"), range(seed, seed + 5))
    recipe = train.Recipe(steps=60, batch=32, optimiser="adam", lr=0.01)
    return train.train(network, start, data.digits().train, recipe, seeds=range(5), progress=progress).params


def place(progress, *, seconds=0.0):
    time.sleep(seconds)
    return os.getpid(), torch.is_inference_mode_enabled()


def failing(progress):
    raise ZeroDivisionError("by nought")


def long(progress, *, steps=1_000_000):
    """When each step was, as all processes of this machine see the time."""
    seen = []
    for step in range(steps):
        seen.append(time.monotonic())
        time.sleep(0.001)
        tell(progress, step + 1, steps)
    return seen


def talkative(progress):
    print("what a job prints", flush=True)
    return 7


def test_the_bits_are_those_of_this_process(pool):
    with pool.borrowed() as one:
        there = one.work(partial(training, seed=3), nothing, inference=False)
    assert all(map(torch.equal, there, training(None, seed=3)))


def test_small_pieces_spread_to_a_process_but_not_to_threads(pool):
    jobs = [partial(place, seconds=0.1)] * 4
    with pool.borrowed() as one:
        number = one.number
        assert {pid for pid, _ in cores.each(jobs, size=SMALL)} == {os.getpid()}  # it is lent already
    assert {pid for pid, _ in cores.each(jobs, size=SMALL)} == {os.getpid(), number}
    with torch.inference_mode():
        assert {mode for _, mode in cores.each(jobs, size=SMALL)} == {True}


def test_an_error_of_a_job_reaches_the_caller_and_the_process_goes_on(pool):
    with pool.borrowed() as one:
        with pytest.raises(ZeroDivisionError, match="by nought"):
            one.work(failing, nothing, inference=False)
        assert one.work(place, nothing, inference=True) == (one.number, True)


def test_what_the_progress_raises_ends_the_job_and_the_process_goes_on(pool):
    class Left(BaseException):
        pass

    def left(done, total):
        raise Left

    with pool.borrowed() as one:
        with pytest.raises(Left):
            one.work(long, left, inference=False)
        assert one.work(place, nothing, inference=False)[0] == one.number


def test_what_a_job_prints_does_not_stand_between_the_answers(pool):
    with pool.borrowed() as one:
        assert one.work(talkative, nothing, inference=False) == 7


def test_a_job_that_cannot_be_sent_is_done_here(pool):
    here = []
    with pool.borrowed() as one:
        assert one.work(lambda progress: here.append(os.getpid()) or 5, nothing, inference=False) == 5
    assert here == [os.getpid()]


def test_a_job_that_the_process_cannot_read_is_done_here_and_the_process_goes_on(pool, monkeypatch):
    """A function of the program that runs here is of another one there."""
    monkeypatch.setattr(sys.modules["__main__"], "place", place, raising=False)
    monkeypatch.setattr(place, "__module__", "__main__")
    with pool.borrowed() as one:
        assert one.work(place, nothing, inference=False)[0] == os.getpid()
        assert one.work(talkative, nothing, inference=False) == 7
        assert one.alive


def test_a_job_whose_process_is_killed_is_done_here_and_another_process_begins(pool):
    with pool.borrowed() as one:
        number = one.number
        threading.Timer(0.2, os.kill, (number, signal.SIGKILL)).start()
        seen = one.work(partial(long, steps=400), nothing, inference=False)
        assert len(seen) == 400
        assert not one.alive
    assert pool.idle() == 0
    pool.start(1).join()
    with pool.borrowed() as one:
        assert one.work(place, nothing, inference=False)[0] not in (number, os.getpid())


def test_a_process_pauses_while_somebody_else_has_its_core(pool, monkeypatch):
    """As the threads do, tests/test_cores.py: never three at work on two cores."""
    monkeypatch.setattr(fair_queue, "SLICE", 0.0)
    queue, inside = FairQueue(2), []
    SPARE.set(queue)

    def comes():
        time.sleep(0.3)
        with queue.slot(lambda: None):
            begun = time.monotonic()
            time.sleep(0.4)
            inside.append((begun, time.monotonic()))

    others = [threading.Thread(target=comes) for _ in range(2)]
    for other in others:
        other.start()
    with queue.slot(lambda: None) as offer:
        jobs = [partial(long, steps=1200), partial(long, steps=1200)]
        found = cores.each(jobs, lambda done, total: offer(), size=SMALL)
    for other in others:
        other.join(10)
    both = max(a for a, _ in inside), min(b for _, b in inside)  # while the others had both places
    late = both[0] + 0.1  # a process learns of it with its next word
    assert both[1] - late > 0.1
    assert [sum(late < t < both[1] for t in seen) for seen in found] == [0, 0]
    assert queue.quiet


def test_it_ends_when_nobody_can_give_it_work_any_more():
    command = [sys.executable, "-m", processes.PIECEWORK]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as one:
        assert parcels.unpack(parcels.receive(one.stdout)) == ("there", None)
        one.stdin.close()
        assert one.wait(10) == 0


def test_it_ends_when_the_code_has_changed(tmp_path):
    shutil.copytree(ROOT / "lib", tmp_path / "lib", ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", processes.PIECEWORK]
    with subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as one:
        assert parcels.unpack(parcels.receive(one.stdout)) == ("there", None)
        for step in range(2):
            parcels.send(one.stdin, parcels.pack((partial(abs, -1), False)))  # abs takes one number
            one.stdin.flush()
            if step == 0:
                kind, error = parcels.unpack(parcels.receive(one.stdout))
                assert (kind, type(error)) == ("failed", TypeError)
                (tmp_path / "lib" / "types.py").write_text("# another day\n")
        assert one.wait(10) == 0


@pytest.mark.parametrize(
    ("cores_", "gigabytes", "told", "count"),
    [(2, 16.0, "", 1), (4, 16.0, "", 3), (4, 2.5, "", 1), (2, 1.0, "", 0), (1, 16.0, "", 0), (2, 0.0, "", 0),
     (4, 16.0, "0", 0), (1, 0.5, "2", 2)],
)  # fmt: skip
def test_how_many_there_may_be(monkeypatch, cores_, gigabytes, told, count):
    monkeypatch.setattr(spare, "usable", lambda: cores_)
    monkeypatch.setattr(spare.memory, "gigabytes", lambda: gigabytes)
    monkeypatch.setenv("TRAIN_BESIDE", told)
    assert spare.beside() == count
