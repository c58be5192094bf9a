"""How the question is put to networks: what is trained, and what is measured on it."""

from collections.abc import Callable

import numpy as np
from torch import Tensor

from lib.engine import data, inits, measure, mlp, train, tuning
from lib.engine.mlp import MLP
from lib.engine.progress import part
from lib.engine.seeds import seeds_of
from lib.engine.signals import distinct, matrix_rank
from lib.engine.train import History
from lib.questions.must_it_be_random.config import LRS, STARTS, MustItBeRandom
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


def run(config: MustItBeRandom, progress: Progress | None = None) -> Result:
    """Train every start at every learning rate side by side, then once more from the exact opposite of a solution."""
    network = mlp.MLP((64,) + (WIDTH,) * config.depth + (10,), config.activation)
    seeds = seeds_of(config.seed, REPEATS)
    starts = [_start(network, name, config, seeds) for name in STARTS]
    history = _trained(network, starts, config, seeds, progress)
    return _result(config, network, starts, history, seeds)


def _start(network: MLP, name: str, config: MustItBeRandom, seeds: range) -> list[Tensor]:
    """Starting parameters (R, *shape) of one condition; jitter is in units of the good starts' root mean square."""
    gain = 2**0.5 if config.activation == "relu" else 1.0
    noise = inits.start(network, inits.Init("lecun", gain), seeds)
    if name == "gaussian":
        start = noise
    elif name == "orthogonal":
        start = inits.start(network, inits.Init("orthogonal", gain), seeds)
    else:
        start = [_filled(name, like, gain) for like in noise]
    other = inits.start(network, inits.Init("lecun", gain), [seed + 500 for seed in seeds])  # not the Gaussian's own
    return [w + config.jitter * z for w, z in zip(start, other, strict=True)]


def _filled(name: str, like: Tensor, gain: float) -> Tensor:
    """The pattern in the shape of a parameter (R, ...), the same for every repeat; biases stay 0."""
    if like.dim() == 2:
        return like.new_zeros(like.shape)
    return like.new_tensor(pattern(name, tuple(like.shape[1:]), gain)).expand_as(like).clone()


def _trained(
    network: MLP, starts: list[list[Tensor]], config: MustItBeRandom, seeds: range, progress: Progress | None
) -> History:
    """One start after the other, all its learning rates side by side: in memory as small as one start."""
    rates = np.repeat(LRS, REPEATS)
    recipe = train.Recipe(steps=config.steps, lr=tuple(rates.tolist()), batch=BATCH)
    digits = data.digits(centred=True)
    looks = [step for step in LOOKS if step <= config.steps]
    record = {
        "first": train.Record(lambda m: m.params[0].half(), looks),
        "reads": train.Record(lambda m: measure.accuracy(network, m.params, digits.test), looks),
    }
    histories = [
        train.train(
            network, inits.join([start for _ in LRS]), digits.train, recipe,
            seeds=seeds, record=record, progress=part(progress, k, len(starts)),
        )
        for k, start in enumerate(starts)
    ]  # fmt: skip
    return tuning.together(histories)


def _result(
    config: MustItBeRandom, network: MLP, starts: list[list[Tensor]], history: History, seeds: range
) -> Result:
    digits = data.digits(centred=True)
    shape = (len(STARTS), len(LRS), REPEATS)
    judges = (digits.x[:JUDGES], digits.y[:JUDGES])
    final = measure.loss(network, history.params, judges, "cross_entropy").numpy().astype(float)
    diverged = history.diverged.numpy().reshape(shape)
    final = np.where(diverged >= 0, np.inf, final.reshape(shape))
    best = np.median(final, 2).argmin(1)  # (C,), the training loss decides
    first = np.stack([start[0].numpy() for start in starts])  # (C, R, H, 64)
    at = (np.arange(shape[0])[:, None] * shape[1] + best[:, None]) * REPEATS + np.arange(REPEATS)  # (C, R)
    ended = [p[at.ravel()] for p in history.params]
    reads = history.values["reads"].numpy().astype(float)
    of = slice(int(best[0]) * REPEATS, (int(best[0]) + 1) * REPEATS)  # Gaussian is the first condition
    solved = [p[of].clone() for p in history.params]
    return Result(
        config=config,
        best=best,
        final=final,
        accuracy=reads[-1].reshape(shape),
        diverged=diverged,
        units=np.stack([[distinct(w) for w in start] for start in first]),
        rank=matrix_rank(first),
        rank_end=matrix_rank(ended[0].view(len(STARTS), REPEATS, WIDTH, 64).numpy()),
        looked=np.array(history.steps["first"]),
        shown=np.nan_to_num(history.values["first"][:, at[:, 0]].float().numpy()),
        read=reads[:, at],
        apart=np.stack([_apart(config, params) for params in (inits.join(starts), ended)]),
        **_beliefs(network, starts[0], solved),
        **_way_back(config, network, starts[0], solved, seeds, LRS[int(best[0])]),
    )


def _apart(config: MustItBeRandom, params: list[Tensor]) -> Array:
    """How many of `JUDGES` digits can be told apart behind the last hidden layer of networks (C R, ...): (C, R)."""
    hidden = mlp.MLP((64,) + (WIDTH,) * config.depth, config.activation, output=config.activation)
    seen = measure.outputs(hidden, params[:-2], data.digits(centred=True).x[:JUDGES])  # (C R, H, JUDGES)
    return np.array([distinct(h.T.numpy().astype(float)) for h in seen]).reshape(len(STARTS), REPEATS)


def _beliefs(network: MLP, start: list[Tensor], solved: list[Tensor]) -> dict[str, Array]:
    """Where trained weights lie: their mean, and how far from four places; each (R,)."""
    ended, began = (measure.joined(measure.weights(network, p)).numpy().astype(float) for p in (solved, start))
    places = {"own": began, "other": np.roll(began, 1, axis=0), "zero": 0 * began, "half": 0 * began + 0.5}
    return {
        "mean": ended.mean(1),
        "away": np.stack([np.sqrt(((ended - place) ** 2).sum(1)) for place in places.values()]),
    }


def _way_back(
    config: MustItBeRandom, network: MLP, start: list[Tensor], solved: list[Tensor], seeds: range, lr: float
) -> dict[str, Array]:
    """Accuracy (S, 2, R) on training digits from the Gaussian start and from the solution with its output negated."""
    digits = data.digits(centred=True)
    judges = (digits.x[:JUDGES], digits.y[:JUDGES])
    opposite = [*solved[:-2], -solved[-2], -solved[-1]]  # every output is the exact opposite of the solution's
    watch = train.Record(lambda m: measure.accuracy(network, m.params, judges), train.spread_steps(config.steps, 30))
    history = train.train(
        network, inits.join([start, opposite]), digits.train,
        train.Recipe(steps=config.steps, lr=lr, batch=BATCH), seeds=seeds, record={"way": watch},
    )  # fmt: skip
    values = history.values["way"].numpy().astype(float)
    return {"way_steps": np.array(history.steps["way"]), "way": values.reshape(len(values), 2, REPEATS)}
