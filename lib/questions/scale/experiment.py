"""How the question is put to networks: what is trained, and what is measured on it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lib.engine import activations, cores, data, inits, measure, mlp, train
from lib.engine.progress import part, tell
from lib.engine.seeds import seeds_of
from lib.questions.scale import propagation
from lib.questions.scale.config import (
    GAINS,
    MAP_DEPTHS,
    MAP_GAINS,
    MAP_LR,
    MAP_SAMPLES,
    MAP_STEPS,
    MAP_WIDTH,
    PAPERS,
    SHOWN,
    SIGMA,
    Scale,
    near,
)
from lib.questions.scale.result import Result
from lib.types import Array, Progress

REPEATS, SAMPLES = 10, 16
TOGETHER = 2  # repeats computed at once: all of them, in double precision, would take 200 MB
KEPT = 2**17  # weights that a run keeps of its first network, half a megabyte: if it has more, none
SMALLEST = 1e-60  # what is smaller counts as this: a logarithm needs a number
MAP_SHARE = 90  # per cent of the work, when the map is drawn


def run(config: Scale, progress: Progress | None = None) -> Result:
    """Send signals up and gradients down through every size of the weights; train on request."""
    wanted = config.trainability == "on"
    rest = 100 - MAP_SHARE * wanted
    (forward, backward), papers, (theory, balanced) = _measured(config, part(progress, 0, 100, length=rest))
    ways, network = _first(config)
    return Result(
        config=config,
        sigma=SIGMA[config.init],
        ways=ways,
        forward=forward,
        backward=backward,
        theory=theory,
        balanced=balanced,
        papers=papers,
        learned=_map(config, part(progress, rest, 100, length=MAP_SHARE)) if wanted else np.zeros((0, 0, REPEATS)),
        balanced_map=propagation.balanced(config.activation, MAP_DEPTHS[-1]),
        network=network,
    )


def _measured(config: Scale, progress: Progress | None) -> tuple[tuple[Array, Array], Array, tuple[Array, float]]:
    """Sizes of activations and gradients, (L + 1, gains, R) each; the papers' ends (papers, 2, R); theory."""
    seeds = seeds_of(config.seed, REPEATS)
    some = [seeds[k : k + TOGETHER] for k in range(0, REPEATS, TOGETHER)]
    jobs: list[cores.Job[Any]] = [partial(_sizes, config, config.init, config.activation, GAINS, r) for r in some]
    jobs += [partial(_theory, config)] + [partial(_papers, config, r) for r in some]
    found = cores.each(jobs, progress, size=TOGETHER * config.width * len(GAINS) * SAMPLES)
    forward, backward = (np.concatenate(side, 2) for side in zip(*found[: len(some)], strict=True))
    return (forward, backward), np.concatenate(found[len(some) + 1 :], 2), found[len(some)]


def _theory(config: Scale, progress: Progress) -> tuple[Array, float]:
    """Powers of ten of both ends' sizes at infinite width (gains, 2), and the size at which gradients come back."""
    tell(progress, 0, 1)
    ways = [propagation.theory(config.activation, g * SIGMA[config.init], config.depth) for g in GAINS]
    ends = [(up[-1], down[0]) for up, down in ways]
    return np.log10(np.maximum(ends, SMALLEST)), propagation.balanced(config.activation, config.depth)


def _papers(config: Scale, seeds: range, progress: Progress) -> Array:
    """Powers of ten at both far ends of the papers' networks, of what goes up and what comes down (papers, 2, R)."""
    parts = [part(progress, k, len(PAPERS)) for k in range(len(PAPERS))]
    both = [_sizes(config, init, f, (1.0,), seeds, told) for (f, init), told in zip(PAPERS, parts, strict=True)]
    return np.stack([(up[-1, 0], down[0, 0]) for up, down in both])


def weights(config: Scale, init: str, seeds: range | None = None) -> list[Tensor]:
    """The layers' weights at gain 1, each (R, H, H), for some of the repeats or for all."""
    network = mlp.MLP((config.width,) * (config.depth + 1))
    return inits.start(network, inits.Init(init), seeds or seeds_of(config.seed, REPEATS), torch.float64)[::2]


