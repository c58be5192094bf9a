"""From a unit's activation back to pixels: Zeiler and Fergus's projection, the gradient, and guided backpropagation.

Zeiler and Fergus 2014, section 2.1: unpool with the switches of the forward pass, rectify, filter with the transposed
filters. The gradient differs in one place, where it passes a ReLU: it is masked by what was on in the forward pass,
not rectified itself; guided backpropagation (Springenberg et al. 2015) does both. All networks at once, with images
of their own each, samples last as in the engine.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from lib.engine.cnn import CNN
from lib.engine.images import Bias, MaxPool, convolution

METHODS = ("zeiler", "gradient", "guided")


class Stack:
    """The convolutional part of E networks, bound to N images each; what it saw last, until it looks again.

    `maps` are the activations (E, O, s, s, N) of every layer, `handed` what each hands on, pooled where it pools.
    """

    def __init__(self, network: CNN, params: Sequence[Tensor], n: int, *, back: bool = False) -> None:
        """Take filters and biases of all members; with `back` there is memory for the way back, too."""
        self.network, self.convolutions, self.biases, self.pools = network, [], [], []
        side = network.side
        for k, pool in enumerate(network.pools):
            w, b = params[2 * k], params[2 * k + 1]
            conv = convolution(w, torch.empty_like(w), side, n, input_grad=back)
            self.convolutions.append(conv)
            self.biases.append(Bias(b, torch.empty_like(b)))
            self.pools.append(MaxPool(side, conv.y.view(conv.shape)) if pool else None)
            side //= 2 if pool else 1
        self.maps: list[Tensor] = []
        self.handed: list[Tensor] = []

    def look(self, rows: Tensor, last: int | None = None) -> None:
        """Pass images (E, N, side * side) forward, ReLU and pooling as in `CNN`; no further than one layer."""
        self.maps, self.handed = [], []
        x = self.network.arrange(rows)
        for k, (conv, bias, pool) in enumerate(zip(self.convolutions, self.biases, self.pools, strict=True)):
            self.maps.append(bias.forward(conv.forward(x)).relu_())
            if k == last:
                break
            x = pool.forward(self.maps[-1]) if pool else self.maps[-1]
            self.handed.append(x)

    def project(self, layer: int, start: Tensor, method: str) -> Tensor:
        """Bring `start` (E, O, s, s, N), activations of one layer, back to pixels (E, N, side * side) by a method.

        Raises ValueError if it is none of METHODS.
        """
        if method not in METHODS:
            raise ValueError(f"no method {method!r}; there are {', '.join(METHODS)}")
        x = start
        for k in range(layer, -1, -1):
            if method != "gradient":
                x = x.relu()
            if method != "zeiler":
                x = x * (self.maps[k] > 0)
            x = self.convolutions[k].transposed(x)
            pool = self.pools[k - 1] if k else None
            if pool:
                x = pool.backward(x)
        return x.flatten(1, 3).transpose(1, 2).contiguous()


def field(pools: Sequence[bool], layer: int, start: Tensor) -> Tensor:
    """Receptive field (N, 1, side, side), bool: the pixels that can reach the places that `start` marks.

    `start` (N, O, s, s) are activations of one layer, samples first.
    """
    x = start.abs().amax(1, keepdim=True)
    for k in range(layer, -1, -1):
        x = F.conv_transpose2d(x, torch.ones(1, 1, 3, 3), padding=1)
        if k and pools[k - 1]:
            x = F.interpolate(x, scale_factor=2, mode="nearest")
    return x > 0
