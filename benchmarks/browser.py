"""`python -m benchmarks.browser [SLUG ...]`: what a move answered from the cache costs until its hero is painted.

In a real browser, by turns with a page of Streamlit's that has one empty chart and nothing else (target: at most
twice that). On each question's page two of the 'Try this' chips are clicked to and fro, after both were trained.
"""

import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.server import CHROMIUM, FLAGS, NO_CHROMIUM, ROOT, free_port, running_server, wait
from lib.ui.frame import questions

EMPTY = """
import plotly.graph_objects as go
import streamlit as st
st.set_page_config(layout="wide")
st.session_state.setdefault("n", 0)
for k in range(2):
    st.button(f"chip {k}", key=f"try_{k}", on_click=st.session_state.update, args=({"n": k},))
with st.container(key="hero"):
    st.plotly_chart(go.Figure(layout={"title": str(st.session_state.n)}), key="chart_hero")
"""
IDLE = "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
PAINTED = """selector => new Promise(answer => {
    const plot = () => document.querySelector('.st-key-hero .js-plotly-plot');
    const old = plot(), button = document.querySelector(selector), begun = performance.now();
    const look = () => {
        const now = plot();
        if (now && now !== old && now.querySelector('.main-svg'))
            requestAnimationFrame(() => setTimeout(() => answer(performance.now() - begun)));
        else if (performance.now() - begun > 20000) answer(NaN);
        else requestAnimationFrame(look);
    };
    button.click();
    requestAnimationFrame(look);
})"""
ROUNDS = 6


@contextlib.contextmanager
def empty_page() -> Iterator[str]:
    """Serve the page of one empty chart; yields its address."""
    with tempfile.TemporaryDirectory() as folder:
        script, port = Path(folder) / "empty.py", free_port()
        script.write_text(EMPTY, encoding="utf-8")
        command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless", "true"]
        command += ["--server.address", "127.0.0.1", "--server.port", str(port), "--server.fileWatcherType", "none"]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def opened(browser: Browser, address: str) -> Page:
    """Open a page with both chips' answers kept."""
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.goto(address)
    page.wait_for_selector(".st-key-hero .js-plotly-plot .main-svg", timeout=60_000)
    page.wait_for_function(IDLE, timeout=60_000)
    for chip in (0, 1, 0):
        moved(page, chip)
    return page


def moved(page: Page, chip: int) -> float:
    """Click a chip; milliseconds until the hero is painted anew."""
    took = float(page.evaluate(PAINTED, f".st-key-try_{chip} button"))
    page.wait_for_function(IDLE, timeout=60_000)
    page.wait_for_timeout(300)
    return took


def main(slugs: list[str]) -> None:
    """Print a line a page."""
    if CHROMIUM is None:
        sys.exit(NO_CHROMIUM)
    every = [entry.words.slug for entry in questions()]
    with sync_playwright() as playwright, running_server() as address, empty_page() as bare:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        beside, ratios = opened(browser, bare), []
        for slug in slugs or every:
            page = opened(browser, f"{address}/{slug}")
            took: tuple[list[float], list[float]] = ([], [])
            for k in range(ROUNDS):
                for tab, times in zip((page, beside), took, strict=True):
                    times.append(moved(tab, (k + 1) % 2))
            page.context.close()
            mine, empty = map(median, took)
            ratios.append(mine / empty)
            print(f"{slug:20} {mine:6.0f} ms, one empty chart {empty:4.0f} ms: {mine / empty:4.1f}x", flush=True)
        print(f"median {median(ratios):.1f}x, worst {max(ratios):.1f}x")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
