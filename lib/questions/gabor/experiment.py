"""How the question is put to networks: what is trained, and what is measured on it."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from lib.engine import cores
from lib.engine.progress import tell
from lib.engine.seeds import seeds_of
from lib.questions.gabor import filters, gabor_fit, photographs, windows
from lib.questions.gabor.config import SIDES, STRIDE, WINDOW, Gabor
from lib.questions.gabor.result import Result, best_first
from lib.questions.gabor.windows import Network, Scene
from lib.types import Array, Progress

REPEATS = 10
PATCHES = 8000
WINDOWS = 1000  # to tell apart, of each kind
GOOD = 0.7  # R^2 of a filter that is a Gabor function
LISTENED, FIRES = 2000, 0.01  # patches on which filters are listened to; share of them from which one is in use
USED = 8  # of the classifier's filters, the ones that count most
FRAMES = 8


class Learned(NamedTuple):
    """What either way of learning gives."""

    frames: Tensor  # (F, C R, H, D)
    biases: Tensor  # (F, C R, H)
    votes: Tensor  # (F, C R, H) for "real", for each unit of activity
    leaning: Tensor  # (F, C R)
    active: Array  # (C, R) share of active units
    firing: Array  # (2, R) share of filters in use, of the pictures and of the control, in a code
    use: Array  # (C, R, H) how much each filter is used
    accuracy: Array  # (C, R) on new windows, or empty
    head: tuple[Tensor, ...]  # the first member's output weights (2, H) and biases (2,) at the end; nothing in a code


def run(config: Gabor, progress: Progress | None = None, *, own: Array | None = None) -> Result:
    """Learn filters from the pictures (from `own` if given) and from the controls; fit them all."""
    images, control, rows, scenes = _looked_at(config, own)
    seeds = seeds_of(config.seed, REPEATS)
    side = SIDES[config.task]
    start = filters.unit_filters(config.filters, side * side, seeds)  # (R, H, D)
    steps = sorted({round(config.steps * (f / (FRAMES - 1)) ** 2) for f in range(FRAMES)})
    if config.task == "sparse_code":
        learned = _coded(config, rows, start, seeds, steps, progress)
    else:
        learned = _told_apart(config, images, control, start, seeds, steps, progress)
    conditions = learned.active.shape[0]
    final = torch.cat([start, learned.frames[-1]]).view(-1, side, side)  # untrained first
    fits = gabor_fit.fit(final)
    shape = (1 + conditions, REPEATS, config.filters)
    r2, best = fits.r2.view(shape).numpy(), REPEATS * config.filters
    networks = tuple(_network(learned, c * REPEATS, best_first(r2[1 + c, 0]), side) for c in range(2))
    return Result(
        config=config,
        own=own is not None,
        steps=np.array(steps),
        networks=networks,
        scenes=scenes,
        explained=_explained(config, networks, scenes),
        fitted=fits.image[best : best + config.filters].numpy()[best_first(r2[1, 0])],
        r2=r2,
        edge=((fits.r2 > GOOD) & (fits.width < side / 3)).view(shape).numpy(),
        angle=fits.angle.view(shape)[1].numpy(),
        used=_used(config, learned.use),
        active=learned.active,
        firing=learned.firing,
        accuracy=learned.accuracy,
        kurtosis=tuple(photographs.kurtosis(r) for r in rows),
        network=_named(networks[0], learned.head, best_first(r2[1, 0])),
    )


def _named(network: Network, head: tuple[Tensor, ...], order: Array) -> dict[str, Array]:
    """A network's last parameters by name: layer1.weight is (H, D) in a code, (H, 1, side, side) in a convolution."""
    filters, biases = network.filters[-1], network.biases[-1].copy()
    if not head:
        return {"layer1.weight": filters.reshape(len(filters), -1).copy(), "layer1.bias": biases}
    weight, bias = (each.numpy().copy() for each in head)
    first = {"layer1.weight": filters[:, None].copy(), "layer1.bias": biases}
    return first | {"layer2.weight": np.ascontiguousarray(weight[:, order]), "layer2.bias": bias}


