"""What a teacher shows: the lessons' links, and a page on the wall of a lecture room."""

import re
from urllib.parse import parse_qsl

import pytest
from catalogue import PAGES, ROOT, SLUGS, config_class
from reader import SLOW, opened, settled, troubles, verdict
from streamlit.testing.v1 import AppTest

from lib.words import load, teaching

# Heroes with frames, with views of their own that are clicked, painted on or trained again, and without any of it.
HEROES = ("forbidden_sign", "influence", "template", "symmetry", "scale", "zigzag")
LINK = re.compile(r"\]\(/([a-z_]+)(?:\?([^)]*))?\)")


def test_the_document_is_what_the_words_make_of_it():
    """`python -m lib.words.teaching > docs/teaching.md` writes it anew."""
    assert (ROOT / "docs/teaching.md").read_text(encoding="utf-8") == teaching.document()


def test_a_lesson_a_section_and_45_minutes_each():
    plans = load("teaching")["plans"]
    assert [plan["section"] for plan in plans] == [1, 2, 3, 4]
    for plan in plans:
        assert sum(step["minutes"] for step in teaching.steps(plan)) == 45
        assert {load(step["page"])["section"] for step in teaching.steps(plan)} == {plan["section"]}


def test_every_link_of_a_lesson_carries_settings_that_are_offered():
    links = LINK.findall(teaching.document())
    assert len(links) == 20
    for slug, query in links:
        given = dict(parse_qsl(query))
        asked = {name: given.pop(name) for name in ("guess", "present") if name in given}
        assert slug in SLUGS and set(asked.values()) <= {"true"}
        offered = {item.name: [str(value) for value in item.among] for item in config_class(slug).choices()}
        assert all(value in offered[name] for name, value in given.items()), (slug, given)


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if slug in HEROES])
def test_a_presented_page_is_its_question_its_answer_and_its_hero(slug):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    page = f"pages/{PAGES[SLUGS.index(slug)].name}"
    usual = app.switch_page(page).run()
    titles, alts = [s.value for s in usual.subheader], [c.proto.alt for c in usual.get("plotly_chart")]
    answer = [m.value for m in usual.markdown[1:2]]
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    app.query_params["present"] = "true"
    app.switch_page(page).run()
    assert not app.exception
    shown = [s.value for s in app.subheader]
    assert shown == titles[: len(shown)]
    assert len(shown) == 2 if slug == "forbidden_sign" else len(shown) == 1  # there the square that is picked, large
    assert [c.proto.alt for c in app.get("plotly_chart")] == alts[: len(shown)]
    assert [m.value for m in app.markdown[1:2]] == answer
    assert load("app")["page.numbers"] not in [expander.label for expander in app.expander]


def test_a_presented_page_fits_a_projector_and_keeps_its_address(browser, server):
    page = opened(browser, f"{server}/symmetry?Symmetry.jitter=1e-08&present=true")
    page.set_viewport_size({"width": 1280, "height": 720})
    page.wait_for_selector(".js-plotly-plot .plot-container", timeout=SLOW)
    settled(page)
    assert len(verdict(page)) > 20
    for hidden in ("[data-testid=stSidebar]", ".st-key-controls", ".st-key-lead", "[data-testid=stHeader]"):
        assert not page.locator(hidden).is_visible(), hidden
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") <= 760
    assert {"present=true", "Symmetry.jitter=1e-08"} <= set(page.evaluate("location.search").strip("?").split("&"))
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.st-key-verdict p')).fontSize)") >= 24
    assert troubles(page) == []
    page.context.close()
