"""Damage to trained weights: one set to zero at a time, or many at once.

Taking w[j, i] away changes unit j alone, by relu(z_j - w_ji x_i) - relu(z_j), and the outputs by that change times
the unit's outgoing weights: one sweep over units instead of a forward pass per weight, to the same numbers. Where x_i
is 0, as half of the digits' pixels are, nothing changes, and nothing is computed.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from lib.types import Array


class Ablation(NamedTuple):
    """What setting one weight to zero changes, over the samples; each (H, I)."""

    unit: Tensor  # mean absolute change of the unit's activation
    loss: Tensor  # change of the mean cross-entropy
    accuracy: Tensor  # change of the share of right answers
    moved: Tensor  # mean change of the unit's activation, its direction kept


class _Pairs(NamedTuple):
    """Every input of every sample that is not 0, P in all, input by input: a weight on a 0 does nothing there."""

    of_input: Tensor  # (P,)
    of_sample: Tensor  # (P,)
    value: Tensor  # (P,)
    inputs: Tensor  # (I',) that are not 0 in every sample
    begins: Array  # (I',) where the pairs of each begin

    def sums(self, each: Tensor) -> Tensor:
        """Sums over the samples, (A, P) to (A, I')."""
        return torch.from_numpy(np.add.reduceat(each.numpy(), self.begins, 1))


def _pairs(x: Tensor) -> _Pairs:
    """The pairs of samples (N, I)."""
    of_input, of_sample = x.T.nonzero().T.contiguous()
    inputs, counts = of_input.unique_consecutive(return_counts=True)
    return _Pairs(of_input, of_sample, x[of_sample, of_input], inputs, (counts.cumsum(0) - counts).numpy())


def first_layer(member: Sequence[Tensor], data: tuple[Tensor, Tensor]) -> Ablation:
    """Set each first-layer weight of one ReLU network with one hidden layer to zero in turn.

    member = w (H, I), b (H,), v (O, H), c (O,) of an `MLP((I, H, O))`; data = x (N, I), labels (N,).
    """
    (w, b, v, c), (x, y) = member, data
    with torch.inference_mode():
        z = torch.addmm(b.unsqueeze(1), w, x.T)  # (H, N)
        h = z.clamp(min=0)
        result, pairs = w.new_zeros(4, *w.shape), _pairs(x)
        judge = _judge(torch.addmm(c.unsqueeze(1), v, h), y, pairs)
        # All memory of this length is laid out once: to get it anew takes as long as to compute.
        each, was = w.new_empty(4, len(pairs.value)), torch.empty_like(pairs.value)
        size, loss, hits, change = each
        for j, unit in enumerate(v.T):
            torch.index_select(z[j], 0, pairs.of_sample, out=was)
            torch.index_select(w[j], 0, pairs.of_input, out=change)
            torch.addcmul(was, change, pairs.value, value=-1, out=change)
            change.clamp_(min=0).sub_(was.clamp_(min=0))  # (P,) of the unit
            judge(unit, change, loss, hits)
            torch.abs(change, out=size)
            result[:, j, pairs.inputs] = pairs.sums(each) / len(x)
        return Ablation(*result)


def _judge(o: Tensor, y: Tensor, pairs: _Pairs) -> Callable[[Tensor, Tensor, Tensor, Tensor], None]:
    """What a unit's change does to outputs o (O, N): of its outgoing weights (O,) and of changes (P,).

    Written are the changes (P,) of the loss and of being right; both exactly 0 where the unit does not change.
    """
    o = (o - o.amax(0)).index_select(1, pairs.of_sample)  # (O, P); no exponential overflows, no probability changes
    y = y.index_select(0, pairs.of_sample)
    right, new = o.gather(0, y.unsqueeze(0))[0], torch.empty_like(o)
    was, hit = o.exp().sum(0).log_().sub_(right), (right >= o.amax(0)).to(o.dtype)
    now, top = torch.empty_like(right), torch.empty_like(right)

    def judge(unit: Tensor, change: Tensor, loss: Tensor, hits: Tensor) -> None:
        torch.addcmul(o, unit.unsqueeze(1), change, out=new)
        torch.addcmul(right, torch.index_select(unit, 0, y, out=now), change, out=now)
        torch.ge(now, torch.amax(new, 0, out=top), out=hits).sub_(hit)
        torch.sum(new.exp_(), 0, out=loss).log_().sub_(now).sub_(was)

    return judge


def kept(scores: Sequence[Tensor], shares: Sequence[float]) -> list[list[Tensor]]:
    """For each share masks like `scores` (E, O, I): 0 for so many of a member's weights, lowest first, else 1."""
    flat = torch.cat([s.flatten(1) for s in scores], 1)  # (E, n)
    order = flat.argsort(dim=1, stable=True)
    place = torch.empty_like(order).scatter_(1, order, torch.arange(flat.shape[1]).expand_as(order))
    places = [p.reshape(s.shape) for p, s in zip(place.split([s[0].numel() for s in scores], 1), scores, strict=True)]
    return [[(p >= round(share * flat.shape[1])).to(flat.dtype) for p in places] for share in shares]


def rescaled(params: Sequence[Tensor], factors: Tensor) -> list[Tensor]:
    """The same function: each hidden unit's incoming weights and bias times a factor (E, H), outgoing ones by it.

    Exact for powers of two, since relu(a z) = a relu(z) for a > 0 (Dinh et al. 2017).
    """
    w, b, v, c = params
    return [w * factors.unsqueeze(2), b * factors, v / factors.unsqueeze(1), c]
