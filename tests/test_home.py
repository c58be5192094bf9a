"""The home page and the fact check: a picture, a search, answers and claims, filled by runs."""

import re
from html import unescape

import pytest
from catalogue import ROOT, SLUGS, config_class, default_result, default_verdicts, experiment, own_test
from streamlit.testing.v1 import AppTest

from lib.question import Answer, find
from lib.ui import home, live, rulings
from lib.ui.claims_table import Line, table
from lib.ui.frame import questions
from lib.ui.search import found
from lib.words import load, plain

FACTS = "pages/fact_check.py"
# What people ask, whether the pages' own lists have it or not.
ASKED = (
    "initialisation", "Xavier", "Glorot", "He", "Kaiming", "dying ReLU", "dead ReLU", "permutation", "seed",
    "reproducible", "pruning", "importance", "interpret", "vanish", "explode", "monotonic", "dropout",
    "regularisation", "orthogonal", "minima", "zero-initialised layer", "LoRA", "symmetry breaking", "normalise",
    "standardise", "batch norm", "bias", "sparse", "excitatory", "template", "Gabor", "logit", "calibration",
    "lottery", "over-parameterised", "kernel",
)  # fmt: skip


@pytest.fixture
def asked(monkeypatch):
    """Which runs were asked for, and in which order; zigzag's is there, every other one has failed."""
    asked = []

    def verdicts(question, config, slot):
        asked.append(config)
        return default_verdicts("zigzag") if config.slug() == "zigzag" else None

    for place in (home, rulings):
        monkeypatch.setattr(place, "verdicts", verdicts)
    return asked


def opened():
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()


def bodies(app):
    return [unescape(item.proto.body) for item in app.get("html")]


def test_home_answers_every_question_in_a_whole_sentence(asked):
    app = opened()
    assert not app.exception
    assert [type(config) for config in asked] == [config_class(slug) for slug in SLUGS]
    claim = plain(load("zigzag").parts("main", *default_verdicts("zigzag")["main"]).claim)
    answers = [body for body in bodies(app) if 'class="answer"' in body]
    assert len(answers) == len(SLUGS)
    assert [SLUGS[k] for k, body in enumerate(answers) if claim in body] == ["zigzag"]
    assert sum("failed" in body for body in answers) == len(SLUGS) - 1  # the others' trainings


def test_nothing_is_trained_before_the_picture_and_one_question_at_a_time_after_it(asked, monkeypatch):
    """All links and the search stand there before anything is trained."""
    monkeypatch.setattr(home, "live", lambda app, slot: asked.append("picture"))
    monkeypatch.setattr(home, "teach", lambda app: asked.append("all but what is trained is drawn"))
    opened()
    assert asked[:2] == ["all but what is trained is drawn", "picture"]
    assert len(asked) == 2 + len(SLUGS)


def test_the_picture_shows_the_runs_own_weights(monkeypatch):
    result = default_result("negative_weights")
    answer = Answer(result, default_verdicts("negative_weights"))
    monkeypatch.setattr(live, "answer", lambda *_: answer)
    monkeypatch.setattr(home, "live", live.live)
    app = opened()
    alt = app.get("plotly_chart")[0].proto.alt
    share = result.moments()[:, live.LAYER]
    say = load("app").say
    assert say("live.below", share=share[-1]) in alt
    assert say("live.below", share=share[0]) in alt
    assert share[-1] > share[0] + 0.1  # there is something to watch


@pytest.mark.parametrize("term", ASKED)
def test_the_search_knows_what_people_ask(term):
    own = {entry.words.slug: entry.words["also_asked"] for entry in questions()}
    fits = found(term, list(questions()))
    said = [" ".join([entry.words["question"], *own[entry.words.slug]]).lower() for entry in fits]
    assert re.search(rf"\b{term.lower()}", said[0]), (term, said[:1])


@pytest.mark.parametrize("slug", SLUGS)
def test_each_term_that_a_page_lists_finds_it(slug):
    terms = load(slug)["also_asked"]
    assert 3 <= len(terms) == len(set(terms))
    everything = list(questions())
    for asked_for in (load(slug)["question"], *terms):
        assert slug in [entry.words.slug for entry in found(asked_for, everything)], asked_for


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("random why", "symmetry"), ("RELU negative", "negative_weights"), ("zigzag", "zigzag"),
        ("  Initialization??", "scale"), ("weight decai", "weight_decay"),
    ],
)  # fmt: skip
def test_a_search_takes_words_in_any_order_and_nearly_as_they_are_spelt(typed, slug):
    assert slug in [entry.words.slug for entry in found(typed, list(questions()))]


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("why do the weights vanish", "scale"), ("what do the weights of a dead relu do", "negative_weights"),
        ("does a network need dropout", "other_noise"), ("do i need to normalise the inputs", "conditioning"),
    ],
)  # fmt: skip
def test_in_a_whole_sentence_the_rare_words_count(typed, slug):
    assert found(typed, list(questions()))[0].words.slug == slug


