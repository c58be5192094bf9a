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
        np.testing.assert_allclose(result.weights[-1, r], expected, atol=1e-6)
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
        cos = np.diagonal(cosines(result.weights[-1], result.path[-1]), axis1=1, axis2=2)
        np.testing.assert_allclose(cos, 1, atol=1e-9)
        assert verdicts(result)["maximiser"].key == "maximiser_is_w"
        climbed = (result.path * result.weights[-1]).sum(3)
        assert (np.diff(climbed, axis=0) >= -1e-12).all()  # ascent never descends


def test_the_maximiser_in_the_box_is_a_step(default):
    result = run(replace(DEFAULT, bound="box", steps=10))
    w, x = result.weights[-1], result.path[-1]
    assert x.min() >= 0
    assert x.max() <= 1
    assert (x == (w > 0))[np.abs(w) > 1e-3 * np.linalg.norm(w, axis=2, keepdims=True)].all()
    assert verdicts(result)["maximiser"].key == "maximiser_box"
    assert verdicts(replace(default, path=default.path[:1]))["maximiser"].key == "maximiser_other"


def test_at_one_norm_dot_product_and_cosine_never_disagree(default, hidden):
    for result in (default, hidden):
        assert result.reversed[:, 2].max() == 0
        assert result.same_best[:, 2].min() == 1
        assert (result.reversed[:, 1] > result.reversed[:, 0]).all()
        assert (result.reversed[:, 0] > 0).all()
    assert verdicts(default)["ranking"].key == "ranking_split"
    assert verdicts(hidden)["ranking"].key == "ranking_differs"
    same = replace(default, config=replace(DEFAULT, images="normalised"))
    assert verdicts(same)["ranking"].key == "ranking_same"


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


def test_order_of_pairs_and_best_image_are_two_findings(default):
    """'Mostly agree' beside 0 % with the same best image was one sentence with two opposites."""
    found = verdicts(default)["ranking"]
    assert found.numbers["here"] < 0.1
    assert found.numbers["best"] < 0.5
    for share, key in ((1.0, "ranking_mostly"), (0.0, "ranking_split")):
        made = verdicts(replace(default, same_best=np.full_like(default.same_best, share)))["ranking"]
        assert made.key == key
    spread = np.linspace(0, 1, len(default.same_best))[:, None] * np.ones(3)  # half on average, of any number
    assert verdicts(replace(default, same_best=spread))["ranking"].key == "ranking_pairs"
    assert verdicts(replace(default, reversed=default.reversed + 0.1))["ranking"].key == "ranking_differs"


def test_likeness_and_price_are_told_by_the_pairs(default, hidden):
    spread = np.linspace(-0.2, 0.2, len(hidden.kin_random))
    for change, key in ((spread, "unclear"), (spread / 10, "nothing"), (abs(spread) + 0.06, "kin")):
        made = replace(hidden, kin=hidden.kin_random + change[None] * np.ones_like(hidden.kin))
        assert verdicts(made)["main"].key == f"template_{key}"
    worse = default.accuracy.copy()
    worse[-1] = 0.1
    assert verdicts(replace(default, accuracy=worse))["trade"].key == "trade_less"
    flat = np.repeat(default.kin[:1], len(default.kin), 0)
    flat[0] += 0.001
    noisy = flat.copy()
    noisy[-1] += spread - 1e-3
    assert verdicts(replace(default, kin=noisy))["trade"].key == "trade_unclear"


def test_other_sentences(default, hidden):
    trained = replace(hidden, kin=hidden.kin + 0.2)
    assert verdicts(trained)["main"].key == "template_kin"
    assert verdicts(replace(default, diverged=np.array([3] * 10)))["main"].key == "main_diverged"
    assert verdicts(default)["stuck"].key == "stuck_some"
    assert verdicts(replace(default, stuck=np.zeros(10)))["stuck"].key == "stuck_none"


def test_the_readers_picture_is_answered_by_the_trained_units(default):
    assert verdicts(default.with_picture((0,) * 64))["drawn"].key == "drawn_blank"
    picture = default.levels()["3"]
    dot, cos, before, after = default.with_picture(picture).responses()
    x = np.array(picture) / LEVELS
    np.testing.assert_array_equal(x, default.examples[3])
    np.testing.assert_allclose(dot, default.params[0][0] @ x)
    np.testing.assert_allclose(cos * np.linalg.norm(x) * np.linalg.norm(default.params[0][0], axis=1), dot)
    np.testing.assert_array_equal(after, np.maximum(before, 0))
    assert verdicts(default)["drawn"].key == "drawn_agree"
    shorter = [p.copy() for p in default.params]
    shorter[0][0, 3] /= 1e3  # still the most alike, no longer the strongest
    assert verdicts(replace(default, params=shorter))["drawn"].key == "drawn_disagree"


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
    assert any("A blank picture" in m.value for m in app.markdown) != warned


