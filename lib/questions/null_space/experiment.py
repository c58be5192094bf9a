"""How the question is put to networks: what is trained, and what is measured on it."""

from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.fft import dct

from lib.engine import cores, data
from lib.engine.progress import part, tell
from lib.engine.signals import after_relu, angle, distinct, effective_rank
from lib.questions.null_space.config import ACTIVATIONS, STARTS, NullSpace
from lib.questions.null_space.rebuilt import Pool, rebuild
from lib.questions.null_space.result import Result
from lib.types import Array, Progress

REPEATS = 10
INPUTS = 300  # digits; all 256 patterns of bits
DRAWN = 10  # inputs of which a reconstruction is drawn
ERRORS = 10
KEPT = 2**17  # weights that a run keeps of one network, half a megabyte: if it has more, none
RULED = ("cosines", "constant")  # without a random number in them: the same in every repeat


class Seen(NamedTuple):
    """What the layers of one network, L = depth + 1 places with the input, make of the inputs."""

    first: list[Array]  # what stands behind each layer for the first input (H,)
    last: Array  # (N, H) behind the last layer for all
    distinct: Array  # (L,) inputs that can be told apart
    recovered: Array  # (L,) share of the variation that is rebuilt
    rebuilt: Array  # (L, DRAWN, I)
    lost: Array  # () dimension of the first matrix's null space


class Passed(NamedTuple):
    """What one network lets through, and what becomes of that which is sent through it."""

    seen: Seen
    back: Array  # (L,) effective rank of errors
    angles: Array  # (L,) degrees
    moved: Array  # () what the change does


def run(config: NullSpace, progress: Progress | None = None) -> Result:
    """Send inputs forward, errors backward and a pair of inputs through untrained layers of every kind."""
    x = _inputs(config)
    pool = _pool(config, x)
    first = rebuild(pool, pool.both)  # of the inputs themselves
    size = pool.both.shape[0] * config.width
    ruled = [partial(_ruled, config, name, x, pool, first) for name in RULED]
    same = dict(zip(RULED, cores.each(ruled, part(progress, 0, 10), size=size), strict=True))
    repeats = [partial(_repeat, config, x, pool, first, same, r) for r in range(REPEATS)]
    passed = cores.each(repeats, part(progress, 1, 10, length=9), size=size)  # (R) of (C)
    return _result(config, x, pool, [list(start) for start in zip(*passed, strict=True)])


def _result(config: NullSpace, x: Array, pool: Pool, passed: list[list[Passed]]) -> Result:
    """Put the networks (C) of (R) together."""
    return Result(
        config=config,
        inputs=len(x),
        distinct=np.array([[p.seen.distinct for p in start] for start in passed]),
        back=np.array([[p.back for p in start] for start in passed]),
        angles=np.array([[p.angles for p in start] for start in passed]),
        angle_theory=_theory(config),
        moved=np.array([[p.moved for p in start] for start in passed]),
        recovered=np.array([[p.seen.recovered for p in start] for start in passed]),
        drawn=pool.new[:DRAWN],
        rebuilt=np.stack([start[0].seen.rebuilt for start in passed]),
        lost=np.array([[p.seen.lost for p in start] for start in passed]),
        network=_named(config, x.shape[1]),
    )


def _named(config: NullSpace, inputs: int) -> dict[str, Array]:
    """The weights by name that the first repeat has from the constant, jittered if that was chosen; if not too many.

    They are drawn again: to have kept them would have kept those of every repeat.
    """
    if config.width * (inputs + (config.depth - 1) * config.width) > KEPT:
        return {}
    name = "jittered" if config.jitter else "constant"
    layers = _layers(name, inputs, config, np.random.default_rng((config.seed, 0, STARTS.index(name))))
    return {f"layer{k}.weight": w.astype(np.float32) for k, w in enumerate(layers, 1)}


def _inputs(config: NullSpace) -> Array:
    """Inputs (N, I): digits, or all patterns of eight bits."""
    if config.data == "bits":
        bits: Array = (np.arange(256)[:, None] >> np.arange(8) & 1).astype(float)
        return bits
    return data.digits().x[:INPUTS].numpy().astype(float)


def _pool(config: NullSpace, x: Array) -> Pool:
    """Training digits and test digits, of which the first of each class is drawn; or all patterns of bits, twice."""
    if config.data == "bits":
        order = np.random.default_rng(0).permutation(len(x))
        return Pool(x, x[order])
    split = data.digits()
    new, classes = split.test_x.numpy().astype(float), split.test_y.numpy()
    firsts = [int((classes == k).argmax()) for k in range(DRAWN)]
    return Pool(split.x.numpy().astype(float), new[[*firsts, *np.setdiff1d(np.arange(len(new)), firsts)]])


def _ruled(
    config: NullSpace, name: str, x: Array, pool: Pool, first: tuple[Array, float], progress: Progress
) -> Seen:
    """`_seen` by layers that nothing is drawn for."""
    layers = _layers(name, x.shape[1], config, np.random.default_rng(0))
    return _seen(config, layers, x, pool, first, progress)


