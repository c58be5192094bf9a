"""Networks of our own to examine: one that has learned the digits, and five with a fault that is known.

An MLP 64-32-32-10 with ReLU, from torch's default weights, trained by Adam.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from lib.engine import data, export, inits, mlp, train
from lib.engine.seeds import seeds_of
from lib.types import Array, Progress
from lib.your_network.config import YourNetwork

NETWORK = mlp.MLP((64, 32, 32, 10))
STEPS, LR, BATCH = 300, 0.005, 64
EQUAL = 0.05  # every weight of the equal start
SILENT = 4  # every fourth unit of the first hidden layer is the dead one's
LEFT = 0.2  # share of each layer's weights that pruning leaves
WEIGHTS = (0, 2, 4)  # the places of the layers' weights among the parameters


def arrays(config: YourNetwork, progress: Progress | None = None) -> dict[str, Array]:
    """Train the chosen network and return its weights by name."""
    seeds = seeds_of(config.seed, 1)
    start = inits.start(NETWORK, inits.Init("standard"), seeds)
    start, project = STARTS.get(config.specimen, _usual)(start)
    recipe = train.Recipe(steps=STEPS, optimiser="adam", lr=LR, batch=BATCH)
    history = train.train(
        NETWORK, start, data.digits().train, recipe, seeds=seeds, project=project, progress=progress
    )
    params = AFTER.get(config.specimen, lambda config, params: params)(config, history.params)
    return export.named(NETWORK, params)


Project = Callable[[list[Tensor]], None]


def _usual(start: list[Tensor]) -> tuple[list[Tensor], Project | None]:
    return start, None


def _equal(start: list[Tensor]) -> tuple[list[Tensor], Project | None]:
    """Every weight the same: the units of a layer stay copies of one (the page 'Symmetry')."""
    return [torch.full_like(p, EQUAL) if k in WEIGHTS else p for k, p in enumerate(start)], None


def _dead(start: list[Tensor]) -> tuple[list[Tensor], Project | None]:
    """Some units with all weights zero, in and out: no gradient ever reaches them."""
    start = [p.clone() for p in start]
    start[0][:, ::SILENT] = 0
    start[2][:, :, ::SILENT] = 0
    return start, None


def _held(start: list[Tensor]) -> tuple[list[Tensor], Project | None]:
    """The first layer's weights held at or above zero."""

    def project(params: list[Tensor]) -> None:
        params[0].clamp_(min=0)

    return [start[0].abs(), *start[1:]], project


def _fresh_second(config: YourNetwork, params: list[Tensor]) -> list[Tensor]:
    """The second layer as a loader leaves it that passes over a renamed key: another fresh start, never trained."""
    other = inits.start(NETWORK, inits.Init("standard"), seeds_of(config.seed, 1, skip=500))
    return [*params[:2], *other[2:4], *params[4:]]


def _pruned(config: YourNetwork, params: list[Tensor]) -> list[Tensor]:
    """The smallest weights of each layer set to zero."""
    cut = [torch.quantile(p.abs(), 1 - LEFT) for p in params]
    return [p * (p.abs() >= c) if k in WEIGHTS else p for k, (p, c) in enumerate(zip(params, cut, strict=True))]


STARTS: dict[str, Callable[[list[Tensor]], tuple[list[Tensor], Project | None]]] = {
    "equal_start": _equal,
    "dead": _dead,
    "held": _held,
}
AFTER: dict[str, Callable[[YourNetwork, list[Tensor]], list[Tensor]]] = {
    "never_loaded": _fresh_second,
    "pruned": _pruned,
}
