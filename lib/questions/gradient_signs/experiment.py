"""How the question is put to networks: what is trained, and what is measured on it."""

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from lib.engine import activations, data, export, inits, mlp, train
from lib.engine.seeds import seeds_of
from lib.questions.gradient_signs.config import BATCHES, RATE, GradientSigns
from lib.questions.gradient_signs.result import Result
from lib.types import Array, Progress

SIZES = (64, 32, 32, 10)
REPEATS = 10
SLOPES: dict[str, Callable[[Array], Array]] = {  # f'(z)
    "relu": lambda z: (z > 0).astype(z.dtype),
    "leaky_relu": lambda z: np.where(z > 0, 1.0, activations.LEAK),
    "tanh": lambda z: 1 - np.tanh(z) ** 2,
    "sigmoid": lambda z: 1 / (2 + np.exp(z) + np.exp(-z)),
}
CURVES: dict[str, Callable[[Array], Array]] = {  # f(z)
    "relu": lambda z: np.maximum(z, 0),
    "leaky_relu": lambda z: np.where(z > 0, z, activations.LEAK * z),
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
}


def run(config: GradientSigns, progress: Progress | None = None) -> Result:
    """Train ten networks for a while, then take one batch's gradient of one layer apart."""
    x, y = data.digits(centred=config.pixels == "centred").train
    params = _trained(config, (x, y), progress)
    # Another permutation than any minibatch of the training; smaller batches are the first samples of larger ones.
    order = np.random.default_rng(config.seed).permutation(len(x))[: max(BATCHES)]
    inputs, labels = x.numpy()[order].astype(float), y.numpy()[order]
    weights = [p.numpy().astype(float) for p in params]
    layer = int(config.layer) - 1
    signals = _signals(config.activation, weights, inputs, labels)
    arriving, slope, error, branches = (part[layer] for part in signals)
    crossing = _crossing(config.batch, weights, signals)
    digits = data.digits().x.numpy()[order], labels
    autograd = _autograd(config, weights, inputs, labels)
    first = export.named(_network(config), params)
    return _result(config, digits, arriving, slope, error, branches, crossing, autograd, first)


def _network(config: GradientSigns) -> mlp.MLP:
    return mlp.MLP(SIZES, config.activation)


def _trained(config: GradientSigns, samples: tuple[Tensor, Tensor], progress: Progress | None) -> list[Tensor]:
    network = _network(config)
    signed = config.start == "he"
    init = inits.Init("he", 1.0 if signed else 0.25, nonnegative=not signed)
    seeds = seeds_of(config.seed, REPEATS)
    recipe = train.Recipe(steps=config.steps, optimiser="adam", lr=0.005, batch=64)
    start = inits.start(network, init, seeds)
    return train.train(network, start, samples, recipe, seeds=seeds, progress=progress).params


def _signals(activation: str, weights: list[Array], x: Array, labels: Array) -> list[list[Array]]:
    """Per layer, for R networks and N samples: what arrives (R, N, I), f' (R, N, O), dE/dO (R, N, O), branches.

    E is the sample's own cross-entropy; branches are (R, N, K, O), the K terms whose sum over K is dE/dO; for the
    output layer, which feeds the loss alone, K = 1.
    """
    curve, slope_of = CURVES[activation], SLOPES[activation]
    arriving: list[Array] = [np.broadcast_to(x, (REPEATS, *x.shape))]
    slopes: list[Array] = []
    for w, b in zip(weights[0::2], weights[1::2], strict=True):
        z = arriving[-1] @ w.transpose(0, 2, 1) + b[:, None]
        last = len(slopes) == len(weights) // 2 - 1
        slopes.append(np.ones_like(z) if last else slope_of(z))
        arriving.append(z if last else curve(z))
    outputs = np.exp(arriving[-1] - arriving[-1].max(2, keepdims=True))
    error = outputs / outputs.sum(2, keepdims=True) - np.eye(10)[labels]  # softmax - onehot, (R, N, 10)
    errors, branches = [error], [error[:, :, None]]
    for w, slope in zip(weights[2::2][::-1], slopes[1:][::-1], strict=True):
        terms = (errors[0] * slope)[..., None] * w[:, None]  # (R, N, K, O)
        errors.insert(0, terms.sum(2))
        branches.insert(0, terms)
    return [arriving[:-1], slopes, errors, branches]


