"""One server and one browser for all browser tests; each default trained once; every verdict said."""

from collections import Counter

import endings
import pytest
import torch
from catalogue import SLUGS, default_result, experiment, remembering
from playwright.sync_api import sync_playwright

from benchmarks.server import CHROMIUM, FLAGS, NO_CHROMIUM, running_server
from lib.ui import cards

torch.set_num_threads(1)
endings.watch()  # before any test imports a verdict


def slug_of(item):
    """The question whose own test this is, or whose endings it looks at."""
    if item.path.parent.name == "questions":
        return item.path.stem.removeprefix("test_")
    return (
        item.callspec.params.get("slug") if item.path.stem == "test_endings" and hasattr(item, "callspec") else None
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items):
    """A question's tests stay together in one process, its endings last; those want all of its tests to have run."""
    for item in items:
        if slug := slug_of(item):
            item.add_marker(pytest.mark.xdist_group(slug))  # before xdist looks
    every = Counter(item.path.stem for item in items)
    result = yield  # here -k and the like leave tests out
    asked = Counter(item.path.stem for item in items)

    def has_all(slug):
        return slug is None or 0 < asked[f"test_{slug}"] == every[f"test_{slug}"]

    items[:] = sorted(
        (item for item in items if item.path.stem != "test_endings" or has_all(slug_of(item))),
        key=lambda item: item.path.stem == "test_endings",
    )
    return result


@pytest.fixture(autouse=True)
def quiet_home(monkeypatch):
    """The home page, through which tests of other pages come in, trains nothing; tests/test_home.py looks at it."""
    monkeypatch.setattr(cards, "summary", lambda *_: None)


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
