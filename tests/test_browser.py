"""The app as a reader meets it: a real server, a real browser."""

import json

from catalogue import SLUGS
from playwright.sync_api import expect
from reader import SLOW, numbers, opened, plotted, settled, troubles, verdict


def test_an_embedded_page_needs_no_frame(browser, server):
    page = opened(browser, f"{server}/{SLUGS[0]}?embed=true")
    assert len(verdict(page)) > 20
    expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")
    assert troubles(page) == []
    page.context.close()


def test_home_leads_to_the_question(browser, server):
    """While its cards are still being filled."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(server)
    page.locator(f"a[href$='{SLUGS[0]}']").last.press("Enter", timeout=SLOW)  # in the sidebar first, then the card
    page.wait_for_url(f"**/{SLUGS[0]}")
    assert len(verdict(page)) > 20
    context.close()


def test_a_pinned_run_travels_in_the_link(browser, server):
    page = opened(browser, f"{server}/negative_weights?NegativeWeights.steps=30")
    page.get_by_role("button", name="Pin this run").click()
    page.wait_for_url("**pin=*")
    page.get_by_role("slider", name="Steps").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**NegativeWeights.steps=10**")
    expect(page.get_by_text("Pinned, thin and grey")).to_be_visible(timeout=SLOW)
    settled(page)
    again = opened(browser, page.evaluate("location.href"))
    expect(again.get_by_text("Pinned, thin and grey")).to_be_visible(timeout=SLOW)
    settled(again)
    assert plotted(again) == plotted(page)
    assert verdict(again) == verdict(page)
    names = "() => document.querySelector('.js-plotly-plot')._fullData.map(t => t.name)"
    assert "📌 steps 30" in again.evaluate(names)
    assert troubles(page) == troubles(again) == []
    page.context.close()
    again.context.close()


def test_a_slider_moved_by_keyboard_changes_verdict_and_link(browser, server):
    page = opened(browser, f"{server}/negative_weights")
    before = verdict(page)
    page.get_by_role("slider", name="Steps").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.wait_for_url("**NegativeWeights.steps=10**")
    page.wait_for_function(
        "old => document.querySelector('.st-key-verdict')?.innerText != old", arg=before, timeout=SLOW
    )
    settled(page)
    again = opened(browser, page.evaluate("location.href"))
    assert verdict(again) == verdict(page)
    assert plotted(again) == plotted(page)
    assert numbers(again) == numbers(page)
    assert troubles(page) == troubles(again) == []
    page.context.close()
    again.context.close()


def test_the_copied_link_holds_every_setting(browser, server):
    page = opened(browser, f"{server}/negative_weights?NegativeWeights.start=lifted&NegativeWeights.steps=3")
    page.get_by_role("button", name="Copy link").click()
    link = page.locator("[data-testid=stPopoverBody] code").first.inner_text(timeout=SLOW)
    assert link.count("NegativeWeights.") == 9
    again = opened(browser, link)
    assert verdict(again) == verdict(page)
    page.context.close()
    again.context.close()


def test_scrubbing_needs_no_server(browser, server):
    page = opened(browser, f"{server}/negative_weights")
    plotted(page)
    figure = page.locator(".js-plotly-plot").nth(1)
    figure.scroll_into_view_if_needed()
    rail = figure.locator(".slider-rail-touch-rect").first
    expect(rail).to_be_attached(timeout=SLOW)
    sent = []
    page.on("websocket", lambda socket: sent.append(socket.url))
    runs = page.evaluate("() => document.querySelector('[data-testid=stApp]').dataset.testScriptState")
    bars = "() => JSON.stringify(Array.from(document.querySelectorAll('.js-plotly-plot')[1]._fullData[0].y))"
    last = page.evaluate(bars)
    box = rail.bounding_box()
    page.mouse.click(box["x"] + 4, box["y"] + box["height"] / 2)
    page.wait_for_function(f"old => ({bars})() !== old", arg=last, timeout=SLOW)
    first = json.loads(page.evaluate(bars))
    assert all(v == 0 for v in first[:30])  # at step 0 nothing is negative
    assert page.evaluate("() => document.querySelector('[data-testid=stApp]').dataset.testScriptState") == runs
    assert sent == []
    page.context.close()


def test_a_long_training_can_be_stopped_and_a_move_abandons_it(browser, server):
    settings = {"network": "cnn", "steps": 600, "repeats": 16, "activation": "tanh"}
    heavy = "&".join(f"NegativeWeights.{name}={value}" for name, value in settings.items())
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server}/negative_weights?{heavy}")
    page.locator(".st-key-stop button").click(timeout=SLOW)
    expect(page.get_by_text("Stopped at")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("heading", name="Why")).to_be_visible()
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=SLOW)
    page.get_by_text("mlp", exact=True).click()  # while the old training runs
    settled(page)
    assert "networks" in verdict(page)
    assert page.get_by_role("progressbar").count() == 0
    context.close()


def test_tampered_links_are_a_notice(browser, server):
    page = opened(
        browser, f"{server}/negative_weights?NegativeWeights.lr=77&NegativeWeights.x=<script>alert(1)</script>"
    )
    expect(page.get_by_text("not offered (an unknown one, lr)")).to_be_visible()
    assert len(verdict(page)) > 20
    assert troubles(page) == []
    page.context.close()
