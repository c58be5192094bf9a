"""The layers of images (E, K, height, width, N), samples last: convolution, pooling, and the way to a linear head."""

from collections.abc import Iterator
from itertools import product

import torch
from torch import Tensor


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
        # All views are made once: making them takes as long as a small image's copies.
        self.inside = self.padded[:, :, 1 : side + 1, 1 : side + 1]
        # (E, K, side, side, N, 3, 3) -> (E, K, 3, 3, side, side, N)
        self.seen = self.padded.unfold(2, 3, 1).unfold(3, 3, 1).permute(0, 1, 5, 6, 2, 3, 4)
        if input_grad:
            self.dpatches = new(self.patches.shape)
            self.dcolumns = self.dpatches.view(self.columns.shape)
            self.dx = new(e, k, side, side, n)
            self.taps = list(self._taps())

    def _taps(self) -> Iterator[tuple[Tensor, Tensor]]:
        """The pixels of dx that each tap but the centre one can reach, and what it has for them."""
        whole, side = slice(None), self.side
        spans = [(slice(side - 1), slice(1, side)), (whole, whole), (slice(1, side), slice(side - 1))]  # to, from
        for i, j in product(range(3), repeat=2):
            if (i, j) != (1, 1):
                (to_i, from_i), (to_j, from_j) = spans[i], spans[j]
                yield self.dx[:, :, to_i, to_j], self.dpatches[:, :, i, j, from_i, from_j]

    def forward(self, x: Tensor) -> Tensor:
        """y = W patches(x) + b."""
        self.inside.copy_(x)
        self.patches.copy_(self.seen)
        return torch.baddbmm(self.b.unsqueeze(2), self.w, self.columns, out=self.y).view(self.shape)

    def backward(self, dy: Tensor) -> Tensor:
        """dW = dy patches^T, db = sum dy, dx = each patch's gradient added back where it was taken."""
        dy = dy.reshape(self.y.shape)
        torch.bmm(dy, self.columns.transpose(1, 2), out=self.dw)
        torch.sum(dy, 2, out=self.db)
        if not self.input_grad:
            return dy
        torch.bmm(self.w.transpose(1, 2), dy, out=self.dcolumns)
        self.dx.copy_(self.dpatches[:, :, 1, 1])  # the centre tap reaches every pixel, so it also clears dx
        for reached, taken in self.taps:
            reached.add_(taken)
        return self.dx


class MaxPool:
    """The largest of each 2 x 2 block; the gradient goes to the first of equal ones, as torch's does.

    First of each two columns, then of each two rows, both as operations on whole rows of samples, which are faster
    than torch's kernel and need no indices: whoever is strictly larger than the one before it takes the gradient.
    """

    def __init__(self, side: int, like: Tensor) -> None:
        """Bind to images of side x side pixels, (E, K, side, side, N)."""
        (e, k), n, half = like.shape[:2], like.shape[-1], side // 2
        self.pairs = (e, k, side, half, 2, n)
        columns, dcolumns = (like.new_empty(e, k, half, 2, half, n) for _ in range(2))
        self.y = like.new_empty(e, k, half, half, n)
        self.dx = like.new_empty(e, k, side, side, n)
        self.largest, self.dlargest = (t.view(e, k, side, half, n) for t in (columns, dcolumns))
        self.upper, self.lower = columns.unbind(3)
        self.dupper, self.dlower = dcolumns.unbind(3)
        self.dleft, self.dright = self.dx.view(self.pairs).unbind(4)

    def forward(self, x: Tensor) -> Tensor:
        """y = max over the block."""
        self.left, self.right = x.view(self.pairs).unbind(4)
        torch.maximum(self.left, self.right, out=self.largest)
        return torch.maximum(self.upper, self.lower, out=self.y)

    def backward(self, dy: Tensor) -> Tensor:
        """dx = dy where the block's (first) largest value stood, 0 elsewhere."""
        _shared(dy, self.upper, self.lower, self.dupper, self.dlower)
        _shared(self.dlargest, self.left, self.right, self.dleft, self.dright)
        return self.dx


def _shared(dy: Tensor, first: Tensor, second: Tensor, dfirst: Tensor, dsecond: Tensor) -> None:
    """Hand dy on to whichever of two was larger, to the first if they were equal."""
    torch.sub(second, first, out=dsecond)
    torch.ops.aten.threshold_backward.grad_input(dy, dsecond, 0, grad_input=dsecond)  # dy where it is above 0
    torch.sub(dy, dsecond, out=dfirst)


class Flatten:
    """(E, K, height, width, N) as (E, K * height * width, N), in the order of `torch.flatten`."""

    def forward(self, x: Tensor) -> Tensor:
        """Join channel, row and column."""
        self.shape = x.shape
        return x.reshape(x.shape[0], -1, x.shape[-1])

    def backward(self, dy: Tensor) -> Tensor:
        """Undo it."""
        return dy.view(self.shape)
