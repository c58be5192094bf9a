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
    def forward(ctx, network, state, x, *params):
        values = [p.detach() for p in params]
        fixed = {"state": state, "training": False} if state else {}
        ctx.program = Program(network, values, x.shape[1], input_grad=True, **fixed)
        return ctx.program.forward(x.detach()).clone()

    @staticmethod
    def backward(ctx, dz):
        dx = ctx.program.backward(dz.contiguous().clone())
        flat = dx.reshape(dx.shape[0], -1, dx.shape[-1]).transpose(1, 2)
        return None, None, flat.clone(), *[g.clone() for g in ctx.program.grads]


def check(network, inputs, samples=5, members=2, state=None):
    g = torch.Generator().manual_seed(0)
    x = torch.randn(members, samples, inputs, generator=g, dtype=F64).requires_grad_()
    start = inits.start(network, inits.Init("normal", 0.7, bias=0.1), range(members), F64)
    params = [p.requires_grad_() for p in start]
    assert torch.autograd.gradcheck(lambda x, *p: Network.apply(network, state, x, *p), (x, *params))


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


@pytest.mark.parametrize("after", [False, True])
def test_batch_norm_with_its_running_statistics(after):
    """As constants: neither the mean nor the variance passes a gradient on, and the bias before counts."""
    g = torch.Generator().manual_seed(1)
    state = [torch.rand(2, h, generator=g, dtype=F64) + 0.5 for h in (4, 4, 3, 3)]
    check(mlp.MLP((3, 4, 3, 2), "tanh", norm="batch", norm_after=after), 3, state=state)


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
