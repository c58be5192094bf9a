"""The app as those meet it who hear it, or steer it by keyboard, or let their system set its colours."""

from playwright.sync_api import expect
from reader import SLOW, opened, settled, troubles, verdict

from lib.words import load

HEARD = """() => {
    window.heard = [];
    const region = document.querySelector("#announced");
    new MutationObserver(() => { if (region.textContent) heard.push(region.textContent); })
        .observe(region, { childList: true, characterData: true, subtree: true });
}"""
FOCUSED = "place => document.activeElement.closest(place)"
SAID = "text => heard.join(' ').includes(text)"


def heard(page, text):
    """What was said, but for the training, until something with this text was, and then until all is quiet."""
    page.wait_for_function(SAID, arg=text, timeout=SLOW)
    settled(page)
    page.wait_for_timeout(700)  # what would be said a second time is said after half a second
    return [text for text in page.evaluate("heard.splice(0)") if not text.startswith("Training")]


def spoken(page):
    return " ".join(verdict(page).split())


def test_the_answer_is_said_once_and_the_focus_is_not_lost(browser, server):
    page = opened(browser, f"{server}/negative_weights?NegativeWeights.steps=3&guess=true")
    expect(page.locator("#announced")).to_contain_text(load("negative_weights")["guess.question"], timeout=SLOW)
    page.evaluate(HEARD)
    page.locator(".st-key-verdict button").last.press("Enter")  # it goes with the press
    assert heard(page, "Not yet") == [spoken(page)]
    page.wait_for_function(FOCUSED, arg=".st-key-controls [aria-checked=true]", timeout=SLOW)
    chip = page.locator(".st-key-try_1 button").first
    expect(chip).to_have_attribute("aria-pressed", "false")
    chip.press("Enter")  # pressed it is another element
    assert heard(page, "from the start") == [spoken(page)]
    page.wait_for_function(FOCUSED, arg=".st-key-try_1 [aria-pressed=true]", timeout=SLOW)
    page.get_by_role("switch", name="Go deeper").press("Space")
    page.wait_for_timeout(700)
    settled(page)
    assert page.evaluate("heard") == []  # no other answer
    assert page.locator(".stMain h3[aria-level='2']").count() == page.locator(".stMain h3").count() > 3
    link = page.get_by_test_id("stSidebar").locator("a[href$=scale]")
    link.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert link.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_function(FOCUSED, arg="h1", timeout=SLOW)
    assert page.evaluate("document.activeElement.innerText") == load("scale")["question"]
    expect(page.locator("[aria-current=page]")).to_have_text("📏" + load("scale")["title"])
    assert troubles(page) == []
    page.context.close()


def test_in_the_systems_own_colours_one_sees_what_is_chosen_and_where_the_focus_is(browser, server):
    page = opened(browser, f"{server}/negative_weights?NegativeWeights.steps=3", forced_colors="active")
    colour = "node => getComputedStyle(node).backgroundColor"
    chosen, others = (page.locator(f".st-key-controls [aria-checked={state}]").first for state in ("true", "false"))
    assert chosen.evaluate(colour) != others.evaluate(colour)
    rail = page.locator(".st-key-controls [data-testid=stSlider] [role=group] > div > div").first
    assert rail.evaluate("node => getComputedStyle(node).forcedColorAdjust") == "none"
    page.locator(".st-key-new_start button").first.press("Shift+Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.context.close()
