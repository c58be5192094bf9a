"""Constant runs are copies of each other; random ones end at a few levels, and each is a new chance."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from lib.engine import inits, mlp
from lib.questions.restarts.config import WIDTHS, Restarts
from lib.questions.restarts.experiment import RUNS, UNITS, narrow, problem, run
from lib.questions.restarts.result import chance
from lib.questions.restarts.verdict import again, levels, main, order, verdicts, width

DEFAULTS = "width=3 activation=relu problem=xor constant=0.5 lr=0.03 steps=500 seed=0"
RULINGS = {
    "same_minimum": "right",
    "restart_finds_better": "right",
    "shuffling_suffices": "wrong",
}

DEFAULT = Restarts()


def test_from_a_constant_every_run_is_a_copy(default):
    assert (default.constant == default.constant[:, :1]).all()
    assert (default.constant_ends == default.constant_ends[0]).all()
    assert verdicts(default)["again"].key == "again_same"
    assert verdicts(default)["again"].numbers["different"] == 1
    assert verdicts(default)["order"].key == "order_no_help"
    first = default.constant_ends[0, : 2 * UNITS].reshape(UNITS, 2)
    assert np.ptp(first[:3], axis=0).max() < 1e-4  # all of them equal but for rounding
    assert np.ptp(default.places[:, RUNS:], axis=1).max() < 1e-9


def test_random_starts_end_at_the_known_levels(default):
    near = np.abs(default.loss[-1][:, None] - [0, 1 / 8, 1 / 6, 1 / 4]).min(1)
    assert np.mean(near < 0.005) > 0.9
    assert verdicts(default)["main"].key == "helps"
    assert verdicts(default)["levels"].key == "levels_few"
    assert verdicts(default)["width"].key == "width_helps"
    assert 0.2 < default.solved.mean() < 0.7


def test_a_unit_without_weights_stays_without_in_every_run(default):
    parts = np.split(default.ends, [2 * UNITS, 3 * UNITS, 4 * UNITS], axis=1)
    assert (parts[0].reshape(RUNS, UNITS, 2)[:, 3:] == 0).all()
    assert (parts[1][:, 3:] == 0).all()
    assert (parts[2][:, 3:] == 0).all()


def test_one_unit_cannot_do_xor_and_one_can_do_and():
    assert (default_losses := run(Restarts(width=1, steps=100))).loss.min() > 0.1
    assert verdicts(default_losses)["main"].key == "never"
    easy = run(Restarts(problem="and"))
    assert verdicts(easy)["main"].key == "constant_solves"
    assert verdicts(easy)["order"].key == "order_helps"
    smooth = run(Restarts(problem="and", activation="tanh", width=8))
    assert verdicts(smooth)["main"].key == "always"
    assert verdicts(smooth)["levels"].key == "levels_one"
    assert smooth.best_of()[0, 0].tolist() == [100, 0]


def test_parity_is_hard_and_its_ends_are_many():
    hard = run(Restarts(problem="parity", steps=100))
    x, y = problem("parity")
    assert y[:, 0].tolist() == [bin(row).count("1") % 2 for row in range(8)]
    assert x[5].tolist() == [1, 0, 1]
    assert verdicts(hard)["levels"].key == "levels_spread"


def test_best_of_n_is_counted_right(default):
    rng = np.random.default_rng(0)
    runs = np.arange(64) < 5
    drawn = [rng.permutation(runs)[:8].any() for _ in range(4000)]
    assert chance(5, 64, 8) == pytest.approx(np.mean(drawn), abs=0.03)
    assert chance(5, 64, 1) == pytest.approx(5 / 64)
    assert (chance(0, 64, 9), chance(60, 64, 5)) == (0, 1)
    assert (np.diff(default.best_of()[:, 0, 0]) >= 0).all()
    assert default.best_of()[0, 0, 0] == pytest.approx(100 * default.solved.mean())


def test_the_other_verdicts_follow_the_numbers(default):
    other = default.constant_ends.copy()
    other[3, 0] += 1e-7
    assert again(replace(default, constant_ends=other)).key == "again_rounded"
    assert order(replace(default, order_loss=default.order_loss * np.inf)).key == "order_diverged"
    assert width(replace(default, by_width=default.by_width[[1, 1, 1]])).key == "width_alike"
    assert levels(replace(default, loss=np.linspace(0, 1, RUNS)[None])).key == "levels_spread"
    broken = default.diverged.copy()
    broken[0, 3] = 5
    assert main(replace(default, diverged=broken)).key == "diverged"


def test_a_narrowed_network_trains_as_torchs_narrow_one():
    """The first random run of the chosen width, trained again with torch.nn and torch.optim.Adam."""
    config = Restarts(width=2, steps=100)
    network = mlp.MLP((2, UNITS, 1), "relu")
    start = narrow(inits.start(network, inits.Init("normal"), [0]), 2)
    model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.ReLU(), torch.nn.Linear(2, 1))
    given = (start[0][0, :2], start[1][0, :2], start[2][0, :, :2], start[3][0])
    with torch.no_grad():
        for own, value in zip(model.parameters(), given, strict=True):
            own.copy_(value)
    adam = torch.optim.Adam(model.parameters(), lr=config.lr)
    x, y = problem("xor")
    for _ in range(config.steps):
        adam.zero_grad()
        torch.nn.functional.mse_loss(model(x), y).backward()
        adam.step()
    result = run(config)
    last = float(torch.nn.functional.mse_loss(model(x), y).detach())
    assert result.loss[-1, 0] == pytest.approx(last, rel=1e-3, abs=1e-6)
    assert result.by_width[WIDTHS.index(2), 0] == result.loss[-1, 0]
