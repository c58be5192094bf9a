"""The measured matrix has the closed form's eigenvalues; 2 / lambda_max is the limit; steps stay under the bound."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn import drawn
from endings import unchosen

from lib.engine import neuron
from lib.questions.conditioning.config import BIASES, LATE, LEFT, OFFSETS, Conditioning
from lib.questions.conditioning.experiment import REPEATS, SAMPLES, SHARES, fewest, matrix, run, steps_needed
from lib.questions.conditioning.result import bound
from lib.questions.conditioning.verdict import absorbs, bias, main, verdicts
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


@pytest.mark.parametrize("name", BIASES)
def test_steps_never_exceed_the_bound(name):
    result = run(replace(SMALL, bias=name))
    kappa, needed = result.kappa[result.row], result.steps[result.row]
    most = np.log(LEFT) / np.log(((kappa - 1) / (kappa + 1)) ** 2)  # the loss shrinks by the square
    assert (needed <= np.ceil(np.maximum(most, 1))).all()


@pytest.mark.parametrize("name", BIASES)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.98])
def test_no_rate_that_can_be_chosen_beats_the_best(name, share):
    """The best is searched on what is counted, the loss: a rate that is best for the distance was beaten 36-fold."""
    result = run(replace(DEFAULT, bias=name, share=share))
    assert share in SHARES
    assert (result.steps[result.row, result.at] <= result.own_steps).all()
    assert (result.late.T >= result.steps[:, result.at].T).all()


def test_the_fewest_steps_are_those_of_a_loop_at_the_rate_that_needs_them(default):
    second = neuron.moments(neuron.with_bias(neuron.draws(range(2), SAMPLES, DEFAULT.inputs)))
    h = matrix(second, DEFAULT.offset, "with")
    start = np.stack([np.random.default_rng((s, 4)).standard_normal(DEFAULT.inputs + 1) for s in range(2)])
    steps, share = fewest(*np.linalg.eigh(h), start, LEFT)
    np.testing.assert_array_equal(steps, default.steps[1, default.at, :2])
    np.testing.assert_array_equal(share, default.best_share[1, default.at, :2])
    for r in range(2):
        counts = {}
        for factor in (0.9, 1.0, 1.03):  # of that rate: its neighbours are no better
            delta, made = start[r].copy(), 0
            rate = min(factor * share[r], 0.99) * 2 / np.linalg.eigvalsh(h[r])[-1]
            while delta @ h[r] @ delta > LEFT * (start[r] @ h[r] @ start[r]) and made < 3000:
                delta, made = delta - rate * h[r] @ delta, made + 1
            counts[factor] = made
        assert counts[1.0] == steps[r] <= min(counts.values()) + 1


def test_the_flat_direction_that_a_bias_adds_shows_late(default):
    """Squaring the condition number costs nothing for the first hundredfold of the loss, and much in the end."""
    without, with_bias = default.steps[:, default.at]
    assert np.median(with_bias) < 1.25 * np.median(without)
    assert np.median(default.late[1]) > 5 * np.median(default.late[0])
    assert (default.late[1] >= default.late[0]).all()
    values, vectors = np.ones((1, 1)), np.ones((1, 1, 1))
    one = steps_needed(values, vectors, np.ones((1, 1)), np.array([0.1]), LATE)
    assert one[0] == np.ceil(np.log(LATE) / 2 / np.log(0.9))


@pytest.mark.parametrize("share", [0.1, 0.9, 0.98, 1.02])
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
    one = steps_needed(values, vectors, np.ones((1, 1)), np.array([0.1]), LEFT)
    assert one[0] == np.ceil(np.log(LEFT) / 2 / np.log(0.9))
    assert steps_needed(values, vectors, np.ones((1, 1)), np.array([2.1]), LEFT)[0] == -1


def plane_of(config, offset):
    """The first repeat's loss in the plane, from its samples: along the offset, across it (or the bias)."""
    x = neuron.draws(range(1), SAMPLES, config.inputs)[0] + offset
    along = x.sum(1) / config.inputs**0.5
    across = np.ones(len(x)) if config.bias == "with" else (x[:, 0] - x[:, 1]) / 2**0.5
    return np.array([[(a * b).mean() for b in (along, across)] for a in (along, across)])


