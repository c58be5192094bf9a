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
    masks = [damage.kept(scores, SHARES) for scores in (*orders, [p.abs() for p in scaled[::2]])]
    chosen = [of[SHARES.index(config.cut)] for of in masks[:-1]]
    jobs: list[cores.Job[Any]] = [partial(_repaired, network, params, chosen, training, config)]
    jobs += [partial(_ablated, [p[r] for p in params], test) for r in range(REPEATS)]
    jobs += [partial(_cut, network, params, of, test) for of in masks[:-1]]
    jobs += [partial(_cut, network, scaled, masks[-1], test)]
    size = test[0].numel()  # of most jobs' operations
    found = cores.each(jobs, part(progress, 30, 100, length=70), size=size)
    effects, pruned = np.stack(found[1 : 1 + REPEATS], 1), np.stack(found[1 + REPEATS :])
    return _result(config, network, params, effects, (pruned, found[0]))


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


def _ablated(member: list[Tensor], test: Any, progress: Progress) -> Array:
    """What each first-layer weight alone changes: unit, loss, accuracy, unit with direction (4, H, 64)."""
    tell(progress, 0, 1)
    return np.stack(damage.first_layer(member, test))


def _cut(network: Any, params: list[Tensor], masks: list[list[Tensor]], test: Any, progress: Progress) -> Array:
    """Test accuracy (len(masks), R) of what the masks leave."""
    tell(progress, 0, 1)
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
    network: Any, params: list[Tensor], masks: Any, training: Any, config: Influence, progress: Progress
) -> list[Tensor]:
    """Every order's cut network trained on, what was cut held at zero: parameters (4 R, ...)."""
    start = inits.join([_masked(params, m) for m in masks])
    first, second = inits.join(masks)

    def project(p: list[Tensor]) -> None:
        p[0].mul_(first)
        p[2].mul_(second)

    recipe = train.Recipe(steps=config.repair, decay=config.decay, **RECIPE)
    seeds = seeds_of(config.seed, REPEATS)
    return train.train(network, start, training, recipe, seeds=seeds, project=project, progress=progress).params


def _result(config: Influence, network: Any, params: list[Tensor], effects: Array, cut: Any) -> Result:
    (pruned, repaired), (effects, moved) = cut, (effects[:3], effects[3])
    training, test = _data(config)
    w, size, live = params[0].numpy(), training[0].abs().mean(0).numpy(), training[0].numpy().std(0) > 0

    def score(p: list[Tensor]) -> Array:
        return measure.accuracy(network, p, test).numpy()

    return Result(
        config=config,
        accuracy=score(params),
        tested=len(test[0]),
        weights=w,
        size=size,
        effects=effects,
        moved=moved,
        correlation=_correlations(w, np.abs(effects), size, live),
        pruned=pruned[:-1],
        repaired=score(repaired).reshape(4, REPEATS),
        trapped=pruned[-1],
        network=export.named(network, params),
    )


def _correlations(w: Array, effects: Array, size: Array, live: Array) -> Array:
    """Rank correlation of absolute effects (3, R, H, 64) with each of PREDICTORS: (3, 3, R)."""
    w = np.abs(w)
    one_pixel = ranks.spearman(w[..., live].swapaxes(1, 2), effects[..., live].swapaxes(2, 3)).mean(2)
    predictors = np.stack([w, w * size]).reshape(2, 1, REPEATS, -1)
    magnitude, with_input = ranks.spearman(predictors, effects.reshape(3, REPEATS, -1))
    return np.stack([magnitude, one_pixel, with_input], 1)


def _rescaled(params: list[Tensor], config: Influence) -> list[Tensor]:
    """The same function in other numbers: every unit by a power of two of its own."""
    draws = torch.rand(params[1].shape, generator=_generator(config))
    return damage.rescaled(params, torch.exp2(((2 * draws - 1) * config.rescale).round()))


def _generator(config: Influence) -> Generator:
    return torch.Generator().manual_seed(config.seed)
