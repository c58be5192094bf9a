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
    first = measure.joined(measure.weights(network, start)).numpy()  # (R, n)
    decays = _decays(config)
    halves = decays[: len(decays) // 2], decays[len(decays) // 2 :]
    jobs: list[cores.Job[Any]] = [partial(_trained, network, start, config, seeds, half) for half in halves]
    jobs += [partial(_with_noise, first, config, _followed(network))]
    jobs += [partial(_alone, first, config, _followed(network), optimiser) for optimiser in OPTIMISERS]
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
        lambda m: torch.from_numpy(_negative(measure.joined(measure.weights(network, m.params)).numpy())).float(),
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


def _negative(w: Array) -> Array:
    """Share (E,) of negative numbers in each row of (E, n)."""
    return np.asarray((w < 0).sum(1) / w.shape[1])


def _followed(network: Any) -> Array:
    """The weights that are followed one by one: at even distances among all, so that none is picked."""
    count = sum(int(np.prod(shape)) for name, shape in network.shapes() if name == "weight")
    return np.linspace(0, count - 1, THREADS).round().astype(int)


def _picked(weights: list[Tensor], followed: Array) -> Tensor:
    """The followed ones of two layers' weights (E, ...): (E, N)."""
    first, second = (w.flatten(1).numpy() for w in weights)
    count = first.shape[1]
    ahead, behind = followed[followed < count], followed[followed >= count] - count
    return torch.from_numpy(np.concatenate([first.take(ahead, 1), second.take(behind, 1)], 1))


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
    (noisy, spread, shaken), ways = without_data
    alone, _, pulled = ways[list(OPTIMISERS).index(config.optimiser)]
    learned = history.values["threads"][:, ::REPEATS].numpy()  # (T, C, N)
    threads = [pulled, shaken, learned[:, chosen], learned[:, 0]]
    weights = last.numpy().astype(float).reshape(*shape, -1)
    return Result(
        config=config,
        shrinks=np.array(decays),
        steps=steps,
        alone=alone,
        noisy=noisy,
        learned=history.values["share"].numpy().reshape(len(steps), *shape),
        crossed=np.stack([crossed for _, crossed, _ in ways]),
        moments=_moments(config),
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
    first: Array, config: WeightDecay, followed: Array, optimiser: str, progress: Progress
) -> tuple[Array, Array, Array]:
    """Decay without data or noise, by the engine's own optimisers.

    Share of negatives (S, R) at the looks, the share (R,) of the weights that were ever on the other side of zero,
    and the first network's followed weights (T, N) at the moments.
    """
    # Optimisers treat w and -w alike: the sizes are followed, and who is below zero has crossed it.
    signs, size = np.sign(first), torch.tensor(np.abs(first))
    flat = optimisers.Flat(size.view(-1), torch.zeros_like(size).view(-1), [size])
    update = optimisers.OPTIMISERS[OPTIMISERS[optimiser]](flat, LR, config.shrink / LR)
    w, way, shares, looks, moments = size.numpy(), [], [], _looks(config), set(_moments(config).tolist())
    lowest = np.zeros_like(w)
    for step in range(config.steps + 1):
        if step in moments:
            way.append(w[0, followed] * signs[0, followed])
        if step in looks:
            shares.append(_negative(w * signs))
        if step < config.steps:
            flat.grad.zero_()  # no data: all that comes is the decay, which the optimiser itself adds
            update(1.0)
            if config.shrink > 1:  # beyond lr * lambda = 2 it grows for ever
                size.clamp_(-TOO_LARGE, TOO_LARGE)
            np.minimum(lowest, w, out=lowest)
            tell(progress, step + 1, config.steps, every=TELL_EVERY)
    return np.stack(shares), (lowest < 0).mean(1), np.stack(way)


def _with_noise(first: Array, config: WeightDecay, followed: Array, progress: Progress) -> tuple[Array, Array, Array]:
    """Plain decay with noise: as `_alone`, but in the middle the final root mean square (R,) of the weights."""
    w, way, shares, looks, moments = first.copy(), [], [], _looks(config), set(_moments(config).tolist())
    draws, noise = torch.Generator().manual_seed(config.seed), torch.from_numpy(np.empty_like(w))
    for step in range(config.steps + 1):
        if step in moments:
            way.append(w[0, followed])
        if step in looks:
            shares.append(_negative(w))
        if step < config.steps:
            w *= 1 - config.shrink
            w += noise.normal_(0, NOISE, generator=draws).numpy()  # a quarter of the time of numpy's
            if config.shrink > 1:
                np.clip(w, -TOO_LARGE, TOO_LARGE, out=w)
            tell(progress, step + 1, config.steps, every=TELL_EVERY)
    return np.stack(shares), np.sqrt((w**2).mean(1)), np.stack(way)


def _looks(config: WeightDecay) -> set[int]:
    """The steps at which the negatives are counted."""
    return set(train.spread_steps(config.steps, LOOKS))


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