@pytest.mark.parametrize("name", BIASES)
def test_contours_and_walks_belong_to_the_loss_of_the_samples(name):
    """A line has one loss; a loop takes the steps that are told, and no other rate takes fewer."""
    planes = run(replace(SMALL, bias=name, share=0.5)).planes
    for k, offset in enumerate(OFFSETS):
        h = plane_of(replace(SMALL, bias=name), offset)
        top = np.linalg.eigvalsh(h)[-1]
        assert planes.longer[k] == pytest.approx(np.linalg.cond(h) ** 0.5)
        for line in planes.contours[k]:
            loss = np.einsum("im,ij,jm->m", line, h, line)
            np.testing.assert_allclose(loss, loss[0], rtol=1e-9)
        place, made = planes.walks[k, 0].copy(), 0
        while np.linalg.norm(place) > 0.1 * np.linalg.norm(planes.walks[k, 0]):
            place, made = place - planes.shares[k] * 2 / top * h @ place, made + 1
            if made < len(planes.walks[k]):
                np.testing.assert_allclose(planes.walks[k, made], place, atol=1e-9)
        assert made == planes.steps[k]
        own = planes.own[k]
        np.testing.assert_allclose(own[1], own[0] - 0.5 * 2 / top * h @ own[0])
        arrived = np.flatnonzero(np.linalg.norm(own, axis=1) <= 0.1 * np.linalg.norm(own[0]))
        assert not len(arrived) or arrived[0] >= made
        np.testing.assert_allclose(planes.inputs[k], neuron.draws(range(1), SAMPLES, 2)[0, :120] + offset, rtol=1e-6)


def test_the_egg_is_as_long_as_the_formula_says(default):
    np.testing.assert_allclose(default.planes.longer, np.sqrt(default.theory[0]), rtol=0.15)
    assert (np.diff(default.planes.steps) > 0).all()
    assert default.planes.steps[0] == 1


def test_the_verdicts(default):
    keys = {name: v.key for name, v in verdicts(default).items()}
    assert keys == {"main": "stretched", "rate": "rate_converges", "bias": "bias_worse", "absorbs": "absorbs_not"}
    assert default.largest.shape == (2, len(OFFSETS), REPEATS)


@pytest.mark.parametrize(
    ("settings", "keys"),
    [
        ({"offset": 0.0}, {"main": "no_offset", "bias": "bias_alike", "absorbs": "absorbs_nothing"}),
        ({"offset": 0.5, "inputs": 2}, {"main": "round"}),
        ({"share": 1.02}, {"rate": "rate_diverges"}),
        ({"share": 1.1, "bias": "with"}, {"rate": "rate_diverges", "main": "stretched"}),
    ],
)
def test_other_ends_have_their_own_sentence(settings, keys):
    found = verdicts(run(replace(DEFAULT, **settings)))
    assert {name: found[name].key for name in keys} == keys


def test_a_run_could_still_say_the_opposite(default):
    round_ = np.ones_like(default.largest)
    assert main(replace(default, largest=round_, smallest=round_)).key == "round"
    level = default.steps.copy()
    level[:, default.at] = level[:, 0]
    assert main(replace(default, steps=level)).key == "unpaid"
    assert absorbs(replace(default, steps=level)).key == "absorbs_all"


def test_what_the_repeats_do_not_agree_on_is_not_told(default):
    """Half of the repeats one way and half the other: medians differ, and nothing is shown."""
    torn = default.steps.copy()
    torn[1, default.at, ::2], torn[1, default.at, 1::2] = 3, 0.4
    torn[1, 0] = 1
    assert absorbs(replace(default, steps=torn)).key == "absorbs_unclear"
    late = default.late.copy()
    late[1] = late[0]
    assert bias(replace(default, late=late)).key == "bias_unfelt"
    late[1] = late[0] * np.where(np.arange(REPEATS) % 2, 3, 0.4)
    assert bias(replace(default, late=late)).key == "bias_unclear"
    late[1] = late[0] * np.where(np.arange(REPEATS) < 2, 100, 1.01)  # higher in all, in most by hardly anything
    assert bias(replace(default, late=late)).key == "bias_rare"


def holds_an_egg(chart, contours, walks):
    """Lines of equal loss panel by panel, and in frame k the walks as far as step k."""
    lines = [trace for trace in chart.data if trace.fill == "toself"]
    assert len(lines) == contours.shape[0] * contours.shape[1]
    for line, expected in zip(lines, contours.reshape(-1, 2, contours.shape[-1]), strict=True):
        np.testing.assert_allclose([line.x, line.y], expected, rtol=1e-5, atol=1e-6)
    assert [step.label for step in chart.layout.sliders[0].steps] == [str(k) for k in range(len(chart.frames))]
    for k, frame in enumerate(chart.frames):
        for descent, walk in zip(frame.data[-len(walks) :], walks, strict=True):
            np.testing.assert_allclose(np.stack([descent.x, descent.y], 1), walk[: k + 1], rtol=1e-5, atol=1e-6)


