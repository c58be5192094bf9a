"""How the question is put to networks: what is trained, and what is measured on it."""

from functools import partial
from typing import Any

import numpy as np

from lib.engine import cores
from lib.engine.neuron import Descents, descend, draws, one_signed, picks, with_bias
from lib.engine.seeds import seeds_of
from lib.questions.zigzag.config import COMPASS, LRS, TURN, Zigzag
from lib.questions.zigzag.result import Result, Shown
from lib.types import Array, Progress

REPEATS = 20
SAMPLES = 200
DISTANCE = 2.0  # of the target from the start
TOLERANCE = 0.1  # of that distance, at which a descent has arrived
STEPS = 1000  # at the chosen learning rate
BUDGET = 300  # at each learning rate of the grid
FRAMES = 150


def run(config: Zigzag, progress: Progress | None = None) -> Result:
    """Descend on the inputs with their offset and on the same draws centred; at one learning rate and at a grid."""
    seeds = seeds_of(config.seed, REPEATS)
    x = samples(config, seeds)
    picked = picks(seeds, SAMPLES, STEPS, 1)
    targets = _targets((config.direction, *COMPASS), x.shape[-1])
    angles = tuple(range(0, 180, TURN))
    halves = angles[: len(angles) // 2], angles[len(angles) // 2 :]
    jobs: list[cores.Job[Any]] = [partial(_cost, x, picked[:BUDGET], half) for half in halves]
    jobs += [partial(_one, x, targets, config.lr, picked)]
    *cost, one = cores.each(jobs, progress, size=x.shape[1] * len(halves[1]) * len(LRS))
    return Result(
        config=config,
        steps=one.steps,
        length=one.length,
        alike=one.alike,
        turns=one.turns,
        diverged=one.diverged,
        agreeing=one_signed(x[..., :2]).mean(2),
        gradients=_at_the_start(x, targets[:, 0]).mean(2),
        growing=(config.lr * np.square(x).sum(3) > 2).mean(2),  # a step multiplies the error by 1 - lr |x|^2
        cost=np.concatenate(cost, 2),
        budget=BUDGET,
        shown=_shown(x, targets[:, 0], picked[:, 0, 0], one),
        network=_named(one.path[-1, 0, 0, :, 0]),
    )


def samples(config: Zigzag, seeds: range) -> Array:
    """Inputs (2, R, N, D): the draws with their offset, and centred; with a bias D is one more."""
    x = draws(seeds, SAMPLES, 2)
    both = np.stack([x + config.offset, x])
    return with_bias(both) if config.bias == "with" else both


def _targets(degrees: tuple[int, ...], parameters: int) -> Array:
    """Targets (D, K) at the given directions; the target's bias is 0."""
    angles = np.radians(degrees)
    targets = np.zeros((parameters, len(degrees)))
    targets[:2] = DISTANCE * np.stack([np.cos(angles), np.sin(angles)])
    return targets


def _at_the_start(x: Array, target: Array) -> Array:
    """Which of the single samples' gradients dL/df x have one sign, at w = 0: (2, R, N)."""
    return one_signed((x @ -target)[..., None] * x[..., :2])


def _one(x: Array, targets: Array, lr: float, picked: Array, progress: Progress) -> Descents:
    """The descents towards some targets at the chosen learning rate, with their paths."""
    lrs = np.full(targets.shape[1], lr)
    return descend(x, targets, lrs, STEPS, picked, weights=2, tolerance=TOLERANCE, keep=True, progress=progress)


def _cost(x: Array, picked: Array, angles: tuple[int, ...], progress: Progress) -> Array:
    """Steps to arrive, `BUDGET` if not, for some directions and every rate: (2, R, A, L).

    Those beyond 180 degrees need no run: from w = 0 the opposite target's descent is the mirror image, to the last
    bit.
    """
    targets = np.repeat(_targets(angles, x.shape[-1]), len(LRS), 1)
    lrs = np.tile(LRS, len(angles))
    steps = descend(
        x, targets, lrs, BUDGET, picked, weights=2, tolerance=TOLERANCE, counted=False, progress=progress
    ).steps
    return np.where(steps < 0, BUDGET, steps).reshape(*x.shape[:2], len(angles), len(LRS))


def _shown(x: Array, target: Array, picked: Array, one: Descents) -> Shown:
    """The first repeat's two descents towards the chosen target, update by update."""
    steps = one.steps[:, 0, 0]
    made = np.where(steps < 0, len(one.path) - 1, steps)
    last = int(made.max())
    path = one.path[: last + 1, :, 0, :, 0]  # (T + 1, 2, D)
    seen = x[:, 0, picked[:last]].swapaxes(0, 1)  # (T, 2, D)
    return Shown(
        target=target[:2],
        path=path[..., :2],
        seen=seen[..., :2],
        slope=((path[:-1] - target) * seen).sum(2),
        made=made,
        frames=np.unique(np.linspace(0, last, min(FRAMES, last) + 1).round().astype(int)),
    )


def _named(parameters: Array) -> dict[str, Array]:
    """A neuron's two weights, and its bias if it has one, as a layer of one unit holds them."""
    parts = {"layer1.weight": parameters[None, :2], "layer1.bias": parameters[2:]}
    return {name: values.astype(np.float32) for name, values in parts.items() if values.size}
