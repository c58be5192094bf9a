"""What `train` promises besides the numbers: progress, stopping, projecting, remembering, the order of the data."""

import itertools

import pytest
import torch
from trainings import NET, SEEDS, problem, run

from lib.engine import inits, train
from lib.engine.measure import first_true, share_negative, weights
from lib.engine.train import Recipe, Remember


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


def test_no_steps_return_the_start_and_leave_it_alone():
    start = inits.start(NET, inits.Init("he"), SEEDS)
    notes = {"loss": Remember(lambda m: m.loss())}
    history = train.train(NET, start, problem(), Recipe(steps=0), remember=notes)
    assert all(torch.equal(a, b) for a, b in zip(history.params, start, strict=True))
    assert history.values["loss"].shape == (1, 4)
    history.params[0].zero_()
    assert start[0].any()


def test_what_is_remembered_is_a_copy_of_its_step():
    notes = {"w": Remember(lambda m: m.params[0]), "step": Remember(lambda m: torch.full((4,), m.step), [7, 3])}
    history = run(remember=notes)
    assert history.steps["step"] == [3, 7]
    assert history.values["step"][:, 0].tolist() == [3, 7]
    assert not torch.equal(history.values["w"][0], history.values["w"][-1])
    assert torch.equal(history.values["w"][-1], history.params[0])


def test_a_shorter_training_is_the_beginning_of_a_longer_one():
    longer = run(remember={"w": Remember(lambda m: m.params[0], [20])})
    shorter = run(Recipe(steps=20, optimiser="adam", lr=0.02, batch=16))
    assert torch.equal(longer.values["w"][0], shorter.params[0])
