"""How the question is put to networks: what is trained, and what is measured on it."""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from lib.engine import cores
from lib.engine.neuron import descend, draws, one_signed, picks
from lib.engine.progress import tell
from lib.engine.seeds import seeds_of
from lib.questions.batch.config import BATCHES, LRS, NEURONS, SIZES, Batch
from lib.questions.batch.result import Plane, Result
from lib.types import Array, Progress

REPEATS = 16
POOL = 512  # samples that each of them sees, in batches
NOISE = 0.3  # standard deviation of the noise in y, as the gradients see it; the descents have none
SAMPLES = 256  # of a descent; the largest batch is all of them
BUDGET = 400
TOLERANCE = 0.1


def run(config: Batch, progress: Progress | None = None) -> Result:
    """Count one-signed gradients of random neurons, and descend with every batch size at every learning rate."""
    seeds = seeds_of(config.seed, REPEATS)
    jobs: list[cores.Job[Any]] = [partial(_descent, config, seeds, batch) for batch in BATCHES]
    kinds = (config.offset, True), (config.offset, False), (0.0, True)
    jobs += [partial(_counted, config, seeds, *kind) for kind in kinds]
    done = cores.each(jobs, progress, size=REPEATS * NEURONS * POOL * config.inputs)
    steps, counted = np.stack(done[: len(BATCHES)], 1), done[len(BATCHES) :]
    return Result(
        config=config,
        shares=np.stack([each.shares for each in counted]),
        plane=_planes(config, seeds[0], [counted[0 if config.error == "as_it_is" else 1], counted[2]]),
        steps=np.where(steps < 0, BUDGET, steps),
        budget=BUDGET,
    )


class Counted(NamedTuple):
    """What is counted of random neurons' gradients, shares by batch size."""

    shares: Array  # (len(SIZES), R)
    plane: Array  # (len(SIZES),) of the first two weights alone
    own: Array  # (N, 2) single samples' gradients of these two of one neuron, the first of the first repeat


def _counted(config: Batch, seeds: range, offset: float, keep_mean: bool, progress: Progress) -> Counted:
    gradient = gradients(seeds, config.inputs, offset, keep_mean=keep_mean)
    tell(progress, 1, 1)
    return Counted(_one_signed(gradient), _one_signed(gradient[:, :2]).mean(1), gradient[:, :2, 0, 0].copy())


def gradients(seeds: range, inputs: int, offset: float, *, keep_mean: bool) -> Array:
    """Single samples' gradients of random neurons, (N, I, R, M): in this order, batches and signs are taken fastest.

    Without `keep_mean` the mean error is taken off, as a bias does that has converged.
    """
    u = draws(seeds, POOL, inputs)  # (R, N, I)
    random = [np.random.default_rng((s, 2)) for s in seeds]
    delta = np.stack([r.standard_normal((NEURONS, inputs)) - r.standard_normal((NEURONS, inputs)) for r in random])
    noise = NOISE * np.stack([r.standard_normal((NEURONS, POOL)) for r in random])
    error = delta @ np.swapaxes(u, 1, 2) + noise  # (R, M, N)
    if keep_mean:
        error = error + offset * delta.sum(2, keepdims=True)
    error, x = np.moveaxis(error, 2, 0).copy(), np.moveaxis(u + offset, 0, 2).copy()  # (N, R, M) and (N, I, R)
    return np.asarray(error[:, None] * x[..., None])


def shares(seeds: range, inputs: int, offset: float, *, keep_mean: bool) -> Array:
    """Share of one-signed gradients of random neurons by batch size: (len(SIZES), R)."""
    return _one_signed(gradients(seeds, inputs, offset, keep_mean=keep_mean))


def _one_signed(gradient: Array) -> Array:
    """Share by batch size and repeat, (len(SIZES), R), of gradients (N, I, R, M), summed in ever larger batches."""
    found = [one_signed(gradient, 1).mean((0, 2))]
    for _ in SIZES[1:]:
        gradient = (gradient[::2] + gradient[1::2]) / 2  # batches twice as large, of the same samples
        found.append(one_signed(gradient, 1).mean((0, 2)))
    return np.stack(found)


def _planes(config: Batch, seed: int, pair: Sequence[Counted]) -> Plane:
    """Gradients of the first two weights, with the offset and without: clouds and shares.

    The clouds are of one neuron, the shares of all. A cloud has as many batches at every size, drawn with
    replacement; of single samples it has each one.
    """
    own = np.stack([counted.own for counted in pair])  # (2, N, 2)
    random = np.random.default_rng((seed, 5))
    sizes = SIZES[: SIZES.index(config.batch) + 1]
    chosen = [random.integers(POOL, size=(POOL, size)) if size > 1 else np.arange(POOL)[:, None] for size in sizes]
    clouds = np.stack([own[:, picked.T].mean(1) for picked in chosen], 1)
    together, throughout = (
        np.stack(found) for found in zip(*((c.plane, c.shares.mean(1)) for c in pair), strict=True)
    )
    return Plane(clouds.astype(np.float32), own.mean(1), together, throughout)


def _descent(config: Batch, seeds: range, batch: int, progress: Progress) -> Array:
    """Steps (2, R, L) until the target is reached, offset inputs first; -1: not reached."""
    u = draws(seeds, SAMPLES, config.inputs)
    x = np.stack([u + config.offset, u])
    target = np.repeat(targets(config, seeds)[:, :, None], len(LRS), 2)  # (R, I, L)
    chosen = picks(seeds, SAMPLES, BUDGET, batch) if batch < SAMPLES else None
    done = descend(
        x, target, np.array(LRS), BUDGET, chosen, weights=config.inputs, tolerance=TOLERANCE, counted=False,
        progress=progress,
    )  # fmt: skip
    return done.steps


def targets(config: Batch, seeds: range) -> Array:
    """One target per repeat at distance 1: across the offset, anywhere, or along it: (R, I)."""
    along = np.full(config.inputs, config.inputs**-0.5)
    if config.target == "along":
        return np.tile(along, (len(seeds), 1))
    drawn = np.stack([np.random.default_rng((s, 3)).standard_normal(config.inputs) for s in seeds])
    if config.target == "across":
        drawn = drawn - (drawn @ along)[:, None] * along
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
