"""A page that draws itself again before the browser has loaded its controls, as over a slow line.

Streamlit loads the program of each kind of control when it first draws one, and says only in the run that has set a
control in the session what it was set to.
"""

import re

import pytest
from playwright.sync_api import expect
from reader import SLOW, opened, settled

CONTROLS = re.compile(r"/(Slider|ButtonGroup|Checkbox)\.[^/]*\.js")
HEAVY = {"network": "cnn", "steps": "600", "repeats": "16", "activation": "tanh", "lr": "0.01"}


@pytest.fixture
def slow(browser, server):
    """A page whose controls do not load until it is told to `load` them."""
    page = opened(browser, f"{server}/negative_weights?guess=true")  # from here on the server is warm
    page.context.close()
    context = browser.new_context()
    page, held = context.new_page(), []

    def hold(route):
        held.append(route)

    page.route(CONTROLS, hold)

    def load():
        assert held and page.locator(".stSlider, .stButtonGroup").count() == 0
        page.unroute(CONTROLS)  # which lets those that were held go on

    page.load = load
    yield page
    context.close()


def link(server, **more):
    given = {f"NegativeWeights.{name}": value for name, value in HEAVY.items()} | more
    return f"{server}/negative_weights?" + "&".join(f"{key}={value}" for key, value in given.items())


def shown(page):
    """The settings that the controls show, by the words that tell them."""
    expect(page.locator(".stSlider").first).to_be_visible(timeout=SLOW)
    expect(page.locator(".stButtonGroup").first).to_be_visible(timeout=SLOW)
    return [*page.locator("[data-testid=stSliderThumbValue]").all_inner_texts(),
            *page.locator(".stButtonGroup [data-selected]").all_inner_texts()]  # fmt: skip


def test_a_training_stopped_before_the_controls_are_there(slow, server):
    slow.goto(link(server))
    slow.locator(".st-key-stop button").click(timeout=SLOW)
    expect(slow.locator(".stMain").get_by_text("Stopped at")).to_be_visible(timeout=SLOW)
    slow.load()
    assert {"600", "0.01", "16", "convolutional", "tanh"} <= set(shown(slow))
    slow.get_by_role("button", name="Train", exact=True).click()
    expect(slow.get_by_role("progressbar")).to_be_visible(timeout=SLOW)


def test_a_pinned_link_whose_page_is_drawn_twice_at_once(slow, server):
    pin = "start:lifted,steps:20,network:dense,activation:relu,optimiser:adam,lr:0.005,decay:0.0,repeats:10,seed:0"
    quick = {"NegativeWeights.network": "dense", "NegativeWeights.steps": "10", "NegativeWeights.repeats": "10"}
    slow.goto(link(server, **quick, pin=pin, guess="false"))
    expect(slow.get_by_role("heading", name="Why")).to_be_visible(timeout=SLOW)
    settled(slow)
    slow.load()
    assert {"10", "0.01", "dense", "tanh"} <= set(shown(slow))
