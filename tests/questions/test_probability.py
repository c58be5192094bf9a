"""Weights are no probabilities; outputs are; a logistic weight is a log odds ratio, and naive Bayes is linear."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from drawn import drawn
from endings import unchosen
from scipy.stats import norm, rankdata, spearmanr
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import BernoulliNB

from lib.engine import data
from lib.figures.style import NEGATIVE, POSITIVE
from lib.questions.probability import boltzmann, experiment
from lib.questions.probability import result as results
from lib.questions.probability import verdict as verdicts_of
from lib.questions.probability.config import FEATURES, Probability
from lib.questions.probability.experiment import REPEATS, run
from lib.questions.probability.verdict import verdicts
from lib.words import load

DEFAULTS = "held=free feature=radius steps=300 seed=0"
RULINGS = {
    "weights_are_probabilities": "wrong",
    "sign_and_size": "wrong",
    "not_that_is_useful": "right",
    "weights_break_the_axioms": "right",
    "not_even_in_boltzmann_machines": "right",
    "origins_in_statistics": "open",
    "restricted_architectures_only": "depends",
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
        "origins": "origins_same", "bayes": "bayes_log_odds", "boltzmann": "boltzmann_outside",
        "signs": "signs_negative",
    }  # fmt: skip
    assert verdicts(default)["main"].numbers["rows"] == 0
    assert 0.42 < np.median(results.outside(default)) < 0.53
    assert (default.signs[0] > default.signs[1]).all()  # in every repeat


def test_outputs_obey_the_axioms_in_every_network(default, rows):
    for result in (default, rows, run(Probability(steps=0))):
        assert result.outputs.min() >= 0
        np.testing.assert_allclose(result.outputs.sum(1), 1, atol=1e-6)


def test_where_the_effect_vanishes_weights_are_probabilities_by_force(rows):
    for w in rows.weights:
        assert w.min() >= 0
        np.testing.assert_allclose(w.sum(-1), 1, atol=1e-4)
    assert keys(rows)["main"] == "rows_by_force"
    assert keys(rows)["output"] == "output_off"
    assert (rows.accuracy < rows.free).all()
    assert keys(replace(rows, free=rows.accuracy))["main"] == "rows_no_price"
    assert keys(run(Probability(held="interval", steps=100)))["main"] == "interval_by_force"
    assert keys(run(Probability(steps=0)))["output"] == "output_off"


@pytest.mark.parametrize("feature", list(FEATURES))
def test_one_step_more_multiplies_everybodys_odds_alike(default, feature):
    asked = replace(default, config=Probability(feature=feature))
    _, change, ratio = asked.more()
    weight = default.log_odds[0, list(FEATURES).index(feature)]
    np.testing.assert_allclose(ratio, np.exp(weight), rtol=1e-9)
    assert np.ptp(change) > 0.1  # the probability does not


def test_every_descent_ends_at_the_optimum_of_logistic_regression(default):
    """A convex problem has one answer, whatever the start: what differs between starts is unfinished training."""
    raw, y = data.breast_cancer()
    x = raw[:, list(FEATURES.values())].double().numpy()
    x = (x - x.mean(0)) / x.std(0)
    np.testing.assert_allclose(default.patients, x, atol=1e-5)
    best = LogisticRegression(C=np.inf, max_iter=1000, tol=1e-10).fit(x, y.numpy())
    np.testing.assert_allclose(default.log_odds, np.tile(best.coef_, (REPEATS, 1)), rtol=1e-5)
    np.testing.assert_allclose(default.fitted, best.coef_[0], rtol=1e-5)
    apart = replace(default, fitted=default.fitted + 0.01)
    assert verdicts_of.origins(apart).key == "origins_differ"


def test_a_boltzmann_machine_learns_by_contrastive_divergence(default, monkeypatch):
    """One step from given draws, by hand; and in the run each machine gives digits back better than before."""
    monkeypatch.setattr(boltzmann, "STEPS", 1)
    x = (data.digits().x > 0.5).float()
    start = boltzmann.untrained(64, [5])
    made = torch.Generator().manual_seed(0)
    v = x[torch.randint(len(x), (1, boltzmann.BATCH), generator=made)][0].numpy()
    w = start.weights[0].numpy()
    on = 1 / (1 + np.exp(-v @ w))
    h = (torch.rand(1, *on.shape, generator=made)[0].numpy() < on).astype(float)
    back = 1 / (1 + np.exp(-(h @ w.T)))
    again = 1 / (1 + np.exp(-back @ w))
    after = boltzmann.trained(start, x, 0)
    np.testing.assert_allclose(after.weights[0], w + 0.1 * (v.T @ on - back.T @ again) / len(v), atol=1e-6)
    np.testing.assert_allclose(after.hidden[0, 0], 0.1 * (on - again).mean(0), atol=1e-6)
    np.testing.assert_allclose(after.visible[0, 0], 0.1 * (v - back).mean(0), atol=1e-6)
    assert (default.misread[1] < 0.5 * default.misread[0]).all()
    assert verdicts_of.boltzmann(replace(default, machine=default.machine.clip(0, 1))).key == "boltzmann_within"


def test_naive_bayes_is_scikit_learns(default):
    digits = data.digits()
    theirs = BernoulliNB().fit(digits.x.numpy() > 0.5, digits.y.numpy())
    np.testing.assert_allclose(default.bayes_theta, np.exp(theirs.feature_log_prob_), rtol=1e-9)
    np.testing.assert_allclose(1 / (1 + np.exp(-default.bayes)), default.bayes_theta, atol=1e-12)


def test_the_calibration_error_is_zero_for_an_honest_output_and_the_gap_for_a_boast(default):
    sure = np.full((REPEATS, 10, 1000), 0.2 / 9)
    sure[:, 3] = 0.8
    truth = np.where(np.arange(1000) < 800, 3, 4)
    honest = replace(default, outputs=sure, truth=truth, accuracy=np.full(REPEATS, 0.8))
    np.testing.assert_allclose(honest.calibration_error(), 0, atol=1e-12)
    boast = replace(honest, truth=np.where(np.arange(1000) < 500, 3, 4), accuracy=np.full(REPEATS, 0.5))
    np.testing.assert_allclose(boast.calibration_error(), 0.3, atol=1e-12)
    assert verdicts_of.output(boast).key == "output_off"
    assert verdicts_of.output(honest).key == "output_honest"
    sure = boast.outputs.copy()
    sure[::2], sure[::2, 3] = 0.5 / 9, 0.5  # these are honest, the others boast
    assert verdicts_of.output(replace(boast, outputs=sure)).key == "output_unclear"
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


def test_what_is_added_to_all_of_an_inputs_weights_says_nothing_of_their_signs():
    """It changes no output of a softmax, so it may not change what negative weights alone can read."""
    w = torch.randn(REPEATS, 10, 64, generator=torch.Generator().manual_seed(0))
    x = torch.rand(REPEATS, 64, 5, generator=torch.Generator().manual_seed(1))
    shifted = w + torch.linspace(-1, 1, 64)
    torch.testing.assert_close((w @ x).softmax(1), (shifted @ x).softmax(1))
    torch.testing.assert_close(experiment._centred(w), experiment._centred(shifted))
    torch.testing.assert_close(experiment._centred(w).sum(1), torch.zeros(REPEATS, 64), atol=1e-5, rtol=0)


def test_other_ends_are_named(default):
    perfect = np.stack([default.literal[1] * np.sign(default.literal[0]), default.literal[1]])
    assert verdicts_of.literal(replace(default, literal=perfect)).key == "literal_strong"
    half = np.where(np.arange(REPEATS)[:, None, None] % 2, perfect, default.literal)
    assert verdicts_of.literal(replace(default, literal=half)).key == "literal_unclear"
    same = np.ones_like(default.literal)  # nothing to rank
    assert verdicts_of.literal(replace(default, literal=same)).numbers["rho"] == 0
    assert verdicts_of.bayes(replace(default, bayes_theta=default.bayes_theta + 0.1)).key == "bayes_broken"
    for values, key in (((0.8, 0.9), "signs_useful"), ((0.1, 0.8), "signs_useless"), ((0.9, 0.8), "signs_negative")):
        signs = np.tile(np.array(values)[:, None], (1, REPEATS))
        assert verdicts_of.signs(replace(default, signs=signs)).key == key


def test_only_a_logistic_output_multiplies_everybodys_odds_alike(default, monkeypatch):
    """With a probit's output the same step would multiply the odds by one factor here and by another there."""
    monkeypatch.setattr(results, "_sigmoid", norm.cdf)
    assert verdicts_of.odds(default).key == "odds_broken"


