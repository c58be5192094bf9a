"""The optimisers, each a few operations on the flat vector of all members' parameters.

They compute what `torch.optim` does (SGD, SGD with momentum, Adam, AdamW with torch's defaults), in its order but for
one factor of Adam's, so a member moves as it would alone. Every hyperparameter is one number or one per member; for
one per member it is spread over that member's parameters once.
"""

import math
from collections.abc import Callable, Sequence
from numbers import Real
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

PerMember = float | Sequence[float]
Update = Callable[[float], None]  # called with the warm-up factor of the learning rate
ROW = 16  # no processor has more numbers in a register


class Flat(NamedTuple):
    """The parameters and gradients of all members as vectors (E * P,), and the tensors they consist of."""

    value: Tensor
    grad: Tensor
    shapes: Sequence[Tensor]

    def spread(self, number: PerMember) -> float | Tensor:
        """Return one number as it is, one per member as a vector (E * P,); ValueError if the count is wrong."""
        if isinstance(number, (int, float, Real)):  # Real: numpy's numbers too
            return float(number)
        each = self.each(number)
        return torch.cat([each.repeat_interleave(t[0].numel()) for t in self.shapes])

    def each(self, number: PerMember) -> Tensor:
        """Return one number, or one per member, as a tensor (1,) or (E,); ValueError if the count is wrong."""
        if isinstance(number, (int, float, Real)):
            return self.value.new_tensor([float(number)])
        members = self.shapes[0].shape[0]
        if len(number) != members:
            raise ValueError(f"{len(number)} values for {members} members; give one number or one per member")
        return self.value.new_tensor(list(number))


def _subtract(value: Tensor, direction: Tensor, lr: float | Tensor, factor: float) -> None:
    """value -= factor * lr * direction."""
    if isinstance(lr, Tensor):
        value.addcmul_(direction, lr, value=-factor)
    else:
        value.add_(direction, alpha=-lr * factor)


def _coupled_decay(flat: Flat, decay: float | Tensor) -> None:
    """g += decay * w, the gradient of decay/2 * |w|^2."""
    if isinstance(decay, Tensor):
        flat.grad.addcmul_(flat.value, decay)
    elif decay:
        flat.grad.add_(flat.value, alpha=decay)


def sgd(flat: Flat, lr: PerMember, decay: PerMember, momentum: float = 0.0) -> Update:
    """w -= lr v with v = momentum v + g, v = g at the first step; g includes decay * w."""
    rate, shrink = flat.spread(lr), flat.spread(decay)
    velocity = torch.zeros_like(flat.value) if momentum else flat.grad

    def update(factor: float) -> None:
        _coupled_decay(flat, shrink)
        if momentum:
            velocity.mul_(momentum).add_(flat.grad)
        _subtract(flat.value, velocity, rate, factor)

    return update


def adam(
    flat: Flat,
    lr: PerMember,
    decay: PerMember,
    *,
    decoupled: bool = False,
    betas: tuple[float, float] = (0.9, 0.999),
) -> Update:
    """Adam (Kingma and Ba 2015, algorithm 1), or with `decoupled` decay AdamW (Loshchilov and Hutter 2019)."""
    rate, shrink = flat.spread(lr), flat.spread(decay)
    kept = 1 - rate * shrink  # of a weight, where it decays by itself
    move = _each(flat, rate, betas) if isinstance(rate, Tensor) else _fused(flat, rate, betas)

    def update(factor: float) -> None:
        if not decoupled:
            _coupled_decay(flat, shrink)
        elif np.any(decay):
            flat.value.mul_(kept if factor == 1 else 1 - rate * shrink * factor)
        move(factor)

    return update