@pytest.mark.parametrize("typed", ["", "   ", "qqqq", "\x00", "%{}"])
def test_a_search_for_nothing_finds_nothing(typed):
    assert found(typed, list(questions())) == []


def test_what_is_typed_is_answered_beside_the_field_and_nothing_is_lost(asked):
    app = opened()
    before = len(asked)
    app.text_input(key="search").set_value("zigzag").run()
    assert not app.exception
    links = [link.proto.label for link in app.main.get("page_link")]
    assert load("zigzag")["question"] in links  # in the map it stands in bold
    assert "zigzag" not in [config.slug() for config in asked[before:]]  # answered already
    app.text_input(key="search").set_value("qqqq").run()
    assert load("app")["search.nothing"] in [m.value for m in app.markdown]


def test_the_way_in_names_questions_that_exist_and_asks_for_a_guess_first(asked):
    path = load("app")["learn.path"]
    assert set(path) <= set(SLUGS)
    assert len(path) >= 5
    links = [link.proto for link in opened().get("page_link") if link.proto.query_string]
    assert [link.query_string for link in links] == ["guess=true"] * len(path)
    assert [link.label for link in links] == [load(slug)["question"] for slug in path]


def ruled(slug):
    """The ruling of every claim of a question, from runs at the settings of its link."""
    listed = [case for case in rulings.cases() if case.entry.words.slug == slug]
    for case in listed:
        plain = case.config == config_class(slug)()
        result = default_result(slug) if plain else experiment(slug).run(case.config)
        yield case.claim["id"], rulings.judged(case, find(slug).verdicts(result))


@pytest.mark.parametrize("slug", SLUGS)
def test_every_claim_is_ruled_as_the_science_found(slug):
    judged = dict(ruled(slug))
    assert {name: judgement.ruling for name, judgement in judged.items()} == own_test(slug).RULINGS
    assert all(bool(j.condition) == (j.ruling == "depends") for j in judged.values())
    said = [f"{j.claim} {j.numbers}" for j in judged.values()]
    assert all(any(c.isdigit() for c in sentence) for sentence in said)  # the number that settles it
    assert not [sentence for sentence in said if set(sentence) & set("*$\\")]  # plain text


def test_claims_of_the_threads_come_before_those_from_elsewhere():
    elsewhere = [case.elsewhere for case in rulings.cases()]
    assert elsewhere == sorted(elsewhere)
    assert len(elsewhere) == sum(len(load(slug)["claims"]) for slug in SLUGS)


def checked(**filters):
    app = opened()
    for key, value in filters.items():
        app.query_params[key] = value
    app.switch_page(FACTS).run()
    assert not app.exception
    return app


def test_the_fact_check_is_a_line_a_claim_with_a_link_to_its_run(asked):
    app = checked()
    text = " ".join(bodies(app))
    for slug in SLUGS:
        for claim in load(slug)["claims"]:
            assert claim["claim"] in text, claim["id"]
            assert f"<br>Origin: {claim['whose']}.</details>" in text, claim["id"]  # a finger has no tooltip
        assert f'href="./{slug}?{config_class(slug).__name__}.' in text
    right = sum(ruling == "right" for ruling in own_test("zigzag").RULINGS.values())
    assert any(f"**{right} are right**" in m.value for m in app.markdown)
    assert text.count("<tr class=") == len(list(rulings.cases()))


def test_the_fact_check_shows_what_is_asked_for(asked):
    wrong = [name for name, ruling in own_test("zigzag").RULINGS.items() if ruling == "wrong"]
    assert " ".join(bodies(checked(ruling="wrong"))).count("<tr class=") == len(wrong)
    asked.clear()
    text = " ".join(bodies(checked(thread="4")))
    listed = [case for case in rulings.cases() if case.thread == "4"]
    assert text.count("<tr class=") == len(listed) > 5
    assert {config.slug() for config in asked} >= {case.entry.words.slug for case in listed}


def test_a_claims_text_is_no_markup():
    line = Line("<b>1 < 2</b>", '"', "right", "yes", "a & b", "", "./x?a=1&b=2", "X")
    made = table([line], "<i>", {"claim": "C", "ruling": "R", "said": "S", "open": "O"}, first=True)
    assert "&lt;b&gt;1 &lt; 2&lt;/b&gt;" in made and "<b>" not in made and "<i>" not in made
    assert 'title="&quot;"' in made and "a &amp; b" in made and 'href="./x?a=1&amp;b=2"' in made
