"""What a non-decreasing function can do at best, whatever computes it: the floors that no training can go below.

Isotonic regression under the order of the inputs (x <= x' if no coordinate is larger): its solution minimises
squared error and, for labels 0 and 1, cross-entropy as well (Barlow and Brunk 1972). Exact by recursive maximum flow
(Maxwell and Muckstadt 1985; Luss and Rosset 2010).
"""

import numpy as np
from scipy.optimize import isotonic_regression, nnls
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from lib.types import Array


def isotonic(x: Array, labels: Array) -> Array:
    """Probabilities (N,) of the best non-decreasing rule for inputs x (N, I) and labels (N,) of 0 and 1."""
    below: Array = np.all(x[:, None] <= x[None], axis=2)  # [i, j]: the rule may not answer less for j than for i
    best = np.empty(len(x))
    blocks = [np.arange(len(x))]
    while blocks:
        block = blocks.pop()
        upper = _upper_set(below[np.ix_(block, block)], labels[block].astype(int))
        if upper.all() or not upper.any():
            best[block] = labels[block].mean()
        else:
            blocks += [block[upper], block[~upper]]
    return best


def _upper_set(below: Array, labels: Array) -> Array:
    """Of the sets that are closed upwards, the one that lies above the block's mean by most: a mask (n,).

    A closure problem (Picard 1976): source to the ones, zeros to the sink, without limit from each to all above it.
    """
    n, ones = len(labels), int(labels.sum())
    plenty = n * n + 1
    capacity = np.zeros((n + 2, n + 2), dtype=np.int32)
    capacity[:n, :n] = plenty * (below & ~np.eye(n, dtype=bool))
    capacity[n, :n] = (n - ones) * labels
    capacity[:n, n + 1] = ones * (1 - labels)
    graph = csr_array(capacity)
    left = capacity - maximum_flow(graph, n, n + 1).flow.toarray()
    return _reached(left > 0, n)[:n]


def _reached(edges: Array, source: int) -> Array:
    """Mask of the nodes that can be reached from `source`."""
    seen = np.zeros(len(edges), dtype=bool)
    new = seen.copy()
    new[source] = True
    while new.any():
        seen |= new
        new = edges[new].any(0) & ~seen
    return seen


def log_loss(probabilities: Array, labels: Array) -> float:
    """Mean cross-entropy, 0 log 0 = 0."""
    right = np.where(labels == 1, probabilities, 1 - probabilities)
    return float(-np.log(right[right < 1]).sum() / len(right)) + 0.0


def isotonic_error(targets: Array) -> float:
    """Least mean squared error of a non-decreasing function at points in order, targets (N,)."""
    return float(np.mean((isotonic_regression(targets).x - targets) ** 2))


def convex_error(x: Array, targets: Array) -> float:
    """Least mean squared error of a non-decreasing convex function; x (N,) in order, targets (N,).

    At the points such a function is c + sum_k a_k max(x - x_k, 0) with every a_k >= 0, and the reverse holds.
    """
    ramps = np.maximum(x[:, None] - x[None, :-1], 0)
    columns = np.column_stack([ramps, np.ones(len(x)), -np.ones(len(x))])  # c of either sign
    return float(nnls(columns, targets)[1] ** 2 / len(x))


def supermodular_xor() -> float:
    """Least mean cross-entropy on XOR of a function with f(1,1) + f(0,0) >= f(0,1) + f(1,0): ln 2.

    softplus(z) >= ln 2 + z / 2, so the four losses add up to at least
    4 ln 2 + (f00 - f01 - f10 + f11) / 2 >= 4 ln 2, reached where every output is 0, a coin flip.
    """
    return float(np.log(2.0))


def can_be(x: Array, labels: Array) -> bool:
    """Whether some non-decreasing rule answers all labels 0 and 1 (N,) right at x (N, I)."""
    return log_loss(isotonic(x, labels), labels) == 0


def floor(kind: str, x: Array, y: Array, convex: bool) -> tuple[float, str]:
    """The loss that no non-decreasing function (convex and supermodular too, if said) goes below, and the reason.

    `kind` as in `tasks`; x (N, I), y (N, 1).
    """
    y = y[:, 0]
    if kind == "curve":
        return (convex_error(x[:, 0], y), "convex") if convex else (isotonic_error(y), "monotone")
    if convex and kind == "boolean":
        return supermodular_xor(), "convex"
    return log_loss(isotonic(x, y), y), "monotone"
