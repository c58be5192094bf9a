"""How the question is put to networks: what is trained, and what is measured on it."""

from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from lib.engine import cnn, cores, data, export, inits, measure, train
from lib.engine.progress import tell
from lib.engine.seeds import seeds_of
from lib.questions.deconvnet import projection
from lib.questions.deconvnet.config import CONDITIONS, Deconvnet
from lib.questions.deconvnet.projection import Seen, Stack
from lib.questions.deconvnet.result import Result
from lib.types import Array, Progress

REPEATS = 10
KINDS = ("trained", "shuffled", "half", "random")  # half: trained on the first OLD classes
PROBED = ("half", "random")
TOP = 9
BATCH, LR, WARMUP, CLIP = 64, 0.01, 20, 1.0
OLD, LABELS = 5, 20  # classes that the transferred networks have seen; labels of each new one for the reader
RIDGE = 0.03  # of the mean squared length of the features
SHOWN = ("images", "labels", "projections", "activations", "named", "left", "place")
SILENT = 1e-4  # a unit whose largest activation is smaller says nothing


def run(config: Deconvnet, progress: Progress | None = None) -> Result:
    """Train on digits, on shuffled labels and on half of the classes; look into all of them and into their start."""
    network, seeds = cnn.CNN(), seeds_of(config.seed, REPEATS)
    start = inits.start(network, inits.Init("he"), seeds)
    halves = slice(REPEATS // 2), slice(REPEATS // 2, REPEATS)
    jobs = [partial(_found, config, network, kind, start, seeds, half) for kind in KINDS for half in halves]
    size = REPEATS // 2 * network.channels[0] * network.side**2 * BATCH
    done = cores.each(jobs, progress, size=size)
    found = {kind: _both(*done[2 * k : 2 * k + 2]) for k, kind in enumerate(KINDS)}
    looks = [found[kind].looks for kind in CONDITIONS]
    return Result(
        config=config,
        accuracy=np.array([found[kind].accuracy for kind in CONDITIONS]),
        **{name: np.stack([kind[0][name] for kind in looks]) for name in SHOWN},  # of the first network of each kind
        probe=np.array([found[kind].probe for kind in PROBED]),
        network=found[config.weights].network,
        **_numbers(looks),
    )


def _numbers(looks: list[list[dict[str, Any]]]) -> dict[str, Array]:
    names = ("lost", "lost_random", "likeness", "unlike", "gradient", "live", "prefer", "prefer_other")
    return {name: np.array([[look[name] for look in row] for row in looks]) for name in names}


class Found(NamedTuple):
    """What there is to say of the networks of one kind."""

    looks: list[dict[str, Any]]
    accuracy: list[float]  # on the test digits
    probe: list[float]  # a reader's accuracy on new classes
    network: dict[str, Array]  # the first one's parameters by name


def _both(one: Found, other: Found) -> Found:
    """All networks of one kind."""
    return Found(one.looks + other.looks, one.accuracy + other.accuracy, one.probe + other.probe, one.network)


def _found(
    config: Deconvnet, network: cnn.CNN, kind: str, start: list[Tensor], seeds: range, members: slice,
    progress: Progress,
) -> Found:  # fmt: skip
    """Train some of the networks of a kind, unless they are to stay random, and look into them."""
    params, seeds = [p[members] for p in start], seeds[members]
    if kind != "random":
        params = _trained(network, params, _lesson(kind, seeds), seeds, config.steps, progress)
    tell(progress, 1, 1)
    drawn = _drawn(config, network.channels[config.layer - 1], kind)[members] if kind in CONDITIONS else None
    found, digits = Found([], [], [], export.named(network, params)), data.digits()
    with torch.inference_mode():
        for m, seed in enumerate(seeds):
            net = projection.stack(network, params, m)
            seen = projection.look(net, digits.test_x.view(-1, 1, 8, 8))
            upper = seen.handed[-1].flatten(1)
            if drawn is not None:
                found.looks.append(_looked_into(net, seen, config, drawn[m]))
                read = (upper @ params[-2][m].T + params[-1][m]).argmax(1) == digits.test_y
                found.accuracy.append(float(read.float().mean()))
            if kind in PROBED:
                found.probe.append(_transfer(net, upper, seed))
    return found


def _lesson(kind: str, seeds: range) -> tuple[Tensor, Tensor]:
    """Images and labels: the digits, with shuffled labels, or as many of the first OLD classes, some repeatedly."""
    digits = data.digits()
    n = len(digits.x)
    if kind == "trained":
        return digits.x, digits.y
    made = [torch.Generator().manual_seed(seed + 500) for seed in seeds]
    mixed = torch.stack([digits.y[torch.randperm(n, generator=g)] for g in made])
    if kind == "shuffled":
        return digits.x, mixed
    old = torch.nonzero(digits.y < OLD)[:, 0]
    rows = torch.stack([old[torch.randint(len(old), (n,), generator=g)] for g in made])
    return digits.x[rows], digits.y[rows]


def _trained(
    network: cnn.CNN, start: list[Tensor], lesson: tuple[Tensor, Tensor], seeds: range, steps: int,
    progress: Progress,
) -> list[Tensor]:  # fmt: skip
    """Parameters after the lesson."""
    recipe = train.Recipe(steps=steps, optimiser="adam", lr=LR, batch=BATCH, warmup=min(WARMUP, steps), clip=CLIP)
    return train.train(network, start, lesson, recipe, seeds=seeds, progress=progress).params


def _drawn(config: Deconvnet, units: int, kind: str) -> Tensor:
    """Random scores (R, O * 9, 1, 8, 8) of the pixels of all images, from one stream for all kinds."""
    made = torch.Generator().manual_seed(config.seed)
    drawn = torch.rand(len(CONDITIONS), REPEATS, units * TOP, 1, 8, 8, generator=made)
    return drawn[CONDITIONS.index(kind)]


def _looked_into(net: Stack, everything: Seen, config: Deconvnet, drawn: Tensor) -> dict[str, Any]:
    """The nine best images of every unit of the layer, their projections, and what the tests on them gave.

    `everything` is what the network sees in all test images; `drawn` (O * 9, 1, 8, 8) says in which order pixels are
    deleted at random.
    """
    digits, layer = data.digits(), config.layer - 1
    x = digits.test_x.view(-1, 1, 8, 8)
    strength, rows, places = _top(everything.z[layer])
    units = len(strength)
    shown = x[rows.flatten()]  # (O * 9, 1, 8, 8), unit by unit
    start = torch.zeros(len(shown), units, places.side**2)
    which = torch.arange(units).repeat_interleave(TOP)
    each = torch.arange(len(shown))
    start[each, which, places.flat.flatten()] = strength.flatten()
    start = start.view(len(shown), units, places.side, places.side)
    seen = projection.look(net, shown, layer)
    found = projection.project(net, seen, layer, start, config.method)
    plain = found if config.method == "gradient" else projection.project(net, seen, layer, start, "gradient")
    excited, live = (
        strength > SILENT,
        strength[:, 0] > SILENT,
    )  # a unit may have fewer than nine images that excite it
    reach = _fields(layer, net.pools, places.side)[places.flat.flatten()]
    ink = (shown > 0) & reach & (strength > 0).reshape(-1, 1, 1, 1)

    def deleted(scores: Tensor) -> tuple[Tensor, Tensor]:
        """The ink pixels with the highest scores (O * 9, 1, 8, 8), and the activations (O, 9) without them."""
        masked = torch.where(ink, scores, -torch.inf).flatten(1)
        gone = torch.zeros_like(ink).flatten(1).scatter_(1, masked.topk(config.pixels, 1).indices, True).view_as(ink)
        z = projection.look(net, shown * ~gone, layer).z[layer].relu().flatten(2)
        return gone & ink, z[each, which, places.flat.flatten()].view(units, TOP)

    def lost(after: Tensor) -> float:
        """Share of the activation that goes, over all activations there are."""
        return float((1 - after[excited] / strength[excited]).mean()) if live.any() else 0.0

    (named, left), (_, left_random) = deleted(found), deleted(drawn)
    unit = found.view(units, TOP, -1)
    unit = unit / unit.norm(dim=2, keepdim=True).clamp(min=1e-12)
    drawings = shown.view(units, TOP, -1)
    weights = net.filters[layer].flatten(1)
    excess = _excess(everything.handed[layer - 1] if layer else x, rows, places)
    return {
        "lost": lost(left),
        "lost_random": lost(left_random),
        "likeness": float(torch.cosine_similarity(unit, drawings, dim=2)[excited].mean()),
        "unlike": float(torch.cosine_similarity(unit, drawings.roll(1, 0), dim=2)[excited].mean()),
        "gradient": float(
            torch.cosine_similarity(found.flatten(1), plain.flatten(1)).view(units, TOP)[excited].mean()
        ),
        "live": float(live.float().mean()),
        "prefer": float(torch.cosine_similarity(weights, excess)[live].mean()),
        "prefer_other": float(torch.cosine_similarity(weights.roll(1, 0), excess)[live].mean()),
        "images": shown.view(units, TOP, 8, 8)[config.unit].numpy(),
        "labels": digits.test_y[rows[config.unit]].numpy(),
        "projections": found.view(units, TOP, 8, 8)[config.unit].numpy(),
        "activations": strength[config.unit].numpy(),
        "named": named.view(units, TOP, 8, 8)[config.unit].numpy(),
        "left": torch.stack([left[config.unit], left_random[config.unit]]).numpy(),
        "place": places.flat[config.unit].numpy(),
    }


class _Places:
    """Where in a map (O, 9) each activation is, as a flat index, and the map's side."""

    def __init__(self, flat: Tensor, side: int) -> None:
        self.flat, self.side = flat, side


def _top(z: Tensor) -> tuple[Tensor, Tensor, _Places]:
    """Of preactivations (N, O, s, s): per unit the TOP largest activations (O, 9), one an image, which, and where."""
    strength, rows = z.amax((2, 3)).relu().topk(TOP, 0)  # (9, O)
    maps = z.flatten(2)[rows, torch.arange(z.shape[1])]  # (9, O, s * s)
    return strength.T, rows.T, _Places(maps.relu().argmax(2).T, z.shape[-1])


@cache
def _fields(layer: int, pools: tuple[bool, ...], side: int) -> Tensor:
    """The receptive field of each place of a map (side^2, 1, 8, 8), bool; the weights do not matter for it."""
    return projection.field(Stack([], [], pools), layer, torch.eye(side**2).view(-1, 1, side, side))


def _excess(below: Tensor, rows: Tensor, places: _Places) -> Tensor:
    """What arrives at each unit's best places less what arrives on average, (O, K * 9): K maps below (N, K, s, s)."""
    patches = partial(torch.nn.functional.unfold, kernel_size=3, padding=1)  # (N, K * 9, s * s)
    best = patches(below[rows.flatten()])[torch.arange(rows.numel()), :, places.flat.flatten()]
    usual = patches(below.mean(0, keepdim=True)).mean((0, 2))
    return best.view(*rows.shape, -1).mean(1) - usual


def _transfer(net: Stack, upper: Tensor, seed: int) -> float:
    """Accuracy of a linear reader on the new classes, with few labels; `upper` is what the last layer hands on."""
    digits = data.digits()
    new, test_new = digits.y >= OLD, digits.test_y >= OLD
    x, y = digits.x[new], digits.y[new] - OLD
    order = torch.randperm(len(y), generator=torch.Generator().manual_seed(seed))
    few = torch.cat([order[y[order] == k][:LABELS] for k in range(10 - OLD)])
    seen = projection.look(net, x[few].view(-1, 1, 8, 8)).handed[-1].flatten(1)
    return measure.read_out(seen, y[few], upper[test_new], digits.test_y[test_new] - OLD, RIDGE)
