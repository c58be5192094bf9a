"""The same function from other weights: what a minus sign, a unit or a copy can be exchanged for. E is any number."""

from collections.abc import Sequence

import numpy as np
from torch import Tensor

from lib.engine.mlp import MLP
from lib.types import Array


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
