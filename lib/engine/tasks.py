"""Small tasks of every kind under one roof: what is trained on, what is scored, and how sure a network is.

Kinds: 'boolean' (XOR and its kin), 'region' (of the plane), 'curve' (one input), 'digits', 'pair' (two digits, as in
"3 8", the second one's label 1). One output is a logit, or a curve's height; several are a softmax's.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from lib.engine import data, measure, monotone

Pair = tuple[Tensor, Tensor]


def samples(name: str, kind: str, outputs: int = 1) -> tuple[Pair, Pair]:
    """What is trained on, and what the score is taken on: each x (N, I), and y (N, 1) or classes (N,)."""
    if kind in ("digits", "pair"):
        split = data.digits() if kind == "digits" else data.digit_pair(*map(int, name.split()))
        return split.train, split.test
    makers: dict[str, Any] = {
        "boolean": data.boolean,
        "region": lambda n: data.region(n, 16),
        "curve": lambda n: data.curve(n, 41),
    }
    x, y = makers[kind](name)
    both = (x, y[:, 0].long()) if outputs > 1 else (x, y)
    return both, both


def margin(z: Tensor) -> Tensor:
    """Logit (E, N) of class 1 against class 0, of one output or two (E, O, N)."""
    return z[:, 0] if z.shape[1] == 1 else z[:, 1] - z[:, 0]


def sureness(network: Any, params: Sequence[Tensor], points: Tensor) -> Tensor:
    """How sure the answer is at points (N, I): 2 p - 1, in (-1, 1): (E, N)."""
    return (margin(measure.outputs(network, params, points)) / 2).tanh()


def score(network: Any, params: Sequence[Tensor], kind: str, held_out: Pair) -> Tensor:
    """Share of right answers (E,), or for curves the share of the variance that is explained."""
    if network.sizes[-1] > 1:
        return measure.accuracy(network, params, held_out)
    z, y = measure.outputs(network, params, held_out[0])[:, 0], held_out[1][:, 0]
    if kind == "curve":
        return 1 - (z - y).square().mean(1) / y.var(unbiased=False)
    return ((z > 0) == (y == 1)).float().mean(1)


def worst(z: Tensor, y: Tensor) -> Tensor:
    """Probability (E,) of the right answer where it is least likely, of outputs (E, O, N) and labels y, 0 or 1."""
    m = margin(z)
    return torch.sigmoid(torch.where(y == 1, m, -m)).amin(1)


def chance(kind: str, y: Tensor) -> float:
    """The score of the best constant answer."""
    return 0.0 if kind == "curve" else float(y.flatten().long().bincount().max()) / len(y)


def can_be_monotone(name: str) -> bool:
    """Whether some non-decreasing rule answers the Boolean function `name` right."""
    x, y = data.boolean(name)
    return monotone.can_be(x.numpy(), y[:, 0].numpy())
