"""How the question is put to networks: what is trained, and what is measured on it."""

from functools import partial
from typing import Any, NamedTuple

import numpy as np

from lib.engine import cores, train
from lib.engine.points import plane
from lib.engine.progress import tell
from lib.engine.seeds import seeds_of
from lib.questions.other_noise.config import SOURCES, OtherNoise
from lib.questions.other_noise.result import Result
from lib.questions.other_noise.units import MOMENTUM, SQUARES, Batch, Networks, adam, apart, gradient, loss, zero
from lib.types import Array, Progress

REPEATS = 10
SAMPLES, BATCH = 32, 8
ADAM_SHARE = 0.1  # Adam's learning rate as a share of the chosen one
SPREAD = 0.5  # standard deviation of random weights
MUTANTS, MUTATION = 16, 0.3
TRIES, TRIES_STEPS = 12, 400  # one-unit networks per repeat, the best of which counts
TELL_EVERY = 8
MOMENTS = 12  # at which the networks are drawn
BY_DESCENT = tuple(name for name in SOURCES if name != "evolution")


def run(config: OtherNoise, progress: Progress | None = None) -> Result:
    """Train every source of difference side by side, from the same constant, on the same points."""
    x, y = points(config.seed)
    steps = train.spread_steps(config.steps, 40)
    jobs: list[cores.Job[Any]] = [partial(job, config, (x, y), steps) for job in (_descend, _evolve, _one_unit)]
    trained, evolved, alone = cores.each(jobs, progress, size=len(BY_DESCENT) * config.width * y.size)
    at = SOURCES.index("evolution")
    loss, apart, units, last = (np.insert(a, at, b, axis=1) for a, b in zip(trained, evolved, strict=True))
    moments = np.unique(np.linspace(0, len(steps) - 1, MOMENTS).round().astype(int))
    chosen = SOURCES.index(config.source)
    return Result(
        config=config, steps=np.array(steps), loss=loss, apart=apart,
        one_unit=_best(alone, loss, apart),
        moments=moments, units=np.moveaxis(units[moments], 3, 0), last=last[moments],
        network=_named(units[-1, chosen], last[-1, chosen]),
    )  # fmt: skip


def _named(units: Array, last: Array) -> dict[str, Array]:
    """One network's numbers, of its units (H, 4) and the output's bias, by name, in single precision."""
    parts = {"layer1.weight": units[:, :2], "layer1.bias": units[:, 2],
             "layer2.weight": units[None, :, 3], "layer2.bias": last.reshape(1)}  # fmt: skip
    return {name: part.astype(np.float32, order="C") for name, part in parts.items()}


def points(seed: int) -> tuple[Array, Array]:
    """XOR: points x (2, R, N), other ones for each repeat, and labels y (R, N)."""
    drawn = [plane("xor", SAMPLES, s, noise=0.0) for s in seeds_of(seed, REPEATS)]
    x = np.stack([np.asarray(x, float).T for x, _ in drawn], 1)
    return x, np.stack([np.asarray(y, float) for _, y in drawn])


def starts(config: OtherNoise, draws: np.random.Generator) -> Networks:
    """The constant in every weight, and what the sources of the second kind change about it."""
    count, width = len(BY_DESCENT), config.width
    units = np.zeros((4, count, REPEATS, width))
    units[[0, 1, 3]] = config.constant
    normal = draws.standard_normal((4, REPEATS, width))
    changed = {
        "random_biases": ([2], config.amount * normal[2]),
        "even_biases": ([2], config.amount * np.broadcast_to(np.linspace(-1.7, 1.7, width), (REPEATS, width))),
        "random_first_layer": ([0, 1], SPREAD * normal[:2]),
        "random_last_layer": ([3], SPREAD * normal[3]),
        "random_weights": ([0, 1, 3], SPREAD * normal[[0, 1, 3]]),
        "random_and_dropout": ([0, 1, 3], SPREAD * normal[[0, 1, 3]]),
    }
    for name, (parts, values) in changed.items():
        units[parts, BY_DESCENT.index(name)] = values
    return Networks(units, np.zeros((count, REPEATS)))


class _Throw(NamedTuple):
    """The dice of one step of descent."""

    order: Array  # (R, N) of the samples
    noise: Array  # (2, R, N) normal
    inputs: Array  # (2, R, N) each below 1, as are those behind
    labels: Array  # (R, N)
    units: Array  # (R, H, N)
    slope: Array  # (4, R, H) normal


def _thrown(config: OtherNoise, draws: np.random.Generator) -> _Throw:
    """Throw all dice of one step, whatever becomes of them."""
    inputs, units = (2, REPEATS, SAMPLES), (REPEATS, config.width, SAMPLES)
    return _Throw(
        draws.random(inputs[1:]), draws.standard_normal(inputs), draws.random(inputs), draws.random(inputs[1:]),
        draws.random(units), draws.standard_normal((4, REPEATS, config.width)),
    )  # fmt: skip


def _batch(config: OtherNoise, data: tuple[Array, Array], thrown: _Throw) -> Batch:
    """All conditions' view of the data for one step; only those whose source says so see it changed."""
    x, y = data
    a = config.amount
    seen = {name: k for k, name in enumerate(BY_DESCENT)}
    xs = np.repeat(x[:, None], len(seen), 1)
    ys = np.repeat(y[None], len(seen), 0)
    share = np.ones(ys.shape)
    share[seen["minibatches"]] = (thrown.order.argsort(1) < BATCH) * (SAMPLES / BATCH)
    xs[:, seen["input_noise"]] += a * thrown.noise
    xs[:, seen["input_dropout"]] *= (thrown.inputs >= a) / (1 - a)
    ys[seen["label_noise"]] = np.where(thrown.labels < a / 2, 1 - y, y)
    kept = (thrown.units >= a) / (1 - a)
    return Batch(xs, ys, share, kept, (seen["hidden_dropout"], seen["random_and_dropout"]))


