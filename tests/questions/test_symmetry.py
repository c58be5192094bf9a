"""Equal units stay equal and cannot beat one unit; a jitter frees them after a wait that goes with its logarithm."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from lib.engine import mlp
from lib.questions.symmetry.config import JITTERS, Symmetry
from lib.questions.symmetry.experiment import REPEATS, problem, run, starts, units
from lib.questions.symmetry.result import FLOOR
from lib.questions.symmetry.verdict import CHANCE, delay, main, rank, verdicts

DEFAULTS = "constant=0.5 jitter=0.0 arithmetic=float64 width=8 problem=xor activation=tanh lr=0.4 steps=600 seed=0"
RULINGS = {
    "takes_much_longer": "wrong",
    "collapses": "right",
    "middle_of_the_range": "wrong",
}

DEFAULT = Symmetry()


def key(result, **changed):
    return main(replace(result, **changed)).key


def test_equal_units_stay_equal_and_stay_above_the_best_single_unit(default):
    assert default.apart[:, 0].max() == 0.0
    assert (default.apart_log()[:, :, 1] == FLOOR).all()
    assert (default.loss[:, 0] >= default.one_unit - 1e-3).all()
    np.testing.assert_allclose(default.rank[:, 0], 1, rtol=1e-9)
    assert (default.incoming == default.incoming[:, :1]).all()
    assert verdicts(default)["main"].key == "collapsed"
    assert verdicts(default)["rank"].key == "rank_one"
    assert np.median(default.loss[-1, -1]) < 0.1 * np.median(default.loss[-1, 0])


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_zero_weights_learn_nothing_but_a_bias(activation):
    result = run(Symmetry(constant=0.0, steps=100, width=4, activation=activation))
    assert result.apart[:, 0].max() == 0
    assert (result.incoming == 0).all()
    assert (result.loss[-1, 0] >= CHANCE - 0.02).all()
    assert verdicts(result)["main"].key == "chance"
    assert verdicts(result)["rank"].key == "rank_none"


def test_about_zero_every_factor_of_ten_costs_the_same():
    result = run(Symmetry(constant=0.0, jitter=1e-12))
    assert verdicts(result)["main"].key == "longer"
    found = verdicts(result)["delay"]
    assert found.key == "delay_straight"
    assert found.numbers["points"] == 5
    waits = np.median(result.solved_at[:-1], 1)
    assert (np.diff(waits[1:]) < 0).all()  # more jitter, less wait
    steps = -np.diff(waits[1:6]) / np.diff(np.log10(JITTERS[1:6]))
    assert steps.max() < 1.6 * steps.min()


def test_where_the_effect_vanishes():
    blobs = run(Symmetry(problem="blobs", steps=100, width=2))
    assert verdicts(blobs)["main"].key == "one_enough"
    assert verdicts(blobs)["delay"].key == "delay_few"
    assert np.median(blobs.loss[-1, 0]) < 0.05
    free = run(Symmetry(jitter=1.0, steps=300, width=4))
    assert verdicts(free)["main"].key == "no_longer"
    assert verdicts(free)["rank"].key == "rank_more"


def test_float32_rounds_a_small_jitter_away():
    config = Symmetry(arithmetic="float32", jitter=1e-12, width=2, steps=100)
    result = run(config)
    assert result.apart[0, result.chosen].max() == 0
    assert run(replace(config, constant=0.0)).apart[0, result.chosen].min() > 0


def test_the_other_verdicts_follow_the_numbers(default):
    small = default.apart.copy()
    small[-1, 0] = 1e-9
    assert key(default, apart=small) == "rounding"
    learned = default.loss.copy()
    learned[200:, 0] = 0.1
    assert key(default, apart=small, loss=learned) == "rounding_solved"
    jitter = replace(DEFAULT, jitter=1e-12)
    assert key(default, config=jitter) == "not_yet"
    assert key(default, loss=default.loss + 1) == "too_hard"
    broken = default.diverged.copy()
    broken[0, 3] = 5
    assert key(default, diverged=broken) == "diverged"
    bent = default.loss.copy()
    bent[:, 1:6] = 1.0
    for condition, step in zip(range(1, 6), (590, 580, 570, 10, 5), strict=True):
        bent[default.loss_steps >= step, condition] = 0.1
    assert delay(replace(default, loss=bent)).key == "delay_bent"
    assert rank(replace(default, rank=2 * default.rank)).key == "rank_more"


def test_starts_are_paired_and_centred_on_the_constant():
    network = mlp.MLP((2, 4, 1), "tanh")
    config = Symmetry(width=4, constant=0.1)
    weight = starts(network, config, range(REPEATS))[0].view(len(JITTERS) + 1, REPEATS, 4, 2)
    assert (weight[0] == 0.1).all()
    torch.testing.assert_close((weight[-2] - 0.1) / 1.0, weight[-1] / 0.5)
    torch.testing.assert_close((weight[5] - 0.1) / 1e-2, weight[-1] / 0.5)


def test_the_training_is_torchs(default):
    """One jittered network trained again with autograd and torch.optim.SGD ends at the same loss and units."""
    config = replace(DEFAULT, jitter=1e-2, steps=100)
    seeds = range(REPEATS)
    (x, y), network = problem(config, seeds), mlp.MLP((2, 8, 1), "tanh")
    place = JITTERS.index(1e-2)
    own = [p[place * REPEATS].clone().requires_grad_() for p in starts(network, config, seeds)]
    sgd = torch.optim.SGD(own, lr=config.lr, momentum=0.9)
    for _ in range(101):
        hidden = torch.tanh(x[0] @ own[0].T + own[1])
        loss = torch.nn.functional.binary_cross_entropy_with_logits(hidden @ own[2].T + own[3], y[0])
        sgd.zero_grad()
        loss.backward()
        last, each = float(loss.detach()), units([p.detach().unsqueeze(0) for p in own])[0]
        sgd.step()
    result = run(config)
    assert result.loss[-1, place, 0] == pytest.approx(last, rel=1e-9)
    np.testing.assert_allclose(result.incoming[-1], each[:, :2].numpy(), rtol=1e-8)
    assert result.apart[-1, place, 0] == pytest.approx(float((each.amax(0) - each.amin(0)).max()), rel=1e-8)
