"""A training is a pure function: the same bits whatever runs beside it; what diverges harms nobody else."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from lib.engine import activations, cnn, inits, mlp, train
from lib.engine.measure import first_true, share_negative, weights
from lib.engine.train import Recipe, Remember

NET = mlp.MLP((6, 16, 3))
SEEDS = list(range(4))


def problem(samples=60, inputs=6):
    g = torch.Generator().manual_seed(0)
    return torch.rand(samples, inputs, generator=g), torch.randint(0, 3, (samples,), generator=g)


def run(recipe=None, seeds=SEEDS, network=NET, **more):
    recipe = recipe or Recipe(steps=40, optimiser="adam", lr=0.02, batch=16)
    start = inits.start(network, inits.Init("he"), seeds)
    x, y = problem(inputs=36 if isinstance(network, cnn.CNN) else 6)
    return train.train(network, start, (x, y), recipe, seeds=seeds, **more)


def same(a, b):
    return all(torch.equal(p, q) for p, q in zip(a.params, b.params, strict=True))


CASES = [
    (NET, Recipe(steps=40, optimiser="adam", lr=0.02, batch=16)),
    (mlp.MLP((6, 16, 16, 3), "tanh", norm="batch"), Recipe(steps=40, optimiser="momentum", lr=0.05)),
    (cnn.CNN((4, 4), (True, False), "relu", 6, 3), Recipe(steps=20, lr=0.1, batch=16, clip=1.0)),
    (mlp.MLP((6, 64, 3), "gelu", norm="layer"), Recipe(steps=40, optimiser="adamw", lr=0.01, decay=0.1)),
]


@pytest.fixture(scope="module")
def alone():
    return [run(recipe, network=network) for network, recipe in CASES]


def test_same_bits_again_whatever_the_global_seed(alone):
    torch.manual_seed(99)
    torch.rand(7)
    assert all(same(run(r, network=n), a) for (n, r), a in zip(CASES, alone, strict=True))


def test_same_bits_with_two_threads(alone):
    torch.set_num_threads(2)
    try:
        assert all(same(run(r, network=n), a) for (n, r), a in zip(CASES, alone, strict=True))
    finally:
        torch.set_num_threads(1)


def test_same_bits_in_four_trainings_at_once(alone):
    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            jobs = [pool.submit(run, r, network=n) for n, r in CASES]
            assert all(same(j.result(), a) for j, a in zip(jobs, alone, strict=True))


@pytest.mark.parametrize("case", range(len(CASES)))
def test_a_member_does_not_depend_on_its_neighbours(case, alone):
    network, recipe = CASES[case]
    one = run(recipe, seeds=[SEEDS[2]], network=network)
    for p, q in zip(one.params, alone[case].params, strict=True):
        torch.testing.assert_close(p[0], q[2], rtol=1e-5, atol=1e-5)


def test_draws_do_not_depend_on_the_ensemble():
    for scheme in inits.SCHEMES:
        many = inits.start(NET, inits.Init(scheme), [1, 2, 3])
        few = inits.start(NET, inits.Init(scheme), [3])
        assert all(torch.equal(p[2:], q) for p, q in zip(many, few, strict=True))


def test_remembering_changes_nothing(alone):
    seen = {"w": Remember(lambda m: m.params[0]), "loss": Remember(lambda m: m.loss(), [0, 3, 40])}
    noisy = run(CASES[1][1], network=CASES[1][0], remember=seen)
    assert same(noisy, alone[1])
    assert all(torch.equal(a, b) for a, b in zip(noisy.state, alone[1].state, strict=True))
    assert noisy.values["w"].shape == (41, 4, 16, 6)
    assert noisy.steps["loss"] == [0, 3, 40]


def test_a_diverged_member_is_frozen_and_its_neighbours_keep_their_bits():
    def go(last):
        recipe = Recipe(steps=60, loss="squared", lr=(0.05, 0.05, 0.05, last))
        start = inits.start(mlp.MLP((6, 16, 3), "identity"), inits.Init("he"), SEEDS)
        x, _ = problem()
        notes = {"w": Remember(lambda m: m.params[0])}
        return train.train(mlp.MLP((6, 16, 3), "identity"), start, (x, x[:, :3]), recipe, remember=notes)

    wild, calm = go(50.0), go(0.05)
    assert wild.diverged.tolist()[:3] == [-1, -1, -1]
    at = int(wild.diverged[3])
    assert 0 < at < 60
    assert torch.isfinite(wild.values["w"]).all()
    assert wild.values["w"].abs().max() < train.DIVERGED
    assert torch.equal(wild.values["w"][at:, 3], wild.values["w"][at, 3].expand(61 - at, -1, -1))
    assert all(torch.equal(a[:3], b[:3]) for a, b in zip(wild.params, calm.params, strict=True))
    assert (calm.diverged == -1).all()


def test_all_members_may_diverge():
    history = run(Recipe(steps=50, loss="cross_entropy", lr=1e30))
    assert (history.diverged > 0).all()
    assert all(torch.isfinite(p).all() for p in history.params)


def test_progress_can_stop_and_exceptions_pass_through():
    told = []
    run(progress=lambda done, total: told.append((done, total)))
    assert told[0] == (1, 40)
    assert [t for _, t in told] == [40] * len(told)
    with pytest.raises(train.Stopped, match="stopped after 9 of 40"):
        run(progress=lambda done, total: done > 5)

    def angry(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(progress=angry)


def test_project_holds_after_every_step():
    def clamp(params):
        for p in params[0::2]:
            p.clamp_(min=0)

    seen = {"low": Remember(lambda m: torch.stack([p.flatten(1).amin(1) for p in m.params[0::2]], 1), range(1, 41))}
    assert run(remember=seen, project=clamp).values["low"].min() == 0
    assert run(remember=seen).values["low"].min() < 0


def test_spread_steps_is_dense_early():
    steps = train.spread_steps(300, 20)
    assert steps[0] == 0
    assert steps[-1] == 300
    assert steps == sorted(set(steps))
    gaps = [b - a for a, b in itertools.pairwise(steps)]
    assert gaps[0] == 1
    assert gaps[-1] == max(gaps)


def test_epochs_use_every_sample_once():
    stream = train.epochs(10, 3, seed=4)
    first, second = next(stream), next(stream)
    assert first.shape == (3, 3)
    assert len(set(first.flatten().tolist())) == 9
    assert not torch.equal(first, second)
    assert not torch.equal(first, next(train.epochs(10, 3, seed=5)))
    assert torch.equal(first, next(train.epochs(10, 3, seed=4)))


def test_first_true_and_share_negative():
    events = torch.tensor([[False, False], [True, False], [True, False]])
    assert first_true(events).tolist() == [1, -1]
    assert share_negative([torch.tensor([[-1.0, 0.0, 2.0, -3.0]])]).tolist() == [[0.5]]
    assert len(weights(NET, run().params)) == 2


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: Recipe(steps=1, optimiser="lion"), "no optimiser 'lion'; there are sgd"),
        (lambda: Recipe(steps=1, loss="hinge"), "no loss 'hinge'; there are cross_entropy"),
        (lambda: Recipe(steps=-1), "must not be negative"),
        (lambda: mlp.MLP((3,)), "two or more positive numbers"),
        (lambda: mlp.MLP((3, 2), norm="group"), "no norm 'group'"),
        (lambda: activations.activation("swish"), "no activation 'swish'; there are relu"),
        (lambda: cnn.CNN((3,), (True, False)), "1 conv layers but 2"),
        (lambda: cnn.CNN((3,), (True,), side=5), "cannot be halved"),
        (lambda: inits.Init("kaiming"), "no init 'kaiming'"),
        (lambda: run(Recipe(steps=1, lr=(0.1, 0.2))), "2 values for 4 members"),
        (lambda: run(Recipe(steps=1, batch=100)), "a batch of 100 cannot be drawn from 60"),
        (lambda: run(remember={"w": Remember(lambda m: m.params[0], [99])}), "only steps 0 to 40"),
        (
            lambda: train.train(mlp.MLP((6, 2)), [torch.zeros(1, 3, 3)], problem(), Recipe(steps=1)),
            "do not fit",
        ),
    ],
)
def test_errors_say_what_is_wrong(wrong, says):
    with pytest.raises(ValueError, match=says):
        wrong()


def test_uneven_seeds_are_refused():
    start = inits.start(NET, inits.Init("he"), SEEDS)
    with pytest.raises(ValueError, match="3 seeds do not go evenly into 4 members"):
        train.train(NET, start, problem(), Recipe(steps=1, batch=8), seeds=[1, 2, 3])
