"""Every page in a real browser: it answers, nothing is cut off, and nothing keeps a reader out."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from catalogue import ROOT, SLUGS
from reader import SIZES, SLOW, opened, plotted, settled, troubles, verdict

from benchmarks.server import running_server

SHOTS = ROOT / "screenshots"
BACKGROUND = """scheme => {
    const [red] = getComputedStyle(document.querySelector('.stApp')).backgroundColor.match(/\\d+/g);
    return (red > 128) === (scheme === 'light');
}"""
AXE, RULES = Axe(), {"resultTypes": ["violations"], "preload": False}  # the rules that hold are not written out
SEEN = {"runOnly": ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]}  # theme and width matter
LOOKS = (("wide", "light", RULES), ("phone", "dark", RULES | SEEN))  # each width and each theme once
SERIOUS = ("serious", "critical")
COLD = ("negative_weights", "zigzag")  # trained by torch, which has to be imported first, and by numpy alone


@pytest.mark.parametrize("slug", COLD)
def test_a_cold_link(browser, slug):
    """A fresh server's first request: the answer comes, nothing asks for help."""
    with running_server() as address:
        page = opened(browser, f"{address}/{slug}")
        assert len(verdict(page)) > 20
        assert page.get_by_role("dialog").count() == 0
        plotted(page)
        assert troubles(page) == []
        page.context.close()


@pytest.fixture(scope="module")
def tab(browser, server):
    """A reader's tab, in which one page after the other is looked at."""
    page = opened(browser, f"{server}/{SLUGS[0]}")
    yield page
    page.context.close()


@pytest.mark.parametrize("slug", SLUGS)
def test_every_look(tab, slug):
    """Wide and phone, light and dark: no sideways scroll, and nothing for axe to object to. Leaves pictures for a
    person to look at.
    """
    tab.set_viewport_size({"width": SIZES["wide"][0], "height": SIZES["wide"][1]})
    tab.locator(f"a[href$='{slug}']").first.click()
    tab.wait_for_url(f"**/{slug}")
    settled(tab)
    assert len(verdict(tab)) > 20
    plotted(tab)
    for size, scheme, rules in LOOKS:
        look(tab, slug, size, scheme)
        serious = [v for v in AXE.run(tab, options=rules).response["violations"] if v["impact"] in SERIOUS]
        assert serious == [], json.dumps(serious, indent=1)[:3000]
    found, tab.troubles = troubles(tab), []
    assert found == []


def look(page, slug, size, scheme):
    """Change the window and the theme as a reader would, and look."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": SIZES[size][0], "height": SIZES[size][1]})
    page.wait_for_function(BACKGROUND, arg=scheme, timeout=SLOW)
    page.wait_for_function("document.documentElement.scrollWidth <= innerWidth", timeout=SLOW)
    height = page.evaluate("document.querySelector('.stMainBlockContainer').scrollHeight")
    page.set_viewport_size({"width": SIZES[size][0], "height": min(height + 60, 9000)})
    settled(page)
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{slug}_{size}_{scheme}.png")
