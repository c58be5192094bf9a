"""A window over the pictures: where it can stand, and what the filters of a network make of it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from lib.types import Array

PARTS = 5  # filters that a window is put together from
CONTRAST = 55  # shades of grey in a standard deviation of a small picture
SIDES = 160  # pixels along the longer side of a small picture


class Scene(NamedTuple):
    """A picture and its scrambled twin, small, and their windows, some pixels from one to the next."""

    grey: Array  # (2, height, width) uint8
    windows: Array  # (2, rows, columns, side, side) int8, in units of
    unit: Array  # (2, rows, columns, 1, 1), as filters take them
    top: Array  # (rows,) of each window, in pixels of `grey`
    left: Array  # (columns,)
    extent: float  # of a window, in pixels of `grey`

    def seen(self, kind: int) -> Array:
        """Return the windows of the picture (0) or of its twin (1) as filters take them, in the same shape."""
        return np.asarray(self.windows[kind] * self.unit[kind])


class Network(NamedTuple):
    """One network at F moments, its H filters in the order of how well a Gabor function fits them at the end."""

    filters: Array  # (F, H, side, side)
    biases: Array  # (F, H)
    votes: Array  # (F, H) for "real", for each unit of activity; all 1 in a code
    leaning: Array  # (F,) the vote of no activity at all


class Sum(NamedTuple):
    """What a network makes of one window at F moments: the sum of its strongest filters."""

    chosen: Array  # (F, PARTS) which, the strongest first
    amounts: Array  # (F, PARTS) how much of each: its activity, or its vote
    total: Array  # (F, side, side) the sum in a code, else nothing
    share: Array  # (F,) of the window that the sum explains in a code, else the probability of "real"


def scene(raw: Sequence[Array], windows: Sequence[Array], side: int, stride: int) -> Scene:
    """Return a picture and its twin, `raw` (height, width), of one contrast, with windows that `cut` made of both."""
    height, width = raw[0].shape
    smaller = max(1, round(max(height, width) / SIDES))
    standard = [(image - image.mean()) / max(image.std(), 1e-9) for image in raw]
    grey = [np.clip(128 + CONTRAST * s[::smaller, ::smaller], 0, 255).astype(np.uint8) for s in standard]
    top, left = (_places(length, side, stride) / smaller for length in (height, width))
    cut = np.stack(windows)
    unit = np.maximum(np.abs(cut).max((3, 4), keepdims=True), 1e-6).astype(np.float32) / 127
    return Scene(np.stack(grey), np.round(cut / unit).astype(np.int8), unit, top, left, side / smaller)


def cut(image: Array, side: int, stride: int) -> Array:
    """Windows of an image (height, width), (rows, columns, side, side), `stride` apart, in its middle."""
    rows, columns = (_places(length, side, stride) for length in image.shape)
    return np.lib.stride_tricks.sliding_window_view(image, (side, side))[np.ix_(rows, columns)].astype(np.float32)


def _places(length: int, side: int, stride: int) -> Array:
    free = length - side
    return np.arange(free % stride // 2, free + 1, stride)


def coded(network: Network, window: Array) -> Sum:
    """Return how a sparse code puts a window (side, side) together."""
    frames, count = network.biases.shape
    filters, x = network.filters.reshape(frames, count, -1), window.reshape(-1).astype(np.float32)
    activity = np.maximum(filters @ x + network.biases, 0)
    chosen = strongest(activity)
    amounts = np.take_along_axis(activity, chosen, 1)
    total = (amounts[:, None] @ np.take_along_axis(filters, chosen[..., None], 1))[:, 0]
    return Sum(chosen, amounts, total.reshape(frames, *window.shape), 1 - _energy(x - total, 1) / _energy(x))


def judged(network: Network, window: Array, stride: int) -> Sum:
    """Return how a convolution that goes over a window (side, side) in strides votes for "real"."""
    frames, count, k, _ = network.filters.shape
    places = np.lib.stride_tricks.sliding_window_view(window.astype(np.float32), (k, k))[::stride, ::stride]
    seen = network.filters.reshape(frames, count, -1) @ places.reshape(-1, k * k).T
    votes = np.maximum(seen + network.biases[..., None], 0).mean(2) * network.votes
    chosen = strongest(votes)
    share = 1 / (1 + np.exp(-votes.sum(1) - network.leaning))
    return Sum(chosen, np.take_along_axis(votes, chosen, 1), np.zeros((frames, 0, 0)), share)


def explained(network: Network, windows: Array) -> Array:
    """Return the share of all windows (N, side, side) together that each one's strongest filters explain (F,)."""
    x = windows.reshape(len(windows), -1).astype(np.float32)
    left = []
    for filters, biases in zip(network.filters.reshape(*network.biases.shape, -1), network.biases, strict=True):
        activity = np.maximum(x @ filters.T + biases, 0)
        activity[activity < np.partition(activity, -PARTS, axis=1)[:, -PARTS, None]] = 0
        left.append(_energy(x - activity @ filters))
    return 1 - np.array(left) / _energy(x)


def strongest(amounts: Array) -> Array:
    """Which are the largest, whatever their sign, (..., H) to (..., PARTS)."""
    return np.argsort(-np.abs(amounts), axis=-1, kind="stable")[..., :PARTS]


def _energy(values: Array, axis: int | None = None) -> Array:
    return np.square(values, dtype=np.float64).sum(axis)
