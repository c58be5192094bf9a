"""How the question is put to networks: what is trained, and what is measured on it."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from lib.engine import cores
from lib.engine.neuron import draws, moments, with_bias
from lib.engine.progress import tell
from lib.engine.seeds import seeds_of
from lib.questions.conditioning.config import BIASES, LATE, LEFT, OFFSETS, Conditioning
from lib.questions.conditioning.result import Planes, Result, bound
from lib.types import Array, Progress

REPEATS = 10
SAMPLES = 4000
SHARES = np.array([*np.arange(10, 86, 5), *range(86, 100)]) / 100  # of 2 / lambda_max: the best of them is taken
WALK = 60  # steps of a walk that are drawn at most
NEAR = 0.1  # of the distance, at which a walk in the plane has arrived
SEEN = 120  # inputs that are drawn
LEVELS = (1.0, 1 / 4, 1 / 16, 1 / 64)  # of the loss at the walk's start
FAR = 20.0  # a walk that has diverged ends here
MOST = 2**30  # steps


def run(config: Conditioning, progress: Progress | None = None) -> Result:
    """Measure the second-moment matrix for every offset, and descend on its loss."""
    seeds = seeds_of(config.seed, REPEATS)
    second = moments(with_bias(draws(seeds, SAMPLES, config.inputs)))  # of the draws without offset
    start = np.stack([np.random.default_rng((s, 4)).standard_normal(config.inputs + 1) for s in seeds])
    matrices = [[matrix(second, offset, bias) for offset in OFFSETS] for bias in BIASES]
    spectra = [[np.linalg.eigh(m) for m in row] for row in matrices]
    largest = np.array([[s[0][:, -1] for s in row] for row in spectra])
    smallest = np.array([[s[0][:, 0] for s in row] for row in spectra])
    chosen, at = BIASES.index(config.bias), OFFSETS.index(config.offset)
    jobs = [partial(_row, row, start, at) for row in spectra]
    best, late = (np.array(each) for each in zip(*cores.each(jobs, progress, size=second.size), strict=True))
    values, vectors = spectra[chosen][at]
    return Result(
        config=config,
        largest=largest,
        smallest=smallest,
        theory=np.array([[bound(config.inputs, offset, bias) for offset in OFFSETS] for bias in BIASES]),
        steps=best[:, :, 0],
        best_share=best[:, :, 1],
        late=late,
        own_steps=steps_needed(values, vectors, start, config.share * 2 / values[:, -1], LEFT),
        planes=_planes([m[0] for m in matrices[chosen]], draws(seeds[:1], SAMPLES, config.inputs)[0], config),
        network=_named(config, descended(values[0], vectors[0], start[0], *best[chosen, at, :, 0])),
    )


def _row(spectra: Sequence[tuple[Array, Array]], start: Array, at: int, progress: Progress) -> tuple[Array, Array]:
    """Fewest steps and their rates at every offset (O, 2, R), and steps to the late goal at one of them (R,)."""
    best = []
    for k, spectrum in enumerate(spectra):
        tell(progress, k, len(spectra))
        best.append(fewest(*spectrum, start, LEFT))
    return np.array(best), fewest(*spectra[at], start, LATE)[0]


def descended(values: Array, vectors: Array, start: Array, steps: float, share: float) -> Array:
    """Where a descent (D,) from `start` is after some steps at this share of 2 / lambda_max."""
    factor = (1 - 2 * share * values / values[-1]) ** int(steps)
    return np.asarray(vectors @ (factor * (vectors.T @ start[: len(values)])))


def _named(config: Conditioning, neuron: Array) -> dict[str, Array]:
    """A neuron's parameters (D,) by name."""
    weight, bias = np.split(neuron.astype(np.float32), [config.inputs])
    return {"layer1.weight": weight[None].copy()} | ({"layer1.bias": bias.copy()} if len(bias) else {})


def matrix(second: Array, offset: float, bias: str) -> Array:
    """H (R, D, D) of the inputs with an offset from that of (u, 1) without: (x, 1) = (u, 1) T, so H = T' second T."""
    shift = np.eye(second.shape[-1])
    shift[-1, :-1] = offset
    whole = shift.T @ second @ shift
    return np.asarray(whole if bias == "with" else whole[:, :-1, :-1])


def steps_needed(values: Array, vectors: Array, start: Array, lr: Array, left: float) -> Array:
    """Steps until `left` of the loss is left (..., R), exactly: each eigenvector's part shrinks by 1 - lr lambda.

    -1 where the rate (..., R) is too large. Found by halving, which is the loop's own answer without the loop.
    """
    parts = values * np.einsum("rdk,rd->rk", vectors, start[:, : values.shape[1]]) ** 2
    return _until(parts, np.abs(1 - lr[..., None] * values), left)


