"""What `train` promises besides the numbers: progress, stopping, projecting, remembering, the order of the data."""

import itertools

import numpy as np
import pytest
import torch
from trainings import NET, SEEDS, problem, run, same

from lib.engine import data, inits, mlp, train
from lib.engine.measure import first_true, share_negative, weights
from lib.engine.progress import Stopped
from lib.engine.train import Recipe, Record


def test_progress_can_stop_and_exceptions_pass_through():
    told = []
    run(progress=lambda done, total: told.append((done, total)))
    assert told[0] == (1, 40)
    assert [t for _, t in told] == [40] * len(told)
    with pytest.raises(Stopped, match="stopped after 9 of 40"):
        run(progress=lambda done, total: done > 5)

    def angry(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(progress=angry)


def test_project_holds_after_every_step():
    def clamp(params):
        for p in params[0::2]:
            p.clamp_(min=0)

    seen = {"low": Record(lambda m: torch.stack([p.flatten(1).amin(1) for p in m.params[0::2]], 1), range(1, 41))}
    assert run(record=seen, project=clamp).values["low"].min() == 0
    assert run(record=seen).values["low"].min() < 0


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


def test_the_order_of_the_data_stays_what_links_have_shown():
    order = torch.randperm(10, generator=torch.Generator().manual_seed(4 + 1_000_003))
    assert next(train.epochs(10, 3, seed=4)).flatten().tolist() == order[:9].tolist()


def test_labels_of_each_members_own_with_one_order_for_all():
    x, y = problem()
    own = torch.stack([y, 2 - y, y.flip(0), y.roll(1)])
    start, recipe = inits.start(NET, inits.Init("he"), SEEDS), Recipe(steps=10, lr=0.1, batch=8)
    together = train.train(NET, start, (x, own), recipe, seeds=[5])
    for member in SEEDS:
        alone = train.train(NET, [p[[member]] for p in start], (x, own[member]), recipe, seeds=[5])
        for p, q in zip(alone.params, together.params, strict=True):
            torch.testing.assert_close(p[0], q[member], rtol=1e-5, atol=1e-6)


def test_first_true_and_share_negative():
    events = torch.tensor([[False, False], [True, False], [True, False]])
    assert first_true(events).tolist() == [1, -1]
    assert share_negative([torch.tensor([[-1.0, 0.0, 2.0, -3.0]])]).tolist() == [[0.5]]
    assert len(weights(NET, run().params)) == 2


def test_no_steps_return_the_start_and_leave_it_alone():
    start = inits.start(NET, inits.Init("he"), SEEDS)
    notes = {"loss": Record(lambda m: m.loss())}
    history = train.train(NET, start, problem(), Recipe(steps=0), record=notes)
    assert all(torch.equal(a, b) for a, b in zip(history.params, start, strict=True))
    assert history.values["loss"].shape == (1, 4)
    history.params[0].zero_()
    assert start[0].any()


def test_what_is_remembered_is_a_copy_of_its_step():
    notes = {"w": Record(lambda m: m.params[0]), "step": Record(lambda m: torch.full((4,), m.step), [7, 3])}
    history = run(record=notes)
    assert history.steps["step"] == [3, 7]
    assert history.values["step"][:, 0].tolist() == [3, 7]
    assert not torch.equal(history.values["w"][0], history.values["w"][-1])
    assert torch.equal(history.values["w"][-1], history.params[0])


@pytest.mark.parametrize("norm", ["none", "batch"])
def test_a_shorter_training_is_the_beginning_of_a_longer_one(norm):
    net = mlp.MLP((6, 16, 3), norm=norm)
    notes = {"w": Record(lambda m: m.params[0], [0, 20])}
    if norm == "batch":
        notes |= {f"state {k}": Record(lambda m, k=k: m.state[k], [0, 20]) for k in range(2)}
    longer = run(network=net, record=notes)
    for row, steps in enumerate([0, 20]):
        shorter = run(Recipe(steps=steps, optimiser="adam", lr=0.02, batch=16), network=net)
        assert torch.equal(longer.values["w"][row], shorter.params[0])
        for k, state in enumerate(shorter.state):
            assert torch.equal(longer.values[f"state {k}"][row], state)


@pytest.mark.parametrize("kind", [np.float32, np.float64, int])
def test_a_learning_rate_may_be_numpys_number(kind):
    lr = kind(1)
    told, plain = run(Recipe(steps=5, lr=lr, decay=kind(0))), run(Recipe(steps=5, lr=1.0))
    assert all(torch.equal(p, q) for p, q in zip(told.params, plain.params, strict=True))


@pytest.mark.parametrize("norm", ["none", "batch"])
def test_an_early_end_is_the_beginning_of_a_whole_training(norm):
    """Rows, steps, parameters and running statistics: those of a training that was to end there anyway."""
    net = mlp.MLP((6, 16, 3), norm=norm)
    notes = {"loss": Record(lambda m: m.loss(), range(0, 41, 4)), "w": Record(lambda m: m.params[0], [0, 3, 30])}
    whole, told, seen = run(network=net, record=notes), [], []

    def until(history):
        seen.append({name: (steps, history.values[name].clone()) for name, steps in history.steps.items()})
        return history.steps["loss"][-1] >= 20

    early = run(network=net, record=notes, until=until, progress=lambda done, total: told.append((done, total)))
    assert early.steps == {"loss": [0, 4, 8, 12, 16, 20], "w": [0, 3]}
    for name, steps in early.steps.items():
        assert torch.equal(early.values[name], whole.values[name][: len(steps)])
    assert [one["loss"][0][-1] for one in seen] == [0, 0, 4, 8, 12, 16, 20]  # at step 3 too, where w is recorded
    for one in seen:
        assert all(torch.equal(rows, whole.values[name][: len(rows)]) for name, (_, rows) in one.items())
    shorter = run(Recipe(steps=20, optimiser="adam", lr=0.02, batch=16), network=net)
    assert same(early, shorter)
    assert told[-1] == (40, 40)


def test_a_training_that_is_never_enough_is_a_whole_one():
    notes = {"loss": Record(lambda m: m.loss(), [0, 7, 40])}
    whole, asked = run(record=notes), run(record=notes, until=lambda history: False)
    assert same(whole, asked)
    assert torch.equal(whole.values["loss"], asked.values["loss"])
    assert asked.steps == {"loss": [0, 7, 40]}


def test_histories_side_by_side_are_one_of_all_members():
    network, digits = mlp.MLP((64, 8, 10), norm="batch"), data.digits()
    recipe = train.Recipe(steps=20, batch=32, optimiser="adam", lr=0.01)
    record = {"first": train.Record(lambda m: m.params[0], [0, 10, 20])}

    def trained(seeds):
        start = inits.start(network, inits.Init("he"), seeds)
        return train.train(network, start, digits.train, recipe, seeds=seeds, record=record)

    whole, both = trained(range(5)), train.joined([trained(range(2)), trained(range(2, 5))])
    assert both.steps == whole.steps
    assert torch.equal(both.values["first"], whole.values["first"])
    assert torch.equal(both.diverged, whole.diverged)
    assert all(map(torch.equal, [*both.params, *both.state], [*whole.params, *whole.state]))
