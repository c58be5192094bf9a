"""Can a ReLU network have negative weights?

Networks that start without a single negative weight are trained on scikit-learn's digits, and their weights are
counted. A rectifier makes a unit's output non-negative; the gradient of a weight is (what comes back) * (what came
in), and what comes back has either sign, so nothing keeps a weight from falling below zero.

The theorem on the page: Adam (Kingma and Ba 2015) moves a weight at step t by at most lr_t * c_t, where by Cauchy's
inequality c_t^2 = sum_i a_i^2 / b_i with a_i, b_i the weights of gradient i in the bias-corrected first and second
moment. A weight that starts at w_min therefore cannot be negative before the c_t * lr_t add up to w_min, which in
the first steps (c_t is close to 1) is the rule of thumb w_min / lr.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lib import engine
from lib.config import Config, Verdict, choice
from lib.verdicts.negative_weights import all_verdicts

if TYPE_CHECKING:
    from torch import Tensor

    from lib.engine.train import History, Moment, Recipe

Array = np.ndarray[Any, Any]
Progress = Callable[[int, int], object]

STARTS: dict[str, dict[str, Any]] = {  # the arguments of `inits.Init`
    "abs_he/4": {"scheme": "he", "gain": 0.25, "nonnegative": True},
    "abs_he": {"scheme": "he", "nonnegative": True},
    "lifted": {"scheme": "he", "gain": 0.25, "nonnegative": True, "floor": 0.05},
    "uniform": {"scheme": "uniform", "nonnegative": True},
    "he": {"scheme": "he"},
}
PAIR = ("relu", "leaky_relu")
PAIRED = 10  # repeats of the paired comparison, whatever the number of repeats
BATCH = 64
FRAMES = 20  # moments of the training that can be scrubbed through
BINS = 60  # an even number, so that zero is an edge
CNN_WARMUP, CNN_CLIP = 100, 1.0  # without them most conv nets with non-negative starts die in the first steps


@dataclass(frozen=True)
class NegativeWeights(Config):
    """What the reader may choose."""

    network: str = choice("mlp", among=("mlp", "cnn"))
    activation: str = choice("relu", among=("relu", "leaky_relu", "tanh", "sigmoid"))
    start: str = choice("abs_he/4", among=tuple(STARTS))
    optimiser: str = choice("adam", among=("adam", "momentum", "sgd"))
    lr: float = choice(0.005, among=(0.0001, 0.0003, 0.001, 0.003, 0.005, 0.01, 0.03, 0.1, 0.3, 1.0))
    decay: float = choice(0.0, among=(0.0, 0.0001, 0.001, 0.01, 0.1))
    steps: int = choice(300, among=(1, 3, 10, 30, 100, 300, 600))
    repeats: int = choice(10, among=(10, 16))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = NegativeWeights(network="cnn", activation="tanh", steps=600, repeats=16)


@dataclass(frozen=True)
class Pair:
    """ReLU and Leaky ReLU (the first axis) from the same starting draws, over R = 10 repeats and L layers."""

    share: Array  # (2, R, L) share of negative weights at the end
    accuracy: Array  # (2, R) share of test digits recognised
    sound: Array  # (2, R) bool: neither diverged nor dead

    @property
    def medians(self) -> list[list[float]]:
        """Median share per activation and layer, over all repeats."""
        return np.median(self.share, 1).tolist()


@dataclass(frozen=True)
class Result:
    """What the trainings gave; R repeats, L layers, S steps, F frames, O x I one layer's weights."""

    config: NegativeWeights
    layers: tuple[str, ...]  # "1", "2", ...
    filters: tuple[bool, ...]  # whether the layer is a convolution
    epoch: int  # steps per pass over the training digits
    steps: Array  # (S,)
    share: Array  # (S, R, L) share of negative weights
    bias_share: Array  # (R, L) share of negative biases at the end (all start at 0)
    first: Array  # (R, L) step after which the first weight is negative, -1 if never
    smallest: Array  # (R, L) smallest starting weight
    earliest: Array  # (R, L) Adam's theorem: no weight can be negative before this step; 0 if it says nothing
    accuracy: Array  # (R,) share of test digits recognised at the end
    diverged: Array  # (R,) step at which a network diverged, -1 otherwise
    dead: Array  # (R,) bool: gives the same answer to every image
    frames: Array  # (F,) steps at which weights were kept
    edges: tuple[Array, ...]  # L times (B + 1,) bin edges of the histograms
    density: tuple[Array, ...]  # L times (F, B) share of weights per bin, pooled over repeats
    weights: tuple[Array, ...]  # L times (F, O, I) weights of the first sound repeat
    pair: Pair

    @property
    def sound(self) -> Array:
        """(R,) bool: the repeats that neither diverged nor died; all figures speak of them."""
        return (self.diverged < 0) & ~self.dead

    def shown(self, values: Array) -> Array:
        """Of values (S, R, ...) the sound repeats; all of them if none is sound."""
        return values[:, self.sound] if self.sound.any() else values

    @property
    def medians(self) -> list[float]:
        """Median share of negative weights per layer at the end."""
        return np.median(self.shown(self.share)[-1], 0).tolist()

    @property
    def highest(self) -> float:
        """Upper end of the axes for shares: 60 % unless the run needs more, so that pictures stay comparable."""
        top = max(float(self.shown(self.share).max()), float(self.pair.share.max()))
        return 0.6 if top <= 0.58 else 1.02

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The sentences that the data choose, with their numbers."""
        return all_verdicts(self)

    def over_steps(self) -> pd.DataFrame:
        """The main figure's lines: per step the median share of negative weights of each layer."""
        medians = np.median(self.shown(self.share), 1)  # (S, L)
        return pd.DataFrame(medians, columns=[f"layer_{n}" for n in self.layers]).assign(step=self.steps)

    def table(self) -> pd.DataFrame:
        """One row per repeat and layer: the numbers behind verdict and figures."""
        repeats, layers = self.first.shape
        return pd.DataFrame(
            {
                "repeat": np.repeat(np.arange(repeats), layers),
                "layer": [int(layer) for layer in self.layers] * repeats,
                "negative_start": self.share[0].ravel(),
                "negative_end": self.share[-1].ravel(),
                "negative_biases_end": self.bias_share.ravel(),
                "first_negative_step": self.first.ravel(),
                "smallest_start_weight": self.smallest.ravel(),
                "not_before_step": self.earliest.ravel(),
                "test_accuracy": np.repeat(self.accuracy, layers),
                "diverged_at_step": np.repeat(self.diverged, layers),
                "dead": np.repeat(self.dead, layers),
                **{f"{name}_negative_end": self._padded(k) for k, name in enumerate(PAIR)},
            }
        )

    def _padded(self, activation: int) -> Array:
        """One half of the pair as a column of the table, empty where a repeat has no pair."""
        column = np.full(self.first.size, np.nan)
        column[: self.pair.share[activation].size] = self.pair.share[activation].ravel()
        return column


