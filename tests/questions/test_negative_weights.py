"""The question's science: the theorem for every repeat, the verdicts at the default and where the effect vanishes."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn import drawn
from endings import unchosen

from lib.engine import data, inits, mlp, optimisers, train
from lib.questions.negative_weights.config import STARTS, NegativeWeights
from lib.questions.negative_weights.experiment import BATCH, run
from lib.questions.negative_weights.verdict import biases, epochs, leaky, main, verdicts
from lib.words import load, ruling

# Since November 2026 "lifted": from abs_he/4 the smallest weight starts so near zero that Adam's bound says nothing.
DEFAULTS = "network=mlp activation=relu start=lifted optimiser=adam lr=0.005 decay=0.0 steps=300 repeats=10 seed=0"
RULINGS = {
    "become_negative": "right",
    "rectified_nonnegative": "wrong",
    "enough_epochs": "wrong",
    "biases_too": "right",
}

DEFAULT = NegativeWeights()
NEAR_ZERO = NegativeWeights(start="abs_he/4")


@pytest.fixture(scope="session")
def near_zero():
    return run(NEAR_ZERO)


def test_every_layer_of_every_network_goes_from_none_to_over_twenty_per_cent(default, near_zero):
    for result, least in ((default, 0.20), (near_zero, 0.30)):
        assert result.share[0].max() == 0
        assert result.share[-1].min() > least
        assert np.median(result.accuracy) > 0.9
        assert verdicts(result)["main"].key == "turned"


def test_no_weight_is_negative_before_adams_bound(default, near_zero):
    for result in (default, near_zero):
        came = result.first > 0
        assert came.any()
        assert (result.first[came] >= result.earliest[came]).all()
    assert default.earliest.min() >= 9  # the bound says something: 0.05 is ten steps of 0.005 away
    assert default.first[default.first > 0].min() <= 12  # and it is nearly reached
    assert near_zero.earliest.min() == 1  # before the first step no weight has moved: that is no news


def test_the_bound_is_not_the_smallest_weight_over_the_learning_rate():
    """Good for the first steps only: after 600 Adam's own factor has grown to five."""
    result = run(replace(DEFAULT, lr=0.0001, steps=600))
    assert result.smallest.min() / 0.0001 == pytest.approx(500, rel=0.01)
    came = result.first > 0
    assert came.any()
    assert 200 < result.earliest.min() < 250
    assert (result.first[came] >= result.earliest[came]).all()


def test_what_adam_cannot_reach_is_told_from_what_it_did_not():
    for steps, key in ((3, "impossible"), (10, "none")):
        result = run(replace(DEFAULT, steps=steps))
        assert verdicts(result)["main"].key == key
        assert result.reach == pytest.approx(optimisers.adam_reach([0.005] * steps)[-1], rel=1e-4)
        assert (result.reach < result.smallest.min()) == (steps == 3)
    assert main(replace(result, reach=0.0)).key == "none"  # the other optimisers have no bound


def test_a_layer_with_hardly_any_negative_weight_is_not_counted_as_one(default):
    """From weights between 0 and 1: three per mille of the last layer; and a layer that has none."""
    result = run(replace(DEFAULT, start="uniform"))
    assert 0 < np.median(result.share[-1], 0)[2] < 0.01
    assert (main(result).key, main(result).numbers["scarce"]) == ("few", "3")
    share = default.share.copy()
    share[:, :, 2] = 0
    partly = main(replace(default, share=share))
    assert (partly.key, partly.numbers["scarce"], partly.numbers["low"]) == ("few", "3", 0)


def test_adams_reach_is_the_tightest_bound():
    """Gradients that meet Cauchy's inequality with equality move torch's own Adam exactly as far as promised."""
    steps, lr, (b1, b2) = 7, 0.01, (0.9, 0.999)
    reach = optimisers.adam_reach([lr] * steps)
    ages = torch.arange(steps - 1, -1, -1, dtype=torch.float64)
    gradients = (b1 / b2) ** ages  # a_i / b_i up to a factor: equality at the last step
    weight = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
    adam = torch.optim.Adam([weight], lr=lr, eps=0)
    before = 0.0
    for gradient in gradients:
        before = float(weight.detach())
        weight.grad = gradient.reshape(1)
        adam.step()
    assert before - float(weight.detach()) == pytest.approx(reach[-1] - reach[-2], rel=1e-9)
    assert reach[0] == pytest.approx(lr)


