"""A reader with a real browser: opens pages, waits until they have settled, and looks at what they say."""

import pandas as pd
from playwright.sync_api import expect

SIZES = {"wide": (1280, 900), "phone": (360, 780)}
# Streamlit looks for itself under a page's own path first; it finds itself one level up.
PROBES = ("/_stcore/health", "/_stcore/host-config")
IDLE = "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
SLOW = 60_000


def opened(browser, address, *, size="wide", scheme="light", **more):
    """A page in a context of its own that notes what went wrong in it."""
    width, height = SIZES[size]
    more = {"reduced_motion": "reduce"} | more  # nothing plays by itself
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
