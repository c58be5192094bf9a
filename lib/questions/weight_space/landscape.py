"""Looks at the loss surface: along lines, and how flat a trajectory seems.

The trajectory's principal directions after Li et al. 2018, and the warning of Antognini and Sohl-Dickstein 2018.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lib.engine import measure
from lib.engine.program import Network

CHUNK = 64  # networks put through the samples at once: few enough to stay in the processor's cache


def line(a: Sequence[Tensor], b: Sequence[Tensor], shares: Tensor) -> list[Tensor]:
    """Networks (E * A, *shape) on the straight lines from a to b, each (E, *shape), at `shares` (A,) of the way."""
    return [
        torch.stack([torch.lerp(p, q, float(share)) for share in shares], 1).flatten(0, 1)
        for p, q in zip(a, b, strict=True)
    ]


def right(network: Network, params: Sequence[Tensor], data: tuple[Tensor, Tensor]) -> Tensor:
    """Share of right answers (E,) of each network on data = x (N, I), labels (N,)."""
    parts = zip(*(p.split(CHUNK) for p in params), strict=True)
    return torch.cat([measure.accuracy(network, part, data) for part in parts])


def apart(a: Sequence[Tensor], b: Sequence[Tensor]) -> np.ndarray[Any, Any]:
    """Distances (E,) between networks' parameters, in units of the first one's length."""
    first, second = measure.joined(a), measure.joined(b)
    return np.asarray(((first - second).norm(dim=1) / first.norm(dim=1)).numpy())


def principal(path: Tensor) -> Tensor:
    """Of paths (S, E, P), seen from their last points, each principal direction's share of the variation: (E, S).

    Distances are taken from the end of the path, not from its mean, as in Li et al. 2018; for a random walk in many
    dimensions the k-th share is then 8 / (pi (2 k - 1))^2 (Brownian motion).
    """
    return torch.stack([_principal(path[:, e]) for e in range(path.shape[1])])


def _principal(path: Tensor) -> Tensor:
    """Of one path (S, P), since in double precision all at once are large: shares (S,)."""
    moves = (path - path[-1]).double()
    values = torch.linalg.eigvalsh(moves @ moves.T).flip(0).clamp(min=0)  # ascending at first
    return values / values.sum().clamp(min=1e-300)