def test_blank_pixels_keep_their_first_weights(default):
    blank = data.digits().x.amax(0).numpy() == 0
    assert blank.sum() == 3
    first_layer = default.weights[0]  # (F, 32, 64)
    assert np.array_equal(first_layer[0][:, blank], first_layer[-1][:, blank])
    assert not np.array_equal(first_layer[0][:, ~blank], first_layer[-1][:, ~blank])


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"start": "lifted", "steps": 3}, "impossible"),
        ({"start": "he", "steps": 30}, "signed_start"),
        ({"lr": 1.0, "steps": 100}, "lost"),
        ({"start": "abs_he/4", "optimiser": "sgd", "lr": 0.001, "steps": 100}, "few"),
        ({"steps": 30}, "unlearned"),
    ],
)
def test_the_data_choose_the_verdict(change, key):
    assert verdicts(run(replace(DEFAULT, **change)))["main"].key == key


def test_a_run_is_a_pure_function_of_its_config(default):
    torch.manual_seed(5)
    again = run(DEFAULT)
    assert np.array_equal(again.share, default.share)
    assert all(np.array_equal(a, b) for a, b in zip(again.weights, default.weights, strict=True))
    other = run(replace(DEFAULT, seed=1))
    assert not np.array_equal(other.share, default.share)


def test_the_two_activations_are_paired_from_the_same_draws(default):
    assert np.array_equal(default.pair.share[0], default.share[-1])  # the ReLU half is the run that is shown
    assert verdicts(default)["leaky"].key == "leaky_too"
    gap = default.pair.share[0] - default.pair.share[1]
    assert np.abs(np.median(gap, 0)[1:]).max() < 0.05


def test_the_pair_can_prove_the_other_side_right(default):
    """Had ReLU kept later weights non-negative, and shown it, the verdict would say so."""
    share = default.pair.share.copy()
    share[0, :, 1:] = 0
    assert leaky(replace(default.pair, share=share)).key == "leaky_right"
    assert leaky(replace(default.pair, share=share[::-1])).key == "leaky_too"
    assert leaky(replace(default.pair, sound=np.zeros_like(default.pair.sound))).key == "leaky_open"
    assert leaky(replace(default.pair, share=np.zeros_like(share))).key == "leaky_open"
    one = np.zeros_like(share)
    one[1, 0, 1] = 0.01
    assert leaky(replace(default.pair, share=one)).key == "leaky_open"


def test_lost_networks_are_named_and_the_others_counted(default):
    gone = replace(default, diverged=np.full(10, 40))
    assert (main(gone).key, main(gone).numbers["diverged"]) == ("lost", 10)
    assert epochs(gone).key == "epochs_open"
    assert biases(gone).key == "biases_none"
    result = run(replace(NEAR_ZERO, lr=0.1, steps=30))
    assert 0 < result.sound.sum() == 10 - result.dead.sum() < 10
    assert main(result).numbers["repeats" if main(result).key != "lost" else "sound"] == result.sound.sum()


def test_the_conv_net_turns_negative_too():
    result = run(replace(NEAR_ZERO, network="cnn", optimiser="momentum", lr=0.1, steps=100))
    assert len(result.layers) == 4
    assert verdicts(result)["main"].key in {"turned", "unlearned"}
    assert np.median(result.share[-1][result.sound], 0).min() > 0.1