def _looked_at(config: Gabor, own: Array | None) -> tuple[list[Array], list[Array], list[Tensor], tuple[Scene, ...]]:
    """The whitened pictures and their controls, patches of both, and both for a window to go over."""
    raw = _pictures(config, own)
    jobs = [partial(_beside, r, config.seed + 150 + k) for k, r in enumerate(raw)]
    twins, images, control = (list(each) for each in zip(*cores.each(jobs, size=raw[0].size), strict=True))
    cut = [photographs.patches(i, SIDES[config.task], PATCHES, config.seed) for i in (images, control)]
    scenes = _scenes(config, (raw, twins), (images, control), [scale for _, scale in cut])
    return images, control, [patches for patches, _ in cut], scenes


def _beside(picture: Array, seed: int, progress: Progress) -> tuple[Array, Array, Array]:
    """A picture's scrambled twin, and both of them whitened."""
    twin = photographs.scrambled(picture, seed)
    white = photographs.whitened(picture), photographs.whitened(twin)
    tell(progress, 1, 1)
    return twin, *white


def _pictures(config: Gabor, own: Array | None) -> list[Array]:
    """The pictures to learn from."""
    if own is not None:
        return [own]
    names = photographs.NAMES if config.data not in photographs.NAMES else (config.data,)
    raw = [photographs.photograph(name) for name in names]
    if config.data == "white_noise":
        raw = [np.random.default_rng(config.seed).standard_normal(r.shape) for r in raw]
    if config.data == "scrambled":
        raw = [photographs.scrambled(r, config.seed + 50 + k) for k, r in enumerate(raw)]
    return raw


def _network(learned: Learned, member: int, order: Array, side: int) -> Network:
    """One member's filters in this order, and what belongs to them, at all moments."""
    filters, biases, votes, leaning = (each[:, member].numpy() for each in learned[:4])
    return Network(
        filters[:, order].reshape(len(filters), -1, side, side), biases[:, order], votes[:, order], leaning
    )


def _scenes(
    config: Gabor, raw: tuple[list[Array], ...], white: tuple[list[Array], ...], scales: list[float]
) -> tuple[Scene, ...]:
    """The pictures and their twins for a window to go over, which cuts what the filters have learned from."""
    coding = config.task == "sparse_code"
    side, stride = (SIDES["sparse_code"], 20) if coding else (WINDOW, 32)
    made = []
    for pictures, images in zip(zip(*raw, strict=True), zip(*white, strict=True), strict=True):
        cut = [windows.cut(image, side, stride) for image in images]
        if coding:
            cut = [(c - c.mean((2, 3), keepdims=True)) / s for c, s in zip(cut, scales, strict=True)]
        made.append(windows.scene(pictures, cut, side, stride))
    return tuple(made)


def _explained(config: Gabor, networks: tuple[Network, ...], scenes: tuple[Scene, ...]) -> Array:
    """How much of all windows together the strongest filters of each network explain (2, F); nothing in no code."""
    if config.task != "sparse_code":
        return np.zeros((2, 0))
    side = SIDES["sparse_code"]
    every = [np.concatenate([scene.seen(k).reshape(-1, side, side) for scene in scenes]) for k in range(2)]
    return np.array([windows.explained(network, every[k]) for k, network in enumerate(networks)])


