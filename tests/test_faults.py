"""What goes wrong costs its own page, in a sentence: words that cannot be read, misspelt addresses, runs that break.

And a server that is started again under an open page brings that page back as it was.
"""

import os
import shutil
import signal

import pytest
import streamlit as st
from catalogue import PAGES, ROOT, SLUGS, experiment
from playwright.sync_api import expect
from reader import SLOW, numbers, opened, plotted, settled, until, verdict
from streamlit.runtime.scriptrunner import RerunData, RerunException, StopException
from streamlit.testing.v1 import AppTest

from benchmarks import server as servers
from benchmarks.reader import Reader
from lib import words
from lib.question import find
from lib.ui import background, lost, reading, rulings, training
from lib.words import load

HOME, FACTS = "app.py", "pages/fact_check.py"
CHANGED = "old => document.querySelector('.st-key-verdict')?.innerText != old"
BROKEN = "batch"  # whose words are broken here


def path(slug):
    return f"pages/{PAGES[SLUGS.index(slug)].name}"


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A copy of all words, for the tests to break; what was logged before is forgotten."""
    for file in [*(ROOT / "lib/questions").glob("*/words/*.toml"), *(ROOT / "lib/words").glob("*/*.toml")]:
        copy = tmp_path / file.relative_to(ROOT / "lib")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
    monkeypatch.setattr(words, "LIB", tmp_path)
    reading._log.cache_clear()
    yield tmp_path
    reading._log.cache_clear()


def invalid(file):
    file.write_text('title = "no end')


def missing(file):
    file.unlink()


def a_folder(file):  # the tests' user may be one who can read every file
    file.unlink()
    file.mkdir()


def latin(file):
    file.write_bytes(file.read_bytes() + 'x = "é"'.encode("latin-1"))


def without(entry):
    def change(file):
        text = file.read_text(encoding="utf-8")
        assert entry in text
        file.write_text(text.replace(entry, f"other_{entry}", 1), encoding="utf-8")

    change.__name__ = f"without {entry.strip()}"
    return change


def another_kind(file):
    file.write_text(file.read_text(encoding="utf-8").replace("section = 4", 'section = "four"'), encoding="utf-8")


FAULTS = [invalid, missing, a_folder, latin, another_kind, without("title = ")]


def seen(page, **query):
    """A page as a reader meets it who comes in through the first one, which trains nothing."""
    app = AppTest.from_file(str(ROOT / HOME), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    return app.run() if page == HOME else app.switch_page(page).run()


def names(app):
    return [link.proto.label for link in app.get("page_link")]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_broken_words_cost_their_own_page(library, fault, caplog):
    title = load(BROKEN)["title"]
    fault(library / "questions" / BROKEN / "words" / "en.toml")
    for page in (HOME, path("zigzag"), HOME):
        app = seen(page)
        assert not app.exception
        assert not app.error
        assert load("zigzag")["title"] in names(app)
        assert title not in names(app)
    assert sum('class="answer"' in item.proto.body for item in app.get("html")) == len(SLUGS) - 1
    about = [r for r in caplog.records if r.name == reading.__name__]
    assert len(about) == 1, "once, not at every move of every reader"
    assert BROKEN in about[0].getMessage()


def test_a_page_without_its_words_says_so_and_leads_home(library):
    invalid(library / "questions" / BROKEN / "words" / "en.toml")
    app = seen(path(BROKEN))
    assert not app.exception
    assert [e.value for e in app.error] == [load("app")["lost.words"]]
    assert load("app")["lost.home"] in names(app)
    assert load("zigzag")["title"] in names(app)  # the sidebar


def test_an_entry_that_a_page_misses_ends_it_with_the_sentence(library):
    """Below its figures: what stands above them stays."""
    file = library / "questions" / "zigzag" / "words" / "en.toml"
    without("why]")(file)
    app = seen(path("zigzag"))
    assert not app.exception
    assert [e.value for e in app.error] == [load("app")["lost.words"]]
    assert app.get("plotly_chart")


def test_a_number_that_a_sentence_makes_up_ends_the_page_with_the_sentence(library):
    file = library / "questions" / "zigzag" / "words" / "en.toml"
    text = file.read_text(encoding="utf-8")
    at = text.index("sentence = ")
    file.write_text(text[:at] + text[at:].replace('"', '"{nobody_knows} ', 1), encoding="utf-8")
    app = seen(path("zigzag"))
    assert not app.exception
    assert [e.value for e in app.error] == [load("app")["lost.words"]]


def test_the_fact_check_goes_on_without_a_question(library, monkeypatch):
    monkeypatch.setattr(rulings, "verdicts", lambda *_: None)
    invalid(library / "questions" / BROKEN / "words" / "en.toml")
    app = seen(FACTS)
    assert not app.exception
    assert not app.error
    assert len(list(rulings.cases())) == sum(len(load(slug)["claims"]) for slug in SLUGS if slug != BROKEN)


def test_a_verdict_without_a_sentence_is_none(library, caplog):
    """The first page and the fact check say that this one failed, and go on."""
    question = find("zigzag")
    assert background.verdicts(question, question.config(), st.empty()) is not None
    without("verdict.main]")(library / "questions" / "zigzag" / "words" / "en.toml")
    for _ in range(2):
        assert background.verdicts(question, question.config(), st.empty()) is None
    assert len([r for r in caplog.records if r.name == reading.__name__]) == 1


@pytest.mark.parametrize("page", [HOME, path("zigzag"), FACTS])
@pytest.mark.parametrize("fault", [invalid, missing, without("home = ")], ids=lambda fault: fault.__name__)
def test_without_the_frames_words_every_page_is_one_sentence(library, fault, page):
    fault(library / "words" / "en" / "app.toml")
    app = seen(page)
    assert not app.exception
    assert [e.value for e in app.error] == [reading.SPEECHLESS]
    assert not app.markdown


def test_without_the_fact_checks_words_it_is_out_of_the_sidebar(library):
    title = load("fact_check")["title"]
    invalid(library / "words" / "en" / "fact_check.toml")
    app = seen(HOME)
    assert not app.exception
    assert not app.error
    assert title not in names(app)
    assert [e.value for e in seen(FACTS).error] == [load("app")["lost.words"]]


ENDS = [
    SystemExit(1),
    KeyboardInterrupt(),
    GeneratorExit(),
    RecursionError(),
    AssertionError("secret"),
    MemoryError(),
]


@pytest.mark.parametrize("error", ENDS, ids=lambda error: type(error).__name__)
def test_whatever_a_run_raises_ends_in_a_sentence(monkeypatch, error):
    def run(config, progress=None):
        raise error

    monkeypatch.setattr(experiment("zigzag"), "run", run)
    app = seen(path("zigzag"), **{"Zigzag.seed": "3"})
    assert not app.exception
    name = "memory" if isinstance(error, MemoryError) else "failed"
    assert [e.value for e in app.error] == [load("app")[f"training.{name}"]]
    assert "Why" in [s.value for s in app.subheader]  # what needs no result stays
    question = find("zigzag")
    assert background.verdicts(question, question.config(seed=3), st.empty()) is None


@pytest.mark.parametrize("end", [StopException(), RerunException(RerunData())], ids=lambda end: type(end).__name__)
def test_what_streamlit_raises_to_end_a_script_passes_through(monkeypatch, end):
    def run(config, progress=None):
        raise end

    question = find("zigzag")
    monkeypatch.setattr(experiment("zigzag"), "run", run)
    with pytest.raises(type(end)):
        background.verdicts(question, question.config(seed=4), st.empty())
    with pytest.raises(type(end)):
        training.answer(load("zigzag"), question, question.config(seed=4))


@pytest.mark.parametrize(
    ("asked", "first"),
    [("zigzagg", "zigzag"), ("Negative-Weights", "negative_weights"), ("symetry", "symmetry"),
     ("negativeweights", "negative_weights"), ("fact-check", "fact_check"),
     ("wp-login.php", None), ("x" * 10_000, None)],
)  # fmt: skip
def test_the_nearest_pages_come_first(asked, first):
    found = lost.nearest(asked, lost.pages())
    assert (found[0].words.slug if found else None) == first
    assert len(found) <= 3


class Watcher(Reader):
    """A reader who also notes notices, links, and the places that wait for a training."""

    def _note(self, element, texts, figures):
        kind = element.WhichOneof("type")
        more = {"alert": "body", "page_link": "label", "html": "body"}
        if kind in more:
            texts.append(getattr(getattr(element, kind), more[kind]))
        super()._note(element, texts, figures)


def test_a_misspelt_address_trains_nothing(server):
    app = load("app")
    with Watcher(server) as reader:
        near, nothing = reader.open("zigzagg").texts, reader.open("wp-login.php").texts
        page = reader.open("zigzag").texts
    assert app["lost.near"] in near
    assert load("zigzag")["question"] in near
    assert app["lost.nothing"] in nothing
    for texts in (near, nothing):
        assert not any(app["training.queued"] in text or "wp-login" in text for text in texts)
        assert not any(text.startswith(app["training.running"][:9]) for text in texts)
        assert load("zigzag")["title"] in texts  # the sidebar
    assert not {app["lost.near"], app["lost.nothing"]} & set(page)


def test_from_a_misspelt_address_to_the_page_that_was_meant(browser, server):
    page = opened(browser, f"{server}/zigzagg?embed=true")
    page.keyboard.press("Escape")  # Streamlit's own notice
    expect(page.get_by_text(load("app")["lost.near"])).to_be_visible()
    page.get_by_test_id("stMain").get_by_role("link", name=load("zigzag")["question"]).click()
    page.wait_for_url("**/zigzag*")
    assert len(verdict(page)) > 20
    page.context.close()


# A server that rests after its first run, as a busy one does while Streamlit has it collect its garbage there.
RESTS = """
import gc, time
collect, rests = gc.collect, [3]
def resting(*which):
    time.sleep(rests.pop() if which == (2,) and rests else 0)
    return collect(*which)
