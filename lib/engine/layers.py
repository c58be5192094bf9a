"""The layers: each one's forward and backward pass side by side, in buffers that are allocated once.

A layer is bound to its parameters and their gradients (views into two flat vectors) and to a batch size.
`forward(x)` returns the output; `backward(dy)` gets the gradient of the loss with respect to that output, writes
the gradients of the parameters, and returns the gradient with respect to x. Buffers are reused from step to step
(and a returned tensor may be overwritten by the next layer), which is where the speed comes from.
`tests/test_engine_layers.py` holds every layer to autograd and to `torch.autograd.gradcheck`.
"""

from itertools import product
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

    def __init__(self, params: list[Tensor], grads: list[Tensor], n: int, *, input_grad: bool = True) -> None:
        """Bind W, b and their gradients; without `input_grad` the backward pass ends here."""
        (self.w, self.b), (self.dw, self.db) = params, grads
        e, o, i = self.w.shape
        self.y = self.w.new_empty(e, o, n)
        self.dx = self.w.new_empty(e, i, n) if input_grad else None
        self.bias, self.wt = self.b.unsqueeze(2), self.w.transpose(1, 2)
        self.x = self.xt = self.y

    def forward(self, x: Tensor) -> Tensor:
        """y = W x + b."""
        if x is not self.x:  # the same buffer again from the second step on
            self.x, self.xt = x, x.transpose(1, 2)
        return torch.bmm(self.w, x, out=self.y).add_(self.bias)  # (E, O, N); baddbmm is slower here

    def backward(self, dy: Tensor) -> Tensor:
        """dW = dy x^T, db = sum over the batch of dy, dx = W^T dy."""
        torch.bmm(dy, self.xt, out=self.dw)  # (E, O, I)
        torch.sum(dy, 2, out=self.db)  # (E, O)
        if self.dx is None:
            return dy
        return torch.bmm(self.wt, dy, out=self.dx)  # (E, I, N)


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


class Normalise:
    """y = gain * (x - mean) / sqrt(var + eps) + shift, gain and shift (E, H), x (E, H, N).

    `over` is the axis of the mean and variance: 2, the batch (BatchNorm, Ioffe and Szegedy 2015), or 1, the units
    of one sample (LayerNorm, Ba, Kiros and Hinton 2016). BatchNorm keeps running statistics (E, H) with torch's
    momentum 0.1 and unbiased variance, used when not `training`.
    """

    eps = 1e-5
    momentum = 0.1

    def __init__(
        self, over: int, params: list[Tensor], grads: list[Tensor], state: list[Tensor], *, training: bool
    ) -> None:
        """Bind gain and shift, their gradients, and for BatchNorm the running mean and variance."""
        (self.gain, self.shift), (self.dgain, self.dshift) = params, grads
        self.over, self.state, self.training = over, state, training

    def forward(self, x: Tensor) -> Tensor:
        """Normalise, then scale and shift."""
        if self.state and not self.training:
            mean, var = (s.unsqueeze(2) for s in self.state)
        else:
            var, mean = torch.var_mean(x, self.over, correction=0, keepdim=True)
            self._remember(mean, var, x.shape[2])
        self.scale = torch.rsqrt(var + self.eps)
        self.xhat = (x - mean) * self.scale  # (E, H, N)
        return torch.addcmul(self.shift.unsqueeze(2), self.xhat, self.gain.unsqueeze(2))

    def _remember(self, mean: Tensor, var: Tensor, n: int) -> None:
        if self.state:
            self.state[0].lerp_(mean.squeeze(2), self.momentum)
            self.state[1].lerp_(var.squeeze(2) * (n / (n - 1)), self.momentum)

    def backward(self, dy: Tensor) -> Tensor:
        """dx = scale (g - mean(g) - xhat mean(g xhat)) with g = gain dy (Ioffe and Szegedy 2015, section 3)."""
        torch.sum(dy * self.xhat, 2, out=self.dgain)
        torch.sum(dy, 2, out=self.dshift)
        g = dy * self.gain.unsqueeze(2)
        along = (g * self.xhat).mean(self.over, keepdim=True)
        return (g - g.mean(self.over, keepdim=True)).addcmul_(self.xhat, along, value=-1).mul_(self.scale)


