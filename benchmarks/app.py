"""`python -m benchmarks.app`: the four findings about Streamlit, measured on the running app in a real browser.

Cold start, garbage collection after each run, chart remounts, what a move costs, interruption, several readers.
"""

import gc
import subprocess
import sys
import time
from statistics import median
from threading import Thread

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.server import CHROMIUM, FLAGS, NO_CHROMIUM, running_server

IDLE = "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
PAGE = "/negative_weights"
HEAVY = "?NegativeWeights.network=cnn&NegativeWeights.steps=600&NegativeWeights.activation=tanh"


def opened(browser: Browser, address: str) -> tuple[Page, dict[str, float]]:
    """Open a page; seconds until the heading, the verdict and the first figure are there."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    begun, seen = time.perf_counter(), {}
    page.goto(address)
    for name, selector in {
        "heading": "h1",
        "verdict": ".st-key-verdict",
        "figure": ".js-plotly-plot .plot-container",
    }.items():
        page.wait_for_selector(selector, timeout=60_000)
        seen[name] = time.perf_counter() - begun
    page.wait_for_function(IDLE, timeout=60_000)
    return page, seen


def move(page: Page, key: str) -> float:
    """Move the slider 'Steps' by one key; seconds until the verdict and the first figure have changed."""
    page.get_by_role("slider", name="Steps").focus()
    page.evaluate(
        """() => { window.old = [document.querySelector('.st-key-verdict').innerText,
                                 document.querySelector('.js-plotly-plot')]; }"""
    )
    begun = time.perf_counter()
    page.keyboard.press(key)
    page.wait_for_function(
        """() => {
            const v = document.querySelector('.st-key-verdict'), f = document.querySelector('.js-plotly-plot');
            return v && f?.querySelector('.plot-container') && v.innerText != window.old[0] && f != window.old[1];
        }""",
        timeout=60_000,
    )
    took = time.perf_counter() - begun
    page.wait_for_function(IDLE, timeout=60_000)
    return took


def imports() -> None:
    """What a fresh process spends on its heaviest imports, each in a process of its own."""
    names = ("streamlit", "pandas", "plotly.graph_objects", "torch", "lib.questions.negative_weights")
    for name in names:
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", f"import {name}"], check=True)
        print(f"python and import {name}: {time.perf_counter() - begun:.2f} s")


def cold_start(browser: Browser) -> None:
    """First visitor of a fresh server, twice, then a warm one."""
    for which in ("cold", "cold again"):
        with running_server() as address:
            _, cold = opened(browser, address + PAGE)
            _, warm = opened(browser, address + PAGE)
        print(
            f"{which:12}",
            {k: round(v, 2) for k, v in cold.items()},
            "warm",
            {k: round(v, 2) for k, v in warm.items()},
        )


def moves(browser: Browser, address: str) -> None:
    """Move a slider to and fro: first uncached, then from the cache."""
    page, _ = opened(browser, address + PAGE)
    uncached = [move(page, "ArrowLeft") for _ in range(3)] + [move(page, "End")]
    cached = [move(page, key) for key in ["ArrowLeft", "ArrowRight"] * 5]
    print(f"move, trained anew: {median(uncached):.2f} s   from the cache: {median(cached):.2f} s (medians)")
    page.context.close()


def interruption(browser: Browser, address: str) -> None:
    """A move while a long training runs: seconds until the new answer."""
    page = browser.new_context().new_page()
    page.goto(address + PAGE + HEAVY)
    page.locator(".st-key-stop").wait_for(timeout=60_000)
    begun = time.perf_counter()
    page.get_by_text("dense", exact=True).click()
    page.wait_for_selector(".st-key-verdict", timeout=60_000)
    print(f"a move during a long training: the new answer after {time.perf_counter() - begun:.2f} s")
    page.context.close()


def collection() -> None:
    """What Streamlit's collection after each run costs, before and after the app has frozen its imports."""
    from lib.questions.negative_weights import QUESTION

    QUESTION.run(QUESTION.config())
    import streamlit  # noqa: F401

    def cost() -> float:
        begun = time.perf_counter()
        gc.collect(2)
        return 1000 * (time.perf_counter() - begun)

    before = median(cost() for _ in range(5))
    gc.freeze()
    print(f"gc.collect(2): {before:.0f} ms with torch loaded, {median(cost() for _ in range(5)):.1f} ms frozen")


def together(readers: int) -> list[float]:
    """Train the default config in several threads at once, in fair turns; seconds each reader waits."""
    from lib.questions.negative_weights import QUESTION
    from lib.ui.fair_queue import FairQueue

    queue, waited = FairQueue(2), []

    def read(seed: int) -> None:
        begun = time.perf_counter()
        with queue.slot(lambda: None) as offer:
            QUESTION.run(QUESTION.config(seed=seed), progress=lambda done, total: offer())
        waited.append(time.perf_counter() - begun)

    threads = [Thread(target=read, args=(k,)) for k in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return waited


def main() -> None:
    """Print the measurements."""
    imports()
    collection()
    alone = median(max(together(1)) for _ in range(5))
    for readers in (2, 4):
        worst = median(max(together(readers)) for _ in range(5))
        print(f"{readers} readers at once: the last waits {worst / alone:.2f}x what one would alone ({alone:.2f} s)")
    if CHROMIUM is None:
        sys.exit(NO_CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        cold_start(browser)
        with running_server() as address:
            moves(browser, address)
            interruption(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
