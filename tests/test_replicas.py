"""Three servers behind nginx, as compose.yaml has them: readers stay where they are, and one server may die."""

import contextlib
import re
import shutil
import subprocess
import time
import urllib.request
from collections import Counter

import pytest
from questions import ROOT
from test_browser import opened, plotted, settled, troubles, verdict

from benchmarks.server import free_port, running_server

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
LINK = "/negative_weights?NegativeWeights.steps=30&NegativeWeights.start=lifted"


class Replicas:
    """The servers, the proxy before them, and what the proxy has logged."""

    def __init__(self, folder, stack):
        self.log = folder / "access.log"
        self.servers = [running_server() for _ in range(3)]
        self.alive = [stack.enter_context(contextlib.ExitStack()) for _ in self.servers]
        self.addresses = [a.enter_context(s) for a, s in zip(self.alive, self.servers, strict=True)]
        self.port = free_port()
        text = (ROOT / "deploy" / "nginx.conf").read_text()
        for k, address in enumerate(self.addresses, start=1):
            assert text.count(f"server app{k}:8501") == 1
            text = text.replace(f"server app{k}:8501", f"server {address.removeprefix('http://')}")
        for old, new in {
            "listen 8080;": f"listen 127.0.0.1:{self.port};",
            "/dev/stdout": str(self.log),
            "/tmp/nginx": f"{folder}/nginx",
        }.items():
            assert old in text
            text = text.replace(old, new)
        (folder / "nginx.conf").write_text(text)
        command = [NGINX, "-c", str(folder / "nginx.conf"), "-p", str(folder), "-g", "daemon off;"]
        process = subprocess.Popen(command)
        stack.callback(process.wait, 10)
        stack.callback(process.terminate)
        self.address = f"http://127.0.0.1:{self.port}"
        self.wait()

    def wait(self):
        for _ in range(100):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=2):
                return
            time.sleep(0.1)  # nginx says nothing when it listens
        raise AssertionError("nginx did not answer")

    def serving(self, seat):
        """Which server (0, 1, 2) answers the reader with this cookie."""
        mark = f"/_stcore/health?{time.monotonic_ns()}"
        request = urllib.request.Request(f"{self.address}{mark}", headers={"Cookie": f"seat={seat}"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.status == 200
        for _ in range(50):
            found = re.search(rf"([\d.:, ]+) 200 {re.escape(mark)}", self.log.read_text())
            if found:
                return self.addresses.index(f"http://{found[1].split(', ')[-1].strip()}")
            time.sleep(0.02)  # the line is written after the answer
        raise AssertionError("nginx did not log the request")


@pytest.fixture(scope="module")
def replicas(tmp_path_factory):
    if NGINX is None:
        pytest.fail("no nginx: install it (Debian: apt-get install nginx-light)", pytrace=False)
    with contextlib.ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setenv("STREAMLIT_SERVER_COOKIE_SECRET", "one-for-all-replicas")
        yield Replicas(tmp_path_factory.mktemp("replicas"), stack)


def seat(page):
    return next(c["value"] for c in page.context.cookies() if c["name"] == "seat")


def test_readers_stay_where_they_are_and_one_server_may_die(browser, replicas):
    # a link shows the same numbers on whichever server it is opened
    shown = []
    for address in replicas.addresses:
        page = opened(browser, address + LINK)
        shown.append((verdict(page), plotted(page)))
        page.context.close()
    assert shown[0] == shown[1] == shown[2]

    # readers are spread over the servers, and every one stays on his
    seats = [f"reader-{k}" for k in range(30)]
    homes = {s: replicas.serving(s) for s in seats}
    assert set(Counter(homes.values())) == {0, 1, 2}
    assert {s: replicas.serving(s) for s in seats} == homes

    # through the proxy: the app works under its headers, nothing blocked, nothing from elsewhere
    readers = []
    while len({home for _, home in readers}) < 2:
        page = opened(browser, replicas.address + LINK)
        assert (verdict(page), plotted(page)) == shown[0]
        assert troubles(page) == []
        readers.append((page, replicas.serving(seat(page))))
    (victim, dying), (other, home) = readers[0], readers[-1]
    assert dying != home

    # one server dies: readers of the others notice nothing
    closed = []
    other.on("websocket", lambda socket: closed.append(socket.url))  # a new one would mean that the old one broke
    replicas.alive[dying].close()
    other.get_by_role("slider", name="Steps").focus()
    other.keyboard.press("ArrowLeft")
    other.wait_for_url("**NegativeWeights.steps=10**")
    settled(other)
    assert replicas.serving(seat(other)) == home
    assert (closed, troubles(other)) == ([], [])

    # and its own readers, who open their link again, find the same numbers on another one
    victim.context.clear_cookies(name="_streamlit_xsrf")
    victim.troubles.clear()
    victim.goto(replicas.address + LINK)
    settled(victim)
    assert (verdict(victim), plotted(victim)) == shown[0]
    assert replicas.serving(seat(victim)) != dying
    for page, _ in readers:
        page.context.close()


def test_the_proxy_sends_headers_and_compresses(replicas):
    request = urllib.request.Request(replicas.address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        headers = answer.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "HttpOnly" in headers["Set-Cookie"]
    assert headers["Content-Encoding"] == "gzip"


def test_every_replica_of_the_compose_file_has_its_place_at_the_proxy():
    services = re.findall(r"^  (app\d+): \*app$", (ROOT / "compose.yaml").read_text(), re.MULTILINE)
    named = re.findall(r"server (app\d+):8501", (ROOT / "deploy" / "nginx.conf").read_text())
    assert services == named
    docker = (ROOT / "Dockerfile").read_text()
    assert "USER reader" in docker
    assert "/_stcore/health" in docker
