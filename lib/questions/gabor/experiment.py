"""How the question is put to networks: what is trained, and what is measured on it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from lib.engine.seeds import seeds_of
from lib.questions.gabor import filters, gabor_fit, photographs
from lib.questions.gabor.config import SIDES, Gabor
from lib.questions.gabor.result import Result
from lib.types import Array, Progress

REPEATS = 10
PATCHES = 8000
WINDOW, STRIDE, WINDOWS = 26, 3, 1000  # of each kind; places along a window: 1 + (26 - 11) / 3 = 6
GOOD = 0.7  # R^2 of a filter that is a Gabor function
USED = 8  # of the classifier's filters, the ones that count most
FRAMES = 8


class Learned(NamedTuple):
    """What either way of learning gives."""

    frames: Tensor  # (F, C R, H, D)
    active: Array  # (C, R) share of active units
    use: Array  # (C, R, H) how much each filter is used
    accuracy: Array  # (C, R) on new windows, or empty


def run(config: Gabor, progress: Progress | None = None, *, own: Array | None = None) -> Result:
    """Learn filters from the pictures (from `own` if given) and from the controls; fit them all."""
    images, control = _images(config, own)
    seeds = seeds_of(config.seed, REPEATS)
    side = SIDES[config.task]
    start = filters.unit_filters(config.filters, side * side, seeds)  # (R, H, D)
    steps = sorted({round(config.steps * (f / (FRAMES - 1)) ** 2) for f in range(FRAMES)})
    rows = [photographs.patches(i, side, PATCHES, config.seed) for i in (images, control)]
    if config.task == "sparse_code":
        learned = _coded(config, rows, start, seeds, steps, progress)
    else:
        learned = _told_apart(config, images, control, start, seeds, steps, progress)
    conditions = learned.active.shape[0]
    final = torch.cat([start, learned.frames[-1]]).view(-1, side, side)  # untrained first
    fits = gabor_fit.fit(final)
    shape = (1 + conditions, REPEATS, config.filters)
    first = np.argsort(-fits.r2.view(shape)[1, 0].numpy(), kind="stable")  # the pictures' order: best fit first
    best = REPEATS * config.filters
    return Result(
        config=config,
        own=own is not None,
        steps=np.array(steps),
        sheets=learned.frames[:, 0].reshape(len(steps), config.filters, side, side).numpy()[:, first],
        fitted=fits.image[best : best + config.filters].numpy()[first],
        r2=fits.r2.view(shape).numpy(),
        edge=((fits.r2 > GOOD) & (fits.width < side / 3)).view(shape).numpy(),
        angle=fits.angle.view(shape)[1].numpy(),
        used=_used(config, learned.use),
        active=learned.active,
        accuracy=learned.accuracy,
        kurtosis=tuple(photographs.kurtosis(r) for r in rows),
    )


def _images(config: Gabor, own: Array | None) -> tuple[list[Array], list[Array]]:
    """The whitened pictures to learn from, and their scrambled controls."""
    names = photographs.NAMES if config.data not in photographs.NAMES else (config.data,)
    raw = [photographs.photograph(name) for name in names] if own is None else [own]
    if own is None and config.data == "white_noise":
        raw = [np.random.default_rng(config.seed).standard_normal(r.shape) for r in raw]
    if own is None and config.data == "scrambled":
        raw = [photographs.scrambled(r, config.seed + 50 + k) for k, r in enumerate(raw)]
    control = [photographs.scrambled(r, config.seed + 150 + k) for k, r in enumerate(raw)]
    return [photographs.whitened(r) for r in raw], [photographs.whitened(r) for r in control]


def _coded(
    config: Gabor, rows: list[Tensor], start: Tensor, seeds: range, steps: Sequence[int],
    progress: Progress | None,
) -> Learned:  # fmt: skip
    """Sparse codes: of the pictures' patches, of the scrambled ones, and of the pictures' without sparsity."""
    real, control = rows
    frames, active = filters.sparse_code(
        (real, control, real), (config.sparsity, config.sparsity, 0.0), start, config.steps, seeds, frames=steps,
        progress=progress,
    )  # fmt: skip
    shape = (3, REPEATS)
    return Learned(frames, active.view(shape).numpy(), np.ones((*shape, config.filters)), np.zeros((0, REPEATS)))


def _told_apart(
    config: Gabor, images: list[Array], control: list[Array], start: Tensor, seeds: range, steps: Sequence[int],
    progress: Progress | None,
) -> Learned:  # fmt: skip
    """A convolution that tells the pictures from the scrambled ones, with true and with shuffled labels."""
    windows = _windows(images, control, config.seed)
    truth = torch.arange(2).repeat_interleave(WINDOWS)  # 0: real, 1: scrambled
    shuffled = truth[torch.randperm(len(truth), generator=torch.Generator().manual_seed(config.seed))]
    frames, params = filters.tell_apart(
        windows, torch.stack([truth, shuffled]), start, config.steps, seeds, frames=steps, progress=progress
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
    return Learned(
        frames, active.view(shape).numpy(), use.view(*shape, -1).numpy(), right.float().mean(1).view(shape).numpy()
    )


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
