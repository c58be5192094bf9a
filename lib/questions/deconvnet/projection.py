"""From a unit's activation back to pixels: Zeiler and Fergus's projection, the gradient, and guided backpropagation.

Zeiler and Fergus 2014, section 2.1: unpool with the switches of the forward pass, rectify, filter with the transposed
filters. The gradient differs in one place, where it passes a ReLU: it is masked by what was on in the forward pass,
not rectified itself; guided backpropagation (Springenberg et al. 2015) does both. One network at a time, images
(N, 1, side, side) samples first, as torch's own functions want them.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from lib.engine.cnn import CNN

METHODS = ("zeiler", "gradient", "guided")


class Stack(NamedTuple):
    """The convolutional part of one network: filters (O, K, 3, 3), biases (O,), and where pooling follows."""

    filters: list[Tensor]
    biases: list[Tensor]
    pools: tuple[bool, ...]


class Seen(NamedTuple):
    """A forward pass: preactivations (N, O, s, s) of every layer, what it hands on, and the pools' switches."""

    z: list[Tensor]
    handed: list[Tensor]
    switches: list[Tensor | None]


def stack(network: CNN, params: Sequence[Tensor], member: int) -> Stack:
    """Take one member's filters out of an ensemble's parameters."""
    count = len(network.channels)
    ins = (1, *network.channels[:-1])
    filters = [params[2 * k][member].view(-1, i, 3, 3) for k, i in zip(range(count), ins, strict=True)]
    return Stack(filters, [params[2 * k + 1][member] for k in range(count)], network.pools)


def look(net: Stack, x: Tensor, last: int | None = None) -> Seen:
    """Pass images (N, 1, side, side) forward, ReLU and pooling as in `CNN`; up to the preactivations of one layer."""
    seen = Seen([], [], [])
    for k, (w, b, pool) in enumerate(zip(*net, strict=True)):
        seen.z.append(F.conv2d(x, w, b, padding=1))
        if k == last:
            break
        x, switches = seen.z[-1].relu(), None
        if pool:
            x, switches = _pooled(x)
        seen.handed.append(x)
        seen.switches.append(switches)
    return seen


def _pooled(x: Tensor) -> tuple[Tensor, Tensor]:
    """The largest of each 2 x 2 block, and where: torch does it five times as fast where the channels are last."""
    largest, where = F.max_pool2d(x.contiguous(memory_format=torch.channels_last), 2, return_indices=True)
    return largest.contiguous(), where.contiguous()


def project(net: Stack, seen: Seen, layer: int, start: Tensor, method: str) -> Tensor:
    """Bring `start` (N, O, s, s), activations of one layer, back to pixels (N, 1, side, side) by one of METHODS."""
    if method not in METHODS:
        raise ValueError(f"no method {method!r}; there are {', '.join(METHODS)}")
    x = start
    for k in range(layer, -1, -1):
        if method != "gradient":
            x = x.relu()
        if method != "zeiler":
            x = x * (seen.z[k] > 0)
        x = F.conv_transpose2d(x, net.filters[k], padding=1)
        switches = seen.switches[k - 1] if k else None
        if switches is not None:
            x = F.max_unpool2d(x, switches, [2, 2])
    return x


def field(net: Stack, layer: int, start: Tensor) -> Tensor:
    """Receptive field (N, 1, side, side), bool: the pixels that can reach the places that `start` marks."""
    x = start.abs().amax(1, keepdim=True)
    for k in range(layer, -1, -1):
        x = F.conv_transpose2d(x, torch.ones(1, 1, 3, 3), padding=1)
        if k and net.pools[k - 1]:
            x = F.interpolate(x, scale_factor=2, mode="nearest")
    return x > 0
