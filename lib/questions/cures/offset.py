"""A bias for each input, f = sum_i w_i (x_i + b_i), as networks with `norm="offset"` have it before their layers."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from lib.engine.mlp import MLP

Params = Sequence[Tensor]


def kept(model: MLP, first: Params, pace: float) -> Callable[[list[Tensor]], None]:
    """Return what keeps the biases per input at `pace` of their training, 0 for frozen: a `project` for training.

    f = sum w (x + b) has no other bias, which therefore stays as it was; with b frozen it gets the usual one back.
    """
    names = [name for name, _ in model.shapes()]
    still = "bias" if pace else "shift"
    places = [k for k, name in enumerate(names) if name == still and k > 1]
    slowed = {k: first[k].clone() for k, name in enumerate(names) if name == "shift" and 0 < pace < 1}

    def project(params: list[Tensor]) -> None:
        for k in places:
            params[k].copy_(first[k])
        for k, before in slowed.items():
            before.lerp_(params[k], pace)
            params[k].copy_(before)

    return project


def algebra(seed: int) -> list[float]:
    """Largest gap between autograd and dL/df (x + b), dL/df (x - b), dL/df w (for b) on one neuron."""
    g = torch.Generator().manual_seed(seed)
    w, b, x = (torch.randn(10, generator=g, dtype=torch.float64) for _ in range(3))
    w, b = w.requires_grad_(), b.requires_grad_()
    f = (w * (x + b)).sum()
    dw, db = torch.autograd.grad((f - 1) ** 2, (w, b))
    slope = 2 * (f.detach() - 1)
    gaps = (dw - slope * (x + b.detach()), dw - slope * (x - b.detach()), db - slope * w.detach())
    return [float(gap.abs().max()) for gap in gaps]
