"""Every member of an ensemble moves exactly as it would alone in the plain torch loop."""

import pytest
import torch
from oracle import MODULES, descend, module

from lib.engine import cnn, inits, measure, mlp, train
from lib.engine.activations import ACTIVATIONS
from lib.engine.optimisers import OPTIMISERS
from lib.engine.program import LOSSES

F64 = torch.float64
SEEDS = [3, 4, 5]


def data(inputs, outputs, loss, samples=40, dtype=F64):
    g = torch.Generator().manual_seed(1)
    x = torch.rand(samples, inputs, generator=g, dtype=dtype)
    if loss == "cross_entropy":
        return x, torch.randint(0, outputs, (samples,), generator=g)
    y = torch.rand(samples, outputs, generator=g, dtype=dtype)
    return x, (y > 0.5).to(dtype) if loss == "logistic" else y


def agree(network, recipe, *, init="he", dtype=F64, tolerance=1e-9, gain=1.0):
    """Train three members together and each alone; parameters, losses and outputs must agree."""
    inputs = network.side**2 if isinstance(network, cnn.CNN) else network.sizes[0]
    outputs = network.outputs if isinstance(network, cnn.CNN) else network.sizes[-1]
    both = data(inputs, outputs, recipe.loss, dtype=dtype)
    start = inits.start(network, inits.Init(init, gain), SEEDS, dtype)
    before = [p.clone() for p in start]
    history = train.train(
        network, start, both, recipe, seeds=SEEDS, record={"loss": train.Record(lambda m: m.loss())}
    )
    z = measure.outputs(network, history.params, both[0], state=history.state)
    for member, seed in enumerate(SEEDS):
        model = module(network, start, member)
        losses = descend(model, both, recipe, member, seed)
        torch.testing.assert_close(
            history.values["loss"][:-1, member],
            torch.tensor(losses, dtype=dtype),
            rtol=tolerance,
            atol=tolerance,
        )
        for ours, theirs in zip(history.params, model.parameters(), strict=True):
            torch.testing.assert_close(
                ours[member], theirs.detach().reshape(ours[member].shape), rtol=tolerance, atol=tolerance
            )
        model.eval()
        torch.testing.assert_close(z[member].T, model(both[0]).detach(), rtol=tolerance, atol=tolerance)
    assert all(torch.equal(a, b) for a, b in zip(start, before, strict=True)), "the start was changed"


def test_every_activation_of_the_table_has_an_oracle():
    assert set(ACTIVATIONS) == set(MODULES)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("network", ["mlp", "cnn"])
def test_activations(name, network):
    net = mlp.MLP((5, 7, 6, 3), name) if network == "mlp" else cnn.CNN((3, 4), (True, False), name, 4, 3)
    agree(net, train.Recipe(steps=12, lr=0.3, batch=8))


@pytest.mark.parametrize("init", inits.SCHEMES)
def test_inits(init):
    agree(mlp.MLP((5, 7, 3)), train.Recipe(steps=8, lr=0.2), init=init, gain=0.5)
    agree(cnn.CNN((3, 4), (True, False), "relu", 4, 3), train.Recipe(steps=8, lr=0.2), init=init, gain=0.5)


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize("decay", [0.0, 0.05])
def test_optimisers_with_and_without_decay(optimiser, decay):
    agree(mlp.MLP((5, 7, 3), "tanh"), train.Recipe(steps=30, optimiser=optimiser, lr=0.02, decay=decay, batch=8))


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_learning_rate_and_decay_of_each_member(optimiser):
    recipe = train.Recipe(steps=20, optimiser=optimiser, lr=(0.01, 0.02, 0.005), decay=(0.0, 0.1, 0.3), batch=8)
    agree(mlp.MLP((5, 7, 3), "tanh"), recipe)


@pytest.mark.parametrize("norm", ["batch", "layer"])
@pytest.mark.parametrize("after", [False, True])
def test_norm_layers_before_and_behind_the_activation(norm, after):
    net = mlp.MLP((5, 7, 6, 3), "relu", norm=norm, norm_after=after)
    agree(net, train.Recipe(steps=15, optimiser="adam", lr=0.01, batch=8), tolerance=1e-7)


@pytest.mark.parametrize("loss", LOSSES)
def test_losses(loss):
    agree(mlp.MLP((5, 7, 3), "tanh"), train.Recipe(steps=15, loss=loss, lr=0.3, batch=8))


def test_output_activation():
    agree(mlp.MLP((2, 4, 2, 1), "tanh", output="tanh"), train.Recipe(steps=15, loss="squared", lr=0.1))


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_warm_up_with_every_optimiser(optimiser):
    recipe = train.Recipe(steps=20, optimiser=optimiser, lr=0.02, decay=0.3, batch=8, warmup=10)
    agree(mlp.MLP((5, 7, 3), "tanh"), recipe)


