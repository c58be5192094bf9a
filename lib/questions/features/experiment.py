"""How the question is put to networks: what is trained, and what is measured on it."""

from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lib.engine import cores, data, export, inits, measure, mlp, train
from lib.engine.progress import part
from lib.engine.seeds import seeds_of
from lib.engine.train import History
from lib.questions.features.config import PLACES, Features
from lib.questions.features.result import Result
from lib.types import Array, Progress

REPEATS = 10
SIZES = {"deep": (64, 64, 32, 10), "bottleneck": (64, 64, 2, 10)}
LR, BATCH = 0.01, 128
SHOWN = 300  # test digits that are drawn
FRAMES = 10
NEIGHBOURS = 5


def run(config: Features, progress: Progress | None = None) -> Result:
    """Train both kinds of networks from their starts; measure every layer, and draw the chosen view."""
    deep = mlp.MLP(SIZES["deep"], config.activation)
    narrow = mlp.MLP(SIZES["bottleneck"], config.activation, bottleneck=True)
    histories = cores.each(
        [partial(_trained, network, config) for network in (deep, narrow)],
        part(progress, 0, 10, length=7), size=REPEATS * BATCH * SIZES["deep"][1],
    )  # fmt: skip
    digits = data.digits()
    steps = histories[0].steps["0"]
    ends = [_behind(config, "deep", histories[0], s, digits.test_x) for s in (0, len(steps) - 1)]  # 4 x (R, D, N)
    two = [_behind(config, "bottleneck", histories[1], s, digits.test_x)[2] for s in (0, len(steps) - 1)]
    flat = [[principal(f) for f in end] for end in ends]
    found = _near_all([flat[0], [*flat[1], *ends[-1]], two], digits.test_y, part(progress, 7, 10, length=3))
    behind = [_behind(config, "deep", histories[0], s, digits.test_x, first=True) for s in range(len(steps))]
    return Result(
        config=config,
        steps=np.array(steps),
        fisher=np.stack([[fisher(f, digits.test_y).numpy() for f in each] for each in ends]).transpose(0, 2, 1),
        neighbours=np.stack([found[0], found[1][:, : len(PLACES)]]),
        fisher_plane=np.stack([[fisher(f, digits.test_y).numpy() for f in each] for each in flat]).transpose(0, 2, 1),
        neighbours_whole=found[1][:, len(PLACES) :],
        neighbours_bottleneck=found[2].T,
        accuracy=np.stack(
            [
                measure.accuracy(network, h.params, digits.test).numpy()
                for network, h in zip((deep, narrow), histories, strict=True)
            ]
        ),
        places=_places(config, histories, behind),
        planes=planes(behind),
        labels=digits.test_y[:SHOWN].numpy(),
        images=digits.test_x[:SHOWN].reshape(-1, 8, 8).numpy(),
        diverged=np.stack([h.diverged.numpy() for h in histories]),
        network=export.named(deep, histories[0].params, int((histories[0].diverged < 0).int().argmax())),
    )


def _trained(network: Any, config: Features, progress: Progress | None) -> History:
    """Train R repeats and remember every parameter on the way."""
    seeds = seeds_of(config.seed, REPEATS)
    start = inits.start(network, inits.Init("he"), seeds)
    steps = train.spread_steps(config.steps, FRAMES)

    def keep(k: int) -> Any:
        return train.Record(lambda snapshot: snapshot.params[k].clone(), steps)

    recipe = train.Recipe(steps=config.steps, optimiser="adam", lr=LR, batch=BATCH)
    return train.train(
        network, start, data.digits().train, recipe, seeds=seeds, progress=progress,
        record={str(k): keep(k) for k in range(len(start))},
    )  # fmt: skip


def _behind(
    config: Features, kind: str, history: History, step: int, x: Tensor, *, first: bool = False
) -> list[Tensor]:
    """What stands behind each place (R, D, N) at one recorded step: the pixels, the hidden layers, the logits.

    Of the first network only if asked (1, D, N).
    """
    sizes, of = SIZES[kind], slice(1 if first else REPEATS)
    params = [history.values[str(k)][step][of] for k in range(len(history.params))]
    found = [x.T.expand(len(params[0]), -1, -1)]
    for depth in range(1, len(sizes)):
        linear = depth >= len(sizes) - (2 if kind == "bottleneck" else 1)
        part = mlp.MLP(
            sizes[: depth + 1],
            config.activation,
            output="identity" if linear else config.activation,
            bottleneck=kind == "bottleneck" and depth == len(sizes) - 1,
        )
        found.append(measure.outputs(part, params[: 2 * depth], x))
    return found


