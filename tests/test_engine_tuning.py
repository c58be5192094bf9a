"""Steps to a goal, the learning rate that is taken, and the measurements that the comparisons share."""

import math
from types import SimpleNamespace

import numpy as np
import torch

from lib.engine import activations, data, inits, measure, mlp, progress, train, tuning

NEVER = np.inf


def test_reached_is_the_first_step_and_never_for_those_that_diverge_before():
    there = torch.tensor([[0, 0, 0], [1, 0, 1], [0, 0, 1]]).bool()
    for diverged, last in ((1, NEVER), (2, NEVER), (5, 2)):  # at the look that finds it at the goal, it has diverged
        history = SimpleNamespace(steps={"loss": [0, 2, 5]}, diverged=torch.tensor([-1, -1, diverged]))
        np.testing.assert_array_equal(tuning.reached(history, "loss", there), [2, NEVER, last])


def test_the_smallest_learning_rate_that_comes_close_is_taken():
    flat = np.zeros((3, 2))
    assert tuning.best(np.array([[40, 44], [20, 22], [19, 21]]), flat, 100) == 1
    assert tuning.best(np.array([[40, 44], [30, 32], [19, 21]]), flat, 100) == 2
    assert tuning.best(np.array([[40, 44], [10, NEVER], [90, 95]]), flat, 100) == 0  # one failure costs 200
    end = np.array([[0.9, 0.8], [0.3, 0.2], [0.5, 0.4]])
    assert tuning.best(np.full((3, 2), NEVER), end, 100) == 1  # nobody there: the one that got farthest
    assert tuning.best(np.array([[44.0, 44], [40, 40]]), flat[:2], 100) == 1  # a tenth more is not close
    assert tuning.best(np.array([[10.0, 20], [20, 10]]), end[:2], 100) == 0  # the end of those who are there: nothing


def grids(count):
    """Tuning runs like the pages': (L, T) steps looked at when `looks` says, some of them never there or diverged."""
    rng, looks = np.random.default_rng(0), np.array(tuning.looks(100))
    for _ in range(count):
        rates, starts = int(rng.integers(1, 7)), int(rng.integers(1, 6))
        typical = rng.choice([6, 10, 20, 25, 50, 120], (rates, 1)) * rng.choice([1, 1.1, 1.3])
        exact = typical * rng.uniform(0.7, 1.3, (rates, starts))
        steps = np.where(exact <= 100, looks[np.searchsorted(looks, np.minimum(exact, 100))], NEVER)
        diverged = np.where(rng.random(steps.shape) < 0.15, rng.choice(looks, steps.shape), -1)
        yield steps, diverged, rng.random(steps.shape)


def replayed(steps, diverged, end, allowed=100, scouts=1):
    """Trainings as `tuned` asks for them, from what will happen: its choice, and who was trained until when."""
    looks, trainings = tuning.looks(allowed), []

    def trained(rates, starts, until):
        own = np.ix_(rates, starts)
        for k in range(1, len(looks) + 1):
            gone = torch.tensor(np.where(diverged[own] <= looks[k - 1], diverged[own], -1)).flatten()
            there = torch.tensor(np.array(looks[:k])[:, None] >= steps[own].flatten())
            history = SimpleNamespace(steps={"loss": looks[:k]}, diverged=gone, there=there, end=end[own].flatten())
            if until(history):
                break
        trainings.append((list(rates), list(starts), looks[k - 1]))
        return history

    reach = lambda history: tuning.reached(history, "loss", history.there)  # noqa: E731
    found, chosen = tuning.tuned(trained, reach, lambda history: history.end, *steps.shape, allowed, scouts=scouts)
    there = np.isfinite(found)
    np.testing.assert_array_equal(found[there], steps[there])
    return chosen, trainings


def test_a_race_that_ends_early_has_the_winner_of_the_whole_grid():
    ends = []
    for steps, diverged, end in grids(1500):
        chosen, ((_, _, last),) = replayed(steps, diverged, end, scouts=0) if len(steps) > 1 else (0, [(0, 0, 0)])
        whole = np.where((diverged >= 0) & (diverged <= steps), NEVER, steps)
        assert chosen == tuning.best(whole, end, 100), (steps, diverged)
        ends.append(last)
    assert np.mean(ends) < 60  # of 100: otherwise nothing is gained


def test_a_race_with_a_scout_has_the_winner_of_all_that_come_near_there():
    spent, all_spent = 0, 0
    for steps, diverged, end in grids(1500):
        chosen, trainings = replayed(steps, diverged, end)
        whole = np.where((diverged >= 0) & (diverged <= steps), NEVER, steps)
        first = np.where(np.isfinite(whole[:, 0]), whole[:, 0], 200)
        few = first <= tuning.NEAR * first.min()
        if np.isinf(whole[:, 0]).all():  # nobody is there: how far they came tells
            few = first + end[:, 0] <= tuning.NEAR * (first + end[:, 0]).min()
        kept = np.flatnonzero(few)
        assert chosen == kept[tuning.best(whole[kept], end[kept], 100)], (steps, diverged)
        spent += sum(len(rates) * len(starts) * last for rates, starts, last in trainings)
        all_spent += 100 * steps.size
    assert spent < 0.5 * all_spent  # otherwise nothing is gained


