"""The mirror image is exact wherever theory says exact, for every repeat; and the data say where it is not."""

import itertools
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from drawn import drawn
from endings import unchosen

from lib.engine import data, inits, measure, mlp
from lib.questions.inverted_input.config import InvertedInput
from lib.questions.inverted_input.experiment import REPEATS, _inverted, _mask, _matched, _mirrored, _train, run
from lib.questions.inverted_input.result import FULL, OneMinus
from lib.questions.inverted_input.verdict import main, one_minus, verdicts
from lib.words import load

DEFAULTS = (
    "network=mlp start=mirrored inversion=minus_x share=0.5 activation=relu optimiser=adam lr=0.005 "
    "decay=0.0 steps=300 seed=0"
)
RULINGS = {
    "optimal_weights_invert": "right",
    "new_weights_nonpositive": "right",
    "depends_on_the_data": "right",
    "negative_is_minus": "wrong",
}

QUICK = InvertedInput(steps=30)
RATES = {"adam": 0.005, "momentum": 0.02, "sgd": 0.1}


@pytest.mark.parametrize("optimiser", RATES)
@pytest.mark.parametrize("activation", ["relu", "tanh"])
@pytest.mark.parametrize("share", [0.02, 0.25, 1.0])
@pytest.mark.parametrize("decay", [0.0, 0.01])
def test_a_mirrored_start_stays_the_mirror_image_to_the_last_bit(optimiser, activation, share, decay):
    config = replace(QUICK, optimiser=optimiser, lr=RATES[optimiser], activation=activation, share=share, decay=decay)
    result = run(config)
    assert result.equal.tolist() == [True] * REPEATS
    assert result.gap.max() == 0
    assert np.array_equal(np.where(result.mask, -result.weights, result.weights), result.weights_inverse)
    assert verdicts(result)["main"].key == "exact"


def test_the_default_is_exact_and_has_learned(default):
    assert verdicts(default)["main"].key == "exact"
    assert default.gap.max() == 0
    assert default.accuracy.min() > 0.9
    assert default.mask.sum() == 32


def test_one_best_answer_turns_round_from_any_start():
    config = InvertedInput(network="softmax_regression", start="independent", decay=0.01, lr=0.02, steps=1000)
    result = run(config)
    assert result.matched.min() > 0.999
    assert not result.equal.any()
    assert verdicts(result)["main"].key == "nearly"


def test_the_weights_that_it_turns_round_are_the_minimum():
    """Strictly convex: L-BFGS from zero, on other code, finds the same weights."""
    digits, decay = data.digits(), 0.01
    weight = torch.zeros(10, 65, dtype=torch.float64, requires_grad=True)
    x = torch.cat([digits.x, torch.ones(len(digits.x), 1)], 1).double()
    solver = torch.optim.LBFGS([weight], max_iter=500, line_search_fn="strong_wolfe")

    def loss():
        solver.zero_grad()
        value = torch.nn.functional.cross_entropy(x @ weight.T, digits.y) + decay / 2 * weight.square().sum()
        value.backward()
        return value

    solver.step(loss)
    config = InvertedInput(
        network="softmax_regression", start="independent", decay=decay, lr=0.02, steps=1000, share=0.0
    )
    result = run(config)
    found = weight.detach()[:8, :64].numpy()
    assert np.corrcoef(found[:, result.live].ravel(), result.weights[-1][:, result.live].ravel())[0, 1] > 0.999


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"start": "independent"}, "partly"),
        ({"start": "same"}, "partly"),
        ({"inversion": "one_minus_x"}, "drifted"),
        ({"share": 0.0}, "nothing"),
        ({"share": 0.0, "start": "independent"}, "nothing"),
    ],
)
def test_the_data_choose_the_verdict(change, key):
    result = run(replace(InvertedInput(), **change))
    assert verdicts(result)["main"].key == key
    assert result.accuracy.min() > 0.9


@pytest.fixture(scope="module")
def independent():
    return run(InvertedInput(start="independent"))


