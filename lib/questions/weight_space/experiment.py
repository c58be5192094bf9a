"""How the question is put to networks: what is trained, and what is measured on it."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lib.engine import cores, data, export, inits, measure, mlp, train
from lib.engine.progress import part, tell
from lib.engine.seeds import seeds_of
from lib.engine.train import History
from lib.questions.weight_space import landscape, matching, valley
from lib.questions.weight_space.config import WeightSpace
from lib.questions.weight_space.result import Result
from lib.types import Array, Progress

REPEATS = 10
STARTS = ("own", "shared")
LR, BATCH = 0.005, 128
MOMENTS = 40  # evenly spaced: the shares of a random walk's directions hold for even spacing
ALONG = 21  # points on the line between two networks
SHARES = torch.linspace(0, 1, ALONG)  # of the way
LOOKED_AT = 400  # training samples that units are matched on
TOY_STARTS = 40


def run(config: WeightSpace, progress: Progress | None = None) -> Result:
    """Train both ways to start, and compare the networks of the chosen one."""
    network = mlp.MLP((64, config.width, 10))
    seeds = seeds_of(config.seed, REPEATS)
    own = inits.start(network, inits.Init("he"), seeds)
    begun = dict(zip(STARTS, (own, [p[:1].expand_as(p).clone() for p in own]), strict=True))
    at = STARTS.index(config.start)
    jobs = [partial(_trained, network, start, config, seeds, kind) for kind, start in begun.items()]
    size = REPEATS * BATCH * config.width
    trained = cores.each(jobs, part(progress, 0, 10, length=9), size=size)
    looks = _looks(network, config, begun[config.start], trained[at])
    found = cores.each(looks, part(progress, 9, 10), size=size)
    return _result(network, config, trained, found)


def _looks(network: Any, config: WeightSpace, begun: list[Tensor], trained: History) -> list[cores.Job[Any]]:
    """What is looked at when the networks are trained, each by itself; the long ones begin."""
    ends = trained.params
    goals = _goals(config, ends)
    measured: list[partial[Any]] = [partial(_along, network, ends, goal) for goal in goals]
    measured += [
        partial(_flatness, config, trained.values["path"]), partial(_paths, network, ends, goals),
        partial(_matched, config, ends), partial(_matched, config, begun), partial(_toy, config),
    ]  # fmt: skip
    return [partial(_look, look) for look in measured]


def _look(look: Callable[[], Any], progress: Progress) -> Any:
    tell(progress, 0, 1)
    return look()


def _result(network: Any, config: WeightSpace, trained: list[History], found: list[Any]) -> Result:
    at = STARTS.index(config.start)
    ends = trained[at].params
    cosines = matching.cosines(torch.stack([measure.joined(each.params) for each in trained]))
    answers = measure.outputs(network, ends, data.digits().test_x).argmax(1)
    *right, flatness, paths, aligned, untrained, toy = found
    return Result(
        config=config,
        accuracy=measure.accuracy(network, ends, data.digits().test).numpy(),
        agreement=(answers.unsqueeze(0) == answers.unsqueeze(1)).float().mean(2).numpy(),
        cosine=cosines[at],
        elsewhere=cosines[1 - at],
        aligned=aligned,
        untrained=untrained,
        shares=SHARES.numpy(),
        path_accuracy=torch.stack(right, 2).numpy().transpose(1, 0, 2),
        toy=toy,
        **paths,
        **flatness,
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


def _goals(config: WeightSpace, ends: list[Tensor]) -> list[list[Tensor]]:
    """Each network's goals: the next network and a copy with its own units shuffled, each raw and then matched."""
    following = [p.roll(-1, 0) for p in ends]
    draws = torch.Generator().manual_seed(config.seed)
    order = torch.stack([torch.randperm(config.width, generator=draws) for _ in range(REPEATS)])
    copy = matching.reordered(ends, order)
    back = matching.reordered(copy, matching.nearest(ends, copy))
    return [following, _in_order(config, ends, following), copy, back]


def _paths(network: Any, ends: list[Tensor], goals: list[list[Tensor]]) -> dict[str, Array]:
    """How far the goals are, and that the copy is the same function."""
    copy, back = goals[2:]
    x, joined = data.digits().test_x, measure.joined
    said = [measure.outputs(network, p, x) for p in (ends, copy)]
    return {
        "likeness": np.concatenate([matching.likeness(ends, goal)[:1].numpy() for goal in goals]),
        "copy_gap": (said[0] - said[1]).abs().amax((1, 2)).numpy(),
        "copy_back": (joined(back) - joined(ends)).abs().amax(1).numpy(),
        "distance": np.stack([landscape.apart(ends, goal) for goal in goals], 1),
    }


def _along(network: Any, ends: list[Tensor], goal: list[Tensor]) -> Tensor:
    """Accuracy (R, A) on the straight way from each network to its goal; looked at once if it is there already."""
    if all(map(torch.equal, ends, goal)):
        return landscape.right(network, ends, data.digits().test).unsqueeze(1).expand(-1, ALONG)
    return landscape.right(network, landscape.line(ends, goal, SHARES), data.digits().test).view(-1, ALONG)


def _flatness(config: WeightSpace, path: Tensor) -> dict[str, Array]:
    """How much of the networks' paths (S, R, P) the first two directions hold, and of random walks as long."""
    steps = torch.randn(path.shape, generator=torch.Generator().manual_seed(config.seed + 1))
    paths = {"path_shares": path, "walk_shares": steps.cumsum(0)}
    return {name: landscape.principal(of)[:, :2].numpy() for name, of in paths.items()}


def _toy(config: WeightSpace) -> Array:
    """Paths (S, M, 2) of a network of two weights from many starts."""
    return valley.descend(np.random.default_rng(config.seed).uniform(-2, 2, (TOY_STARTS, 2)))