def _coded(
    config: Gabor, rows: list[Tensor], start: Tensor, seeds: range, steps: Sequence[int],
    progress: Progress | None,
) -> Learned:  # fmt: skip
    """Sparse codes: of the pictures' patches, of the scrambled ones, and of the pictures' without sparsity."""
    sparsity, shape = ((config.sparsity, 0.0), (config.sparsity,)), (3, REPEATS)
    learned = filters.sparse_code(rows, sparsity, start, config.steps, seeds, frames=steps, progress=progress)
    order = torch.arange(3 * REPEATS).view(shape)[[0, 2, 1]].flatten()  # the scrambled ones before those without
    frames, biases, active = learned[0][:, order], learned[1][:, order], learned[2][order]
    ones, none = torch.ones_like(biases), torch.zeros(biases.shape[:2])
    use = np.ones((*shape, config.filters))
    last = frames[-1].view(*shape, *start.shape[1:]), biases[-1].view(use.shape)
    firing = np.stack([_firing(last[0][c], last[1][c], rows[c]) for c in range(2)])
    return Learned(frames, biases, ones, none, active.view(shape).numpy(), firing, use, np.zeros((0, REPEATS)), ())


def _firing(filters: Tensor, biases: Tensor, rows: Tensor) -> Array:
    """Share (R,) of the filters (R, H, D) that fire in enough of the patches (N, D) to be in use."""
    x = rows[torch.linspace(0, len(rows) - 1, LISTENED).long()].T  # of every picture
    fires = [(w @ x + b.unsqueeze(1) > 0).float().mean(1) >= FIRES for w, b in zip(filters, biases, strict=True)]
    return torch.stack(fires).double().mean(1).numpy()


def _told_apart(
    config: Gabor, images: list[Array], control: list[Array], start: Tensor, seeds: range, steps: Sequence[int],
    progress: Progress | None,
) -> Learned:  # fmt: skip
    """A convolution that tells the pictures from the scrambled ones, with true and with shuffled labels."""
    seen = _windows(images, control, config.seed)
    truth = torch.arange(2).repeat_interleave(WINDOWS)  # 0: real, 1: scrambled
    shuffled = truth[torch.randperm(len(truth), generator=torch.Generator().manual_seed(config.seed))]
    kept, params = filters.tell_apart(
        seen, torch.stack([truth, shuffled]), start, config.steps, seeds, frames=steps, progress=progress
    )
    new = _windows(images, control, config.seed + 500, count=WINDOWS // 5)
    x, places = new.reshape(1, -1, start.shape[2]), new.shape[1] * new.shape[2]
    with torch.inference_mode():  # one member after the other: all at once they would take 150 MB
        each = [[p[m : m + 1] for p in params] for m in range(len(params[0]))]
        h = torch.cat([filters.pooled(one, x, places) for one in each])
        right = filters.outputs(params, h).argmax(1) == torch.arange(2).repeat_interleave(WINDOWS // 5)
    use = (params[2][:, 1] - params[2][:, 0]).abs() * h.mean(2)
    shape = (2, REPEATS)
    active = (h > 0).float().mean((1, 2))
    frames, biases, readout, offsets = kept
    votes, leaning = readout[:, :, 0] - readout[:, :, 1], offsets[:, :, 0, 0] - offsets[:, :, 1, 0]
    return Learned(
        frames, biases.squeeze(3), votes, leaning,
        active.view(shape).numpy(), np.ones(shape), use.view(*shape, -1).numpy(),
        right.float().mean(1).view(shape).numpy(),
        (readout[-1, 0], offsets[-1, 0, :, 0]),
    )  # fmt: skip


def _windows(images: list[Array], control: list[Array], seed: int, count: int = WINDOWS) -> Tensor:
    """What the convolution sees in real and in scrambled windows, (2 count, rows, columns, side, side).

    A view: the places overlap, and written out they would take twelve times the memory.
    """
    side = SIDES["tell_apart"]
    cut = torch.cat([photographs.cuttings(i, WINDOW, count, seed) for i in (images, control)])
    return cut.unfold(1, side, STRIDE).unfold(2, side, STRIDE)


def _used(config: Gabor, use: Array) -> Array:
    """Which filters count (1 + C, R, H): all of a code's, and the classifier's most used ones."""
    chosen = np.ones((1 + len(use), *use.shape[1:]), dtype=bool)
    if config.task == "tell_apart":
        rank = (-use).argsort(2).argsort(2)
        chosen[1:] = rank < USED
    return chosen
