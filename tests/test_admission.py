"""Who may begin: the memory of all that has begun is bounded, short ones pass, no reader shuts out another."""

import threading
from contextlib import ExitStack, contextmanager

import pytest

from lib.question import every
from lib.questions.negative_weights.config import NegativeWeights
from lib.ui import admission
from lib.ui.admission import AT_ONCE, LONG, QUEUE, SHORT, Admission, Full, Ticket
from lib.ui.lengths import Lengths


class Waits(BaseException):
    """Raised by a beat: this training would have to wait."""


def gives_up(place):
    raise Waits


def begins(door, ticket):
    """Whether a training may begin at once; it ends at once too."""
    try:
        with door.begun(ticket, gives_up):
            return True
    except Waits:
        return False


def under_way(stack, door, *tickets):
    for ticket in tickets:
        stack.enter_context(door.begun(ticket, gives_up))


@contextmanager
def queued(door, tickets):
    """Trainings that wait, each in a thread as readers' scripts do; yields what became of each, in that order."""
    went, end = [], threading.Event()

    def script(ticket):
        def beat(place):
            if end.is_set():
                raise Waits

        try:
            with door.begun(ticket, beat):
                went.append((ticket.reader, "began"))
        except Full:
            went.append((ticket.reader, "full"))
        except Waits:
            went.append((ticket.reader, "left"))

    threads = []
    for ticket in tickets:
        before = door.waiting
        threads.append(threading.Thread(target=script, args=(ticket,)))
        threads[-1].start()
        for _ in range(1000):
            if door.waiting > before or not threads[-1].is_alive() or any(w == "full" for _, w in went):
                break
            threading.Event().wait(0.005)
    try:
        yield went
    finally:
        end.set()
        for thread in threads:
            thread.join(10)


def test_what_has_begun_never_takes_more_than_the_budget():
    door = Admission()
    with ExitStack() as stack:
        under_way(stack, door, *(Ticket(f"r{k}", 50) for k in range(LONG // 50)))
        under_way(stack, door, *(Ticket(f"s{k}", 65, short=True) for k in range(SHORT // 65)))
        assert door.memory <= LONG + SHORT
        assert not begins(door, Ticket("late", 1))
        assert not begins(door, Ticket("late", 1, short=True))
    assert door.memory == 0
    assert begins(door, Ticket("late", LONG))


def test_short_ones_do_not_wait_for_long_ones():
    door = Admission()
    with ExitStack() as stack:
        under_way(stack, door, *(Ticket(f"r{k}", 50) for k in range(LONG // 50)))
        with queued(door, [Ticket("waits", 50)]):
            assert begins(door, Ticket("quick", 50, short=True))


def test_nobody_is_overtaken_because_the_one_behind_needs_less():
    door = Admission()
    with ExitStack() as stack:
        under_way(stack, door, Ticket("a", LONG - 60))
        with queued(door, [Ticket("large", 100)]) as went:
            assert not begins(door, Ticket("small", 20))
            stack.close()
            for _ in range(400):
                if went:
                    break
                threading.Event().wait(0.01)
            assert went == [("large", "began")]


def test_one_readers_tabs_leave_room_for_others():
    door = Admission()
    with ExitStack() as stack:
        under_way(stack, door, *(Ticket("many", 50) for _ in range(AT_ONCE)))
        assert not begins(door, Ticket("many", 50))
        assert begins(door, Ticket("other", 50))


def test_whoever_has_least_under_way_comes_next():
    door = Admission()
    with ExitStack() as stack:
        under_way(stack, door, Ticket("a", 125), Ticket("b", 125))
        tabs = [Ticket("a", 50), Ticket("a", 50), Ticket("c", 50), Ticket("b", 50)]
        with queued(door, tabs):
            assert [door.place(t) for t in tabs] == [2, 4, 1, 3]


def test_beyond_the_queue_it_is_full_and_whoever_has_most_loses(monkeypatch):
    monkeypatch.setattr(admission, "QUEUE", 4)
    door = Admission()
    with ExitStack() as stack:
        under_way(stack, door, Ticket("x", LONG))
        with queued(door, [Ticket("many", 50) for _ in range(4)]) as went:
            with pytest.raises(Full), door.begun(Ticket("many", 50), gives_up):
                pass
            with queued(door, [Ticket("one", 50)]):
                for _ in range(400):
                    if went:
                        break
                    threading.Event().wait(0.01)
                assert went == [("many", "full")]
                assert door.waiting == 4
                assert begins(door, Ticket("quick", 50, short=True))  # the other lane is not full
    assert door.waiting == 0


def test_forty_five_readers_with_heavy_trainings_all_end_or_are_told(monkeypatch):
    door, lock, most, ended, full = Admission(), threading.Lock(), [0], [], []

    def script(k):
        try:
            with door.begun(Ticket(f"r{k}", 50), lambda place: None):
                with lock:
                    most[0] = max(most[0], door.memory)
                threading.Event().wait(0.005)
            ended.append(k)
        except Full:
            full.append(k)

    with ExitStack() as stack:
        under_way(stack, door, Ticket("x", LONG))
        threads = [threading.Thread(target=script, args=(k,)) for k in range(45)]
        for t in threads:
            t.start()
        for _ in range(1000):
            if len(full) == 45 - QUEUE:
                break
            threading.Event().wait(0.01)
    for t in threads:
        t.join(30)
    assert sorted(ended + full) == list(range(45))
    assert len(full) == 45 - QUEUE
    assert most[0] <= LONG
    assert (door.waiting, door.memory) == (0, 0)


def test_a_failing_training_gives_its_memory_back():
    door = Admission()
    with pytest.raises(ZeroDivisionError), door.begun(Ticket("a", LONG), gives_up):
        raise ZeroDivisionError
    assert door.memory == 0


def test_every_training_fits_into_both_lanes():
    assert all(question.memory <= min(LONG, SHORT) for question in every())


def test_what_was_short_once_is_short_for_every_start_number():
    lengths = Lengths()
    assert lengths.short(NegativeWeights(seed=2))  # a page's default settings
    assert not lengths.short(NegativeWeights(steps=30))  # not seen yet
    lengths.note(NegativeWeights(steps=30, seed=1), 0.5)
    lengths.note(NegativeWeights(seed=1), 5.0)
    assert lengths.short(NegativeWeights(steps=30, seed=2))
    assert not lengths.short(NegativeWeights())


def test_lengths_of_settings_long_gone_are_forgotten(monkeypatch):
    monkeypatch.setattr("lib.ui.lengths.KEPT", 2)
    lengths = Lengths()
    for steps in (3, 10, 30):
        lengths.note(NegativeWeights(steps=steps), 0.1)
    assert [lengths.short(NegativeWeights(steps=s)) for s in (3, 10, 30)] == [False, True, True]
