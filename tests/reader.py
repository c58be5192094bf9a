"""A reader with a real browser: opens pages, waits until they have settled, and looks at what they say."""

import pandas as pd
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

SIZES = {"wide": (1280, 900), "phone": (360, 780)}
# Streamlit looks for itself under a page's own path first; it finds itself one level up.
PROBES = ("/_stcore/health", "/_stcore/host-config")
IDLE = "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
SLOW = 60_000
AGAIN = ForwardMsg.FINISHED_EARLY_FOR_RERUN  # a run's end


def opened(browser, address, *, size="wide", scheme="light", **more):
    """A page in a context of its own that notes what went wrong in it, and how each run of its script has ended."""
    width, height = SIZES[size]
    more = {"reduced_motion": "reduce"} | more  # nothing plays by itself
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **more)
    page = context.new_page()
    page.troubles, page.ended = [], []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: _ended(page, frame)))
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


def _ended(page, frame):
    if len(frame) < 10_000:  # bytes; the long ones draw something
        message = ForwardMsg.FromString(frame)
        if message.WhichOneof("type") == "script_finished":
            page.ended.append(message.script_finished)


def until(page, noted, otherwise):
    """Wait for what the page's events tell, which its own functions cannot wait for."""
    for _ in range(SLOW // 100):
        if noted():
            page.evaluate("() => new Promise(requestAnimationFrame)")  # what was heard is drawn a moment later
            return
        page.wait_for_timeout(100)  # what it waits for happens here, in Python, while the browser is listened to
    raise AssertionError(otherwise)


def settled(page):
    """Wait until all is drawn.

    Between a run that ends for another one (a pinned run, drawn for its outlines alone) and that other, Streamlit's
    browser side says that nothing runs, for as long as the server collects its garbage.
    """
    expect(page.locator("h1")).to_be_visible(timeout=SLOW)
    page.wait_for_function(IDLE, timeout=SLOW)
    ended = getattr(page, "ended", [])
    while ended[-1:] == [AGAIN]:
        until(page, lambda: ended[-1] != AGAIN, "the run that should follow has not ended")
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
