"""Pieces of a run side by side: the same bits for 1, 2 and 4 threads, and never a core that someone waits for."""

import threading
import time
from functools import partial

import pytest
import torch

from lib.engine import cores, data, inits, mlp, train
from lib.engine.progress import Stopped, tell
from lib.spare import SPARE, Machine
from lib.ui import fair_queue
from lib.ui.fair_queue import FairQueue

MUCH = 10**9  # numbers in an activation


@pytest.fixture
def lent():
    """What lends the cores in a test."""
    tokens = []

    def by(spare):
        tokens.append(SPARE.set(spare))
        return spare

    yield by
    for token in reversed(tokens):
        SPARE.reset(token)


def training(progress, *, seed):
    """Parameters of a small ensemble, trained."""
    network = mlp.MLP((64, 16, 10), "sigmoid", norm="batch")
    start = inits.start(network, inits.Init("he"), range(seed, seed + 5))
    recipe = train.Recipe(steps=60, batch=32, optimiser="adam", lr=0.01)
    return train.train(network, start, data.digits().train, recipe, seeds=range(5), progress=progress).params


def test_the_bits_are_the_same_for_1_2_and_4_threads(lent):
    jobs, found = [partial(training, seed=seed) for seed in range(7)], {}
    for count in (1, 2, 4):
        lent(Machine(count))
        found[count] = cores.each(jobs, size=MUCH)
    for count in (2, 4):
        for one, other in zip(found[1], found[count], strict=True):
            assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize(("size", "count"), [(MUCH, 3), (10, 1)])
def test_as_many_threads_as_cores_but_one_for_small_steps(lent, size, count):
    lent(Machine(3))
    together, seen = threading.Barrier(count), set()

    def job(progress):
        together.wait(10)  # broken unless so many run at a time
        seen.add(threading.get_ident())

    cores.each([job] * 6, size=size)
    assert len(seen) == count


def test_results_keep_the_order_of_the_jobs(lent):
    lent(Machine(2))

    def job(progress, *, k):
        time.sleep(0.02 if k == 0 else 0)  # the first ends last
        return k

    assert cores.each([partial(job, k=k) for k in range(5)], size=MUCH) == [0, 1, 2, 3, 4]


def test_what_a_thread_beside_raises_reaches_the_caller_and_ends_the_others(lent):
    lent(Machine(2))
    main, begun = threading.get_ident(), threading.Event()

    def job(progress):
        if threading.get_ident() != main:
            begun.set()
            raise ZeroDivisionError
        assert begun.wait(10)
        for step in range(10**6):
            tell(progress, step + 1, 10**6)
            time.sleep(0.001)

    with pytest.raises(ZeroDivisionError):
        cores.each([job, job, job], size=MUCH)


def test_a_reader_who_leaves_ends_the_threads_beside(lent):
    lent(Machine(2))
    main, ended, beside = threading.get_ident(), [], threading.Event()

    class Left(BaseException):
        pass

    def left(done, total):
        assert threading.get_ident() == main  # only the caller's thread may draw
        if beside.is_set():
            raise Left

    def job(progress):
        try:
            for step in range(10**6):
                if threading.get_ident() != main:
                    beside.set()
                tell(progress, step + 1, 10**6)
                time.sleep(0.001)
        except Stopped:
            ended.append("stopped")
            raise

    with pytest.raises(Left):
        cores.each([job, job, job], left, size=MUCH)
    assert ended == ["stopped"]


def test_progress_is_that_of_all_jobs_and_never_goes_back(lent):
    lent(Machine(2))
    told = []

    def job(progress):
        for step in range(20):
            tell(progress, step + 1, 20)

    cores.each([job] * 5, lambda done, total: told.append(done / total), size=MUCH)
    assert told == sorted(told)
    assert told[-1] == 1


class Busy:
    """How many work at a time, and the most that did."""

    def __init__(self):
        self.now, self.most, self.lock = 0, 0, threading.Lock()

    def __call__(self, seconds):
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(seconds)
        with self.lock:
            self.now -= 1


def test_a_lent_core_goes_back_in_the_middle_of_a_job_when_somebody_waits(lent):
    """The caller has one of two places, which it does not offer, and borrows the other."""
    queue, busy = lent(FairQueue(2)), Busy()
    main, came, served = threading.get_ident(), threading.Event(), threading.Event()

    def comes():
        assert came.wait(10)
        with queue.slot(lambda: None):
            busy(0.05)
            served.set()

    def job(progress):
        for step in range(20_000):
            if threading.get_ident() != main:
                came.set()
            busy(0.001)
            tell(progress, step + 1, 20_000)
            if served.is_set():
                return
        raise AssertionError("nobody was served")

    other = threading.Thread(target=comes)
    other.start()
    with queue.slot(lambda: None):
        cores.each([job, job], size=MUCH)
    other.join(10)
    assert busy.most == 2  # never three on two cores
    assert queue.quiet
    assert queue.take()  # and nothing was lost
    assert queue.take()
    assert not queue.take()


def test_a_caller_who_waits_lends_its_core_only_while_nobody_else_wants_it(lent, monkeypatch):
    """Two come and take both places: the job beside stands still from its next word on, until one is free."""
    monkeypatch.setattr(fair_queue, "SLICE", 0.0)
    queue, main, alone = lent(FairQueue(2)), threading.get_ident(), threading.Event()
    inside, served, overlaps = [], [], []
    together = threading.Barrier(2)

    def comes():
        assert alone.wait(10)
        with queue.slot(lambda: None):
            inside.append(1)
            time.sleep(0.3)
            inside.pop()
            served.append(1)

    def job(progress):
        together.wait(10)  # each thread has one of the two jobs
        if threading.get_ident() == main:
            return  # and the caller has nothing to do but to wait for the other
        for step in range(20_000):
            if step == 20:
                alone.set()
            overlaps.append(len(inside) == 2)
            time.sleep(0.001)
            tell(progress, step + 1, 20_000)
            if len(served) == 2:
                return

    others = [threading.Thread(target=comes) for _ in range(2)]
    for other in others:
        other.start()
    with queue.slot(lambda: None) as offer:
        cores.each([job, job], lambda done, total: offer(), size=MUCH)
    for other in others:
        other.join(10)
    assert len(served) == 2
    assert sum(overlaps) <= 2  # of some 300 milliseconds
    assert len(overlaps) > 21  # it went on
    assert queue.quiet


def test_the_pieces_of_a_piece_do_not_spread_again(lent):
    lent(Machine(4))
    main = threading.get_ident()

    def inner(progress):
        return threading.get_ident()

    def job(progress):
        time.sleep(0.02)
        inside = set(cores.each([inner] * 8, size=MUCH))
        return threading.get_ident() == main or inside == {threading.get_ident()}

    assert all(cores.each([job] * 4, size=MUCH))


def test_a_thread_beside_has_the_callers_inference_mode(lent):
    lent(Machine(2))
    together = threading.Barrier(2)

    def job(progress):
        together.wait(10)
        return torch.is_inference_mode_enabled()

    with torch.inference_mode():
        assert cores.each([job, job], size=MUCH) == [True, True]
    assert cores.each([job, job], size=MUCH) == [False, False]
