"""A member that diverges is frozen and marked, keeps finite numbers in every figure, and harms nobody else."""

import itertools

import pytest
import torch
from trainings import SEEDS, problem, run

from lib.engine import inits, mlp, train
from lib.engine.divergence import DIVERGED, hold
from lib.engine.optimisers import Flat, clip
from lib.engine.train import Recipe, Record

LINEAR = mlp.MLP((6, 16, 3), "identity")
DEEP = mlp.MLP((6, 8, 8, 8, 8, 3), "identity")


def go(last, network=LINEAR, notes=None, optimiser="sgd", steps=60):
    """Three calm members and one with the learning rate `last`."""
    recipe = Recipe(steps=steps, loss="squared", optimiser=optimiser, lr=(0.01, 0.01, 0.01, last))
    start = inits.start(network, inits.Init("he"), SEEDS)
    x, _ = problem()
    return train.train(network, start, (x, x[:, :3]), recipe, record=notes)


@pytest.mark.parametrize("optimiser", ["sgd", "momentum", "adam", "adamw"])
def test_a_diverged_member_is_frozen_and_its_neighbours_keep_their_bits(optimiser):
    notes = {"w": Record(lambda m: m.params[0]), "marked": Record(lambda m: m.diverged)}
    huge = 50.0 if optimiser in ("sgd", "momentum") else 1e7
    wild, calm = go(huge, LINEAR, notes, optimiser), go(0.01, LINEAR, notes, optimiser)
    assert wild.diverged.tolist()[:3] == [-1, -1, -1]
    at = int(wild.diverged[3])
    assert 0 < at < 60
    w = wild.values["w"]
    assert w.abs().max() < DIVERGED
    assert not torch.equal(w[at - 1, 3], w[0, 3])
    assert (w[at:, 3] == w[at - 1, 3]).all(), "frozen as it was at the last look that found it sound"
    assert wild.values["marked"][at - 1 : at + 1, 3].tolist() == [-1, at]
    assert all(torch.equal(a[:3], b[:3]) for a, b in zip(wild.params, calm.params, strict=True))
    assert torch.equal(w[:, :3], calm.values["w"][:, :3])
    assert (calm.diverged == -1).all()


def test_without_notes_it_is_found_at_most_a_few_steps_late():
    noted, quiet = go(50.0, notes={"w": Record(lambda m: m.params[0])}), go(50.0)
    assert 0 <= quiet.diverged[3] - noted.diverged[3] < 8
    assert all(torch.isfinite(p).all() for p in quiet.params)
    assert all(torch.equal(a[:3], b[:3]) for a, b in zip(noted.params, quiet.params, strict=True))


def test_the_last_step_is_looked_at_too():
    assert go(50.0, steps=5).diverged.tolist() == [-1, -1, -1, 5]


@pytest.mark.parametrize("beyond", [-2e8, 2e8, float("nan"), float("-inf")])
def test_whatever_is_beyond_the_limit_is_found(beyond):
    done = itertools.count(1)

    def push(params):
        if next(done) == 3:
            params[1][2, 0] = beyond

    history = run(Recipe(steps=20, lr=0.01), project=push, record={"b": Record(lambda m: m.params[1])})
    assert history.diverged.tolist() == [-1, -1, 3, -1]
    assert history.values["b"].abs().max() < DIVERGED


def test_a_start_beyond_the_limit_never_moves():
    start = inits.join([inits.start(LINEAR, inits.Init("he", gain), SEEDS) for gain in (1.0, 1e12)])
    history = train.train(LINEAR, start, problem(), Recipe(steps=20, lr=0.01))
    assert history.diverged.tolist() == [-1] * 4 + [0] * 4
    assert torch.equal(history.params[0][4:], start[0][4:])


