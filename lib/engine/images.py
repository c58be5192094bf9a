"""The layers of images (E, K, height, width, N), samples last: convolution, pooling, and the way to a linear head."""

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
