"""Work that a script only looks at: its result, its errors, and an end that does not wait for it."""

import threading
from types import SimpleNamespace

import pytest

from lib.ui.watched import watched


class Moved(BaseException):
    pass


def test_the_result_and_what_is_raised_reach_the_caller():
    assert watched(lambda left: 7, lambda: None) == 7
    with pytest.raises(SystemExit):
        watched(lambda left: exec("raise SystemExit(3)"), lambda: None)


def test_a_moved_control_ends_the_script_in_the_middle_of_work_that_tells_nothing():
    seen, moved = SimpleNamespace(left=False), threading.Event()
    ended = threading.Event()

    def work(left):
        assert moved.wait(10)  # it goes on until the script has been ended: nothing could come of waiting for it
        seen.left = left.is_set()
        ended.set()
        raise ZeroDivisionError  # nobody is told

    def look():
        raise Moved

    with pytest.raises(Moved):
        watched(work, look)
    moved.set()
    assert ended.wait(10)
    assert seen.left


def test_it_is_looked_at_in_the_callers_thread():
    enough, places = threading.Event(), []

    def look():
        places.append(threading.get_ident())
        if len(places) == 3:
            enough.set()

    assert watched(lambda left: enough.wait(10), look)
    assert set(places) == {threading.get_ident()}
