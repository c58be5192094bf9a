"""Looks at the loss surface: along lines, on planes through weight space, and how flat a trajectory seems.

Filter-normalised directions after Li et al. 2018; planes through three solutions after Garipov et al. 2018; the
trajectory's principal directions after Li et al. 2018, and the warning of Antognini and Sohl-Dickstein 2018.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Generator, Tensor

from lib.engine import measure
from lib.engine.program import Network

CHUNK = 64  # networks put through the samples at once: few enough to stay in the processor's cache


def line(a: Sequence[Tensor], b: Sequence[Tensor], shares: Tensor) -> list[Tensor]:
    """Networks (E * A, *shape) on the straight lines from a to b, each (E, *shape), at `shares` (A,) of the way."""
    return [
        torch.stack([torch.lerp(p, q, float(share)) for share in shares], 1).flatten(0, 1)
        for p, q in zip(a, b, strict=True)
    ]


def on_plane(centre: Tensor, directions: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """Points (len(y) * len(x), P), row by row, at centre (P,) + x * directions[0] + y * directions[1] (2, P)."""
    ys, xs = torch.meshgrid(y, x, indexing="ij")
    return (torch.stack([xs.flatten(), ys.flatten()], 1) @ directions).add_(centre)


def split(network: Network, points: Tensor) -> list[Tensor]:
    """Parameter vectors (E, P), in `measure.joined`'s order, as the network's parameters (E, *shape)."""
    shapes = [shape for _, shape in network.shapes()]
    blocks = points.split([torch.Size(shape).numel() for shape in shapes], dim=1)
    return [block.reshape(-1, *shape) for block, shape in zip(blocks, shapes, strict=True)]


def heights(network: Network, params: Sequence[Tensor], data: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    """Cross-entropy (E,) and share of right answers (E,) of each network on data = x (N, I), labels (N,)."""
    x, labels = data
    losses, right = [], []
    for part in zip(*(p.split(CHUNK) for p in params), strict=True):
        z = measure.outputs(network, part, x)  # (CHUNK, O, N)
        own = z.gather(1, labels.expand(len(z), 1, -1))[:, 0]
        losses.append((z.logsumexp(1) - own).mean(1))
        right.append((z.argmax(1) == labels).float().mean(1))
    return torch.cat(losses), torch.cat(right)


def losses(network: Network, points: Tensor, data: tuple[Tensor, Tensor]) -> Tensor:
    """Cross-entropy (E,) at parameter vectors (E, P) on data = x (N, I), labels (N,)."""
    return torch.cat([heights(network, split(network, part), data)[0] for part in points.split(CHUNK)])


def apart(a: Sequence[Tensor], b: Sequence[Tensor]) -> np.ndarray[Any, Any]:
    """Distances (E,) between networks' parameters, in units of the first one's length."""
    first, second = measure.joined(a), measure.joined(b)
    return np.asarray(((first - second).norm(dim=1) / first.norm(dim=1)).numpy())


def filter_normalised(network: Network, params: Sequence[Tensor], seed: int) -> Tensor:
    """Two random directions (2, P) around one network (1, *shape), each unit's row as long as its own weights.

    Biases are left alone, as in Li et al. 2018.
    """
    generator = Generator().manual_seed(seed)
    found = []
    for (name, _), p in zip(network.shapes(), params, strict=True):
        d = torch.zeros(2, *p.shape[1:])
        if name == "weight":
            d.normal_(generator=generator)
            d *= p.norm(dim=2, keepdim=True) / d.norm(dim=2, keepdim=True)
        found.append(d)
    return measure.joined(found)


def principal(path: Tensor) -> tuple[Tensor, Tensor]:
    """Of paths (S, E, P), seen from their last points: shares of the variation (E, S) and two directions (E, 2, P).

    The directions have length 1. Distances are taken from the end of the path, not from its mean, as in Li et al.
    2018; for a random walk in many dimensions the k-th share is then 8 / (pi (2 k - 1))^2 (Brownian motion).
    """
    shares, directions = zip(*(_principal(path[:, e]) for e in range(path.shape[1])), strict=True)
    return torch.stack(shares), torch.stack(directions)


def _principal(path: Tensor) -> tuple[Tensor, Tensor]:
    """Of one path (S, P), since in double precision all at once are large: shares (S,) and directions (2, P)."""
    moves = (path - path[-1]).double()
    values, vectors = torch.linalg.eigh(moves @ moves.T)  # ascending
    values, vectors = values.flip(0).clamp(min=0), vectors.flip(1)
    directions = vectors[:, :2].T @ moves
    directions = directions / directions.norm(dim=1, keepdim=True).clamp(min=1e-12)
    return values / values.sum().clamp(min=1e-300), directions.float()


def seen_on(plane: Tensor, moves: Tensor) -> Tensor:
    """Where moves (S, P) are seen on a plane of directions (2, P) that need not be square: (S, 2), least squares.

    By the two normal equations in double precision, summed term by term: the same bits in every process.
    """
    a, b, m = plane[0].double(), plane[1].double(), moves.double()
    aa, ab, bb = (a * a).sum(), (a * b).sum(), (b * b).sum()
    am, bm = (m * a).sum(1), (m * b).sum(1)
    return (torch.stack([bb * am - ab * bm, aa * bm - ab * am], 1) / (aa * bb - ab * ab).clamp(min=1e-300)).float()


def valley(starts: "np.ndarray[Any, Any]", lr: float, steps: int, kept: int) -> "np.ndarray[Any, Any]":
    """Descend (w2 relu(w1) - 1)^2 / 2, whose minima are a curve, from starts (M, 2): paths (S, M, 2), S <= kept."""
    moments = set(np.unique(np.geomspace(1, steps + 1, kept).round().astype(int) - 1).tolist())
    w, paths = starts, []
    for step in range(steps + 1):
        if step in moments:
            paths.append(w.copy())
        active, error = w[:, 0] > 0, w[:, 1] * np.maximum(w[:, 0], 0) - 1
        w = w - lr * np.stack([error * w[:, 1] * active, error * np.maximum(w[:, 0], 0)], 1)
    return np.stack(paths)
