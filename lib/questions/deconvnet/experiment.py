"""How the question is put to networks: what is trained, and what is measured on it."""

from typing import Any

import numpy as np
import torch
from torch import Generator, Tensor

from lib.engine import cnn, data, inits, measure, train
from lib.engine.progress import part
from lib.engine.seeds import seeds_of
from lib.questions.deconvnet import projection
from lib.questions.deconvnet.config import Deconvnet
from lib.questions.deconvnet.projection import Stack
from lib.questions.deconvnet.result import Result
from lib.types import Array, Progress

REPEATS = 10
TOP = 9
BATCH, LR, WARMUP, CLIP = 64, 0.01, 20, 1.0
OLD, LABELS = 5, 20  # classes that the transferred networks have seen; labels of each new one for the reader
RIDGE = 0.03  # of the mean squared length of the features
SHOWN = ("images", "labels", "projections", "activations", "named", "left", "place")
SILENT = 1e-4  # a unit whose largest activation is smaller says nothing


def run(config: Deconvnet, progress: Progress | None = None) -> Result:
    """Train on digits, on shuffled labels and on half of the classes; look into all of them and into their start."""
    network, digits = cnn.CNN(), data.digits()
    seeds = seeds_of(config.seed, REPEATS)
    start = inits.start(network, inits.Init("he"), seeds)
    trained, shuffled, half = _trained(network, start, seeds, config, progress)
    made = torch.Generator().manual_seed(config.seed)
    with torch.inference_mode():
        looks = [
            [_looked_into(projection.stack(network, params, r), config, made) for r in range(REPEATS)]
            for params in (trained, start, shuffled)
        ]
        probes = [_transfer(network, params, seeds) for params in (half, start)]
    return Result(
        config=config,
        accuracy=np.stack([measure.accuracy(network, p, digits.test).numpy() for p in (trained, start, shuffled)]),
        **{name: np.stack([kind[0][name] for kind in looks]) for name in SHOWN},  # of the first network of each kind
        probe=np.array(probes),
        **_numbers(looks),
    )


def _numbers(looks: list[list[dict[str, Any]]]) -> dict[str, Array]:
    names = ("lost", "lost_random", "likeness", "unlike", "gradient", "live", "prefer", "prefer_other")
    return {name: np.array([[look[name] for look in row] for row in looks]) for name in names}


def _trained(
    network: Any, start: list[Tensor], seeds: range, config: Deconvnet, progress: Progress | None
) -> list[list[Tensor]]:
    """Parameters after training on the digits, on shuffled labels, and on the first OLD classes, from one start.

    The last see as many samples as the others, some of them several times.
    """
    digits = data.digits()
    n = len(digits.x)
    made = [torch.Generator().manual_seed(seed + 500) for seed in seeds]
    mixed = torch.stack([digits.y[torch.randperm(n, generator=g)] for g in made])
    old = torch.nonzero(digits.y < OLD)[:, 0]
    rows = torch.stack([old[torch.randint(len(old), (n,), generator=g)] for g in made])
    recipe = train.Recipe(
        steps=config.steps, optimiser="adam", lr=LR, batch=BATCH, warmup=min(WARMUP, config.steps), clip=CLIP
    )
    # One after the other: all at once would take three times the memory, and no less time.
    return [
        train.train(network, start, seen, recipe, seeds=seeds, progress=part(progress, k, 3)).params
        for k, seen in enumerate(((digits.x, digits.y), (digits.x, mixed), (digits.x[rows], digits.y[rows])))
    ]