def run(config: NegativeWeights, progress: Progress | None = None) -> Result:
    """Train the chosen network, and ReLU and Leaky ReLU from the same draws, and count the negative weights."""
    activations = list(dict.fromkeys((config.activation, *PAIR)))
    trained: dict[str, tuple[History, _End]] = {}
    for index, activation in enumerate(activations):
        network = _network(config, activation)
        done = _stretch(progress, index, len(activations))
        trained[activation] = _train(network, config, done, whole=activation == config.activation)
    ends = [trained[activation][1] for activation in PAIR]
    pair = Pair(
        np.stack([end.share[:PAIRED] for end in ends]),
        np.stack([end.accuracy[:PAIRED] for end in ends]),
        np.stack([end.sound[:PAIRED] for end in ends]),
    )
    return _result(config, *trained[config.activation], pair)


def _stretch(progress: Progress | None, index: int, count: int) -> Progress | None:
    """Progress of one of `count` equal trainings, as progress of them all."""
    if progress is None:
        return None
    return lambda done, total: progress(index * total + done, count * total)


def _network(config: NegativeWeights, activation: str) -> "engine.mlp.MLP | engine.cnn.CNN":
    if config.network == "cnn":
        return engine.cnn.CNN(activation=activation)
    return engine.mlp.MLP((64, 32, 32, 10), activation)


