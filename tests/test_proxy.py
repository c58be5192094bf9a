"""The proxy by itself, before stand-ins for the app: limits, closed doors, errors, headers, cookies, TLS, frames."""

import contextlib
import re
import shutil
import ssl
import subprocess
import urllib.request
from collections import Counter

import pytest
from playwright.sync_api import expect
from proxied import Proxy, upstream

from benchmarks.server import CHROMIUM, FLAGS, free_port

CLASS = 40
FILES = [f"/static/js/{k}.js" for k in range(127)]  # as many as Chromium asked for when it opened a page first
QUESTIONS = ["/negative_weights", "/favicon.png", "/_stcore/health", "/_stcore/host-config"]
QUESTIONS += ["/negative_weights/_stcore/health", "/negative_weights/_stcore/host-config", "/media/a.png"]
CLOSED = ["metrics", "script-health-check", "agent/mcp", "%6detrics", "METRICS", "health/", "stream/", "new-in-2027"]
EMBEDDED = """
<script>
const asked = (path, how) => fetch(path, how).then(answer => answer.status);
addEventListener('load', async () => {
  await new Promise(over => new WebSocket(`wss://${location.host}/_stcore/stream`).onclose = over);
  await asked('/_stcore/health');
  for (let k = 0; k < 6; k++) await asked('/_stcore/upload_file/s/f', {method: 'PUT', body: 'x'});
  for (let k = 0; k < 6; k++) await asked('/media/m.png');
  document.body.innerText = document.cookie + ' done';
});
</script>
"""


@pytest.fixture(scope="module")
def stack():
    with contextlib.ExitStack() as stack:
        yield stack


@pytest.fixture(scope="module")
def proxy(tmp_path_factory, stack):
    """Before three stand-ins, of which the last one has a medium."""
    upstreams = [upstream(stack, medium=medium) for medium in ("", "", "/media/m.png")]
    return Proxy(tmp_path_factory.mktemp("proxy"), stack, upstreams)


@pytest.fixture(scope="module")
def closed(tmp_path_factory, stack):
    """Before three servers that are not there; its pages try again after a second."""
    nobody = [f"http://127.0.0.1:{free_port()}" for _ in range(3)]
    closed = Proxy(tmp_path_factory.mktemp("closed"), stack, nobody, edits={"fail_timeout=10s": "fail_timeout=1s"})
    for page in (closed.folder / "pages").iterdir():
        page.write_text(re.sub(r"reload\(\), \d+000", "reload(), 500", page.read_text()))
    return closed


@pytest.fixture(scope="module")
def secure(tmp_path_factory, stack):
    """With TLS, as docs/deploying.md switches it on, and a certificate that it signs itself."""
    folder = tmp_path_factory.mktemp("secure")
    (folder / "tls").mkdir()
    files = ["-keyout", folder / "tls" / "privkey.pem", "-out", folder / "tls" / "fullchain.pem"]
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", *files]
    if shutil.which("openssl") is None:
        pytest.skip("no openssl")
    subprocess.run(new, check=True, capture_output=True)
    return Proxy(folder, stack, [upstream(stack, page=EMBEDDED, medium="/media/m.png") for _ in range(3)], ["tls"])


def test_a_class_behind_one_address_opens_a_page_at_once_and_again_after_a_death(proxy):
    """Forty browsers that have nothing yet; then all their sockets break, and all come back."""
    source = "127.0.0.2"
    for wanted in (FILES + QUESTIONS, QUESTIONS):
        with contextlib.ExitStack() as sockets:
            assert Counter(proxy.shaken(sockets, source) for _ in range(CLASS)) == {101: CLASS}
            answered = Counter(status for _ in range(CLASS) for status in proxy.statuses(wanted, source))
        assert answered == {200: CLASS * (len(wanted) - 1), 404: CLASS}  # nobody has the medium


