"""Wide networks fit from near; equal units do not; the written-out gradient is the true one."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn import drawn
from endings import unchosen

from lib.engine.progress import Stopped
from lib.figures.style import RING
from lib.questions.wide_networks import experiment
from lib.questions.wide_networks import verdict as verdicts_of
from lib.questions.wide_networks.config import FIT_FROM, WideNetworks
from lib.questions.wide_networks.experiment import LR, _data, gram, gram_limit, on_ring, pull, run, starting, wrong
from lib.questions.wide_networks.verdict import verdicts
from lib.words import load

DEFAULTS = "width=256 start=gaussian labels=random samples=64 steps=200 seed=0"
RULINGS = {
    "wide_fits": "right",
    "gaussian_needed": "depends",  # 64 digits are no proof for all data
    "constant_wide": "wrong",
}

QUICK = WideNetworks(width=64, samples=16, steps=100)


@pytest.fixture(scope="session")
def quick():
    return run(QUICK)


@pytest.fixture(scope="session")
def half():
    return run(replace(QUICK, start="half"))


def problem(repeats=3, m=6, n=5, i=4):
    g = torch.Generator().manual_seed(0)
    w, x = torch.randn(repeats, m, i, generator=g).double(), torch.randn(repeats, n, i, generator=g).double()
    a, y = torch.randn(repeats, m, generator=g).sign().double(), torch.randn(repeats, n, generator=g).sign().double()
    return w, a, x, y


def output(w, a, x):
    return torch.einsum("rm,rmn->rn", a, torch.relu(w @ x.transpose(1, 2))) / w.shape[1] ** 0.5


def test_repeats_in_pieces_are_those_of_all_at_once(quick, monkeypatch):
    monkeypatch.setattr(experiment, "CLOSE", 64 * 16 * 3)  # three of the widest at a time, one left over
    pieces = run(QUICK)
    for name, whole in vars(quick).items():
        if isinstance(whole, np.ndarray):
            np.testing.assert_allclose(getattr(pieces, name), whole, rtol=1e-4, atol=1e-5, err_msg=name)
    for one, other in zip(pieces.ways, quick.ways, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)
    assert experiment._joined([{"way": 1, "diverged": np.array([gone]), "layer1.weight": k, "layer2.weight": k}
                               for k, gone in enumerate((True, False, False))])["layer1.weight"] == 1  # fmt: skip


def test_the_gradient_is_autograds():
    w, a, x, y = problem()
    leaf = w.clone().requires_grad_()
    (0.5 * (output(leaf, a, x) - y).square().sum()).backward()
    z, a = w @ x.transpose(1, 2), a.unsqueeze(2)
    errors = wrong(z, a / w.shape[1] ** 0.5, y, torch.empty_like(z))
    pulled = pull(z, a, errors, torch.empty_like(z)) / w.shape[1] ** 0.5
    np.testing.assert_allclose(pulled @ x, leaf.grad, atol=1e-12)
    np.testing.assert_allclose(errors, output(w, a.squeeze(2), x) - y, atol=1e-12)


def test_the_gram_matrix_is_the_gradients_inner_products():
    w, a, x, _ = problem()
    for r in range(len(w)):
        jacobian = torch.autograd.functional.jacobian(
            lambda v, r=r: output(v[None], a[r : r + 1], x[r : r + 1])[0], w[r]
        ).flatten(1)
        np.testing.assert_allclose(gram(w, x)[r], jacobian @ jacobian.T, atol=1e-12)


def test_many_gaussian_units_come_near_the_limit_of_the_gram_matrix():
    """Definition 3.1 of Du et al. 2019 in closed form, against 40,000 drawn units (error about 0.5 / 200)."""
    _, _, x, _ = problem()
    x = x / x.norm(dim=2, keepdim=True)
    w = torch.randn(3, 40_000, 4, generator=torch.Generator().manual_seed(1)).double()
    np.testing.assert_allclose(gram(w, x), gram_limit(x), atol=0.015)
    np.testing.assert_allclose(torch.diagonal(gram_limit(x), dim1=1, dim2=2), 0.5, atol=1e-6)


def test_the_sine_draws_nothing():
    for ours, theirs in zip(starting("sine", 8, range(3)), starting("sine", 8, range(50, 53)), strict=True):
        assert torch.equal(ours, theirs)
        assert torch.equal(ours[0], ours[2])
    assert not torch.equal(starting("gaussian", 8, range(3))[0], starting("gaussian", 8, range(50, 53))[0])


def test_what_the_theorem_asks_for_is_far_away(default):
    order = np.log10(64**6 / np.median(default.limit) ** 4)
    assert order > 10
    raised = {ord(figure): digit for digit, figure in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
    needed = verdicts(default)["gram"].numbers["needed"]
    assert needed[:2] == "10" and int("".join(str(raised[ord(f)]) for f in needed[2:])) == round(order)


def test_wide_ones_fit_all_labels_from_near(default):
    wide = default.widths >= 32
    assert (default.accuracy[wide] == 1).all()  # every repeat
    assert np.median(default.accuracy[0]) < 1
    assert (np.diff(np.median(default.moved, 1)) < 0).all()
    keys = [v.key for v in verdicts(default).values()]
    assert keys == [
        "fits_nearby",
        "slope_steeper",
        "kernel_stays",
        "gram_positive",
        "constant_stuck",
        "dice_not_needed",
    ]
    assert default.slopes().max() < -0.5  # every repeat: not the -1/2 of very wide networks, which -0.59 was called


def test_wide_ones_keep_the_rate_of_the_theorem(default):
    """Du et al. 2019, theorem 4.1, at every step of every repeat from width 64 on."""
    steps = np.arange(default.loss.shape[1])[:, None]
    for k in np.flatnonzero(default.widths >= 64):
        bound = (1 - LR * default.eigenvalue[k] / 2) ** steps
        assert (default.loss[k] <= bound * default.loss[k, 0] + 1e-6).all()


def test_equal_units_stay_two_and_their_gram_matrix_is_singular(half):
    """Units with the same output sign get the same gradient: two at most, in every repeat and at every width."""
    assert half.units.max() <= 2
    assert half.eigenvalue.max() < 1e-6
    assert verdicts(half)["main"].key == "same_units"
    assert verdicts(half)["slope"].key == "slope_unfitted"
    assert verdicts(half)["gram"].key == "gram_singular"
    np.testing.assert_array_equal(half.accuracy[half.chosen], half.other_accuracy[2])  # the same run


@pytest.mark.parametrize("lr", [0.03, 0.1, 1.0])
def test_no_learning_rate_helps_equal_units(lr, monkeypatch):
    monkeypatch.setattr("lib.questions.wide_networks.experiment.LR", lr)
    stuck = run(replace(QUICK, start="half"))
    assert stuck.units.max() <= 2
    assert np.median(stuck.accuracy, 1).max() < 0.9


def test_all_starts_meet_the_same_labels(quick, half):
    np.testing.assert_array_equal(quick.other_accuracy, half.other_accuracy)
    assert not np.array_equal(quick.loss, half.loss)


def test_too_narrow_too_early_and_real_labels():
    early = run(replace(QUICK, width=4, steps=10))
    assert verdicts(early)["main"].key == "not_fitted"
    assert verdicts(early)["kernel"].key == "kernel_moves"
    assert verdicts(early)["dice"].key == "dice_open"
    assert verdicts(early)["constant"].key == "constant_open"
    assert run(replace(QUICK, labels="real")).accuracy[-1].min() == 1


def test_every_sentence_can_be_reached(quick):
    one = np.ones_like(quick.accuracy)
    far = put(quick, one)
    assert verdicts_of.main(far).key == "fits_far"
    one_lost = np.zeros_like(quick.diverged)
    one_lost[quick.chosen, 0] = 1
    assert verdicts_of.main(replace(quick, diverged=one_lost)).key == "run_away"
    jittered = replace(quick, config=replace(QUICK, start="jittered_half"), accuracy=one / 2)
    for fitted, key in ((1.0, "alike_units"), (0.9, "not_fitted")):  # the start is blamed where another one fits
        others = np.full_like(quick.other_accuracy, fitted)
        assert verdicts_of.main(replace(jittered, other_accuracy=others)).key == key
    solved = quick.loss.copy()
    solved[:, -1] = solved[:, 0] / 1000
    uneven = solved.copy()
    uneven[quick.widths == 32, -1] = uneven[quick.widths == 32, 0] / 50  # the labels' signs may all be right by then
    assert verdicts_of.slope(replace(quick, loss=uneven)).key == "slope_unfitted"
    law, signs = quick.widths[:, None] ** -0.5, (-1.0) ** np.arange(10)
    bent = {"slope_other": one, "slope_half": law * one, "slope_steeper": law**1.2 * one,
            "slope_unclear": law ** (1 + 0.3 * signs)}  # fmt: skip
    for key, moved in bent.items():
        assert verdicts_of.slope(put(replace(quick, loss=solved), moved)).key == key
    late = quick.loss.copy()
    late[:, -1] = late[:, 0]
    assert verdicts_of.gram(replace(quick, loss=late)).key == "gram_bound_missed"
    fitted = quick.other_accuracy * 0 + 1
    assert verdicts_of.constant(replace(quick, other_accuracy=fitted)).key == "constant_fits"
    fitted[1] = 0.5
    assert verdicts_of.dice(replace(quick, other_accuracy=fitted)).key == "dice_needed"


def test_progress_can_stop_it():
    with pytest.raises(Stopped):
        run(QUICK, lambda done, total: done > total / 4)


def put(result, moved):
    """The result with other ways, (W, R), at the end."""
    return replace(result, went=np.concatenate([result.went[:, :-1], moved[:, None]], 1))


def test_the_fit_finds_a_power_law(quick):
    law = put(quick, np.repeat(3 * quick.widths[:, None] ** -0.5, 10, 1))
    assert law.slope() == pytest.approx(-0.5)
    np.testing.assert_allclose(law.theory()[3:], law.went_by_width()[-1, 3:])


def test_a_ring_keeps_lengths_and_distances_from_the_start():
    weights = np.random.default_rng(0).standard_normal((3, 5, 64))
    places = on_ring(weights)
    np.testing.assert_allclose(np.linalg.norm(places, axis=2), np.linalg.norm(weights, axis=2))
    np.testing.assert_allclose(
        np.linalg.norm(places - places[0], axis=2), np.linalg.norm(weights - weights[0], axis=2)
    )
    turn = 2 * np.pi * np.arange(5) / 5  # from the top on
    np.testing.assert_allclose(np.arctan2(*places[0].T) % (2 * np.pi) % (2 * np.pi - 1e-9), turn, atol=1e-8)


def hold_the_ways(page, words, result):
    """The hero: networks trained by torch's autograd from the same start end as far away, unit by unit, as drawn."""
    assert page.hero == "ways"
    x, y, seeds = _data(result.config)
    chart, looks = page.charts["ways"], [0, 1, 3, 10, 30, 100, 200]
    assert [frame.name for frame in chart.frames] == [str(look) for look in looks]
    for k, m in enumerate((4, 32, 256)):
        w, a = (part[:1] for part in starting("gaussian", m, seeds))
        begin = w[0].clone()
        for _ in range(result.config.steps):
            w.requires_grad_()
            (0.5 * (output(w, a, x[:1]) - y[:1]).square().sum()).backward()
            w = (w - LR * w.grad).detach()
        ring, _, ends = (np.column_stack([trace.x, trace.y]) for trace in chart.data[3 * k : 3 * k + 3])
        assert len(ends) == min(m, 48)
        np.testing.assert_allclose(np.linalg.norm(ring, axis=1), begin.norm(dim=1)[:48], rtol=1e-4)
        np.testing.assert_allclose(np.linalg.norm(ends, axis=1), w[0].norm(dim=1)[:48], atol=2e-2)
        np.testing.assert_allclose(chart.data[3 * k + 2].customdata, (w[0] - begin).norm(dim=1)[:48], atol=2e-2)
        went = np.median(result.went[result.widths.tolist().index(m)], 1)  # (T,)
        for look, frame in enumerate(chart.frames):
            said = words.say("figures.ways.panel", width=m, moved=went[look])
            assert frame.data[-1].text[k] == f"<b>{said}</b>"
            np.testing.assert_array_equal(page.tables["ways"][f"width_{m}"], went)
    marked = [shape.line.color == RING for shape in chart.layout.shapes]
    assert marked == [False, False, True]  # around the panel of the chosen width, 256
    page.held.add("ways")


