"""How the question is put to networks: what is trained, and what is measured on it."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
from torch import Tensor

from lib.engine import cores, data, export, inits, measure, mlp, train
from lib.engine.mlp import MLP
from lib.engine.progress import part
from lib.engine.seeds import seeds_of
from lib.engine.signals import distinct, matrix_rank
from lib.questions.must_it_be_random.config import GOAL, LRS, STARTS, MustItBeRandom
from lib.questions.must_it_be_random.result import Result
from lib.types import Array, Progress

REPEATS = 10
WIDTH = 64
BATCH = 16
JUDGES = 400  # training digits on which the learning rate is chosen and the way back is followed
LOOKS = (0, 1, 3, 10, 30, 100, 300)  # steps at which matrices are drawn


def hadamard(n: int) -> Array:
    """Sylvester's matrix (n, n) of 1 and -1 with orthogonal rows; n a power of two."""
    m = np.ones((1, 1))
    while len(m) < n:
        m = np.block([[m, m], [m, -m]])
    return m


def cosines(n: int) -> Array:
    """The discrete cosine transform (DCT-II), orthonormal: (n, n)."""
    m = np.cos(np.pi * np.arange(n)[:, None] * (np.arange(n) + 0.5) / n) * np.sqrt(2 / n)
    m[0] /= np.sqrt(2)
    return m


PATTERNS: dict[str, Callable[[int, int], Array]] = {
    "hadamard": lambda o, i: hadamard(i)[:o],
    "dct": lambda o, i: cosines(i)[:o],
    "identity": np.eye,
    "sine": lambda o, i: np.sin(0.7 * np.arange(1.0, o * i + 1) ** 2).reshape(o, i),
    "ramp": lambda o, i: np.linspace(-1, 1, o * i).reshape(o, i),
    "constant": lambda o, i: np.ones((o, i)),
}


def pattern(name: str, shape: tuple[int, ...], gain: float) -> Array:
    """One deterministic weight matrix `shape` whose rows have, on average, length `gain` (half: 0.5 everywhere)."""
    if name == "half":
        return np.full(shape, 0.5)
    m = PATTERNS[name](*shape)
    return m * gain * np.sqrt(shape[0] / (m**2).sum())


class Road(NamedTuple):
    """What one learning rate made of all C starts and R repeats, C R networks side by side."""

    params: list[Tensor]  # (C R, *shape) at the end
    final: Array  # (C, R) training loss, infinite where diverged
    accuracy: Array  # (C, R) on the test digits
    diverged: Array  # (C, R) step, or -1
    first: Array  # (F, C, H, 64) the first repeat's first layer at each look, in half precision


def run(config: MustItBeRandom, progress: Progress | None = None) -> Result:
    """Train every start at every learning rate side by side, then once more from the exact opposite of a solution."""
    network = mlp.MLP((64,) + (WIDTH,) * config.depth + (10,), config.activation)
    seeds = seeds_of(config.seed, REPEATS)
    start = inits.join(_starts(network, config, seeds))
    roads = cores.each(
        [partial(_road, network, start, config, seeds, lr) for lr in LRS],
        part(progress, 0, 10, length=8), size=len(start[0]) * WIDTH * BATCH,
    )  # fmt: skip
    return _result(config, network, start, roads, seeds, part(progress, 8, 10, length=2))


def _starts(network: MLP, config: MustItBeRandom, seeds: range) -> list[list[Tensor]]:
    """Starting parameters (R, *shape) of all starts; jitter is in units of the good starts' root mean square."""
    gain = 2**0.5 if config.activation == "relu" else 1.0
    noise = inits.start(network, inits.Init("lecun", gain), seeds)
    other = inits.start(network, inits.Init("lecun", gain), [seed + 500 for seed in seeds])  # not the Gaussian's own
    drawn = {"gaussian": noise, "orthogonal": inits.start(network, inits.Init("orthogonal", gain), seeds)}
    starts = [drawn.get(name) or [_filled(name, like, gain) for like in noise] for name in STARTS]
    return [[w + config.jitter * z for w, z in zip(start, other, strict=True)] for start in starts]


def _filled(name: str, like: Tensor, gain: float) -> Tensor:
    """The pattern in the shape of a parameter (R, ...), the same for every repeat; biases stay 0."""
    if like.dim() == 2:
        return like.new_zeros(like.shape)
    return like.new_tensor(pattern(name, tuple(like.shape[1:]), gain)).expand_as(like).clone()


def _looks(config: MustItBeRandom) -> list[int]:
    return [step for step in LOOKS if step <= config.steps]


def _judges() -> tuple[Tensor, Tensor]:
    digits = data.digits(centred=True)
    return digits.x[:JUDGES], digits.y[:JUDGES]


def _road(
    network: MLP, start: list[Tensor], config: MustItBeRandom, seeds: range, lr: float, progress: Progress
) -> Road:
    """Train all starts at one learning rate."""
    digits, shape = data.digits(centred=True), (len(STARTS), REPEATS)
    history = train.train(
        network, start, digits.train, train.Recipe(steps=config.steps, lr=lr, batch=BATCH), seeds=seeds,
        record={"first": train.Record(lambda m: m.params[0].half(), _looks(config))}, progress=progress,
    )  # fmt: skip
    diverged = history.diverged.numpy().reshape(shape)
    final = measure.loss(network, history.params, _judges(), "cross_entropy").numpy().astype(float).reshape(shape)
    accuracy = measure.accuracy(network, history.params, digits.test).numpy().astype(float).reshape(shape)
    first = history.values["first"][:, ::REPEATS].numpy().copy()  # of which nothing else keeps hold
    return Road(history.params, np.where(diverged >= 0, np.inf, final), accuracy, diverged, first)


