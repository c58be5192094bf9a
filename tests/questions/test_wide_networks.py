"""Wide networks fit from near; equal units do not; the written-out gradient is the true one."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from lib.engine.progress import Stopped
from lib.questions.wide_networks import verdict as verdicts_of
from lib.questions.wide_networks.config import WideNetworks
from lib.questions.wide_networks.experiment import LR, gradient, gram, gram_limit, run, starting
from lib.questions.wide_networks.verdict import verdicts

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
    assert keys == ["fits_nearby", "slope_half", "kernel_stays", "gram_positive", "constant_stuck", "dice_not_needed"]
    assert abs(default.fit()[0] + 0.5) < 0.1


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
    assert verdicts_of.slope(replace(quick, moved=one)).key == "slope_other"
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