def _until(parts: Array, factor: Array, left: float) -> Array:
    """Steps (..., R) until `left` of the sum of `parts` is left; each shrinks by the square of its factor a step."""
    low, high = np.zeros(factor.shape[:-1], dtype=int), np.full(factor.shape[:-1], MOST)
    while (high - low > 1).any():
        middle = (low + high) // 2
        done = (parts * np.minimum(factor, 1) ** (2.0 * middle[..., None])).sum(-1) <= left * parts.sum(-1)
        low, high = np.where(done, low, middle), np.where(done, middle, high)
    return np.where(factor.max(-1) < 1, high, -1)


def fewest(values: Array, vectors: Array, start: Array, left: float) -> tuple[Array, Array]:
    """Fewest steps until `left` of the loss is left, and the rate they take as a share of 2 / lambda_max: each (R,).

    2 / (lambda_max + lambda_min), which makes the distance to the target shrink fastest, is one of the rates tried;
    for the loss it is seldom the best, since a flat direction may hold next to nothing of it.
    """
    largest, smallest = values[:, -1], values[:, 0]
    share = np.vstack([np.repeat(SHARES[:, None], len(values), 1), largest / (largest + smallest)])
    steps = steps_needed(values, vectors, start, share * 2 / largest, left)
    best = steps.argmin(0)  # all of these rates are below the limit, so that none has diverged
    return steps.min(0), share[best, np.arange(len(values))]


def _planes(matrices: Sequence[Array], inputs: Array, config: Conditioning) -> Planes:
    """For every offset, the loss in a plane through the target, and descents in it; `inputs` are those without one.

    The plane is spanned by the sum of the weights (along the offset) and, without a bias, the difference of the
    first two (across it); with a bias, the bias. All other parameters are at their target.
    """
    plane = np.zeros((len(matrices[0]), 2))
    plane[: config.inputs, 0] = config.inputs**-0.5
    if config.bias == "with":
        plane[-1, 1] = 1
    else:
        plane[:2, 1] = 0.5**0.5, -(0.5**0.5)
    place = np.array([-1.0, 1.0])
    flat = [plane.T @ h @ plane for h in matrices]
    found = [_nearest(f, place) for f in flat]
    return Planes(
        contours=np.stack([_contours(f, place) for f in flat]),
        own=np.stack([_walk(f, place, config.share, WALK) for f in flat]),
        walks=np.stack(
            [_walk(f, place, share, min(WALK, steps)) for f, (steps, share) in zip(flat, found, strict=True)]
        ),
        steps=np.array([steps for steps, _ in found]),
        shares=np.array([share for _, share in found]),
        longer=np.array([np.linalg.cond(f) ** 0.5 for f in flat]),
        inputs=np.stack([inputs[:SEEN, :2] + offset for offset in OFFSETS]).astype(np.float32),
    )


def _contours(flat: Array, place: Array) -> Array:
    """Lines of equal loss around the target, the first one through `place`: (levels, 2, M)."""
    values, vectors = np.linalg.eigh(flat)
    angle = np.linspace(0, 2 * np.pi, 91)
    ellipse = vectors @ (np.stack([np.cos(angle), np.sin(angle)]) / np.sqrt(values)[:, None])
    return np.stack([np.sqrt(level * (place @ flat @ place)) * ellipse for level in LEVELS])


def _nearest(flat: Array, place: Array) -> tuple[int, float]:
    """Fewest steps until a tenth of the distance is left, and the rate they take as a share of 2 / lambda_max."""
    values, vectors = np.linalg.eigh(flat)
    share = np.append(SHARES, values[-1] / values.sum())
    steps = _until((vectors.T @ place) ** 2, np.abs(1 - share[:, None] * 2 * values / values[-1]), NEAR**2)
    return int(steps.min()), float(share[steps.argmin()])


def _walk(flat: Array, place: Array, share: float, steps: int) -> Array:
    """A descent from `place` at this share of 2 / lambda_max: (WALK + 1, 2); after `steps` it stands still."""
    walk, rate = [place], share * 2 / np.linalg.eigvalsh(flat)[-1]
    for step in range(WALK):
        walk.append(np.clip(walk[-1] - rate * (step < steps) * flat @ walk[-1], -FAR, FAR))
    return np.stack(walk)
