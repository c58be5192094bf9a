"""The measured matrix has the closed form's eigenvalues; 2 / lambda_max is the limit; steps stay under the bound."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn import drawn

from lib.engine import neuron
from lib.questions.conditioning.config import BIASES, LEFT, OFFSETS, Conditioning
from lib.questions.conditioning.experiment import REPEATS, SAMPLES, TRIED, matrix, run, steps_needed
from lib.questions.conditioning.result import bound
from lib.questions.conditioning.verdict import bias, formula, main, verdicts
from lib.words import load

DEFAULTS = "offset=2.0 inputs=10 bias=without share=0.9 seed=0"
RULINGS = {
    "bias_absorbs_offset": "wrong",
    "only_signs": "wrong",
}

DEFAULT = Conditioning()
SMALL = Conditioning(inputs=2)


def test_the_matrix_is_the_samples_second_moment():
    u = neuron.draws(range(2), 300, 3)
    second = neuron.moments(neuron.with_bias(u))
    x = u + 2.0
    np.testing.assert_allclose(matrix(second, 2.0, "without"), neuron.moments(x), atol=1e-12)
    np.testing.assert_allclose(matrix(second, 2.0, "with"), neuron.moments(neuron.with_bias(x)), atol=1e-12)


@pytest.mark.parametrize("name", BIASES)
@pytest.mark.parametrize("offset", OFFSETS)
def test_the_closed_form_is_the_condition_number_of_the_exact_matrix(name, offset):
    exact = matrix(np.eye(8)[None], offset, name)[0]
    values = np.linalg.eigvalsh(exact)
    assert bound(7, offset, name) == pytest.approx(values[-1] / values[0], rel=1e-6)


def test_measured_and_closed_form_agree_in_every_repeat(default):
    assert np.abs(default.kappa / default.theory[:, :, None] - 1).max() < 0.3
    assert (np.diff(default.kappa, axis=1) > 0).all()
    assert (default.kappa[1, 1:] > default.kappa[0, 1:]).all()


def test_the_largest_stable_rate_is_two_over_lambda_max_in_every_repeat(default):
    spacing = TRIED[1] - TRIED[0]
    assert np.abs(default.stable - 1).max() < 1.5 * spacing


@pytest.mark.parametrize("name", BIASES)
def test_steps_never_exceed_the_bound(name):
    result = run(replace(SMALL, bias=name))
    needed, most = result.against()[1].transpose(2, 0, 1)
    assert (needed <= np.ceil(most)).all()
    assert (np.diff(np.median(needed, 1)) > 0).all()


@pytest.mark.parametrize("share", [0.1, 0.9, 1.02])
def test_the_steps_are_those_of_plain_torch(share):
    """torch.nn.Linear under torch.optim.SGD, on all samples, from the same start."""
    config = replace(SMALL, offset=1.0, bias="with", share=share)
    result = run(config)
    x = torch.from_numpy(neuron.draws(range(1), SAMPLES, 2)[0] + 1.0)
    start = torch.from_numpy(np.random.default_rng((0, 4)).standard_normal(3))
    linear = torch.nn.Linear(2, 1, dtype=torch.float64)
    with torch.no_grad():
        linear.weight[0] = start[:2]
        linear.bias[0] = start[2]
    sgd = torch.optim.SGD(linear.parameters(), lr=share * 2 / result.largest[1, result.at, 0])
    losses = []
    while len(losses) < 400 and (not losses or losses[-1] > LEFT * losses[0]):
        sgd.zero_grad()
        loss = (linear(x) ** 2).mean() / 2  # the target is zero
        loss.backward()
        sgd.step()
        losses.append(float(loss.detach()))
    if share > 1:
        assert losses[-1] > losses[-20]
        assert (result.own_steps == -1).all()
    else:
        assert result.own_steps[0] == len(losses) - 1


def test_one_eigenvalue_needs_the_logarithms_steps():
    values, vectors = np.array([[1.0]]), np.ones((1, 1, 1))
    assert steps_needed(values, vectors, np.ones((1, 1)), np.array([0.1]))[0] == np.ceil(
        np.log(LEFT) / 2 / np.log(0.9)
    )
    assert steps_needed(values, vectors, np.ones((1, 1)), np.array([2.1]))[0] == -1


def test_contours_and_walks_belong_to_one_loss(default):
    assert default.walks.shape == (len(OFFSETS), 41, 2)
    assert (np.abs(default.walks[:, -1]) <= np.abs(default.walks[:, 0]) + 1e-9).all()
    spread = default.contours[:, 0, 1].max(1) / default.contours[:, 0, 0].max(1)
    assert (np.diff(spread) > 0).all()
    np.testing.assert_allclose(spread[-1], np.sqrt(default.theory[0, -1]), rtol=0.15)


def test_the_verdicts(default):
    keys = {name: v.key for name, v in verdicts(default).items()}
    assert keys == {"main": "stretched", "formula": "formula_holds", "rate": "rate_converges", "bias": "bias_worse"}
    assert default.largest.shape == (2, len(OFFSETS), REPEATS)


@pytest.mark.parametrize(
    ("settings", "keys"),
    [
        ({"offset": 0.0}, {"main": "no_offset", "bias": "bias_alike"}),
        ({"offset": 0.5, "inputs": 2}, {"main": "round"}),
        ({"share": 1.02}, {"rate": "rate_diverges"}),
        ({"share": 1.1, "bias": "with"}, {"rate": "rate_diverges", "main": "stretched"}),
    ],
)
def test_other_ends_have_their_own_sentence(settings, keys):
    found = verdicts(run(replace(DEFAULT, **settings)))
    assert {name: found[name].key for name in keys} == keys


def test_a_run_could_still_say_the_opposite(default):
    assert bias(replace(default, smallest=default.smallest[::-1], largest=default.largest[::-1])).key == "bias_better"
    assert formula(replace(default, theory=2 * default.theory)).key == "formula_off"
    assert (
        main(replace(default, largest=np.ones_like(default.largest), smallest=np.ones_like(default.largest))).key
        == "round"
    )


def test_progress_is_told():
    told = []
    run(SMALL, progress=lambda done, total: told.append(done / total))
    assert told
    assert told == sorted(told)
    assert told[-1] < 1


def holds_every_frame(chart, default):
    """The slider's labels, and the lines of equal loss and the walk of each frame, are of one offset."""
    slider = chart.layout.sliders[0]
    assert [step.label for step in slider.steps] == [f"{offset:g}" for offset in OFFSETS]
    assert slider.active == OFFSETS.index(DEFAULT.offset)
    for frame, lines, walk in zip(chart.frames, default.contours, default.walks, strict=True):
        levels, descent, _ = frame.data
        for at, axis in enumerate("xy"):
            shown = np.array(levels[axis], float)  # NaN between two lines
            np.testing.assert_allclose(shown[~np.isnan(shown)], lines[:, at].ravel(), atol=6e-4)
            np.testing.assert_allclose(descent[axis], walk[:, at], atol=6e-4)