def reliability(result):
    """Medians over the networks, by bin of confidence: share right and confidence in per cent (bins, 2)."""
    sure, right = result.outputs.max(1), result.outputs.argmax(1) == result.truth
    repeat = np.repeat(np.arange(REPEATS), sure.shape[1])
    seen = pd.DataFrame({"repeat": repeat, "right": right.ravel(), "sure": sure.ravel()})
    bins = seen.groupby([np.floor(10 * seen.sure).clip(upper=9).astype(int).rename("bin"), "repeat"])
    means = 100 * bins.mean()[bins.size() >= 3]
    return means.groupby("bin").median()[means.groupby("bin").size() > REPEATS / 2]


def test_every_chart_shows_the_runs_numbers(default):
    words = load("probability")
    with drawn("probability") as page:
        curve = reliability(default)
        right, honest = words["figures.calibration.right"], words["figures.calibration.honest"]
        page.holds("calibration", {right: curve.right, honest: curve.sure})
        confidence = [f"{10 * k}-{10 * (k + 1)}" for k in curve.index]
        assert list(page.named("calibration")[right].x) == page.tables["calibration"]["confidence"] == confidence
        np.testing.assert_allclose(page.tables["calibration"]["right"], curve.right)
        np.testing.assert_allclose(page.tables["calibration"]["mean_confidence"], curve.sure)

        hold_the_patients(page, words, default)


