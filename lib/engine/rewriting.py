"""The same function from other weights: what a minus sign, a unit or a copy can be exchanged for. E is any number."""

from collections.abc import Sequence

import torch
from torch import Tensor

from lib.engine.mlp import MLP


def without_minus(network: MLP, params: Sequence[Tensor]) -> tuple[MLP, list[Tensor]]:
    """Rewrite for inputs [x, 1 - x] and a softmax behind; the first and the last weights are at or above zero.

    W x + b = W+ x + W- (1 - x) + (b - sum W-), W = W+ - W-; and softmax ignores a number added to all outputs, so
    that -min over the column may be added to each column of the last weights.
    """
    wide = MLP((2 * network.sizes[0], *network.sizes[1:]), network.activation)
    new = [p.clone() for p in params]
    plus, minus = params[0].clamp(min=0), (-params[0]).clamp(min=0)
    new[0], new[1] = torch.cat([plus, minus], 2), params[1] - minus.sum(2)
    new[-2] = params[-2] - params[-2].amin(1, keepdim=True)
    return wide, new


def one_sign_each(network: MLP, params: Sequence[Tensor]) -> tuple[MLP, list[Tensor]]:
    """Give each unit of the one hidden layer a twin: one keeps its weights out above zero, the other those below."""
    wide = MLP((network.sizes[0], 2 * network.sizes[1], network.sizes[2]), network.activation)
    split = torch.cat([params[2].clamp(min=0), params[2].clamp(max=0)], 2)
    return wide, [*(torch.cat([p, p], 1) for p in params[:2]), split, params[3]]


def only_units(network: MLP, params: Sequence[Tensor], kept: Tensor) -> tuple[MLP, list[Tensor]]:
    """Leave out all units of the one hidden layer but those whose places `kept` (K,) names."""
    small = MLP((network.sizes[0], len(kept), network.sizes[2]), network.activation)
    return small, [params[0][:, kept], params[1][:, kept], params[2][:, :, kept], params[3]]
