"""If training got stuck, does training again help?

From a constant start there is nothing to repeat: the same start and the same data give the same numbers, so 64 runs
end in one place. From random starts a small ReLU network on XOR ends at one of a few levels of loss, some bad for
good (a unit that reacts to no sample gets no gradient), and each new draw is a new chance: of runs that succeed with
probability p, one of n does with 1 - (1 - p)^n. tanh networks on XOR have no such minima (Hamey 1998).

All widths are trained as one ensemble: a narrow network is a wide one whose other units have zero weights. Such a
unit gives 0 and gets no gradient, neither in (outgoing weight 0) nor out (activation 0), so it stays zero for ever.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lib import engine
from lib.config import Config, choice
from lib.questions.restarts.result import Result

if TYPE_CHECKING:
    from torch import Tensor

    from lib.engine.train import History

Array = np.ndarray[Any, Any]
Progress = Callable[[int, int], object]
RUNS = 64
ORDERS = 16  # runs from the constant, each with its own order of minibatches
WIDTHS = (1, 2, 3, 4, 8)
UNITS = WIDTHS[-1]


@dataclass(frozen=True)
class Restarts(Config):
    """What the reader may choose."""

    width: int = choice(3, among=WIDTHS)
    activation: str = choice("relu", among=("relu", "leaky_relu", "tanh"))
    problem: str = choice("xor", among=("xor", "parity", "and"))
    constant: float = choice(0.5, among=(-0.5, 0.0, 0.1, 0.5, 1.0))
    lr: float = choice(0.03, among=(0.01, 0.03, 0.1))
    steps: int = choice(500, among=(100, 500, 800, 2000))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = Restarts(problem="parity", steps=2000)


def run(config: Restarts, progress: Progress | None = None) -> Result:
    """Train 64 random starts of every width and 64 copies of a constant start; then 16 with orders of their own."""
    x, y = problem(config.problem)
    network = engine.mlp.MLP((x.shape[1], UNITS, 1), config.activation)
    seeds = range(config.seed * 1000, config.seed * 1000 + RUNS)
    draws = engine.inits.start(network, engine.inits.Init("normal"), seeds)
    same = engine.inits.start(network, engine.inits.Init("constant", config.constant), seeds)
    start = engine.inits.join([narrow(draws, width) for width in WIDTHS] + [narrow(same, config.width)])
    history = _trained(network, start, (x, y), config, progress)
    one = [p[:ORDERS] for p in narrow(same, config.width)]
    return _result(config, history, _shuffled(network, one, (x, y), config, seeds[:ORDERS]))


def problem(name: str) -> "tuple[Tensor, Tensor]":
    """Inputs (N, I) and targets (N, 1) of 0 and 1: a Boolean function of two inputs, or the parity of three."""
    import torch

    if name != "parity":
        return engine.data.boolean(name)
    x = torch.tensor([[float(row >> bit & 1) for bit in (2, 1, 0)] for row in range(8)])
    return x, x.sum(1, keepdim=True) % 2


def narrow(params: "list[Tensor]", width: int) -> "list[Tensor]":
    """Copy parameters of UNITS hidden units with the weights of all but the first `width` units set to zero."""
    first, bias, last, shift = (p.clone() for p in params)
    first[:, width:], bias[:, width:], last[:, :, width:] = 0, 0, 0
    return [first, bias, last, shift]


def _trained(
    network: Any, start: "list[Tensor]", data: "tuple[Tensor, Tensor]", config: Restarts, progress: Progress | None
) -> "History":
    train, measure = engine.train, engine.measure
    at = WIDTHS.index(config.width) * RUNS
    chosen = [*range(at, at + RUNS), *range(len(WIDTHS) * RUNS, (len(WIDTHS) + 1) * RUNS)]
    recipe = train.Recipe(steps=config.steps, loss="squared", optimiser="adam", lr=config.lr)
    frames = train.spread_steps(config.steps, 14)
    remember = {
        "loss": train.Remember(lambda m: m.loss(), frames),
        "params": train.Remember(lambda m: measure.joined(m.params)[chosen], frames),
    }
    return train.train(network, start, data, recipe, remember=remember, progress=progress)


def _shuffled(
    network: Any, start: "list[Tensor]", data: "tuple[Tensor, Tensor]", config: Restarts, seeds: range
) -> tuple[Array, Array]:
    """Final loss (ORDERS,) and parameters (ORDERS, P) from the constant, with minibatches of two in own orders."""
    recipe = engine.train.Recipe(steps=config.steps, loss="squared", optimiser="adam", lr=config.lr, batch=2)
    history = engine.train.train(network, start, data, recipe, seeds=seeds)
    loss = engine.measure.loss(network, history.params, data, "squared")
    return loss.double().numpy(), engine.measure.joined(history.params).double().numpy()


def _result(config: Restarts, history: "History", shuffled: tuple[Array, Array]) -> Result:
    loss = history.values["loss"].double().view(-1, len(WIDTHS) + 1, RUNS).numpy()  # (F, C, R)
    params = history.values["params"].double().numpy()  # (F, 2 R, P)
    diverged = history.diverged.view(-1, RUNS).numpy()
    chosen = WIDTHS.index(config.width)
    return Result(
        config=config,
        widths=np.array(WIDTHS),
        frames=np.array(history.steps["loss"]),
        loss=loss[:, chosen],
        constant=loss[:, -1],
        by_width=loss[-1, :-1],
        ends=params[-1, :RUNS],
        constant_ends=params[-1, RUNS:],
        places=_places(params),
        order_loss=shuffled[0],
        order_ends=shuffled[1],
        diverged=diverged[[chosen, -1]],
    )


def _places(params: Array) -> Array:
    """Parameters (F, M, P) seen along the two directions in which the last ones vary most: (F, M, 2)."""
    last = params[-1]
    middle = last.mean(0)
    _, _, directions = np.linalg.svd(last - middle, full_matrices=False)
    return np.asarray((params - middle) @ directions[:2].T)
