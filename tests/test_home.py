"""The home page and the fact check: cards and claims, filled by runs."""

import base64
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from catalogue import PAGES, ROOT, SLUGS, config_class, default_result, default_verdicts, experiment, own_test
from streamlit.testing.v1 import AppTest

from lib import figures
from lib.question import find
from lib.ui import background, cards, rulings
from lib.words import load

FACTS = "pages/fact_check.py"


@pytest.fixture
def summaries(monkeypatch):
    """Runs that the session has in hand stand for all; every other one has failed."""
    asked = []

    def summary(question, config, slot):
        asked.append(config)
        if config.slug() != "zigzag":
            return None
        picture = figures.thumbnail(*default_result("zigzag").thumbnail())
        return background.Summary(default_verdicts("zigzag"), picture)

    for place in (cards, rulings):
        monkeypatch.setattr(place, "summary", summary)
    return asked


def image(text):
    """The elements of a picture's SVG."""
    assert text.startswith("data:image/svg+xml;base64,")
    return list(ET.fromstring(base64.b64decode(text.partition(",")[2])))


@pytest.mark.parametrize("slug", SLUGS)
def test_every_question_has_a_small_picture_of_its_run(slug):
    parts = image(figures.thumbnail(*default_result(slug).thumbnail()))
    assert 1 <= len(parts) <= 300
    assert all("nan" not in value for part in parts for value in part.attrib.values())


def test_a_small_picture_shows_the_numbers_it_is_given():
    first, second = image(figures.thumbnail("lines", np.array([[0.0, 1.0], [1.0, 0.0]])))
    assert first.get("points") == "4.0,68.0 236.0,4.0"
    assert second.get("points") == "4.0,4.0 236.0,68.0"
    low, high = image(figures.thumbnail("bars", np.array([1.0, 2.0])))
    assert float(high.get("height")) == 2 * float(low.get("height"))
    assert len(image(figures.thumbnail("signs", np.array([[[1.0, -1.0]], [[0.0, 0.0]]])))) == 2
    assert len(image(figures.thumbnail("dots", np.array([[0.0, 0.0], [1.0, np.nan]])))) == 2
    with pytest.raises(KeyError):
        figures.thumbnail("cake", np.zeros(2))


def test_home_has_a_card_per_question_and_fills_it_from_its_run(summaries):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not app.exception
    assert len(app.subheader) == len(PAGES)
    assert [type(config) for config in summaries] == [config_class(slug) for slug in SLUGS]
    found = default_verdicts("zigzag")["main"]
    claim = load("zigzag").parts("main", *found).claim.replace("**", "")
    assert f"**{claim}**" in [m.value for m in app.markdown]
    assert sum("failed" in c.value for c in app.caption) == len(SLUGS) - 1  # the others' trainings


def test_the_way_in_names_questions_that_exist():
    path = [step["slug"] for step in load("app")["learn.path"]]
    assert set(path) <= set(SLUGS)
    assert len(path) >= 5


def test_the_way_in_asks_for_a_guess_first(summaries):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    steps = load("app")["learn.path"]
    links = [link.proto for link in app.get("page_link") if link.proto.query_string]
    assert [link.query_string for link in links] == ["guess=true"] * len(steps)


def ruled(slug):
    """The ruling of every claim of a question, from runs at the settings of its link."""
    listed = [case for case in rulings.cases() if case.entry.words.slug == slug]
    for case in listed:
        plain = case.config == config_class(slug)()
        result = default_result(slug) if plain else experiment(slug).run(case.config)
        yield case.claim["id"], rulings.judged(case, find(slug).verdicts(result))


@pytest.mark.parametrize("slug", SLUGS)
def test_every_claim_is_ruled_as_the_science_found(slug):
    found = dict(ruled(slug))
    assert {name: judgement.ruling for name, judgement in found.items()} == own_test(slug).RULINGS
    assert all(("right only if" in j.said) == (j.ruling == "depends") for j in found.values())
    assert all(any(c.isdigit() for c in j.sentence) for j in found.values())  # the number that settles it


def test_claims_of_the_threads_come_before_those_from_elsewhere():
    elsewhere = [case.elsewhere for case in rulings.cases()]
    assert elsewhere == sorted(elsewhere)
    assert len(elsewhere) == sum(len(load(slug)["claims"]) for slug in SLUGS)


def test_the_fact_check_lists_every_claim_with_a_link_to_its_run(summaries):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page(FACTS).run()
    assert not app.exception
    text = [m.value for m in app.markdown]
    for slug in SLUGS:
        for claim in load(slug)["claims"]:
            assert any(t.startswith(f"“{claim['claim']}”") for t in text), claim["id"]
    right = sum(ruling == "right" for ruling in own_test("zigzag").RULINGS.values())
    assert any(f"**{right} are right**" in t for t in text)
    some = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    some.query_params["ruling"] = "wrong"
    some.switch_page(FACTS).run()
    shown = [m.value for m in some.markdown if m.value.startswith("“")]
    wrong = [name for name, ruling in own_test("zigzag").RULINGS.items() if ruling == "wrong"]
    assert len(shown) == len(wrong)
