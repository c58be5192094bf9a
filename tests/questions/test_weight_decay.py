"""Decay alone never crosses zero while lr * lambda < 1; with noise it settles where theory says."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from lib.engine import inits, mlp, train
from lib.engine.data import digits
from lib.questions.weight_decay.config import SHRINKS, STARTS, SWEEP, WeightDecay
from lib.questions.weight_decay.experiment import LR, REPEATS, SIZES, run
from lib.questions.weight_decay.verdict import data, variation, verdicts

DEFAULTS = "shrink=0.005 start=abs_he steps=200 seed=0"
RULINGS = {
    "decay_makes_negative": "depends",
    "centred_small_norm": "right",
    "variation_predicts": "right",
}

DEFAULT = WeightDecay()
QUICK = WeightDecay(steps=30)


@pytest.mark.parametrize("shrink", [s for s in SHRINKS if 0 < s < 1])
def test_decay_alone_never_crosses_zero_below_one(shrink):
    result = run(replace(QUICK, shrink=shrink))
    assert result.alone.max() == 0
    assert verdicts(result)["main"].key == "alone_never"
    start = run(replace(QUICK, shrink=0.0)).grown
    np.testing.assert_allclose(result.grown, start * (1 - shrink) ** 30, rtol=1e-9)


def test_decay_alone_flips_every_sign_between_one_and_two():
    result = run(replace(QUICK, shrink=1.5))
    odd = result.steps % 2 == 1
    assert (result.alone[odd] == 1).all()
    assert (result.alone[~odd] == 0).all()
    assert verdicts(result)["main"].key == "alone_flips"


def test_beyond_two_it_diverges_and_nothing_is_infinite():
    result = run(replace(DEFAULT, shrink=2.5))
    assert verdicts(result)["main"].key == "alone_diverges"
    assert verdicts(result)["data"].key == "data_diverged"
    for values in (result.alone, result.noisy, result.learned, result.norm, result.mean, result.accuracy):
        assert np.isfinite(values).all()
    assert (result.diverged[result.chosen] > 0).all()
    assert (result.diverged[:-1] == -1).all()  # the neighbours are unharmed
    assert "2.5" not in result.sweep()[0]
    assert verdicts(result)["identity"].key == "identity_lost"


def test_noise_settles_at_the_stationary_spread():
    result = run(replace(DEFAULT, shrink=0.05))
    np.testing.assert_allclose(result.spread, result.spread_theory, rtol=0.05)
    assert result.spread_theory == pytest.approx(0.02 / np.sqrt(1 - 0.95**2))
    assert abs(result.noisy[-1] - 0.5).max() < 0.05
    assert verdicts(result)["noise"].key == "noise_settled"


def test_a_signed_start_keeps_its_signs():
    result = run(replace(QUICK, start="he"))
    assert (result.alone == result.alone[0]).all()
    assert verdicts(result)["main"].key == "alone_keeps"


def test_weights_turn_negative_without_any_decay(default):
    assert np.median(default.learned[-1, 0]) > 0.2
    assert default.learned[0].max() == 0
    assert verdicts(default)["data"].key == "data_more"
    assert verdicts(run(replace(QUICK, shrink=0.0)))["main"].key == "no_decay"


def test_the_identity_holds_for_every_network_and_decay(default):
    parts = default.count * (default.mean**2 + default.variance)
    np.testing.assert_allclose(default.norm**2, parts, rtol=1e-9)
    assert default.count == 64 * 32 + 32 * 10


def test_erasing_the_variation_leaves_one_answer_in_ten(default):
    assert default.erased.max() < 0.15
    assert default.accuracy[default.chosen].min() > 0.8
    assert verdicts(default)["variation"].key == "variation_needed"
    assert variation(replace(default, erased=default.shifted[0])).key == "variation_spare"


def test_other_ends_are_named(default):
    assert verdicts(run(replace(DEFAULT, shrink=0.5)))["data"].key == "data_too_much"
    assert verdicts(run(replace(DEFAULT, steps=3)))["data"].key == "data_unlearned"
    fewer = default.learned.copy()
    fewer[-1, default.chosen] = 0
    assert data(replace(default, learned=fewer)).key == "data_fewer"


def test_the_decay_is_torchs_adamw(default):
    """One network at the chosen decay, trained again with torch.nn and torch.optim, ends with the same norm."""
    network = mlp.MLP(SIZES)
    start = inits.start(network, inits.Init(**STARTS[DEFAULT.start]), [0])
    model = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10))
    with torch.no_grad():
        for own, given in zip(model.parameters(), start, strict=True):
            own.copy_(given[0])
    adamw = torch.optim.AdamW(model.parameters(), lr=LR, weight_decay=DEFAULT.shrink / LR)
    x, y = digits().train
    stream = (batch for epoch in train.epochs(len(x), 64, 0) for batch in epoch)
    for _ in range(DEFAULT.steps):
        batch = next(stream)
        adamw.zero_grad()
        torch.nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
        adamw.step()
    norm = sum(float(p.detach().square().sum()) for p in model.parameters() if p.dim() == 2) ** 0.5
    assert norm == pytest.approx(default.norm[default.chosen, 0], rel=1e-3)
    assert default.norm.shape == (len(SWEEP), REPEATS)