def _autograd(config: GradientSigns, weights: list[Array], x: Array, labels: Array) -> Array:
    """The layer's weight gradient of the chosen batch by torch's autograd: (R, O, I)."""
    act = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}
    leaky = partial(functional.leaky_relu, negative_slope=activations.LEAK)
    found = []
    for r in range(REPEATS):
        params = [torch.tensor(p[r], requires_grad=True) for p in weights]
        h = torch.tensor(x[: config.batch])
        for k in range(0, len(params), 2):
            h = functional.linear(h, params[k], params[k + 1])
            if k < len(params) - 2:
                h = act.get(config.activation, leaky)(h)
        loss = functional.cross_entropy(h, torch.tensor(labels[: config.batch]))
        found.append(torch.autograd.grad(loss, params[2 * (int(config.layer) - 1)])[0].numpy())
    return np.stack(found)


def _result(
    config: GradientSigns,
    digits: tuple[Array, Array],
    arriving: Array,
    slope: Array,
    error: Array,
    branches: Array,
    crossing: Array,
    autograd: Array,
    network: dict[str, Array],
) -> Result:
    n = config.batch
    local = error * slope  # (R, N, O), so that one sample's gradient is local times arriving
    gradient = np.einsum("rno,rni->roi", local[:, :n], arriving[:, :n]) / n
    unit = config.unit % slope.shape[2]
    down, up = (_products(slope[:, :n], chosen) for chosen in (arriving[:, :n] < 0, arriving[:, :n] > 0))
    return Result(
        config=config,
        arriving=_signs(arriving[:, :n]),
        local=np.stack([down, 1 - down - up, up], 1),
        error=_signs(error[:, :n]),
        gradient=_signs(gradient),
        crossing=crossing,
        sizes=np.array(BATCHES),
        mixed=np.stack([_mixed(local, arriving, size) for size in BATCHES]),
        disagree=_disagree(branches[:, :n]),
        autograd_gap=np.abs(gradient - autograd).max((1, 2)),
        digits=digits[0],
        labels=digits[1],
        came=arriving[0],
        back=local[0],
        gradient_map=gradient[0],
        branches=branches[0, 0, :, unit],
        unit=unit,
        dead=(slope == 0).all((1, 2)),
        network=network,
    )


def _crossing(n: int, weights: list[Array], signals: list[list[Array]]) -> Array:
    """Share (R,) of all weights that a plain gradient step on n samples carries from zero or above to below."""
    carried = []
    for w, arriving, slope, error in zip(weights[0::2], *signals[:3], strict=True):
        gradient = np.einsum("rno,rni->roi", (error * slope)[:, :n], arriving[:, :n]) / n
        carried.append(((w >= 0) & (w - RATE * gradient < 0)).reshape(len(w), -1))
    return np.asarray(np.concatenate(carried, 1).mean(1))


def _signs(values: Array) -> Array:
    """Shares below, at and above zero: (R, 3)."""
    flat = values.reshape(len(values), -1)
    return np.stack([(flat < 0).mean(1), (flat == 0).mean(1), (flat > 0).mean(1)], 1)


def _products(slope: Array, chosen: Array) -> Array:
    """Share (R,) of the products f'(z) * input, over samples, units and inputs, that are not zero and `chosen`."""
    count = np.einsum("rno,rni->r", (slope != 0).astype(float), chosen.astype(float))
    return count / (slope.shape[1] * slope.shape[2] * chosen.shape[2])


def _mixed(local: Array, arriving: Array, size: int) -> Array:
    """Share (R,) of the units whose incoming gradients have both signs, over as many batches as 300 samples hold."""
    shares = []
    for at in range(0, local.shape[1] - size + 1, max(size, 30)):
        g = np.einsum("rno,rni->roi", local[:, at : at + size], arriving[:, at : at + size])
        shares.append(((g < 0).any(2) & (g > 0).any(2)).mean(1))
    return np.mean(shares, 0)


def _disagree(branches: Array) -> Array:
    """Share (R,) of samples and units whose branches have both signs, among those that have any but zero."""
    both = (branches < 0).any(2) & (branches > 0).any(2)
    some = (branches != 0).any(2)
    return both.sum((1, 2)) / np.maximum(some.sum((1, 2)), 1)