def test_units_are_matched_before_they_are_compared(independent):
    """By what they compute; they are then far nearer to the mirror image than to the originals, and drawn so."""
    found = verdicts(independent)["main"].numbers
    first, second = independent.weights[-1], independent.weights_inverse[-1]  # eight units of the first pair
    mirror = np.where(independent.mask, -first, first)[:, independent.live]
    assert np.corrcoef(mirror.ravel(), second[:, independent.live].ravel())[0, 1] > 0.2
    assert found["matched"] > 0.3
    assert abs(found["matched_unmirrored"]) < 0.25
    assert (independent.matched > independent.matched_unmirrored).all()
    swapped = replace(independent, matched=independent.matched_unmirrored, matched_unmirrored=independent.matched)
    assert main(swapped).key == "apart"
    assert main(replace(independent, matched=np.full(REPEATS, 0.995))).key == "nearly"


@pytest.mark.parametrize("start", ["independent", "same"])
def test_networks_that_have_learned_nothing_have_not_turned_round(start):
    """Matched as mirror images, units of random networks look like some; matched as originals, like those as well."""
    result = run(InvertedInput(start=start, steps=3))
    assert np.median(result.accuracy[0]) < 0.3
    assert result.matched.min() > 0.05  # which proves nothing:
    assert np.median(result.matched) - np.median(result.matched_unmirrored) < 0.05
    assert main(result).key == "apart"


def test_what_was_turned_at_the_start_is_no_finding():
    """From a mirrored start 1 - x is still nearly a mirror image after three steps, and only moves away from it."""
    few, many = (run(InvertedInput(inversion="one_minus_x", steps=steps)) for steps in (3, 100))
    assert (few.matched > 0.99).all()
    assert (many.matched < few.matched).all()
    assert {main(result).key for result in (few, many)} == {"drifted"}


def test_where_every_input_is_inverted_there_are_no_others():
    said = verdicts(run(replace(QUICK, share=1.0)))["data"]
    assert said.key == "data_decide_all"
    assert "others" not in load("inverted_input")["verdict.data.data_decide_all"]


def test_matching_undoes_a_shuffle():
    """Of a mirrored start whose units were put in another order, the partners are found again."""
    config, g = InvertedInput(steps=3), np.random.default_rng(3)
    mask = _mask(config)
    start = inits.start(mlp.MLP((64, 32, 10)), inits.Init("he"), range(REPEATS))
    turned, order = _mirrored(start, mask, shift=False), torch.tensor(g.permutation(32))
    shuffled = [turned[0][:, order], turned[1][:, order]]
    ends = [SimpleNamespace(params=params) for params in (start, shuffled)]
    found = _matched(config, _inverted(data.digits().x, mask, config), *ends)
    assert (order.numpy()[found] == np.arange(32)).all()


def test_the_set_of_optima_is_mirrored_whatever_is_found(independent, default):
    """The ruling on optimal weights rests on the symmetry of the loss, for any weights, not on what runs found."""
    for result in (independent, default):
        assert verdicts(result)["symmetry"].key == "symmetry_holds"
        assert result.symmetry_gap.max() == 0
    assert verdicts(replace(default, symmetry_gap=default.symmetry_gap + 1e-3))["symmetry"].key != "symmetry_holds"


def test_positive_weights_turn_negative(default, independent):
    """Exactly from the mirrored start; from another start only some of them."""
    positive = default.weights[-1][:, default.mask & default.live] > 0
    assert positive.any()
    assert (default.weights_inverse[-1][:, default.mask & default.live][positive] < 0).all()
    assert verdicts(default)["signs"].key == "signs_all"
    assert verdicts(independent)["signs"].key == "signs_some"
    assert 0.5 < np.median(independent.turned_negative) < 1


