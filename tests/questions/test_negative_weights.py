"""The question's science: the theorem for every repeat, the verdicts at the default and where the effect vanishes."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn import drawn

from lib.engine import data, inits, mlp, optimisers, train
from lib.questions.negative_weights.config import STARTS, NegativeWeights
from lib.questions.negative_weights.experiment import BATCH, run
from lib.questions.negative_weights.verdict import biases, leaky, main, verdicts
from lib.words import load

DEFAULTS = "network=mlp activation=relu start=abs_he/4 optimiser=adam lr=0.005 decay=0.0 steps=300 repeats=10 seed=0"
RULINGS = {
    "become_negative": "right",
    "rectified_nonnegative": "wrong",
    "enough_epochs": "wrong",
    "biases_too": "right",
}

DEFAULT = NegativeWeights()


@pytest.fixture(scope="session")
def lifted():
    return run(replace(DEFAULT, start="lifted", steps=100))


def test_every_layer_of_every_network_goes_from_none_to_over_thirty_per_cent(default):
    assert default.share[0].max() == 0
    assert default.share[-1].min() > 0.30
    assert default.accuracy.min() > 0.9
    assert verdicts(default)["main"].key == "turned"
    assert verdicts(default)["health"].key == "all_sound"


def test_no_weight_is_negative_before_adams_bound(default, lifted):
    for result in (default, lifted):
        came = result.first > 0
        assert came.any()
        assert (result.first[came] >= result.earliest[came]).all()
        assert verdicts(result)["first"].key == "first_bound"
    assert lifted.earliest.min() >= 9  # the bound says something: 0.05 is ten steps of 0.005 away
    assert lifted.first[lifted.first > 0].min() <= 12  # and it is nearly reached


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
        ({"start": "lifted", "steps": 3}, "none"),
        ({"start": "he", "steps": 30}, "signed_start"),
        ({"lr": 1.0, "steps": 100}, "dead"),
        ({"optimiser": "sgd", "lr": 0.001, "steps": 100}, "few"),
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


def test_relu_and_leaky_relu_are_paired_and_alike_behind_the_first_layer(default):
    assert np.array_equal(default.pair.share[0], default.share[-1])  # the ReLU half is the run that is shown
    gap = np.median(default.pair.share[0] - default.pair.share[1], 0)[1:]
    assert np.abs(gap).max() < 0.05
    assert verdicts(default)["leaky"].key == "leaky_same"


def test_the_pair_can_prove_the_other_side_right(default):
    """Had ReLU kept later weights non-negative, the verdict would say so."""
    share = default.pair.share.copy()
    share[0, :, 1:] = 0
    assert leaky(replace(default.pair, share=share)).key == "leaky_right"
    assert leaky(replace(default.pair, sound=np.zeros_like(default.pair.sound))).key == "leaky_lost"
    assert leaky(replace(default.pair, share=np.zeros_like(share))).key == "leaky_neither"


def test_diverged_and_partly_negative_runs_are_named(default):
    gone = replace(default, diverged=np.full(10, 40))
    assert main(gone).key == "diverged"
    assert main(gone).numbers["step"] == 40
    assert verdicts(gone)["health"].key == "none_sound"
    assert verdicts(gone)["epochs"].key == "epochs_lost"
    share = default.share.copy()
    share[:, :, 2] = 0
    partly = main(replace(default, share=share))
    assert (partly.key, partly.numbers["without"]) == ("some_layers", "3")


def test_the_conv_net_turns_negative_too():
    result = run(NegativeWeights(network="cnn", optimiser="momentum", lr=0.1, steps=100))
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
    epochs = verdicts(run(replace(DEFAULT, start="lifted", lr=0.001, steps=100)))["epochs"]
    assert epochs.key == "epochs_later"
    assert epochs.numbers["step"] > 2 * epochs.numbers["epoch"]


def test_some_networks_die_at_a_large_step_and_the_others_are_counted():
    result = run(replace(DEFAULT, lr=0.1, steps=30))
    health = verdicts(result)["health"]
    assert health.key == "some_lost"
    assert 0 < health.numbers["sound"] == 10 - result.dead.sum() < 10


def test_biases_may_stay_at_or_above_zero(default):
    assert biases(replace(default, bias_share=np.zeros_like(default.bias_share))).key == "biases_none"


def test_twice_the_learning_rate_tells_relu_from_leaky_relu():
    """At the default both have the same medians, so that only here each is seen to be its own."""
    result = run(replace(DEFAULT, lr=0.01))
    differs, table = leaky(result.pair), result.table()
    assert differs.key == "leaky_differs"
    medians = table.groupby("layer").median().loc[2:]  # behind the first layer
    relu, leaky_relu = medians.relu_negative_end, medians.leaky_relu_negative_end
    assert not np.allclose([relu.min(), relu.max()], [leaky_relu.min(), leaky_relu.max()], rtol=0.01)
    for name, shares in (("relu", relu), ("leaky", leaky_relu)):
        said = differs.numbers[f"{name}_low"], differs.numbers[f"{name}_high"]
        assert said == pytest.approx((shares.min(), shares.max()))
    gaps = (table.relu_negative_end - table.leaky_relu_negative_end).groupby(table.layer).median().loc[2:]
    assert differs.numbers["gap"] == pytest.approx(100 * gaps.abs().max())


def test_every_chart_shows_the_runs_numbers(default):
    words, end = load("negative_weights"), default.share[-1]
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
        relu, leaky_relu = 100 * np.median(default.pair.share, 1)  # the pair's first axis: ReLU, Leaky ReLU
        expected = {words["figures.pair.relu"]: relu, words["figures.pair.leaky_relu"]: leaky_relu}
        page.holds("pair", expected, of="x")
        assert list(page.charts["pair"].layout.yaxis.ticktext) == layers
        np.testing.assert_array_equal(page.tables["pair"].relu_negative_end, end.ravel())
        np.testing.assert_array_equal(page.tables["pair"].leaky_relu_negative_end, default.pair.share[1].ravel())


def holds_the_histograms(page, result, layers):
    """One row per layer, whose bars below zero add up to the layer's share of negative weights over all networks."""
    rows = page.charts["histogram"].data
    assert [note.text for note in page.charts["histogram"].layout.annotations] == layers
    assert list(page.tables["histogram"]) == layers
    for k, (row, name) in enumerate(zip(rows, layers, strict=True)):
        np.testing.assert_allclose(row.y, 100 * result.density[k][-1], rtol=1e-5)
        np.testing.assert_allclose(row.x, (result.edges[k][1:] + result.edges[k][:-1]) / 2, atol=1e-6)
        assert row.y[row.x < 0].sum() == pytest.approx(100 * result.share[-1, :, k].mean(), rel=1e-4)
        np.testing.assert_array_equal(page.tables["histogram"][name], 100 * result.density[k][-1])
    page.held.add("histogram")


