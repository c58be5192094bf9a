"""Fit Gabor functions to filters: a wave under a Gaussian window (Daugman 1985; Jones and Palmer 1987)."""

import math
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor

from lib.engine import cores
from lib.engine.optimisers import Flat, adam
from lib.engine.progress import tell
from lib.types import Progress

SIZE = 32  # of the Fourier transform that finds a start
STEPS = 120
RATE = 0.1  # of Adam, at first
PIECE = 640  # filters that are fitted together: half of the default's


class Fit(NamedTuple):
    """M fits to filters of side k."""

    r2: Tensor  # (M,) share of the filter's energy that the Gabor function explains
    angle: Tensor  # (M,) direction across the stripes, radians in [0, pi)
    width: Tensor  # (M,) standard deviation of the window across the stripes, pixels
    image: Tensor  # (M, k, k) the fitted function


def fit(filters: Tensor, progress: Progress | None = None) -> Fit:
    """Fit all filters (M, k, k).

    Centre, wave vector and the window's two widths descend on 1 - R^2 (Adam, from the filter's centre of energy and
    the peak of its spectrum); the amplitudes of cosine and sine are projected out (Golub, Pereyra 1973).
    """
    pieces = [partial(_fitted, piece) for piece in filters.split(PIECE)]
    fits = cores.each(pieces, progress, size=filters[:PIECE].numel())
    return Fit(*(torch.cat(parts) for parts in zip(*fits, strict=True)))


def _fitted(filters: Tensor, progress: Progress) -> Fit:
    """Fit one piece."""
    k = filters.shape[1]
    target = filters.flatten(1)
    target = target / target.norm(dim=1, keepdim=True).clamp(min=1e-12)
    shape = _start(filters)
    waves, uphill = Waves(target, k), torch.empty_like(shape)
    move = adam(Flat(shape.view(-1), uphill.view(-1), [shape]), -RATE, 0.0)
    for step in range(STEPS):
        waves.draw(shape)
        uphill.copy_(waves.uphill())
        move(1 - 0.9 * step / STEPS)
        tell(progress, step + 1, STEPS, every=8)
    waves.draw(shape)
    angle = torch.atan2(shape[3], shape[2]) % math.pi
    return Fit(waves.r2(), angle, shape[4].exp(), waves.image.view(-1, k, k))


def _grid(k: int) -> tuple[Tensor, Tensor]:
    along = torch.arange(k) - (k - 1) / 2
    y, x = torch.meshgrid(along, along, indexing="ij")
    return x.reshape(1, -1), y.reshape(1, -1)


