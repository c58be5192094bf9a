"""Wide networks fit from near; equal units do not; the written-out gradient is the true one."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn import drawn
from endings import unchosen

from lib.engine.progress import Stopped
from lib.questions.wide_networks import verdict as verdicts_of
from lib.questions.wide_networks.config import FIT_FROM, WideNetworks
from lib.questions.wide_networks.experiment import LR, _data, gradient, gram, gram_limit, run, starting
from lib.questions.wide_networks.verdict import verdicts
from lib.words import load

DEFAULTS = "width=256 start=gaussian labels=random samples=64 steps=200 seed=0"
RULINGS = {
    "wide_fits": "right",
    "gaussian_needed": "wrong",
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


def test_the_gradient_is_autograds():
    w, a, x, y = problem()
    leaf = w.clone().requires_grad_()
    (0.5 * (output(leaf, a, x) - y).square().sum()).backward()
    own, errors = gradient(w, a, x, y)
    np.testing.assert_allclose(own, leaf.grad, atol=1e-12)
    np.testing.assert_allclose(errors, output(w, a, x) - y, atol=1e-12)


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
    numbers = verdicts(default)["gram"].numbers
    assert numbers["limit"] == pytest.approx(np.median(default.limit))
    assert 10 ** numbers["order"] == pytest.approx(64**6 / numbers["limit"] ** 4)
    assert numbers["rate"] == pytest.approx(numbers["limit"] / 64**2)
    assert numbers["order"] > 10


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
    np.testing.assert_array_equal(half.loss[half.chosen], half.other_loss[2])  # the same run


@pytest.mark.parametrize("lr", [0.03, 0.1, 1.0])
def test_no_learning_rate_helps_equal_units(lr, monkeypatch):
    monkeypatch.setattr("lib.questions.wide_networks.experiment.LR", lr)
    stuck = run(replace(QUICK, start="half"))
    assert stuck.units.max() <= 2
    assert np.median(stuck.accuracy, 1).max() < 0.9


def test_all_starts_meet_the_same_labels(quick, half):
    np.testing.assert_array_equal(quick.other_loss, half.other_loss)
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
    assert verdicts_of.main(replace(quick, moved=one)).key == "fits_far"
    one_lost = np.zeros_like(quick.diverged)
    one_lost[quick.chosen, 0] = 1
    assert verdicts_of.main(replace(quick, diverged=one_lost)).key == "run_away"
    jittered = replace(quick, config=replace(QUICK, start="jittered_half"), accuracy=one / 2)
    assert verdicts_of.main(jittered).key == "alike_units"
    uneven = quick.accuracy.copy()
    uneven[quick.widths == 32] = 0.9
    assert verdicts_of.slope(replace(quick, accuracy=uneven)).key == "slope_unfitted"
    law, signs = quick.widths[:, None] ** -0.5, (-1.0) ** np.arange(10)
    bent = {"slope_other": one, "slope_half": law * one, "slope_steeper": law**1.2 * one,
            "slope_unclear": law ** (1 + 0.3 * signs)}  # fmt: skip
    for key, moved in bent.items():
        assert verdicts_of.slope(replace(quick, accuracy=one, moved=moved)).key == key
    late = quick.loss.copy()
    late[:, -1] = late[:, 0]
    assert verdicts_of.gram(replace(quick, loss=late)).key == "gram_bound_missed"
    fitted = quick.other_accuracy * 0 + 1
    assert verdicts_of.constant(replace(quick, other_accuracy=fitted)).key == "constant_fits"
    fitted[1] = 0.5
    assert verdicts_of.dice(replace(quick, other_accuracy=fitted)).key == "dice_needed"


def test_progress_can_stop_it():
    with pytest.raises(Stopped):
        run(QUICK, lambda done, total: done == 2)


def test_the_fit_finds_a_power_law(quick):
    law = replace(quick, moved=np.repeat(3 * quick.widths[:, None] ** -0.5, 10, 1))
    assert law.fit()[0] == pytest.approx(-0.5)
    lines = law.distances()
    np.testing.assert_allclose(lines[3:, :, 1], lines[3:, :, 2])


def hold_the_ways(page, words, result):
    """The hero: a network trained by torch's autograd from the same start, in the plane of its own digits."""
    assert page.hero == "ways"
    x, y, seeds = _data(result.config)
    digits = x[0].double().numpy()
    plane = np.linalg.svd(digits - digits.mean(0), full_matrices=False)[2][:2]
    chart, table = page.charts["ways"], page.tables["ways"]
    ends = [trace for trace in chart.data if trace.mode == "markers"]
    notes = [note.text for note in chart.layout.annotations]
    for k, m in enumerate((4, 32, 256)):
        w, a = (part[:1] for part in starting("gaussian", m, seeds))
        begin = w[0].clone()
        for _ in range(result.config.steps):
            w.requires_grad_()
            (0.5 * (output(w, a, x[:1]) - y[:1]).square().sum()).backward()
            w = (w - LR * w.grad).detach()
        mine = table[table.width == m]
        assert len(mine) == min(m, 48)
        for name, weights, trace in (("start", begin, ends[2 * k]), ("end", w[0], ends[2 * k + 1])):
            places = weights[:48].double().numpy() @ plane.T
            np.testing.assert_allclose(mine[[f"{name}_first", f"{name}_second"]], places, atol=2e-2)
            inside = np.clip(np.asarray(mine[[f"{name}_first", f"{name}_second"]]), -result.plane(), result.plane())
            on_axis = np.column_stack([trace.x, trace.y]) - [k * 1.08 + 0.5, 0.5]
            np.testing.assert_allclose(on_axis * 2 * result.plane(), inside, atol=1e-4)
        moved = np.median(result.moved[result.widths.tolist().index(m)])
        assert words.say("figures.ways.note", moved=moved) in notes
    page.held.add("ways")


