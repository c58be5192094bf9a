"""Adam (Kingma and Ba 2015) on one tensor, operation by operation as torch.optim's, but without its bookkeeping.

Not the engine's (lib/engine/optimisers.py), which saves a division and so rounds otherwise: the scrambled twin's
filters enlarge that, and with it one of twenty starts was told another sentence about the phase.
"""

from collections.abc import Callable

import torch
from torch import Tensor

BETAS = (0.9, 0.999)
EPSILON = 1e-8


def adam(value: Tensor) -> Callable[[Tensor, float], None]:
    """Return what moves `value` in place against a gradient of its shape, at a learning rate (uphill if negative)."""
    (b1, b2), mean, square, made = BETAS, torch.zeros_like(value), torch.zeros_like(value), 0
    root = torch.empty_like(value)

    def step(gradient: Tensor, lr: float) -> None:
        nonlocal made
        made += 1
        mean.lerp_(gradient, 1 - b1)
        square.mul_(b2).addcmul_(gradient, gradient, value=1 - b2)
        torch.sqrt(square, out=root).div_((1 - b2**made) ** 0.5).add_(EPSILON)
        value.addcdiv_(mean, root, value=-lr / (1 - b1**made))

    return step
