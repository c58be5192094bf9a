"""Whether the first layer's filters look like edge detectors: Gabor functions fitted as on the page 'Edge detectors'.

A module apart: it needs torch, which reading and examining do not.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import torch

from lib.questions.gabor.experiment import GOOD
from lib.questions.gabor.gabor_fit import fit
from lib.types import Array, Numbers
from lib.your_network.contract import Finding, Layer
from lib.your_network.examination.pictures import pictures

MOST, LARGEST = 64, 32  # filters that are fitted, and pixels of their sides
LEAST = 8  # filters of which a share can be told


def findings(layers: Sequence[Layer]) -> Iterator[Finding]:
    """Yield what share of the first picture-like layer's filters a Gabor function explains, and of shuffled ones."""
    for layer in layers:
        shown = pictures(layer, MOST)
        if shown is None or shown.shape[1] != shown.shape[2] or shown.shape[1] > LARGEST or len(shown) < LEAST:
            continue
        grey = shown.mean(3)
        if not np.isfinite(grey).all():
            continue
        flat = grey.reshape(len(grey), -1)
        mixed = np.random.default_rng(0).permuted(flat, axis=1).reshape(grey.shape)
        numbers: Numbers = {"n": len(grey), "edges": edges(grey), "control": edges(mixed)}
        yield Finding("edges", layer.name, numbers, "gabor", 0.3)
        return


def edges(filters: Array) -> float:
    """Return the share of filters (m, side, side) that are well explained by a Gabor function of a narrow window."""
    side = filters.shape[1]
    alive = np.abs(filters).max((1, 2)) > 0
    if not alive.any():
        return 0.0
    fits = fit(torch.from_numpy(filters[alive].astype(np.float32)))
    found = (fits.r2 > GOOD) & (fits.width < side / 3)
    return float(found.sum()) / len(filters)
