"""The question's science: the theorem for every repeat, the verdicts at the default and where the effect vanishes."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from lib.engine import data, inits, mlp, optimisers, train
from lib.questions.negative_weights.config import STARTS, NegativeWeights
from lib.questions.negative_weights.experiment import BATCH, run
from lib.questions.negative_weights.verdict import leaky, main, verdicts

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
