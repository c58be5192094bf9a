"""How the question is put to networks: what is trained, and what is measured on it."""

from functools import cache, partial
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from lib.engine import cnn, cores, data, export, inits, measure, train
from lib.engine.progress import tell
from lib.engine.seeds import seeds_of
from lib.questions.deconvnet import projection
from lib.questions.deconvnet.config import CONDITIONS, Deconvnet
from lib.questions.deconvnet.projection import Stack
from lib.questions.deconvnet.result import Result
from lib.types import Array, Progress

REPEATS = 10
TAUGHT = ("trained", "shuffled", "half")  # half: on the first OLD classes
PROBED = ("half", "random")
TOP = 9
BATCH, LR, WARMUP, CLIP = 64, 0.01, 20, 1.0
OLD, LABELS = 5, 20  # classes that the transferred networks have seen; labels of each new one for the reader
RIDGE = 0.03  # of the mean squared length of the features
SHOWN = ("images", "labels", "projections", "activations", "named", "left", "place")
SILENT = 1e-4  # a unit whose largest activation is smaller says nothing
TIE = 1e-3  # less than from one shade to the next: of equally bright pixels chance decides
CHUNK = 100  # images that all networks look at together

Params = list[Tensor]


def run(config: Deconvnet, progress: Progress | None = None) -> Result:
    """Train on digits, on shuffled labels and on half of the classes; look into all of them and into their start."""
    network, half = cnn.CNN(), REPEATS // 2
    halves = slice(half), slice(half, REPEATS)
    size = len(TAUGHT) * half * network.channels[0] * network.side**2 * BATCH
    found = cores.each([partial(_found, config, network, some) for some in halves], progress, size=size)
    numbers = {name: np.concatenate([each.numbers[name] for each in found], 1) for name in found[0].numbers}
    return Result(config=config, **numbers, **found[0].shown, network=found[0].network)


class Found(NamedTuple):
    """What there is to say of some networks of every kind."""

    numbers: dict[str, Array]  # one of each network, (3, R); (2, R) of those that a reader probes
    shown: dict[str, Array]  # of the first network of each of the CONDITIONS, (3, ...)
    network: dict[str, Array]  # the first one with the chosen weights, its parameters by name


def _found(config: Deconvnet, network: cnn.CNN, members: slice, progress: Progress) -> Found:
    """Train some networks of every kind, but those that are to stay random, and look into them."""
    seeds = seeds_of(config.seed, REPEATS)[members]
    start = inits.start(network, inits.Init("he"), seeds)
    params = {"random": start, **_trained(network, start, seeds, config.steps, progress)}
    tell(progress, 1, 1)
    drawn = dict(zip(CONDITIONS, _drawn(config, network.channels[config.layer - 1])[:, members], strict=True))
    with torch.inference_mode():  # kind by kind: all of them at once would take four times the memory
        every = {kind: _seen(network, of_kind, config.layer - 1) for kind, of_kind in params.items()}
        looks = [_looked_into(network, params[kind], every[kind], config, drawn[kind]) for kind in CONDITIONS]
        accuracy = [_read(params[kind], every[kind].upper) for kind in CONDITIONS]
        probe = [_transfer(network, params[kind], every[kind].upper, seeds) for kind in PROBED]
    names = looks[0].keys() - set(SHOWN)
    numbers = {name: np.stack([look[name].numpy() for look in looks]) for name in names}
    shown = {name: np.stack([look[name][0].numpy() for look in looks]) for name in SHOWN}
    numbers |= {"accuracy": np.stack(accuracy), "probe": np.array(probe), "probe_pixels": _from_pixels(seeds)}
    return Found(numbers, shown, export.named(network, params[config.weights]))


def _lesson(kind: str, seeds: range) -> tuple[Tensor, Tensor]:
    """Images (R, N, 64) and labels: the digits, with shuffled labels, or the first OLD classes, some repeatedly."""
    digits = data.digits()
    n = len(digits.x)
    every = digits.x.expand(len(seeds), -1, -1)
    if kind == "trained":
        return every, digits.y.expand(len(seeds), -1)
    made = [torch.Generator().manual_seed(seed + 500) for seed in seeds]
    mixed = torch.stack([digits.y[torch.randperm(n, generator=g)] for g in made])
    if kind == "shuffled":
        return every, mixed
    old = torch.nonzero(digits.y < OLD)[:, 0]
    rows = torch.stack([old[torch.randint(len(old), (n,), generator=g)] for g in made])
    return digits.x[rows], digits.y[rows]


def _trained(network: cnn.CNN, start: Params, seeds: range, steps: int, progress: Progress) -> dict[str, Params]:
    """Parameters after each lesson. All kinds in one training: fewer and larger operations."""
    recipe = train.Recipe(steps=steps, optimiser="adam", lr=LR, batch=BATCH, warmup=min(WARMUP, steps), clip=CLIP)
    x, y = (torch.cat(parts) for parts in zip(*(_lesson(kind, seeds) for kind in TAUGHT), strict=True))
    begun = [p.repeat(len(TAUGHT), *[1] * (p.dim() - 1)) for p in start]
    ended = train.train(network, begun, (x, y), recipe, seeds=seeds, progress=progress).params
    return {kind: [p[k * len(seeds) : (k + 1) * len(seeds)] for p in ended] for k, kind in enumerate(TAUGHT)}