def test_every_chart_shows_the_runs_numbers(default):
    words = load("conditioning")
    offsets, at = [f"{offset:g}" for offset in OFFSETS], OFFSETS.index(DEFAULT.offset)
    kappa = default.largest / default.smallest  # (2, O, R): without a bias, with one
    without, with_bias = np.median(kappa, 2)
    limit, needed = 2 / default.largest[0], default.steps[0]
    with drawn("conditioning") as page:
        for column, axis, name in ((0, "x", "along"), (1, "y", "across_or_bias")):
            page.holds("stretch", {words["figures.stretch.walk"]: default.walks[at, :, column]}, of=axis, atol=6e-4)
            np.testing.assert_array_equal(page.tables["stretch"][name], default.walks[at, :, column])
        holds_every_frame(page.charts["stretch"], default)
        lines = {"without": without, "without_theory": default.theory[0], "with": with_bias}
        lines["with_theory"] = default.theory[1]
        page.holds("kappa", {words[f"figures.kappa.{name}"]: values for name, values in lines.items()})
        table = page.tables["kappa"].groupby(["bias", "offset"]).kappa.median()
        np.testing.assert_allclose(table["without"], without)
        np.testing.assert_allclose(table["with"], with_bias)
        tried = np.median(default.stable * limit, 1)
        page.holds("rate", {words["figures.rate.tried"]: tried, words["figures.rate.theory"]: np.median(limit, 1)})
        np.testing.assert_array_equal([page.tables["rate"][o] for o in offsets], default.stable * limit)
        most = np.log(LEFT) / np.log(((kappa[0] - 1) / (kappa[0] + 1)) ** 2)  # the loss shrinks by the square
        steps = [np.median(needed, 1), np.median(np.maximum(most, 1), 1)]
        page.holds(
            "steps", {words[f"figures.steps.{name}"]: v for name, v in zip(("needed", "most"), steps, strict=True)}
        )
        places = [float(text.replace(",", "")) for text in page.charts["steps"].data[0].x]
        np.testing.assert_allclose(places, without, rtol=5e-3)
        np.testing.assert_array_equal([page.tables["steps"][o] for o in offsets], needed)


def test_the_verdicts_say_the_tables_numbers(default):
    """All four sentences are given the same numbers, of the offset and the bias that each of them names."""
    medians = default.table().groupby(["bias", "offset"])[["largest", "kappa", "steps"]].median()
    chosen, zero = medians.loc[DEFAULT.bias, DEFAULT.offset], medians.loc[DEFAULT.bias, 0.0]
    expected = {
        "largest": chosen.largest, "limit": 2 / chosen.largest, "lr": DEFAULT.share * 2 / chosen.largest,
        "kappa": chosen.kappa, "steps": chosen.steps,
        "limit_zero": 2 / zero.largest, "kappa_zero": zero.kappa, "steps_zero": zero.steps,
        "theory": 1 + DEFAULT.inputs * DEFAULT.offset**2,
        "own": np.median(default.own_steps), "stable": np.median(default.stable[OFFSETS.index(DEFAULT.offset)]),
    }  # fmt: skip
    for name in BIASES:
        row = medians.loc[name, DEFAULT.offset]
        expected |= {f"kappa_{name}": row.kappa, f"steps_{name}": row.steps}
    for verdict in verdicts(default).values():
        assert {name: verdict.numbers[name] for name in expected} == pytest.approx(expected)
