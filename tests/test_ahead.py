"""What is trained on the chance that it is asked for: the likely settings, only while nobody waits, and bounded."""

import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest
from catalogue import PAGES, ROOT, SLUGS
from streamlit.testing.v1 import AppTest

from lib.question import Answer, find
from lib.questions.negative_weights.config import NegativeWeights
from lib.ui import ahead, task
from lib.ui.ahead import Ahead, likely

QUESTION = find("negative_weights")
HERE = NegativeWeights()
STEPS = next(item for item in NegativeWeights.choices() if item.name == "steps")


def fake(run):
    """A question whose answer is what `run(config, progress)` does; of the real one's settings."""

    def answer(config, progress, own=None):
        run(config, progress)
        return Answer(config, {})

    return SimpleNamespace(slug=QUESTION.slug, config=NegativeWeights, answer=answer)


@pytest.fixture
def shared(monkeypatch):
    """A server on which nothing is drawn."""
    monkeypatch.setattr(task, "CALM", 0.05)
    monkeypatch.setattr(ahead, "fingerprint", lambda question: str(time.perf_counter()))  # nothing kept from before
    return task.ServerState()


def test_first_comes_one_more_step_in_the_same_direction_then_back_then_the_next_start():
    among = STEPS.among
    before, now = (replace(HERE, steps=among[k]) for k in (1, 2))
    first = list(likely(QUESTION, now, before, []))
    assert first[:3] == [replace(HERE, steps=among[3]), before, replace(now, seed=1)]
    assert next(likely(QUESTION, before, now, [])) == replace(HERE, steps=among[0])


def test_at_arrival_come_the_next_start_and_the_chips_then_every_controls_neighbours():
    chip = replace(HERE, steps=STEPS.among[0])
    found = list(likely(QUESTION, HERE, None, [chip]))
    assert found[:2] == [replace(HERE, seed=1), chip]
    for item in NegativeWeights.choices():
        beside = {getattr(c, item.name) for c in found}
        at = item.among.index(item.default)
        wanted = item.among[at : at + 2] if item.name == "seed" else item.among[max(0, at - 1) : at + 2]
        assert set(wanted) <= beside


def test_settings_at_the_ends_have_one_neighbour():
    last = replace(HERE, steps=STEPS.among[-1], seed=99)
    found = list(likely(QUESTION, last, replace(last, steps=STEPS.among[-2]), []))
    assert found[0].steps == STEPS.among[-2]
    assert {c.seed for c in found} == {99}


def test_they_are_trained_and_kept(shared):
    done = threading.Event()
    asked = Ahead(shared)
    trained = []

    def run(config, progress):
        trained.append(config)
        if len(trained) == 2:
            done.set()

    asked.ask("me", [(fake(run), replace(HERE, seed=k)) for k in (1, 2)])
    assert done.wait(10)
    assert [c.seed for c in trained] == [1, 2]


def test_a_turn_that_is_asked_for_ends_it_at_once_and_it_is_begun_again(shared):
    begun, ended, again = threading.Event(), threading.Event(), threading.Event()

    def run(config, progress):
        if begun.is_set():
            again.set()
            return
        begun.set()
        try:
            for _ in range(10**4):
                progress(1, 1)
                time.sleep(0.001)
        except ahead.Abandoned:
            ended.set()
            raise

    Ahead(shared).ask("me", [(fake(run), HERE)])
    assert begun.wait(10)
    with shared.queue.slot(lambda: None):
        assert ended.wait(10)
        assert not again.is_set()  # nothing is trained on a chance while somebody trains
    assert again.wait(10)


def test_it_rests_while_a_page_is_drawn_but_not_when_that_page_waits_for_it(shared, monkeypatch):
    monkeypatch.setattr(task, "CALM", 30.0)
    begun, told = threading.Event(), threading.Event()

    def run(config, progress):
        shared.drawn = time.monotonic()  # a page is drawn now, and for the next thirty seconds
        begun.set()
        progress(1, 1)
        told.set()

    shared.drawn = -1e9
    Ahead(shared).ask("me", [(fake(run), HERE)])
    assert begun.wait(10)
    assert not told.wait(0.3)
    shared.asked.add(HERE)
    assert told.wait(10)


def test_nothing_begins_while_a_page_is_drawn(shared, monkeypatch):
    begun = threading.Event()
    shared.drawn = time.monotonic() + 1e6
    Ahead(shared).ask("me", [(fake(lambda config, progress: begun.set()), HERE)])
    assert not begun.wait(0.3)
    shared.drawn = -1e9
    assert begun.wait(10)


@pytest.mark.parametrize("error", [ValueError, SystemExit, MemoryError])
def test_whatever_one_raises_the_next_is_trained(shared, error, caplog):
    after = threading.Event()

    def run(config, progress):
        if config.seed == 1:
            raise error
        after.set()

    Ahead(shared).ask("me", [(fake(run), replace(HERE, seed=k)) for k in (1, 2)])
    assert after.wait(10)
    assert "a training ahead failed" in caplog.text


def test_what_takes_long_is_given_up_for_good(shared, monkeypatch):
    monkeypatch.setattr(ahead, "LONGEST", 0.05)
    tries, other = [], threading.Event()

    def run(config, progress):
        if config.seed == 2:
            other.set()
            return
        tries.append(config)
        until = time.thread_time() + 5
        while time.thread_time() < until:
            progress(1, 100)

    Ahead(shared).ask("me", [(fake(run), replace(HERE, seed=k)) for k in (1, 2)])
    assert other.wait(10)
    assert len(tries) == 1


def test_a_readers_next_move_takes_the_place_of_the_last_and_readers_are_bounded(shared):
    asked = Ahead(shared)
    shared.drawn = time.monotonic() + 1e6  # always drawing: nothing begins
    for k in range(3 * ahead.READERS):
        asked.ask(f"reader {k}", [(QUESTION, HERE)])
    asked.ask("reader 59", [(QUESTION, replace(HERE, seed=7))])
    assert len(asked._wanted) == ahead.READERS
    assert asked._wanted["reader 59"] == [(QUESTION, replace(HERE, seed=7))]


@pytest.mark.parametrize(("turned", "times"), [("0", 0), ("1", 1)])
def test_a_page_asks_for_its_neighbours_unless_it_is_turned_off(monkeypatch, turned, times):
    asked = []
    monkeypatch.setenv("TRAIN_AHEAD", turned)
    monkeypatch.setattr(ahead, "_ahead", lambda: SimpleNamespace(ask=lambda who, settings: asked.append(settings)))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page(f"pages/{PAGES[SLUGS.index(QUESTION.slug)].name}").run()
    assert len(asked) == times
    assert all(len(settings) == ahead.SETTINGS and HERE not in dict(settings).values() for settings in asked)
