"""The written-out backward passes, held to `torch.autograd.gradcheck` in float64."""

import pytest
import torch

from lib.engine import cnn, inits, mlp
from lib.engine.activations import ACTIVATIONS
from lib.engine.program import LOSSES, Program

F64 = torch.float64


class Network(torch.autograd.Function):
    """Our forward and our backward as one function of input and parameters."""

    @staticmethod
    def forward(ctx, network, x, *params):
        ctx.program = Program(network, [p.detach() for p in params], x.shape[1], input_grad=True)
        return ctx.program.forward(x.detach()).clone()

    @staticmethod
    def backward(ctx, dz):
        dx = ctx.program.backward(dz.contiguous().clone())
        flat = dx.reshape(dx.shape[0], -1, dx.shape[-1]).transpose(1, 2)
        return None, flat.clone(), *[g.clone() for g in ctx.program.grads]


def check(network, inputs, samples=5, members=2):
    g = torch.Generator().manual_seed(0)
    x = torch.randn(members, samples, inputs, generator=g, dtype=F64).requires_grad_()
    start = inits.start(network, inits.Init("normal", 0.7, bias=0.1), range(members), F64)
    params = [p.requires_grad_() for p in start]
    assert torch.autograd.gradcheck(lambda x, *p: Network.apply(network, x, *p), (x, *params))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_mlp_with_every_activation(name):
    check(mlp.MLP((3, 4, 3, 2), name, output=name), 3)


@pytest.mark.parametrize("norm", ["batch", "layer", "offset"])
@pytest.mark.parametrize("after", [False, True])
def test_norm_layers(norm, after):
    check(mlp.MLP((3, 4, 3, 2), "tanh", norm=norm, norm_after=after), 3)


@pytest.mark.parametrize("norm", ["none", "batch", "layer"])
def test_a_shifted_activation(norm):
    check(mlp.MLP((3, 4, 3, 2), "sigmoid", norm=norm, norm_after=True, shift=-0.5), 3)


@pytest.mark.parametrize(
    "network",
    [
        mlp.MLP((3, 4, 3, 1), "tanh"),
        mlp.MLP((3, 4, 3, 2), "tanh", norm="batch"),
        mlp.MLP((3, 4, 3, 2), "sigmoid", norm="layer", norm_after=True),
        mlp.MLP((3, 4, 2), norm="offset"),
        cnn.CNN((2, 3), (True, False), "relu", 4, 2),
    ],
    ids=repr,
)
@pytest.mark.parametrize("shared", [False, True])
def test_a_program_that_descends_adds_what_another_one_hands_out(network, shared):
    """All parameters, each by its gradient at the weights that the forward pass saw."""
    g = torch.Generator().manual_seed(2)
    start = inits.start(network, inits.Init("normal", 0.7, bias=0.1), range(2), F64)
    x = torch.randn(1 if shared else 2, 5, network.shapes()[0][1][-1], generator=g, dtype=F64)
    x = torch.randn(2, 5, 16, generator=g, dtype=F64) if isinstance(network, cnn.CNN) else x.expand(2, -1, -1)
    asked, descends = Program(network, start, 5), Program(network, start, 5, descends=True)
    dz = -0.1 * torch.randn(asked.forward(x).shape, generator=g, dtype=F64)
    asked.backward(dz.clone())
    descends.forward(x)
    descends.backward(dz.clone())
    descends.step()
    for before, gradient, now in zip(start, asked.grads, descends.params, strict=True):
        torch.testing.assert_close(now, before + gradient)


def test_a_program_that_does_not_train_copies_nothing_and_changes_nothing():
    network = mlp.MLP((3, 4, 2))
    start = inits.start(network, inits.Init("he"), range(2))
    before = [p.clone() for p in start]
    asked, trains = Program(network, start, 5, training=False), Program(network, start, 5)
    x = torch.randn(2, 5, 3, generator=torch.Generator().manual_seed(0))
    assert torch.equal(asked.forward(x), trains.forward(x))
    assert all(torch.equal(p, b) for p, b in zip(start, before, strict=True))
    assert [p.data_ptr() for p in asked.params] == [p.data_ptr() for p in start]
    with pytest.raises(RuntimeError, match="no way back"):
        asked.backward(torch.ones(2, 2, 5))


@pytest.mark.parametrize("name", ["relu", "tanh", "gelu"])
@pytest.mark.parametrize("pools", [(True, False), (False, True), (False, False)])
def test_cnn(name, pools):
    check(cnn.CNN((2, 3), pools, name, 4, 2), 16, samples=2)


@pytest.mark.parametrize("name", LOSSES)
def test_losses(name):
    g = torch.Generator().manual_seed(0)
    z = torch.randn(2, 3, 5, generator=g, dtype=F64).requires_grad_()
    y = (
        torch.randint(0, 3, (2, 5), generator=g)
        if name == "cross_entropy"
        else torch.rand(2, 3, 5, dtype=F64, generator=g)
    )
    loss = LOSSES[name](z)
    loss.of(z, y).sum().backward()
    torch.testing.assert_close(loss.gradient(z.detach(), y), z.grad)


def test_a_wrong_gradient_would_be_found(monkeypatch):
    """The check itself: with the leak of leaky ReLU dropped from the backward pass it fails."""
    right = ACTIVATIONS["leaky_relu"]
    wrong = right._replace(backward=ACTIVATIONS["relu"].backward)
    monkeypatch.setitem(ACTIVATIONS, "leaky_relu", wrong)
    with pytest.raises(RuntimeError, match="Jacobian mismatch"):
        check(mlp.MLP((3, 4, 2), "leaky_relu"), 3)
