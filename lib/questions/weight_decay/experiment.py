"""How the question is put to networks: what is trained, and what is measured on it."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lib.engine import cores, data, export, inits, measure, mlp, optimisers, train
from lib.engine.progress import tell
from lib.engine.seeds import seeds_of
from lib.engine.train import History
from lib.questions.weight_decay.config import OPTIMISERS, SHIFTS, STARTS, SWEEP, WeightDecay
from lib.questions.weight_decay.result import Result
from lib.types import Array, Progress

SIZES = (64, 32, 10)
REPEATS = 10
LR, BATCH = 0.005, 64
LOOKS = 60  # about so many steps at which the negatives are counted
NOISE = 0.02  # standard deviation of the noise at each step
THREADS = 30  # single weights of the first network that are followed
MOMENTS = 40  # steps of them that are kept, beside the start
TOO_LARGE = 1e8
TELL_EVERY = 8  # steps


def run(config: WeightDecay, progress: Progress | None = None) -> Result:
    """Train every decay on the digits side by side; let decay alone and decay with noise act on the same starts."""
    network = mlp.MLP(SIZES)
    seeds = seeds_of(config.seed, REPEATS)
    start = inits.start(network, inits.Init(**STARTS[config.start]), seeds)
    first = measure.joined(measure.weights(network, start)).numpy().astype(float)  # (R, n)
    steps = np.array(train.spread_steps(config.steps, LOOKS))
    decays = _decays(config)
    halves = decays[: len(decays) // 2], decays[len(decays) // 2 :]
    jobs: list[cores.Job[Any]] = [partial(_trained, network, start, config, seeds, half) for half in halves]
    jobs += [partial(_with_noise, first, config, steps)]
    jobs += [partial(_alone, first, config, steps, optimiser) for optimiser in OPTIMISERS]
    size = len(halves[1]) * REPEATS * SIZES[1] * BATCH
    first, second, noisy, *ways = cores.each(jobs, progress, size=size)
    return _result(config, network, train.joined([first, second]), (noisy, ways))


def _trained(
    network: Any,
    start: list[Tensor],
    config: WeightDecay,
    seeds: range,
    decays: tuple[float, ...],
    progress: Progress,
) -> History:
    recipe = train.Recipe(
        steps=config.steps, optimiser="adamw", lr=LR, batch=BATCH,
        decay=tuple(np.repeat(np.array(decays) / LR, REPEATS).tolist()),
    )  # fmt: skip
    share = train.Record(
        lambda m: measure.share_negative([measure.joined(measure.weights(network, m.params))])[:, 0],
        train.spread_steps(config.steps, LOOKS),
    )
    followed = _followed(network)
    threads = train.Record(
        lambda m: _picked(measure.weights(network, m.params), followed),
        _moments(config).tolist(),
    )
    return train.train(
        network, inits.join([start] * len(decays)), data.digits().train, recipe, seeds=seeds,
        record={"share": share, "threads": threads}, progress=progress,
    )  # fmt: skip


def _followed(network: Any) -> list[int]:
    """The weights that are followed one by one: at even distances among all, so that none is picked."""
    count = sum(int(np.prod(shape)) for name, shape in network.shapes() if name == "weight")
    return np.linspace(0, count - 1, THREADS).round().astype(int).tolist()


def _picked(weights: list[Tensor], followed: list[int]) -> Tensor:
    """The followed ones of two layers' weights (E, ...): (E, N)."""
    first, second = (w.flatten(1) for w in weights)
    count = first.shape[1]
    ahead, behind = [k for k in followed if k < count], [k - count for k in followed if k >= count]
    return torch.cat([first[:, ahead], second[:, behind]], 1)


def _moments(config: WeightDecay) -> Array:
    return np.unique(np.linspace(0, config.steps, MOMENTS + 1).round().astype(int))


def _decays(config: WeightDecay) -> tuple[float, ...]:
    """The decays that are trained on data: the sweep, and the chosen one behind it if it is not among them."""
    return SWEEP if config.shrink in SWEEP else (*SWEEP, config.shrink)