def holds_the_eggs(page, default):
    """Without an offset and with it at the fewest steps; beside it the descent at the chosen share."""
    words, planes, panels = load("conditioning"), default.planes, [0, OFFSETS.index(DEFAULT.offset)]
    names = [words["figures.egg.walk_none"], words["figures.egg.walk_some"]]
    drawn_steps = planes.steps[panels].max()
    for column, axis, name in ((0, "x", "along"), (1, "y", "across_or_bias")):
        walks = planes.walks[panels][:, : drawn_steps + 1, column]
        page.holds("egg", dict(zip(names, walks, strict=True)), of=axis)
        page.holds("own", {words["figures.own.walk"]: planes.own[panels[1], :, column]}, of=axis)
        np.testing.assert_array_equal(page.tables["egg"][name], planes.walks[panels[1], :, column])
        np.testing.assert_array_equal(page.tables["own"][name], planes.own[panels[1], :, column])
    holds_an_egg(page.charts["egg"], planes.contours[panels], planes.walks[panels])
    holds_an_egg(page.charts["own"], planes.contours[panels[1:]], planes.own[panels[1:]])
    clouds = [trace for trace in page.charts["egg"].data if trace.marker.size == 2.5]
    for cloud, points in zip(clouds, planes.inputs[panels], strict=True):
        scale = np.ptp(cloud.x) / np.ptp(points[:, 0])  # drawn small, in a corner
        small = points * scale + np.array([cloud.x[0], cloud.y[0]]) - points[0] * scale
        np.testing.assert_allclose(np.stack([cloud.x, cloud.y], 1), small, atol=1e-4)
    notes = [note.text for note in page.charts["egg"].layout.annotations[:2]]
    for note, k in zip(notes, panels, strict=True):
        assert f"{np.sqrt(np.linalg.cond(plane_of(DEFAULT, OFFSETS[k]))):.1f} ×" in note
        assert note.endswith(f"steps here: {planes.steps[k]}")
    assert page.numbers["own"]["left"] == pytest.approx(np.linalg.norm(planes.own[panels[1], -1]) / 2**0.5)


def test_without_an_offset_there_is_one_egg():
    with drawn("conditioning", **{"Conditioning.offset": "0.0"}) as page:
        page.held.update(page.charts)
        assert len(page.named("egg")) == 1


def test_every_chart_shows_the_runs_numbers(default):
    words = load("conditioning")
    kappa = default.largest / default.smallest  # (2, O, R): without a bias, with one
    without, with_bias = np.median(kappa, 2)
    with drawn("conditioning") as page:
        holds_the_eggs(page, default)
        lines = {"without": without, "without_theory": default.theory[0], "with": with_bias}
        lines["with_theory"] = default.theory[1]
        page.holds("kappa", {words[f"figures.kappa.{name}"]: values for name, values in lines.items()})
        table = page.tables["kappa"].groupby(["bias", "offset"]).kappa.median()
        np.testing.assert_allclose(table["without"], without)
        np.testing.assert_allclose(table["with"], with_bias)


def test_the_verdicts_say_the_tables_numbers(default):
    """All sentences are given the same numbers, of the offset and the bias that each of them names."""
    medians = default.table().groupby(["bias", "offset"])[["largest", "kappa", "steps", "best_share"]].median()
    chosen, zero = medians.loc[DEFAULT.bias, DEFAULT.offset], medians.loc[DEFAULT.bias, 0.0]
    expected = {
        "largest": chosen.largest, "limit": 2 / chosen.largest, "lr": DEFAULT.share * 2 / chosen.largest,
        "kappa": chosen.kappa, "steps": chosen.steps,
        "limit_zero": 2 / zero.largest, "kappa_zero": zero.kappa, "steps_zero": zero.steps,
        "own": np.median(default.own_steps),
    }  # fmt: skip
    for name in BIASES:
        row = medians.loc[name, DEFAULT.offset]
        expected |= {f"kappa_{name}": row.kappa, f"steps_{name}": row.steps}
        assert 0.5 < row.best_share < 1  # of 2 / lambda_max, as the table says
    expected |= {"with_zero": medians.loc["with", 0.0].steps}
    expected |= dict(zip(("late_without", "late_with"), np.median(default.late, 1), strict=True))
    for verdict in verdicts(default).values():
        assert {name: verdict.numbers[name] for name in expected} == pytest.approx(expected)


@pytest.mark.parametrize("name", BIASES)
def test_the_neuron_to_take_home_has_arrived(name):
    """By plain descent in torch, at the rate that needs the fewest steps, on the first repeat's own inputs."""
    config = replace(SMALL, bias=name)
    result = run(config)
    x = neuron.draws(range(1), SAMPLES, config.inputs)[0] + config.offset
    h = torch.from_numpy(neuron.moments(neuron.with_bias(x) if name == "with" else x))
    start = torch.from_numpy(np.random.default_rng((0, 4)).standard_normal(config.inputs + 1)[: len(h)])
    w = start.clone().requires_grad_()
    at = result.row, result.at, 0
    sgd = torch.optim.SGD([w], lr=float(result.best_share[at] * 2 / result.largest[at]))
    for _ in range(int(result.steps[at])):
        sgd.zero_grad()
        (w @ h @ w / 2).backward()
        sgd.step()
    taken = np.concatenate([part.ravel() for part in result.network.values()])
    np.testing.assert_allclose(taken, w.detach(), atol=1e-6)
    assert taken @ h.numpy() @ taken <= LEFT * float(start @ h @ start)
    assert result.network["layer1.weight"].shape == (1, config.inputs)


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("conditioning")
