"""What a reader with a real browser looks at on a page: it answers, nothing is cut off, nothing keeps anyone out."""

import json

from axe_playwright_python.sync_playwright import Axe
from catalogue import ROOT
from reader import SIZES, SLOW, plotted, settled, troubles, verdict

SHOTS = ROOT / "screenshots"
BACKGROUND = """scheme => {
    const [red] = getComputedStyle(document.querySelector('.stApp')).backgroundColor.match(/\\d+/g);
    return (red > 128) === (scheme === 'light');
}"""
AXE, RULES = Axe(), {"resultTypes": ["violations"], "preload": False}  # the rules that hold are not written out
SEEN = {"runOnly": ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]}  # theme and width matter
LOOKS = (("wide", "light", RULES), ("phone", "dark", RULES | SEEN))  # each width and each theme once
SERIOUS = ("serious", "critical")


def every_look(tab, slug):
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