def _seen(
    config: NullSpace, layers: list[Array], x: Array, pool: Pool, first: tuple[Array, float],
    progress: Progress | None,
) -> Seen:  # fmt: skip
    """Send all inputs through the layers; `first` is what is rebuilt of the inputs themselves."""
    act = ACTIVATIONS[config.activation][0]
    every, firsts = pool.both, []  # of all, the inputs are the first
    apart, pictures, shares = [distinct(x)], [first[0][:DRAWN].astype(np.float32)], [first[1]]
    for k, w in enumerate(layers):
        every = act(every @ w.T)
        h = every[: len(x)]
        rebuilt, share = rebuild(pool, every)
        firsts.append(h[0].copy())
        apart.append(distinct(h))
        pictures.append(rebuilt[:DRAWN].astype(np.float32))
        shares.append(share)
        tell(progress, k + 1, len(layers))
    lost = layers[0].shape[1] - np.linalg.matrix_rank(layers[0])
    return Seen(firsts, h.copy(), np.array(apart), np.array(shares), np.stack(pictures), np.array(lost))


def _repeat(
    config: NullSpace, x: Array, pool: Pool, first: tuple[Array, float], same: dict[str, Seen], r: int,
    progress: Progress,
) -> list[Passed]:  # fmt: skip
    """Send the same through one network of every start; without jitter the last one is the constant one again."""
    sent = _sent(config, x, np.random.default_rng((config.seed, r)))

    def one(k: int, name: str) -> Passed:  # whose layers are forgotten before the next one's are drawn
        layers = _layers(name, x.shape[1], config, np.random.default_rng((config.seed, r, k)))
        seen = same.get(name) or _seen(config, layers, x, pool, first, part(progress, k, len(STARTS)))
        return Passed(seen._replace(last=x[:0]), *_measured(config, layers, seen, sent))

    passed = [one(k, name) for k, name in enumerate(STARTS) if config.jitter or name != "jittered"]
    return passed if config.jitter else [*passed, passed[STARTS.index("constant")]]


def _layers(name: str, inputs: int, config: NullSpace, g: np.random.Generator) -> list[Array]:
    """Weights (width, inputs), (width, width), ...: rows of the same length on average, whatever the start."""
    gain = ACTIVATIONS[config.activation][1]
    sizes = [inputs, *[config.width] * config.depth]
    return [gain * _matrix(name, o, i, config.jitter, g) for i, o in pairwise(sizes)]


def _matrix(name: str, o: int, i: int, jitter: float, g: np.random.Generator) -> Array:
    """One matrix (o, i) whose squared numbers add up to about o."""
    if name == "gaussian":
        return g.standard_normal((o, i)) / i**0.5
    if name == "orthogonal":
        return _scaled(np.linalg.qr(g.standard_normal((max(o, i), max(o, i))))[0][:o, :i])
    if name == "cosines":
        return _scaled(dct(np.eye(max(o, i)), norm="ortho", axis=0)[:o, :i])
    constant = np.full((o, i), i**-0.5)
    return constant if name == "constant" else constant + jitter * g.standard_normal((o, i)) / i**0.5


def _scaled(w: Array) -> Array:
    """With rows of length 1 on average."""
    return w * (len(w) / (w**2).sum()) ** 0.5


class Sent(NamedTuple):
    """What is sent through every start of a repeat."""

    errors: Array  # (ERRORS, H)
    pair: Array  # (2, I) two inputs at the chosen angle
    changed: Array  # (N, I) each input and a change as long as itself, in the constant matrix's null space


def _sent(config: NullSpace, x: Array, g: np.random.Generator) -> Sent:
    """Draw it."""
    errors = g.standard_normal((ERRORS, config.width))
    pair = _pair(x.shape[1], np.radians(config.angle), g)
    drawn = np.asarray(g.standard_normal(x.shape))
    change = drawn - drawn.mean(1, keepdims=True)  # whose sum is 0
    change *= np.linalg.norm(x, axis=1, keepdims=True) / np.linalg.norm(change, axis=1, keepdims=True)
    return Sent(errors, pair, x + change)


def _measured(config: NullSpace, layers: list[Array], seen: Seen, sent: Sent) -> tuple[Array, Array, Array]:
    """Effective rank of errors, angle (depth + 1,) each, and what the change does ()."""
    act = ACTIVATIONS[config.activation][0]
    changed = sent.changed
    for w in layers:
        changed = act(changed @ w.T)
    backward = [sent.errors]
    for w, h in zip(layers[::-1], seen.first[::-1], strict=True):
        backward.append((backward[-1] * _slope(config.activation, h)) @ w)
    pair = sent.pair
    angles = [angle(pair)]
    for w in layers:
        pair = act(pair @ w.T)
        angles.append(angle(pair))
    moved = np.linalg.norm(changed - seen.last) / np.linalg.norm(seen.last)
    return np.array([effective_rank(e) for e in backward]), np.degrees(angles), np.array(moved)


def _slope(name: str, h: Array) -> Array:
    """The activation's slope at outputs h."""
    return {"identity": np.ones_like(h), "relu": (h > 0).astype(float), "tanh": 1 - h**2}[name]


def _pair(inputs: int, apart: float, g: np.random.Generator) -> Array:
    """Two vectors of length sqrt(inputs) at an angle `apart`, in a random plane (2, inputs)."""
    u, v = np.linalg.qr(g.standard_normal((inputs, 2)))[0].T
    return inputs**0.5 * np.stack([u, np.cos(apart) * u + np.sin(apart) * v])


def _theory(config: NullSpace) -> Array:
    """The angle after each layer in the limit of many Gaussian units (depth + 1,), or empty for tanh."""
    if config.activation == "tanh":
        return np.zeros(0)
    angles = [np.radians(config.angle)]
    for _ in range(config.depth):
        angles.append(after_relu(angles[-1]) if config.activation == "relu" else angles[-1])
    return np.degrees(angles)
