"""Equivalent copies, matched units, the way between two networks, and a valley of two weights."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn import drawn
from endings import unchosen

from lib.engine import data, inits, measure, mlp
from lib.questions.weight_space import landscape, matching, valley
from lib.questions.weight_space import verdict as verdicts_of
from lib.questions.weight_space.config import WeightSpace
from lib.questions.weight_space.experiment import REPEATS, _toy, run
from lib.questions.weight_space.verdict import verdicts
from lib.words import load

DEFAULTS = "width=32 start=own steps=400 matched=weights decay=0.0 seed=0"
RULINGS = {
    "weight_space_all_values": "right",
    "other_start_other_weights": "right",
    "all_one_basin": "depends",
    "low_dimensional_path": "wrong",
}

DEFAULT = WeightSpace()
OFF_DIAGONAL = ~np.eye(REPEATS, dtype=bool)
LINES = ("next", "matched", "copy", "back")  # the last axis of `path_*` and of `distance`


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
        "walk": "", "valley": "valley",
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


def test_units_that_are_off_for_all_samples_are_matched_by_their_weights():
    """Their activations correlate with none, so any order of them would do."""
    a = inits.start(mlp.MLP((5, 8, 2)), inits.Init("he"), range(4))
    a[1][:, ::2] = -100.0  # half of the units
    x = torch.rand(50, 5, generator=torch.Generator().manual_seed(0))
    shuffled = matching.reordered(a, torch.tensor([3, 0, 6, 1, 7, 4, 2, 5]).expand(4, -1))
    for restored, p in zip(matching.reordered(shuffled, matching.alike(a, shuffled, x)), a, strict=True):
        assert torch.equal(restored, p)


def test_two_units_that_change_places_make_hardly_a_hill(default):
    """The hill before a full shuffle is no hill between all the places where the network stands."""
    names = ("layer1.weight", "layer1.bias", "layer2.weight", "layer2.bias")
    one = [torch.from_numpy(default.network[name])[None] for name in names]
    falls = []
    for k in range(0, 32, 2):
        order = torch.arange(32)
        order[[k, k + 1]] = order[[k + 1, k]]
        line = landscape.line(one, matching.reordered(one, order[None]), torch.linspace(0, 1, 11))
        right = landscape.right(mlp.MLP((64, 32, 10)), line, data.digits().test)
        falls.append(float(right[0] - right.min()))
    assert np.median(falls) < 0.02 < np.median(default.barriers[:, 2])


def test_only_one_hidden_layer_can_be_matched():
    deep = inits.start(mlp.MLP((2, 3, 3, 1)), inits.Init("he"), [0])
    with pytest.raises(ValueError, match="one hidden layer"):
        matching.nearest(deep, deep)


def test_heights_are_torchs_cross_entropy():
    network, digits = mlp.MLP((64, 4, 10)), data.digits().test
    params = inits.start(network, inits.Init("he"), range(70))
    right = landscape.right(network, params, digits)
    for k in (0, 69):
        w1, b1, w2, b2 = (p[k] for p in params)
        z = torch.relu(digits[0] @ w1.T + b1) @ w2.T + b2
        assert float(right[k]) == pytest.approx(float((z.argmax(1) == digits[1]).float().mean()), abs=0.0021)


def test_a_random_walk_looks_low_dimensional_as_theory_says(default):
    theory = 8 / (np.pi * np.array([1, 3])) ** 2
    np.testing.assert_allclose(np.median(default.walk_shares, 0), theory, atol=0.02)
    straight = torch.arange(5.0).view(5, 1, 1) * torch.ones(1, 2, 7)  # one direction holds a straight path
    np.testing.assert_allclose(landscape.principal(straight)[:, 0], 1, atol=1e-9)


def test_a_descent_from_a_click_is_what_the_gradient_says():
    """Against autograd, from inside the valley's reach and from where there is no gradient."""
    for start in ((1.5, -0.5), (0.4, 2.0), (-1.0, 1.0)):
        w, path = torch.tensor(start, dtype=torch.float64), valley.descend(np.array([start]))
        for _ in range(valley.STEPS):
            w = w.detach().requires_grad_()
            ((w[1] * w[0].relu() - 1) ** 2 / 2).backward()
            w = w - valley.RATE * w.grad
        np.testing.assert_allclose(path[-1, 0], w.detach().numpy(), atol=1e-9)
        np.testing.assert_array_equal(path[0, 0], start)