def _looked_into(net: Stack, config: Deconvnet, made: Generator) -> dict[str, Any]:
    """The nine best images of every unit of the layer, their projections, and what the tests on them gave."""
    digits, layer = data.digits(), config.layer - 1
    x = digits.test_x.view(-1, 1, 8, 8)
    everything = projection.look(net, x)
    strength, rows, places = _top(everything.z[layer])
    units = len(strength)
    shown = x[rows.flatten()]  # (O * 9, 1, 8, 8), unit by unit
    start = torch.zeros(len(shown), units, places.side**2)
    which = torch.arange(units).repeat_interleave(TOP)
    each = torch.arange(len(shown))
    start[each, which, places.flat.flatten()] = strength.flatten()
    start = start.view(len(shown), units, places.side, places.side)
    seen = projection.look(net, shown)
    found = projection.project(net, seen, layer, start, config.method)
    plain = projection.project(net, seen, layer, start, "gradient")
    live = strength[:, 0] > SILENT
    ink = (shown > 0) & projection.field(net, layer, start)

    def deleted(scores: Tensor) -> tuple[Tensor, Tensor]:
        """The ink pixels with the highest scores (O * 9, 1, 8, 8), and the activations (O, 9) without them."""
        masked = torch.where(ink, scores, -torch.inf).flatten(1)
        gone = torch.zeros_like(ink).flatten(1).scatter_(1, masked.topk(config.pixels, 1).indices, True).view_as(ink)
        z = projection.look(net, shown * ~gone).z[layer].relu().flatten(2)
        return gone & ink, z[each, which, places.flat.flatten()].view(units, TOP)

    def lost(after: Tensor) -> float:
        """Share of the activation that goes, over the units that say anything."""
        return float((1 - after / strength.clamp(min=SILENT))[live].mean()) if live.any() else 0.0

    (named, left), (_, left_random) = deleted(found), deleted(torch.rand(found.shape, generator=made))
    unit = found.view(units, TOP, -1)
    unit = unit / unit.norm(dim=2, keepdim=True).clamp(min=1e-12)
    drawings = shown.view(units, TOP, -1)
    weights = net.filters[layer].flatten(1)
    excess = _excess(everything.handed[layer - 1] if layer else x, rows, places)
    return {
        "lost": lost(left),
        "lost_random": lost(left_random),
        "likeness": float(torch.cosine_similarity(unit, drawings, dim=2)[live].mean()),
        "unlike": float(torch.cosine_similarity(unit, drawings.roll(1, 0), dim=2)[live].mean()),
        "gradient": float(torch.cosine_similarity(found.flatten(1), plain.flatten(1)).view(units, TOP)[live].mean()),
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
    largest, where = z.relu().flatten(2).max(2)  # (N, O)
    strength, rows = largest.topk(TOP, 0)
    flat = torch.gather(where, 0, rows)
    return strength.T, rows.T, _Places(flat.T, z.shape[-1])


def _excess(below: Tensor, rows: Tensor, places: _Places) -> Tensor:
    """What arrives at each unit's best places less what arrives on average, (O, K * 9): K maps below (N, K, s, s)."""
    arrives = torch.nn.functional.unfold(below, 3, padding=1)  # (N, K * 9, s * s)
    return arrives[rows, :, places.flat].mean(1) - arrives.mean((0, 2))


def _transfer(network: Any, params: list[Tensor], seeds: range) -> list[float]:
    """Accuracy (R,) of a linear reader on the new classes: from the upper layer, with few labels."""
    digits = data.digits()
    new = {name: y >= OLD for name, y in (("train", digits.y), ("test", digits.test_y))}
    y, test_y = digits.y[new["train"]] - OLD, digits.test_y[new["test"]] - OLD
    found = []
    for r, seed in enumerate(seeds):
        order = torch.randperm(len(y), generator=torch.Generator().manual_seed(seed))
        few = torch.cat([order[y[order] == k][:LABELS] for k in range(10 - OLD)])
        net = projection.stack(network, params, r)
        seen, test = (
            projection.look(net, v.view(-1, 1, 8, 8)).handed[-1].flatten(1)
            for v in (digits.x[new["train"]][few], digits.test_x[new["test"]])
        )
        found.append(measure.read_out(seen, y[few], test, test_y, RIDGE))
    return found
