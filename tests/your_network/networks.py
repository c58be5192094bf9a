"""Networks with a known truth: healthy ones, trained on the digits, and what can be planted in them."""

from functools import cache

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn

from lib.your_network.contract import FAULT, Weights
from lib.your_network.examination import examine

STARTS = {
    "torch": lambda w: None,  # nn.Linear's own
    "he": lambda w: nn.init.kaiming_normal_(w, nonlinearity="relu"),
    "xavier": nn.init.xavier_uniform_,
}


@cache
def digits():
    images, labels = load_digits(return_X_y=True)
    return torch.tensor(images / 16, dtype=torch.float32), torch.tensor(labels)


def mlp():
    return nn.Sequential(
        nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10)
    )  # fmt: skip


def cnn():
    return nn.Sequential(
        nn.Unflatten(1, (1, 8, 8)),
        nn.Conv2d(1, 16, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(512, 10),
    )


MAKERS = {"mlp": mlp, "cnn": cnn}


def trained(kind="mlp", start="torch", seed=0, passes=5):
    """Train a network in a plain loop; its arrays by their names in torch's state dict."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        net = MAKERS[kind]()
        for module in net:
            if isinstance(module, nn.Linear | nn.Conv2d) and start != "torch":
                STARTS[start](module.weight)
                nn.init.zeros_(module.bias)
        fit(net, passes)
        return arrays_of(net)


def fit(net, passes):
    images, labels = digits()
    optimiser = torch.optim.Adam(net.parameters(), 1e-3)
    for _ in range(passes):
        for batch in torch.randperm(len(images)).split(64):
            optimiser.zero_grad()
            nn.functional.cross_entropy(net(images[batch]), labels[batch]).backward()
            optimiser.step()


def arrays_of(net):
    return {name: tensor.detach().numpy().copy() for name, tensor in net.state_dict().items()}


@cache
def _healthy():
    return trained()


def healthy():
    """Return a copy of one trained network's arrays, to plant something in."""
    return {name: array.copy() for name, array in _healthy().items()}


def fresh(maker, seed=0):
    """Return the arrays of a module as torch draws it."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return arrays_of(maker())


def weights(arrays, form="torch", stored=None):
    return Weights(form, arrays, stored or {name: a.dtype.name for name, a in arrays.items()}, {}, ())


def found(arrays, key, layer=None, **how):
    """Return the findings of one key."""
    every = examine(weights(arrays, **how)).findings
    return [f for f in every if f.key == key and layer in (None, f.layer)]


def faults(arrays, **how):
    """Return the keys of all that speaks of a fault, with the layers."""
    return {(f.key, f.layer) for f in examine(weights(arrays, **how)).findings if f.weight >= FAULT}


def rng(seed=0):
    return np.random.default_rng(seed)
