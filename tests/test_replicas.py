"""Three servers behind nginx, as compose.yaml has them: readers stay where they are, and one server may die."""

import contextlib
import itertools
import os
import re
import signal
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from catalogue import ROOT
from proxied import Proxy
from reader import SLOW, opened, plotted, settled, troubles, verdict

from benchmarks.reader import Reader
from benchmarks.server import running_process

LINK = ("negative_weights", "NegativeWeights.steps=30&NegativeWeights.start=lifted")
CHANGED = "old => document.querySelector('.st-key-verdict')?.innerText != old"


class Replicas(Proxy):
    """The servers, the proxy before them, and what the proxy has logged."""

    def __init__(self, folder, stack):
        servers = [running_process() for _ in range(3)]
        with ThreadPoolExecutor(3) as pool:
            started = list(pool.map(stack.enter_context, servers))
        self.addresses, self.processes = zip(*started, strict=True)
        super().__init__(folder, stack, self.addresses)

    def serving(self, seat):
        """Which server (0, 1, 2) answers the reader with this cookie."""
        mark = f"/_stcore/health?{time.monotonic_ns()}"
        request = urllib.request.Request(f"{self.address}{mark}", headers={"Cookie": f"seat={seat}"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.status == 200
        return self.logged(rf"([\d.:, ]+) 200 {re.escape(mark)}")

    def session(self, seat):
        """Which server holds the session of the reader with this cookie."""
        begin = len(self.log.read_text())
        Reader(self.address, f"seat={seat}").leave()
        return self.logged(r"([\d.:, ]+) 101 /_stcore/stream", begin)

    def logged(self, pattern, begin=0):
        """The server in the first line that fits; where several were tried, the last one answered."""
        for _ in range(100):
            found = re.search(pattern, self.log.read_text()[begin:])
            if found:
                return self.addresses.index(f"http://{found[1].split(', ')[-1].strip()}")
            time.sleep(0.02)  # the line is written after the answer
        raise AssertionError("nginx did not log the request")


@pytest.fixture(scope="module")
def replicas(tmp_path_factory):
    with contextlib.ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setenv("STREAMLIT_SERVER_COOKIE_SECRET", "one-for-all-replicas")
        yield Replicas(tmp_path_factory.mktemp("replicas"), stack)


def seat(page):
    return next(c["value"] for c in page.context.cookies() if c["name"] == "seat")


def test_a_link_shows_the_same_numbers_on_every_server(replicas):
    def visit(address):
        with Reader(address) as reader:
            return reader.open(*LINK)

    with ThreadPoolExecutor(3) as pool:
        first, *others = list(pool.map(visit, replicas.addresses))
    assert len(first.figures) > 1
    assert all(other.figures == first.figures for other in others)
    verdict_of_each = [[t for t in a.texts if t.startswith("**")] for a in (first, *others)]
    assert verdict_of_each[0] == verdict_of_each[1] == verdict_of_each[2] != []


def test_readers_are_spread_over_the_servers_and_stay_where_they_are(replicas):
    seats = [f"reader-{k}" for k in range(30)]
    homes = {s: replicas.serving(s) for s in seats}
    assert set(homes.values()) == {0, 1, 2}
    assert {s: replicas.serving(s) for s in seats} == homes
    assert {s: replicas.session(s) for s in seats[:9]} == {s: homes[s] for s in seats[:9]}


def test_a_class_opens_a_page_at_once(replicas):
    """Forty sessions behind one address, a third on each server or so, and every one of them is answered."""

    def visit(_):
        with Reader(replicas.address) as reader:
            return reader.open(*LINK).figures

    with ThreadPoolExecutor(40) as pool:
        figures = list(pool.map(visit, range(40)))
    assert len(figures[0]) > 1
    assert figures == [figures[0]] * 40


def test_what_the_proxy_has_closed_is_answered_nowhere(replicas):
    """Streamlit looks for itself under a page's own path, too; and the doors that it needs are open."""
    with urllib.request.urlopen(f"{replicas.addresses[0]}/_stcore/metrics", timeout=10) as answer:
        assert "# TYPE" in answer.read().decode()
    for place in ("", "/negative_weights", "/static", "/media", "/component"):
        assert "# TYPE" not in replicas.get(f"{place}/_stcore/metrics").body, place
    assert replicas.get("/_stcore/host-config").status == 200
    assert replicas.get("/_stcore/upload_file/session/file", method="PUT").status == 403  # without Streamlit's token


def test_a_script_from_a_blob_runs_as_streamlits_components_want_it(browser, replicas):
    page = browser.new_page()
    page.goto(replicas.address)
    blob = "new Blob(['export default 6 * 7'], {type: 'text/javascript'})"
    assert page.evaluate(f"async () => (await import(URL.createObjectURL({blob}))).default") == 42
    page.context.close()


def reader(browser, address, cookie=None):
    """A reader behind the proxy, who perhaps was here before; nothing that they need is blocked by its headers."""
    state = {"cookies": [{"name": "seat", "value": cookie, "url": address}] if cookie else [], "origins": []}
    page = opened(browser, f"{address}/{LINK[0]}?{LINK[1]}", storage_state=state)
    page.shown = verdict(page), plotted(page)
    assert troubles(page) == []
    return page


def moved(page):
    """What a reader sees after the next move."""
    settled(page)
    page.get_by_role("slider", name="Steps").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**NegativeWeights.steps=10**")
    page.wait_for_function(CHANGED, arg=page.shown[0], timeout=SLOW)
    settled(page)
    return verdict(page), plotted(page)


def test_one_server_may_die(browser, replicas):
    """Readers of the others notice nothing; its own go on in the page that they have open, on another server."""
    own = reader(browser, replicas.address)
    dying = replicas.serving(seat(own))
    name = next(f"other-{k}" for k in itertools.count() if replicas.serving(f"other-{k}") != dying)
    other, home = reader(browser, replicas.address, name), replicas.serving(name)
    assert own.shown == other.shown

    broken = []
    other.on("websocket", lambda socket: broken.append(socket.url))  # a new one means that the old one broke
    with own.expect_event("websocket", timeout=SLOW):
        os.kill(replicas.processes[dying], signal.SIGKILL)
    assert moved(other) == moved(own)
    assert (broken, troubles(other), replicas.serving(name)) == ([], [], home)
    assert replicas.serving(seat(own)) != dying
    for page in (own, other):
        page.context.close()


def test_the_proxy_sends_headers_and_compresses(replicas):
    request = urllib.request.Request(replicas.address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        headers = answer.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors *" in policy  # any page may embed the app
    assert "HttpOnly" in headers["Set-Cookie"]
    assert headers["Content-Encoding"] == "gzip"


def test_every_replica_of_the_compose_file_has_its_place_at_the_proxy():
    compose = (ROOT / "compose.yaml").read_text()
    services = re.findall(r"^  (app\d+): \*app$", compose, re.MULTILINE)
    named = re.findall(r"server (app\d+):8501", (ROOT / "deploy" / "nginx.conf").read_text())
    assert services == named
    assert "./deploy/pages:/etc/nginx/pages:ro" in compose
    docker = (ROOT / "Dockerfile").read_text()
    assert "USER reader" in docker
    assert "/_stcore/health" in docker
