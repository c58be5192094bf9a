"""The layers: each one's forward and backward pass side by side, in buffers that are allocated once.

A layer is bound to its parameters and their gradients (views into two flat vectors) and to a batch size.
`forward(x)` returns the output; `backward(dy)` gets the gradient of the loss with respect to that output, writes
the gradients of the parameters, and returns the gradient with respect to x. Buffers are reused from step to step
(and a returned tensor may be overwritten by the next layer), which is where the speed comes from.
`tests/test_engine_gradients.py` holds every layer to `torch.autograd.gradcheck`. Images have theirs in `images.py`.
"""

from typing import Protocol

import torch
from torch import Tensor

from lib.engine.activations import activation


class Layer(Protocol):
    """What `program.Program` asks of a layer."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the output for x; both end in the sample axis N."""

    def backward(self, dy: Tensor) -> Tensor:
        """Write the parameters' gradients, return the gradient with respect to the input of `forward`."""


class Linear:
    """y = W x + b for every member: W (E, O, I), b (E, O), x (E, I, N)."""

    def __init__(
        self,
        params: list[Tensor],
        grads: list[Tensor],
        n: int,
        *,
        input_grad: bool = True,
        cancelled: bool = False,
        descends: bool = False,
    ) -> None:
        """Bind W, b and their gradients; without `input_grad` the backward pass ends here.

        With `descends` the backward pass adds what would be the gradient of W to W itself, and dW is not written.

        `cancelled` says that BatchNorm comes next and subtracts the bias again (Ioffe and Szegedy 2015, section
        3.2): its gradient is zero. Summed up it would be rounding noise, which Adam scales to steps of full size.
        """
        (self.w, self.b), (self.dw, self.db), self.descends = params, grads, descends
        e, o, i = self.w.shape
        self.y = self.w.new_empty(e, o, n)
        self.dx = self.w.new_empty(e, i, n) if input_grad else None
        self.bias, self.wt = self.b.unsqueeze(2), self.w.transpose(1, 2)
        # All members' below each other.
        self.rows = self.w.view(-1, i), self.y.view(-1, n), self.dw.view(-1, i)
        self.cancelled, self.x, self.xt, self.shared = cancelled, self.y, self.y, False

    def forward(self, x: Tensor) -> Tensor:
        """y = W x + b."""
        if x is not self.x:  # the same buffer again from the second step on
            self.x, self.xt, self.shared = x, x.transpose(1, 2), x.stride(0) == 0
        if self.shared:  # all members see the same x: one product of all their rows, up to ten times faster
            torch.mm(self.rows[0], x[0], out=self.rows[1])
        else:
            torch.bmm(self.w, x, out=self.y)
        return self.y.add_(self.bias)  # (E, O, N); baddbmm is slower here

    def backward(self, dy: Tensor) -> Tensor:
        """dW = dy x^T, db = sum over the batch of dy, dx = W^T dy with the W of the forward pass."""
        dx = dy
        if self.dx is not None:
            # With one unit there is nothing to add up, which is twice as fast.
            dx = (torch.mul if dy.shape[1] == 1 else torch.bmm)(self.wt, dy, out=self.dx)  # (E, I, N)
        if self.cancelled:
            self.db.zero_()
        else:
            torch.sum(dy, 2, out=self.db)  # (E, O)
        self._weights(dy)
        return dx

    def _weights(self, dy: Tensor) -> None:
        if self.shared:
            rows, (w, _, dw) = dy.reshape(-1, dy.shape[2]), self.rows
            if self.descends:
                torch.addmm(w, rows, self.xt[0], out=w)
            else:
                torch.mm(rows, self.xt[0], out=dw)
        elif self.descends:
            torch.baddbmm(self.w, dy, self.xt, out=self.w)
        else:
            torch.bmm(dy, self.xt, out=self.dw)  # (E, O, I)


class Activate:
    """y = f(z), elementwise, in place wherever the output determines the slope."""

    def __init__(self, name: str, like: Tensor) -> None:
        """Bind the activation called `name` to inputs shaped like `like`."""
        self.f = activation(name)
        self.y = torch.empty_like(like) if self.f.keeps == "input" else None

    def forward(self, z: Tensor) -> Tensor:
        """y = f(z)."""
        y = z if self.y is None else self.y
        self.f.forward(z, y)
        self.kept = y if self.y is None else z
        return y

    def backward(self, dy: Tensor) -> Tensor:
        """dz = dy f'(z)."""
        self.f.backward(dy, self.kept, dy)
        return dy


class Shift:
    """y = x + amount: an activation with its centre moved, and neither its slope nor its saturation."""

    def __init__(self, amount: float, like: Tensor) -> None:
        """Bind to inputs shaped like `like`; the activation behind keeps its own output for its slope."""
        self.amount, self.y = amount, torch.empty_like(like)

    def forward(self, x: Tensor) -> Tensor:
        """y = x + amount."""
        return torch.add(x, self.amount, out=self.y)

    def backward(self, dy: Tensor) -> Tensor:
        """dx = dy."""
        return dy


