"""The frame, run by Streamlit's own AppTest: controls, links, cache, errors."""

import gc
import re

import pytest
from catalogue import PAGES, ROOT, SLUGS, config_class, edges, experiment
from printed import faults
from streamlit.testing.v1 import AppTest

from lib.config import Config
from lib.question import find
from lib.ui import share, training
from lib.words import load


@pytest.fixture
def app():
    return cold()


def cold():
    """The app before its first request."""
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)


def opened(app, page, **query):
    """Open a page by its link."""
    for key, value in query.items():
        app.query_params[key] = value
    return app.switch_page(f"pages/{page.name}").run()


def verdict(app):
    """What the panel says: the claim and the line of numbers under it, which stand behind the lead."""
    return "\n\n".join(m.value for m in app.markdown[1:3])


def test_home_lists_every_question(app):
    app.run()
    assert not app.exception
    assert len(app.title) == 1
    listed = [link.proto.page for link in app.main.get("page_link")]
    assert all(f"pages/{page.name}" in " ".join(listed) or page.stem.partition("_")[2] in listed for page in PAGES)


@pytest.mark.parametrize("page", PAGES, ids=SLUGS)
def test_every_page_answers_at_its_default(app, page):
    opened(app, page)
    assert not app.exception
    assert app.title[0].value.endswith("?")
    for chart in app.get("plotly_chart"):
        assert len(chart.proto.alt) > 40
    assert "nan" not in verdict(app)


@pytest.fixture
def few_repeats(slug, monkeypatch):
    """Short trainings and few of them: what is looked at here is that every setting can be said and drawn."""
    short = {"REPEATS": 3, "TUNING": 1, "PANEL_STEPS": 20, "TRIES_STEPS": 40}
    for name, value in short.items():
        monkeypatch.setattr(experiment(slug), name, value, raising=False)
    monkeypatch.setattr(training, "fingerprint", lambda question: "few repeats")  # apart in the cache


@pytest.mark.parametrize("slug", SLUGS)
def test_every_offered_value_has_a_page(slug, few_repeats):
    """Every word and both ends of every number can be drawn and said, several at a time."""
    for config in edges(config_class(slug)):
        app = cold()
        app.session_state[f"deeper_{slug}"] = True
        opened(app, PAGES[SLUGS.index(slug)], **config.query())
        assert not app.exception, config
        assert share.command(config) in [code.value for code in app.code]
        assert not app.error, config
        assert not app.warning, config
        assert "nan" not in verdict(app), config
        assert [fault for text in app.markdown for fault in faults(text.value, config)] == [], config


def test_a_link_sets_the_controls_and_the_numbers(app):
    page = PAGES[SLUGS.index("negative_weights")]
    opened(app, page, **{"NegativeWeights.start": "abs_he", "NegativeWeights.steps": "3"})
    assert app.segmented_control(key="NegativeWeights.start").value == "abs_he"
    assert app.select_slider(key="NegativeWeights.steps").value == "3"
    fresh = opened(cold(), page, start="abs_he", steps="3")  # typed by hand, without the prefix
    assert verdict(fresh) == verdict(app) != verdict(opened(cold(), page))
    assert not app.warning
    assert not fresh.warning


JUNK = ["x" * 10_000, "<script>alert(1)</script>", "nan", "", "1e999", "../../etc/passwd", "\N{SNOWMAN}\0"]


# All of it on the first page; every other page, whose controls are the same code, gets one kind.
@pytest.mark.parametrize(
    ("slug", "junk"), [*((SLUGS[0], j) for j in JUNK), *((s, JUNK[k % 7]) for k, s in enumerate(SLUGS) if k)]
)
def test_a_tampered_link_falls_back_with_a_notice(app, slug, junk):
    config = config_class(slug)
    opened(app, PAGES[SLUGS.index(slug)], **dict.fromkeys(config().query(), junk))
    assert not app.exception
    assert not app.error
    assert len(app.warning) == 1
    assert "script" not in app.warning[0].value
    said = verdict(app)
    fresh = opened(cold(), PAGES[SLUGS.index(slug)])
    assert said == verdict(fresh)


def test_unknown_and_repeated_settings_are_noticed(app):
    page = PAGES[SLUGS.index("negative_weights")]
    opened(app, page, **{"NegativeWeights.bogus": "1", "NegativeWeights.lr": ["0.01", "0.1"], "other": "kept"})
    assert not app.exception
    assert "lr" in app.warning[0].value
    assert "bogus" not in app.warning[0].value


def test_new_start_and_same_start(app):
    page = PAGES[SLUGS.index("negative_weights")]
    opened(app, page, **{"NegativeWeights.steps": "30"})
    first = app.get("plotly_chart")[0].proto.spec
    app.button(key="same_start").click().run()
    assert re.search(r"all [\d\s\u202f]+ numbers are the same, to the last bit", app.success[0].value)
    assert app.get("plotly_chart")[0].proto.spec == first
    app.button(key="new_start").click().run()
    assert app.get("plotly_chart")[0].proto.spec != first
    assert not app.success


def test_try_this_sets_the_controls(app):
    page = PAGES[SLUGS.index("negative_weights")]
    opened(app, page, **{"NegativeWeights.lr": "0.01"})
    before, chip = verdict(app), load("negative_weights")["try_this"][0]
    app.button(key="try_0").click().run()
    config = find("negative_weights").config(**chip["settings"])  # every other setting is back at its default
    assert {key: app.session_state[key] for key in config.query()} == config.query()
    assert verdict(app) != before