def test_signs_depend_on_the_data_with_all_else_equal(default):
    """The same numbers where the page's second network starts from the first one's start itself."""
    same = run(InvertedInput(start="same"))
    np.testing.assert_array_equal(same.data_turned, default.data_turned)
    network, digits = mlp.MLP((64, 32, 10)), data.digits()
    start = inits.start(network, inits.Init("he"), range(REPEATS))
    sets = (digits.x, digits.y), (_inverted(digits.x, same.mask, QUICK), digits.y)
    first, second = (_train(network, start, samples, InvertedInput(), None).params[0].sign() for samples in sets)
    other = (first != second)[:, :, same.mask & same.live].double().mean((1, 2))
    np.testing.assert_allclose(same.data_turned[0], other, atol=1e-6)
    assert verdicts(default)["data"].key == "data_decide"
    assert verdicts(replace(default, data_turned=0 * default.data_turned))["data"].key == "data_not_yet"
    nothing = run(replace(QUICK, share=0.0))
    assert nothing.data_turned.max() == 0
    assert [verdicts(nothing)[name].key for name in ("symmetry", "signs", "data")] == [
        "symmetry_nothing", "signs_nothing", "data_not_yet",
    ]  # fmt: skip


def test_a_diverged_pair_is_named(default):
    assert main(replace(default, diverged=np.full(REPEATS, 8))).key == "diverged"


def test_one_minus_x_needs_the_biases(default):
    said = verdicts(default)["one_minus"]
    assert said.key == "one_minus_matters"
    np.testing.assert_allclose(default.one_minus.moved, default.accuracy[0], rtol=1e-6)
    assert default.one_minus.gap < 1e-4
    assert (default.one_minus.left < default.accuracy[0] - 0.1).all()


@pytest.mark.parametrize("inversion", ["minus_x", "one_minus_x"])
def test_mirrored_parameters_compute_the_same_function(inversion):
    config = replace(QUICK, inversion=inversion, share=0.75)
    network, mask = mlp.MLP((64, 32, 10), "tanh"), _mask(config)
    start = inits.start(network, inits.Init("he"), [1, 2], torch.float64)
    x = data.digits().test_x.double()
    turned = _mirrored(start, mask, shift=inversion == "one_minus_x")
    torch.testing.assert_close(
        measure.outputs(network, start, x), measure.outputs(network, turned, _inverted(x, mask, config))
    )


def test_more_inverted_inputs_contain_the_fewer():
    masks = [_mask(replace(QUICK, share=s)) for s in (0.0, 0.02, 0.25, 0.5, 1.0)]
    assert [int(m.sum()) for m in masks] == [0, 1, 16, 32, 64]
    assert all((big | small == big).all() for small, big in itertools.pairwise(masks))


def test_biases_left_alone_may_do_no_harm(default):
    """One pixel of a hardly trained network, say: the same median with its bias moved and without."""
    rewritten = replace(default.one_minus, left=default.one_minus.moved)
    said = one_minus(replace(default, one_minus=rewritten))
    assert said.key == "one_minus_open"
    assert said.numbers["left"] == said.numbers["moved"]


def test_every_chart_shows_the_runs_numbers(default):
    words = load("inverted_input")
    first, second = default.weights[-1], default.weights_inverse[-1]  # (U, 64), of the same units
    with drawn("inverted_input") as page:
        inverted, kept = words["figures.scatter.inverted"], words["figures.scatter.kept"]
        for axis, weights in (("x", first), ("y", second)):
            turned, left = weights[:, default.mask], weights[:, ~default.mask]
            page.holds("scatter", {inverted: turned.ravel(), kept: left.ravel()}, of=axis)
        np.testing.assert_array_equal(page.tables["scatter"]["first"], first.ravel())
        np.testing.assert_array_equal(page.tables["scatter"]["second"], second.ravel())
        holds_what_is_received(page, default, words)


