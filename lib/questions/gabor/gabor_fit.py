"""Fit Gabor functions to filters: a wave under a Gaussian window (Daugman 1985; Jones and Palmer 1987)."""

import math
from typing import NamedTuple

import torch
from torch import Tensor

SIZE = 32  # of the Fourier transform that finds a start
STEPS = 120


class Fit(NamedTuple):
    """M fits to filters of side k."""

    r2: Tensor  # (M,) share of the filter's energy that the Gabor function explains
    angle: Tensor  # (M,) direction across the stripes, radians in [0, pi)
    width: Tensor  # (M,) standard deviation of the window across the stripes, pixels
    image: Tensor  # (M, k, k) the fitted function


def fit(filters: Tensor) -> Fit:
    """Fit all filters (M, k, k) at once.

    Centre, wave vector and the window's two widths descend on 1 - R^2 (torch's Adam, from the filter's centre of
    energy and the peak of its spectrum); the amplitudes of cosine and sine are projected out (Golub, Pereyra 1973).
    """
    k = filters.shape[1]
    target = filters.flatten(1)
    target = target / target.norm(dim=1, keepdim=True).clamp(min=1e-12)
    shape = _start(filters).requires_grad_()
    adam = torch.optim.Adam([shape], lr=0.1)
    for step in range(STEPS):
        adam.param_groups[0]["lr"] = 0.1 * (1 - 0.9 * step / STEPS)
        adam.zero_grad()
        (-_explained(shape, target, k)[0].sum()).backward()
        adam.step()
    with torch.no_grad():
        r2, image = _explained(shape, target, k)
    shape = shape.detach()
    angle = torch.atan2(shape[:, 3], shape[:, 2]) % math.pi
    return Fit(r2, angle, shape[:, 4].exp(), image.view(-1, k, k))


def _grid(k: int) -> tuple[Tensor, Tensor]:
    along = torch.arange(k) - (k - 1) / 2
    y, x = torch.meshgrid(along, along, indexing="ij")
    return x.reshape(1, -1), y.reshape(1, -1)


def _start(filters: Tensor) -> Tensor:
    """Centre x and y, wave vector x and y, log widths across and along the stripes: (M, 6)."""
    m, k = len(filters), filters.shape[1]
    x, y = _grid(k)
    energy = filters.flatten(1).square()
    energy = energy / energy.sum(1, keepdim=True).clamp(min=1e-12)
    spectrum = torch.fft.rfft2(filters, s=(SIZE, SIZE)).abs()
    spectrum[:, 0, 0] = 0
    peak = spectrum.flatten(1).argmax(1)
    across, down = peak % (SIZE // 2 + 1), peak // (SIZE // 2 + 1)
    down = torch.where(down > SIZE // 2, down - SIZE, down)
    wave = 2 * math.pi / SIZE * torch.stack([across, down], 1)
    widths = torch.full((m, 2), math.log(k / 5))
    return torch.cat([(energy * x).sum(1, keepdim=True), (energy * y).sum(1, keepdim=True), wave, widths], 1)


def _explained(shape: Tensor, target: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """R^2 (M,) of the best Gabor function of each shape (M, 6), and that function (M, k^2)."""
    x, y = _grid(k)
    x0, y0, u, v, across, along = (column.unsqueeze(1) for column in shape.unbind(1))
    dx, dy = x - x0, y - y0
    phase, f = u * dx + v * dy, (u * u + v * v).sqrt() + 1e-6
    a, c = phase / f, (u * dy - v * dx) / f
    window = torch.exp(-(a / across.exp()).square() / 2 - (c / along.exp()).square() / 2)
    cosine, sine = window * phase.cos(), window * phase.sin()
    # the 2 x 2 normal equations, with a little on the diagonal where the sine vanishes
    g11, g22 = cosine.square().sum(1) + 1e-6, sine.square().sum(1) + 1e-6
    g12, r1, r2 = (cosine * sine).sum(1), (cosine * target).sum(1), (sine * target).sum(1)
    determinant = (g11 * g22 - g12 * g12).clamp(min=1e-9)
    p, q = (g22 * r1 - g12 * r2) / determinant, (g11 * r2 - g12 * r1) / determinant
    image = p.unsqueeze(1) * cosine + q.unsqueeze(1) * sine
    return 1 - (target - image).square().sum(1), image
