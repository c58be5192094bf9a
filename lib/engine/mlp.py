"""Multilayer perceptrons of any sizes, with an optional norm layer before or after each activation."""

from dataclasses import dataclass
from itertools import pairwise

from torch import Tensor

from lib.engine.activations import activation
from lib.engine.layers import Activate, BatchNorm, Layer, LayerNorm, Linear, Offset, Shift
from lib.engine.program import Memory, Shape

NORMS: dict[str, tuple[str, ...]] = {  # the parameters that each adds to a hidden layer
    "none": (),
    "batch": ("gain", "shift"),
    "layer": ("gain", "shift"),
    "offset": ("shift",),
}


@dataclass(frozen=True)
class MLP:
    """sizes (inputs, hidden, ..., outputs); the last layer is linear unless `output` names an activation.

    `norm` is none, batch (BatchNorm), layer (LayerNorm) or offset (a learned shift per unit) in every hidden layer,
    before the activation or, with `norm_after`, behind it. `shift` is added to what every hidden activation gives.
    With `bottleneck` the last hidden layer has no activation: the output sees a linear view of the layer before.
    ValueError for fewer than two sizes and for unknown names.
    """

    sizes: tuple[int, ...]
    activation: str = "relu"
    output: str = "identity"
    norm: str = "none"
    norm_after: bool = False
    shift: float = 0.0
    bottleneck: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be built."""
        if len(self.sizes) < 2 or min(self.sizes) < 1:
            raise ValueError(f"sizes must be two or more positive numbers, not {self.sizes}")
        if self.norm not in NORMS:
            raise ValueError(f"no norm {self.norm!r}; there are {', '.join(NORMS)}")
        activation(self.activation)
        activation(self.output)

    def shapes(self) -> list[Shape]:
        """weight (O, I), bias (O,), and for a hidden layer what its norm adds: gain (O,), shift (O,)."""
        shapes: list[Shape] = []
        for depth, (i, o) in enumerate(pairwise(self.sizes), start=2):
            shapes += [("weight", (o, i)), ("bias", (o,))]
            if depth < len(self.sizes):
                shapes += [(name, (o,)) for name in NORMS[self.norm]]
        return shapes

    def state_shapes(self) -> list[tuple[int, ...]]:
        """Running mean and variance (H,) of each BatchNorm."""
        return [(h,) for h in self.sizes[1:-1] for _ in range(2)] if self.norm == "batch" else []

    def build(self, memory: Memory) -> list[Layer]:
        """Return linear, norm, activation, linear, ..., in order."""
        layers: list[Layer] = []
        for depth in range(1, len(self.sizes)):
            hidden = depth < len(self.sizes) - 1
            # Constant statistics cancel no bias, so this is only so while training.
            cancelled = hidden and self.norm == "batch" and not self.norm_after and memory.training
            wanted = depth > 1 or memory.input_grad
            linear = Linear(
                *memory.take(2), memory.n, input_grad=wanted, cancelled=cancelled, descends=memory.descends
            )
            layers.append(linear)
            if hidden:
                last = depth == len(self.sizes) - 2
                layers += [] if last and self.bottleneck else self._hidden(memory, linear.y)
        if self.output != "identity":
            layers.append(Activate(self.output, linear.y))
        return layers

    def _hidden(self, memory: Memory, like: Tensor) -> list[Layer]:
        act: list[Layer] = [Activate(self.activation, like)]
        if self.shift:
            act.append(Shift(self.shift, like))
        if self.norm == "none":
            return act
        norm = self._norm(memory, like)
        return [*act, norm] if self.norm_after else [norm, *act]

    def _norm(self, memory: Memory, like: Tensor) -> Layer:
        taken = memory.take(len(NORMS[self.norm]))
        if self.norm == "offset":
            return Offset(*taken, like)
        if self.norm == "layer":
            return LayerNorm(*taken, like)
        return BatchNorm(*taken, memory.take_state(), like, training=memory.training)

    def arrange(self, x: Tensor) -> Tensor:
        """Rows (E, N, I) seen as columns (E, I, N); no copy, matrix products read both."""
        return x.transpose(1, 2)
