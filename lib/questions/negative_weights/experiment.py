"""How the question is put to networks: what is trained, and what is measured on it."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from torch import Tensor

from lib.engine import cnn, cores, data, export, inits, measure, mlp, optimisers, train
from lib.engine.seeds import seeds_of
from lib.engine.train import History, Recipe, Snapshot
from lib.questions.negative_weights.config import PAIR, STARTS, NegativeWeights
from lib.questions.negative_weights.result import Pair, Result
from lib.types import Array, Progress

PAIRED = 10  # repeats of the paired comparison, whatever the number of repeats
BATCH, UNITS = 64, 32
FRAMES = 20  # moments of the training that can be scrubbed through
BINS = 60  # an even number, so that zero is an edge
CNN_WARMUP, CNN_CLIP = 100, 1.0  # without them most conv nets with non-negative starts die in the first steps


def run(config: NegativeWeights, progress: Progress | None = None) -> Result:
    """Train the chosen network, and ReLU and Leaky ReLU from the same draws, and count the negative weights."""
    activations = list(dict.fromkeys((config.activation, *PAIR)))
    jobs = [partial(_train, config, activation) for activation in activations]
    size = config.repeats * BATCH * UNITS
    trained = dict(zip(activations, cores.each(jobs, progress, size=size), strict=True))
    ends = [trained[activation][1] for activation in PAIR]
    pair = Pair(np.stack([end.share[:PAIRED] for end in ends]), np.stack([end.sound[:PAIRED] for end in ends]))
    return _result(config, *trained[config.activation], pair)


def _network(config: NegativeWeights, activation: str) -> mlp.MLP | cnn.CNN:
    if config.network == "cnn":
        return cnn.CNN(activation=activation)
    return mlp.MLP((64, UNITS, UNITS, 10), activation)


def _recipe(config: NegativeWeights) -> Recipe:
    gentle = config.network == "cnn"
    return train.Recipe(
        steps=config.steps,
        optimiser=config.optimiser,
        lr=config.lr,
        decay=config.decay,
        batch=BATCH,
        warmup=CNN_WARMUP if gentle else 0,
        clip=CNN_CLIP if gentle else None,
    )


@dataclass(frozen=True)
class _End:
    """How one training ended: share (R, L), accuracy (R,), dead (R,), sound (R,)."""

    share: Array
    accuracy: Array
    dead: Array
    sound: Array


def _train(config: NegativeWeights, activation: str, progress: Progress) -> tuple[History, _End]:
    """Train R repeats; of the chosen activation the whole way is recorded, of the others only the end."""
    network, whole = _network(config, activation), activation == config.activation
    seeds = seeds_of(config.seed, config.repeats) if whole else seeds_of(config.seed, config.repeats)[:PAIRED]
    start = inits.start(network, inits.Init(**STARTS[config.start]), seeds)

    def weights(snapshot: Snapshot) -> list[Tensor]:
        return measure.weights(network, snapshot.params)

    record = {"share": train.Record(lambda m: measure.share_negative(weights(m)), None if whole else [config.steps])}
    if whole:
        kept = train.spread_steps(config.steps, FRAMES)
        record["weights"] = train.Record(lambda m: measure.joined(weights(m)), kept)
    digits = data.digits()
    history = train.train(
        network, start, digits.train, _recipe(config), seeds=seeds, record=record, progress=progress
    )
    z = measure.outputs(network, history.params, digits.test_x)
    accuracy = (z.argmax(1) == digits.test_y).float().mean(1)
    dead = measure.constant(z)
    sound = (history.diverged < 0) & ~dead
    return history, _End(*(t.numpy() for t in (history.values["share"][-1], accuracy, dead, sound)))


def _result(config: NegativeWeights, history: History, end: _End, pair: Pair) -> Result:
    network = _network(config, config.activation)
    sizes = [w[0].numel() for w in measure.weights(network, history.params)]
    shapes = [w[0].shape for w in measure.weights(network, history.params)]
    blocks = history.values["weights"].split(sizes, 2)  # L times (F, R, O I)
    share = history.values["share"]  # (S, R, L)
    smallest = np.stack([block[0].amin(1).numpy() for block in blocks], 1)  # (R, L)
    of = np.flatnonzero(end.sound if end.sound.any() else ~end.sound).tolist()
    histograms = [measure.histogram(block[:, of].flatten(1), BINS) for block in blocks]
    return Result(
        config=config,
        layers=tuple(str(i + 1) for i in range(len(sizes))),
        filters=tuple(name == "filters" for name, _ in network.shapes() if name != "bias"),
        epoch=len(data.digits().x) // BATCH,
        steps=np.array(history.steps["share"]),
        share=share.numpy(),
        bias_share=measure.share_negative(measure.biases(network, history.params)).numpy(),
        first=measure.first_true(share > 0).numpy(),
        smallest=smallest,
        earliest=_earliest(config, smallest),
        reach=_reach(config)[-1] if config.optimiser == "adam" else 0.0,
        accuracy=end.accuracy,
        diverged=history.diverged.numpy(),
        dead=end.dead,
        frames=np.array(history.steps["weights"]),
        edges=tuple(edges.numpy() for edges, _ in histograms),
        density=tuple(density.numpy() for _, density in histograms),
        weights=tuple(b[:, of[0]].view(-1, *shape).numpy() for b, shape in zip(blocks, shapes, strict=True)),
        pair=pair,
        network=export.named(network, history.params, of[0]),
    )


def _earliest(config: NegativeWeights, smallest: Array) -> Array:
    """First step (R, L) at which Adam could have carried the smallest weight below zero; 0 where it says nothing.

    Weight decay is part of the gradient here (coupled, as in `torch.optim.Adam`), so the bound covers it.
    """
    if config.optimiser != "adam":
        return np.zeros_like(smallest, dtype=int)
    return np.searchsorted(_reach(config), smallest, side="right")  # config.steps + 1: not within this training


def _reach(config: NegativeWeights) -> Array:
    """How far Adam can have moved any weight after 0, 1, ... steps: (steps + 1,)."""
    recipe = _recipe(config)
    lrs = [config.lr * (min(1.0, (t + 1) / recipe.warmup) if recipe.warmup else 1.0) for t in range(config.steps)]
    return np.array([0.0, *optimisers.adam_reach(lrs)]) * (1 + 1e-5)  # float32 rounds each step
