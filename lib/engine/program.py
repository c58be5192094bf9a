"""A network bound to memory: its parameters as one flat vector, its layers with their buffers, its loss.

The flat vector lets an optimiser update all members with a handful of operations; the layers see views of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from lib.engine.layers import Layer

Shape = tuple[str, tuple[int, ...]]  # (weight, filters, bias, gain or shift; the shape of one member's)


@dataclass
class Memory:
    """What a network builds its layers on: parameters, their gradients and the norm layers' running state."""

    params: list[Tensor]  # each (E, *shape)
    grads: list[Tensor]
    state: list[Tensor]  # running mean, running variance, ... each (E, H)
    n: int  # samples per batch
    training: bool
    input_grad: bool = False
    descends: bool = False

    def take(self, count: int) -> tuple[list[Tensor], list[Tensor]]:
        """Hand the next `count` parameters and gradients to the next layer."""
        taken = self.params[:count], self.grads[:count]
        self.params, self.grads = self.params[count:], self.grads[count:]
        return taken

    def take_state(self) -> list[Tensor]:
        """Hand the next running mean and variance to the next BatchNorm."""
        taken, self.state = self.state[:2], self.state[2:]
        return taken


class Network(Protocol):
    """An architecture: `mlp.MLP` or `cnn.CNN`."""

    def shapes(self) -> list[Shape]:
        """Name and shape of each parameter of one member, in order."""

    def state_shapes(self) -> list[tuple[int, ...]]:
        """Shapes of the running statistics of one member."""

    def build(self, memory: Memory) -> list[Layer]:
        """Return the layers, bound to the memory."""

    def arrange(self, x: Tensor) -> Tensor:
        """Turn rows of samples (E, N, I) into the first layer's input, samples last."""


class Program:
    """One network bound to parameters (kept in one flat vector) and to a batch size.

    While training the parameters are copied, so what was passed in stays as it was. Torch is set to one thread, for
    the bits (where work is split between threads, its vectorised exp rounds differently) and for the time (see
    `lib.engine`).
    """

    def __init__(
        self,
        network: Network,
        params: Sequence[Tensor],
        n: int,
        *,
        state: Sequence[Tensor] | None = None,
        training: bool = True,
        input_grad: bool = False,
        descends: bool = False,
    ) -> None:
        """Lay out the memory; raises ValueError if the parameters do not fit the network.

        With `descends`, `backward` adds what would be the gradient of each weight matrix to the matrix itself, which
        is a step of SGD if dz was multiplied by minus the learning rate; `step` does the same for what is left.
        """
        if torch.get_num_threads() > 1:
            torch.set_num_threads(1)
        shapes = [shape for _, shape in network.shapes()]
        if [tuple(p.shape[1:]) for p in params] != shapes:
            raise ValueError(f"parameters {[tuple(p.shape[1:]) for p in params]} do not fit {shapes}")
        if len({len(p) for p in params}) > 1:
            raise ValueError(f"parameters of {[len(p) for p in params]} members")
        self.network, self.members, self.n = network, params[0].shape[0], n
        if training:
            self.flat, self.params = flatten(params)
            self.flat_grad, self.grads = flatten([torch.zeros_like(p) for p in params])
        else:  # it has no way back, and nothing is changed: no copies
            self.params = self.grads = [p.contiguous() for p in params]
        self.state = [s.clone() for s in state] if state is not None else fresh_state(network, params[0])
        memory = Memory(self.params, self.grads, self.state, n, training, input_grad, descends)
        self.layers = network.build(memory)
        left = [k for k, (name, _) in enumerate(network.shapes()) if name != "weight"]
        self.left = [self.params[k] for k in left], [self.grads[k] for k in left]

    def forward(self, x: Tensor) -> Tensor:
        """Return the output (E, O, N) for a batch x (E, N, I)."""
        y = self.network.arrange(x)
        for layer in self.layers:
            y = layer.forward(y)
        return y

    def backward(self, dz: Tensor) -> Tensor:
        """Write all gradients, or take a step where it `descends`, from the loss's gradient dz (E, O, N).

        RuntimeError for a program that does not train.
        """
        if self.grads is self.params:
            raise RuntimeError("a program that does not train has no way back")
        for layer in reversed(self.layers):
            dz = layer.backward(dz)
        return dz

    def step(self) -> None:
        """Add their gradients to all parameters that are no weight matrix."""
        torch._foreach_add_(*self.left)


