"""Steps to a goal, the learning rate that is taken, and the measurements that the comparisons share."""

import math
from types import SimpleNamespace

import numpy as np
import torch

from lib.engine import activations, data, inits, measure, mlp, progress, train, tuning

NEVER = np.inf


def test_reached_is_the_first_step_and_never_for_the_diverged():
    there = torch.tensor([[0, 0, 0], [1, 0, 1], [0, 0, 1]]).bool()
    history = SimpleNamespace(steps={"loss": [0, 2, 5]}, diverged=torch.tensor([-1, -1, 5]))
    np.testing.assert_array_equal(tuning.reached(history, "loss", there), [2, NEVER, NEVER])


def test_the_smallest_learning_rate_that_comes_close_is_taken():
    flat = np.zeros((3, 2))
    assert tuning.best(np.array([[40, 44], [20, 22], [19, 21]]), flat, 100) == 1
    assert tuning.best(np.array([[40, 44], [30, 32], [19, 21]]), flat, 100) == 2
    assert tuning.best(np.array([[40, 44], [10, NEVER], [90, 95]]), flat, 100) == 0  # one failure costs 200
    end = np.array([[0.9, 0.8], [0.3, 0.2], [0.5, 0.4]])
    assert tuning.best(np.full((3, 2), NEVER), end, 100) == 1  # nobody there: the one that got farthest


def test_parts_of_a_progress_add_up():
    seen = []
    for number in range(3):
        tell = progress.part(lambda done, total: seen.append(done / total), number, 3)
        for done in (1, 8):
            tell(done, 8)
    np.testing.assert_allclose(seen, [1 / 24, 1 / 3, 9 / 24, 2 / 3, 17 / 24, 1])
    assert progress.part(None, 0, 3) is None


def test_majority_leaves_zeros_out():
    values = torch.tensor(
        [[[1.0, -2, 3, 0], [0, 0, 0, 0], [5, 5, 0, 0]], [[1, -1, 0, 0], [1, -1, 1, -1], [0, 0, 0, 0]]]
    )
    torch.testing.assert_close(measure.majority(values, 2), torch.tensor([(2 / 3 + 1) / 2, 0.5]))


def test_moments_are_the_closed_forms():
    for name, mean, square in (("relu", 1 / math.sqrt(2 * math.pi), 0.5), ("identity", 0, 1), ("sigmoid", 0.5, None)):
        found = activations.moments(name)
        assert math.isclose(found[0], mean, abs_tol=2e-3)
        assert square is None or math.isclose(found[0] ** 2 + found[1] ** 2, square, rel_tol=5e-3)


def test_standardised_digits():
    split, plain = data.standardised(), data.digits()
    moving = plain.x.std(0) > 0
    torch.testing.assert_close(split.x.mean(0), torch.zeros(64), atol=1e-5, rtol=0)
    torch.testing.assert_close(split.x.std(0), moving.float(), atol=1e-4, rtol=0)
    assert torch.equal(split.y, plain.y)
    assert torch.isfinite(split.test_x).all()


def test_backprop_holds_what_came_in_and_autograds_gradient():
    network = mlp.MLP((64, 6, 5, 10), "sigmoid", shift=-0.5)
    params = inits.start(network, inits.Init("he"), [3, 4])
    x, y = (part[:20] for part in data.digits().train)
    (second, third) = measure.linears(measure.backprop(network, params, (x, y)))
    own = [p[1].clone().requires_grad_() for p in params]
    h = torch.sigmoid(x @ own[0].T + own[1]) - 0.5
    h2 = torch.sigmoid(h @ own[2].T + own[3]) - 0.5
    torch.nn.functional.cross_entropy(h2 @ own[4].T + own[5], y).backward()
    torch.testing.assert_close(second.x[1].T, h)
    torch.testing.assert_close(second.dw[1], own[2].grad)
    torch.testing.assert_close(third.dw[1], own[4].grad)


def test_outputs_in_pieces_are_those_of_each_network_alone():
    """More networks and samples than are computed at once."""
    network = mlp.MLP((5, 8, 3), "tanh", norm="batch")
    params = inits.start(network, inits.Init("he"), range(2 * measure.MEMBERS + 3))
    state = [torch.rand(len(params[0]), *shape) + 0.5 for shape in network.state_shapes()]
    x = torch.randn(50, 5, generator=torch.Generator().manual_seed(0))
    together = measure.outputs(network, params, x, state=state)
    for k in (0, measure.MEMBERS, 2 * measure.MEMBERS + 2):
        one = slice(k, k + 1)
        alone = measure.outputs(network, [p[one] for p in params], x, state=[s[one] for s in state])
        torch.testing.assert_close(together[one], alone)
    assert not torch.allclose(together[0], together[-1])


def test_a_looker_sees_the_parameters_of_now_and_changes_no_training():
    network = mlp.MLP((64, 8, 10), "sigmoid")
    params = inits.start(network, inits.Init("he"), range(3))
    x, y = data.digits().train
    look = measure.Evaluator(network, params, x[:40])
    recipe = train.Recipe(steps=3, batch=16, lr=0.5)
    watched = train.train(network, params, (x, y), recipe, seeds=range(3), record={
        "z": train.Record(lambda m: look(m.params), [0, 3]),
    })  # fmt: skip
    plain = train.train(network, params, (x, y), recipe, seeds=range(3))
    assert all(torch.equal(a, b) for a, b in zip(watched.params, plain.params, strict=True))
    for row, now in zip(watched.values["z"], (params, plain.params), strict=True):
        torch.testing.assert_close(row, measure.outputs(network, now, x[:40]))


def test_trainings_one_after_the_other_are_those_side_by_side():
    network = mlp.MLP((64, 16, 10))
    params = inits.start(network, inits.Init("he"), range(4))
    batch = train.Recipe(steps=5, batch=16, lr=0.1)
    loss = {"loss": train.Record(lambda m: m.loss())}
    of = (data.digits().train, batch)
    whole = train.train(network, params, *of, seeds=range(4), record=loss)
    halves = [
        train.train(network, [p[k : k + 2] for p in params], *of, seeds=range(k, k + 2), record=loss) for k in (0, 2)
    ]
    joined = tuning.together(halves)
    assert torch.equal(joined.values["loss"], whole.values["loss"])
    assert all(torch.equal(a, b) for a, b in zip(joined.params, whole.params, strict=True))