class Convolve:
    """3 x 3 convolution, stride 1, zero padding 1, as one matrix product over gathered patches.

    W (E, O, K * 9) with the kernel's (row, column) innermost as in `torch.nn.Conv2d.weight.flatten(1)`,
    b (E, O), x (E, K, height, width, N). Faster here than torch's grouped convolution, which wants samples first.
    """

    def __init__(
        self, params: list[Tensor], grads: list[Tensor], side: int, n: int, *, input_grad: bool = True
    ) -> None:
        """Bind W, b and their gradients to images of side x side pixels."""
        (self.w, self.b), (self.dw, self.db) = params, grads
        e, o, k = self.w.shape[0], self.w.shape[1], self.w.shape[2] // 9
        new = self.w.new_empty
        self.padded = self.w.new_zeros(e, k, side + 2, side + 2, n)
        self.patches = new(e, k, 3, 3, side, side, n)
        self.columns = self.patches.view(e, k * 9, side * side * n)
        self.y = new(e, o, side * side * n)
        self.shape = (e, o, side, side, n)
        self.side, self.input_grad = side, input_grad
        if input_grad:
            self.dpatches = new(self.patches.shape)
            self.dx = new(e, k, side, side, n)
        # where tap i of the kernel reads (from) for the pixels it can reach (to), along one axis
        whole = slice(None)
        self.spans = [(slice(side - 1), slice(1, side)), (whole, whole), (slice(1, side), slice(side - 1))]

    def forward(self, x: Tensor) -> Tensor:
        """y = W patches(x) + b."""
        side = self.side
        self.padded[:, :, 1 : side + 1, 1 : side + 1].copy_(x)
        # (E, K, side, side, N, 3, 3) -> (E, K, 3, 3, side, side, N)
        self.patches.copy_(self.padded.unfold(2, 3, 1).unfold(3, 3, 1).permute(0, 1, 5, 6, 2, 3, 4))
        return torch.baddbmm(self.b.unsqueeze(2), self.w, self.columns, out=self.y).view(self.shape)

    def backward(self, dy: Tensor) -> Tensor:
        """dW = dy patches^T, db = sum dy, dx = each patch's gradient added back where it was taken."""
        dy = dy.reshape(self.y.shape)
        torch.bmm(dy, self.columns.transpose(1, 2), out=self.dw)
        torch.sum(dy, 2, out=self.db)
        if not self.input_grad:
            return dy
        torch.bmm(self.w.transpose(1, 2), dy, out=self.dpatches.view(self.columns.shape))
        return self._scatter()

    def _scatter(self) -> Tensor:
        self.dx.copy_(self.dpatches[:, :, 1, 1])  # the centre tap reaches every pixel, so it also clears dx
        for i, j in product(range(3), repeat=2):
            if (i, j) != (1, 1):
                (to_i, from_i), (to_j, from_j) = self.spans[i], self.spans[j]
                self.dx[:, :, to_i, to_j].add_(self.dpatches[:, :, i, j, from_i, from_j])
        return self.dx


class MaxPool:
    """The largest of each 2 x 2 block; the gradient goes to the first of equal ones, as torch's does.

    torch's own kernel, which sees the samples as the channels of a channels-last image.
    """

    def __init__(self, side: int, like: Tensor) -> None:
        """Bind to images of side x side pixels, (E, K, side, side, N)."""
        e, k, n = like.shape[0], like.shape[1], like.shape[-1]
        self.y = like.new_empty(e, k, side // 2, side // 2, n)
        self.index = torch.empty(self.y.shape, dtype=torch.int64)
        self.dx = like.new_empty(e, k, side, side, n)

    @staticmethod
    def _image(t: Tensor) -> Tensor:
        return t.view(-1, *t.shape[2:]).permute(0, 3, 1, 2)  # (E K, N, side, side), channels last

    def forward(self, x: Tensor) -> Tensor:
        """y = max over the block."""
        self.x, image = x, self._image
        kernel = torch.ops.aten.max_pool2d_with_indices.out
        kernel(image(x), [2, 2], out=image(self.y), indices=image(self.index))
        return self.y

    def backward(self, dy: Tensor) -> Tensor:
        """dx = dy where the block's (first) largest value stood, 0 elsewhere."""
        image = self._image
        kernel = torch.ops.aten.max_pool2d_with_indices_backward.grad_input
        fixed = ([2, 2], [2, 2], [0, 0], [1, 1], False)
        kernel(image(dy), image(self.x), *fixed, image(self.index), grad_input=image(self.dx))
        return self.dx


class Flatten:
    """(E, K, height, width, N) as (E, K * height * width, N), in the order of `torch.flatten`."""

    def forward(self, x: Tensor) -> Tensor:
        """Join channel, row and column."""
        self.shape = x.shape
        return x.reshape(x.shape[0], -1, x.shape[-1])

    def backward(self, dy: Tensor) -> Tensor:
        """Undo it."""
        return dy.view(self.shape)
