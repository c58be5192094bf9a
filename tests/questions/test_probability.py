"""Weights are no probabilities; outputs are; a logistic weight is a log odds ratio, and naive Bayes is linear."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import BernoulliNB

from lib.engine import data
from lib.questions.probability import result as results
from lib.questions.probability import verdict as verdicts_of
from lib.questions.probability.config import FEATURES, Probability
from lib.questions.probability.experiment import REPEATS, run
from lib.questions.probability.verdict import verdicts

DEFAULTS = "held=free feature=radius steps=300 seed=0"
RULINGS = {
    "weights_are_probabilities": "wrong",
    "sign_and_size": "wrong",
    "not_that_is_useful": "right",
    "weights_break_the_axioms": "right",
}

DEFAULT = Probability()


@pytest.fixture(scope="module")
def rows():
    return run(Probability(held="rows", steps=100))


def keys(result):
    return {name: verdict.key for name, verdict in verdicts(result).items()}


def test_the_default_says_what_the_science_found(default):
    assert keys(default) == {
        "main": "outside", "output": "output_honest", "literal": "literal_weak", "odds": "odds_same",
        "bayes": "bayes_log_odds", "signs": "signs_negative",
    }  # fmt: skip
    assert verdicts(default)["main"].numbers["rows"] == 0
    assert 0.42 < np.median(results.outside(default)) < 0.53
    assert (default.signs[1] > default.signs[2]).all()  # in every repeat


def test_outputs_obey_the_axioms_in_every_network(default, rows):
    for result in (default, rows, run(Probability(steps=0))):
        assert result.outputs.min() >= 0
        np.testing.assert_allclose(result.outputs.sum(1), 1, atol=1e-6)
        assert result.places()[2].tolist() == [0, 100, 0]


def test_where_the_effect_vanishes_weights_are_probabilities_by_force(rows):
    for w in rows.weights:
        assert w.min() >= 0
        np.testing.assert_allclose(w.sum(-1), 1, atol=1e-4)
    assert keys(rows)["main"] == "rows_by_force"
    assert keys(rows)["output"] in ("output_unsure", "output_unlearned")
    assert np.median(rows.accuracy) < np.median(rows.free) - 0.1
    assert keys(run(Probability(held="interval", steps=100)))["main"] == "interval_by_force"
    assert keys(run(Probability(steps=0)))["output"] == "output_unlearned"


@pytest.mark.parametrize("feature", list(FEATURES))
def test_one_step_more_multiplies_everybodys_odds_alike(default, feature):
    asked = replace(default, config=Probability(feature=feature))
    _, change, ratio = asked.more()
    weight = default.log_odds[0, list(FEATURES).index(feature)]
    np.testing.assert_allclose(ratio, np.exp(weight), rtol=1e-9)
    assert np.ptp(change) > 0.1  # the probability does not


def test_the_weights_are_near_logistic_regressions(default):
    raw, y = data.breast_cancer()
    x = raw[:, list(FEATURES.values())].double().numpy()
    x = (x - x.mean(0)) / x.std(0)
    np.testing.assert_allclose(default.patients, x, atol=1e-5)
    best = LogisticRegression(C=np.inf, max_iter=1000).fit(x, y.numpy())
    np.testing.assert_allclose(np.median(default.log_odds, 0), best.coef_[0], rtol=0.15)


def test_naive_bayes_is_scikit_learns(default):
    digits = data.digits()
    x, test = (digits.x.numpy() > 0.5), (digits.test_x.numpy() > 0.5)
    theirs = BernoulliNB().fit(x, digits.y.numpy())
    np.testing.assert_allclose(default.bayes_theta, np.exp(theirs.feature_log_prob_), rtol=1e-9)
    assert default.bayes_accuracy == pytest.approx(theirs.score(test, digits.test_y.numpy()))
    np.testing.assert_allclose(1 / (1 + np.exp(-default.bayes)), default.bayes_theta, atol=1e-12)


def test_the_calibration_error_is_zero_for_an_honest_output_and_the_gap_for_a_boast(default):
    sure = np.full((1, 10, 1000), 0.2 / 9)
    sure[:, 3] = 0.8
    truth = np.where(np.arange(1000) < 800, 3, 4)
    honest = replace(default, outputs=sure, truth=truth, accuracy=np.array([0.8]))
    np.testing.assert_allclose(honest.calibration_error(), 0, atol=1e-12)
    boast = replace(honest, truth=np.where(np.arange(1000) < 500, 3, 4), accuracy=np.array([0.5]))
    np.testing.assert_allclose(boast.calibration_error(), 0.3, atol=1e-12)
    assert verdicts_of.output(boast).key == "output_boasts"
    names, curve = boast.reliability()
    assert names == ["80-90"]
    np.testing.assert_allclose(curve, [[[50, 80]]])


def test_a_sign_is_right_as_often_as_its_class_comes_with_its_unit(default):
    w, right = default.literal
    assert w.shape == right.shape == (REPEATS, 10, 32)
    assert right.min() >= 0
    assert right.max() <= 1
    both = np.where(w > 0, right, 1 - right)  # P(class | unit on)
    on = np.abs(both.sum(1) - 1) < 1e-5
    assert (on | np.isclose(right, 0.5).all(1)).all()


def test_other_ends_are_named(default):
    perfect = np.stack([default.literal[1] * np.sign(default.literal[0]), default.literal[1]])
    assert verdicts_of.literal(replace(default, literal=perfect)).key == "literal_strong"
    assert verdicts_of.odds(replace(default, bias=default.bias, log_odds=default.log_odds)).key == "odds_same"
    assert verdicts_of.bayes(replace(default, bayes_theta=default.bayes_theta + 0.1)).key == "bayes_broken"
    for values, key in (((0.9, 0.8, 0.9), "signs_positive"), ((0.9, 0.8, 0.8), "signs_alike"),
                        ((0.9, 0.2, 0.8), "signs_useless")):  # fmt: skip
        signs = np.tile(np.array(values)[:, None], (1, REPEATS))
        assert verdicts_of.signs(replace(default, signs=signs)).key == key
