"""The best input of one norm is the weights; templates start as mean images; ReLU networks have coefficients."""

from dataclasses import replace

import numpy as np
import pytest
from catalogue import ROOT
from streamlit.testing.v1 import AppTest

from lib.engine import data
from lib.engine.rewriting import effective
from lib.questions.template.config import Template
from lib.questions.template.experiment import RATE, _bootstrap, run
from lib.questions.template.result import LEVELS, cosines, forward
from lib.questions.template.verdict import verdicts
from lib.ui.painting import bounded, decode, encode

DEFAULTS = "network=softmax images=jittered bound=sphere steps=100 decay=0.0 unit=3 seed=0"
RULINGS = {
    "resembles": "right",
    "relative": "right",
    "feature": "right",
    "viewing": "wrong",
    "coefficients": "right",
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
    assert verdicts(default)["ranking"].key == "ranking_mostly"
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
    drawn = default.functions()[0]
    np.testing.assert_array_equal(drawn[5:10].reshape(5, 64), default.coefficients[:5])
    np.testing.assert_array_equal(drawn[15:].reshape(5, 64), default.coefficients[5:])
