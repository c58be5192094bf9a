"""How the question is put to networks: what is trained, and what is measured on it."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import torch
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
# Starts that train side by side: few enough for a core's second cache; the Gaussian's piece has the way back to go as
# well, and as many of them are done on one core as on the other.
PIECES = (("gaussian", "orthogonal"), ("hadamard", "dct", "identity"), ("sine", "ramp"), ("constant", "half"))


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


class Learned(NamedTuple):
    """What became of C starts, each R times; where no rate is named, at the best one of each."""

    best: Array  # (C,) which learning rate
    final: Array  # (C, L, R) training loss at the end, infinite where diverged
    accuracy: Array  # (C, L, R) on the test digits
    diverged: Array  # (C, L, R) step, or -1
    shown: Array  # (F, C, H, 64) the first repeat's first layer at each look, in half precision
    read: Array  # (F - 1, C, R) test accuracy at the looks before the end
    units: Array  # (C, R) different units of the first layer at the start
    rank: Array  # (2, C, R) of the first layer, at the start and at the end
    apart: Array  # (2, C, R) digits that can be told apart behind the last hidden layer
    ended: list[Tensor]  # (C R, *shape) parameters at the end
    gaussian: dict[str, Array]  # what is asked of the Gaussian start alone, if it is among them


class Road(NamedTuple):
    """What one learning rate made of C starts and R repeats, C R networks side by side."""

    params: list[Tensor]  # (C R, *shape) at the end
    looks: Tensor  # (F - 1, C R, P) all parameters at the looks before the end
    final: Array  # (C, R)
    accuracy: Array  # (C, R)
    diverged: Array  # (C, R)


def run(config: MustItBeRandom, progress: Progress | None = None) -> Result:
    """Train every start at every learning rate, then the Gaussian once more from the exact opposite of a solution."""
    network = mlp.MLP((64,) + (WIDTH,) * config.depth + (10,), config.activation)
    seeds = seeds_of(config.seed, REPEATS)
    starts = _starts(network, config, seeds)
    pieces = [{name: starts[name] for name in names} for names in PIECES]
    jobs = [partial(_learned, network, piece, config, seeds) for piece in pieces]
    return _result(config, network, cores.each(jobs, progress, size=len(STARTS) * REPEATS * WIDTH * BATCH))


def _starts(network: MLP, config: MustItBeRandom, seeds: range) -> dict[str, list[Tensor]]:
    """Starting parameters (R, *shape) by name; jitter is in units of the good starts' root mean square."""
    gain = 2**0.5 if config.activation == "relu" else 1.0
    noise = inits.start(network, inits.Init("lecun", gain), seeds)
    other = inits.start(network, inits.Init("lecun", gain), [seed + 500 for seed in seeds])  # not the Gaussian's own
    drawn = {"gaussian": noise, "orthogonal": inits.start(network, inits.Init("orthogonal", gain), seeds)}
    starts = {name: drawn.get(name) or [_filled(name, like, gain) for like in noise] for name in STARTS}
    return {
        name: [w + config.jitter * z for w, z in zip(start, other, strict=True)] for name, start in starts.items()
    }


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


def _learned(
    network: MLP, starts: dict[str, list[Tensor]], config: MustItBeRandom, seeds: range, progress: Progress
) -> Learned:
    """Train some of the starts at every learning rate, and look at what the best one of each made of them."""
    start, count = inits.join(list(starts.values())), len(LRS) + 1
    roads = [_road(network, start, config, seeds, lr, part(progress, k, count)) for k, lr in enumerate(LRS)]
    final, accuracy, diverged = (
        np.stack([getattr(road, name) for road in roads], 1) for name in ("final", "accuracy", "diverged")
    )
    best = np.median(final, 2).argmin(1)  # the training loss decides
    ended = inits.join([_of(c, roads[k].params) for c, k in enumerate(best)])
    looks = torch.cat([roads[k].looks[:, _members(c)] for c, k in enumerate(best)], 1)
    asked = dict[str, Array]()
    if "gaussian" in starts:
        began, solved = starts["gaussian"], _of(list(starts).index("gaussian"), ended)
        lr = LRS[int(best[list(starts).index("gaussian")])]
        asked = _beliefs(network, began, solved) | _way_back(
            config, network, began, solved, seeds, lr, part(progress, len(LRS), count)
        )
    shape, firsts = (len(starts), REPEATS), [*looks[:, ::REPEATS, : WIDTH * 64], ended[0][::REPEATS].flatten(1)]
    return Learned(
        best, final, accuracy, diverged,
        shown=np.stack([first.half().numpy().reshape(-1, WIDTH, 64) for first in firsts]),
        read=np.stack([_read(network, _unjoined(look, start)) for look in looks]).reshape(-1, *shape),
        units=distinct(start[0].numpy()).reshape(shape),
        rank=np.stack([matrix_rank(params[0].numpy()).reshape(shape) for params in (start, ended)]),
        apart=np.stack([_apart(config, params).reshape(shape) for params in (start, ended)]),
        ended=ended,
        gaussian=asked,
    )  # fmt: skip