def test_guess_first_hides_the_answer_until_there_is_one(app):
    page = PAGES[SLUGS.index("negative_weights")]
    opened(app, page, guess="true")
    assert not app.get("plotly_chart")
    app.button(key="guess_negative_weights_none").click().run()
    assert app.get("plotly_chart")
    assert any(c.value == "Your guess: none." for c in app.caption)


def test_a_failing_training_is_one_sentence(app, monkeypatch):
    def broken(config, progress=None):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(experiment("negative_weights"), "run", broken)
    page = PAGES[SLUGS.index("negative_weights")]
    opened(app, page, **{"NegativeWeights.seed": "77"})
    assert not app.exception
    assert len(app.error) == 1
    assert "secret" not in app.error[0].value
    assert any(s.value == "Why" for s in app.subheader)  # what needs no result stays


def test_what_the_imports_made_is_out_of_the_garbage_collectors_sight(app):
    """Streamlit collects after every run of a script: with torch in its sight that is a quarter second."""
    opened(app, PAGES[SLUGS.index("negative_weights")])
    assert gc.get_freeze_count() > 100_000
    assert len(gc.get_objects()) < gc.get_freeze_count()


def test_equal_configs_train_once(app, monkeypatch):
    calls = []
    module = experiment("negative_weights")
    run = module.run
    monkeypatch.setattr(module, "run", lambda config, progress=None: calls.append(config) or run(config, progress))
    page = PAGES[SLUGS.index("negative_weights")]
    for _ in range(2):
        opened(cold(), page, **{"NegativeWeights.seed": "5"})
    assert len(calls) == 1


def test_verdicts_are_made_once_with_the_result():
    """Not again by each part of the page that speaks of one, nor when the page is drawn again from the cache."""
    question, made = find("negative_weights"), []
    choose = question.verdicts
    object.__setattr__(question, "verdicts", lambda result: made.append(result) or choose(result))
    try:
        for _ in range(2):
            opened(cold(), PAGES[SLUGS.index("negative_weights")], **{"NegativeWeights.seed": "6"})
    finally:
        object.__setattr__(question, "verdicts", choose)
    assert len(made) == 1


def test_the_lines_that_rerun_a_page_give_its_config():
    config = config_class("negative_weights")(steps=3, start="lifted")
    scope: dict[str, object] = {}
    asked = share.python_lines(config).replace("print(question.answer(", "found = (")
    exec(asked.replace(").verdicts)", ")"), scope)
    assert scope["found"] == config
    assert "--start lifted" in share.command(config)
    assert share.command(config).startswith("python -m lib negative_weights --network mlp")


def test_every_config_can_stand_in_a_link():
    for slug in SLUGS:
        cls: type[Config] = config_class(slug)
        for config in cls.grid():
            texts = {key.partition(".")[2]: value for key, value in config.query().items()}
            assert cls.from_strings(texts) == config


def state(app, config_class):
    return {key: app.session_state[key] for key in config_class().query()}


def test_settings_survive_a_visit_to_another_page_and_a_link_is_not_lost(app):
    mine, other = (PAGES[SLUGS.index(s)] for s in ("negative_weights", "zigzag"))
    chosen = config_class("negative_weights")(steps=30, start="he")
    opened(app, mine, **{"NegativeWeights.steps": "30", "NegativeWeights.start": "abs_he"})
    app.segmented_control(key="NegativeWeights.start").set_value("he").run()
    said = verdict(app)
    for key in list(app.query_params):
        del app.query_params[key]
    opened(app, other)
    opened(app, mine)
    assert state(app, config_class("negative_weights")) == chosen.query()
    assert verdict(app) == said
    opened(app, other)
    opened(app, mine, **{"NegativeWeights.steps": "3"})  # a link: what it does not name is at its default
    assert state(app, config_class("negative_weights")) == config_class("negative_weights")(steps=3).query()


def test_a_new_address_on_the_same_page_sets_the_controls_once(app):
    page = PAGES[SLUGS.index("negative_weights")]
    opened(app, page, **{"NegativeWeights.steps": "30"})
    app.query_params["NegativeWeights.steps"] = "10"
    app.run()
    assert app.select_slider(key="NegativeWeights.steps").value == "10"
    app.select_slider(key="NegativeWeights.steps").set_value("3").run()  # the address is still the same
    assert app.select_slider(key="NegativeWeights.steps").value == "3"


def test_a_move_is_not_undone_by_the_address_that_the_one_before_it_wrote(app):
    """The browser replaces the address after each run, and the next run comes with it."""
    page, key = PAGES[SLUGS.index("negative_weights")], "NegativeWeights.steps"
    opened(app, page, **{key: "30", "embed": "true"})
    for steps in ("10", "3", "30", "1"):
        app.select_slider(key=key).set_value(steps).run()
        assert app.select_slider(key=key).value == steps
        app.query_params[key] = steps  # what a browser would do now


def test_the_notice_about_a_link_ends_with_the_first_move(app):
    opened(app, PAGES[SLUGS.index("negative_weights")], **{"NegativeWeights.steps": "31"})
    assert len(app.warning) == 1
    app.run()
    assert len(app.warning) == 1
    app.select_slider(key="NegativeWeights.steps").set_value("3").run()
    assert len(app.warning) == 0


@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_under_go_deeper_is_built_while_it_is_closed(slug):
    closed = opened(cold(), PAGES[SLUGS.index(slug)])
    opened_too = cold()
    opened_too.session_state[f"deeper_{slug}"] = True
    opened(opened_too, PAGES[SLUGS.index(slug)])
    few, all_of_them = (len(app.get("plotly_chart")) for app in (closed, opened_too))
    assert 1 <= few <= 4  # the hero, at most two beside it, and a view of one of them
    assert all_of_them >= few