def _result(
    config: MustItBeRandom, network: MLP, start: list[Tensor], roads: list[Road], seeds: range,
    progress: Progress | None,
) -> Result:  # fmt: skip
    final, accuracy, diverged = (
        np.stack([getattr(road, name) for road in roads], 1) for name in ("final", "accuracy", "diverged")
    )  # (C, L, R) each
    best = np.median(final, 2).argmin(1)  # (C,), the training loss decides
    ended = _chosen(roads, best)
    gaussian = slice(REPEATS)  # the first condition
    began, solved = ([p[gaussian].clone() for p in params] for params in (start, ended))
    jobs = [
        partial(_reads, network, start, config, seeds, best),
        partial(_way_back, config, network, began, solved, seeds, LRS[int(best[0])]),
        *(partial(_layers, config, params) for params in (start, ended)),
    ]
    reads, back, before, after = cores.each(jobs, progress, size=len(start[0]) * WIDTH * BATCH)
    at_end = accuracy[np.arange(len(STARTS)), best][None]  # (1, C, R)
    chosen = STARTS.index(config.start)
    first_sound = int((diverged[chosen, best[chosen]] < 0).argmax())
    shown = np.stack([roads[k].first[:, c] for c, k in enumerate(best)], 1)
    first = start[0].numpy().reshape(len(STARTS), REPEATS, WIDTH, 64)
    return Result(
        config=config,
        best=best,
        final=final,
        accuracy=accuracy,
        diverged=diverged,
        units=distinct(first),
        rank=before["rank"],
        rank_end=after["rank"],
        looked=np.array(_looks(config)),
        shown=np.nan_to_num(shown.astype(np.float32)),
        read=np.concatenate([reads["read"], at_end]),
        apart=np.stack([before["apart"], after["apart"]]),
        network=export.named(network, ended, chosen * REPEATS + first_sound),
        **_beliefs(network, began, solved),
        **back,
    )


def _chosen(roads: list[Road], best: Array) -> list[Tensor]:
    """Parameters (C R, *shape) of every start at the end of its best learning rate."""
    parts = [[p[c * REPEATS : (c + 1) * REPEATS] for p in roads[k].params] for c, k in enumerate(best)]
    return inits.join(parts)


def _reads(
    network: MLP, start: list[Tensor], config: MustItBeRandom, seeds: range, best: Array, progress: Progress
) -> dict[str, Array]:
    """Test accuracy (F - 1, C, R) of every start at its best learning rate, at the looks before the end.

    They are trained once more, up to there: to keep all parameters at all looks, of which one in four is looked at,
    would take 100 MB, and to look at all of them three times as long.
    """
    digits = data.digits(centred=True)
    looks = [step for step in _looks(config) if step < config.steps]
    lrs = np.repeat([LRS[k] for k in best], REPEATS)
    history = train.train(
        network, start, digits.train, train.Recipe(steps=looks[-1], lr=tuple(lrs.tolist()), batch=BATCH),
        seeds=seeds, progress=progress,
        record={"read": train.Record(lambda m: measure.accuracy(network, m.params, digits.test), looks)},
    )  # fmt: skip
    return {"read": history.values["read"].numpy().astype(float).reshape(len(looks), len(STARTS), REPEATS)}


def _layers(config: MustItBeRandom, params: list[Tensor], progress: Progress) -> dict[str, Array]:
    """Of networks (C R, ...), each (C, R): the first layer's rank, and how many of `JUDGES` digits can be told apart
    behind the last hidden layer.
    """
    hidden = mlp.MLP((64,) + (WIDTH,) * config.depth, config.activation, output=config.activation)
    seen = measure.outputs(hidden, params[:-2], _judges()[0]).transpose(1, 2)  # (C R, JUDGES, H)
    apart = np.stack([distinct(h.numpy().astype(float)) for h in seen])
    ranks = matrix_rank(params[0].numpy())
    return {"apart": apart.reshape(len(STARTS), REPEATS), "rank": ranks.reshape(len(STARTS), REPEATS)}


def _beliefs(network: MLP, start: list[Tensor], solved: list[Tensor]) -> dict[str, Array]:
    """Where trained weights lie: their mean, and how far from four places; each (R,)."""
    ended, began = (measure.joined(measure.weights(network, p)).numpy().astype(float) for p in (solved, start))
    places = {"own": began, "other": np.roll(began, 1, axis=0), "zero": 0 * began, "half": 0 * began + 0.5}
    return {
        "mean": ended.mean(1),
        "away": np.stack([np.sqrt(((ended - place) ** 2).sum(1)) for place in places.values()]),
    }


def _way_back(
    config: MustItBeRandom, network: MLP, start: list[Tensor], solved: list[Tensor], seeds: range, lr: float,
    progress: Progress,
) -> dict[str, Array]:  # fmt: skip
    """Accuracy (S, 2, R) on training digits from the Gaussian start and from the solution with its output negated.

    Until all of them have been as good as the goal, at the latest to the last step.
    """
    digits = data.digits(centred=True)
    opposite = [*solved[:-2], -solved[-2], -solved[-1]]  # every output is the exact opposite of the solution's
    watch = train.Record(
        lambda m: measure.accuracy(network, m.params, _judges()), train.spread_steps(config.steps, 30)
    )
    history = train.train(
        network, inits.join([start, opposite]), digits.train,
        train.Recipe(steps=config.steps, lr=lr, batch=BATCH), seeds=seeds, record={"way": watch}, progress=progress,
        until=lambda so_far: bool((so_far.values["way"].amax(0) >= GOAL).all()),
    )  # fmt: skip
    values = history.values["way"].numpy().astype(float)
    return {"way_steps": np.array(history.steps["way"]), "way": values.reshape(len(values), 2, REPEATS)}