def _drawn(config: Deconvnet, units: int) -> Tensor:
    """Random scores (3, R, O * 9, 64) of the pixels of all images, from one stream for all kinds."""
    made = torch.Generator().manual_seed(config.seed)
    return torch.rand(len(CONDITIONS), REPEATS, units * TOP, 64, generator=made)


class Every(NamedTuple):
    """What E networks see in all N test images."""

    strength: Tensor  # (E, O, N) a unit's largest activation anywhere in the image
    usual: Tensor  # (E, K, s, s) what arrives from the layer below on average
    upper: Tensor  # (E, F, N) what the last layer hands on


def _seen(network: cnn.CNN, params: Params, layer: int) -> Every:
    """Pass all test images forward, some at a time."""
    images = data.digits().test_x
    stack, parts = Stack(network, params, CHUNK), list[tuple[Tensor, Tensor, Tensor]]()
    for some in images.split(CHUNK):
        rows = some.expand(len(params[0]), -1, -1)
        stack.look(rows)
        below = stack.handed[layer - 1] if layer else network.arrange(rows)
        parts.append((stack.maps[layer].amax((2, 3)), below.sum(4), stack.handed[-1].flatten(1, 3).clone()))
    strength, usual, upper = zip(*parts, strict=True)
    return Every(torch.cat(strength, 2), torch.stack(usual).sum(0) / len(images), torch.cat(upper, 2))


def _read(params: Params, upper: Tensor) -> Array:
    """Share (E,) of the test digits that each network reads, from what its last layer hands on (E, F, N)."""
    z = torch.baddbmm(params[-1].unsqueeze(2), params[-2], upper)
    return measure.hits(z, data.digits().test_y).float().mean(1).double().numpy()


def _looked_into(
    network: cnn.CNN, params: Params, every: Every, config: Deconvnet, drawn: Tensor
) -> dict[str, Tensor]:
    """The nine best images of every unit of the layer, their projections, and what the tests on them gave (E, ...).

    `drawn` (E, O * 9, 64) says in which order pixels are deleted at random.
    """
    digits, layer = data.digits(), config.layer - 1
    strength, rows = every.strength.topk(TOP, 2)  # (E, O, 9)
    members, units = strength.shape[:2]
    shown = digits.test_x[rows.flatten(1)]  # (E, O * 9, 64), unit by unit
    stack = Stack(network, params, units * TOP, back=True)
    stack.look(shown, layer)
    flat = _places(stack.maps[layer])  # (E, O, 9)
    side = stack.maps[layer].shape[3]
    at = (torch.arange(units).view(-1, 1) * side**2 + flat).view(members, 1, -1)  # among all places of all units
    start = torch.zeros(members, units * side**2, units * TOP).scatter_(1, at, strength.view(members, 1, -1))
    start = start.view(stack.maps[layer].shape)
    found = stack.project(layer, start, config.method)
    plain = found if config.method == "gradient" else stack.project(layer, start, "gradient")
    excess = _excess(stack.handed[layer - 1] if layer else network.arrange(shown), every.usual, flat)
    reach = _fields(layer, network.pools, side)[flat.flatten(1)]
    ink = (shown > 0) & reach & (strength > 0).view(members, -1, 1)

    def deleted(scores: Tensor) -> tuple[Tensor, Tensor]:
        """The ink pixels with the highest scores (E, O * 9, 64), and the activations (E, O, 9) without them."""
        highest = torch.where(ink, scores, -torch.inf).topk(config.pixels, 2).indices
        gone = torch.zeros_like(ink).scatter_(2, highest, True) & ink
        stack.look(shown * ~gone, layer)
        return gone, stack.maps[layer].view(members, -1, units * TOP).gather(1, at).view(strength.shape)

    (named, left), (_, left_random), (_, left_bright) = (deleted(s) for s in (found, drawn, shown + TIE * drawn))
    weights = params[2 * layer]

    def of_unit(values: Tensor) -> Tensor:
        return values.view(members, units, TOP, *values.shape[2:])[:, config.unit]

    return _numbers(strength, (left, left_random, left_bright), (found, plain, shown), (weights, excess)) | {
        "images": of_unit(shown).view(members, TOP, 8, 8),
        "labels": digits.test_y[rows[:, config.unit]],
        "projections": of_unit(found).view(members, TOP, 8, 8),
        "activations": strength[:, config.unit],
        "named": of_unit(named).view(members, TOP, 8, 8),
        "left": torch.stack([left[:, config.unit], left_random[:, config.unit]], 1),
        "place": flat[:, config.unit],
    }


