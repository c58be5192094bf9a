"""How large should random weights be?

A stack of equal layers without biases, random inputs of size 1 at the bottom and a random gradient of size 1 at the
top: how large are activations and gradients at every layer? Against mean-field theory (Poole et al. 2016; Schoenholz
et al. 2017), for the schemes of LeCun et al. 1998, Glorot and Bengio 2010, He et al. 2015 and Saxe et al. 2014. With
variance sigma^2 / width, layers keep a linear signal for sigma = 1 and one through ReLU for sigma = sqrt(2). On
request, the networks are trained: which learn 64 digits by heart, by size of the weights and by depth?
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lib import engine
from lib.config import Config, choice
from lib.questions.scale.result import GAINS, MAP_DEPTHS, MAP_GAINS, PAPERS, Result

if TYPE_CHECKING:
    from torch import Tensor

Array = np.ndarray[Any, Any]
Progress = Callable[[int, int], object]
REPEATS, SAMPLES = 10, 16
TOGETHER = 2  # repeats computed at once
SIGMA = {"he": 2**0.5, "xavier": 1.0, "lecun": 1.0, "orthogonal": 1.0, "standard": 3**-0.5}  # in equal layers
MAP_WIDTH, MAP_SAMPLES, MAP_STEPS, MAP_LR = 24, 64, 60, 0.003
MAP_RECIPE = {"units": MAP_WIDTH, "samples": MAP_SAMPLES, "steps": MAP_STEPS, "lr": MAP_LR}
SMALLEST = 1e-60  # what is smaller counts as this: a logarithm needs a number
MAP_SHARE = 0.9  # of the work, when the map is drawn


@dataclass(frozen=True)
class Scale(Config):
    """What the reader may choose."""

    gain: float = choice(1.0, among=GAINS)
    depth: int = choice(20, among=(1, 2, 3, 5, 10, 20, 22, 30, 50))
    activation: str = choice("relu", among=("relu", "tanh", "sigmoid", "gelu", "identity"))
    init: str = choice("he", among=tuple(SIGMA))
    trainability: str = choice("off", among=("off", "on"))
    width: int = choice(64, among=(32, 64, 128))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = Scale(depth=50, activation="tanh", trainability="on", width=128, init="orthogonal")


def run(config: Scale, progress: Progress | None = None) -> Result:
    """Send signals up and gradients down through every size of the weights; train on request."""
    wanted = config.trainability == "on"
    whole = 1 - MAP_SHARE * wanted
    forward, backward = _sizes(config, config.init, config.activation, GAINS, _part(progress, 0, whole * 0.8))
    theory = [engine.propagation.theory(config.activation, g * SIGMA[config.init], config.depth) for g in GAINS]
    papers = [
        [side[-1 if k == 0 else 0, 0] for k, side in enumerate(_sizes(config, init, activation, (1.0,), None))]
        for activation, init in PAPERS
    ]  # fmt: skip
    return Result(
        config=config,
        sigma=SIGMA[config.init],
        forward=forward,
        backward=backward,
        forward_theory=np.log10(np.maximum([f for f, _ in theory], SMALLEST)).T,
        backward_theory=np.log10(np.maximum([b for _, b in theory], SMALLEST)).T,
        balanced=engine.propagation.balanced(config.activation, config.depth),
        papers=np.array(papers),
        learned=_map(config, _part(progress, whole, 1 - whole)) if wanted else np.zeros((0, 0, REPEATS)),
        balanced_map=engine.propagation.balanced(config.activation, MAP_DEPTHS[-1]),
    )


def _part(progress: Progress | None, begin: float, length: float) -> Progress | None:
    """Progress of one part of the work as progress of it all, in thousandths."""
    if progress is None:
        return None
    return lambda done, total: progress(round(1000 * (begin + length * done / total)), 1000)


def _seeds(config: Scale) -> range:
    return range(config.seed * 1000, config.seed * 1000 + REPEATS)


def weights(config: Scale, init: str, seeds: range | None = None) -> "list[Tensor]":
    """The layers' weights at gain 1, each (R, H, H), for some of the repeats or for all."""
    import torch

    network = engine.mlp.MLP((config.width,) * (config.depth + 1))
    return engine.inits.start(network, engine.inits.Init(init), seeds or _seeds(config), torch.float64)[::2]


def signals(config: Scale, seeds: range | None = None) -> "tuple[Tensor, Tensor]":
    """Random inputs and random gradients, each (R, H, N), of size 1 exactly; for some of the repeats or for all."""
    import torch

    draws = [
        torch.randn(2, config.width, SAMPLES, generator=torch.Generator().manual_seed(s), dtype=torch.float64)
        for s in seeds or _seeds(config)
    ]
    both = torch.stack(draws, 1)  # (2, R, H, N)
    x, g = both / both.square().mean((2, 3), keepdim=True).sqrt()
    return x, g


def _sizes(
    config: Scale, init: str, activation: str, gains: Sequence[float], progress: Progress | None
) -> tuple[Array, Array]:
    """Powers of ten of activations and of gradients, (L + 1, gains, R) each, the same draws for every gain."""
    parts = []
    for k in range(0, REPEATS, TOGETHER):  # all of them, in double precision, would take 200 MB
        seeds = _seeds(config)[k : k + TOGETHER]
        told = engine.tuning.part(progress, k // TOGETHER, REPEATS // TOGETHER)
        layers = weights(config, init, seeds)
        both = engine.propagation.sizes(layers, activation, signals(config, seeds), gains, told)
        parts.append([np.log10(np.maximum(t.numpy(), SMALLEST)) for t in both])
    up, down = (np.concatenate(side, 2) for side in zip(*parts, strict=True))
    return up, down


def _map(config: Scale, progress: Progress | None) -> Array:
    """Share of 64 digits learned by heart, (gains, depths, R)."""
    done, total, columns = 0, sum(MAP_DEPTHS), []
    for depth in MAP_DEPTHS:
        columns.append(_column(config, depth, _within(progress, done, depth, total)))
        done += depth
    return np.stack(columns, 1)


def _within(progress: Progress | None, before: int, depth: int, total: int) -> Progress | None:
    if progress is None:
        return None
    return lambda done, of: progress(round(100 * (before + depth * done / of)), 100 * total)


def _column(config: Scale, depth: int, progress: Progress | None) -> Array:
    """Train every size of the weights at one depth: training accuracy (gains, R)."""
    train, inits = engine.train, engine.inits
    network = engine.mlp.MLP((64, *[MAP_WIDTH] * depth, 10), config.activation)
    starts = [inits.start(network, inits.Init(config.init, gain), _seeds(config)) for gain in MAP_GAINS]
    x, y = engine.data.standardised().train
    data = (x[:MAP_SAMPLES], y[:MAP_SAMPLES])
    recipe = train.Recipe(steps=MAP_STEPS, optimiser="adam", lr=MAP_LR)
    history = train.train(network, inits.join(starts), data, recipe, seeds=_seeds(config), progress=progress)
    return engine.measure.accuracy(network, history.params, data).numpy().reshape(len(MAP_GAINS), REPEATS)
