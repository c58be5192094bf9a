"""The same function from other weights: what a minus sign, a unit or a copy can be exchanged for. E is any number."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from lib.engine import measure
from lib.engine.mlp import MLP
from lib.types import Array


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


def shares_negative(network: MLP, params: Sequence[Tensor], x: Tensor) -> tuple[Array, Array, float]:
    """Rewrite networks as `without_minus` does, and compare on inputs x (N, I).

    Returns the medians of the share of negative weights per layer before and after (L,), and the largest change of
    any probability.
    """
    wide, new = without_minus(network, params)
    old_p = measure.outputs(network, params, x).softmax(1)
    new_p = measure.outputs(wide, new, torch.cat([x, 1 - x], 1)).softmax(1)
    shares = [
        measure.share_negative(measure.weights(n, p)).median(0).values.numpy()
        for n, p in ((network, params), (wide, new))
    ]
    return shares[0], shares[1], float((old_p - new_p).abs().max())


def one_sign_each(network: MLP, params: Sequence[Tensor]) -> tuple[MLP, list[Tensor]]:
    """Give each unit of the one hidden layer a twin: one keeps its weights out above zero, the other those below."""
    wide = MLP((network.sizes[0], 2 * network.sizes[1], network.sizes[2]), network.activation)
    split = torch.cat([params[2].clamp(min=0), params[2].clamp(max=0)], 2)
    return wide, [*(torch.cat([p, p], 1) for p in params[:2]), split, params[3]]


def only_units(network: MLP, params: Sequence[Tensor], kept: Tensor) -> tuple[MLP, list[Tensor]]:
    """Leave out all units of the one hidden layer but those whose places `kept` (K,) names."""
    small = MLP((network.sizes[0], len(kept), network.sizes[2]), network.activation)
    return small, [params[0][:, kept], params[1][:, kept], params[2][:, :, kept], params[3]]


def effective(params: list[Array], x: Array, labels: Array) -> tuple[Array, Array, Array]:
    """One ReLU network as the linear function that it is around each sample x (N, I).

    w_eff (N, I) and b_eff (N,) of the logit of the sample's own class, and which hidden units are on (N, H); the
    parameters of softmax regression, or of one hidden layer.
    """
    if len(params) == 2:
        return params[0][labels], params[1][labels], np.ones((len(x), 1), dtype=bool)
    w1, b1, w2, b2 = params
    on = x @ w1.T + b1 > 0
    through = w2[labels] * on  # (N, H)
    return through @ w1, through @ b1 + b2[labels], on