def _numbers(
    strength: Tensor, left: tuple[Tensor, ...], pictures: tuple[Tensor, ...], asked: tuple[Tensor, Tensor]
) -> dict[str, Tensor]:
    """One number of each network (E,): means over all activations there are, or over all units that say anything.

    `left` are the activations without the named pixels, without random ones and without the brightest;
    `pictures`, each (E, O * 9, 64), are the projections, the gradients and the images; `asked` are a unit's weights
    and what arrives more than usual (E, O, K * 9).
    """
    found, plain, drawings = (t.view(*strength.shape, -1) for t in pictures)
    excited, live = strength > SILENT, strength[:, :, 0] > SILENT  # a unit may have fewer images that excite it
    cosine = partial(torch.cosine_similarity, dim=-1)

    def lost(after: Tensor) -> Tensor:
        return _mean(1 - after / strength, excited)

    unit = found / found.norm(dim=3, keepdim=True).clamp(min=1e-12)
    weights, excess = asked
    return {
        **{name: lost(after) for name, after in zip(("lost", "lost_random", "lost_bright"), left, strict=True)},
        "likeness": _mean(cosine(unit, drawings), excited),
        "unlike": _mean(cosine(unit, drawings.roll(1, 1)), excited),
        "gradient": _mean(cosine(found, plain), excited),
        "live": live.double().mean(1),
        "prefer": _mean(cosine(weights, excess), live),
        "prefer_other": _mean(cosine(weights.roll(1, 1), excess), live),
    }


def _mean(values: Tensor, some: Tensor) -> Tensor:
    """The mean (E,) of those of the values (E, ...) that count; 0 where every unit is silent."""
    total = torch.where(some, values, 0.0).flatten(1).sum(1, dtype=torch.float64)
    return total / some.flatten(1).sum(1).clamp(min=1)


def _places(maps: Tensor) -> Tensor:
    """Where in its map each unit is most active in its own images (E, O, 9), flat: maps (E, O, s, s, O * 9)."""
    units = maps.shape[1]
    own = maps.flatten(2, 3).unflatten(3, (units, TOP)).diagonal(dim1=1, dim2=3)  # (E, s * s, 9, O)
    return own.permute(0, 3, 2, 1).contiguous().argmax(3)


@cache
def _fields(layer: int, pools: tuple[bool, ...], side: int) -> Tensor:
    """The receptive field of each place of a map (side^2, 64), bool; the weights do not matter for it."""
    return projection.field(pools, layer, torch.eye(side**2).view(-1, 1, side, side)).flatten(1)


def _excess(below: Tensor, usual: Tensor, flat: Tensor) -> Tensor:
    """What arrives at each unit's best places less what arrives on average, (E, O, K * 9).

    `below` (E, K, s, s, O * 9) are the maps of the layer below, or the images; `usual` (E, K, s, s) their mean over
    all test images; `flat` (E, O, 9) the places.
    """
    maps, side = below.shape[1:3]
    padded = torch.nn.functional.pad(below, (0, 0, 1, 1, 1, 1)).flatten(2, 3)  # (E, K, (s + 2)^2, O * 9)
    corner = flat.flatten(1).div(side, rounding_mode="floor") * (side + 2) + flat.flatten(1) % side
    taps = (torch.arange(3).view(3, 1) * (side + 2) + torch.arange(3)).view(-1, 1)
    around = (corner.unsqueeze(1) + taps).unsqueeze(1).expand(-1, maps, -1, -1)  # (E, K, 9, O * 9)
    best = padded.gather(2, around).flatten(1, 2).unflatten(2, (-1, TOP)).mean(3)  # (E, K * 9, O)
    patches = torch.nn.functional.unfold(usual, kernel_size=3, padding=1)  # (E, K * 9, s * s)
    return (best - patches.mean(2, keepdim=True)).transpose(1, 2)


def _transfer(network: cnn.CNN, params: Params, upper: Tensor, seeds: range) -> list[float]:
    """Accuracy (E,) of a linear reader on the new classes, with few labels, from what the last layer hands on."""
    x, y, _, test_y = _new_digits()
    few = torch.stack([_few(y, seed) for seed in seeds])  # (E, 100)
    stack = Stack(network, params, few.shape[1])
    stack.look(x[few])
    seen, test = stack.handed[-1].flatten(1, 3), upper[:, :, data.digits().test_y >= OLD]
    return [measure.read_out(a.T, y[rows], b.T, test_y, RIDGE) for a, b, rows in zip(seen, test, few, strict=True)]


def _from_pixels(seeds: range) -> Array:
    """The same (1, E) of a reader that is given the pixels, with the same labels."""
    x, y, test_x, test_y = _new_digits()
    few = [_few(y, seed) for seed in seeds]
    return np.array([[measure.read_out(x[rows], y[rows], test_x, test_y, RIDGE) for rows in few]])


def _new_digits() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The new classes' images and labels from 0, to train and to test."""
    digits = data.digits()
    new, test_new = digits.y >= OLD, digits.test_y >= OLD
    return digits.x[new], digits.y[new] - OLD, digits.test_x[test_new], digits.test_y[test_new] - OLD


def _few(y: Tensor, seed: int) -> Tensor:
    """Which samples the reader is given: LABELS of each new class, class by class."""
    order = torch.randperm(len(y), generator=torch.Generator().manual_seed(seed))
    return torch.cat([order[y[order] == k][:LABELS] for k in range(10 - OLD)])
