"""How the question is put to networks: what is trained, and what is measured on it."""

from functools import partial

import numpy as np
import torch
from torch import Tensor

from lib.engine import cores, data
from lib.engine.progress import tell
from lib.engine.seeds import seeds_of
from lib.engine.signals import different
from lib.questions.wide_networks.config import DRAWN, WideNetworks, beside, looks
from lib.questions.wide_networks.result import Result
from lib.types import Array, Progress

REPEATS = 10
FEWEST, MOST = 4, 256  # the sweep's widths, powers of two; further if the reader asks
LR = 0.3  # on the sum loss: stable below 2 / (largest eigenvalue of the Gram matrix)
TOO_LARGE = 1e4
CLOSE = 82_000  # numbers, three times of which a core holds in its own memory
TELL_EVERY = 20  # steps between two calls of `progress`
aten = torch.ops.aten
LAYERS = ("layer1.weight", "layer2.weight")  # of a network, which has no biases


def run(config: WideNetworks, progress: Progress | None = None) -> Result:
    """Train the chosen start at every width, and the Gaussian, the sine and 0.5 at the chosen one."""
    x, y, seeds = _data(config)
    widths = [2**k for k in range(2, 11) if 2**k <= max(MOST, config.width)]
    others = [(config.width, start) for start in ("gaussian", "sine", "half")]
    jobs = [(m, config.start) for m in widths]
    # The widest begin: the last one to end should be short.
    once = sorted(dict.fromkeys(jobs + others), key=lambda job: -job[0])
    done = dict(zip(once, _parts(config, x, y, seeds, once, progress), strict=True))
    parts = [done[job] for job in jobs + others]
    ways = [done[m, config.start].pop("way") for m in beside(config.width)]
    network = {name: done[config.width, config.start][name] for name in LAYERS}
    columns = {name: np.stack([part[name] for part in parts]) for name in parts[0] if name not in ("way", *LAYERS)}
    count = len(widths)
    return Result(
        config=config, widths=np.array(widths), lr=LR, limit=_smallest(gram_limit(x)),
        ways=[on_ring(way) for way in ways], looked=np.array(looks(config.steps)), network=network,
        **{name: column[:count] for name, column in columns.items()},
        **{f"other_{name}": columns[name][count:] for name in ("accuracy", "units")},
    )  # fmt: skip


