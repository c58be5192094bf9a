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
# A phone's sidebar folds by itself; what has been folded away nobody can come to, with the Tab key either.
FOLDED = """() => {
    const bar = document.querySelector("[data-testid=stSidebar]"), link = bar?.querySelector("a");
    if (!link || innerWidth >= 768) return true;
    link.focus();
    return document.activeElement !== link && bar.getBoundingClientRect().right <= 1;
}"""


def every_look(tab, slug):
    """Wide and phone, light and dark: no sideways scroll, and nothing for axe to object to. Leaves pictures for a
    person to look at.

    The page comes as wide as the one before it was left: a width is what all charts are drawn anew for.
    """
    tab.locator(f"a[href$='{slug}']").first.evaluate("link => link.click()")  # a phone has folded it away
    tab.mouse.move(0, 0)  # a slider under it would show its ends, in a fade that axe takes for a faint grey
    tab.wait_for_url(f"**/{slug}")
    settled(tab)
    assert len(verdict(tab)) > 20
    plotted(tab)
    narrow = tab.viewport_size["width"] < SIZES["wide"][0]
    for size, scheme, rules in LOOKS[::-1] if narrow else LOOKS:
        HOLDS[size](tab)
        look(tab, slug, size, scheme)
        serious = [v for v in AXE.run(tab, options=rules).response["violations"] if v["impact"] in SERIOUS]
        assert serious == [], json.dumps(serious, indent=1)[:3000]
    found, tab.troubles = troubles(tab), []
    assert found == []


WHERE = """selector => {
    const box = [...document.querySelectorAll(selector)][0].getBoundingClientRect();
    return [box.top, box.bottom];
}"""
HERO, CONTROL = (
    ".st-key-hero .js-plotly-plot",
    ".st-key-controls [data-testid=stElementContainer]:not(.st-key-carried *)",
)
SECOND = ".st-key-rest .js-plotly-plot"


def desk_holds(tab):
    """A laptop shows question, answer, first control and the whole hero, and keeps the control in sight."""
    tab.set_viewport_size({"width": SIZES["wide"][0], "height": 720})
    settled(tab)
    for part in ("h1", ".st-key-verdict", CONTROL, HERO):
        top, bottom = tab.evaluate(WHERE, part)
        assert 0 <= top < bottom <= 720, (part, top, bottom)
    if tab.locator(SECOND).count():
        tab.locator(SECOND).first.evaluate("figure => figure.scrollIntoView({block: 'center'})")
        top, bottom = tab.evaluate(WHERE, CONTROL)
        assert 0 <= top < bottom <= 720, ("scrolled", top, bottom)
        tab.locator("h1").evaluate("title => title.scrollIntoView()")


def phone_holds(tab):
    """A small phone shows question, answer and the top of the hero."""
    width, height = SIZES["phone"]
    tab.set_viewport_size({"width": width, "height": height})
    settled(tab)
    tab.wait_for_function("document.documentElement.scrollWidth <= innerWidth", timeout=SLOW)
    for part in ("h1", ".st-key-verdict"):
        top, bottom = tab.evaluate(WHERE, part)
        assert 0 <= top < bottom <= height, (part, top, bottom)
    assert tab.evaluate(WHERE, HERO)[0] < height


HOLDS = {"wide": desk_holds, "phone": phone_holds}


def look(page, slug, size, scheme):
    """Change the window and the theme as a reader would, and look."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": SIZES[size][0], "height": SIZES[size][1]})
    page.wait_for_function(BACKGROUND, arg=scheme, timeout=SLOW)
    page.wait_for_function("document.documentElement.scrollWidth <= innerWidth", timeout=SLOW)
    height = page.evaluate("document.querySelector('.stMainBlockContainer').scrollHeight")
    page.set_viewport_size({"width": SIZES[size][0], "height": min(height + 60, 9000)})
    settled(page)
    page.wait_for_function(FOLDED, timeout=SLOW)
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{slug}_{size}_{scheme}.png")