def test_every_chart_shows_the_runs_numbers(default):
    words, widths = load("wide_networks"), default.widths.tolist()
    went = np.median(default.went, 2)  # (W, T)
    with drawn("wide_networks") as page:
        hold_the_ways(page, words, default)
        theory, line = page.charts["ways"].data[9:11]
        assert list(line.x) == widths
        np.testing.assert_allclose(line.y, went[:, -1])
        for look, frame in enumerate(page.charts["ways"].frames[1:], start=1):
            np.testing.assert_allclose(frame.data[10].y, went[:, look])
        wide = default.widths >= FIT_FROM
        np.testing.assert_allclose(theory.y[wide], went[-1, -1] * np.sqrt(widths[-1] / default.widths[wide]))
        np.testing.assert_array_equal(page.tables["ways"].step, default.looked)
    np.testing.assert_array_equal(default.went[:, 0], 0)


def no_two_alike(default):
    """The run with another share of the labels fitted at every width and from every other start."""
    return replace(
        default,
        accuracy=default.accuracy * (1 - np.arange(len(default.widths)) / 100)[:, None],
        other_accuracy=default.other_accuracy * np.array([0.95, 0.85, 0.75])[:, None],
    )


@pytest.mark.parametrize("made", [lambda run: run, no_two_alike], ids=["default", "no_two_alike"])
def test_the_verdicts_say_the_tables_numbers(default, made):
    result = made(default)
    table, found = result.table(), {name: verdict.numbers for name, verdict in verdicts(result).items()}
    medians = table.groupby("width").median()
    wide, narrow, fit = medians.loc[256], medians.loc[4], medians[medians.index >= FIT_FROM]
    chosen, begin = table[table.width == 256], default.loss[default.widths == 256][0, 0]
    bound = (1 - LR * chosen.smallest_eigenvalue.to_numpy() / 2) ** default.config.steps
    gaussian, sine, half = np.median(result.other_accuracy, 1)
    expected = {
        "main": {"accuracy": wide.train_accuracy, "moved": wide.moved, "units": wide.different_units,
                 "narrow": narrow.train_accuracy},
        "slope": {"slope": np.polyfit(np.log(fit.index), np.log(fit.moved), 1)[0]},
        "kernel": {"change": wide.kernel_change, "narrow": narrow.kernel_change},
        "gram": {"kept": (chosen.loss_end <= bound * begin + 1e-6).sum()},
        "constant": {"accuracy": half, "gaussian": gaussian, "units": np.median(default.other_units[2])},
        "dice": {"sine": sine, "gaussian": gaussian},
    }  # fmt: skip
    for entry, numbers in expected.items():
        assert {name: found[entry][name] for name in numbers} == pytest.approx(numbers, rel=1e-6, abs=0), entry


def test_the_network_to_take_home_is_the_first_of_the_chosen_width(quick):
    """In plain torch: its loss and its accuracy at the end."""
    x, y, _ = _data(QUICK)
    w, out = (torch.from_numpy(quick.network[f"layer{k}.weight"]) for k in (1, 2))
    given = (torch.relu(x[0] @ w.T) @ out.T).squeeze(1)
    assert w.shape == (QUICK.width, 64)
    assert ((given - y[0]) ** 2).mean().item() / 2 == pytest.approx(quick.loss[quick.chosen, -1, 0], rel=1e-3)
    assert (given * y[0] > 0).float().mean().item() == pytest.approx(quick.accuracy[quick.chosen, 0])


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("wide_networks")