def test_a_remembered_loss_stays_finite():
    """Weights of 1e7 are finite in each of five layers; the square of their product is not."""
    done = itertools.count(1)

    def push(params):
        if next(done) == 3:
            for p in params:
                p[3] *= 1e7

    recipe, (x, _) = Recipe(steps=10, loss="squared", lr=0.01), problem()
    start = inits.start(DEEP, inits.Init("he"), SEEDS)
    seen = []
    notes = {"loss": Record(lambda m: (seen.append(m.loss()), m.loss())[1])}
    history = train.train(DEEP, start, (x, x[:, :3]), recipe, record=notes, project=push)
    assert seen[3][3].isinf(), "the case is what it should be: infinite before its weights are"
    assert history.diverged.tolist() == [-1, -1, -1, 4]
    assert torch.isfinite(history.values["loss"]).all()
    assert (history.values["loss"][3:, 3] == history.values["loss"][2, 3]).all()


def test_only_a_diverged_members_values_are_held():
    nan, inf = float("nan"), float("inf")
    values = torch.tensor([[1.0, 1.0, nan], [nan, inf, 2.0], [3.0, nan, inf], [inf, 4.0, -inf]])
    held = hold(values, torch.tensor([-1, 2, 3]))
    assert held[:, 0].tolist()[::2] == [1.0, 3.0]
    assert held[1:4:2, 0].isfinite().any().item() is False
    assert held[:, 1].tolist() == [1.0, 1.0, 1.0, 4.0]
    assert held[1:, 2].tolist() == [2.0, 2.0, 2.0]


def test_an_honest_nan_of_a_sound_member_is_left_alone():
    notes = {"ratio": Record(lambda m: torch.full((4,), torch.nan))}
    assert go(50.0, notes=notes).values["ratio"].isnan().all()


def test_whole_numbers_can_be_remembered_of_a_diverged_member():
    notes = {"count": Record(lambda m: (m.params[0] < 0).flatten(1).sum(1))}
    assert go(50.0, notes=notes).values["count"].shape == (61, 4)


def test_running_statistics_of_a_diverged_member_are_frozen_too():
    net = mlp.MLP((6, 16, 3), norm="batch")
    wild, calm = go(1e30, net), go(0.01, net)
    assert wild.diverged.tolist()[:3] == [-1, -1, -1]
    assert wild.diverged[3] > 0
    assert all(torch.isfinite(s).all() for s in wild.state)
    assert all(torch.equal(a[:3], b[:3]) for a, b in zip(wild.state, calm.state, strict=True))


def test_they_are_frozen_as_they_were_when_it_was_last_sound():
    net = mlp.MLP((6, 16, 3), norm="batch")
    history = go(1e5, net, {"mean": Record(lambda m: m.state[0])})
    at, mean = int(history.diverged[3]), history.values["mean"][:, 3]
    assert at > 1
    assert not torch.equal(mean[at - 1], mean[0])
    assert (mean[at:] == mean[at - 1]).all()
    assert torch.equal(history.state[0][3], mean[-1])


def test_two_members_may_diverge_at_different_steps():
    recipe = Recipe(steps=60, loss="squared", lr=(0.01, 0.6, 0.01, 50.0))
    x, _ = problem()
    start = inits.start(LINEAR, inits.Init("he"), SEEDS)
    notes = {"w": Record(lambda m: m.params[0])}
    history = train.train(LINEAR, start, (x, x[:, :3]), recipe, record=notes)
    first, second = history.diverged[3], history.diverged[1]
    assert 0 < first < second
    for member, at in ((3, first), (1, second)):
        w = history.values["w"][:, member]
        assert torch.isfinite(w).all()
        assert (w[at:] == w[at - 1]).all()


def test_all_members_may_diverge():
    history = run(Recipe(steps=50, loss="cross_entropy", lr=1e30))
    assert (history.diverged > 0).all()
    assert all(torch.isfinite(p).all() for p in history.params)


@pytest.mark.parametrize("other", [torch.nan, 0.0, 9.0], ids=str)
def test_a_gradient_is_clipped_whatever_a_neighbours_is(other):
    params = [torch.zeros(2, 3), torch.zeros(2, 1)]
    grad = torch.tensor([other] * 3 + [4.0] * 3 + [other, 4.0])
    clip(Flat(torch.zeros(8), grad, params), 2.0)
    assert grad[[3, 4, 5, 7]].tolist() == pytest.approx([1.0] * 4, rel=1e-5)  # of length 8, with limit 2
