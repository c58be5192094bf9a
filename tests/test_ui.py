"""The frame, run by Streamlit's own AppTest: controls, links, cache, errors."""

import gc
import re

import pytest
from questions import PAGES, ROOT, STEMS, config_class, edges, module
from streamlit.testing.v1 import AppTest

from lib.config import Config
from lib.ui import sharing
from lib.ui.fingerprint import fingerprint


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
    return next(m.value for m in app.markdown if m.value.startswith("**"))


def test_home_lists_every_question(app):
    app.run()
    assert not app.exception
    assert len(app.title) == 1
    assert len(app.subheader) == len(PAGES)


@pytest.mark.parametrize("page", PAGES, ids=STEMS)
def test_every_page_answers_at_its_default(app, page):
    opened(app, page)
    assert not app.exception
    assert app.title[0].value.endswith("?")
    for chart in app.get("plotly_chart"):
        assert len(chart.proto.alt) > 40
    assert "nan" not in verdict(app)


@pytest.fixture
def few_repeats(stem, monkeypatch):
    """Short trainings and few of them: what is looked at here is that every setting can be said and drawn."""
    short = {"REPEATS": 3, "TUNING": 1, "PANEL_STEPS": 20, "TRIES_STEPS": 40}
    own_in_the_cache = {"_fingerprint": "few repeats"}
    for name, value in (short | own_in_the_cache).items():
        monkeypatch.setattr(module(stem), name, value, raising=False)


@pytest.mark.parametrize("stem", STEMS)
def test_every_offered_value_has_a_page(stem, few_repeats):
    """Every word and both ends of every number can be drawn and said, several at a time."""
    for config in edges(config_class(stem)):
        app = opened(cold(), PAGES[STEMS.index(stem)], **config.query())
        assert not app.exception, config
        assert sharing.command(config) in [code.value for code in app.code]
        assert not app.error, config
        assert not app.warning, config
        assert "nan" not in verdict(app), config


def test_a_link_sets_the_controls_and_the_numbers(app):
    page = PAGES[STEMS.index("negative_weights")]
    opened(app, page, **{"NegativeWeights.start": "lifted", "NegativeWeights.steps": "3"})
    assert verdict(app).startswith("**Not in this run:** after 3 steps")
    assert not app.warning


JUNK = ["x" * 10_000, "<script>alert(1)</script>", "nan", "", "1e999", "../../etc/passwd", "\N{SNOWMAN}\0"]


# All of it on the first page; every other page, whose controls are the same code, gets one kind.
@pytest.mark.parametrize(
    ("stem", "junk"), [*((STEMS[0], j) for j in JUNK), *((s, JUNK[k % 7]) for k, s in enumerate(STEMS) if k)]
)
def test_a_tampered_link_falls_back_with_a_notice(app, stem, junk):
    config = config_class(stem)
    opened(app, PAGES[STEMS.index(stem)], **dict.fromkeys(config().query(), junk))
    assert not app.exception
    assert not app.error
    assert len(app.warning) == 1
    assert "script" not in app.warning[0].value
    said = verdict(app)
    fresh = opened(cold(), PAGES[STEMS.index(stem)])
    assert said == verdict(fresh)


def test_unknown_and_repeated_settings_are_noticed(app):
    page = PAGES[STEMS.index("negative_weights")]
    opened(app, page, **{"NegativeWeights.bogus": "1", "NegativeWeights.lr": ["0.01", "0.1"], "other": "kept"})
    assert not app.exception
    assert "lr" in app.warning[0].value
    assert "bogus" not in app.warning[0].value


def test_new_start_and_same_start(app):
    page = PAGES[STEMS.index("negative_weights")]
    opened(app, page, **{"NegativeWeights.steps": "10"})
    first = app.get("plotly_chart")[0].proto.spec
    app.button(key="same_start").click().run()
    assert re.search(r"all [\d\s\u202f]+ numbers are the same, to the last bit", app.success[0].value)
    assert app.get("plotly_chart")[0].proto.spec == first
    app.button(key="new_start").click().run()
    assert app.get("plotly_chart")[0].proto.spec != first
    assert not app.success


def test_try_this_sets_the_controls(app):
    page = PAGES[STEMS.index("negative_weights")]
    opened(app, page, **{"NegativeWeights.lr": "0.01"})
    app.button(key="try_0").click().run()
    assert verdict(app).startswith("**Not in this run:** after 3 steps")
    assert "learning rate 0.005" in verdict(app)  # every other setting is back at its default


def test_guess_first_hides_the_answer_until_there_is_one(app):
    page = PAGES[STEMS.index("negative_weights")]
    opened(app, page, guess="true")
    assert not app.get("plotly_chart")
    app.button(key="guess_negative_weights_none").click().run()
    assert app.get("plotly_chart")
    assert any(c.value == "Your guess: none." for c in app.caption)


def test_a_failing_training_is_one_sentence(app, monkeypatch):
    def broken(config, progress=None):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(module("negative_weights"), "run", broken)
    page = PAGES[STEMS.index("negative_weights")]
    opened(app, page, **{"NegativeWeights.seed": "77"})
    assert not app.exception
    assert len(app.error) == 1
    assert "secret" not in app.error[0].value
    assert any(s.value == "Why" for s in app.subheader)  # what needs no result stays


def test_what_the_imports_made_is_out_of_the_garbage_collectors_sight(app):
    """Streamlit collects after every run of a script: with torch in its sight that is a quarter second."""
    opened(app, PAGES[STEMS.index("negative_weights")])
    assert gc.get_freeze_count() > 100_000
    assert len(gc.get_objects()) < gc.get_freeze_count()


def test_equal_configs_train_once(app, monkeypatch):
    calls = []
    experiment = module("negative_weights")
    run = experiment.run
    monkeypatch.setattr(
        experiment, "run", lambda config, progress=None: calls.append(config) or run(config, progress)
    )
    page = PAGES[STEMS.index("negative_weights")]
    for _ in range(2):
        opened(cold(), page, **{"NegativeWeights.seed": "5"})
    assert len(calls) == 1


def test_changed_code_is_not_served_from_the_cache(monkeypatch):
    experiment = module("negative_weights")
    before = fingerprint(experiment)
    assert fingerprint(experiment) == before
    monkeypatch.setitem(vars(experiment), "_fingerprint", "other")
    assert fingerprint(experiment) != before


def test_the_lines_that_rerun_a_page_give_its_config():
    experiment = module("negative_weights")
    config = experiment.NegativeWeights(steps=3, start="lifted")
    lines = sharing.python_lines(experiment, config).replace("print(verdicts(run(", "found = (").replace(")))", "))")
    scope: dict[str, object] = {}
    exec(lines, scope)
    assert scope["found"] == config
    assert "--start lifted" in sharing.command(config)
    assert sharing.command(config).startswith("python -m lib.experiments.negative_weights --network mlp")


def test_every_config_can_stand_in_a_link():
    for stem in STEMS:
        cls: type[Config] = config_class(stem)
        for config in cls.grid():
            texts = {key.partition(".")[2]: value for key, value in config.query().items()}
            assert cls.from_strings(texts) == config
