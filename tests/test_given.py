"""What a button sets holds although the browser, which had not heard of it, reports the controls as they were."""

import pytest
from catalogue import PAGES, ROOT, SLUGS
from streamlit.testing.v1 import AppTest

from lib.words import load

CARRIED = "carried_batch"
SLIDER = "Batch.batch"


def opened(slug, **query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    return app.switch_page(f"pages/{PAGES[SLUGS.index(slug)].name}").run()


@pytest.fixture
def app():
    return opened("batch")


def test_a_chip_holds_until_the_browser_has_heard_of_it(app):
    heard, before = app.text_input(key=CARRIED).value, app.select_slider(key=SLIDER).value
    app.button(key="try_0").click().run()
    chip = load("batch")["try_this"][0]["settings"]
    assert app.select_slider(key=SLIDER).value == str(chip["batch"]) != before
    app.text_input(key=CARRIED).set_value(heard)
    app.select_slider(key=SLIDER).set_value(before).run()
    assert app.select_slider(key=SLIDER).value == str(chip["batch"])
    app.select_slider(key=SLIDER).set_value(before).run()  # now it has heard of it, and the reader moves the control
    assert app.select_slider(key=SLIDER).value == before


def test_a_control_that_is_moved_meanwhile_is_where_the_reader_has_put_it(app):
    heard = app.text_input(key=CARRIED).value
    app.button(key="try_0").click().run()
    app.text_input(key=CARRIED).set_value(heard)
    app.select_slider(key=SLIDER).set_value("16").run()
    assert app.select_slider(key=SLIDER).value == "16"


def test_two_new_starts_in_a_row_are_two(app):
    heard = app.text_input(key=CARRIED).value
    app.button(key="new_start").click().run()
    app.text_input(key=CARRIED).set_value(heard)
    app.select_slider(key="Batch.seed").set_value("0")
    app.button(key="new_start").click().run()
    assert app.select_slider(key="Batch.seed").value == "2"


@pytest.mark.parametrize("pin", ["batch:16", "seed:0,batch:16"])
def test_a_pin_in_other_words_is_the_same_pin(pin):
    """It was drawn for its outlines again and again, and the reader's own run never."""
    app = opened("batch", pin=pin, **{SLIDER: "4"})
    assert not app.exception
    assert app.session_state["address_extra"]["batch"]["pin"].startswith("batch:16,")
    assert app.session_state["current_run"][0].batch == 4


def test_the_same_start_again_is_not_asked_for_on_another_page(app):
    app.session_state["same_start_again"] = "zigzag"
    app.run()
    assert not app.success
    app.button(key="same_start").click().run()
    assert len(app.success) == 1
