"""Trainings take turns: never more than the places there are, in fair order, and no place is ever lost."""

import threading
from contextlib import ExitStack

import pytest

from lib.ui import fair_queue
from lib.ui.fair_queue import FairQueue


def nothing():
    pass


def test_never_more_than_the_places_and_all_get_one(monkeypatch):
    monkeypatch.setattr(fair_queue, "SLICE", 0.0)
    queue, lock = FairQueue(2), threading.Lock()
    now, most, done = 0, 0, []

    def training(name, steps):
        nonlocal now, most
        with queue.slot(nothing) as offer:
            for _ in range(steps):
                with lock:
                    now += 1
                    most = max(most, now)
                with lock:
                    now -= 1
                offer()
        done.append(name)

    threads = [threading.Thread(target=training, args=(k, 200)) for k in range(6)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(30)
    assert sorted(done) == list(range(6))
    assert most <= 2
    assert queue.waiting == 0


def test_a_short_training_does_not_wait_for_a_long_one(monkeypatch):
    monkeypatch.setattr(fair_queue, "SLICE", 0.0)
    queue, ended = FairQueue(1), threading.Event()
    steps_of_the_long_one = 0

    def short():
        with queue.slot(nothing):
            ended.set()

    with queue.slot(nothing) as offer:
        thread = threading.Thread(target=short)
        thread.start()
        while not ended.is_set():
            steps_of_the_long_one += 1
            offer()
        assert ended.is_set()  # it ended while this one still has its place
    thread.join(10)
    assert steps_of_the_long_one >= 1


def test_waiting_can_be_given_up_and_the_place_is_not_lost():
    class Moved(BaseException):
        pass

    def moved():
        raise Moved

    queue = FairQueue(1)
    with queue.slot(nothing):
        with pytest.raises(Moved), queue.slot(moved):
            pass
        assert queue.waiting == 0
    with queue.slot(moved):  # free again: nobody waits, so nobody is asked
        pass


def test_a_failing_training_gives_its_place_back():
    queue = FairQueue(1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), queue.slot(nothing):
            raise ZeroDivisionError
    with ExitStack() as stack:
        stack.enter_context(queue.slot(nothing))