def test_the_verdicts_say_the_tables_numbers(default):
    table, found = default.table(), {name: verdict.numbers for name, verdict in verdicts(default).items()}
    medians, main = table.groupby("layer").median(), found["main"]
    for name, column in (("start_", "negative_start"), ("", "negative_end")):
        ends = medians[column].min(), medians[column].max()
        assert (main[f"{name}low"], main[f"{name}high"]) == pytest.approx(ends)
    assert main["accuracy"] == pytest.approx(table[table.layer == 1].test_accuracy.median())
    assert main["smallest"] == pytest.approx(table.smallest_start_weight.min())
    assert found["health"]["sound"] == (~table.dead & (table.diverged_at_step < 0)).sum() / 3
    came = table[table.first_negative_step > 0]
    first, step = found["first"], default.steps[(default.share > 0).any((1, 2))].min()
    assert first["step"] == came.first_negative_step.min() == step
    assert first["slowest"] == medians.first_negative_step.max()
    assert first["bound"] == table.not_before_step.min()
    assert (first["kept"], first["cases"]) == ((came.first_negative_step >= came.not_before_step).sum(), len(table))
    whole = np.median(default.share.mean(2), 1)  # of the three layers
    assert found["epochs"]["step"] == int(table.groupby("repeat").first_negative_step.min().median())
    assert found["epochs"]["half"] == default.steps[whole >= whole[-1] / 2].min()
    assert found["biases"]["low"] == pytest.approx(medians.negative_biases_end.min())
    assert found["biases"]["high"] == pytest.approx(medians.negative_biases_end.max())
    later = medians.loc[2:]  # behind the first layer
    for name, column in (("relu", "relu_negative_end"), ("leaky", "leaky_relu_negative_end")):
        ends = later[column].min(), later[column].max()
        assert (found["leaky"][f"{name}_low"], found["leaky"][f"{name}_high"]) == pytest.approx(ends)
    gaps = (table.relu_negative_end - table.leaky_relu_negative_end).groupby(table.layer).median().loc[2:]
    assert found["leaky"]["gap"] == pytest.approx(100 * gaps.abs().max())