def test_one_address_gets_no_more_sockets_than_a_class_and_harms_no_other(proxy):
    with contextlib.ExitStack() as sockets:
        count = Counter(proxy.shaken(sockets, "127.0.0.3") for _ in range(300))
        assert CLASS * 3 < count[101] <= 160
        assert count[101] + count[429] == 300
        assert proxy.shaken(sockets, "127.0.0.4") == 101
        assert [proxy.get("/negative_weights", source).status for source in ("127.0.0.3", "127.0.0.4")] == [200, 200]


def test_one_address_gets_no_more_answers_than_a_class_and_harms_no_other(proxy):
    answers = proxy.answers(["/negative_weights"] * 900, "127.0.0.5")
    assert CLASS * len(QUESTIONS) * 2 < [int(answer[:3]) for answer in answers].count(200) < 900
    head, _, body = answers[-1].partition("\r\n\r\n")
    assert head.startswith("429")
    assert {"Cache-Control: no-store", "Retry-After: 10"} <= set(head.split("\r\n"))
    assert "<h1>Too many requests at once</h1>" in body
    assert proxy.get("/negative_weights", "127.0.0.6").status == 200


def test_only_what_readers_need_is_open(proxy):
    assert [proxy.get(f"/_stcore/{name}").status for name in CLOSED] == [404] * len(CLOSED)
    twisted = ["//_stcore//metrics", "/_stcore/./metrics", "/x/../_stcore/metrics", "/_stcore/x/../metrics"]
    assert [proxy.get(path).status for path in twisted] == [404] * len(twisted)
    needed = ["health", "host-config", "upload_file/s/f", "bidi-components/c/index.js"]
    assert [proxy.get(f"/_stcore/{name}").status for name in needed] == [200] * len(needed)


def test_no_answer_tells_what_runs_behind_the_proxy(proxy, closed):
    for answer in (proxy.get("/"), closed.get("/"), proxy.get("/_stcore/metrics")):
        assert answer.headers["Server"] == "nginx"
        assert answer.headers["X-Powered-By"] is None
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "microphone=()" in answer.headers["Permissions-Policy"]
        assert "clipboard-write=(self)" in answer.headers["Permissions-Policy"]


@pytest.mark.parametrize("code", [502, 503, 504])
def test_an_error_of_the_server_is_said_in_our_own_words(proxy, closed, code):
    for path, answering in ((f"/answers-{code}?weights=1", proxy), ("/negative_weights?weights=1", closed)):
        answer = answering.get(path)
        assert answer.status == (code if answering is proxy else 502)
        assert (answer.headers["Cache-Control"], answer.headers["Retry-After"]) == ("no-store", "10")
        assert "The server is not answering" in answer.body
        assert not re.search(r"src=|href=|url\(|@import", answer.body)
        assert answer.headers["Set-Cookie"] is None


@pytest.mark.parametrize("code", [400, 403, 404, 413, 500])
def test_the_apps_own_refusals_pass(proxy, code):
    answer = proxy.get(f"/answers-{code}")
    assert (answer.status, answer.body, answer.headers["Cache-Control"]) == (code, "the app's own words", None)


def test_an_open_page_tries_again_and_keeps_its_address(browser, closed):
    page = browser.new_page()
    answer = page.goto(f"{closed.address}/negative_weights?NegativeWeights.steps=3#here")
    expect(page.get_by_role("heading")).to_have_text("The server is not answering")
    assert answer.status == 502
    with page.expect_navigation(), contextlib.ExitStack() as later:
        for address in closed.upstreams:
            upstream(later, port=int(address.rpartition(":")[2]))
        expect(page.get_by_text("the page")).to_be_visible(timeout=20_000)
    assert page.url.endswith("/negative_weights?NegativeWeights.steps=3#here")
    page.close()


def cookies(headers):
    """The words after each cookie's value."""
    found = [re.split(r"; *", line) for line in headers.get_all("Set-Cookie")]
    return {words[0].split("=")[0]: {word for word in words[1:] if not word.startswith("Max-Age")} for words in found}


