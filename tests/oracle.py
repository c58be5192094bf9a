"""The same trainings in plain `torch.nn` and `torch.optim`, one network at a time: what the engine must equal."""

import torch
from torch import nn

from lib.engine import activations, mlp, train

MODULES = {
    "relu": nn.ReLU,
    "leaky_relu": lambda: nn.LeakyReLU(activations.LEAK),
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "identity": nn.Identity,
}


LOSSES = {"cross_entropy": nn.CrossEntropyLoss, "logistic": nn.BCEWithLogitsLoss, "squared": nn.MSELoss}
OPTIMISERS = {
    "sgd": torch.optim.SGD,
    "momentum": lambda p, **k: torch.optim.SGD(p, momentum=0.9, **k),
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
}


def module(network, params, member, state=None):
    """One member as nn.Sequential with the parameters (and running statistics) that the engine holds."""
    model = (_mlp if isinstance(network, mlp.MLP) else _cnn)(network).to(params[0].dtype)
    with torch.no_grad():
        for own, given in zip(model.parameters(), params, strict=True):
            own.copy_(given[member].reshape(own.shape))
    norms = [m for m in model if isinstance(m, nn.BatchNorm1d)]
    for k, norm in enumerate(norms if state else []):
        norm.running_mean.copy_(state[2 * k][member])
        norm.running_var.copy_(state[2 * k + 1][member])
    return model


def _mlp(net):
    layers = []
    for depth in range(1, len(net.sizes)):
        layers.append(nn.Linear(net.sizes[depth - 1], net.sizes[depth]))
        if depth < len(net.sizes) - 1:
            act = MODULES[net.activation]()
            norm = {"none": None, "batch": nn.BatchNorm1d, "layer": nn.LayerNorm}[net.norm]
            rest = [act] if norm is None else [norm(net.sizes[depth]), act]
            layers += rest[::-1] if net.norm_after else rest
    return nn.Sequential(*layers, MODULES[net.output]())


class Image(nn.Module):
    def __init__(self, side):
        super().__init__()
        self.side = side

    def forward(self, x):
        return x.view(len(x), 1, self.side, self.side)


def _cnn(net):
    layers, side, before = [Image(net.side)], net.side, 1
    for k, pool in zip(net.channels, net.pools, strict=True):
        layers += [nn.Conv2d(before, k, 3, padding=1), MODULES[net.activation]()]
        if pool:
            layers.append(nn.MaxPool2d(2))
            side //= 2
        before = k
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(before * side * side, net.outputs))


def descend(model, data, recipe, member=0, seed=0):
    """The plain loop; returns the losses, one per step, of the batch before its update."""

    def own(number):
        return number if isinstance(number, (int, float)) else number[member]

    x, y = data
    optimiser = OPTIMISERS[recipe.optimiser](model.parameters(), lr=own(recipe.lr), weight_decay=own(recipe.decay))
    rate, loss_of, losses = own(recipe.lr), LOSSES[recipe.loss](), []
    batches = _batches(len(x), recipe.batch, seed)
    for step in range(recipe.steps):
        batch = next(batches)
        if recipe.warmup:
            optimiser.param_groups[0]["lr"] = rate * min(1, (step + 1) / recipe.warmup)
        optimiser.zero_grad()
        loss = loss_of(model(x[batch]), y[batch])
        losses.append(float(loss.detach()))
        loss.backward()
        if recipe.clip is not None:
            nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
        optimiser.step()
    return losses


def _batches(samples, size, seed):
    while size is None:
        yield torch.arange(samples)
    for epoch in train.epochs(samples, size, seed):
        yield from epoch