def _each(flat: Flat, rate: Tensor, betas: tuple[float, float]) -> Update:
    """Adam with a learning rate for each member."""
    mean, square, move = (torch.zeros_like(flat.value) for _ in range(3))
    # numpy's square root; torch's takes twenty times as long for zeros (weights of inputs that are always 0).
    square_seen, move_seen = square.numpy(), move.numpy()
    (b1, b2), step = betas, 0

    def update(factor: float) -> None:
        nonlocal step
        step += 1
        mean.lerp_(flat.grad, 1 - b1)
        square.mul_(b2).addcmul_(flat.grad, flat.grad, value=1 - b2)
        # m / (sqrt(v) / c + eps) = c m / (sqrt(v) + c eps): one division of vectors instead of two.
        c = math.sqrt(1 - b2**step)
        np.sqrt(square_seen, out=move_seen)
        torch.div(mean, move.add_(1e-8 * c), out=move)
        flat.value.addcmul_(move, rate, value=-factor * c / (1 - b1**step))

    return update


def _fused(flat: Flat, lr: float, betas: tuple[float, float]) -> Update:
    """Adam by the kernel of `torch.optim.Adam(fused=True)`, in half the time; it has one learning rate for all.

    It works on so many numbers at once, and rounds those that are left at the end in another way, so that equal
    weights would not stay equal: these are done in a full row of their own.
    """
    count = flat.value.numel()
    whole = count // ROW * ROW
    left, left_grad = (v.new_zeros(ROW) for v in (flat.value, flat.grad))
    values, grads = [flat.value[:whole], left], [flat.grad[:whole], left_grad]
    means, squares = ([torch.zeros_like(v) for v in values] for _ in range(2))
    steps = [flat.value.new_zeros(()) for _ in values]
    own, row = flat.value[whole:], left[: count - whole]
    own_grad, row_grad = flat.grad[whole:], left_grad[: count - whole]

    def update(factor: float) -> None:
        torch._foreach_copy_([row, row_grad], [own, own_grad])
        torch._foreach_add_(steps, 1)
        torch._fused_adam_(
            values, grads, means, squares, [], steps, lr=lr * factor, beta1=betas[0], beta2=betas[1],
            weight_decay=0.0, eps=1e-8, amsgrad=False, maximize=False,
        )  # fmt: skip
        own.copy_(row)

    return update


OPTIMISERS: dict[str, Callable[[Flat, PerMember, PerMember], Update]] = {
    "sgd": sgd,
    "momentum": lambda flat, lr, decay: sgd(flat, lr, decay, momentum=0.9),
    "adam": adam,
    "adamw": lambda flat, lr, decay: adam(flat, lr, decay, decoupled=True),
}


def clip(flat: Flat, limit: float) -> None:
    """Scale each member's whole gradient down to the norm `limit`, as `torch.nn.utils.clip_grad_norm_`."""
    blocks = flat.grad.split([t.numel() for t in flat.shapes])
    grads = [block.view(t.shape[0], -1) for block, t in zip(blocks, flat.shapes, strict=True)]
    norm = torch.stack([torch.linalg.vector_norm(g, dim=1) for g in grads]).norm(dim=0)  # (E,)
    scale = (limit / (norm + 1e-6)).clamp_(max=1.0)
    if not scale.min() >= 1:  # most gradients are short enough; NaN is not
        for g in grads:
            g.mul_(scale.unsqueeze(1))


def adam_reach(lrs: Sequence[float], betas: tuple[float, float] = (0.9, 0.999)) -> list[float]:
    """How far Adam can have moved any weight after 1, 2, ... steps with learning rates `lrs`, whatever the gradients.

    The step is lr m / sqrt(v) with m = sum_i a_i g_i, v = sum_i b_i g_i^2 (the bias-corrected moments), and by
    Cauchy's inequality |m| <= sqrt(v) sqrt(sum_i a_i^2 / b_i). The added epsilon only shortens it.
    """
    (b1, b2), reach, total = betas, 0.0, []
    mean = square = ratio = 0.0  # sums of the raw weights of m and of v, and of a_i^2 / b_i
    for lr in lrs:
        mean, square = b1 * mean + (1 - b1), b2 * square + (1 - b2)
        ratio = ratio * b1**2 / b2 + (1 - b1) ** 2 / (1 - b2)
        reach += lr * math.sqrt(ratio * square) / mean
        total.append(reach)
    return total