def holds_what_is_received(page, result, words):
    """By default unit 1 and a three: inputs, weights and products of both networks, and their sums, at every step."""
    x = data.digits().test_x[int((data.digits().test_y == 3).nonzero()[0])].numpy()
    inputs = np.stack([x, np.where(result.mask, -x, x)])
    chart = page.charts["received"]
    assert [frame.name for frame in chart.frames] == [str(step) for step in result.frames]
    weights = np.stack([result.weights[:, 0], result.weights_inverse[:, 0]], 1)  # (F, 2, 64)
    products = weights * inputs
    for k, frame in enumerate(chart.frames):
        sheet = np.asarray(frame.data[0].z, float)
        every = np.broadcast_to(inputs, weights.shape), weights, products
        columns = [np.clip(v[k] / np.quantile(np.abs(v), FULL), -1, 1) for v in every]
        for row in range(2):
            for column, values in enumerate(columns):
                shown = sheet[2 + 10 * row :, 11 * column :][:8, :8]
                np.testing.assert_allclose(shown.ravel(), 100 * values[row], atol=0.51)
        sums = [words.say("figures.received.total", sum=float(v)) for v in products[k].astype(float).sum(1)]
        assert list(frame.data[1].text[2::3]) == sums
    said = page.numbers["received"]
    assert said["first"] == said["second"] == pytest.approx(float(products[-1, 0].sum()), rel=1e-5)
    outlined = chart.data[3]  # behind the pictures, the words and the pictures' frames
    assert np.isnan(outlined.x).sum() == 2 * result.mask.sum()  # the second network's inputs and their weights
    page.held.add("received")


def test_what_both_units_receive_is_drawn_on_one_scale(default):
    tiles, sums = default.received(2, 7)
    assert tiles.shape == (len(default.frames), 6, 8, 8)
    assert np.abs(tiles).max((0, 2, 3)).max() == 1
    np.testing.assert_array_equal(sums[:, 0], sums[:, 1])  # from a mirrored start: at every step, to the last bit
    np.testing.assert_array_equal(tiles[:, 2], tiles[:, 5])
    np.testing.assert_array_equal(
        tiles[:, 0].reshape(-1, 64)[:, default.mask], -tiles[:, 3].reshape(-1, 64)[:, default.mask]
    )
    apart = run(replace(QUICK, start="independent")).received(2, 7)[1]
    assert (apart[:, 0] != apart[:, 1]).all()


def test_the_verdicts_say_the_tables_numbers(default):
    """Also where the two networks differ, so that neither's number can stand for the other's."""
    apart = run(replace(QUICK, start="independent"))
    assert np.median(apart.accuracy[0]) != np.median(apart.accuracy[1])
    for result in (default, apart):
        table, found = result.table(), {name: verdict.numbers for name, verdict in verdicts(result).items()}
        medians = table.median()
        assert found["main"]["equal"] == table.mirror_image_to_the_last_bit.sum()
        assert found["main"]["repeats"] == len(table)
        assert found["main"]["matched"] == pytest.approx(medians.correlation_mirrored_matched)
        assert found["main"]["matched_unmirrored"] == pytest.approx(medians.correlation_unmirrored_matched)
        assert found["signs"]["share"] == pytest.approx(medians.turned_negative)
        assert found["data"]["inverted"] == pytest.approx(medians.other_sign_by_data_inverted)
        assert found["data"]["kept"] == pytest.approx(medians.other_sign_by_data_kept)
        assert (found["main"]["count"], found["main"]["inverted"]) == (64 * 32 + 32 + 32 * 10 + 10, result.mask.sum())
        assert found["main"]["accuracy"] == pytest.approx(medians.test_accuracy)


def test_each_accuracy_of_the_rewritten_network_is_its_own(default):
    """In a run the rewriting with moved biases changes nothing; here it does."""
    several = np.arange(REPEATS) ** 2 / 100  # its median is not its mean
    rewritten = OneMinus(moved=several / 2, left=several / 4, gap=0.125)
    found = one_minus(replace(default, one_minus=rewritten)).numbers
    middle = np.median(several)
    assert found == pytest.approx({"moved": middle / 2, "left": middle / 4})


def test_the_network_to_take_home_is_the_first_one_drawn(default):
    w, b, v, c = (torch.tensor(p) for p in default.network.values())
    np.testing.assert_array_equal(w[:8], default.weights[-1])
    z = (data.digits().test_x @ w.T + b).relu() @ v.T + c
    assert (z.argmax(1) == data.digits().test_y).float().mean() == pytest.approx(default.accuracy[0, 0])


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("inverted_input")