@pytest.mark.parametrize("seed", range(5))
def test_two_weights_find_a_valley_exactly_from_where_theory_says(default, seed):
    toy = replace(default, toy=_toy(WeightSpace(seed=seed)))
    start, end = toy.toy[0], toy.toy[-1]
    assert (toy.solved == ((start[:, 0] > 0) & (start.sum(1) > 0))).all()
    off = start[:, 0] <= 0
    assert (end[off] == start[off]).all()  # no gradient at all
    kept = np.diff(start**2, axis=1) - np.diff(end**2, axis=1)  # w2^2 - w1^2, kept by gradient flow
    assert abs(kept[toy.solved]).max() < 0.5
    assert np.ptp(end[toy.solved, 0]) > 0.3


def test_other_ends_are_named(default, shared):
    early = run(WeightSpace(width=8, steps=3))
    assert keys(early) | {"walk": "", "copies": ""} == {
        "main": "unlearned", "order": "order_unclear", "copies": "", "barrier": "barrier_unclear", "walk": "",
        "valley": "valley",
    }  # fmt: skip
    half = np.full_like(default.cosine, 0.5)
    assert verdicts_of.main(replace(default, cosine=half)).key == "between"
    assert verdicts_of.main(replace(default, agreement=half)).key == "other_answers"
    assert verdicts_of.order(replace(default, elsewhere=half)).key == "start_and_order"
    assert verdicts_of.order(replace(default, elsewhere=default.cosine)).key == "order_unclear"
    assert verdicts_of.copies(replace(default, copy_gap=np.ones(REPEATS))).key == "copies_broken"
    flat = np.broadcast_to(default.path_accuracy[:1], default.path_accuracy.shape)
    assert verdicts_of.copies(replace(default, path_accuracy=flat)).key == "copies_near"
    stays = default.path_accuracy.copy()
    stays[:, :, 1] = stays[:, :, 0]
    assert verdicts_of.barrier(replace(default, path_accuracy=stays)).key == "barrier_stays"
    lower = flat.copy()
    lower[5] = lower[0] - np.array([0.3, 0.15, 0.0, 0.0])  # in some more than half of the hill is left, in some less
    lower[5, :, 1] += np.where(np.arange(REPEATS) % 2, 0.03, -0.03)
    assert verdicts_of.barrier(replace(default, path_accuracy=lower)).key == "barrier_lower"
    some, half_way = flat.copy(), len(default.shares) // 2
    some[half_way] -= np.linspace(0, 0.04, REPEATS)[:, None]  # a hill of what counts, in half of them
    assert verdicts_of.barrier(replace(default, path_accuracy=some)).key == "barrier_unclear"
    assert verdicts_of.copies(replace(default, path_accuracy=some)).key == "copies_unclear"
    near = 0.8 * default.path_shares * np.linspace(0.9, 1.1, REPEATS)[:, None]
    assert verdicts_of.walk(replace(default, walk_shares=near)).key == "walk_unclear"
    assert verdicts_of.walk(replace(default, walk_shares=default.walk_shares / 2)).key == "walk_unlike"
    assert verdicts_of.valley(replace(default, toy=-abs(default.toy))).key == "valley"
    unlike = default.toy.copy()
    unlike[0] = -unlike[0]
    assert verdicts_of.valley(replace(default, toy=unlike)).key == "valley_unlike_theory"


def test_the_conjecture_is_about_wide_networks_and_one_order_refutes_nothing():
    claim = next(c for c in load("weight_space")["claims"] if c["id"] == "all_one_basin")
    assert "wide enough" in claim["claim"]
    assert "wrong" not in claim