def flatten(tensors: Sequence[Tensor]) -> tuple[Tensor, list[Tensor]]:
    """Copy tensors (E, *shape) into one vector, block by block; return it and the views into it."""
    flat = torch.cat([t.reshape(-1) for t in tensors])
    blocks = flat.split([t.numel() for t in tensors])
    return flat, [block.view(t.shape) for block, t in zip(blocks, tensors, strict=True)]


def fresh_state(network: Network, like: Tensor) -> list[Tensor]:
    """Running mean 0 and variance 1 for every BatchNorm, as torch starts them."""
    shapes = network.state_shapes()
    return [like.new_full((like.shape[0], *shape), float(i % 2)) for i, shape in enumerate(shapes)]


class Loss:
    """Base of the losses: `of` is the mean loss of each member (E,), `gradient` its derivative at the output."""

    def __init__(self, like: Tensor) -> None:
        """Bind to outputs shaped like `like` (E, O, N)."""
        self.dz = torch.empty_like(like)
        # as tensors, which multiply faster than Python's numbers when there is little to multiply
        self.per_sample = like.new_tensor(1.0 / like.shape[2])
        self.per_number = like.new_tensor(1.0 / (like.shape[1] * like.shape[2]))
        self.twice = 2 * self.per_number

    def scale(self, factors: Tensor) -> None:
        """Multiply every gradient from now on by a member's factor (E, 1, 1)."""
        self.per_sample, self.per_number, self.twice = (
            factors * number for number in (self.per_sample, self.per_number, self.twice)
        )


class CrossEntropy(Loss):
    """Softmax and cross-entropy for class labels (E, N): dz = (softmax(z) - onehot) / N."""

    def of(self, z: Tensor, labels: Tensor) -> Tensor:
        """Mean of -log softmax(z)[label], as `torch.nn.CrossEntropyLoss`."""
        losses = functional.cross_entropy(z, labels.expand(z.shape[0], -1), reduction="none")
        return losses.mean(1)

    def gradient(self, z: Tensor, labels: Tensor) -> Tensor:
        """(softmax(z) - onehot) / N."""
        torch.softmax(z, 1, out=self.dz)
        index = labels.expand(z.shape[0], -1).unsqueeze(1)
        self.dz.scatter_add_(1, index, self._minus_one(index))
        return self.dz.mul_(self.per_sample)

    def _minus_one(self, index: Tensor) -> Tensor:
        if not hasattr(self, "minus_one"):
            self.minus_one = self.dz.new_full(index.shape, -1.0)
        return self.minus_one


class Logistic(Loss):
    """Sigmoid and binary cross-entropy for targets 0 or 1, (E, O, N): dz = (sigmoid(z) - target) / (N O)."""

    def of(self, z: Tensor, targets: Tensor) -> Tensor:
        """Mean of softplus(z) - target z, as `torch.nn.BCEWithLogitsLoss`."""
        losses = functional.binary_cross_entropy_with_logits(z, targets.expand(z.shape), reduction="none")
        return losses.mean((1, 2))

    def gradient(self, z: Tensor, targets: Tensor) -> Tensor:
        """(sigmoid(z) - target) / (N O)."""
        return torch.sigmoid(z, out=self.dz).sub_(targets).mul_(self.per_number)


class SquaredError(Loss):
    """Mean squared error for targets (E, O, N): dz = 2 (z - target) / (N O), as `torch.nn.MSELoss`."""

    def of(self, z: Tensor, targets: Tensor) -> Tensor:
        """Mean of (z - target)^2 over outputs and samples."""
        return (z - targets).square_().mean((1, 2))

    def gradient(self, z: Tensor, targets: Tensor) -> Tensor:
        """2 (z - target) / (N O)."""
        return torch.sub(z, targets, out=self.dz).mul_(self.twice)


LOSSES: dict[str, Callable[[Tensor], CrossEntropy | Logistic | SquaredError]] = {
    "cross_entropy": CrossEntropy,
    "logistic": Logistic,
    "squared": SquaredError,
}