def test_each_tile_stands_above_its_partner(default):
    tiles = default.climb()
    cos = np.diagonal(cosines(tiles[-1, :5].reshape(5, 64), tiles[-1, 5:10].reshape(5, 64)))
    np.testing.assert_allclose(cos, 1, atol=1e-9)
    sheet = default.functions()[0]
    np.testing.assert_array_equal(sheet[5:10].reshape(5, 64), default.coefficients[:5])
    np.testing.assert_array_equal(sheet[15:].reshape(5, 64), default.coefficients[5:])


def assert_the_templates_are(page, result):
    """A digit of each class, what sets its class apart in the first sample, and the weights, which move."""
    assert page.hero == "templates"
    hero = page.charts["templates"]
    digits = data.digits()
    drawn_rows = np.random.default_rng(0).integers(len(digits.x), size=(10, len(digits.x)))[0]
    x, y = digits.x[drawn_rows].numpy(), digits.y[drawn_rows].numpy()
    apart = np.array([x[y == k].mean(0) - x.mean(0) for k in range(10)])
    w = result.weights[:, 0] - result.weights[:, 0].mean(1, keepdims=True)  # (S, 10, 64)
    live = x.std(0) > 0
    w = w / np.maximum(np.abs(w[:, :, live]).max((1, 2), keepdims=True), 1e-12)  # over the moment's largest
    for trace, values in enumerate((result.examples, np.where(live, apart, np.nan), np.where(live, w[-1], np.nan))):
        np.testing.assert_allclose(tiles(page, "templates", 10, trace), values, rtol=1e-4, atol=1e-6)
    assert [frame.name for frame in hero.frames] == [str(s) for s in result.steps]
    for frame, values in zip(hero.frames, w, strict=True):
        np.testing.assert_allclose(np.asarray(frame.data[2].z)[:, 9:17].ravel()[live], values[1][live], atol=1e-6)


def tiles(page, chart, columns, trace=0):
    """The pictures (M, 64) of a sheet, row by row; a gap of one cell between two."""
    sheet = np.asarray(page.charts[chart].data[trace].z, float)
    rows = range(0, len(sheet), 9)
    page.held.add(chart)
    return np.array([sheet[r : r + 8, 9 * c : 9 * c + 8].ravel() for r in rows for c in range(columns)])


def of_one_norm(images):
    return images / np.linalg.norm(images, axis=-1, keepdims=True)


def test_every_chart_shows_the_runs_numbers(default):
    words = load("template")
    with drawn("template") as page:
        w = default.params[0][0]  # (10, 64) of the first network
        assert_the_templates_are(page, default)
        np.testing.assert_array_equal(page.tables["templates"].likeness, default.kin[-1])
        np.testing.assert_array_equal(page.tables["templates"].test_accuracy, default.accuracy[-1])
        medians = {"likeness": 100 * np.median(default.kin, 1), "accuracy": 100 * np.median(default.accuracy, 1)}
        page.holds("curves", {words[f"figures.curves.{name}"]: values for name, values in medians.items()})
        for name, line in medians.items():
            np.testing.assert_allclose(page.tables["curves"][name], line)
            at = page.named("curves")[words[f"figures.curves.{name}"]].customdata[:, 0]
            np.testing.assert_array_equal(at, default.steps)
        assert_the_search_is(page, default)
        assert_the_fan_is(page, default, words)
        assert_the_readers_picture_is(page, default, words)
        scale = np.abs(w).max()  # without a hidden layer the coefficients are the weights of the digit's class
        above, below = default.examples * scale, w
        both = [above[:5], below[:5], above[5:], below[5:]]
        np.testing.assert_allclose(tiles(page, "functions", 5), np.concatenate(both), atol=1e-4)
        np.testing.assert_allclose(page.tables["functions"].digit_7, w[7], atol=1e-6)


def assert_the_search_is(page, result):
    """The weights of five units, under them the inputs at the end of the search; then of the other five."""
    w, x = of_one_norm(result.weights[-1]), of_one_norm(result.path)  # (R, K, 64), (F, R, K, 64)
    both = [w[0, :5], x[-1, 0, :5], w[0, 5:], x[-1, 0, 5:]]
    np.testing.assert_allclose(tiles(page, "climb", 5), np.concatenate(both), atol=1e-6)
    first = page.charts["climb"].frames[0].data[0].z
    np.testing.assert_allclose(np.asarray(first)[9:17, :8].ravel(), x[0, 0, 0], atol=1e-6)  # under unit 0
    cos = (w * x).sum(3).reshape(len(x), -1)
    np.testing.assert_allclose(page.tables["climb"].median_cosine, np.median(cos, 1))
    np.testing.assert_allclose(page.tables["climb"].smallest_cosine, cos.min(1))
    np.testing.assert_array_equal(page.tables["climb"].step, result.ascent)