def _parts(
    config: WideNetworks, x: Tensor, y: Tensor, seeds: range, jobs: list[tuple[int, str]], progress: Progress | None
) -> list[dict[str, Array]]:
    """What each (width, start) gives, from so many repeats at a time as a core's own memory holds."""
    pieces, counts = [], []
    for m, start in jobs:
        size = max(1, min(REPEATS, CLOSE // (m * config.samples)))
        some = list(zip(*(t.split(size) for t in (x, y, *starting(start, m, seeds))), strict=True))
        pieces += [partial(_part, config, *each) for each in some]
        counts.append(len(some))
    largest = REPEATS * max(m for m, _ in jobs) * config.samples
    found = iter(cores.each(pieces, progress, size=min(CLOSE, largest)))
    return [_joined([next(found) for _ in range(count)]) for count in counts]


def _joined(parts: list[dict[str, Array]]) -> dict[str, Array]:
    """One part of all repeats: the first one's way, and the layers of the first one that did not diverge."""
    sound = next((part for part in parts if not part["diverged"].all()), parts[0])
    of_one = {"way": parts[0]["way"], **{name: sound[name] for name in LAYERS}}
    return of_one | {
        name: np.concatenate([part[name] for part in parts], -1) for name in parts[0] if name not in of_one
    }


def _data(config: WideNetworks) -> tuple[Tensor, Tensor, range]:
    """Unit-length digits (R, N, 64) and labels of 1 and -1 (R, N): at random, or 1 for the digits 0 to 4."""
    digits, seeds = data.digits(centred=True), seeds_of(config.seed, REPEATS)
    made = [torch.Generator().manual_seed(seed) for seed in seeds]
    rows = torch.stack([torch.randperm(len(digits.x), generator=g)[: config.samples] for g in made])
    coins = torch.stack([torch.randint(0, 2, (config.samples,), generator=g) for g in made])
    x = digits.x[rows]
    y = coins if config.labels == "random" else (digits.y[rows] < 5).long()
    return x / x.norm(dim=2, keepdim=True), 2.0 * y - 1, seeds


def starting(name: str, m: int, seeds: range) -> tuple[Tensor, Tensor]:
    """Hidden weights (R, m, 64) and output signs (R, m): random, but for the sine, whose signs take turns."""
    made = [torch.Generator().manual_seed(seed + 500) for seed in seeds]
    signs = torch.stack([torch.randint(0, 2, (m,), generator=g) for g in made]) * 2.0 - 1
    normal = torch.stack([torch.randn(m, 64, generator=g) for g in made])
    if name == "gaussian":
        return normal, signs
    if name == "signs":
        return torch.where(normal < 0, -1.0, 1.0), signs
    if name == "sine":
        wave = np.sqrt(2) * np.sin(0.7 * np.arange(1.0, m * 64 + 1) ** 2).reshape(m, 64)
        turns = torch.tensor([1.0, -1.0]).repeat(m // 2)
        return torch.tensor(wave, dtype=normal.dtype).repeat(len(seeds), 1, 1), turns.repeat(len(seeds), 1)
    return 0.5 + (1e-3 if name == "jittered_half" else 0.0) * normal, signs


def wrong(z: Tensor, out: Tensor, y: Tensor, work: Tensor) -> Tensor:
    """The errors f - y (R, N) at what comes into each unit at each sample, z (R, m, N).

    out (R, m, 1) is what a unit counts for; `work` is memory like z.
    """
    return (out.mT @ torch.clamp_min(z, 0, out=work)).squeeze(1).sub_(y)


def pull(z: Tensor, a: Tensor, errors: Tensor, work: Tensor) -> Tensor:
    """What the errors (R, N) pull at, in `work` (R, m, N): half the sum of their squares by z, times sqrt(m).

    a (R, m, 1) are the units' signs. By the weights, this times x.
    """
    torch.mul(a, errors.unsqueeze(1), out=work)
    return aten.threshold_backward.grad_input(work, z, 0, grad_input=work)  # 0 where the unit is off


def gram(w: Tensor, x: Tensor) -> Tensor:
    """Gram matrix (R, N, N): how much the gradients of two samples' outputs have in common."""
    on = (w @ x.transpose(1, 2) > 0).to(w.dtype)
    return (on.transpose(1, 2) @ on) / w.shape[1] * (x @ x.transpose(1, 2))


def gram_limit(x: Tensor) -> Tensor:
    """Gram matrix of infinitely many Gaussian units (R, N, N), inputs of length 1: Du et al. 2019, definition 3.1."""
    cosine = (x @ x.transpose(1, 2)).clamp(-1, 1)
    return cosine * (np.pi - cosine.arccos()) / (2 * np.pi)


def _smallest(matrix: Tensor) -> Array:
    """Smallest eigenvalue (R,)."""
    values: Array = torch.linalg.eigvalsh(matrix.double())[:, 0].numpy()
    return values


def on_ring(weights: Array) -> Array:
    """Weights (T, U, I) of U units at T looks as places (T, U, 2): the units' starts stand around a ring.

    A unit's distance from the middle is its length, and its distance from its start is that of the weights: it is
    drawn in the plane of start and weights, turned by the unit's place in the ring; to which side says nothing.
    """
    start, count = weights[0], weights.shape[1]
    ahead = start / np.linalg.norm(start, axis=1, keepdims=True)
    along = (weights * ahead).sum(2)  # (T, U)
    across = np.linalg.norm(weights - along[:, :, None] * ahead, axis=2)
    turn = np.pi / 2 - 2 * np.pi * np.arange(count) / count
    return np.stack([along * np.cos(turn) - across * np.sin(turn), along * np.sin(turn) + across * np.cos(turn)], 2)


def _part(
    config: WideNetworks, x: Tensor, y: Tensor, start: Tensor, a: Tensor, progress: Progress
) -> dict[str, Array]:
    """Train one width from one start, the weights and signs; all measurements end with R."""
    with torch.inference_mode():
        w, loss, right, lost, went, way = _descend(config, x, y, start, a, progress)
        before, after = gram(start, x), gram(w, x)
        flipped = ((w @ x.transpose(1, 2) > 0) != (start @ x.transpose(1, 2) > 0)).float().mean((1, 2))
    parts = {
        "kernel": (after - before).norm(dim=(1, 2)) / before.norm(dim=(1, 2)),
        "flipped": flipped,
        "accuracy": right,
        "diverged": lost,
    }
    units = different(np.round(w.numpy() * np.float32(10_000)))
    first = int((~lost).int().argmax())  # of those that did not diverge
    layers = w[first], a[first].unsqueeze(0) / start.shape[1] ** 0.5  # (m, 64), (1, m)
    return {k: v.numpy().astype(float) for k, v in parts.items()} | {
        "eigenvalue": _smallest(before),
        "loss": loss.numpy().astype(float),
        "went": went.numpy().astype(float),
        "units": units,
        "way": way.numpy().astype(float),
        **{name: layer.numpy().copy() for name, layer in zip(LAYERS, layers, strict=True)},
    }


def _descend(
    config: WideNetworks, x: Tensor, y: Tensor, start: Tensor, a: Tensor, progress: Progress
) -> tuple[Tensor, ...]:
    """Descend; the final weights, half the mean squared error (S, R), training accuracy and who diverged (R,).

    And at T looks the distance from the start relative to its length (T, R) and the first network's units (T, U, I).
    The weights are the start less a sum of pulls times x, so that what comes into the units, w x, loses the same sum
    times x x: followed instead of the weights, it takes one product a step, not two.
    """
    at, a = looks(config.steps), a.unsqueeze(2)
    out = a / start.shape[1] ** 0.5
    went, way = torch.empty(len(at), len(y)), torch.empty(len(at), *start[0, :DRAWN].shape)
    # All at once: a small tensor kept from every step would pin the large ones' memory, 1.3 MB a step.
    losses, squares = torch.empty(config.steps + 1, len(y)), torch.empty_like(y)
    seen, rate = losses.numpy(), torch.full((len(y), 1), LR)
    lost = np.zeros(len(y), dtype=bool)
    z, alike = start @ x.transpose(1, 2), x @ x.transpose(1, 2)
    # Three large ones in all, each step in the same memory: memory is what takes the time here.
    total, work, size = torch.zeros_like(z), torch.empty_like(z), float(out.abs().max())
    for step in range(config.steps + 1):
        tell(progress, step, config.steps, every=TELL_EVERY)
        errors = wrong(z, out, y, work)
        torch.mean(torch.mul(errors, errors, out=squares), 1, out=losses[step])
        lost |= ~(seen[step] < TOO_LARGE)
        if step in at:
            w = start - total @ x
            went[at.index(step)] = (w - start).norm(dim=(1, 2)) / start.norm(dim=(1, 2))
            way[at.index(step)] = w[0, :DRAWN]
        if step < config.steps:
            rate.numpy()[lost] = 0  # who is lost stays where it is
            total.add_(pull(z, a, errors.mul_(size).mul_(rate), work))
            torch.baddbmm(z, work, alike, alpha=-1, out=z)
    right = ((errors + y) * y > 0).float().mean(1)
    return w, losses.clamp_(max=TOO_LARGE).div_(2), right, torch.from_numpy(lost), went, way