def test_cookies_without_tls(proxy):
    assert cookies(proxy.get("/_stcore/health").headers) == {
        "seat": {"Path=/", "HttpOnly", "SameSite=Lax"},
        "_streamlit_xsrf": {"Path=/", "SameSite=Lax"},
    }
    assert "seat" not in cookies(proxy.get("/_stcore/health", cookie="seat=here").headers)


EVERYWHERE = {"SameSite=None", "Secure", "Partitioned", "Path=/"}


def test_cookies_with_tls_are_kept_in_frames_and_http_leads_to_https(secure):
    trusting = ssl._create_unverified_context()
    with urllib.request.urlopen(f"https://{secure.secure}/_stcore/health", context=trusting, timeout=10) as answer:
        assert cookies(answer.headers) == {"seat": EVERYWHERE | {"HttpOnly"}, "_streamlit_xsrf": EVERYWHERE}
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
        assert answer.headers["X-Seen"] == "127.0.0.1 https"
    plain = secure.get("/negative_weights?a=1")
    assert (plain.status, plain.headers["Location"]) == (308, "https://127.0.0.1/negative_weights?a=1")


def test_a_proxy_in_front_is_believed_and_nobody_else(tmp_path, stack):
    """About TLS, and about who asks: the limits hold for readers and not for the proxy in front."""
    inner = Proxy(tmp_path, stack, [upstream(stack) for _ in range(3)], ["front"], {"192.0.2.1": "127.0.0.9"})
    told = {"x_forwarded_proto": "https", "x_forwarded_for": "203.0.113.7"}
    believed, forged = inner.get("/", "127.0.0.9", **told), inner.get("/", "127.0.0.1", **told)
    assert cookies(believed.headers)["seat"] == EVERYWHERE | {"HttpOnly"}
    assert believed.headers["X-Seen"] == "203.0.113.7 https"
    assert "SameSite=Lax" in cookies(forged.headers)["seat"]
    assert forged.headers["X-Seen"] == "127.0.0.1 http"
    flood = inner.statuses(["/"] * 900, "127.0.0.9", "X-Forwarded-For: 203.0.113.8\r\n")
    assert 429 in flood
    assert inner.get("/", "127.0.0.9", **told).status == 200


def test_readers_without_cookies_are_spread_and_find_their_media(proxy):
    begin = len(proxy.log.read_text())
    with contextlib.ExitStack() as sockets:
        assert {proxy.shaken(sockets, "127.0.0.7") for _ in range(30)} == {101}
    assert {proxy.get("/media/m.png", "127.0.0.7").status for _ in range(12)} == {200}
    assert proxy.get("/media/other.png", "127.0.0.7").status == 404
    homes = re.findall(r"([\d.:]+) 101 /_stcore/stream", proxy.log.read_text()[begin:])
    assert set(homes) == {address.removeprefix("http://") for address in proxy.upstreams}


def test_a_page_of_another_site_embeds_the_app_and_it_stays_on_one_server(browser, secure, stack):
    """In a browser that blocks third parties' cookies: ours are partitioned, so the frame may keep them."""
    flags = [
        *FLAGS[:-1],
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.*",
        "--test-third-party-cookie-phaseout",
    ]
    site = upstream(stack, "127.0.0.8", page=f'<iframe src="https://{secure.secure}/zigzag?embed=true"></iframe>')
    begin = len(secure.log.read_text())
    strict = browser.browser_type.launch(executable_path=CHROMIUM, args=flags)
    page = strict.new_page(ignore_https_errors=True)
    page.goto(site)
    expect(page.frame_locator("iframe").get_by_text("_streamlit_xsrf=2|ab|cd|12 done")).to_be_visible(timeout=20_000)
    strict.close()
    lines = re.findall(r"([\d.:]+) (?:101|200) (\S+)", secure.log.read_text()[begin:])
    count = Counter(path for _, path in lines)
    assert (count["/_stcore/stream"], count["/_stcore/upload_file/s/f"], count["/media/m.png"]) == (1, 6, 6)
    assert len({home for home, _ in lines}) == 1
