"""The best input of one norm is the weights; templates start as mean images; ReLU networks have coefficients."""

from dataclasses import replace

import numpy as np
import pytest
from catalogue import ROOT
from drawn import drawn
from endings import unchosen
from streamlit.testing.v1 import AppTest

from lib.engine import data
from lib.engine.rewriting import effective
from lib.figures.style import RING
from lib.questions.template.config import Template
from lib.questions.template.experiment import RATE, _bootstrap, run
from lib.questions.template.result import LEVELS, cosines, forward
from lib.questions.template.verdict import verdicts
from lib.ui.painting import bounded, decode, encode
from lib.words import load

DEFAULTS = "network=softmax images=jittered bound=sphere steps=100 decay=0.0 unit=3 seed=0"
RULINGS = {
    "resembles": "right",
    "relative": "right",
    "feature": "right",
    "viewing": "depends",  # judged on hidden units: the answer is not about softmax regression
    "coefficients": "right",
    "not_interpretable": "depends",
}

DEFAULT = Template()


@pytest.fixture(scope="session")
def hidden():
    return run(Template(network="hidden", steps=10))


def test_the_first_step_is_the_class_means_exactly():
    result = run(Template(steps=1))
    x, y = (t.numpy() for t in _bootstrap(data.digits(), 0))
    for r in range(len(x)):
        share = np.eye(10)[y[r]]  # (N, 10)
        expected = RATE * (share - 0.1).T @ x[r].astype(float) / len(y[r])
        np.testing.assert_allclose(result.params[0][r], expected, atol=1e-6)
    assert result.kin[-1].min() > 0.96
    assert verdicts(result)["main"].key == "template_mean"


def test_a_better_classifier_looks_less_like_a_picture(default):
    assert verdicts(default)["main"].key == "template_mean"
    assert verdicts(default)["trade"].key == "trade_paid"
    assert (default.kin[-1] < default.kin.max(0)).all()
    assert (default.accuracy[-1] > 0.9).all()
    assert verdicts(default)["coefficients"].key == "coefficients_one"


def test_the_maximiser_on_the_sphere_is_the_weights_for_every_unit(default, hidden):
    for result in (default, hidden):
        cos = np.diagonal(cosines(result.params[0], result.found), axis1=1, axis2=2)
        np.testing.assert_allclose(cos, 1, atol=1e-9)
        assert verdicts(result)["maximiser"].key == "maximiser_is_w"


def test_the_maximiser_in_the_box_is_a_step(default):
    result = run(replace(DEFAULT, bound="box", steps=10))
    w, x = result.params[0], result.found
    assert x.min() >= 0
    assert x.max() <= 1
    assert (x == (w > 0))[np.abs(w) > 1e-3 * np.linalg.norm(w, axis=2, keepdims=True)].all()
    assert verdicts(result)["maximiser"].key == "maximiser_box"
    assert verdicts(replace(default, found=np.ones_like(default.found)))["maximiser"].key == "maximiser_other"


def test_at_one_norm_dot_product_and_cosine_never_disagree(default, hidden):
    for result in (default, hidden):
        assert result.reversed[:, 2].max() == 0
        assert result.same_best[:, 2].min() == 1
        assert (result.reversed[:, 1] > result.reversed[:, 0]).all()
        assert (result.reversed[:, 0] > 0).all()
    assert verdicts(default)["ranking"].key == verdicts(hidden)["ranking"].key == "ranking_differs"
    same = replace(default, config=replace(DEFAULT, images="normalised"))
    assert verdicts(same)["ranking"].key == "ranking_same"


def test_how_inputs_are_searched_changes_no_order_of_images(default):
    other = run(replace(DEFAULT, bound="box"))
    np.testing.assert_array_equal(other.reversed, default.reversed)
    np.testing.assert_array_equal(other.same_best, default.same_best)


def test_the_share_of_units_that_keep_their_best_is_of_all_networks_units(default):
    """A median of ten shares of ten units says 0 % where some units do."""
    best = np.zeros((10, 3))
    best[:4] = 0.5
    assert verdicts(replace(default, same_best=best))["ranking"].numbers["best"] == pytest.approx(0.2)


def test_the_coefficients_give_the_networks_output(hidden):
    """w_eff x + b_eff equals the ReLU network's logit, and w_eff is its gradient on the input."""
    test = data.digits().test_x[:50].numpy().astype(float)
    labels = np.arange(50) % 10
    own = [p[0] for p in hidden.params]
    w, b, _ = effective(own, test, labels)
    logits = forward(hidden.params, test)[0]
    np.testing.assert_allclose((w * test).sum(1) + b, logits[np.arange(50), labels], atol=1e-12)
    assert hidden.error.max() < 1e-5
    nudged = forward(hidden.params, test + 1e-7 * w)[0][np.arange(50), labels]
    np.testing.assert_allclose((nudged - logits[np.arange(50), labels]) / 1e-7, (w**2).sum(1), rtol=1e-4)
    assert verdicts(hidden)["coefficients"].key == "coefficients_many"
    assert hidden.regions.min() > 50


