"""How the question is put to networks: what is trained, and what is measured on it."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.fft import dct

from lib.engine import data
from lib.engine.signals import after_relu, angle, distinct, effective_rank
from lib.questions.null_space.config import ACTIVATIONS, STARTS, NullSpace
from lib.questions.null_space.rebuilt import Pool, rebuild
from lib.questions.null_space.result import Result
from lib.types import Array, Progress

REPEATS = 10
INPUTS = 300  # digits; all 256 patterns of bits
DRAWN = 10  # inputs of which a reconstruction is drawn
ERRORS = 10


def run(config: NullSpace, progress: Progress | None = None) -> Result:
    """Send inputs forward, errors backward and a pair of inputs through untrained layers of every kind."""
    x = _inputs(config)
    pool = _pool(config, x)
    kinds: dict[str, list[list[Array]]] = {name: [] for name in STARTS}
    first: list[Array] = []
    pictures: list[Array] = []
    done = 0
    for r in range(REPEATS):
        sent = _sent(config, x, np.random.default_rng((config.seed, r)))  # the same through every start
        for k, name in enumerate(STARTS):
            layers = _layers(name, x.shape[1], config, np.random.default_rng((config.seed, r, k)))
            rebuilt, shares = _rebuilt(config, layers, pool)
            kinds[name].append([*_measured(config, layers, x, sent), shares])
            if r == 0:
                pictures.append(rebuilt)
            first.append(layers[0])
            done += 1
            if progress is not None:
                progress(done, REPEATS * len(STARTS))
    measured = [[np.stack([repeat[k] for repeat in kinds[name]]) for name in STARTS] for k in range(5)]
    distinct, back, angles, moved, recovered = (np.stack(m) for m in measured)  # (C, R, ...)
    by_start = [first[c :: len(STARTS)] for c in range(len(STARTS))]
    return Result(
        config=config,
        inputs=len(x),
        distinct=distinct,
        back=back,
        angles=angles,
        angle_theory=_theory(config),
        moved=moved,
        recovered=recovered,
        drawn=pool.new[:DRAWN],
        rebuilt=np.stack(pictures),
        lost=np.array([[w.shape[1] - np.linalg.matrix_rank(w) for w in ws] for ws in by_start]),
    )


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


def _rebuilt(config: NullSpace, layers: list[Array], pool: Pool) -> tuple[Array, Array]:
    """What is drawn, reconstructed behind every layer (L, DRAWN, I), and the shares of variation (L,)."""
    act = ACTIVATIONS[config.activation][0]
    outputs, pictures, shares = pool.both, [], []
    for w in (None, *layers):
        outputs = outputs if w is None else act(outputs @ w.T)
        rebuilt, share = rebuild(pool, outputs)
        pictures.append(rebuilt[:DRAWN].astype(np.float32))
        shares.append(share)
    return np.stack(pictures), np.array(shares)


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


def _measured(config: NullSpace, layers: list[Array], x: Array, sent: Sent) -> list[Array]:
    """Distinct inputs, effective rank of errors, angle (depth + 1,) each, and what the change does ()."""
    act = ACTIVATIONS[config.activation][0]
    outputs, changed = [x], sent.changed
    for w in layers:
        outputs.append(act(outputs[-1] @ w.T))
        changed = act(changed @ w.T)
    backward = [sent.errors]
    for w, h in zip(layers[::-1], outputs[:0:-1], strict=True):
        backward.append((backward[-1] * _slope(config.activation, h[0])) @ w)
    pair = sent.pair
    angles = [angle(pair)]
    for w in layers:
        pair = act(pair @ w.T)
        angles.append(angle(pair))
    return [
        np.array([distinct(h) for h in outputs]),
        np.array([effective_rank(e) for e in backward]),
        np.degrees(angles),
        np.array(np.linalg.norm(changed - outputs[-1]) / np.linalg.norm(outputs[-1])),
    ]


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
