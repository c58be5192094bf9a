"""How the question is put to networks: what is trained, and what is measured on it."""

from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Generator, Tensor

from lib.engine import cores, data, export, inits, measure, mlp, train
from lib.engine.progress import part, tell
from lib.engine.seeds import seeds_of
from lib.engine.train import History
from lib.questions.influence import damage, ranks
from lib.questions.influence.config import SHARES, Influence
from lib.questions.influence.result import Result
from lib.types import Array, Progress

Orders = list[list[Tensor]]
REPEATS = 10
LR, BATCH = 0.005, 128
RECIPE: dict[str, Any] = {"optimiser": "adamw", "lr": LR, "batch": BATCH}


def run(config: Influence, progress: Progress | None = None) -> Result:
    """Train, take every first-layer weight away alone, then many at once, and train on without them."""
    network = mlp.MLP((64, config.width, 10))
    training, test = _data(config)
    seeds = seeds_of(config.seed, REPEATS)
    halves = [
        partial(_trained, network, training, config, half) for half in (seeds[: REPEATS // 2], seeds[REPEATS // 2 :])
    ]
    told = part(progress, 0, 100, length=30)
    params = train.joined(cores.each(halves, told, size=REPEATS // 2 * config.width * BATCH)).params
    orders = _orders(network, params, training[0], config)
    scaled = _rescaled(params, config)
    jobs: list[cores.Job[Any]] = [partial(_repaired, network, params, orders, training, config)]
    jobs += [partial(_ablated, [p[r] for p in params], training[0], test) for r in range(REPEATS)]
    jobs += [partial(_cut, network, params, scores, test) for scores in orders]
    jobs += [partial(_cut, network, scaled, [p.abs() for p in scaled[::2]], test)]
    size = test[0].numel()  # of most jobs' operations
    found = cores.each(jobs, part(progress, 30, 100, length=70), size=size)
    effects, correlation = (np.stack(each, 1) for each in zip(*found[1 : 1 + REPEATS], strict=True))
    damaged = effects, np.moveaxis(correlation, 1, 2), np.stack(found[1 + REPEATS :])
    return _result(config, network, params, damaged, found[0])


def _trained(network: Any, training: Any, config: Influence, seeds: range, progress: Progress) -> History:
    """Train one network a seed."""
    recipe = train.Recipe(steps=config.steps, decay=config.decay, **RECIPE)
    start = inits.start(network, inits.Init("he"), seeds)
    return train.train(network, start, training, recipe, seeds=seeds, progress=progress)


def _data(config: Influence) -> tuple[Any, Any]:
    """The digits, or the same digits with each input a blend of all pixels: a rotation, which loses nothing."""
    split = data.digits()
    if config.pixels == "raw":
        return split.train, split.test
    normal = torch.randn(64, 64, generator=_generator(config))
    turn = torch.linalg.qr(normal).Q
    return (split.x @ turn, split.y), (split.test_x @ turn, split.test_y)


def _ablated(member: list[Tensor], x: Tensor, test: Any, progress: Progress) -> tuple[Array, Array]:
    """What each first-layer weight alone changes: unit, loss, accuracy, unit with direction (4, H, 64).

    And how that goes with the weights and the inputs x that were trained on: (3, 3), as `_correlations` says.
    """
    tell(progress, 0, 1)
    effects = np.stack(damage.first_layer(member, test))
    return effects, _correlations(member[0].numpy(), np.abs(effects[:3]), x)


def _cut(network: Any, params: list[Tensor], scores: list[Tensor], test: Any, progress: Progress) -> Array:
    """Test accuracy (len(SHARES), R) without the weights of the lowest scores."""
    tell(progress, 0, 1)
    masks = damage.kept(scores, SHARES)
    return np.stack([measure.accuracy(network, _masked(params, m), test).numpy() for m in masks])


def _orders(network: Any, params: list[Tensor], x: Tensor, config: Influence) -> Orders:
    """Per order of removal a score of every weight, lowest first: [(R, H, 64), (R, 10, H)]."""
    g = _generator(config)
    weights = measure.weights(network, params)
    hidden = measure.outputs(mlp.MLP((64, config.width), output="relu"), params[:2], x)  # (R, H, N)
    sizes = [x.abs().mean(0).expand(REPEATS, -1), hidden.mean(2)]
    return [
        [w.abs() for w in weights],
        [torch.rand(w.shape, generator=g) for w in weights],
        [-w.abs() for w in weights],
        [w.abs() * size.unsqueeze(1) for w, size in zip(weights, sizes, strict=True)],
    ]


def _masked(params: list[Tensor], mask: list[Tensor]) -> list[Tensor]:
    return [params[0] * mask[0], params[1], params[2] * mask[1], params[3]]


def _repaired(
    network: Any, params: list[Tensor], orders: Orders, training: Any, config: Influence, progress: Progress
) -> list[Tensor]:
    """Every order's cut network trained on, what was cut held at zero: parameters (4 R, ...)."""
    masks = [damage.kept(scores, [config.cut])[0] for scores in orders]
    start = inits.join([_masked(params, m) for m in masks])
    first, second = inits.join(masks)

    def project(p: list[Tensor]) -> None:
        p[0].mul_(first)
        p[2].mul_(second)

    recipe = train.Recipe(steps=config.repair, decay=config.decay, **RECIPE)
    seeds = seeds_of(config.seed, REPEATS)
    return train.train(network, start, training, recipe, seeds=seeds, project=project, progress=progress).params


def _result(
    config: Influence, network: Any, params: list[Tensor], damaged: tuple[Array, Array, Array], repaired: list[Tensor]
) -> Result:
    effects, correlation, pruned = damaged
    training, test = _data(config)

    def score(p: list[Tensor]) -> Array:
        return measure.accuracy(network, p, test).numpy()

    return Result(
        config=config,
        accuracy=score(params),
        tested=len(test[0]),
        weights=params[0].numpy(),
        size=training[0].abs().mean(0).numpy(),
        effects=effects[:3],
        moved=effects[3],
        correlation=correlation,
        pruned=pruned[:-1],
        repaired=score(repaired).reshape(4, REPEATS),
        trapped=pruned[-1],
        network=export.named(network, params),
    )


def _correlations(w: Array, effects: Array, x: Tensor) -> Array:
    """Rank correlation of one network's absolute effects (3, H, 64) with each of PREDICTORS: (3, 3)."""
    w, size, live = np.abs(w), x.abs().mean(0).numpy(), x.numpy().std(0) > 0
    one_pixel = ranks.spearman(w[:, live].T, effects[..., live].swapaxes(1, 2)).mean(1)
    predictors = np.stack([w, w * size]).reshape(2, 1, -1)
    magnitude, with_input = ranks.spearman(predictors, effects.reshape(3, -1))
    return np.stack([magnitude, one_pixel, with_input], 1)


def _rescaled(params: list[Tensor], config: Influence) -> list[Tensor]:
    """The same function in other numbers: every unit by a power of two of its own."""
    draws = torch.rand(params[1].shape, generator=_generator(config))
    return damage.rescaled(params, torch.exp2(((2 * draws - 1) * config.rescale).round()))


def _generator(config: Influence) -> Generator:
    return torch.Generator().manual_seed(config.seed)
