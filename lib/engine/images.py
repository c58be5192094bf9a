"""The layers of images (E, K, height, width, N), samples last: convolution, pooling, and the way to a linear head."""

from itertools import product

import torch
from torch import Tensor

SMALL = 4  # pixels on a side, up to which `convolution` joins the rows of an image


def convolution(w: Tensor, dw: Tensor, side: int, n: int, *, input_grad: bool = True) -> "Convolve":
    """Return the faster of the two for images of side x side pixels."""
    return (ConvolveRows if side <= SMALL else Convolve)(w, dw, side, n, input_grad=input_grad)


class Convolve:
    """3 x 3 convolution, stride 1, zero padding 1, without the bias: one matrix product over gathered patches.

    W (E, O, K * 9) with the kernel's (row, column) innermost as in `torch.nn.Conv2d.weight.flatten(1)`,
    x (E, K, height, width, N). Faster here than torch's grouped convolution, which wants samples first.
    """

    def __init__(self, w: Tensor, dw: Tensor, side: int, n: int, *, input_grad: bool = True) -> None:
        """Bind W and its gradient to images of side x side pixels."""
        e, k = w.shape[0], w.shape[2] // 9
        # All views are made once: making them takes as long as a small image's copies.
        padded = w.new_zeros(e, k, side + 2, side + 2, n)
        self.inside = padded[:, :, 1 : side + 1, 1 : side + 1]
        # (E, K, side, side, N, 3, 3) -> (E, K, 3, 3, side, side, N)
        self.seen = padded.unfold(2, 3, 1).unfold(3, 3, 1).permute(0, 1, 5, 6, 2, 3, 4)
        self.matrix, self.dmatrix = w, dw
        self._lay_out((e, w.shape[1], side, side, n), input_grad=input_grad)

    def _lay_out(self, shape: tuple[int, ...], *, input_grad: bool) -> None:
        """Make the memory of patches and of y, of this shape, and all views of it."""
        e, _, side, _, n = self.shape = shape
        new, (_, rows, columns) = self.matrix.new_empty, self.matrix.shape
        self.patches, self.y = new(self.seen.shape), new(e, rows, self.seen.numel() // (e * columns))
        self.columns = self.patches.view(e, columns, -1)
        self.input_grad = input_grad
        if input_grad:
            self.dpatches, self.dx = new(self.patches.shape), new(e, self.seen.shape[1], side, side, n)
            self.dcolumns = self.dpatches.view(self.columns.shape)
            self.centre, self.taps = self._taken(side)

    def _taken(self, side: int) -> tuple[Tensor, list[tuple[Tensor, Tensor]]]:
        """What the centre tap has for dx, and the pixels that each other one can reach, and what it has for them."""
        spans = _spans(side)
        taps = [(i, j) for i, j in product(range(3), repeat=2) if (i, j) != (1, 1)]
        return self.dpatches[:, :, 1, 1], [
            (self.dx[:, :, spans[i][0], spans[j][0]], self.dpatches[:, :, i, j, spans[i][1], spans[j][1]])
            for i, j in taps
        ]

    def forward(self, x: Tensor) -> Tensor:
        """y = W patches(x)."""
        self.inside.copy_(x)
        self.patches.copy_(self.seen)
        return torch.bmm(self.matrix, self.columns, out=self.y).view(self.shape)

    def backward(self, dy: Tensor) -> Tensor:
        """dW = dy patches^T, and dx."""
        dy = dy.reshape(self.y.shape)
        torch.bmm(dy, self.columns.transpose(1, 2), out=self.dmatrix)
        return self.transposed(dy) if self.input_grad else dy

    def transposed(self, dy: Tensor) -> Tensor:
        """dx = the patches' gradients W^T dy, each added back where the patch was taken."""
        torch.bmm(self.matrix.transpose(1, 2), dy.reshape(self.y.shape), out=self.dcolumns)
        self.dx.copy_(self.centre)  # the centre tap reaches every pixel, so it also clears dx
        for reached, taken in self.taps:
            reached.add_(taken)
        return self.dx


def _spans(side: int) -> list[tuple[slice, slice]]:
    """Of each of three taps along a side: the pixels of x that it can reach, and from which pixels of y."""
    return [(slice(side - 1), slice(1, side)), (slice(side), slice(side)), (slice(1, side), slice(side - 1))]


class ConvolveRows(Convolve):
    """The same with all rows of an image in one product: a third of the copies, and hardly more to multiply.

    Its matrix (E, O * side, K * side * 3) leads from every row of x to every row of y: the kernel's three weights
    where the rows are neighbours, zeros elsewhere.
    """

    def __init__(self, w: Tensor, dw: Tensor, side: int, n: int, *, input_grad: bool = True) -> None:
        """Bind W and its gradient to images of side x side pixels."""
        e, o, k = w.shape[0], w.shape[1], w.shape[2] // 9
        padded = w.new_zeros(e, k, side, side + 2, n)
        self.inside = padded[:, :, :, 1 : side + 1]
        self.seen = padded.unfold(3, 3, 1).permute(0, 1, 2, 5, 3, 4)  # (E, K, side, 3, side, N)
        self.w, self.dw = w, dw.view(-1, 9)
        self.matrix, self.dmatrix = (w.new_empty(e, o * side, k * side * 3) for _ in range(2))
        self.filled, self.found = self.matrix.view(e, -1), self.dmatrix.view(e, -1)
        self.weights = w.new_zeros(e, o * k * 9 + 1)  # and the zero
        self._find(o, k, side)
        self._lay_out((e, o, side, side, n), input_grad=input_grad)

    def _find(self, o: int, k: int, side: int) -> None:
        """Which weight stands in each place of the matrix; and in which places each weight stands."""
        pairs = [(i, i + a - 1, a) for a in range(3) for i in range(side) if 0 <= i + a - 1 < side]
        first = 9 * torch.arange(o * k).view(o, k, 1)
        places = torch.arange(o * k * side**2 * 3).view(o, side, k, side, 3)
        weights = torch.full_like(places, o * k * 9)
        for i, j, a in pairs:  # a row of y, one of x, and the row of the kernel between them
            weights[:, i, :, j] = first + 3 * a + torch.arange(3)
        self.which = weights.flatten()
        self.where = torch.stack([places[:, i, :, j] for i, j, _ in pairs], 2).flatten()  # (O, K, pairs, 3)
        taps = torch.tensor([[3 * a + c for c in range(3)] for *_, a in pairs]).flatten()
        self.sums = torch.nn.functional.one_hot(taps, 9).to(self.w.dtype)  # (pairs * 3, 9)
        self.gathered = self.w.new_empty(len(self.w), len(self.where))

    def _taken(self, side: int) -> tuple[Tensor, list[tuple[Tensor, Tensor]]]:
        left, _, right = _spans(side)
        return self.dpatches[:, :, :, 1], [
            (self.dx[:, :, :, to], self.dpatches[:, :, :, j, taken]) for j, (to, taken) in ((0, left), (2, right))
        ]

    def forward(self, x: Tensor) -> Tensor:
        """y = W patches(x)."""
        self.weights[:, :-1].copy_(self.w.flatten(1))
        torch.index_select(self.weights, 1, self.which, out=self.filled)
        return super().forward(x)

    def backward(self, dy: Tensor) -> Tensor:
        """dW = the sum over all places where a weight stands."""
        dx = super().backward(dy)
        torch.index_select(self.found, 1, self.where, out=self.gathered)
        torch.mm(self.gathered.view(len(self.dw), -1), self.sums, out=self.dw)
        return dx


class Bias:
    """y = x + b, one b (E, K) for all pixels of a map, in place."""

    def __init__(self, b: Tensor, db: Tensor) -> None:
        """Bind b and its gradient."""
        self.b, self.db = b[..., None, None, None], db

    def forward(self, x: Tensor) -> Tensor:
        """y = x + b."""
        return x.add_(self.b)

    def backward(self, dy: Tensor) -> Tensor:
        """db = the sum over pixels and samples of dy; dx = dy."""
        torch.sum(dy, (2, 3, 4), out=self.db)
        return dy


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
