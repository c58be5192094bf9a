"""How the question is put to networks: what is trained, and what is measured on it."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import torch
from scipy.spatial import KDTree
from torch import Tensor

from lib.engine import cores, data, export, inits, measure, mlp, train
from lib.engine.activations import activation
from lib.engine.progress import part
from lib.engine.seeds import seeds_of
from lib.engine.train import History
from lib.questions.features.config import PLACES, Features
from lib.questions.features.result import Result
from lib.types import Array, Progress

REPEATS = 10
SIZES = {"deep": (64, 64, 32, 10), "bottleneck": (64, 64, 2, 10)}
LR, BATCH = 0.01, 128
SHOWN = 150  # test digits that are drawn: of more, the numerals lie on one another
FRAMES = 10
NEIGHBOURS = 5


def run(config: Features, progress: Progress | None = None) -> Result:
    """Train both kinds of networks from their starts; measure every layer, and draw the chosen view."""
    half = REPEATS // 2
    jobs = [partial(_found, config, some) for some in (slice(half), slice(half, REPEATS))]
    found = cores.each(jobs, progress, size=half * BATCH * SIZES["deep"][1])
    deep, narrow = (train.joined([some.histories[kind] for some in found]) for kind in SIZES)
    numbers = {name: np.concatenate([some.numbers[name] for some in found], 1) for name in found[0].numbers}
    behind, digits = _behind(config, "deep", _first(deep)), data.digits()
    return Result(
        config=config,
        steps=np.array(deep.steps["0"]),
        places=_places(config, narrow, behind),
        distances=np.stack([distances(place, digits.test_y)[:, :SHOWN].numpy() for place in behind]),
        labels=digits.test_y[:SHOWN].numpy(),
        images=digits.test_x[:SHOWN].reshape(-1, 8, 8).numpy(),
        diverged=np.stack([h.diverged.numpy() for h in (deep, narrow)]),
        network=export.named(_network(config, "deep"), deep.params, int((deep.diverged < 0).int().argmax())),
        neighbours_whole=numbers.pop("neighbours_whole")[0],
        **numbers,
    )


class Found(NamedTuple):
    """What there is to say of some repeats of both kinds."""

    histories: dict[str, History]
    # (2, R, ...): untrained and trained, or deep and with a bottleneck; (1, R, 4) trained; (S, R, 4) over training
    numbers: dict[str, Array]


def _found(config: Features, members: slice, progress: Progress) -> Found:
    """Train some repeats of both kinds, and measure them."""
    seeds = seeds_of(config.seed, REPEATS)[members]
    deep = _trained(config, "deep", seeds, part(progress, 0, 10, length=5))
    narrow = _trained(config, "bottleneck", seeds, part(progress, 5, 10, length=4))
    numbers = _deep_numbers(config, deep) | {
        "neighbours_bottleneck": _by_end(near(_behind(config, "bottleneck", _ends(narrow))[2], data.digits().test_y)),
        "accuracy": np.stack([_accuracy(config, "deep", deep), _accuracy(config, "bottleneck", narrow)]),
    }
    return Found({"deep": deep, "bottleneck": narrow}, numbers)


def _deep_numbers(config: Features, history: History) -> dict[str, Array]:
    """Fisher's ratio and the share of near ones that agree, at every place of the deep networks, and in its plane."""
    labels, behind = data.digits().test_y, _behind(config, "deep", _ends(history))
    flat = [_once(principal, f) for f in behind]
    whole = [_once(partial(near, labels=labels), f[len(f) // 2 :]) for f in behind]

    def at_each(of: Callable[..., Tensor], places: list[Tensor]) -> Array:
        return np.stack([_by_end(_once(partial(of, labels=labels), f)) for f in places], 2)  # (2, R, 4)

    return {
        "fisher": _apart(config, history),
        "neighbours": at_each(near, flat),
        "fisher_plane": at_each(fisher, flat),
        "neighbours_whole": torch.stack(whole, 1)[None].numpy(),
    }


def _apart(config: Features, history: History) -> Array:
    """Fisher's ratio at every place of the deep networks over training (S, R, 4)."""
    ratio, found = partial(fisher, labels=data.digits().test_y), list[Array]()
    for params in zip(*_recorded(history), strict=True):
        pixels, *behind = _behind(config, "deep", list(params))
        first = found[0][:, 0] if found else _once(ratio, pixels).numpy()  # the pixels do not learn
        found.append(np.stack([first, *(ratio(f).numpy() for f in behind)], 1))
    return np.stack(found)


def _once(of: Callable[[Tensor], Tensor], features: Tensor) -> Tensor:
    """What `of` says of features (E, D, N); where all networks see the same, such as the pixels, it is asked once."""
    if features.stride(0):
        return of(features)
    found = of(features[:1])
    return found.expand(len(features), *found.shape[1:])


def _by_end(values: Tensor) -> Array:
    """Numbers (2R,) of all repeats untrained and then trained, as (2, R)."""
    return values.reshape(2, -1).numpy()


def _network(config: Features, kind: str) -> mlp.MLP:
    return mlp.MLP(SIZES[kind], config.activation, bottleneck=kind == "bottleneck")


def _accuracy(config: Features, kind: str, history: History) -> Array:
    return measure.accuracy(_network(config, kind), history.params, data.digits().test).numpy()


def _trained(config: Features, kind: str, seeds: range, progress: Progress | None) -> History:
    """Train one repeat from each seed and remember every parameter on the way."""
    network = _network(config, kind)
    start = inits.start(network, inits.Init("he"), seeds)
    steps = train.spread_steps(config.steps, FRAMES)

    def keep(k: int) -> Any:
        return train.Record(lambda snapshot: snapshot.params[k].clone(), steps)

    recipe = train.Recipe(steps=config.steps, optimiser="adam", lr=LR, batch=BATCH)
    return train.train(
        network, start, data.digits().train, recipe, seeds=seeds, progress=progress,
        record={str(k): keep(k) for k in range(len(start))},
    )  # fmt: skip


def _recorded(history: History) -> list[Tensor]:
    """Each of the parameters at all recorded steps (S, R, ...)."""
    return [history.values[str(k)] for k in range(len(history.params))]


def _ends(history: History) -> list[Tensor]:
    """The parameters (2R, ...) of all repeats untrained, and then trained."""
    return [torch.cat([values[0], values[-1]]) for values in _recorded(history)]


def _first(history: History) -> list[Tensor]:
    """The parameters (S, ...) of the first network over training."""
    return [values[:, 0] for values in _recorded(history)]


def _behind(config: Features, kind: str, params: list[Tensor]) -> list[Tensor]:
    """What stands behind each place (E, D, N) for the test digits: the pixels, the hidden layers, the logits."""
    found = [data.digits().test_x.T.expand(len(params[0]), -1, -1)]
    layers = list(zip(params[::2], params[1::2], strict=True))
    linear = 2 if kind == "bottleneck" else 1  # layers without an activation, the last ones
    for depth, (w, b) in enumerate(layers):
        z = torch.bmm(w, found[-1]).add_(b.unsqueeze(2))
        if depth < len(layers) - linear:
            activation(config.activation).forward(z, z)
        found.append(z)
    return found


def fisher(features: Tensor, labels: Tensor) -> Tensor:
    """Fisher's ratio (R,) of features (R, D, N): trace of between-class over trace of within-class scatter."""
    of = torch.nn.functional.one_hot(labels).double()  # (N, 10)
    f = _centred(features)
    sums = f @ of  # (R, D, 10)
    between = (sums.square() / of.sum(0)).sum((1, 2))
    total = torch.linalg.vector_norm(f, dim=(1, 2)).square()
    within = total - between  # the two add up to it
    return between / within.clamp(min=1e-300)


def axes(features: Tensor) -> Tensor:
    """The two directions (..., D, 2) in which features (..., D, N) vary most, with their largest entries positive."""
    return _axes(_centred(features))


def _centred(features: Tensor) -> Tensor:
    features = features.double()
    return features - features.mean(-1, keepdim=True)


def _axes(centred: Tensor) -> Tensor:
    _, vectors = torch.linalg.eigh(centred @ centred.transpose(-1, -2))  # ascending
    two = vectors[..., -2:].flip(-1)
    largest = two.gather(-2, two.abs().argmax(-2, keepdim=True))
    return two * torch.where(largest < 0, -1.0, 1.0)


def principal(features: Tensor) -> Tensor:
    """Features (R, D, N) in their two principal components (R, 2, N)."""
    centred = _centred(features)
    return _axes(centred).transpose(-1, -2) @ centred


def near(features: Tensor, labels: Tensor) -> Tensor:
    """Share (R,) of samples whose NEIGHBOURS nearest others vote for their label; features (R, D, N)."""
    points, classes = features.double().transpose(1, 2), int(labels.max()) + 1
    # Repeat by repeat: the distances of all of them at once would take ten times the memory.
    nearest = torch.stack([_nearest_in_plane(p) if p.shape[1] == 2 else _nearest(p) for p in points])
    voter = torch.arange(nearest.shape[0] * nearest.shape[1]).view(*nearest.shape[:2], 1)
    votes = torch.bincount((voter * classes + labels[nearest]).flatten(), minlength=voter.numel() * classes)
    return (votes.view(*nearest.shape[:2], classes).argmax(2) == labels).double().mean(1)


def _nearest(points: Tensor) -> Tensor:
    """The numbers (N, NEIGHBOURS) of each one's nearest others, of points (N, D)."""
    return torch.cdist(points, points).fill_diagonal_(torch.inf).topk(NEIGHBOURS, largest=False).indices


def _nearest_in_plane(points: Tensor) -> Tensor:
    """The same for points (N, 2), of which a tree finds them in a third of the time."""
    found = KDTree(points.numpy()).query(points.numpy(), NEIGHBOURS + 1)[1]
    others = found != np.arange(len(found))[:, None]
    others[others.all(1), -1] = False  # where several stand on one place, a point need not be among its own nearest
    return torch.from_numpy(found[others].reshape(-1, NEIGHBOURS))


def distances(features: Tensor, labels: Tensor) -> Tensor:
    """How far samples (S, D, N) are from the mean of each class, in all dimensions: (S, N, 10).

    In units of the scatter within: of the distances to the own class's mean the mean square is one. Over all samples
    and classes, each with its share, the mean square is then 1 + 2 F, with Fisher's ratio F.
    """
    of, f = torch.nn.functional.one_hot(labels).double(), features.double()
    means = f @ (of / of.sum(0))  # (S, D, 10)
    found = torch.stack([torch.cdist(a.T, b.T, compute_mode="donot_use_mm_for_euclid_dist")
                         for a, b in zip(f, means, strict=True)])  # fmt: skip
    within = (found.square() * of).sum((1, 2), keepdim=True) / len(labels)
    return found / within.clamp(min=1e-300).sqrt()


def _places(config: Features, narrow: History, behind: list[Tensor]) -> Array:
    """The chosen view of the first network over training (S, N, 2): of a layer two principal components."""
    if config.view != "bottleneck":
        return plane(behind[PLACES.index(config.view)])
    return _behind(config, "bottleneck", _first(narrow))[2].double().transpose(1, 2)[:, :SHOWN].numpy()


def plane(features: Tensor) -> Array:
    """The drawn ones of features (S, D, N) in the two principal components of the end (S, N, 2)."""
    frame = axes(features[-1])
    return (frame.T @ _centred(features)).transpose(1, 2)[:, :SHOWN].numpy()
