"""The work items and their contestants; all contestants of an item start from the same weights and batches."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from lib.engine import cnn, data, inits, mlp, points, train


@dataclass(frozen=True)
class Item:
    """A training: the network, how many of them, the data and the recipe."""

    name: str
    network: Any
    members: int
    data: tuple[Tensor, Tensor]
    recipe: train.Recipe
    naive_steps: int  # the naive loop is measured on fewer steps
    naive_members: int  # and on fewer networks, one after the other
    target: float  # times faster than the naive loop
    bounded: bool = False  # within 2.2 times of its matrix products alone

    def start(self) -> list[Tensor]:
        """The starting weights (members, ...)."""
        return inits.start(self.network, inits.Init("xavier"), range(self.members))


def items() -> Iterator[Item]:
    """W1 to W4, as in the project's notes on speed."""
    x, y = points.plane("circles", 125, seed=0)
    signs = (2.0 * y - 1).unsqueeze(1)
    yield Item("W1 2-4-2-1 tanh, batch 10, SGD, 32 nets", mlp.MLP((2, 4, 2, 1), "tanh", "tanh"), 32, (x, signs),
               train.Recipe(1200, "squared", "sgd", 0.03, batch=10), 100, 8, 120)  # fmt: skip
    x, y = points.plane("spirals", 256, seed=0)
    yield Item("W2 2-16-16-1 tanh, batch 256, Adam, 32 nets", mlp.MLP((2, 16, 16, 1), "tanh"), 32,
               (x, y.float().unsqueeze(1)), train.Recipe(500, "logistic", "adam", 0.01),
               60, 8, 25, bounded=True)  # fmt: skip
    x, y = all_digits()
    yield Item("W3 64-32-10 ReLU digits, batch 128, Adam, 16 nets", mlp.MLP((64, 32, 10)), 16, (x, y),
               train.Recipe(140, "cross_entropy", "adam", 0.005, batch=128), 42, 8, 13, bounded=True)  # fmt: skip
    yield Item("W4 CNN 8, 16 digits, batch 128, momentum, 8 nets", cnn.CNN((8, 16), (True, True)), 8, (x, y),
               train.Recipe(42, "cross_entropy", "momentum", 0.05, batch=128), 14, 4, 2.5)  # fmt: skip


def all_digits() -> tuple[Tensor, Tensor]:
    """All 1797 digits."""
    split = data.digits()
    return torch.cat([split.x, split.test_x]), torch.cat([split.y, split.test_y])


def ours(item: Item) -> Callable[[], Tensor]:
    """Our engine: all networks at once; returns the last losses (members,)."""
    start = item.start()
    note = {"loss": train.Record(lambda m: m.loss(), [item.recipe.steps])}
    return lambda: train.train(item.network, start, item.data, item.recipe, record=note).values["loss"][0]


def agree(item: Item) -> None:
    """Refuse to time contestants whose losses differ."""
    short = replace(item, recipe=replace(item.recipe, steps=item.naive_steps))
    both = ours(short)()[: item.naive_members], naive(item, item.naive_steps, item.naive_members)()
    torch.testing.assert_close(*both, rtol=1e-3, atol=1e-4)


LOSSES = {"cross_entropy": nn.CrossEntropyLoss, "logistic": nn.BCEWithLogitsLoss, "squared": nn.MSELoss}


def naive(item: Item, steps: int, members: int) -> Callable[[], Tensor]:
    """`nn.Module` and `torch.optim`, one network after the other; returns their last losses (members,)."""
    start = item.start()
    return lambda: torch.stack([_alone(item, [p[m] for p in start], steps) for m in range(members)])


def _alone(item: Item, params: list[Tensor], steps: int) -> Tensor:
    model = _module(item.network)
    with torch.no_grad():
        for own, given in zip(model.parameters(), params, strict=True):
            own.copy_(given.reshape(own.shape))
    recipe, (x, y) = item.recipe, item.data
    loss_of = LOSSES[recipe.loss]()
    optimiser = _optimiser(recipe, model)
    stream = batches(len(x), recipe.batch)
    for _ in range(steps):
        batch = next(stream)
        optimiser.zero_grad()
        loss_of(model(x[batch]), y[batch]).backward()
        optimiser.step()
    batch = next(stream)
    return loss_of(model(x[batch]), y[batch]).detach()


def batches(samples: int, size: int | None) -> Iterator[Tensor]:
    """Indices of one batch after another, in the engine's order for seed 0."""
    while size is None:
        yield torch.arange(samples)
    for epoch in train.epochs(samples, size, 0):
        yield from epoch


def _optimiser(recipe: train.Recipe, model: nn.Module) -> torch.optim.Optimizer:
    lr = float(recipe.lr)  # type: ignore[arg-type]
    if recipe.optimiser == "adam":
        return torch.optim.Adam(model.parameters(), lr=lr)
    return torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9 if recipe.optimiser == "momentum" else 0.0)


def _module(network: Any) -> nn.Sequential:
    if isinstance(network, mlp.MLP):
        act = {"tanh": nn.Tanh, "relu": nn.ReLU, "identity": nn.Identity}
        layers: list[nn.Module] = []
        for i, o in zip(network.sizes[:-1], network.sizes[1:], strict=True):
            layers += [nn.Linear(i, o), act[network.activation]()]
        return nn.Sequential(*layers[:-1], act[network.output]())
    first, second = network.channels
    return nn.Sequential(
        nn.Unflatten(1, (1, 8, 8)),
        nn.Conv2d(1, first, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(first, second, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(second * 4, network.outputs),
    )  # fmt: skip