def test_a_race_ends_when_nothing_can_change_and_no_later():
    steps = np.array([[40, 44], [20, 20], [NEVER, NEVER]])
    sound, end, every = np.full((3, 2), -1), np.zeros((3, 2)), [0, 1, 2]
    assert replayed(steps, sound, end, scouts=0) == (
        1,
        [(every, [0, 1], 20)],
    )  # the next look is at 22, a tenth later
    later = np.where(steps == 20, 24, steps)
    assert replayed(later, sound, end, scouts=0) == (1, [(every, [0, 1], 26)])  # at 24 others might be there at 26
    larger = steps[1:], sound[1:], end[1:]
    assert replayed(*larger, scouts=0) == (0, [([0, 1], [0, 1], 20)])  # a larger rate has to be a tenth better
    assert replayed(np.full((3, 2), NEVER), sound, end, scouts=0) == (0, [(every, [0, 1], 100)])


def test_a_scout_ends_when_it_is_known_who_is_near_and_no_later():
    steps = np.array([[40, 44], [20, 20], [NEVER, NEVER]])
    sound, end = np.full((3, 2), -1), np.zeros((3, 2))
    assert replayed(steps, sound, end) == (1, [([0, 1, 2], [0], 35)])  # the next look is at 40, not near 20
    close = np.array([[30, 30], [20, 20], [NEVER, NEVER]])
    both = [([0, 1, 2], [0], 35), ([0, 1], [1], 20)]  # where the other might be there at 22, and not close
    assert replayed(close, sound, end) == (1, both)
    alone = replayed(close[:, :1], sound[:, :1], end[:, :1])  # there are no others
    assert alone == (1, both[:1])
    nobody = np.full((3, 2), NEVER)
    assert replayed(nobody, sound, end) == (0, [([0, 1, 2], [0], 100), ([0, 1, 2], [1], 100)])
    gone = np.array([[-1, -1], [-1, -1], [10, 10]])
    assert replayed(np.full((3, 2), 20), gone, end) == (0, [([0, 1, 2], [0], 20), ([0, 1], [1], 20)])


def digits_race(*, glance=True, whole=False):
    """The pages' own way: four learning rates and three starts on the digits, to a loss of 1 on 128 of them."""
    network, rates, starts, kept = mlp.MLP((64, 16, 10)), np.array([0.04, 0.08, 0.16, 0.32]), 3, []
    x, y = data.standardised().train

    def trained(some, these, until):
        params = inits.join([inits.start(network, inits.Init("he"), these)] * len(some))
        recipe = train.Recipe(steps=80, batch=16, lr=tuple(np.repeat(rates[some], len(these)).tolist()))
        look = lambda m: measure.loss(network, m.params, (x[:128], y[:128]), "cross_entropy")  # noqa: E731
        watched = tuning.glancing(lambda m: m.loss(), look, lambda seen: seen > 1.5, 80) if glance else look
        kept.append(train.train(network, params, (x, y), recipe, seeds=list(these), until=until,
                                record={"loss": train.Record(watched, tuning.looks(80))}))  # fmt: skip
        return kept[-1]

    reach = lambda history: tuning.reached(history, "loss", history.values["loss"] <= 1.0)  # noqa: E731
    end = lambda history: np.zeros(len(history.diverged))  # noqa: E731
    if whole:
        history = trained(np.arange(4), range(starts), lambda history: False)
        return reach(history).reshape(4, -1), None, kept
    return *tuning.tuned(trained, reach, end, len(rates), starts, 80, scouts=1), kept


def test_what_is_trained_in_a_race_is_the_whole_grids():
    """On networks: the choice, steps and losses are those of the whole grid, trained to its end, with every look."""
    steps, chosen, kept = digits_race(glance=False)
    all_steps, _, (every,) = digits_race(glance=False, whole=True)
    assert chosen == tuning.best(all_steps, np.zeros((4, 3)), 80)
    there = np.isfinite(steps)
    np.testing.assert_array_equal(steps[there], all_steps[there])
    assert there[chosen].all()
    first = every.values["loss"].reshape(-1, 4, 3)[:, :, 0]
    torch.testing.assert_close(kept[0].values["loss"], first[: len(kept[0].values["loss"])])
    assert sum(h.values["loss"].numel() for h in kept) < 0.8 * every.values["loss"].numel()


def test_a_glance_far_from_the_goal_changes_no_step():
    (steps, chosen, glanced), (looked_steps, of_looked, looked) = digits_race(), digits_race(glance=False)
    np.testing.assert_array_equal(steps, looked_steps)
    assert chosen == of_looked
    for one, other in zip(glanced, looked, strict=True):
        same = (one.values["loss"] == other.values["loss"]).all(1)
        assert not same[0]  # a batch's loss
        assert same.any()
        assert (one.values["loss"][~same] > 1.5).all()


def test_at_the_last_step_nobody_glances():
    what = tuning.glancing(lambda m: torch.tensor([9.0, 9]), lambda m: torch.tensor([1.0, 2]), lambda z: z > 3, 80)
    assert what(SimpleNamespace(step=79)).tolist() == [9, 9]
    assert what(SimpleNamespace(step=80)).tolist() == [1, 2]
    nan = tuning.glancing(lambda m: torch.tensor([9.0, math.nan]), lambda m: torch.zeros(2), lambda z: z > 3, 80)
    assert nan(SimpleNamespace(step=1)).tolist() == [0, 0]


def test_a_training_is_settled_when_all_are_there_or_gone():
    history = SimpleNamespace(diverged=torch.tensor([-1, 7, -1]))
    assert tuning.settled(lambda history: np.array([4.0, NEVER, 6]))(history)
    assert not tuning.settled(lambda history: np.array([4.0, NEVER, NEVER]))(history)


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