def test_warm_up_and_clipping():
    agree(mlp.MLP((5, 7, 3)), train.Recipe(steps=20, lr=0.5, batch=8, warmup=10, clip=0.05))
    agree(
        cnn.CNN((3, 4), (True, False), "relu", 4, 3),
        train.Recipe(steps=20, optimiser="momentum", lr=0.1, batch=8, warmup=10, clip=0.2),
    )


@pytest.mark.parametrize("batch", [None, 7, 40])
def test_batches_and_their_order(batch):
    agree(mlp.MLP((5, 7, 3)), train.Recipe(steps=25, lr=0.2, batch=batch))


def test_the_pages_conv_net_and_float32():
    agree(cnn.CNN(), train.Recipe(steps=6, optimiser="momentum", lr=0.05, batch=16, clip=1.0))
    agree(
        mlp.MLP((64, 32, 32, 10)),
        train.Recipe(steps=10, lr=0.1, batch=16),
        dtype=torch.float32,
        tolerance=1e-5,
    )


@pytest.mark.parametrize("batch", [8, None])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("own", ["x", "y", "both"])
def test_members_with_data_of_their_own(batch, loss, own):
    net, recipe = mlp.MLP((5, 7, 3)), train.Recipe(steps=15, loss=loss, lr=0.2, batch=batch)
    g = torch.Generator().manual_seed(2)
    x, (_, y) = torch.rand(3, 40, 5, generator=g, dtype=F64), data(5, 3, loss)
    if own != "x":
        y = torch.stack([y, y.flip(0), y.roll(1, 0)])
    given = x[0] if own == "y" else x, y
    start = inits.start(net, inits.Init("he"), SEEDS, F64)
    history = train.train(net, start, given, recipe, seeds=SEEDS)
    for member, seed in enumerate(SEEDS):
        model = module(net, start, member)
        both = given[0] if own == "y" else x[member], y if own == "x" else y[member]
        descend(model, both, recipe, member, seed)
        for ours, theirs in zip(history.params, model.parameters(), strict=True):
            torch.testing.assert_close(ours[member], theirs.detach())


def test_accuracy_counts_the_samples_whose_largest_output_is_their_label():
    net = mlp.MLP((5, 7, 3))
    start = inits.start(net, inits.Init("he"), SEEDS, F64)
    x, y = data(5, 3, "cross_entropy", samples=300)
    theirs = [(module(net, start, m)(x).argmax(1) == y).double().mean() for m in range(3)]
    torch.testing.assert_close(measure.accuracy(net, start, (x, y)).double(), torch.stack(theirs), atol=1e-6, rtol=0)


def test_conditions_share_the_order_of_the_data():
    """Two seeds for four members: members 0 and 2, and 1 and 3, see the same batches."""
    net, recipe = mlp.MLP((5, 7, 3)), train.Recipe(steps=10, lr=0.2, batch=8)
    half = inits.start(net, inits.Init("he"), [1, 2], F64)
    history = train.train(net, inits.join([half, half]), data(5, 3, "cross_entropy"), recipe, seeds=[1, 2])
    for p in history.params:
        assert torch.equal(p[:2], p[2:])
        assert not torch.equal(p[0], p[1])


def test_of_equally_large_outputs_the_first_counts_as_argmax_has_it():
    z = torch.randn(4, 10, 50, generator=torch.Generator().manual_seed(0))
    labels = torch.arange(50) % 10
    assert torch.equal(measure.hits(z, labels), z.argmax(1) == labels)
    z[1], z[2, 3:, :20], z[3, 0, 7] = 0.0, 5.0, torch.nan  # a dead network; ties; no number
    assert torch.equal(measure.hits(z, labels), z.argmax(1) == labels)
    assert measure.hits(z, labels)[1].float().mean() == 0.1


def test_measured_loss_is_torchs():
    net = mlp.MLP((5, 7, 3), "tanh")
    start = inits.start(net, inits.Init("he"), SEEDS, F64)
    for name in LOSSES:
        x, y = data(5, 3, name, samples=300)  # more than one chunk
        ours = measure.loss(net, start, (x, y), name)
        theirs = [getattr(torch.nn, {"cross_entropy": "CrossEntropyLoss", "logistic": "BCEWithLogitsLoss",
                  "squared": "MSELoss"}[name])()(module(net, start, m)(x), y).detach() for m in range(3)]  # fmt: skip
        torch.testing.assert_close(ours, torch.stack(theirs))
