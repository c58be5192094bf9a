"""The data: scikit-learn's digits and small problems that are made, each a pure function of its name and a seed.

Rows are samples, x (N, I) float32; y labels (N,) int64, or targets (N, O) float32 where a function is fitted.
"""

import math
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Generator, Tensor


class Split(NamedTuple):
    """Training and test samples."""

    x: Tensor  # (N, I)
    y: Tensor  # (N,)
    test_x: Tensor
    test_y: Tensor

    @property
    def train(self) -> tuple[Tensor, Tensor]:
        """What `train.train` takes as data."""
        return self.x, self.y

    @property
    def test(self) -> tuple[Tensor, Tensor]:
        """What `measure.accuracy` takes as data."""
        return self.test_x, self.test_y


TEST = 500  # of the 1797 digits


@cache
def digits(*, centred: bool = False) -> Split:
    """The 8 x 8 digits in [0, 1] (N, 64), 1297 to train and 500 to test, the same stratified split always.

    With `centred` each pixel's mean over the training samples is subtracted. Alpaydin and Kaynak 1998, UCI.
    Read from scikit-learn's own file: importing `sklearn.datasets` for it would take three seconds and 136 MB.
    """
    table = torch.from_numpy(np.loadtxt(sample_file("data/digits.csv.gz"), delimiter=",", dtype=np.float32))
    x, y = table[:, :64] / 16, table[:, 64].long()
    test = _stratified(y, TEST, seed=0)
    x_train, x_test = x[~test], x[test]
    if centred:
        mean = x_train.mean(0)
        x_train, x_test = x_train - mean, x_test - mean
    return Split(x_train, y[~test], x_test, y[test])


@cache
def breast_cancer() -> tuple[Tensor, Tensor]:
    """The 569 tumours: 30 measurements in their own units x (N, 30), labels y (N,), 1 for malignant.

    Mean radius, texture, perimeter, area, smoothness, ... Street, Wolberg and Mangasarian 1993, UCI.
    """
    table = torch.from_numpy(np.loadtxt(sample_file("data/breast_cancer.csv"), delimiter=",", skiprows=1))
    return table[:, :30].float(), 1 - table[:, 30].long()


@cache
def standardised() -> Split:
    """The digits with each pixel at mean 0 and standard deviation 1 over the training samples.

    Pixels that are 0 in all of them stay at 0.
    """
    split = digits()
    mean, spread = split.x.mean(0), split.x.std(0)
    scale = (spread > 0) / spread.clamp(min=1e-6)
    return Split((split.x - mean) * scale, split.y, (split.test_x - mean) * scale, split.test_y)


def sample_file(name: str) -> Path:
    """Path of a file among scikit-learn's data sets; ValueError if scikit-learn is missing."""
    spec = find_spec("sklearn")  # finds the package without importing it
    if spec is None or not spec.submodule_search_locations:
        raise ValueError("scikit-learn is not installed; see README.md for the command that installs everything")
    return Path(spec.submodule_search_locations[0]) / "datasets" / name


def _stratified(y: Tensor, count: int, seed: int) -> Tensor:
    """Choose `count` of the samples, each class in proportion to within one: a mask (N,)."""
    shuffled = torch.randperm(len(y), generator=Generator().manual_seed(seed))
    by_class = shuffled[torch.argsort(y[shuffled], stable=True)]
    # Every (N / count)-th along the classes laid end to end.
    steps = torch.arange(len(y)) * count // len(y)
    chosen = by_class[torch.diff(steps, prepend=torch.tensor([-1])) > 0]
    return torch.zeros(len(y), dtype=torch.bool).index_fill_(0, chosen, value=True)


# The 16 Boolean functions of two inputs; the number's bits are the outputs for (0,0), (0,1), (1,0), (1,1).
BOOLEAN = (
    "false", "and", "a_and_not_b", "a", "b_and_not_a", "b", "xor", "or",
    "nor", "xnor", "not_b", "a_or_not_b", "not_a", "b_or_not_a", "nand", "true",
)  # fmt: skip


def boolean(name: str) -> tuple[Tensor, Tensor]:
    """One Boolean function of a and b: inputs (4, 2) in the order 00, 01, 10, 11, targets (4, 1) of 0 and 1."""
    if name not in BOOLEAN:
        raise ValueError(f"no Boolean function {name!r}; there are {', '.join(BOOLEAN)}")
    number = BOOLEAN.index(name)
    outputs = [float(number >> (3 - row) & 1) for row in range(4)]
    x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return x, torch.tensor(outputs).unsqueeze(1)


# Which points of the unit square belong to class 1.
REGIONS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "or_region": lambda a, b: (a > 0.5) | (b > 0.5),
    "and_region": lambda a, b: (a > 0.5) & (b > 0.5),
    "disc": lambda a, b: (a - 0.5) ** 2 + (b - 0.5) ** 2 < 0.16,
}


def region(name: str, side: int) -> tuple[Tensor, Tensor]:
    """A region of the unit square on a grid of points: x (side^2, 2), targets (side^2, 1), 1 inside."""
    if name not in REGIONS:
        raise ValueError(f"no region {name!r}; there are {', '.join(REGIONS)}")
    along = torch.linspace(0, 1, side)
    x = torch.cartesian_prod(along, along)
    return x, REGIONS[name](x[:, 0], x[:, 1]).float().unsqueeze(1)


def digit_pair(other: int, target: int) -> Split:
    """The digits of two classes with targets (N, 1): 1 for `target`, 0 for `other`."""
    whole = digits()
    train, test = ((y == other) | (y == target) for y in (whole.y, whole.test_y))
    ys = ((y == target).float().unsqueeze(1) for y in (whole.y[train], whole.test_y[test]))
    return Split(whole.x[train], next(ys), whole.test_x[test], next(ys))


CURVES: dict[str, Callable[[Tensor], Tensor]] = {
    "ramp": lambda x: x,
    "parabola": lambda x: x**2,
    "hill": lambda x: 1 - x**2,
    "absolute": torch.abs,
    "sine": lambda x: torch.sin(math.pi * x),
    "step": lambda x: (x > 0).to(x.dtype),
}


def curve(name: str, samples: int) -> tuple[Tensor, Tensor]:
    """A function on [-1, 1] at evenly spaced points: x (N, 1), targets (N, 1)."""
    if name not in CURVES:
        raise ValueError(f"no curve {name!r}; there are {', '.join(CURVES)}")
    x = torch.linspace(-1, 1, samples).unsqueeze(1)
    return x, CURVES[name](x)