def test_every_chart_shows_the_runs_numbers(default):
    words = load("weight_space")
    with drawn("weight_space") as page:
        columns = ("next", "next_matched", "shuffled_copy", "copy_put_back")
        medians = dict(zip(LINES, np.median(default.path_accuracy, 1).T, strict=True))
        page.holds("accuracy", {words[f"figures.accuracy.{k}"]: 100 * line for k, line in medians.items()})
        page.holds("accuracy", {words[f"figures.accuracy.{k}"]: 100 * default.shares for k in LINES}, of="x")
        ends = 100 * default.path_accuracy[[0, -1]].mean((1, 2))
        goal = next(t for t in page.charts["accuracy"].data if t.name == words["figures.accuracy.goal"])
        np.testing.assert_allclose(goal.y, np.interp(goal.x, [0, 100], ends), rtol=1e-5)
        for column, line in zip(columns, medians.values(), strict=True):
            np.testing.assert_array_equal(page.tables["accuracy"][f"accuracy_{column}"], line)
        assert_the_units_are(page, default, words)
        one, other = page.tables["units"].one, page.tables["units"].other
        columns = {"cosine": default.cosine, "cosine_matched": default.aligned, "agreement": default.agreement,
                   "cosine_matched_untrained": default.untrained}  # fmt: skip
        for column, values in columns.items():
            np.testing.assert_array_equal(page.tables["units"][column], values[one, other])
        assert_the_valley_is(page, default, words)


def assert_the_units_are(page, result, words):
    """The first network against its copy and the second one, as they are, then matched with the best pair first."""
    assert page.hero == "units"
    following, matched, copy, back = result.likeness
    whole = {"copy": 1 - result.distance[0, 2] ** 2 / 2, "copy_matched": 1, "next": result.cosine[0, 1],
             "next_matched": result.aligned[0, 1]}  # fmt: skip
    for trace, (name, units) in enumerate(zip(whole, (copy, back, following, matched), strict=True)):
        best = np.argsort(-np.rint(100 * np.diag(units)), kind="stable")
        order = best if name.endswith("matched") else np.arange(len(best))
        shown = page.charts["units"].data[trace]
        assert np.abs(np.asarray(shown.z, float) - 100 * units[np.ix_(order, order)]).max() <= 0.5001
        assert shown.name == words[f"figures.units.{name}"]
        assert page.numbers["units"][name] == pytest.approx(whole[name], abs=1e-6)
        assert words.say("figures.units.cosine", cosine=whole[name]) in [
            note.text for note in page.charts["units"].layout.annotations
        ]
    page.held.add("units")


def test_of_many_units_as_many_pairs_are_shown_as_can_be_seen(default):
    """The same pairs before and after matching, at even distances from the most to the least alike."""
    rng = np.random.default_rng(0)
    matched = rng.uniform(-0.5, 0.5, (4, 128, 128))
    matched[:, range(128), range(128)] = np.linspace(1, 0.51, 128)
    order = rng.permutation(128)  # column k of what is shuffled stands in place order[k]
    likeness = np.stack([matched[0][:, order], matched[0], matched[2][:, order], matched[2]])
    shown = [units[0] for units, _ in replace(default, likeness=likeness).units()]
    assert {units.shape for units in shown} == {(32, 32)}
    for raw, put_back in (shown[:2], shown[2:]):
        np.testing.assert_array_equal(np.diag(put_back), np.rint(np.linspace(100, 51, 128)[::4]))
        assert sorted(raw.ravel()) == sorted(put_back.ravel())
        assert (np.sort(raw.max(0)) == np.sort(put_back.max(0))).all()  # each unit's other one is there


def test_likeness_is_the_cosine_of_all_that_belongs_to_a_unit(default):
    network = mlp.MLP((5, 3, 2))
    a, b = (inits.start(network, inits.Init("he", bias=0.3), range(s, s + 4)) for s in (0, 9))
    one, other = (torch.cat([p[0][2, 1], p[1][2, 1:2], p[2][2, :, 1]]) for p in (a, b))
    found = matching.likeness(a, b)
    assert found.shape == (4, 3, 3)
    assert float(found[2, 1, 1]) == pytest.approx(float(torch.cosine_similarity(one, other, dim=0)), rel=1e-5)
    shuffled, back = default.likeness[2:]  # a copy has all units once, put back each in its place
    assert ((shuffled > 1 - 1e-5).sum(0) == 1).all()
    np.testing.assert_allclose(np.diag(back), 1, rtol=1e-5)


