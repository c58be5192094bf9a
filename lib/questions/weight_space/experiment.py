"""How the question is put to networks: what is trained, and what is measured on it."""

from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lib.engine import cores, data, export, inits, measure, mlp, train
from lib.engine.seeds import seeds_of
from lib.engine.train import History
from lib.questions.weight_space import landscape, matching, valley
from lib.questions.weight_space.config import WeightSpace
from lib.questions.weight_space.result import Result
from lib.types import Array, Progress

REPEATS = 10
LR, BATCH = 0.005, 128
MOMENTS = 40  # evenly spaced: the shares of a random walk's directions hold for even spacing
ALONG = 21  # points on the line between two networks
LOOKED_AT = 400  # training samples that units are matched on
TOY_STARTS = 40


def run(config: WeightSpace, progress: Progress | None = None) -> Result:
    """Train both ways to start, and compare the networks of the chosen one."""
    network = mlp.MLP((64, config.width, 10))
    seeds = seeds_of(config.seed, REPEATS)
    own = inits.start(network, inits.Init("he"), seeds)
    begun = {"own": own, "shared": [p[:1].expand_as(p).clone() for p in own]}
    at = list(begun).index(config.start)
    jobs = [partial(_trained, network, start, config, seeds, kind) for kind, start in begun.items()]
    trained = cores.each(jobs, progress, size=REPEATS * BATCH * config.width)
    history, ends = trained[at], trained[at].params
    cosines = matching.cosines(torch.stack([measure.joined(each.params) for each in trained]))
    answers = measure.outputs(network, ends, data.digits().test_x).argmax(1)
    return Result(
        config=config,
        accuracy=measure.accuracy(network, ends, data.digits().test).numpy(),
        agreement=(answers.unsqueeze(0) == answers.unsqueeze(1)).float().mean(2).numpy(),
        cosine=cosines[at],
        elsewhere=cosines[1 - at],
        aligned=_matched(config, ends),
        untrained=_matched(config, begun[config.start]),
        **_paths(network, config, ends),
        **_flatness(config, history.values["path"]),
        **_toy(config),
        network=export.named(network, ends),
    )


def _trained(
    network: Any, start: list[Tensor], config: WeightSpace, seeds: range, kind: str, progress: Progress
) -> History:
    """Train the networks of one kind of start; of the chosen one the way is recorded."""
    recipe = train.Recipe(steps=config.steps, optimiser="adam", lr=LR, batch=BATCH, decay=config.decay)
    moments = sorted({round(m) for m in np.linspace(0, config.steps, MOMENTS + 1)})
    record = {"path": train.Record(lambda m: measure.joined(m.params), moments)} if kind == config.start else {}
    return train.train(network, start, data.digits().train, recipe, seeds=seeds, record=record, progress=progress)


def _in_order(config: WeightSpace, fixed: list[Tensor], moved: list[Tensor]) -> list[Tensor]:
    """`moved` with its hidden units in the order that suits `fixed`, member by member."""
    if config.matched == "weights":
        return matching.reordered(moved, matching.nearest(fixed, moved))
    return matching.reordered(moved, matching.alike(fixed, moved, data.digits().x[:LOOKED_AT]))


def _matched(config: WeightSpace, params: list[Tensor]) -> Array:
    """Cosines (R, R) of the networks' weights, each pair after matching."""
    i, j = np.triu_indices(REPEATS, 1)
    one = [p[i] for p in params]
    two = _in_order(config, one, [p[j] for p in params])
    a, b = (measure.joined(p).double() for p in (one, two))
    cosines = np.eye(REPEATS)
    cosines[i, j] = cosines[j, i] = ((a * b).sum(1) / a.norm(dim=1) / b.norm(dim=1)).numpy()
    return cosines


def _paths(network: Any, config: WeightSpace, ends: list[Tensor]) -> dict[str, Array]:
    """Accuracy on the way to the next network and to a copy with its units shuffled, raw and matched."""
    following = [p.roll(-1, 0) for p in ends]
    draws = torch.Generator().manual_seed(config.seed)
    order = torch.stack([torch.randperm(config.width, generator=draws) for _ in range(REPEATS)])
    copy = matching.reordered(ends, order)
    back = matching.reordered(copy, matching.nearest(ends, copy))
    goals = [following, _in_order(config, ends, following), copy, back]
    shares = torch.linspace(0, 1, ALONG)
    right = torch.stack([_along(network, ends, goal, shares) for goal in goals], 2).numpy()
    x, joined = data.digits().test_x, measure.joined
    said = [measure.outputs(network, p, x) for p in (ends, copy)]
    return {
        "shares": shares.numpy(),
        "path_accuracy": right.transpose(1, 0, 2),
        "likeness": np.concatenate([matching.likeness(ends, goal)[:1].numpy() for goal in goals]),
        "copy_gap": (said[0] - said[1]).abs().amax((1, 2)).numpy(),
        "copy_back": (joined(back) - joined(ends)).abs().amax(1).numpy(),
        "distance": np.stack([landscape.apart(ends, goal) for goal in goals], 1),
    }


def _along(network: Any, ends: list[Tensor], goal: list[Tensor], shares: Tensor) -> Tensor:
    """Accuracy (R, A) on the straight way from each network to its goal; looked at once if it is there already."""
    if all(map(torch.equal, ends, goal)):
        return landscape.right(network, ends, data.digits().test).unsqueeze(1).expand(-1, ALONG)
    return landscape.right(network, landscape.line(ends, goal, shares), data.digits().test).view(-1, ALONG)


def _flatness(config: WeightSpace, path: Tensor) -> dict[str, Array]:
    """How much of the networks' paths (S, R, P) the first two directions hold, and of random walks as long."""
    steps = torch.randn(path.shape, generator=torch.Generator().manual_seed(config.seed + 1))
    paths = {"path_shares": path, "walk_shares": steps.cumsum(0)}
    return {name: landscape.principal(of)[:, :2].numpy() for name, of in paths.items()}


def _toy(config: WeightSpace) -> dict[str, Array]:
    """Paths (S, M, 2) of a network of two weights from many starts."""
    return {"toy": valley.descend(np.random.default_rng(config.seed).uniform(-2, 2, (TOY_STARTS, 2)))}
