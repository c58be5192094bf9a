"""How the question is put to networks: what is trained, and what is measured on it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lib.engine import cores, data, export, inits, measure, mlp, rewriting, tasks, train
from lib.engine.seeds import seeds_of
from lib.engine.train import History
from lib.questions.synapses.config import COUNTS, RECIPES, Synapses
from lib.questions.synapses.result import SURE, Result
from lib.types import Array, Progress

REPEATS = 20
XOR_REPEATS = 250  # solved or not tells less than a score does
GRID = 24  # points along each side of a picture


def run(config: Synapses, progress: Progress | None = None) -> Result:
    """Train free networks, excitatory inputs alone, and Dale networks; then silence units, and cut weights."""
    fit, score = _data(config.task)
    outputs = 10 if config.task == "digits" else 1
    network = mlp.MLP((fit[0].shape[1], config.width, outputs), config.activation)
    seeds = seeds_of(config.seed, repeats_of(config))
    halves = [seeds[: len(seeds) // 2], seeds[len(seeds) // 2 :]]
    jobs = [partial(_trained, config, network, fit, some) for some in halves]
    size = len(halves[0]) * (2 + len(counts(config))) * config.width * len(fit[0])
    params, diverged = _together(cores.each(jobs, progress, size=size), 2 + len(counts(config)))
    return _result(config, network, params, diverged, score)


def _data(task: str) -> tuple[Any, Any]:
    """What is trained on and what the score is taken on."""
    if task == "xor":
        both = data.boolean("xor")
        return both, both
    split = data.digits() if task == "digits" else data.digit_pair(8, 3)
    return split.train, split.test


def repeats_of(config: Synapses) -> int:
    """How many starts; of XOR fewer from wide networks, so that a reader waits no longer for them."""
    return XOR_REPEATS * 8 // max(8, config.width) if config.task == "xor" else REPEATS


def counts(config: Synapses) -> tuple[int, ...]:
    """The numbers of inhibitory units that are trained: those offered, as far as there are units, and all but one."""
    offered = [k for k in COUNTS if k <= config.width]
    return tuple(sorted({*offered, config.width - 1, config.width}))


def _together(halves: list[History], conditions: int) -> tuple[list[Tensor], Array]:
    """Parameters and steps of diverging of all networks, condition by condition."""

    def both(*parts: Tensor) -> Tensor:
        return torch.cat([p.unflatten(0, (conditions, -1)) for p in parts], 1).flatten(0, 1)

    params = [both(*parts) for parts in zip(*(half.params for half in halves), strict=True)]
    return params, both(*(half.diverged for half in halves)).numpy()


def _trained(config: Synapses, network: Any, fit: Any, seeds: range, progress: Progress) -> History:
    """Train E = (2 + len(counts)) R members: free, excitatory inputs alone, one per number of inhibitory units."""
    repeats = len(seeds)
    free = inits.start(network, inits.Init("he"), seeds)
    excitatory = [free[0].abs(), *free[1:]]
    first = excitatory[0] if config.inputs == "excitatory" else free[0]
    signs = [1.0 - 2.0 * (torch.arange(config.width) < k) for k in counts(config)]  # -1: inhibitory
    dale = [[first, free[1], free[2].abs() * sign, free[3]] for sign in signs]
    sign = torch.stack(signs).repeat_interleave(repeats, 0).unsqueeze(1)  # (C R, 1, H)
    held = slice(repeats, None if config.inputs == "excitatory" else 2 * repeats)

    def project(params: list[Tensor]) -> None:
        params[0][held].clamp_(min=0)
        params[2][2 * repeats :].mul_(sign).clamp_(min=0).mul_(sign)

    recipe = train.Recipe(steps=config.steps, optimiser="adam", **RECIPES[config.task])
    return train.train(
        network, inits.join([free, excitatory, *dale]), fit, recipe, seeds=seeds, project=project, progress=progress
    )


def _result(config: Synapses, network: Any, params: list[Tensor], diverged: Array, score: Any) -> Result:
    x = score[0]
    every, repeats = counts(config), repeats_of(config)
    free = [p[:repeats] for p in params]
    scores = _score(network, params, config.task, score).reshape(2 + len(every), repeats)
    hidden = _hidden(network, free, x)
    chosen = min(config.inhibitory, config.width)
    row = 2 + every.index(chosen)
    rows = int(config.inputs == "excitatory"), row, 2
    drawn = [[p[k * repeats : (k + 1) * repeats] for p in params] for k in rows]
    shown = int(scores[row].argmax())  # a network of which there is something to see
    clipped = [p.clamp(min=0) if name == "weight" else p for (name, _), p in zip(network.shapes(), free, strict=True)]
    return Result(
        config=config,
        counts=np.array(every),
        chosen=chosen,
        free=scores[0],
        excitatory=scores[1],
        dale=scores[2:],
        chance=0.0 if config.task == "xor" else tasks.chance(config.task, score[1]),
        diverged=diverged.reshape(2 + len(every), repeats),
        wiring=tuple([p[shown].numpy() for p in (q[0], q[2])] for q in drawn),
        surface=_surface(network, drawn, shown) if config.task == "xor" else np.zeros((3, 0, 0, 0)),
        absent=_absent(network, free, x),
        lowest=float(hidden.min()),
        highest=float(hidden.max()),
        relay_gap=float((-2 * hidden + (2 * hidden).clamp(min=0)).abs().max()),
        clipped=_score(network, clipped, config.task, score),
        network=export.named(network, params, row * repeats + shown),
    )


def _score(network: Any, params: list[Tensor], task: str, samples: Any) -> Array:
    """Test accuracy (E,); for XOR 1 where all four answers are right, else 0."""
    if task != "xor":
        return tasks.score(network, params, task, samples).numpy()
    outputs = measure.outputs(network, params, samples[0])
    return (tasks.worst(outputs, samples[1][:, 0]) > SURE).numpy().astype(float)


def _hidden(network: Any, params: list[Tensor], x: Tensor) -> Tensor:
    """Activations of the hidden units (R, H, N)."""
    half = mlp.MLP(network.sizes[:2], output=network.activation)
    return measure.outputs(half, params[:2], x)


def _absent(network: Any, params: list[Tensor], x: Tensor) -> float:
    """Largest difference of an output between every second unit's outgoing weights at zero and no such unit."""
    zeroed = params[2].clone()
    zeroed[:, :, 1::2] = 0
    small = rewriting.only_units(network, params, torch.arange(0, network.sizes[1], 2))
    with_zeros = measure.outputs(network, [*params[:2], zeroed, params[3]], x)
    return float((with_zeros - measure.outputs(*small, x)).abs().max())


def _surface(network: Any, kinds: Sequence[list[Tensor]], shown: int) -> Array:
    """How sure one network of each kind is over the square, 2 p - 1: (kinds, 1 + H, side, side), x2 upwards.

    First whole, then without each of its units.
    """
    points, units = data.region("disc", GRID)[0], network.sizes[1]
    pictures = []
    for params in kinds:
        copies = [p[shown].repeat(1 + units, *[1] * (p.dim() - 1)) for p in params]
        copies[2][torch.arange(1, 1 + units), :, torch.arange(units)] = 0
        pictures.append(tasks.sureness(network, copies, points).numpy())
    return np.stack(pictures).reshape(len(kinds), 1 + units, GRID, GRID).swapaxes(2, 3)[:, :, ::-1]
