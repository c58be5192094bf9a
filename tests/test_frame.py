"""What a reader's session must survive: code that changes, a training asked for twice, a control put back."""

import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest
import streamlit
from catalogue import PAGES, ROOT, SLUGS
from streamlit.testing.v1 import AppTest

from lib import figures
from lib.question import find
from lib.ui import frame, stage, task, training
from lib.ui.fingerprint import hashed
from lib.words import load

PAGE = f"pages/{PAGES[SLUGS.index('negative_weights')].name}"


def app(**query):
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    for key, value in query.items():
        test.query_params[f"NegativeWeights.{key}"] = value
    return test


def test_a_fingerprint_does_not_depend_on_what_is_loaded():
    """The engine is imported in the middle of the first training; other pages load other results."""
    code = """if True:
        import sys
        from lib.question import find
        from lib.ui.fingerprint import fingerprint
        question = find("negative_weights")
        cold = fingerprint(question)
        assert "lib.engine.train" not in sys.modules
        question.run(question.config(steps=1))
        assert "lib.engine.train" in sys.modules
        fingerprint.cache_clear()
        sys.exit(cold != fingerprint(question))
    """
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


FILES = (
    *(
        f"{name}.py"
        for name in ("config", "question", "evidence", "members", "memory", "processes", "spare", "types")
    ),
    *("engine/train.py", "engine/deep/part.py"),
    *(f"questions/toy/{name}.py" for name in ("__init__", "experiment", "result", "verdict", "deep/part")),
)


@pytest.mark.parametrize("changed", FILES)
def test_any_change_of_the_code_behind_a_result_is_a_new_fingerprint(tmp_path, changed):
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one")

    before = hashed(tmp_path, "toy")
    assert hashed(tmp_path, "toy") == before
    (tmp_path / changed).write_text("two")
    assert hashed(tmp_path, "toy") != before


def test_same_start_while_the_first_training_still_runs(monkeypatch):
    """Both trainings of that run show their progress and their own stop button."""
    monkeypatch.setattr(task, "SHOW_AFTER", 0.0)
    monkeypatch.setattr(task, "DRAW_EVERY", 0.0)
    training.cached.clear()
    test = app(steps="30")
    test.session_state[training.AGAIN] = "negative_weights"
    test.switch_page(PAGE).run()
    assert not test.exception
    assert not test.error
    assert "to the last bit" in test.success[0].value


def test_settings_stay_unfolded_when_one_is_put_back_to_its_default():
    test = app(steps="10").switch_page(PAGE).run()
    assert not test.expander[0].proto.expanded
    test.query_params["NegativeWeights.lr"] = "0.01"
    test.run()
    assert test.expander[0].proto.expanded
    del test.query_params["NegativeWeights.lr"]
    test.run()
    assert test.expander[0].proto.expanded


def test_cards_are_in_reading_order_where_columns_are_stacked():
    test = app(steps="10").switch_page(PAGE).run()
    keys = [button.key for button in test.button if button.key.startswith("try_")]
    assert keys == sorted(keys)
    assert len(keys) >= 3


def test_on_a_phone_figures_of_square_cells_are_as_high_as_they_need(monkeypatch):
    seen = []
    monkeypatch.setattr(figures, "narrow", seen.append)
    app(steps="10").switch_page(PAGE).run()
    assert not seen  # nobody said that it is a phone
    phone = SimpleNamespace(headers={"User-Agent": "Chrome/126.0.0.0 Mobile Safari/537.36"})
    monkeypatch.setattr(stage, "st", StandIn(phone))
    app(steps="10").switch_page(PAGE).run()
    assert seen
    seen.clear()
    own = app()
    own.query_params["YourNetwork.specimen"] = "none"
    own.switch_page("pages/51_your_network.py").run()
    assert seen  # its first layer's filters
    assert "specimen" in own.warning[0].value


class StandIn:
    """Streamlit, but for who is asking."""

    def __init__(self, context):
        self.context = context

    def __getattr__(self, name):
        return getattr(streamlit, name)


@pytest.fixture
def order(monkeypatch):
    """What is drawn and done, in this order."""
    done = []

    def noting(place, name):
        kept = getattr(place, name)

        def noted(*args, **more):
            done.append(name)
            return kept(*args, **more)

        monkeypatch.setattr(place, name, noted)

    noting(frame, "sidebar")
    monkeypatch.setattr(stage, "sidebar", frame.sidebar)
    noting(stage.elements, "chart")
    noting(task, "watched")
    return done


def links(test):
    return len(test.sidebar.get("page_link"))


def test_drawn_again_a_page_sends_its_hero_before_its_links(order):
    test = app(seed="61").switch_page(PAGE)
    test.run()
    whole, first = links(test), order[:]
    assert whole > len(SLUGS)
    assert first[0] == "sidebar"  # a reader who waits for a first answer can go elsewhere
    order.clear()
    test.run()
    assert order[:2] == ["chart", "sidebar"]
    assert order.count("sidebar") == 1
    assert links(test) == whole


def test_who_waits_for_a_training_has_the_links_meanwhile(order, monkeypatch):
    monkeypatch.setattr(task.Task, "_draw", lambda *_: None)
    test = app(seed="62").switch_page(PAGE)
    test.run()
    whole = links(test)
    order.clear()
    begun = threading.Event()
    kept = find("negative_weights").experiment.run

    def slow(config, progress=None):
        assert begun.wait(10)
        return kept(config, progress)

    monkeypatch.setattr(find("negative_weights").experiment, "run", slow)
    noted = frame.sidebar
    monkeypatch.setattr(stage, "sidebar", lambda: (noted(), begun.set()))
    test.button(key="new_start").click().run()
    assert order[:3] == ["watched", "sidebar", "chart"]  # the training goes on only once the links are drawn
    assert links(test) == whole


def test_a_page_that_is_come_back_to_has_its_links_first(order):
    test = app(seed="61").switch_page(PAGE)
    test.run()
    test.switch_page("app.py").run()
    order.clear()
    test.switch_page(PAGE).run()
    assert order[0] == "sidebar"


def test_a_page_leads_to_the_next_question_and_the_last_to_the_readers_own(monkeypatch):
    shown = []
    monkeypatch.setattr(frame.st, "page_link", lambda path, label, icon: shown.append((frame.slug(path), label)))
    for slug in SLUGS:
        frame.onward(slug)
    assert [slug for slug, _ in shown] == [*SLUGS[1:], "your_network"]
    assert all(label == f"**Next:** {load(slug)['question']}" for slug, label in shown)


def test_the_link_onward_is_the_last_of_a_page():
    test = app(steps="10").switch_page(PAGE).run()
    assert [link.proto.page for link in test.main.get("page_link")] == [SLUGS[1]]
