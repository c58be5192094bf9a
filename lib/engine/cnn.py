"""Small convolutional nets on square grey images: 3 x 3 convolutions, 2 x 2 max-pooling, one linear head."""

from dataclasses import dataclass

from torch import Tensor

from lib.engine.activations import activation
from lib.engine.images import Bias, Flatten, MaxPool, convolution
from lib.engine.layers import Activate, Layer, Linear
from lib.engine.program import Memory, Shape


@dataclass(frozen=True)
class CNN:
    """Conv layer k has `channels[k]` filters, the activation, and max-pooling where `pools[k]`; then a linear head.

    With a non-decreasing activation the pooling is done first: the same function at a quarter of the work. The
    default is the net of the pages on 8 x 8 digits: conv 8, pool, conv 12, pool, conv 12, linear 48-10. Raises
    ValueError if the image cannot be halved that often.
    """

    channels: tuple[int, ...] = (8, 12, 12)
    pools: tuple[bool, ...] = (True, True, False)
    activation: str = "relu"
    side: int = 8
    outputs: int = 10

    def __post_init__(self) -> None:
        """Refuse what cannot be built."""
        if len(self.channels) != len(self.pools):
            raise ValueError(f"{len(self.channels)} conv layers but {len(self.pools)} entries in pools")
        if self.side % 2 ** sum(self.pools):
            raise ValueError(f"{self.side} pixels cannot be halved {sum(self.pools)} times")
        activation(self.activation)

    def shapes(self) -> list[Shape]:
        """Filters (O, K * 9) and biases (O,) of each conv layer, then the linear head."""
        shapes: list[Shape] = []
        for k, o in zip((1, *self.channels[:-1]), self.channels, strict=True):
            shapes += [("filters", (o, k * 9)), ("bias", (o,))]
        features = self.channels[-1] * (self.side // 2 ** sum(self.pools)) ** 2
        return [*shapes, ("weight", (self.outputs, features)), ("bias", (self.outputs,))]

    def state_shapes(self) -> list[tuple[int, ...]]:
        """No running statistics."""
        return []

    def build(self, memory: Memory) -> list[Layer]:
        """Return convolve, (pool), bias, activate, ..., flatten, linear."""
        layers: list[Layer] = []
        side = self.side
        for depth, pool in enumerate(self.pools):
            (w, b), (dw, db) = memory.take(2)
            conv = convolution(w, dw, side, memory.n, input_grad=depth > 0 or memory.input_grad)
            layers += [conv, *self._hidden(side, conv.y.view(conv.shape), Bias(b, db), pool=pool)]
            side //= 2 if pool else 1
        return [*layers, Flatten(), Linear(*memory.take(2), memory.n, descends=memory.descends)]

    def _hidden(self, side: int, like: Tensor, bias: Bias, *, pool: bool) -> list[Layer]:
        if not pool:
            return [bias, Activate(self.activation, like)]
        pooled = MaxPool(side, like)
        # An activation whose slope follows from its output is monotone: the largest stays the largest.
        if activation(self.activation).keeps == "output":
            return [pooled, bias, Activate(self.activation, pooled.y)]
        return [bias, Activate(self.activation, like), pooled]

    def arrange(self, x: Tensor) -> Tensor:
        """Rows of pixels (E, N, side * side) as images with samples last (E, 1, side, side, N)."""
        return x.transpose(1, 2).reshape(x.shape[0], 1, self.side, self.side, x.shape[1])