def test_the_run_is_the_plain_torch_loop():
    """One repeat, trained again with torch.nn and torch.optim, has the same weights below zero."""
    result = run(replace(DEFAULT, steps=30))
    network = mlp.MLP((64, 32, 32, 10))
    start = inits.start(network, inits.Init(**STARTS[DEFAULT.start]), [0])
    linears = [torch.nn.Linear(64, 32), torch.nn.Linear(32, 32), torch.nn.Linear(32, 10)]
    for layer, w, b in zip(linears, start[0::2], start[1::2], strict=True):
        layer.load_state_dict({"weight": w[0], "bias": b[0]})
    model = torch.nn.Sequential(linears[0], torch.nn.ReLU(), linears[1], torch.nn.ReLU(), linears[2])
    adam = torch.optim.Adam(model.parameters(), lr=0.005)
    x, y = data.digits().train
    order = train.epochs(len(x), BATCH, 0)
    for step in range(30):
        if step % (len(x) // BATCH) == 0:
            epoch = next(order)
        batch = epoch[step % len(epoch)]
        adam.zero_grad()
        torch.nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
        adam.step()
    for layer, shown in zip(linears, result.weights, strict=True):
        np.testing.assert_allclose(layer.weight.detach().numpy(), shown[-1], atol=2e-4)


def test_the_table_holds_the_numbers_of_the_verdict(default):
    table = default.table()
    per_layer = table.groupby("layer")["negative_end"].median()
    numbers = verdicts(default)["main"].numbers
    assert per_layer.min() == pytest.approx(numbers["low"])
    assert per_layer.max() == pytest.approx(numbers["high"])


def test_a_start_far_above_zero_needs_several_epochs():
    """With 0.05 added and small steps, one pass over the digits (20 steps) is not enough."""
    told = verdicts(run(replace(DEFAULT, lr=0.001, steps=100)))["epochs"]
    assert told.key == "epochs_later"
    assert told.numbers["step"] > 2 * told.numbers["epoch"]


def test_most_networks_within_one_pass_has_to_be_shown(default):
    """By the binomial test: of ten networks seven prove nothing; and never is no step."""
    for within, other, key in ((7, 30, "open"), (9, 30, "first"), (1, 30, "later"), (0, -1, "open")):
        first = np.full_like(default.first, other)
        first[:within] = 11
        told = epochs(replace(default, first=first))
        assert (told.key, told.numbers["within"]) == (f"epochs_{key}", within)
        assert told.numbers.get("step", 11) in (11, 30)


def test_biases_may_stay_at_or_above_zero(default):
    assert biases(replace(default, bias_share=np.zeros_like(default.bias_share))).key == "biases_none"
    one = np.zeros_like(default.bias_share)
    one[0, 0] = 0.1  # a single network's: the median is none, but "no bias" is wrong
    assert biases(replace(default, bias_share=one)).key == "biases_negative"


def test_biases_alone_do_not_prove_that_both_get_negative():
    """After three steps no weight can be below zero, biases are: not "too", and no ruling on "weights and biases"."""
    result = run(replace(DEFAULT, steps=3))
    assert result.share.max() == 0 < result.bias_share.max()
    assert biases(result).key == "biases_first"
    assert biases(run(replace(DEFAULT, steps=30))).key == "biases_negative"
    claim = next(c for c in load("negative_weights")["claims"] if c["id"] == "biases_too")
    assert ruling(claim, "biases_first") == "open"


@pytest.mark.parametrize(
    ("activation", "start"),
    [("leaky_relu", "lifted"), ("tanh", "lifted"), ("sigmoid", "lifted"), ("tanh", "he"), ("leaky_relu", "uniform")],
)
def test_another_activation_answers_no_question_about_relu(activation, start):
    assert main(run(replace(DEFAULT, activation=activation, start=start))).key == "other"
    claim = next(c for c in load("negative_weights")["claims"] if c["id"] == "become_negative")
    assert ruling(claim, "other") == "open"


def test_every_chart_shows_the_runs_numbers(default):
    words = load("negative_weights")
    layers = [words.say("words.layer", layer=n) for n in (1, 2, 3)]
    with drawn("negative_weights") as page:
        page.holds("share", {name: 100 * np.median(default.share[..., k], 1) for k, name in enumerate(layers)})
        for k, name in enumerate(layers):
            np.testing.assert_array_equal(page.named("share")[name].customdata[:, 0], default.steps)
            np.testing.assert_array_equal(page.tables["share"][f"layer_{k + 1}"], np.median(default.share[..., k], 1))
        holds_the_histograms(page, default, layers)
        sheet = np.asarray(page.charts["picture"].data[0].z, float)  # 4 rows of 8 units, a gap between them
        for unit, weights in enumerate(default.weights[0][-1]):
            at, across = 9 * (unit // 8), 9 * (unit % 8)
            np.testing.assert_allclose(sheet[at : at + 8, across : across + 8].ravel(), weights, atol=1e-6)
        np.testing.assert_array_equal(page.tables["picture"], default.weights[0][-1])
        page.held.add("picture")


def holds_the_histograms(page, result, layers):
    """One row per layer, whose bars below zero add up to the layer's share of negative weights over all networks."""
    rows = page.charts["histogram"].data
    notes = [note.text for note in page.charts["histogram"].layout.annotations]
    assert notes[: len(layers)] == layers
    assert all(note[0] in "≤≥" for note in notes[len(layers) :])  # end bins that collect what lies beyond
    assert list(page.tables["histogram"]) == layers
    counters = rows[len(layers) :]
    for k, (row, counter, name) in enumerate(zip(rows, counters, layers, strict=False)):
        share = np.median(result.share[-1, :, k])  # the same number as in the panel's line
        assert counter.text == (f"<b>{share:.0%} below zero</b>", f"<b>{1 - share:.0%}</b>")
        np.testing.assert_allclose(row.y, 100 * result.density[k][-1], rtol=1e-5)
        np.testing.assert_allclose(row.x, (result.edges[k][1:] + result.edges[k][:-1]) / 2, atol=1e-6)
        assert row.y[row.x < 0].sum() == pytest.approx(100 * result.share[-1, :, k].mean(), rel=1e-4)
        np.testing.assert_array_equal(page.tables["histogram"][name], 100 * result.density[k][-1])
    assert len(rows) == 2 * len(layers)
    first = page.charts["histogram"].frames[0].data
    assert [trace.text[0] for trace in first[len(layers) :]] == ["<b>0% below zero</b>"] * len(layers)
    page.held.add("histogram")


def test_the_verdicts_say_the_tables_numbers(default):
    table, found = default.table(), {name: verdict.numbers for name, verdict in verdicts(default).items()}
    medians, main = table.groupby("layer").median(), found["main"]
    for name, column in (("start_", "negative_start"), ("", "negative_end")):
        ends = medians[column].min(), medians[column].max()
        assert (main[f"{name}low"], main[f"{name}high"]) == pytest.approx(ends)
    assert main["accuracy"] == pytest.approx(table[table.layer == 1].test_accuracy.median())
    assert main["smallest"] == pytest.approx(table.smallest_start_weight.min())
    assert main["repeats"] == (~table.dead & (table.diverged_at_step < 0)).sum() / 3
    assert found["epochs"]["step"] == int(table.groupby("repeat").first_negative_step.min().median())
    assert found["biases"]["low"] == pytest.approx(medians.negative_biases_end.min())
    assert found["biases"]["high"] == pytest.approx(medians.negative_biases_end.max())
    for result in (default, run(replace(NEAR_ZERO, lr=0.01))):  # at the default both have the same medians
        numbers = leaky(result.pair).numbers
        later = result.table().groupby("layer").median().loc[2:]  # behind the first layer
        for name in ("relu", "leaky"):
            shares = later["relu_negative_end" if name == "relu" else "leaky_relu_negative_end"]
            said = numbers[f"{name}_low"], numbers[f"{name}_high"]
            assert said == pytest.approx((shares.min(), shares.max()))


def test_the_network_to_take_home_is_the_one_that_is_drawn(default):
    first = int(np.flatnonzero(default.sound)[0])
    h = data.digits().test_x
    for k, drawn_weights in enumerate(default.weights, start=1):
        w, b = (torch.tensor(default.network[f"layer{k}.{name}"]) for name in ("weight", "bias"))
        np.testing.assert_array_equal(w, drawn_weights[-1])
        assert (b < 0).float().mean() == default.bias_share[first, k - 1]
        h = torch.nn.functional.linear(h if k == 1 else h.relu(), w, b)
    assert (h.argmax(1) == data.digits().test_y).float().mean() == default.accuracy[first]


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("negative_weights")