class Offset:
    """y = x + shift, one learned shift (E, H) per unit: the bias of each input of the next layer."""

    def __init__(self, params: list[Tensor], grads: list[Tensor], like: Tensor) -> None:
        """Bind the shift and its gradient to inputs shaped like `like` (E, H, N)."""
        self.shift, self.dshift, self.y = params[0].unsqueeze(2), grads[0], torch.empty_like(like)

    def forward(self, x: Tensor) -> Tensor:
        """y = x + shift."""
        return torch.add(x, self.shift, out=self.y)

    def backward(self, dy: Tensor) -> Tensor:
        """Gradient of the shift: the sum over the batch of dy; dx = dy."""
        torch.sum(dy, 2, out=self.dshift)
        return dy


class Normalise:
    """y = gain * (x - mean) / sqrt(var + eps) + shift, gain and shift (E, H), x (E, H, N).

    What `BatchNorm` and `LayerNorm` share. Most of their time is memory's, so each writes as few large numbers as its
    axis allows; sums of products over the units of a sample are matrix products, which write none.
    """

    eps = 1e-5
    over: int  # the axis of the mean and variance

    def __init__(self, params: list[Tensor], grads: list[Tensor], like: Tensor) -> None:
        """Bind gain, shift and their gradients to inputs shaped `like`."""
        self.dgain, self.dshift = grads
        self.gain, self.shift = (p.unsqueeze(2) for p in params)
        self.apart, self.y, self.work = (torch.empty_like(like) for _ in range(3))
        self.sums = torch.empty_like(like.narrow(self.over, 0, 1))
        self.each = like.new_tensor(1.0 / like.shape[self.over])  # a tensor multiplies faster than a number

    def _mean(self, x: Tensor) -> Tensor:
        """Mean along the axis, overwritten by the next one; of small things `torch.mean` takes half as long again."""
        return torch.sum(x, self.over, keepdim=True, out=self.sums).mul_(self.each)

    def _variance(self) -> Tensor:
        """Variance of what is `apart` from its mean; torch.var_mean adds up number by number, eight times as long."""
        return self._mean(torch.mul(self.apart, self.apart, out=self.work))


class BatchNorm(Normalise):
    """Mean and variance over the batch (Ioffe and Szegedy 2015).

    It keeps running statistics (E, H) with torch's momentum 0.1 and unbiased variance; when not `training` it
    normalises with them, as constants.
    """

    momentum = 0.1
    over = 2

    def __init__(
        self, params: list[Tensor], grads: list[Tensor], state: list[Tensor], like: Tensor, *, training: bool
    ) -> None:
        """Bind gain, shift, their gradients and running statistics to inputs shaped `like`."""
        super().__init__(params, grads, like)
        if training and like.shape[2] < 2:
            raise ValueError("BatchNorm needs batches of two or more samples: one sample has no variance")
        self.state, self.constant = [s.unsqueeze(2) for s in state], not training

    def forward(self, x: Tensor) -> Tensor:
        """Normalise, then scale and shift."""
        self.scale = torch.rsqrt(self._centred(x) + self.eps)  # (E, H, 1)
        self.slope = self.scale * self.gain
        return torch.mul(self.apart, self.slope, out=self.y).add_(self.shift)  # addcmul is slow where it spreads

    def _centred(self, x: Tensor) -> Tensor:
        """Write x less its mean, and return its variance."""
        if self.constant:
            torch.sub(x, self.state[0], out=self.apart)
            return self.state[1]
        mean = self._mean(x)
        torch.sub(x, mean, out=self.apart)
        self.state[0].lerp_(mean, self.momentum)
        var = self._variance()  # the mean's memory is used again
        self.state[1].lerp_(var * (x.shape[2] / (x.shape[2] - 1)), self.momentum)
        return var

    def backward(self, dy: Tensor) -> Tensor:
        """dx = slope (dy - mean(dy) - xhat mean(dy xhat)) with xhat = scale * apart (same paper, section 3)."""
        torch.sum(torch.mul(dy, self.apart, out=self.work), 2, out=self.dgain).mul_(self.scale.squeeze(2))
        torch.sum(dy, 2, out=self.dshift)
        per_sample = self.slope * self.each
        dy.mul_(self.slope).sub_(per_sample * self.dshift.unsqueeze(2))
        return dy.addcmul_(self.apart, per_sample * self.scale * self.dgain.unsqueeze(2), value=-1)


class LayerNorm(Normalise):
    """Mean and variance over the units of one sample (Ba, Kiros and Hinton 2016)."""

    over = 1

    def forward(self, x: Tensor) -> Tensor:
        """Normalise, then scale and shift."""
        torch.sub(x, self._mean(x), out=self.apart)
        self.scale = torch.rsqrt(self._variance() + self.eps)  # (E, 1, N)
        self.apart.mul_(self.scale)
        return torch.mul(self.apart, self.gain, out=self.y).add_(self.shift)

    def backward(self, dy: Tensor) -> Tensor:
        """dx = scale (g - mean(g) - xhat mean(g xhat)) with g = gain dy and xhat, which is `apart`."""
        torch.sum(torch.mul(dy, self.apart, out=self.work), 2, out=self.dgain)
        torch.sum(dy, 2, out=self.dshift)
        per_unit = (self.gain * self.each).mT  # (E, 1, H)
        along, mean = torch.bmm(per_unit, self.work), torch.bmm(per_unit, dy)  # (E, 1, N) of g xhat, and of g
        return dy.mul_(self.gain).sub_(mean).addcmul_(self.apart, along, value=-1).mul_(self.scale)
