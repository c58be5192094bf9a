"""Natural images: scikit-learn's two photographs or the reader's own, whitened, scrambled, and cut into patches."""

from functools import cache, lru_cache

import numpy as np
import torch
from torch import Generator, Tensor

from lib.engine.data import sample_file
from lib.questions.gabor.picture import decoded

NAMES = ("china", "flower")
CUTOFF = 0.4  # cycles per pixel


@cache
def photograph(name: str) -> np.ndarray:
    """One of the photographs that come with scikit-learn, grey in [0, 1] (height, width)."""
    if name not in NAMES:
        raise ValueError(f"no photograph {name!r}; there are {', '.join(NAMES)}")
    return decoded(sample_file(f"images/{name}.jpg").read_bytes())


def whitened(image: np.ndarray) -> np.ndarray:
    """The image filtered by |f| exp(-(f / f0)^4) with f0 = 0.4 cycles per pixel, unit variance, same shape.

    Natural images have amplitudes that fall as 1 / f, which this evens out (Olshausen and Field 1997, sec. 3).
    """
    flat = np.fft.irfft2(np.fft.rfft2(image - image.mean()) * _gain(image.shape), image.shape)
    return (flat / flat.std()).astype(np.float32)


@lru_cache(maxsize=1)  # both photographs are of one size, and so are a picture and its twin
def _gain(shape: tuple[int, int]) -> np.ndarray:
    """What each frequency is multiplied with."""
    vertical, horizontal = np.fft.fftfreq(shape[0])[:, None], np.fft.rfftfreq(shape[1])[None]
    f = np.hypot(vertical, horizontal)
    return np.asarray(f * np.exp(-((f / CUTOFF) ** 4)))


def scrambled(image: np.ndarray, seed: int) -> np.ndarray:
    """An image of the same spectrum with the phases of white noise: its edges are gone, its correlations are not."""
    noise = np.fft.rfft2(np.random.default_rng(seed).standard_normal(image.shape))
    return np.fft.irfft2(np.abs(np.fft.rfft2(image)) * noise / np.abs(noise), image.shape)


def cuttings(images: list[np.ndarray], side: int, count: int, seed: int) -> Tensor:
    """`count` squares (count, side, side) from random places, in equal parts from the images."""
    draws = np.random.default_rng(seed)
    parts = []
    for image in images:
        windows = np.lib.stride_tricks.sliding_window_view(image, (side, side))
        rows, columns = (draws.integers(0, n, count // len(images)) for n in windows.shape[:2])
        parts.append(windows[rows, columns].astype(np.float32))
    return torch.from_numpy(np.concatenate(parts))


def patches(images: list[np.ndarray], side: int, count: int, seed: int) -> tuple[Tensor, float]:
    """Cuttings as rows (count, side^2), each with its mean taken off, all together of unit variance.

    Returns what they were divided by as well.
    """
    rows = cuttings(images, side, count, seed).flatten(1)
    rows -= rows.mean(1, keepdim=True)
    scale = rows.std()
    return rows.div_(scale), float(scale)


def kurtosis(numbers: Tensor) -> float:
    """Fourth moment over the squared second: 3 for a Gaussian, more where a few are large and most small."""
    squares = numbers.square()
    return float(squares.square().mean() / squares.mean() ** 2)


def generators(seeds: range) -> list[Generator]:
    """One source of randomness per repeat."""
    return [Generator().manual_seed(seed) for seed in seeds]