def hold_the_weights(page, words, result):
    """How many weights lie in every bin, in their sign's colour, [0, 1] shaded, and the shares as the answer's."""
    weights = np.concatenate([w.ravel() for w in result.weights]).astype(float)
    bars = page.named("fan")[words["figures.fan.weights"]]
    assert sum(bars.y) == len(weights)
    for middle, count in zip(bars.x, bars.y, strict=True):
        assert count == ((weights >= middle - 0.025 - 1e-9) & (weights < middle + 0.025 - 1e-9)).sum()
    colours = np.array(bars.marker.color)
    assert (colours == np.where(bars.x < 0, NEGATIVE, POSITIVE)).all()
    assert [(shade.x0, shade.x1) for shade in page.charts["fan"].layout.shapes if shade.type == "rect"] == [(0, 1)]
    numbers = verdicts_of.main(result).numbers
    notes = {note.text for note in page.charts["fan"].layout.annotations}
    assert notes > {words.say(f"figures.fan.{part}", **numbers) for part in ("below", "within", "above")}


def hold_the_patients(page, words, result):
    """Both figures about tumours: the first repeat's classifier, before and after one unit more of the radius."""
    assert page.hero == "fan"
    slope, bias = result.log_odds[0], result.bias[0]
    radius = list(FEATURES).index("radius")
    more = result.patients + np.eye(len(FEATURES))[radius]
    before, after = (1 / (1 + np.exp(-(x @ slope + bias))) for x in (result.patients, more))
    ratio = np.full(len(before), np.exp(slope[radius]))
    hold_the_weights(page, words, result)
    assert_the_fan_is(page, words, (result.patients @ slope + bias, more @ slope + bias))
    np.testing.assert_allclose(page.tables["fan"]["probability"], before)
    np.testing.assert_allclose(page.tables["fan"]["change_of_probability"], after - before, atol=1e-12)
    np.testing.assert_allclose(page.tables["fan"]["odds_ratio"], ratio)


def assert_the_fan_is(page, words, log_odds):
    """Everyone's probability in per cent and log10 of the odds, before and after; three patients with their notes."""
    before, after = (1 / (1 + np.exp(-z)) for z in log_odds)
    some = [np.abs(before - share).argmin() for share in (0.01, 0.1, 0.9)]
    pairs = {"probability": np.transpose([100 * before, 100 * after]), "odds": np.transpose(log_odds) / np.log(10)}
    expected = {}
    for panel, values in pairs.items():
        title = words[f"figures.fan.{panel}"]
        expected[title] = np.column_stack([values, np.full(len(values), np.nan)]).ravel()
        for k in some:
            expected[f"{title}: {words.say('figures.fan.patient', before=before[k])}"] = values[k]
    bars = page.named("fan")[words["figures.fan.weights"]]
    page.holds("fan", expected | {bars.name: bars.y}, rtol=1e-4, atol=1e-4)
    named = [line.line.color for name, line in page.named("fan").items() if name.startswith(f"{title}: ")]
    others = [*bars.marker.color, *(line.line.color for line in page.named("calibration").values())]
    assert len(set(named)) == len(some)
    assert not set(named) & set(others)  # no colour means two things
    notes = {note.text for note in page.charts["fan"].layout.annotations}
    assert notes > {words.say("figures.fan.points", before=before[k], change=100 * (after - before)[k]) for k in some}
    assert notes > {f"<b>{words[f'figures.fan.{half}']}</b>" for half in ("digits", "tumours")}
    ticks = dict(
        zip(page.charts["fan"].layout.yaxis2.tickvals, page.charts["fan"].layout.yaxis2.ticktext, strict=True)
    )
    assert {k: ticks[k] for k in (-3, 0, 3, 6)} == {-3: "1 : 1,000", 0: "1 : 1", 3: "1,000 : 1", 6: "million : 1"}
    assert not any(abs(k) > 12 for k in ticks)
    assert words.say("figures.fan.times", factor=np.exp(log_odds[1][0] - log_odds[0][0])) in notes


