"""Damage to trained weights: one set to zero at a time, or many at once.

Taking w[j, i] away changes unit j alone, by relu(z_j - w_ji x_i) - relu(z_j), and the outputs by that change times
the unit's outgoing weights: one sweep over units instead of a forward pass per weight, to the same numbers.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor


class Ablation(NamedTuple):
    """What setting one weight to zero changes, over the samples; each (H, I)."""

    unit: Tensor  # mean absolute change of the unit's activation
    loss: Tensor  # change of the mean cross-entropy
    accuracy: Tensor  # change of the share of right answers
    moved: Tensor  # mean change of the unit's activation, its direction kept


def first_layer(member: Sequence[Tensor], data: tuple[Tensor, Tensor]) -> Ablation:
    """Set each first-layer weight of one ReLU network with one hidden layer to zero in turn.

    member = w (H, I), b (H,), v (O, H), c (O,) of an `MLP((I, H, O))`; data = x (N, I), labels (N,).
    """
    (w, b, v, c), (x, y) = member, data
    result = Ablation(*(torch.zeros_like(w) for _ in range(4)))
    with torch.inference_mode():
        z = torch.addmm(b.unsqueeze(1), w, x.T)  # (H, N)
        o = torch.addmm(c.unsqueeze(1), v, z.clamp(min=0))  # (O, N)
        o -= o.amax(0)  # no exponential overflows, and no probability changes
        right = o.gather(0, y.unsqueeze(0))[0]  # (N,) output of the right class
        loss, hit = o.exp().sum(0).log() - right, (right >= o.amax(0)).to(w.dtype)
        for j in range(len(w)):
            change = (z[j] - w[j].unsqueeze(1) * x.T).clamp_(min=0).sub_(z[j].clamp(min=0))  # (I, N)
            result.unit[j] = change.abs().mean(1)
            result.moved[j] = change.mean(1)
            inputs = change.any(1).nonzero()[:, 0]
            n = change.any(0).nonzero()[:, 0]  # samples on which the unit is on, before or after
            if len(n) == 0:
                continue
            change = change[inputs][:, n]
            new = torch.addcmul(o[:, n].unsqueeze(1), v[:, j].view(-1, 1, 1), change)  # (O, I', N')
            now = torch.addcmul(right[n], v[y[n], j], change)
            result.accuracy[j, inputs] = ((now >= new.amax(0)).to(w.dtype) - hit[n]).sum(1) / len(x)
            result.loss[j, inputs] = (new.exp_().sum(0).log_() - now - loss[n]).sum(1) / len(x)
    return result


def kept(scores: Sequence[Tensor], share: float) -> list[Tensor]:
    """Masks like `scores` (E, O, I): 0 for the `share` of each member's weights that scores lowest, else 1."""
    flat = torch.cat([s.flatten(1) for s in scores], 1)  # (E, n)
    stay = flat.argsort(dim=1, stable=True).argsort(1) >= round(share * flat.shape[1])
    parts = stay.to(flat.dtype).split([s[0].numel() for s in scores], 1)
    return [p.reshape(s.shape) for p, s in zip(parts, scores, strict=True)]


def rescaled(params: Sequence[Tensor], factors: Tensor) -> list[Tensor]:
    """The same function: each hidden unit's incoming weights and bias times a factor (E, H), outgoing ones by it.

    Exact for powers of two, since relu(a z) = a relu(z) for a > 0 (Dinh et al. 2017).
    """
    w, b, v, c = params
    return [w * factors.unsqueeze(2), b * factors, v / factors.unsqueeze(1), c]
