"""The home page and the fact check in a real browser, while their runs are still under way."""

import json

import pytest
from looking import AXE, FOLDED, LOOKS, SERIOUS
from playwright.sync_api import expect
from reader import SIZES, SLOW

from lib.ui import rulings
from lib.words import load

OURS = {"exclude": [["[data-testid=stStatusWidget]"]]}  # Streamlit's own 'Stop' fades in and out while runs end
HEIGHT = "document.querySelector('.stMainBlockContainer').scrollHeight"


@pytest.fixture
def tab(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    yield context.new_page()
    context.close()  # its runs end with it


def looked_at(tab):
    """Each width and each theme once: no sideways scroll, and nothing for axe to object to."""
    for size, scheme, rules in LOOKS:
        tab.emulate_media(color_scheme=scheme)
        tab.set_viewport_size({"width": SIZES[size][0], "height": SIZES[size][1]})
        tab.wait_for_function("document.documentElement.scrollWidth <= innerWidth", timeout=SLOW)
        tab.wait_for_function(FOLDED, timeout=SLOW)
        serious = [
            v for v in AXE.run(tab, context=OURS, options=rules).response["violations"] if v["impact"] in SERIOUS
        ]
        assert serious == [], json.dumps(serious, indent=1)[:3000]


def test_home_shows_its_picture_and_finds_a_question(tab, server):
    tab.goto(server)
    tab.wait_for_selector(".js-plotly-plot .plot-container", timeout=SLOW)
    expect(tab.locator(".answer")).to_have_count(25)
    looked_at(tab)
    field = tab.get_by_label(load("app")["search.label"])
    field.press_sequentially("kaiming")
    link = tab.locator(".stMain").get_by_role("link", name=load("scale")["question"])
    found = load("app")["search.found"].strip("*")
    expect(tab.locator(".stMain").get_by_text(found)).to_be_visible(timeout=SLOW)
    expect(tab.locator("#announced")).to_contain_text(load("scale")["question"])
    link.first.press("Enter")
    tab.wait_for_url("**/scale", timeout=SLOW)


# A finger does not see what a filter has beyond the edge, nor the end of a condition.
NONE_CUT = """() => [...document.querySelectorAll('.stMain [role=radiogroup], .claims summary')].every(
    each => each.scrollWidth <= each.clientWidth)"""


def test_the_fact_check_stands_on_three_screens_and_its_filters_in_the_address(tab, server):
    tab.goto(f"{server}/fact_check?thread=2")
    lines = [case for case in rulings.cases() if case.thread == "2"]
    expect(tab.locator(".claims tbody tr")).to_have_count(len(lines), timeout=SLOW)
    assert "thread=2" in tab.url
    tab.goto(f"{server}/fact_check")
    expect(tab.locator(".claims tbody tr")).to_have_count(len(list(rulings.cases())), timeout=SLOW)
    tab.wait_for_function(f"{HEIGHT} < 3000", timeout=SLOW)  # once its style has come
    heads = tab.get_by_role("columnheader").count()
    looked_at(tab)
    assert tab.get_by_role("columnheader").count() == heads > 3  # heard on a phone, too
    tab.set_viewport_size({"width": 390, "height": 780})
    tab.wait_for_function(NONE_CUT, timeout=SLOW)