def test_the_effect_vanishes_without_training():
    result = run(Template(network="hidden", steps=1))
    assert verdicts(result)["main"].key == "template_nothing"
    assert verdicts(result)["trade"].key == "trade_none"


def test_likeness_and_price_are_told_by_the_pairs(default, hidden):
    spread = np.linspace(-0.2, 0.2, len(hidden.kin_random))
    for change, key in ((spread, "unclear"), (spread / 10, "nothing"), (abs(spread) + 0.06, "kin")):
        made = replace(hidden, kin=hidden.kin_random + change[None] * np.ones_like(hidden.kin))
        assert verdicts(made)["main"].key == f"template_{key}"
    worse = default.accuracy.copy()
    worse[-1] = 0.1
    assert verdicts(replace(default, accuracy=worse))["trade"].key == "trade_less"
    little = np.repeat(default.kin[:1] * 0 + 0.5, len(default.kin), 0)
    little[2] += 0.005  # the highest of many steps, and in every network: less than counts
    assert verdicts(replace(default, kin=little))["trade"].key == "trade_none"
    flat = np.repeat(default.kin[:1], len(default.kin), 0)
    flat[0] += 0.001
    noisy = flat.copy()
    noisy[-1] += spread - 0.01
    assert verdicts(replace(default, kin=noisy))["trade"].key == "trade_unclear"


def test_other_sentences(default, hidden):
    trained = replace(hidden, kin=hidden.kin + 0.2)
    assert verdicts(trained)["main"].key == "template_kin"
    assert verdicts(replace(default, diverged=np.array([3] * 10)))["main"].key == "main_diverged"


def test_a_picture_goes_into_the_address_and_back():
    levels = tuple(k % 17 for k in range(64))
    assert decode(encode(levels)) == levels
    for junk in ("", "0" * 63, "0" * 65, "h" * 64, "G" * 64, "²" * 64, "<script>"):
        assert decode(junk) is None
    assert [bounded(v) for v in (None, -3, 5, 5.0, 99)] == [0, 0, 5, 5, 16]


@pytest.mark.parametrize(("picture", "warned"), [("0" * 64, False), ("<script>alert(1)</script>", True)])
def test_a_link_shows_its_picture_and_a_tampered_one_says_so(picture, warned):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.query_params["picture"] = picture
    app.switch_page("pages/22_template.py").run()
    assert not app.exception
    assert len(app.warning) == warned


def tiles(trace):
    """The pictures (M, 64) of a row; a gap of one cell between two."""
    sheet = np.asarray(trace.z, float)
    return np.array([sheet[:, at : at + 8].ravel() for at in range(0, sheet.shape[1], 9)])


def test_every_chart_shows_the_runs_numbers(default):
    words = load("template")
    with drawn("template") as page:
        assert_the_templates_are(page, default, words)
        np.testing.assert_array_equal(page.tables["templates"].likeness, default.kin[-1])
        np.testing.assert_array_equal(page.tables["templates"].test_accuracy, default.accuracy[-1])
        medians = {"likeness": 100 * np.median(default.kin, 1), "accuracy": 100 * np.median(default.accuracy, 1)}
        page.holds("curves", {words[f"figures.curves.{name}"]: values for name, values in medians.items()})
        for name, line in medians.items():
            np.testing.assert_allclose(page.tables["curves"][name], line)
            at = page.named("curves")[words[f"figures.curves.{name}"]].customdata[:, 0]
            np.testing.assert_array_equal(at, default.steps)