def test_the_verdicts_say_the_tables_numbers(default, rows):
    for result in (default, rows):
        found, medians = {k: v.numbers for k, v in verdicts(result).items()}, result.table().median()
        main = found["main"]
        weights = np.concatenate([w.ravel() for w in result.weights])
        below, above = (float(f"{100 * share:.1f}") for share in ((weights < 0).mean(), (weights > 1).mean()))
        printed = {name: float(f"{100 * main[name]:.1f}") for name in ("negative", "above", "within", "outside")}
        assert printed["negative"] == below
        assert printed["above"] == pytest.approx(above, abs=0.11)  # what is left of what is printed of the whole
        assert printed["negative"] + printed["above"] == pytest.approx(printed["outside"])
        assert printed["outside"] + printed["within"] == pytest.approx(100)
        assert (main["accuracy"], main["free"]) == (medians.test_accuracy, medians.test_accuracy_free)
        obeying = [((w >= 0).all(-1) & (abs(w.sum(-1) - 1) < 1e-3)).sum() for w in result.weights]
        assert main["rows"] == sum(obeying)
        assert main["all_rows"] == REPEATS * (32 + 10)
        assert found["output"]["accuracy"] == medians.test_accuracy
        assert found["output"]["sure"] == pytest.approx(np.median(result.outputs.max(1).mean(1)))
        assert found["signs"]["negative"] == medians.only_negative
        assert found["signs"]["positive"] == medians.only_positive


@pytest.mark.parametrize("feature", FEATURES)
def test_the_sentence_about_odds_is_about_the_chosen_measurement(default, feature):
    asked = replace(default, config=Probability(feature=feature))
    numbers, patients = verdicts_of.odds(asked).numbers, asked.patients_table()
    weights = asked.table()[f"log_odds_{feature}"]
    assert numbers["weight"] == weights[0]
    assert np.ptp(weights) < 1e-6
    said = load("probability").verdict("odds", *verdicts_of.odds(asked))
    factor, weight = re.search(r"([\d.]+) = exp\(([\d.]+)\)", said).groups()
    assert factor == f"{np.exp(float(weight)):.3g}"  # as they are printed
    assert numbers["factor"] == pytest.approx(patients.odds_ratio.mean())
    changes = 100 * patients.change_of_probability
    assert (numbers["low"], numbers["high"]) == (changes.min(), changes.max())
    assert numbers["patients"] == len(patients)


def test_equal_values_share_their_rank():
    values = np.array([0.3, 0.1, 0.3, 0.3, -1.0, 0.1, 2.0])
    np.testing.assert_array_equal(verdicts_of._ranks(values), rankdata(values))


def test_the_sentence_about_reading_literally_is_about_every_output_weight(default):
    numbers = verdicts_of.literal(default).numbers
    weights, right = default.literal.reshape(2, REPEATS, -1)
    rho = [
        np.mean([spearmanr(abs(w[sign]), share[sign]).statistic for sign in (w < 0, w > 0)])
        for w, share in zip(weights, right, strict=True)
    ]
    assert numbers["rho"] == pytest.approx(np.median(rho), rel=1e-9)


def test_the_sentence_about_boltzmann_machines_says_the_runs_numbers(default):
    numbers, medians = verdicts_of.boltzmann(default).numbers, default.table().median()
    assert numbers["outside"] == medians.boltzmann_outside_share
    assert medians.boltzmann_error < medians.boltzmann_error_untrained


def test_the_sentence_about_naive_bayes_is_about_its_weights(default):
    numbers = verdicts_of.bayes(default).numbers
    assert numbers == {"negative": (default.bayes < 0).mean(), "above": (default.bayes > 1).mean()}


def test_the_network_to_take_home_is_the_first_one_with_the_restriction(default, rows):
    for result in (default, rows):
        w, b, v, c = (torch.tensor(p) for p in result.network.values())
        np.testing.assert_array_equal(w, result.weights[0][0])
        np.testing.assert_array_equal(v, result.weights[1][0])
        p = ((data.digits().test_x @ w.T + b).relu() @ v.T + c).softmax(1)
        np.testing.assert_allclose(p.T, result.outputs[0], atol=1e-5)


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("probability")