def _start(filters: Tensor) -> Tensor:
    """Centre x and y, wave vector x and y, log widths across and along the stripes: (6, M)."""
    m, k = len(filters), filters.shape[1]
    x, y = _grid(k)
    energy = filters.flatten(1).square()
    energy = energy / energy.sum(1, keepdim=True).clamp(min=1e-12)
    spectrum = torch.fft.rfft2(filters, s=(SIZE, SIZE)).abs()
    spectrum[:, 0, 0] = 0
    peak = spectrum.flatten(1).argmax(1)
    across, down = peak % (SIZE // 2 + 1), peak // (SIZE // 2 + 1)
    down = torch.where(down > SIZE // 2, down - SIZE, down)
    wave = 2 * math.pi / SIZE * torch.stack([across, down])
    widths = torch.full((2, m), math.log(k / 5))
    return torch.cat([torch.stack([(energy * x).sum(1), (energy * y).sum(1)]), wave, widths])


class Waves:
    """The best Gabor functions of M shapes, and how to change the shapes for better ones.

    Three numbers of a place (x, y) make up a Gabor function: how far it is from the centre across the stripes and
    along them, in widths, and the phase. All three are linear in x and y. Their `lines` (3, 3, M) hold the constants
    and the slopes, so that both ways, from the lines to the places and back to the lines, are matrix products.
    """

    def __init__(self, target: Tensor, k: int) -> None:
        """Make room for functions like `target` (M, k^2), of unit length."""
        self.target, x_y = target, _grid(k)
        self.places = torch.cat([torch.ones(1, k * k), *x_y])  # (3, k^2)
        self.numbers = target.new_empty(3, *target.shape)
        self.cosine, self.sine, self.image, self.shifted = (torch.empty_like(target) for _ in range(4))

    def draw(self, shape: Tensor) -> None:
        """Draw the best function of each shape (6, M) into `image`, and the same a quarter of a wave on."""
        self._lines(shape)
        torch.matmul(self.lines.transpose(1, 2), self.places, out=self.numbers)
        across, along, phase = self.numbers
        window = torch.mul(across, across, out=self.shifted).addcmul_(along, along).mul_(-0.5).exp_()
        torch.cos(phase, out=self.cosine).mul_(window)
        torch.sin(phase, out=self.sine).mul_(window)
        p, q = self._amplitudes()
        torch.mul(self.cosine, p, out=self.image).addcmul_(self.sine, q)
        torch.mul(self.sine, p, out=self.shifted).addcmul_(self.cosine, q, value=-1)

    def _lines(self, shape: Tensor) -> None:
        """Write the lines, and what they were made of."""
        centre, wave, widths = shape[:2], shape[2:4], shape[4:].exp()
        self.frequency = torch.hypot(*wave) + 1e-6
        self.unit = wave / self.frequency  # (2, M) across the stripes
        self.widths = widths
        beside = torch.stack([-self.unit[1], self.unit[0]])
        slopes = torch.stack([self.unit / widths[0], beside / widths[1], wave])  # (3, 2, M)
        self.lines = torch.cat([-(slopes * centre).sum(1, keepdim=True), slopes], 1)

    def _amplitudes(self) -> tuple[Tensor, Tensor]:
        """Amplitudes (M, 1) of cosine and sine that explain most of the target."""
        cosine, sine, target, spare = self.cosine, self.sine, self.target, self.image

        def dot(a: Tensor, b: Tensor) -> Tensor:
            return torch.mul(a, b, out=spare).sum(1, keepdim=True)

        # the 2 x 2 normal equations, with a little on the diagonal where the sine vanishes
        g11, g22, g12 = dot(cosine, cosine) + 1e-6, dot(sine, sine) + 1e-6, dot(cosine, sine)
        r1, r2 = dot(cosine, target), dot(sine, target)
        determinant = (g11 * g22 - g12 * g12).clamp(min=1e-9)
        return (g22 * r1 - g12 * r2) / determinant, (g11 * r2 - g12 * r1) / determinant

    def r2(self) -> Tensor:
        """Share of each target (M,) that the function explains."""
        return 1 - (self.target - self.image).square().sum(1)

    def uphill(self) -> Tensor:
        """Gradient of R^2 (6, M) at what was drawn last, which is used up.

        The amplitudes are the best ones, so that to change them changes nothing.
        """
        left = torch.sub(self.target, self.image, out=self.cosine)
        self.numbers[:2].mul_(torch.mul(left, self.image, out=self.sine))
        torch.mul(left, self.shifted, out=self.numbers[2])
        pull = torch.matmul(self.places, self.numbers.transpose(1, 2))  # (3, 3, M), as the lines
        pull.mul_(-2)
        return self._of_shape(pull)

    def _of_shape(self, pull: Tensor) -> Tensor:
        """The gradient for the shape from that for the lines."""
        centre = -(self.lines[:, 1:] * pull[:, :1]).sum(0)
        turned = (self.lines.unsqueeze(1) * pull).sum(2)  # (3, 3, M): if line i were moved along line j's change
        across, along = self.widths
        longer = turned[2, 2] / self.frequency
        turn = turned[1, 0] * along / across - turned[0, 1] * across / along + turned[1, 2] * along * self.frequency
        turn = turn / self.frequency
        (c, s) = self.unit
        return torch.cat(
            [centre, torch.stack([c * longer - s * turn, s * longer + c * turn, -turned[0, 0], -turned[1, 1]])]
        )
