"""How the question is put to networks: what is trained, and what is measured on it."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from lib.engine import activations, data, inits, measure, mlp, train
from lib.engine.progress import part
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
TOGETHER = 2  # repeats computed at once
KEPT = 2**17  # weights that a run keeps of its first network, half a megabyte: if it has more, none
SMALLEST = 1e-60  # what is smaller counts as this: a logarithm needs a number
MAP_SHARE = 90  # per cent of the work, when the map is drawn


def run(config: Scale, progress: Progress | None = None) -> Result:
    """Send signals up and gradients down through every size of the weights; train on request."""
    wanted = config.trainability == "on"
    rest = 100 - MAP_SHARE * wanted
    forward, backward = _sizes(config, config.init, config.activation, GAINS, part(progress, 0, 100, length=rest))
    theory = [propagation.theory(config.activation, g * SIGMA[config.init], config.depth) for g in GAINS]
    ends = [(up[-1], down[0]) for up, down in theory]
    papers = [
        [side[-1 if k == 0 else 0, 0] for k, side in enumerate(_sizes(config, init, activation, (1.0,), None))]
        for activation, init in PAPERS
    ]
    ways, network = _first(config)
    return Result(
        config=config,
        sigma=SIGMA[config.init],
        ways=ways,
        forward=forward,
        backward=backward,
        theory=np.log10(np.maximum(ends, SMALLEST)),
        balanced=propagation.balanced(config.activation, config.depth),
        papers=np.array(papers),
        learned=_map(config, part(progress, rest, 100, length=MAP_SHARE)) if wanted else np.zeros((0, 0, REPEATS)),
        balanced_map=propagation.balanced(config.activation, MAP_DEPTHS[-1]),
        network=network,
    )


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
    config: Scale, init: str, activation: str, gains: Sequence[float], progress: Progress | None
) -> tuple[Array, Array]:
    """Powers of ten of activations and of gradients, (L + 1, gains, R) each, the same draws for every gain."""
    parts = []
    for k in range(0, REPEATS, TOGETHER):  # all of them, in double precision, would take 200 MB
        seeds = seeds_of(config.seed, REPEATS)[k : k + TOGETHER]
        told = part(progress, k // TOGETHER, REPEATS // TOGETHER)
        layers = weights(config, init, seeds)
        both = propagation.sizes(layers, activation, signals(config, seeds), gains, told)
        parts.append([np.log10(np.maximum(t.numpy(), SMALLEST)) for t in both])
    up, down = (np.concatenate(side, 2) for side in zip(*parts, strict=True))
    return up, down


def _map(config: Scale, progress: Progress | None) -> Array:
    """Share of 64 digits learned by heart, (gains, depths, R)."""
    done, total, columns = 0, sum(MAP_DEPTHS), []
    for depth in MAP_DEPTHS:
        columns.append(_column(config, depth, part(progress, done, total, length=depth)))
        done += depth
    return np.stack(columns, 1)


def _column(config: Scale, depth: int, progress: Progress | None) -> Array:
    """Train every size of the weights at one depth: training accuracy (gains, R)."""
    network = mlp.MLP((64, *[MAP_WIDTH] * depth, 10), config.activation)
    seeds = seeds_of(config.seed, REPEATS)
    starts = [inits.start(network, inits.Init(config.init, gain), seeds) for gain in MAP_GAINS]
    x, y = data.standardised().train
    samples = (x[:MAP_SAMPLES], y[:MAP_SAMPLES])
    recipe = train.Recipe(steps=MAP_STEPS, optimiser="adam", lr=MAP_LR)
    history = train.train(network, inits.join(starts), samples, recipe, seeds=seeds, progress=progress)
    return measure.accuracy(network, history.params, samples).numpy().reshape(len(MAP_GAINS), REPEATS)