def test_every_chart_shows_the_runs_numbers(default):
    words, widths = load("wide_networks"), default.widths.tolist()
    moved, right, flipped, kernel = (
        np.median(values, 1) for values in (default.moved, default.accuracy, default.flipped, default.kernel)
    )
    with drawn("wide_networks") as page:
        hold_the_ways(page, words, default)
        table = page.tables["curves"]
        steps = table.step.to_numpy()
        assert (steps[0], steps[-1]) == (0, default.config.steps)
        drawn_widths = ("4", "16", "64", "256")
        runs = {m: default.loss[widths.index(int(m))] for m in drawn_widths} | {"half": default.other_loss[2]}
        # The median of ten is the mean of two, and the figure takes it of the logarithms.
        powers = {k: np.median(np.log10(np.clip(run / run[0], 1e-6, None)), 1)[steps] for k, run in runs.items()}
        page.holds("curves", {words[f"figures.curves.{k}"]: values for k, values in powers.items()})
        columns = [*(f"width_{m}" for m in drawn_widths), "half_everywhere_256"]
        np.testing.assert_allclose(table[columns].T, list(powers.values()))
        np.testing.assert_array_equal(page.named("curves")[words["figures.curves.4"]].customdata[:, 0], steps)
        fit = default.widths >= FIT_FROM
        line = np.polynomial.Polynomial.fit(np.log(default.widths[fit]), np.log(moved[fit]), 1)
        last = np.exp(line(np.log(widths[-1])))
        lines = {"moved": moved, "fitted": np.where(fit, np.exp(line(np.log(widths))), np.nan),
                 "theory": np.where(fit, last * np.sqrt(widths[-1] / default.widths), np.nan)}  # fmt: skip
        page.holds("distance", {words[f"figures.distance.{k}"]: values for k, values in lines.items()})
        shares = {"labels": right, "flipped": flipped, "kernel": kernel}
        page.holds("shares", {words[f"figures.shares.{k}"]: 100 * values for k, values in shares.items()})
        for chart in ("distance", "shares"):
            assert next(iter(page.named(chart).values())).x == tuple(widths)
            medians = page.tables[chart].groupby("width").median()  # of one row each, under the shares
            for name, values in {"moved": moved, "train_accuracy": right, "signs_flipped": flipped,
                                 "kernel_change": kernel}.items():  # fmt: skip
                np.testing.assert_array_equal(medians[name], values)


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
    chosen, loss = table[table.width == 256], default.loss[default.widths == 256][0]  # (S, R)
    bound = (1 - LR * chosen.smallest_eigenvalue.to_numpy() / 2) ** default.config.steps
    gaussian, sine, half = range(3)
    lines = (rows[rows.width >= FIT_FROM] for _, rows in table.groupby("repeat"))
    slopes = [np.polyfit(np.log(line.width), np.log(line.moved), 1)[0] for line in lines]
    expected = {
        "main": {"accuracy": wide.train_accuracy, "loss": wide.loss_end, "moved": wide.moved,
                 "units": wide.different_units, "narrow": narrow.train_accuracy, "begin": np.median(loss[0])},
        "slope": {"slope": np.polyfit(np.log(fit.index), np.log(fit.moved), 1)[0],
                  "fitted": fit.train_accuracy.min(), "last": medians.index[-1],
                  "steepest": min(slopes), "flattest": max(slopes)},
        "kernel": {"change": wide.kernel_change, "flipped": wide.signs_flipped, "narrow": narrow.kernel_change},
        "gram": {"smallest": wide.smallest_eigenvalue, "bound": np.median(bound),
                 "ratio": np.median(chosen.loss_end / loss[0]), "change": wide.kernel_change,
                 "kept": (chosen.loss_end <= bound * loss[0] + 1e-6).sum(),
                 "stable": LR * np.median(default.largest[default.widths == 256])},
        "constant": {"accuracy": np.median(result.other_accuracy[half]),
                     "gaussian": np.median(result.other_accuracy[gaussian]),
                     "loss": np.median(default.other_loss[half, -1]),
                     "units": np.median(default.other_units[half]),
                     "smallest": np.median(np.abs(default.other_eigenvalue[half]))},
        "dice": {"sine": np.median(result.other_accuracy[sine]),
                 "gaussian": np.median(result.other_accuracy[gaussian]),
                 "loss_sine": np.median(default.other_loss[sine, -1]), "loss_gaussian": wide.loss_end,
                 "eigen_sine": np.median(default.other_eigenvalue[sine]),
                 "eigen_gaussian": wide.smallest_eigenvalue},
    }  # fmt: skip
    for entry, numbers in expected.items():
        assert {name: found[entry][name] for name in numbers} == pytest.approx(numbers, rel=1e-6, abs=0), entry


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("wide_networks")
