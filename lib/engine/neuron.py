"""One linear neuron, f = w x (+ b), by (stochastic) gradient descent from zero: many descents at once, in numpy.

The loss of a sample is (f - y)^2 / 2 with y = w* x, so that its gradient is dL/dw = dL/df x with dL/df = (w - w*) x,
and a batch's gradient is the mean of those. The loss of all samples is (w - w*) H (w - w*) / 2 with the second-moment
matrix H = E[x x'] (LeCun, Kanter and Solla 1991). A bias is one more weight whose input is 1.

Axis letters beside those of the engine: D parameters of the neuron, K descents on the same samples (learning rates,
targets); C conditions are inputs that differ (offset, centred), R repeats are draws.
"""

from dataclasses import dataclass

import numpy as np

from lib.types import Array, Progress

HALF_WIDTH = 3**0.5  # of a uniform distribution with standard deviation 1
LOST = 1e3  # distances from the target, in straight distances, from which a descent counts as diverged


@dataclass(frozen=True)
class Descents:
    """What `descend` found, each array (C, R, K)."""

    steps: Array  # first step within the tolerance; -1: not reached
    length: Array  # length of the path up to there (or to the last step), in straight distances
    alike: Array  # share of the updates up to there whose components all have one sign
    turns: Array  # sign changes of a component per component and step
    diverged: Array  # bool
    path: Array  # (T + 1, C, R, D, K) of the kept descents' parameters, T the steps made; (0,) if none were kept


def draws(seeds: range, samples: int, inputs: int) -> Array:
    """Return inputs (R, N, I), uniform with mean 0 and standard deviation 1, one generator per seed."""
    return np.stack([np.random.default_rng(s).uniform(-HALF_WIDTH, HALF_WIDTH, (samples, inputs)) for s in seeds])


def picks(seeds: range, samples: int, steps: int, batch: int) -> Array:
    """Return the samples of each step (T, R, B), drawn with replacement, one generator per seed."""
    return np.stack([np.random.default_rng((s, 1)).integers(samples, size=(steps, batch)) for s in seeds], 1)


def with_bias(x: Array) -> Array:
    """Append the bias's input, which is always 1: (..., N, I) to (..., N, I + 1)."""
    return np.concatenate([x, np.ones((*x.shape[:-1], 1))], -1)


def one_signed(gradients: Array, axis: int = -1) -> Array:
    """Tell which gradients have no two components of opposite signs; zeros agree with both."""
    return np.asarray((gradients.min(axis) >= 0) | (gradients.max(axis) <= 0))


def moments(x: Array) -> Array:
    """Return H = E[x x'] of samples (..., N, D): (..., D, D)."""
    return np.swapaxes(x, -1, -2) @ x / x.shape[-2]


def descend(
    x: Array,
    target: Array,
    lr: Array,
    steps: int,
    chosen: Array | None = None,
    *,
    weights: int,
    tolerance: float = 0.1,
    keep: bool = False,
    counted: bool = True,
    progress: Progress | None = None,
) -> Descents:
    """Descend from w = 0 on samples x (C, R, N, D) towards targets (D, K) or (R, D, K) with learning rates (K,).

    `chosen` (T, R, B) are the samples of each step, the same ones for all conditions and descents; without, every
    step uses all samples. Signs are counted over the first `weights` parameters, which leaves out the bias. A descent
    stands still once it is within `tolerance` of its straight distance, or diverged. Without `counted` only the steps
    and who diverged are found, which takes half the time. `progress` is told the steps.
    """
    delta = np.broadcast_to(-target, (*x.shape[:2], *target.shape[-2:])).copy()  # w - w*, (C, R, D, K)
    straight = _norm(delta)
    tally = _Tally(straight, tolerance, weights)
    path = [delta + target] if keep else []
    whole, rows = moments(x), np.arange(x.shape[1])[:, None]
    for step in range(1, steps + 1):
        gradient = whole @ delta if chosen is None else _gradient(x[:, rows, chosen[step - 1]], delta)
        delta -= lr * gradient * tally.running[:, :, None]
        if counted:
            tally.count(gradient, lr)
        tally.end(step, delta)
        if keep:
            path.append(delta + target)
        if progress is not None and step % 10 == 0:
            progress(step, steps)
        if not tally.running.any():
            break
    return tally.descents(np.stack(path) if keep else np.zeros(0))


def _gradient(batch: Array, delta: Array) -> Array:
    """Mean over the batch (C, R, B, D) of dL/df x: (C, R, D, K)."""
    return np.swapaxes(batch, -1, -2) @ (batch @ delta) / batch.shape[-2]


def _norm(values: Array) -> Array:
    """Length of (C, R, D, K) over the parameters: (C, R, K)."""
    return np.asarray(np.sqrt(np.einsum("crdk,crdk->crk", values, values)))


class _Tally:
    """Counts, while the descents run, what `Descents` reports."""

    def __init__(self, straight: Array, tolerance: float, weights: int) -> None:
        self.straight, self.tolerance, self.weights = straight, tolerance, weights
        self.running = np.ones(straight.shape, dtype=bool)
        self.steps = np.full(straight.shape, -1)
        self.made, self.length, self.alike, self.turns = (np.zeros(straight.shape) for _ in range(4))
        self.diverged = np.zeros(straight.shape, dtype=bool)
        self.before: Array | None = None  # the last gradient's signs

    def count(self, gradient: Array, lr: Array) -> None:
        """Count an update for the descents that are still running."""
        at = self.running
        self.made += at
        self.length += at * lr * _norm(gradient)
        self.alike += at & one_signed(gradient[:, :, : self.weights], 2)
        negative = gradient[:, :, : self.weights] < 0
        if self.before is not None:
            self.turns += at * (negative != self.before).mean(2)
        self.before = negative

    def end(self, step: int, delta: Array) -> None:
        """See which descents end with the step that led to `delta`."""
        at, left = self.running, _norm(delta) / self.straight
        reached, lost = at & (left <= self.tolerance), at & ~(left <= LOST)
        self.steps[reached] = step
        self.diverged |= lost
        self.running = at & ~reached & ~lost

    def descents(self, path: Array) -> Descents:
        """Return shares and lengths."""
        made = np.maximum(self.made, 1)
        return Descents(
            self.steps, self.length / self.straight, self.alike / made, self.turns / made, self.diverged, path
        )