def assert_the_templates_are(page, result, words):
    """What sets each class apart in the first sample, the weights, and a digit times these: votes."""
    assert page.hero == "templates"
    chart, digits = page.charts["templates"], data.digits()
    drawn_rows = np.random.default_rng(0).integers(len(digits.x), size=(10, len(digits.x)))[0]
    x, y = digits.x[drawn_rows].numpy(), digits.y[drawn_rows].numpy()
    apart = np.array([x[y == k].mean(0) - x.mean(0) for k in range(10)])
    w, live, three = result.params[0][0] - result.params[0][0].mean(0), x.std(0) > 0, result.examples[3]
    maps = [t for t in chart.data if t.type == "heatmap"]
    shown = (np.where(live, apart, np.nan), np.where(live, w, np.nan), three[None], np.where(live, w * three, np.nan))
    for trace, values in zip(maps, shown, strict=True):
        np.testing.assert_allclose(tiles(trace), values, rtol=1e-4, atol=1e-6)
    votes, texts = (w * three)[:, live].sum(1), [note.text for note in chart.layout.annotations]
    cos = [
        a[live] @ b[live] / np.linalg.norm(a[live]) / np.linalg.norm(b[live]) for a, b in zip(apart, w, strict=True)
    ]
    assert [words.say("figures.templates.cosine", cosine=c) for c in cos] == texts[12:22]
    said = [words.say("figures.templates.vote", vote=vote) for vote in votes]
    assert [text.strip("</b>") for text in texts[-10:]] == said
    assert texts[-10:][votes.argmax()].startswith("<b>")
    bars = [s for s in chart.layout.shapes if s.type == "rect" and s.fillcolor]
    heights = np.array([bar.y0 - bar.y1 for bar in bars])  # downwards
    np.testing.assert_allclose(heights / heights[3], votes / votes[3], rtol=1e-5)
    rings = [s for s in chart.layout.shapes if s.line.color == RING]
    column = next(note.x for note in chart.layout.annotations if note.text == "3")
    assert [(ring.x0 + ring.x1) / 2 for ring in rings] == pytest.approx([column] * 3)
    assert page.numbers["templates"]["ringed"] == words.say("figures.templates.ringed", digit=3)
    clicks = next(t for t in chart.data if t.customdata is not None)
    assert [cell // 64 for cell, _ in clicks.customdata] == np.repeat(range(10), 64).tolist()
    assert page.numbers["templates"]["largest"] == votes.argmax()
    page.held.add("templates")


def test_a_picture_is_called_by_its_digit_only_while_it_is_the_examples(default):
    assert [default.shown(levels) for levels in default.levels().values()] == list(range(10))
    blank, six = (0,) * 64, default.levels()["6"]
    assert default.shown(blank) is default.shown((*six[:-1], 16 - six[-1])) is None
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    for picture, ringed in ((six, True), (blank, False)):
        app.query_params["picture"] = encode(picture)
        app.session_state["paint_linked"] = True, picture
        app.switch_page("pages/22_template.py").run()
        assert not app.exception
        assert (
            load("template").say("figures.templates.ringed", digit=6) in app.get("plotly_chart")[0].proto.alt
        ) == ringed


@pytest.mark.parametrize("network", ["default", "hidden"])
def test_votes_are_what_the_picture_adds_to_each_units_answer(network, request):
    """With one layer up to a number that all share; the hidden units drawn are those most like each class."""
    result = request.getfixturevalue(network)
    units, cos = result.closest()
    for x, levels in zip(result.examples, result.levels().values(), strict=True):
        np.testing.assert_array_equal(x, np.array(levels) / LEVELS)
        answers = (result.params[0][0] @ x)[units]
        shared = (answers - result.votes(levels))[0] if network == "default" else 0
        np.testing.assert_allclose(result.votes(levels) + shared, answers, atol=1e-5)
    assert result.votes((0,) * 64).tolist() == [0] * 10
    live, w = result.live[0], result.templates()
    every = cosines(w * live, result.means * live)
    np.testing.assert_array_equal(cos, every[units, range(10)])
    if network == "hidden":
        assert (np.abs(cos) == np.abs(every).max(0)).all()
    else:
        assert units.tolist() == list(range(10))


@pytest.mark.parametrize("network", ["default", "hidden"])
def test_the_verdicts_say_the_tables_numbers(network, request):
    result = request.getfixturevalue(network)
    table, found = result.table(), {name: verdict.numbers for name, verdict in verdicts(result).items()}
    medians = table.median()
    assert found["main"]["kin"] == medians.likeness
    assert found["main"]["random"] == medians.likeness_random
    assert found["main"]["accuracy"] == medians.test_accuracy
    assert found["coefficients"]["regions"] == int(medians.regions)
    assert found["ranking"]["here"] == medians.reversed_jittered
    assert found["ranking"]["best"] == np.mean(result.same_best[:, 1])
    steps = result.over_steps()
    peak, end = steps.loc[steps.likeness.idxmax()], steps.iloc[-1]
    assert found["trade"] == pytest.approx(
        {"peak": peak.step, "kin_peak": peak.likeness / 100, "accuracy_peak": peak.accuracy / 100,
         "kin": end.likeness / 100, "accuracy": end.accuracy / 100}
    )  # fmt: skip
    cos = np.diagonal(cosines(result.params[0], result.found), axis1=1, axis2=2)
    assert (found["maximiser"]["cos"], found["maximiser"]["median"]) == pytest.approx((cos.min(), np.median(cos)))
    assert found["maximiser"]["units"] == cos.size


def test_the_network_to_take_home_is_the_one_that_is_drawn(default, hidden):
    for result in (default, hidden):
        assert len(result.network) == len(result.params)
        for taken, values in zip(result.network.values(), result.params, strict=True):
            np.testing.assert_array_equal(taken, values[0])
        z = forward([p[None] for p in result.network.values()], data.digits().test_x.numpy())[0]
        right = (z.argmax(1) == data.digits().test_y.numpy()).mean()
        assert right == pytest.approx(result.accuracy[-1, 0])


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("template")