gc.collect = resting
"""


@pytest.fixture
def fixed(monkeypatch, tmp_path):
    """Servers that are started one after the other on one port; Python starts them with what `tmp_path` holds."""
    port = servers.free_port()
    monkeypatch.setattr(servers, "free_port", lambda: port)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    return servers.running_process


def answered(page):
    """Wait until a server has run this page, its earlier runs forgotten, and until all of it is drawn."""
    until(page, lambda: page.ended, "the page did not ask the new server for anything")
    settled(page)


def state(page):
    settled(page)
    return page.evaluate("location.href"), verdict(page), plotted(page)


def moved(page, name, key):
    """Move a slider by one place; what the page then shows."""
    said, address = verdict(page), page.evaluate("location.href")
    page.get_by_role("slider", name=name).focus()
    page.keyboard.press(key)
    page.wait_for_function(CHANGED, arg=said, timeout=SLOW)
    page.wait_for_function("old => location.href != old", arg=address, timeout=SLOW)  # after the run's end
    return state(page)


def test_a_server_that_is_started_again_brings_the_open_page_back(browser, fixed, tmp_path):
    """With its settings and with a pinned run, which is drawn first; and the reader can go on from there."""
    with fixed() as (address, process):
        page = opened(browser, f"{address}/zigzag?Zigzag.offset=1.0")
        page.get_by_role("button", name="Pin this run").click()
        page.wait_for_url("**pin=*")
        before = moved(page, "offset", "ArrowRight")
        os.kill(process, signal.SIGKILL)
    page.ended.clear()
    (tmp_path / "sitecustomize.py").write_text(RESTS)  # between the pinned run and the reader's
    with fixed():
        answered(page)  # before the reader does anything
        assert state(page) == before
        assert numbers(page)["steps"]  # made by the new server
        expect(page.get_by_text("Pinned, thin and grey")).to_be_visible()
        after = moved(page, "offset", "ArrowLeft")
        assert "pin=" in after[0]
        assert "Zigzag.offset=1.0" in after[0]
    page.context.close()