def _result(config: WeightDecay, network: Any, history: History, without_data: Any) -> Result:
    digits = data.digits()
    steps = np.array(history.steps["share"])
    decays = _decays(config)
    shape = (len(decays), REPEATS)
    last = measure.joined(measure.weights(network, history.params))  # (C R, n)
    chosen = decays.index(config.shrink)
    of = slice(chosen * REPEATS, (chosen + 1) * REPEATS)
    first = of.start + int((history.diverged[of] < 0).int().argmax())
    followed, moments = _followed(network), _moments(config)
    (noisy, spread, shaken), ways = without_data
    alone, _, pulled = ways[list(OPTIMISERS).index(config.optimiser)]
    learned = history.values["threads"][:, ::REPEATS].numpy()  # (T, C, N)
    threads = [pulled[moments][:, followed], shaken[moments][:, followed], learned[:, chosen], learned[:, 0]]
    weights = last.numpy().astype(float).reshape(*shape, -1)
    return Result(
        config=config,
        shrinks=np.array(decays),
        steps=steps,
        alone=alone,
        noisy=noisy,
        learned=history.values["share"].numpy().reshape(len(steps), *shape),
        crossed=np.stack([crossed for _, crossed, _ in ways]),
        moments=moments,
        threads=np.stack(threads, 1).astype(np.float32),
        spread=spread,
        spread_theory=_stationary(config.shrink),
        norm=np.sqrt((weights**2).sum(2)),
        mean=weights.mean(2),
        variance=weights.var(2),
        count=weights.shape[2],
        accuracy=measure.accuracy(network, history.params, digits.test).numpy().reshape(shape),
        diverged=history.diverged.numpy().reshape(shape),
        swept=len(SWEEP),
        shifted=_shifted(network, [p[of] for p in history.params], digits.test),
        erased=_erased(network, [p[of] for p in history.params], digits.test),
        network=export.named(network, history.params, first),
    )


def _alone(
    first: Array, config: WeightDecay, steps: Array, optimiser: str, progress: Progress
) -> tuple[Array, Array, Array]:
    """Decay without data or noise, by the engine's own optimisers.

    Share of negatives (S, R) at `steps`, the share (R,) of the weights that were ever on the other side of zero, and
    the first network's weights at every step (steps + 1, n).
    """
    w = torch.tensor(first)
    flat = optimisers.Flat(w.view(-1), torch.zeros_like(w).view(-1), [w])
    update = optimisers.OPTIMISERS[OPTIMISERS[optimiser]](flat, LR, config.shrink / LR)
    signs, way, shares, looks = w.sign(), [], [], set(steps.tolist())
    lowest, across = torch.zeros_like(w), torch.empty_like(w)  # how far each has been on the other side
    for step in range(config.steps + 1):
        way.append(w[0].numpy().copy())
        if step in looks:
            shares.append((w < 0).double().mean(1).numpy())
        if step < config.steps:
            flat.grad.zero_()  # no data: all that comes is the decay, which the optimiser itself adds
            update(1.0)
            w.clamp_(-TOO_LARGE, TOO_LARGE)  # beyond lr * lambda = 2 it grows for ever
            torch.minimum(lowest, torch.mul(w, signs, out=across), out=lowest)
            tell(progress, step + 1, config.steps, every=TELL_EVERY)
    return np.stack(shares), (lowest < 0).double().mean(1).numpy(), np.stack(way)


def _with_noise(first: Array, config: WeightDecay, steps: Array, progress: Progress) -> tuple[Array, Array, Array]:
    """Plain decay with noise: share of negatives (S, R), final root mean square (R,), the first network's weights."""
    w, shares, way, looks = first.copy(), [], [], set(steps.tolist())
    draws = np.random.default_rng(config.seed)
    for step in range(config.steps + 1):
        way.append(w[0].copy())
        if step in looks:
            shares.append((w < 0).mean(1))
        if step < config.steps:
            w = w * (1 - config.shrink) + NOISE * draws.standard_normal(w.shape)
            np.clip(w, -TOO_LARGE, TOO_LARGE, out=w)
            tell(progress, step + 1, config.steps, every=TELL_EVERY)
    return np.stack(shares), np.sqrt((w**2).mean(1)), np.stack(way)


def _stationary(shrink: float) -> float:
    """Standard deviation at which decay and noise balance; 0 where there is none (no decay, or lr * lambda >= 2)."""
    kept = (1 - shrink) ** 2
    return float(NOISE / np.sqrt(1 - kept)) if kept < 1 else 0.0


def _accuracy(network: Any, params: list[Tensor], test: Any, change: Callable[[Tensor], Tensor]) -> Array:
    """Test accuracy (R,) with every weight matrix changed and the biases left."""
    changed = [change(p) if name == "weight" else p for (name, _), p in zip(network.shapes(), params, strict=True)]
    return measure.accuracy(network, changed, test).numpy()


def _shifted(network: Any, params: list[Tensor], test: Any) -> Array:
    """Test accuracy (C, R) with a constant added to every weight."""
    return np.stack([_accuracy(network, params, test, _plus(c)) for c in SHIFTS])


def _plus(constant: float) -> Callable[[Tensor], Tensor]:
    return lambda w: w + constant


def _erased(network: Any, params: list[Tensor], test: Any) -> Array:
    """Test accuracy (R,) with every weight replaced by its layer's mean."""
    return _accuracy(network, params, test, lambda w: w.mean((1, 2), keepdim=True).expand_as(w))
