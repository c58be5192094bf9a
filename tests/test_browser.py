"""The app as a reader meets it: a real server, a real browser."""

import json

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from questions import PAGES, ROOT, STEMS

from benchmarks.server import running_server

SHOTS = ROOT / "screenshots"
SIZES = {"wide": (1280, 900), "phone": (360, 780)}
# Streamlit looks for itself under a page's own path first; it finds itself one level up.
PROBES = ("/_stcore/health", "/_stcore/host-config")
IDLE = "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
BACKGROUND = """scheme => {
    const [red] = getComputedStyle(document.querySelector('.stApp')).backgroundColor.match(/\\d+/g);
    return (red > 128) === (scheme === 'light');
}"""
SLOW = 60_000
AXE, RULES = Axe(), {"resultTypes": ["violations"], "preload": False}  # the rules that hold are not written out
SEEN = {"runOnly": ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]}  # theme and width matter
LOOKS = (("wide", "light", RULES), ("phone", "dark", RULES | SEEN))  # each width and each theme once
SERIOUS = ("serious", "critical")


def opened(browser, address, *, size="wide", scheme="light", **more):
    """A page in a context of its own that notes what went wrong in it."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **more)
    page = context.new_page()
    page.troubles = []
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    page.on("console", lambda line: page.troubles.append(line.text) if line.type == "error" else None)
    page.on("response", lambda r: page.troubles.append(r.url) if r.status >= 400 else None)
    page.on(
        "request",
        lambda r: page.troubles.append(r.url) if r.url.startswith("http") and "127.0.0.1" not in r.url else None,
    )
    page.goto(address)
    settled(page)
    return page


def settled(page):
    expect(page.locator("h1")).to_be_visible(timeout=SLOW)
    page.wait_for_function(IDLE, timeout=SLOW)


def troubles(page):
    """What went wrong, beside Streamlit's own two probes and the console's line for each of them."""
    real = [t for t in page.troubles if not t.endswith(PROBES)]
    probes = len(page.troubles) - len(real)
    lines = [t for t in real if "status of 404" in t]
    return [t for t in real if t not in lines] + lines[probes:]


def verdict(page):
    return page.locator(".st-key-verdict").inner_text(timeout=SLOW)


def plotted(page):
    """All numbers of the first figure."""
    page.wait_for_selector(".js-plotly-plot .plot-container", timeout=SLOW)
    return page.evaluate(
        "() => JSON.stringify(document.querySelector('.js-plotly-plot')._fullData.map(t => Array.from(t.y ?? [])))"
    )


def numbers(page):
    """The table that a reader takes away."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Numbers (CSV)").click()
    return pd.read_csv(download.value.path()).to_dict("list")


FIRST = [stem for stem, page in zip(STEMS, PAGES, strict=True) if page.name[1] == "1"]  # of each section


@pytest.mark.parametrize("stem", FIRST)
def test_a_cold_link(browser, stem):
    """A fresh server's first request: the answer comes, nothing asks for help."""
    with running_server() as address:
        page = opened(browser, f"{address}/{stem}")
        assert len(verdict(page)) > 20
        assert page.get_by_role("dialog").count() == 0
        plotted(page)
        assert troubles(page) == []
        page.context.close()


@pytest.fixture(scope="module")
def tab(browser, server):
    """A reader's tab, in which one page after the other is looked at."""
    page = opened(browser, f"{server}/{STEMS[0]}")
    yield page
    page.context.close()


@pytest.mark.parametrize("stem", STEMS)
def test_every_look(tab, stem):
    """Wide and phone, light and dark: no sideways scroll, and nothing for axe to object to. Leaves pictures for a
    person to look at.
    """
    tab.set_viewport_size({"width": SIZES["wide"][0], "height": SIZES["wide"][1]})
    tab.locator(f"a[href$='{stem}']").first.click()
    tab.wait_for_url(f"**/{stem}")
    settled(tab)
    assert len(verdict(tab)) > 20
    plotted(tab)
    for size, scheme, rules in LOOKS:
        look(tab, stem, size, scheme)
        serious = [v for v in AXE.run(tab, options=rules).response["violations"] if v["impact"] in SERIOUS]
        assert serious == [], json.dumps(serious, indent=1)[:3000]
    found, tab.troubles = troubles(tab), []
    assert found == []


def look(page, stem, size, scheme):
    """Change the window and the theme as a reader would, and look."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": SIZES[size][0], "height": SIZES[size][1]})
    page.wait_for_function(BACKGROUND, arg=scheme, timeout=SLOW)
    page.wait_for_function("document.documentElement.scrollWidth <= innerWidth", timeout=SLOW)
    height = page.evaluate("document.querySelector('.stMainBlockContainer').scrollHeight")
    page.set_viewport_size({"width": SIZES[size][0], "height": min(height + 60, 9000)})
    settled(page)
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{stem}_{size}_{scheme}.png")


def test_an_embedded_page_needs_no_frame(browser, server):
    page = opened(browser, f"{server}/{STEMS[0]}?embed=true")
    assert len(verdict(page)) > 20
    expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")
    assert troubles(page) == []
    page.context.close()


def test_home_leads_to_the_question(browser, server):
    """While its cards are still being filled."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(server)
    page.locator(f"a[href$='{STEMS[0]}']").last.press("Enter", timeout=SLOW)  # in the sidebar first, then the card
    page.wait_for_url(f"**/{STEMS[0]}")
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
