"""Problems in the plane: points of two classes, each a pure function of its name and a seed."""

import math
from collections.abc import Callable

import torch
from torch import Generator, Tensor


def _noisy(points: Tensor, noise: float, g: Generator) -> Tensor:
    return points + noise * torch.randn(points.shape, generator=g)


def _polar(radius: Tensor, angle: Tensor) -> Tensor:
    return torch.stack([radius * torch.cos(angle), radius * torch.sin(angle)], 1)


def _xor(y: Tensor, noise: float, g: Generator) -> Tensor:
    x = torch.rand(len(y), 2, generator=g)
    x[:, 1] = torch.where(y == 1, -1.0, 1.0) * x[:, 1]  # labels: 1 where the signs differ
    flip = torch.where(torch.rand(len(y), 1, generator=g) < 0.5, -1.0, 1.0)
    return _noisy(x * flip, noise, g)


def _circles(y: Tensor, noise: float, g: Generator) -> Tensor:
    radius = torch.where(y == 1, 0.4, 1.0)
    return _noisy(_polar(radius, 2 * math.pi * torch.rand(len(y), generator=g)), noise, g)


def _spirals(y: Tensor, noise: float, g: Generator) -> Tensor:
    along = torch.rand(len(y), generator=g).sqrt()
    return _noisy(_polar(along, 1.75 * 2 * math.pi * along + math.pi * y), noise, g)


def _moons(y: Tensor, noise: float, g: Generator) -> Tensor:
    angle = math.pi * torch.rand(len(y), generator=g)
    upper = _polar(torch.ones(len(y)), angle) - torch.tensor([0.5, 0.25])
    return _noisy(torch.where(y.unsqueeze(1) == 1, -upper, upper), noise, g)


def _blobs(y: Tensor, noise: float, g: Generator) -> Tensor:
    centre = torch.where(y == 1, 0.6, -0.6).unsqueeze(1).expand(-1, 2)
    return _noisy(centre, noise + 0.25, g)


PLANES: dict[str, Callable[[Tensor, float, Generator], Tensor]] = {
    "xor": _xor,
    "circles": _circles,
    "spirals": _spirals,
    "moons": _moons,
    "blobs": _blobs,
}


def plane(name: str, samples: int, seed: int, *, noise: float = 0.05) -> tuple[Tensor, Tensor]:
    """Points of two classes in the plane, about [-1, 1]^2: x (N, 2), y (N,), alternating 0 and 1."""
    if name not in PLANES:
        raise ValueError(f"no problem {name!r} in the plane; there are {', '.join(PLANES)}")
    y = torch.arange(samples) % 2
    return PLANES[name](y, noise, Generator().manual_seed(seed)), y
