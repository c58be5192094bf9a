"""What a reader sees when the server is full: a sentence, the settings as they were, and a way to try again."""

from contextlib import ExitStack

import pytest
from catalogue import PAGES, ROOT, SLUGS
from streamlit.testing.v1 import AppTest

from lib.ui import background
from lib.ui.admission import Full, Ticket
from lib.ui.task import Task, server_state
from lib.words import load

PAGE = PAGES[SLUGS.index("negative_weights")]


@pytest.fixture
def page():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["NegativeWeights.steps"] = "3"
    app.query_params["NegativeWeights.seed"] = "77"
    return app.switch_page(f"pages/{PAGE.name}")


def test_a_full_server_keeps_the_settings_and_trains_when_asked_again(page, monkeypatch):
    door = server_state().admission

    def full(ticket):
        raise Full

    with monkeypatch.context() as patch:
        patch.setattr(door, "_queue", full)
        page.run()
    assert [w.value for w in page.warning] == [load("app")["training.full"]]
    assert not page.exception
    assert len(page.get("plotly_chart")) == 0
    assert page.select_slider(key="NegativeWeights.steps").value == "3"
    assert page.button(key="again_when_full").label == load("app")["training.again"]
    page.button(key="again_when_full").click().run()
    assert len(page.warning) == 0
    assert len(page.get("plotly_chart")) > 0
    assert page.select_slider(key="NegativeWeights.steps").value == "3"


def test_who_waits_is_told_the_place_in_the_queue(page, monkeypatch):
    door, said = server_state().admission, []

    def waiting(task, place):
        said.append(place)
        stack.close()  # room is made

    page.query_params["NegativeWeights.seed"] = "78"  # not kept yet
    monkeypatch.setattr(Task, "_waiting", waiting)
    with ExitStack() as stack:
        for k in range(2):
            stack.enter_context(door.begun(Ticket(f"reader {k}", 65, short=True), said.append))
            stack.enter_context(door.begun(Ticket(f"reader {k}", 125), said.append))
        page.run()
    assert said == [1]
    assert load("app").say("training.waiting", place=said[0]).count("1") == 1
    assert len(page.get("plotly_chart")) > 0


def test_a_page_of_many_questions_asks_a_full_server_again(monkeypatch):
    asked, rested = [], []

    def kept():
        asked.append(1)
        if len(asked) < 3:
            raise Full
        return "verdicts"

    class Waiting:
        def rest(self, seconds):
            rested.append(seconds)

    assert background._when_there_is_room(Waiting(), kept) == "verdicts"
    assert len(rested) == 2