def _members(condition: int) -> slice:
    return slice(condition * REPEATS, (condition + 1) * REPEATS)


def _of(condition: int, params: list[Tensor]) -> list[Tensor]:
    """The parameters (R, *shape) of one of the starts."""
    return [p[_members(condition)] for p in params]


def _unjoined(rows: Tensor, like: list[Tensor]) -> list[Tensor]:
    """Rows (E, P) of all parameters as tensors (E, *shape) like these."""
    blocks = rows.split([p[0].numel() for p in like], 1)
    return [block.view(p.shape) for block, p in zip(blocks, like, strict=True)]


def _road(
    network: MLP, start: list[Tensor], config: MustItBeRandom, seeds: range, lr: float, progress: Progress | None
) -> Road:
    """Train at one learning rate."""
    shape = (len(start[0]) // REPEATS, REPEATS)
    history = train.train(
        network, start, data.digits(centred=True).train, train.Recipe(steps=config.steps, lr=lr, batch=BATCH),
        seeds=seeds, progress=progress,
        record={"looks": train.Record(lambda m: measure.joined(m.params), _looks(config)[:-1])},
    )  # fmt: skip
    diverged = history.diverged.numpy().reshape(shape)
    final = measure.loss(network, history.params, _judges(), "cross_entropy").numpy().astype(float).reshape(shape)
    accuracy = _read(network, history.params).reshape(shape)
    return Road(history.params, history.values["looks"], np.where(diverged >= 0, np.inf, final), accuracy, diverged)


def _read(network: MLP, params: list[Tensor]) -> Array:
    """Test accuracy (E,)."""
    return measure.accuracy(network, params, data.digits(centred=True).test).numpy().astype(float)


def _result(config: MustItBeRandom, network: MLP, pieces: list[Learned]) -> Result:
    def joined(name: str, axis: int = 0) -> Array:
        return np.concatenate([getattr(piece, name) for piece in pieces], axis)

    best, accuracy, diverged = joined("best"), joined("accuracy"), joined("diverged")
    chosen = STARTS.index(config.start)
    first_sound = int((diverged[chosen, best[chosen]] < 0).argmax())
    before, after = joined("rank", 1)
    at_end = accuracy[np.arange(len(STARTS)), best][None]  # (1, C, R)
    return Result(
        config=config,
        best=best,
        final=joined("final"),
        accuracy=accuracy,
        diverged=diverged,
        units=joined("units"),
        rank=before,
        rank_end=after,
        looked=np.array(_looks(config)),
        shown=np.nan_to_num(joined("shown", 1).astype(np.float32)),
        read=np.concatenate([joined("read", 1), at_end]),
        apart=joined("apart", 1),
        network=export.named(network, inits.join([piece.ended for piece in pieces]), chosen * REPEATS + first_sound),
        **pieces[0].gaussian,
    )


def _apart(config: MustItBeRandom, params: list[Tensor]) -> Array:
    """How many of `JUDGES` digits can be told apart behind the last hidden layer (E,)."""
    hidden = mlp.MLP((64,) + (WIDTH,) * config.depth, config.activation, output=config.activation)
    seen = measure.outputs(hidden, params[:-2], _judges()[0]).transpose(1, 2)  # (E, JUDGES, H)
    return np.stack([distinct(h.numpy().astype(float)) for h in seen])


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
    progress: Progress | None,
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