def assert_the_valley_is(page, result, words):
    """A descent, the ends of all by whether the product of the two weights came near to one, and a place to click."""
    chart, table, (start, end) = page.charts["valley"], page.tables["valley"], result.toy[[0, -1]]
    w1, w2 = np.meshgrid(chart.data[0].x, chart.data[0].y)
    np.testing.assert_allclose(chart.data[0].customdata, (w2 * np.maximum(w1, 0) - 1) ** 2 / 2, atol=1e-5)
    solved = (end[:, 0] > 0) & (abs(end.prod(1) - 1) < 0.01)
    path = result.toy[:, solved.argmax()]  # the first that finds a solution
    for k, axis in enumerate("xy"):
        ends = {"path": path[:, k], "start": path[:1, k], "solved": end[solved, k], "stuck": end[~solved, k]}
        page.holds("valley", {words[f"figures.valley.{name}"]: values for name, values in ends.items()}, of=axis)
    clicks = chart.data[-1]
    np.testing.assert_allclose(clicks.x, w1.ravel(), rtol=1e-6)
    np.testing.assert_allclose(clicks.customdata, (clicks.y * np.maximum(clicks.x, 0) - 1) ** 2 / 2, atol=1e-5)
    said = page.numbers["valley"]
    assert [said["to_1"], said["to_2"]] == path[-1].tolist()
    np.testing.assert_array_equal(table[["w1_start", "w2_start"]], start)
    np.testing.assert_array_equal(table[["w1_end", "w2_end"]], end)
    np.testing.assert_array_equal(table.solved, solved)


@pytest.mark.parametrize("start", ["default", "shared"])
def test_the_verdicts_say_the_tables_numbers(start, request):
    result = request.getfixturevalue(start)
    found = {name: verdict.numbers for name, verdict in verdicts(result).items()}
    medians = result.table().median()
    elsewhere = np.median(result.elsewhere[np.triu_indices(REPEATS, 1)])
    said = {"agreement": medians.agreement, "cosine": medians.cosine, "elsewhere": elsewhere,
            "aligned": medians.cosine_matched, "untrained": medians.cosine_matched_untrained,
            "accuracy": np.median(result.accuracy)}  # fmt: skip
    assert {name: found["main"][name] for name in said} == pytest.approx(said)
    own, one = (medians.cosine, elsewhere) if start == "default" else (elsewhere, medians.cosine)
    assert found["order"] == pytest.approx({"own": own, "shared": one})
    half_way = result.over_shares().set_index("share_of_the_way").loc[0.5]
    assert found["copies"]["middle"] == half_way.accuracy_shuffled_copy
    assert found["copies"]["distance"] == np.median(result.distance[:, 2])
    assert found["copies"]["accuracy"] == np.median(result.accuracy)
    for k, name in enumerate(("raw", "matched")):
        walks = result.path_accuracy[..., k].T  # (R, A)
        falls = [(np.interp(result.shares, [0, 1], walk[[0, -1]]) - walk).max() for walk in walks]
        assert found["barrier"][name] == pytest.approx(100 * np.median(falls), abs=1e-4)


def test_what_is_said_of_paths_and_of_two_weights_is_the_tables(default):
    walk, valley = (verdicts(default)[name].numbers for name in ("walk", "valley"))
    assert walk["both"] == pytest.approx(np.median(default.path_shares, 0).sum())
    assert walk["walk_both"] == pytest.approx(np.median(default.walk_shares, 0).sum())
    starts = default.over_starts()
    solved = starts[starts.solved]
    assert (valley["starts"], valley["solved"], valley["stuck"]) == (len(starts), len(solved), (~starts.solved).sum())
    assert (valley["low"], valley["high"]) == (solved.w1_end.min(), solved.w1_end.max())


def test_the_network_to_take_home_is_the_first_one(default):
    """By plain torch as good as is said, and its units against themselves are the copy put back."""
    w, b, v, c = (torch.tensor(p) for p in default.network.values())
    x, y = data.digits().test
    right = (((x @ w.T + b).relu() @ v.T + c).argmax(1) == y).float().mean()
    assert float(right) == pytest.approx(default.accuracy[0])
    params = [p.unsqueeze(0) for p in (w, b, v, c)]
    np.testing.assert_allclose(matching.likeness(params, params)[0], default.likeness[3], atol=1e-6)


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("weight_space")