def _descend(
    config: OtherNoise, data: tuple[Array, Array], steps: list[int], progress: Progress
) -> tuple[Array, Array, Array, Array]:
    """Loss and difference (S, C, R), and the first repeat's units (S, C, H, 4) and output bias (S, C)."""
    draws, kept = np.random.default_rng(config.seed), []
    start = starts(config, draws)
    now, speed, square = start, zero(start), zero(start)
    noisy, plain, by_adam = (BY_DESCENT.index(k) for k in ("gradient_noise", "plain_descent", "adam"))
    for step in range(config.steps + 1):
        if step in steps:
            first = (np.moveaxis(now.units[:, :, 0], 0, 2), now.last[:, 0])
            kept.append((loss(now, data, config.activation), apart(now), *first))
        thrown = _thrown(config, draws)
        slope = gradient(now, _batch(config, data, thrown), config.activation)
        slope.units[:, noisy] += config.amount / 100 * thrown.slope
        speed = Networks(*(MOMENTUM * v + g for v, g in zip(speed, slope, strict=True)))
        move = Networks(*(config.lr * v for v in speed))
        for part, v, g, s in zip(move, speed, slope, square, strict=True):  # conditions are the axis before last
            s[...] = SQUARES * s + (1 - SQUARES) * g**2
            at = (slice(None), plain) if part.ndim == 4 else (plain,)
            part[at] = config.lr * g[at]
            at = (slice(None), by_adam) if part.ndim == 4 else (by_adam,)
            part[at] = adam(config.lr * ADAM_SHARE, step + 1, v[at] * (1 - MOMENTUM), s[at])
        now = Networks(*(p - m for p, m in zip(now, move, strict=True)))
        tell(progress, step + 1, config.steps + 1, every=TELL_EVERY)
    return tuple(np.stack(values) for values in zip(*kept, strict=True))  # type: ignore[return-value]


def _evolve(
    config: OtherNoise, data: tuple[Array, Array], steps: list[int], progress: Progress
) -> tuple[Array, Array, Array, Array]:
    """The same from no gradient: each generation the best of MUTANTS takes the parent's place if it is better."""
    draws, units = _behind_descent(config), np.zeros((4, 1, REPEATS, config.width))
    units[[0, 1, 3]] = config.constant
    parent = Networks(units, np.zeros((1, REPEATS)))
    best, kept, rows = loss(parent, data, config.activation)[0], [], np.arange(REPEATS)
    for step in range(config.steps + 1):
        if step in steps:
            kept.append((best, apart(parent)[0], parent.units[:, 0, 0].T, parent.last[0, 0]))
        changes = draws.standard_normal((4, MUTANTS, REPEATS, config.width))
        moved = draws.standard_normal((MUTANTS, REPEATS))
        children = Networks(parent.units + MUTATION * changes, parent.last + MUTATION * moved)
        losses = loss(children, data, config.activation)
        winner = losses.argmin(0)
        better = losses[winner, rows] < best
        best = np.where(better, losses[winner, rows], best)
        chosen = Networks(children.units[:, winner, rows][:, None], children.last[winner, rows][None])
        parent = Networks(
            np.where(better[:, None], chosen.units, parent.units), np.where(better, chosen.last, parent.last)
        )
        tell(progress, step + 1, config.steps + 1, every=TELL_EVERY)
    return tuple(np.stack(values) for values in zip(*kept, strict=True))  # type: ignore[return-value]


def _behind_descent(config: OtherNoise) -> np.random.Generator:
    """The dice after all that descent throws: these are thrown again, so that nothing waits for descent."""
    draws = np.random.default_rng(config.seed)
    starts(config, draws)
    for _ in range(config.steps + 1):
        _thrown(config, draws)
    return draws


def _best(found: Array, loss: Array, apart: Array) -> Array:
    """Best loss (R,) of a single unit: the one found alone, or that of units which never differ, if it is lower."""
    equal = np.where(apart.max(0) == 0, loss.min(0), np.inf)  # (C, R)
    return np.minimum(found, equal.min(0))


def _one_unit(config: OtherNoise, data: tuple[Array, Array], steps: list[int], progress: Progress) -> Array:
    """Loss (R,) of the best of TRIES networks with a single hidden unit, trained by Adam."""
    x, y = data
    draws = np.random.default_rng([config.seed, 1])
    now = Networks(draws.standard_normal((4, TRIES, REPEATS, 1)), np.zeros((TRIES, REPEATS)))
    batch = Batch(np.repeat(x[:, None], TRIES, 1), np.repeat(y[None], TRIES, 0))
    mean, square = zero(now), zero(now)
    for step in range(TRIES_STEPS):
        slope = gradient(now, batch, config.activation)
        mean = Networks(*(MOMENTUM * m + (1 - MOMENTUM) * g for m, g in zip(mean, slope, strict=True)))
        square = Networks(*(SQUARES * s + (1 - SQUARES) * g**2 for s, g in zip(square, slope, strict=True)))
        move = [adam(0.5 * ADAM_SHARE, step + 1, m, s) for m, s in zip(mean, square, strict=True)]
        now = Networks(*(p - m for p, m in zip(now, move, strict=True)))
        tell(progress, step + 1, TRIES_STEPS, every=TELL_EVERY)
    return np.asarray(loss(now, data, config.activation).min(0))
