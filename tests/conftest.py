"""One server and one browser for all browser tests; each default trained once; every verdict said."""

import os
from collections import Counter
from functools import cache

import endings
import pytest
import torch
from catalogue import SLUGS, default_result, experiment, remembering
from playwright.sync_api import sync_playwright
from reader import opened
from streamlit.components.v2 import manifest_scanner

from benchmarks.server import CHROMIUM, FLAGS, NO_CHROMIUM, running_server
from lib.spare import SPARE, Machine
from lib.ui import home, stage

os.environ["TRAIN_AHEAD"] = "0"  # but where a test looks at it, tests/test_ahead.py
os.environ["TRAIN_BESIDE"] = "0"  # and tests/test_processes.py
torch.set_num_threads(1)
stage.PAUSE = 0.0
SPARE.set(Machine(1))  # a core for each of the two processes that test; tests/test_cores.py has its own
# Streamlit's AppTest reads through all installed packages each time that it is made, which takes 0.1 s.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
endings.watch()  # before any test imports a verdict


LONGEST = (
    "test_looks_1_and_2",
    "test_looks_3_and_4",
    "test_ui",
    "test_browser",
    "test_style",
)  # files: begun first, so that none is left at the end
LAST = "test_every_sentence_is_chosen_by_a_test"  # of a question, after all its others and in the same process


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items):
    """Let a question's last test run last; leave it out where only some of the question's tests were asked for."""
    every = Counter(item.path for item in items)
    result = yield  # here -k and the like leave tests out
    asked = Counter(item.path for item in items)
    whole = [item for item in items if item.name != LAST or asked[item.path] == every[item.path]]
    longest = {name: place for place, name in enumerate(LONGEST)}
    places = {path: (longest.get(path.stem, len(longest)), place) for place, path in enumerate(asked)}
    items[:] = sorted(whole, key=lambda item: (places[item.path], item.name == LAST))
    return result


@pytest.fixture(autouse=True)
def quiet_home(monkeypatch):
    """The home page, through which tests of other pages come in, trains nothing; tests/test_home.py looks at it."""
    for name in ("live", "verdicts"):
        monkeypatch.setattr(home, name, lambda *_: None)


@pytest.fixture(scope="session", autouse=True)
def defaults_train_once(tmp_path_factory, worker_id):
    """However many tests, in both processes, open a page at its default or look at that run."""
    mine = tmp_path_factory.getbasetemp()
    folder = mine if worker_id == "master" else mine.parent
    with pytest.MonkeyPatch.context() as patch:
        for slug in SLUGS:
            patch.setattr(experiment(slug), "run", remembering(slug, folder))
        yield


@pytest.fixture(scope="module")
def default(request):
    """In the test of a question: the run that its page opens with."""
    return default_result(request.module.__name__.removeprefix("test_"))


@pytest.fixture(scope="session")
def server():
    with running_server() as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.fail(NO_CHROMIUM, pytrace=False)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def tab(request, browser, server):
    """A reader's tab, in which a module looks at one of its pages (MINE) after the other."""
    page = opened(browser, f"{server}/{request.module.MINE[0]}")
    yield page
    page.context.close()
