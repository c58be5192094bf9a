"""Equivalent copies, matched units, planes through weight space, and a valley of two weights."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from lib.engine import data, inits, measure, mlp
from lib.questions.weight_space import landscape, matching
from lib.questions.weight_space import verdict as verdicts_of
from lib.questions.weight_space.config import WeightSpace
from lib.questions.weight_space.experiment import REPEATS, run
from lib.questions.weight_space.verdict import verdicts

DEFAULTS = "width=32 start=own steps=400 matched=weights decay=0.0 seed=0"
RULINGS = {
    "weight_space_all_values": "right",
    "other_start_other_weights": "right",
    "all_one_basin": "depends",
    "low_dimensional_path": "wrong",
}

DEFAULT = WeightSpace()
OFF_DIAGONAL = ~np.eye(REPEATS, dtype=bool)


@pytest.fixture(scope="session")
def shared():
    return run(WeightSpace(start="shared", steps=100))


def keys(result):
    return {name: verdict.key for name, verdict in verdicts(result).items()}


def test_other_starts_give_the_same_answers_and_other_weights(default):
    assert keys(default) == {
        "main": "other_weights",
        "order": "start_decides",
        "copies": "copies_far",
        "barrier": "barrier_shrinks",
        "plane": "plane_hill",
        "walk": "walk_alike",
        "valley": "valley",
    }
    assert default.agreement.min() > 0.95
    assert abs(default.cosine[OFF_DIAGONAL]).max() < 0.2
    # the hill is lower for every pair once units are matched, and trained weights are more alike than untrained ones
    assert (default.barriers[:, 1] < default.barriers[:, 0]).all()
    assert (default.aligned > default.untrained)[OFF_DIAGONAL].all()


def test_the_effect_vanishes_from_one_start(shared, default):
    assert keys(shared) | {"walk": ""} == {
        "main": "same_weights", "order": "start_decides", "copies": "copies_far", "barrier": "barrier_none",
        "plane": "plane_flat", "walk": "", "valley": "valley",
    }  # fmt: skip
    assert shared.cosine[OFF_DIAGONAL].min() > 0.95
    np.testing.assert_allclose(shared.untrained, 1, atol=1e-12)
    assert shared.barriers[:, 0].max() < 0.02


def test_a_shuffled_copy_is_the_same_network_elsewhere(default):
    assert default.copy_gap.max() < 1e-4
    assert default.copy_back.max() == 0  # matching undoes the shuffle exactly
    assert default.distance[:, 2].min() > 1
    assert default.distance[:, 3].max() == 0
    np.testing.assert_allclose(default.path_accuracy[-1, :, 2], default.accuracy, atol=0.0021)
    assert np.ptp(default.path_accuracy[:, :, 3], axis=0).max() == 0
    assert verdicts_of.copies(default).numbers["power"] == pytest.approx(35.42, abs=0.01)  # log10(32!)


@pytest.mark.parametrize("width", [3, 6])
def test_the_match_is_the_nearest_of_all_orders(width):
    from itertools import permutations

    network = mlp.MLP((5, width, 2))
    a, b = (inits.start(network, inits.Init("he"), s) for s in (range(4), range(10, 14)))
    order = matching.nearest(a, b)
    joined, reordered = measure.joined, matching.reordered
    found = (joined(reordered(b, order)) - joined(a)).norm(dim=1)
    every = torch.stack(
        [(joined(reordered(b, torch.tensor([p] * 4))) - joined(a)).norm(dim=1) for p in permutations(range(width))]
    )
    torch.testing.assert_close(found, every.min(0).values)
    # activations find a shuffled copy as well, if every unit is on somewhere
    a[1].fill_(1.0)
    x = torch.rand(50, 5, generator=torch.Generator().manual_seed(0))
    shuffled = reordered(a, torch.arange(width - 1, -1, -1).expand(4, -1))
    for restored, p in zip(reordered(shuffled, matching.alike(a, shuffled, x)), a, strict=True):
        assert torch.equal(restored, p)


def test_only_one_hidden_layer_can_be_matched():
    deep = inits.start(mlp.MLP((2, 3, 3, 1)), inits.Init("he"), [0])
    with pytest.raises(ValueError, match="one hidden layer"):
        matching.nearest(deep, deep)


def test_heights_are_torchs_cross_entropy():
    network, digits = mlp.MLP((64, 4, 10)), data.digits().test
    params = inits.start(network, inits.Init("he"), range(70))
    loss, right = landscape.heights(network, params, digits)
    for k in (0, 69):
        w1, b1, w2, b2 = (p[k] for p in params)
        z = torch.relu(digits[0] @ w1.T + b1) @ w2.T + b2
        assert float(loss[k]) == pytest.approx(float(torch.nn.functional.cross_entropy(z, digits[1])), rel=1e-5)
        assert float(right[k]) == pytest.approx(float((z.argmax(1) == digits[1]).float().mean()), abs=0.0021)
    again = landscape.split(network, measure.joined(params))
    assert all(torch.equal(p, q) for p, q in zip(params, again, strict=True))


def test_filter_normalised_directions_are_as_long_as_each_units_weights():
    network = mlp.MLP((6, 5, 3))
    params = inits.start(network, inits.Init("he", bias=1.0), [0])
    found = landscape.split(network, landscape.filter_normalised(network, params, 0))
    for k in (0, 2):
        torch.testing.assert_close(found[k].norm(dim=2), params[k].norm(dim=2).expand(2, -1))
        assert found[k + 1].abs().max() == 0


def test_a_random_walk_looks_low_dimensional_as_theory_says(default):
    theory = 8 / (np.pi * np.array([1, 3])) ** 2
    np.testing.assert_allclose(np.median(default.walk_shares, 0), theory, atol=0.02)
    straight = torch.arange(5.0).view(5, 1, 1) * torch.ones(1, 2, 7)  # one direction holds a straight path
    np.testing.assert_allclose(landscape.principal(straight)[0][:, 0], 1, atol=1e-9)


def test_the_planes_pass_through_the_networks(default):
    middle = len(default.bowl_at) // 2
    assert default.bowl_plane[middle, middle] == pytest.approx(default.plane_loss[0, 0], rel=1e-4)
    assert default.own_plane[middle, middle] == pytest.approx(default.plane_loss[0, 0], rel=1e-4)
    np.testing.assert_allclose(
        default.plane_loss[0, :3], default.plane_loss[1, :3], rtol=1e-3
    )  # matching costs nothing
    np.testing.assert_allclose(default.own_path[-1], 0, atol=1e-5)
    assert default.plane.min() > 0


@pytest.mark.parametrize("seed", range(5))
def test_two_weights_find_a_valley_exactly_from_where_theory_says(default, seed):
    toy = replace(default, toy=run_toy(seed))
    start, end = toy.toy[0], toy.toy[-1]
    assert (toy.solved == ((start[:, 0] > 0) & (start.sum(1) > 0))).all()
    off = start[:, 0] <= 0
    assert (end[off] == start[off]).all()  # no gradient at all
    kept = np.diff(start**2, axis=1) - np.diff(end**2, axis=1)  # w2^2 - w1^2, kept by gradient flow
    assert abs(kept[toy.solved]).max() < 0.5
    assert np.ptp(end[toy.solved, 0]) > 0.3


def run_toy(seed):
    from lib.questions.weight_space.experiment import _toy

    return _toy(WeightSpace(seed=seed))["toy"]


def test_other_ends_are_named(default, shared):
    early = run(WeightSpace(width=8, steps=3))
    assert keys(early) | {"walk": "", "copies": ""} == {
        "main": "unlearned", "order": "order_unlearned", "copies": "", "barrier": "barrier_unlearned",
        "plane": "plane_unlearned", "walk": "", "valley": "valley",
    }  # fmt: skip
    half = np.full_like(default.cosine, 0.5)
    assert verdicts_of.main(replace(default, cosine=half)).key == "between"
    assert verdicts_of.order(replace(default, elsewhere=half)).key == "start_and_order"
    assert verdicts_of.copies(replace(default, copy_gap=np.ones(REPEATS))).key == "copies_broken"
    flat = np.broadcast_to(default.path_accuracy[:1], default.path_accuracy.shape)
    assert verdicts_of.copies(replace(default, path_accuracy=flat)).key == "copies_near"
    stays = default.path_accuracy.copy()
    stays[:, :, 1] = stays[:, :, 0]
    assert verdicts_of.barrier(replace(default, path_accuracy=stays)).key == "barrier_stays"
    assert verdicts_of.walk(replace(default, walk_shares=default.walk_shares / 2)).key == "walk_unlike"
    assert verdicts_of.valley(replace(default, toy=-abs(default.toy))).key == "valley"
    unlike = default.toy.copy()
    unlike[0] = -unlike[0]
    assert verdicts_of.valley(replace(default, toy=unlike)).key == "valley_unlike_theory"