def assert_the_fan_is(page, result, words):
    """Each kind of image under its own name; at one norm, that of the median raw image."""
    unit, (raw, jittered, same) = result.params[0][0, 3], result.looks
    same = same * np.median(np.linalg.norm(raw, axis=1))
    views = {"raw": raw, "jittered": jittered, "normalised": same}
    cos = {name: of_one_norm(x) @ of_one_norm(unit) for name, x in views.items()}
    page.holds("fan", {words[f"figures.fan.{name}"]: values for name, values in cos.items()}, of="x")
    page.holds("fan", {words[f"figures.fan.{name}"]: x @ unit for name, x in views.items()}, of="y")
    for name, x in views.items():
        np.testing.assert_allclose(page.tables["fan"][f"{name}_cosine"], cos[name])
        np.testing.assert_allclose(page.tables["fan"][f"{name}_dot"], x @ unit)


def assert_the_readers_picture_is(page, result, words):
    """The digit of the chosen unit until the reader draws another one."""
    x, w = result.examples[3], result.params[0][0]
    dot, cos = w @ x, of_one_norm(w) @ of_one_norm(x)
    strongest = w[dot.argmax()]
    for trace, values in enumerate((x, strongest, x * strongest)):
        np.testing.assert_allclose(tiles(page, "beside", 1, trace), values[None], atol=1e-6)
    page.holds("drawn", {words["figures.drawn.unit"]: dot})
    page.holds("drawn", {words["figures.drawn.unit"]: cos}, of="x")
    np.testing.assert_allclose(page.tables["drawn"].dot_product, dot)
    np.testing.assert_allclose(page.tables["drawn"].cosine, cos)
    said = page.numbers["drawn"]
    assert (said["dot_unit"], said["dot"]) == (dot.argmax(), pytest.approx(dot.max()))
    assert (said["cos_unit"], said["cos"]) == (cos.argmax(), pytest.approx(cos.max()))


@pytest.mark.parametrize("network", ["default", "hidden"])
def test_the_verdicts_say_the_tables_numbers(network, request):
    result = request.getfixturevalue(network)
    table, found = result.table(), {name: verdict.numbers for name, verdict in verdicts(result).items()}
    medians = table.median()
    assert found["main"]["kin"] == medians.likeness
    assert found["main"]["random"] == medians.likeness_random
    assert found["main"]["accuracy"] == medians.test_accuracy
    assert found["stuck"]["share"] == medians.stuck
    assert found["coefficients"]["regions"] == int(medians.regions)
    assert found["coefficients"]["error"] == table.coefficient_error.max()
    for name in ("raw", "jittered", "normalised"):
        assert found["ranking"][name] == medians[f"reversed_{name}"]
    assert found["ranking"]["here"] == medians.reversed_jittered
    assert found["ranking"]["best"] == np.median(result.same_best[:, 1])
    steps = result.over_steps()
    peak, end = steps.loc[steps.likeness.idxmax()], steps.iloc[-1]
    assert found["trade"] == pytest.approx(
        {"peak": peak.step, "kin_peak": peak.likeness / 100, "accuracy_peak": peak.accuracy / 100,
         "kin": end.likeness / 100, "accuracy": end.accuracy / 100}
    )  # fmt: skip
    end = result.climb_table().iloc[-1]
    climbed = {"cos": end.smallest_cosine, "median": end.median_cosine, "steps": end.step}
    assert {name: found["maximiser"][name] for name in climbed} == pytest.approx(climbed)
    assert found["maximiser"]["units"] == result.weights[-1, ..., 0].size


def test_a_picture_is_answered_as_the_table_of_the_units_says(default, hidden):
    for result in (default, hidden):
        for levels in result.levels().values():
            painted = result.with_picture(levels)
            units, said = painted.responses_table().set_index("unit"), verdicts(painted)["drawn"].numbers
            assert (said["dot_unit"], said["dot"]) == (units.dot_product.idxmax(), units.dot_product.max())
            assert (said["cos_unit"], said["cos"]) == (units.cosine.idxmax(), units.cosine.max())
            assert (said["on"], said["units"]) == ((units.activation > 0).sum(), len(units))


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("template")