def signals(config: Scale, seeds: range | None = None) -> tuple[Tensor, Tensor]:
    """Random inputs and random gradients, each (R, H, N), of size 1 exactly; for some of the repeats or for all."""
    draws = [
        torch.randn(2, config.width, SAMPLES, generator=torch.Generator().manual_seed(s), dtype=torch.float64)
        for s in seeds or seeds_of(config.seed, REPEATS)
    ]
    both = torch.stack(draws, 1)  # (2, R, H, N)
    x, g = both / both.square().mean((2, 3), keepdim=True).sqrt()
    return x, g


def _first(config: Scale) -> tuple[Array, dict[str, Array]]:
    """What there is of the first network: `_ways`, and its weights at the chosen gain by name, if not too many."""
    seeds = seeds_of(config.seed, 1)
    layers = [w[0] for w in weights(config, config.init, seeds)]
    few = config.depth * config.width**2 <= KEPT
    named = {f"layer{k}.weight": (config.gain * w).float().numpy() for k, w in enumerate(layers * few, 1)}
    return _ways(config, layers, signals(config, seeds)), named


def _ways(config: Scale, layers: list[Tensor], sent: tuple[Tensor, Tensor]) -> Array:
    """One signal on its way up through the layers (H, H), and one gradient on its way down, at the gains near the
    chosen one: (gains, 2, L + 1, units).
    """
    x, g = (both[0, :, :1] for both in sent)
    f, ways = activations.activation(config.activation), []
    for gain in (GAINS[k] for k in near(config.gain)):
        up, down, kept = [x], [g], []
        for w in layers:
            z = gain * w @ up[-1]
            up.append(torch.empty_like(z))
            f.forward(z, up[-1])
            kept.append(z if f.keeps == "input" else up[-1])
        for w in reversed(layers):
            back = torch.empty_like(g)
            f.backward(down[-1], kept.pop(), back)
            down.append(gain * w.T @ back)
        ways.append(torch.stack([torch.cat(way, 1).T[:, :SHOWN] for way in (up, down[::-1])]))
    return torch.stack(ways).numpy()


def _sizes(
    config: Scale, init: str, activation: str, gains: Sequence[float], seeds: range, progress: Progress | None
) -> tuple[Array, Array]:
    """Powers of ten of activations and of gradients, (L + 1, gains, R) each, the same draws for every gain."""
    both = propagation.sizes(weights(config, init, seeds), activation, signals(config, seeds), gains, progress)
    up, down = (np.log10(np.maximum(t.numpy(), SMALLEST)) for t in both)
    return up, down


def _map(config: Scale, progress: Progress | None) -> Array:
    """Share of 64 digits learned by heart, (gains, depths, R); the deepest begin, which take longest."""
    jobs = [partial(_column, config, depth) for depth in reversed(MAP_DEPTHS)]
    columns = cores.each(jobs, progress, size=len(MAP_GAINS) * REPEATS * MAP_WIDTH * MAP_SAMPLES)
    return np.stack(columns[::-1], 1)


def _column(config: Scale, depth: int, progress: Progress) -> Array:
    """Train every size of the weights at one depth: training accuracy (gains, R)."""
    network = mlp.MLP((64, *[MAP_WIDTH] * depth, 10), config.activation)
    seeds = seeds_of(config.seed, REPEATS)
    starts = [inits.start(network, inits.Init(config.init, gain), seeds) for gain in MAP_GAINS]
    x, y = data.standardised().train
    samples = (x[:MAP_SAMPLES], y[:MAP_SAMPLES])
    recipe = train.Recipe(steps=MAP_STEPS, optimiser="adam", lr=MAP_LR)
    history = train.train(network, inits.join(starts), samples, recipe, seeds=seeds, progress=progress)
    return measure.accuracy(network, history.params, samples).numpy().reshape(len(MAP_GAINS), REPEATS)
