"""The starting weights have the variance, range or structure that their papers ask for."""

import math

import pytest
import torch

from lib.engine import cnn, inits, mlp

NET = mlp.MLP((200, 100, 50))
SEEDS = range(8)


def first_layer(init, network=NET):
    return inits.start(network, init, SEEDS, torch.float64)[0]


@pytest.mark.parametrize(
    ("scheme", "deviation"),
    [
        ("he", math.sqrt(2 / 200)),  # He et al. 2015, eq. 10
        ("lecun", math.sqrt(1 / 200)),  # LeCun et al. 1998, eq. 16
        ("xavier", math.sqrt(2 / 300)),  # Glorot and Bengio 2010, eq. 16
        ("standard", math.sqrt(1 / 3 / 200)),  # Glorot and Bengio 2010, eq. 1
        ("normal", 1.0),
        ("uniform", 1 / math.sqrt(3)),
    ],
)
def test_spread(scheme, deviation):
    w = first_layer(inits.Init(scheme))
    assert w.std().item() == pytest.approx(deviation, rel=0.01)
    assert w.mean().item() == pytest.approx(0, abs=0.01 * deviation)
    assert first_layer(inits.Init(scheme, 0.5)).std().item() == pytest.approx(deviation / 2, rel=0.01)


def test_orthogonal_rows_have_length_one_and_right_angles():
    for w in first_layer(inits.Init("orthogonal")):
        torch.testing.assert_close(w @ w.T, torch.eye(100, dtype=torch.float64))


def test_constants():
    assert (first_layer(inits.Init("zeros")) == 0).all()
    assert (first_layer(inits.Init("constant", 0.5)) == 0.5).all()


def test_nonnegative_is_the_absolute_value_of_the_same_draws():
    signed, positive = first_layer(inits.Init("he")), first_layer(inits.Init("he", nonnegative=True))
    assert torch.equal(signed.abs(), positive)
    assert torch.equal(first_layer(inits.Init("he", 0.25, nonnegative=True)), positive / 4)
    assert first_layer(inits.Init("he", nonnegative=True, floor=0.05)).min() >= 0.05
    assert 0 <= first_layer(inits.Init("uniform", nonnegative=True)).min() < 0.001


def test_filters_have_the_fans_of_a_convolution():
    net = cnn.CNN((64, 64), (True, True))
    filters = inits.start(net, inits.Init("he"), SEEDS)[2]
    assert filters.std().item() == pytest.approx(math.sqrt(2 / (64 * 9)), rel=0.01)
    glorot = inits.start(net, inits.Init("xavier"), SEEDS)[0]
    assert glorot.std().item() == pytest.approx(math.sqrt(2 / (9 + 64 * 9)), rel=0.03)


def test_biases_and_norms_start_as_told():
    net = mlp.MLP((3, 4, 2), norm="batch")
    params = dict(zip([f"{n}{k}" for k, (n, _) in enumerate(net.shapes())],
                      inits.start(net, inits.Init("he", bias=0.3), [0]), strict=True))  # fmt: skip
    assert (params["bias1"] == 0.3).all()
    assert (params["gain2"] == 1).all()
    assert (params["shift3"] == 0).all()


def test_each_seed_has_draws_of_its_own_and_keeps_them():
    """A link names a seed, so the draws behind it are part of what it means."""
    w = first_layer(inits.Init("he"))
    for seed in SEEDS:
        generator = torch.Generator().manual_seed(seed)
        drawn = torch.nn.init.kaiming_normal_(
            torch.empty(100, 200, dtype=torch.float64), nonlinearity="relu", generator=generator
        )
        assert torch.equal(w[seed], drawn)
    assert len({float(member[0, 0]) for member in w}) == len(SEEDS)
