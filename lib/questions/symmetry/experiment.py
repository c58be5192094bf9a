"""How the question is put to networks: what is trained, and what is measured on it."""

from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lib.engine import cores, export, inits, mlp, points, train
from lib.engine.seeds import seeds_of
from lib.engine.train import History, Snapshot
from lib.questions.symmetry.config import JITTERS, RANDOM, SHAKEN, Symmetry
from lib.questions.symmetry.result import Result
from lib.types import Array, Progress

SAMPLES = 64
REPEATS = 10
TRIES, TRIES_STEPS = 12, 300  # one-unit networks per repeat, the best of which counts


def run(config: Symmetry, progress: Progress | None = None) -> Result:
    """Train every jitter about the constant, and a random start, on the same data; measure how far units part."""
    seeds = seeds_of(config.seed, REPEATS)
    x, y = problem(config, seeds)
    network = mlp.MLP((2, config.width, 1), config.activation)
    halves, tries = (slice(REPEATS // 2), slice(REPEATS // 2, REPEATS)), (range(TRIES // 2), range(TRIES // 2, TRIES))
    jobs: list[cores.Job[Any]] = [partial(_trained, network, config, seeds[r], (x[r], y[r])) for r in halves]
    jobs += [partial(_one_unit, config, (x, y), some) for some in tries]
    *trained, first, second = cores.each(jobs, progress, size=(len(JITTERS) + 1) * len(x) * SAMPLES * config.width)
    return _result(config, network, trained, (x, y), np.minimum(first, second))


def problem(config: Symmetry, seeds: range) -> tuple[Tensor, Tensor]:
    """Points x (R, N, 2) and targets y (R, N, 1), other points for each repeat; XOR's 1 is where the signs agree."""
    drawn = [points.plane(config.problem, SAMPLES, seed, noise=0.0) for seed in seeds]
    x, y = torch.stack([x for x, _ in drawn]), torch.stack([y for _, y in drawn]).unsqueeze(2)
    dtype = getattr(torch, config.arithmetic)
    return x.to(dtype), (1 - y if config.problem == "xor" else y).to(dtype)


def starts(network: Any, config: Symmetry, seeds: range) -> list[Tensor]:
    """Weights constant + jitter * N(0, 1) for every jitter, then RANDOM * N(0, 1), of the same draws; biases 0."""
    dtype = getattr(torch, config.arithmetic)
    draws = inits.start(network, inits.Init("normal"), seeds, dtype=torch.float64)
    pairs = [(config.constant, jitter) for jitter in JITTERS] + [(0.0, RANDOM)]
    return inits.join([[_around(p, *pair).to(dtype) for p in draws] for pair in pairs])


def _around(draw: Tensor, mean: float, spread: float) -> Tensor:
    return mean + spread * draw if draw.dim() == 3 else draw  # biases stay 0


def _trained(
    network: Any, config: Symmetry, seeds: range, data: tuple[Tensor, Tensor], progress: Progress
) -> History:
    """Train some repeats from every start (C times R), and follow the first of them from three."""
    last, count = config.steps, len(seeds)
    beside = [0, JITTERS.index(config.jitter or SHAKEN) * count, len(JITTERS) * count]
    sparse, moments = train.spread_steps(last, 60), _moments(last)
    dense = sorted({*sparse, *moments, *range(0, last + 1, max(1, last // 300))})
    record = {
        "loss": train.Record(lambda m: m.loss(), dense),
        "apart": train.Record(_apart, sparse),
        "beside": train.Record(lambda m: units([p[beside] for p in m.params]), moments),
        "last": train.Record(lambda m: m.params[3][beside, 0], moments),
    }
    recipe = train.Recipe(steps=last, loss="logistic", optimiser="momentum", lr=config.lr)
    start, together = starts(network, config, seeds), [each.repeat(len(JITTERS) + 1, 1, 1) for each in data]
    return train.train(network, start, (together[0], together[1]), recipe, record=record, progress=progress)


def _moments(last: int) -> list[int]:
    """Steps at which the three networks are drawn: dense early, and evenly spaced so that a late parting shows."""
    return sorted({*train.spread_steps(last, 8), *(round(last * k / 10) for k in range(11))})


def units(params: list[Tensor]) -> Tensor:
    """What belongs to each hidden unit, its incoming weights, bias and outgoing weight: (E, H, 4)."""
    return torch.cat([params[0], params[1].unsqueeze(2), params[2].transpose(1, 2)], 2)


def _apart(snapshot: Snapshot) -> Tensor:
    """Largest difference between the same weight of any two hidden units (E,)."""
    each = units(snapshot.params)
    return (each.amax(1) - each.amin(1)).amax(1)


def _one_unit(config: Symmetry, data: tuple[Tensor, Tensor], tries: range, progress: Progress) -> Array:
    """Loss (R,) of the best of some networks with a single hidden unit, one for each of the `tries`."""
    network, count = mlp.MLP((2, 1, 1), config.activation), len(tries)
    start = inits.start(network, inits.Init("normal"), range(tries.start * REPEATS, tries.stop * REPEATS))
    start = [p.to(data[0].dtype) for p in start]
    several = data[0].repeat(count, 1, 1), data[1].repeat(count, 1, 1)
    recipe = train.Recipe(steps=TRIES_STEPS, loss="logistic", optimiser="adam", lr=0.1)
    loss = train.Record(lambda m: m.loss(), [TRIES_STEPS])
    history = train.train(network, start, several, recipe, record={"loss": loss}, progress=progress)
    return np.asarray(history.values["loss"].double().view(count, REPEATS).amin(0).numpy())


def _result(
    config: Symmetry, network: Any, trained: list[History], data: tuple[Tensor, Tensor], one: Array
) -> Result:
    """Put the repeats together; what is drawn is of the first."""

    def joined(parts: list[Tensor]) -> Array:
        each = [part.double().numpy().reshape(len(part), len(JITTERS) + 1, -1) for part in parts]
        return np.concatenate(each, 2)  # (S, C, R)

    def of(name: str) -> Array:
        return joined([part.values[name] for part in trained])

    history = trained[0]
    moments = history.steps["beside"]
    at = [history.steps["loss"].index(step) for step in moments]
    places = [0, JITTERS.index(config.jitter or SHAKEN), -1]
    return Result(
        config=config,
        jitters=np.array(JITTERS),
        loss_steps=np.array(history.steps["loss"]),
        loss=of("loss"),
        steps=np.array(history.steps["apart"]),
        apart=of("apart"),
        one_unit=one,
        moments=np.array(moments),
        beside=history.values["beside"].double().numpy(),
        last=history.values["last"].double().numpy(),
        beside_loss=of("loss")[at][:, places, 0],
        points=data[0][0].double().numpy(),
        labels=data[1][0, :, 0].double().numpy(),
        diverged=joined([part.diverged[None] for part in trained])[0].astype(int),
        network=_named(config, network, trained),
    )


def _named(config: Symmetry, network: Any, trained: list[History]) -> dict[str, Array]:
    """The first network with the chosen jitter that did not diverge, in single precision as files hold weights."""
    at = JITTERS.index(config.jitter)
    sound = [history.diverged.view(len(JITTERS) + 1, -1)[at] < 0 for history in trained]
    part = next((k for k, some in enumerate(sound) if some.any()), 0)
    member = at * len(sound[part]) + int(sound[part].int().argmax())
    named = export.named(network, trained[part].params, member)
    return {name: values.astype(np.float32) for name, values in named.items()}
