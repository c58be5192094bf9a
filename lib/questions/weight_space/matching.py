"""Hidden units have no order: shuffle them, and match those of one network to those of another.

For networks with one hidden layer, parameters W1 (E, H, I), b1 (E, H), W2 (E, O, H), b2 (E, O). Hecht-Nielsen 1990 on
the H! equivalent orders; matching as in Ainsworth, Hayase and Srinivasa 2022, "Git Re-Basin", solved as a linear
assignment, which for one hidden layer gives the nearest of all orders exactly.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment
from torch import Tensor

ONE_HIDDEN = 4  # weight, bias, weight, bias
TIE = 1e-4  # of a unit's cosine counts beside a correlation


def reordered(params: Sequence[Tensor], order: Tensor) -> list[Tensor]:
    """Put hidden unit order[e, k] (E, H) of each member in place k; the networks compute what they did."""
    _check(params)
    first, bias, second, last = params
    rows = order.unsqueeze(2).expand_as(first)
    columns = order.unsqueeze(1).expand_as(second)
    return [first.gather(1, rows), bias.gather(1, order), second.gather(2, columns), last]


def nearest(fixed: Sequence[Tensor], moved: Sequence[Tensor]) -> Tensor:
    """Orders (E, H) of `moved` that bring it nearest to `fixed`, member by member, among all H! orders.

    |a - Pb|^2 is smallest where the inner product <a, Pb>, a sum over units, is largest.
    """
    return _assigned(torch.bmm(_units(fixed), _units(moved).transpose(1, 2)))


def alike(fixed: Sequence[Tensor], moved: Sequence[Tensor], x: Tensor) -> Tensor:
    """Orders (E, H) of `moved` whose ReLU activations on samples x (N, I) correlate most with those of `fixed`.

    Units that are off for all samples correlate with none: where activations decide nothing, the units' cosines do.
    """
    a, b = (_standardised(torch.relu(p[0] @ x.T + p[1].unsqueeze(2))) for p in (fixed, moved))
    return _assigned(torch.bmm(a, b.transpose(1, 2)) + TIE * likeness(fixed, moved))


def cosines(vectors: Tensor) -> np.ndarray[Any, Any]:
    """Cosines (..., R, R) between vectors (..., R, P), in double precision."""
    unit = vectors.double() / vectors.double().norm(dim=-1, keepdim=True)
    return np.asarray((unit @ unit.transpose(-1, -2)).numpy())


def likeness(one: Sequence[Tensor], other: Sequence[Tensor]) -> Tensor:
    """Cosines (E, H, H) of hidden units, member by member: rows are those of `one`, columns those of `other`."""
    a, b = (torch.nn.functional.normalize(_units(p), dim=2) for p in (one, other))
    return torch.bmm(a, b.transpose(1, 2))


def _units(params: Sequence[Tensor]) -> Tensor:
    """All that belongs to a hidden unit, as one row: weights in, bias, weights out (E, H, I + 1 + O)."""
    _check(params)
    return torch.cat([params[0], params[1].unsqueeze(2), params[2].transpose(1, 2)], 2)


def _standardised(h: Tensor) -> Tensor:
    """Activations (E, H, N) without their mean and of length 1; all 0 for a unit that never changes."""
    h = h - h.mean(2, keepdim=True)
    return h / h.norm(dim=2, keepdim=True).clamp(min=1e-9)


def _assigned(similarity: Tensor) -> Tensor:
    orders = [linear_sum_assignment(s, maximize=True)[1] for s in similarity.double().numpy()]
    return torch.from_numpy(np.stack(orders)).long()


def _check(params: Sequence[Tensor]) -> None:
    if len(params) != ONE_HIDDEN:
        raise ValueError(f"only networks with one hidden layer can be matched, not {len(params)} parameters")
