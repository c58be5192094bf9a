"""How the question is put to networks: what is trained, and what is measured on it."""

from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lib.engine import cores, data, export, inits, measure, mlp, train
from lib.engine.seeds import seeds_of
from lib.engine.train import History
from lib.questions.restarts.config import WIDTHS, Restarts
from lib.questions.restarts.result import Result
from lib.types import Array, Progress

RUNS = 64
ORDERS = 16  # runs from the constant, each with its own order of minibatches
UNITS = WIDTHS[-1]


def run(config: Restarts, progress: Progress | None = None) -> Result:
    """Train 64 random starts of every width and 64 copies of a constant start; then 16 with orders of their own."""
    x, y = problem(config.problem)
    network = mlp.MLP((x.shape[1], UNITS, 1), config.activation)
    seeds = seeds_of(config.seed, RUNS)
    draws = inits.start(network, inits.Init("normal"), seeds)
    same = inits.start(network, inits.Init("constant", config.constant), seeds)
    start = inits.join([narrow(draws, width) for width in WIDTHS] + [narrow(same, config.width)])
    one, half = [p[:ORDERS] for p in narrow(same, config.width)], len(start[0]) // 2
    jobs: list[cores.Job[Any]] = [
        partial(_trained, network, [p[some] for p in start], (x, y), config)
        for some in (slice(half), slice(half, None))
    ]
    jobs += [partial(_shuffled, network, one, (x, y), config, seeds[:ORDERS])]
    first, second, shuffled = cores.each(jobs, progress, size=half * UNITS * len(x))
    return _result(config, train.joined([first, second]), shuffled)


def problem(name: str) -> tuple[Tensor, Tensor]:
    """Inputs (N, I) and targets (N, 1) of 0 and 1: a Boolean function of two inputs, or the parity of three."""
    if name != "parity":
        return data.boolean(name)
    x = torch.tensor([[float(row >> bit & 1) for bit in (2, 1, 0)] for row in range(8)])
    return x, x.sum(1, keepdim=True) % 2


def narrow(params: list[Tensor], width: int) -> list[Tensor]:
    """Copy parameters of UNITS hidden units with the weights of all but the first `width` units set to zero."""
    first, bias, last, shift = (p.clone() for p in params)
    first[:, width:], bias[:, width:], last[:, :, width:] = 0, 0, 0
    return [first, bias, last, shift]


def _trained(
    network: Any, start: list[Tensor], samples: tuple[Tensor, Tensor], config: Restarts, progress: Progress
) -> History:
    recipe = train.Recipe(steps=config.steps, loss="squared", optimiser="adam", lr=config.lr)
    record = {"loss": train.Record(lambda m: m.loss(), train.spread_steps(config.steps, 14))}
    return train.train(network, start, samples, recipe, record=record, progress=progress)


def _shuffled(
    network: Any,
    start: list[Tensor],
    samples: tuple[Tensor, Tensor],
    config: Restarts,
    seeds: range,
    progress: Progress,
) -> tuple[Array, Array]:
    """From the constant, with minibatches of two in orders of their own.

    Final loss (ORDERS,), and the step at which each diverged, -1 for the others; the loss of a diverged one is
    finite, that of its last sound weights.
    """
    recipe = train.Recipe(steps=config.steps, loss="squared", optimiser="adam", lr=config.lr, batch=2)
    history = train.train(network, start, samples, recipe, seeds=seeds, progress=progress)
    loss = measure.loss(network, history.params, samples, "squared")
    return loss.double().numpy(), history.diverged.numpy()


def _result(config: Restarts, history: History, shuffled: tuple[Array, Array]) -> Result:
    loss = history.values["loss"].double().view(-1, len(WIDTHS) + 1, RUNS).numpy()  # (F, C, R)
    ends = measure.joined(history.params).view(len(WIDTHS) + 1, RUNS, -1).double().numpy()  # (C, R, P)
    diverged = history.diverged.view(-1, RUNS).numpy()
    chosen = WIDTHS.index(config.width)
    return Result(
        config=config,
        widths=np.array(WIDTHS),
        frames=np.array(history.steps["loss"]),
        loss=loss[:, chosen],
        constant=loss[:, -1],
        by_width=loss[-1, :-1],
        ends=ends[chosen],
        constant_ends=ends[-1],
        order_loss=shuffled[0],
        order_diverged=shuffled[1],
        diverged=diverged[[chosen, -1]],
        network=_named(config, [p[chosen * RUNS + int((diverged[chosen] < 0).argmax())] for p in history.params]),
    )


def _named(config: Restarts, params: list[Tensor]) -> dict[str, Array]:
    """One network's parameters by name, without the units that have none of the weights."""
    first, bias, last, shift = params
    kept = first[: config.width], bias[: config.width], last[:, : config.width], shift
    network = mlp.MLP((first.shape[1], config.width, 1), config.activation)
    return export.named(network, [p.unsqueeze(0) for p in kept])