def _recipe(config: NegativeWeights) -> "Recipe":
    gentle = config.network == "cnn"
    return engine.train.Recipe(
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


def _train(
    network: Any, config: NegativeWeights, progress: Progress | None, *, whole: bool
) -> "tuple[History, _End]":
    """Train R repeats; with `whole` the way is remembered, otherwise only the end."""
    measure, train = engine.measure, engine.train
    seeds = _seeds(config) if whole else _seeds(config)[:PAIRED]
    start = engine.inits.start(network, engine.inits.Init(**STARTS[config.start]), seeds)

    def weights(moment: "Moment") -> "list[Tensor]":
        return measure.weights(network, moment.params)

    remember = {
        "share": train.Remember(lambda m: measure.share_negative(weights(m)), None if whole else [config.steps])
    }
    if whole:
        kept = train.spread_steps(config.steps, FRAMES)
        remember["weights"] = train.Remember(lambda m: measure.joined(weights(m)), kept)
    data = engine.data.digits()
    history = train.train(
        network, start, data.train, _recipe(config), seeds=seeds, remember=remember, progress=progress
    )
    z = measure.outputs(network, history.params, data.test_x)
    accuracy = (z.argmax(1) == data.test_y).float().mean(1)
    dead = measure.constant(z)
    sound = (history.diverged < 0) & ~dead
    return history, _End(*(t.numpy() for t in (history.values["share"][-1], accuracy, dead, sound)))


def _seeds(config: NegativeWeights) -> range:
    """One seed per repeat; a thousand apart, so that no two of the reader's seeds share a starting draw."""
    return range(config.seed * 1000, config.seed * 1000 + config.repeats)


def _result(config: NegativeWeights, history: "History", end: _End, pair: Pair) -> Result:
    measure = engine.measure
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
        epoch=len(engine.data.digits().x) // BATCH,
        steps=np.array(history.steps["share"]),
        share=share.numpy(),
        bias_share=measure.share_negative(measure.biases(network, history.params)).numpy(),
        first=measure.first_true(share > 0).numpy(),
        smallest=smallest,
        earliest=_earliest(config, smallest),
        accuracy=end.accuracy,
        diverged=history.diverged.numpy(),
        dead=end.dead,
        frames=np.array(history.steps["weights"]),
        edges=tuple(edges.numpy() for edges, _ in histograms),
        density=tuple(density.numpy() for _, density in histograms),
        weights=tuple(b[:, of[0]].view(-1, *shape).numpy() for b, shape in zip(blocks, shapes, strict=True)),
        pair=pair,
    )


def _earliest(config: NegativeWeights, smallest: Array) -> Array:
    """First step (R, L) at which Adam could have carried the smallest weight below zero; 0 where it says nothing.

    Weight decay is part of the gradient here (coupled, as in `torch.optim.Adam`), so the bound covers it.
    """
    if config.optimiser != "adam":
        return np.zeros_like(smallest, dtype=int)
    recipe = _recipe(config)
    lrs = [config.lr * (min(1.0, (t + 1) / recipe.warmup) if recipe.warmup else 1.0) for t in range(config.steps)]
    reach = np.array([0.0, *engine.optimisers.adam_reach(lrs)]) * (1 + 1e-5)  # float32 rounds each step
    return np.searchsorted(reach, smallest, side="right")  # config.steps + 1: not within this training


if __name__ == "__main__":
    from lib.command import command_line

    command_line(NegativeWeights, run)