def fisher(features: Tensor, labels: Tensor) -> Tensor:
    """Fisher's ratio (R,) of features (R, D, N): trace of between-class over trace of within-class scatter."""
    of = torch.nn.functional.one_hot(labels).double()  # (N, 10)
    f = features.double()
    count = of.sum(0)
    means = f @ of / count  # (R, D, 10)
    between = ((means - f.mean(2, keepdim=True)) ** 2 * count).sum((1, 2))
    within = ((f - means @ of.T) ** 2).sum((1, 2))
    return between / within.clamp(min=1e-300)


def axes(features: Tensor) -> Tensor:
    """The two directions (..., D, 2) in which features (..., D, N) vary most, with their largest entries positive."""
    centred = features.double() - features.double().mean(-1, keepdim=True)
    _, vectors = torch.linalg.eigh(centred @ centred.transpose(-1, -2))  # ascending
    two = vectors[..., -2:].flip(-1)
    largest = two.gather(-2, two.abs().argmax(-2, keepdim=True))
    return two * torch.where(largest < 0, -1.0, 1.0)


def principal(features: Tensor) -> Tensor:
    """Features (R, D, N) in their two principal components (R, 2, N)."""
    centred = features.double() - features.double().mean(-1, keepdim=True)
    return axes(features).transpose(-1, -2) @ centred


def near(features: Tensor, labels: Tensor) -> Tensor:
    """Share (R,) of samples whose NEIGHBOURS nearest others vote for their label; features (R, D, N)."""
    points = features.double().transpose(1, 2)
    # Repeat by repeat: the distances of all of them at once would take ten times the memory.
    nearest = torch.stack([_nearest(torch.cdist(p, p)) for p in points])
    votes = torch.nn.functional.one_hot(labels[nearest]).sum(2)
    return (votes.argmax(2) == labels).double().mean(1)


def _nearest(distances: Tensor) -> Tensor:
    """The numbers (N, NEIGHBOURS) of the nearest others, by distances (N, N)."""
    return distances.fill_diagonal_(torch.inf).topk(NEIGHBOURS, largest=False).indices


def _near_all(places: list[list[Tensor]], labels: Tensor, progress: Progress | None) -> list[Array]:
    """The same at several places (R, D, N) each: (R, places). What all networks see alike is looked at once."""
    flat = [f for each in places for f in each]
    alike = [bool((f == f[:1]).all()) for f in flat]
    looked = [f[:1] if same else f for f, same in zip(flat, alike, strict=True)]
    jobs = [partial(_voted, f, labels) for f in looked]
    found = iter(cores.each(jobs, progress, size=len(labels) ** 2))
    return [np.stack([next(found).expand(REPEATS).numpy() for _ in each], 1) for each in places]


def _voted(features: Tensor, labels: Tensor, progress: Progress) -> Tensor:
    found = near(features, labels)
    progress(1, 1)
    return found


def _places(config: Features, histories: list[History], behind: list[list[Tensor]]) -> Array:
    """The chosen view of the first network over training (S, N, 2); axes as they are at the end."""
    if config.view != "bottleneck":
        return np.asarray(planes(behind)[PLACES.index(config.view)])
    x = data.digits().test_x
    found = [_behind(config, "bottleneck", histories[1], s, x, first=True)[2][0].double() for s in range(len(behind))]
    return np.stack([f.T[:SHOWN].numpy() for f in found])


def planes(behind: list[list[Tensor]]) -> Array:
    """All places of the first deep network in their two principal components of the end (4, S, N, 2).

    Each plane is turned so that its digits end as near as they can to where they are in the plane before: a digit can
    then be followed from one to the next.
    """
    planes_of: list[Array] = []
    for place in zip(*behind, strict=True):
        found = [features[0].double() for features in place]
        frame = axes(found[-1])
        plane = np.stack([(frame.T @ (f - f.mean(1, keepdim=True))).T[:SHOWN].numpy() for f in found])
        planes_of.append(plane @ _turn(plane[-1], planes_of[-1][-1]) if planes_of else plane)
    return np.stack(planes_of)


def _turn(points: Array, others: Array) -> Array:
    """The turn or reflection (2, 2) of points (N, 2) that brings them nearest to others (Procrustes)."""
    u, _, v = np.linalg.svd(points.T @ others)
    return np.asarray(u @ v)
