"""What a reader points at in a picture travels in the link; what is not there is refused in one sentence."""

import pytest
from catalogue import PAGES, ROOT
from streamlit.testing.v1 import AppTest

from lib.words import load

REFUSED = load("app")["point.refused"]


def opened(slug, at):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["at"] = at
    page = next(page for page in PAGES if page.stem.endswith(slug))
    return app.switch_page(f"pages/{page.name}").run()


def linked(app):
    return app.session_state["address_extra"]["influence"]


def refused(app):
    return [warning.value for warning in app.warning].count(REFUSED)


def test_a_link_points_at_one_weight_of_one_unit():
    app = opened("influence", "3.27")
    assert app.select_slider(key="unit_32").value == 3
    assert not app.exception and not refused(app)
    assert linked(app) == {"at": "3.27"}
    app.select_slider(key="unit_32").set_value(5).run()
    assert linked(app) == {"at": "5.27"}  # the same input of another unit


@pytest.mark.parametrize("at", ["32.1", "3", "3.27.1", "3.65", "-1.2", "3.x", "３.1", "3.", "9" * 40 + ".1", "<b>"])
def test_what_is_not_there_is_refused_and_forgotten(at):
    app = opened("influence", at)
    assert refused(app) == 1
    assert app.select_slider(key="unit_32").value == 0
    assert linked(app) == {}
    assert refused(app.run()) == 0


def test_what_is_left_over_from_other_settings_is_forgotten_without_a_word():
    app = opened("influence", "20.3")
    app.select_slider(key="unit_32").set_value(21).run()  # from here on it is the reader's own
    app.session_state["Influence.width"] = "16"
    app.run()
    assert app.select_slider(key="unit_16").value == 0
    assert not refused(app) and linked(app) == {}


def test_a_page_without_anything_to_point_at_says_so_and_forgets_it():
    app = opened("zigzag", "3.27")
    assert not app.exception and refused(app) == 1
    assert app.session_state["address_extra"]["zigzag"] == {}
