"""How large a signal is, layer by layer, in a deep network of equal layers at its start: measured, and by theory.

z_l = W_l x_{l-1}, x_l = f(z_l), no biases; back, g_{l-1} = W_l^T (g_l f'(z_l)). Mean-field theory (Poole et al. 2016;
Schoenholz et al. 2017) is the limit of infinite width: with the weights' variance sigma^2 / width and
q_l = sigma^2 E[x_{l-1}^2], E[x_l^2] = E[f(sqrt(q_l) u)^2] and E[g_{l-1}^2] = sigma^2 E[f'(sqrt(q_l) u)^2] E[g_l^2],
u from N(0, 1). Double precision throughout: in single precision a deep network's gradients vanish altogether.
"""

import math
from collections.abc import Sequence
from functools import cache

import torch
from torch import Tensor

from lib.engine.activations import activation
from lib.engine.progress import tell
from lib.types import Progress

REACH, POINTS = 8.0, 1600  # of the integrals over u; cells are centred off zero, where f may have a kink


def sizes(
    weights: Sequence[Tensor],
    name: str,
    signals: tuple[Tensor, Tensor],
    gains: Sequence[float],
    progress: Progress | None = None,
) -> tuple[Tensor, Tensor]:
    """Root mean squares of x_l and of g_l, each (L + 1, gains, E), in layers of gain * W, W (E, H, H).

    `signals` are x and g, each (E, H, N): x comes in at the bottom, g at the top, the same for every gain.
    """
    f, depth, count = activation(name), len(weights), len(gains)
    x, g = (t.repeat(1, 1, count) for t in signals)  # gains side by side along the samples: W is read once for all
    gain = x.new_tensor(gains).repeat_interleave(signals[0].shape[2])
    # All at once: small tensors kept from every layer would pin the large ones' memory.
    forward, backward = x.new_empty(2, depth + 1, count, len(x))
    forward[0], backward[-1], kept = _rms(x, count), _rms(g, count), []
    for layer, w in enumerate(weights):
        z = torch.bmm(w, x).mul_(gain)
        x = torch.empty_like(z)
        f.forward(z, x)
        kept.append(z if f.keeps == "input" else x)
        forward[layer + 1] = _rms(x, count)
        tell(progress, layer + 1, 2 * depth)
    for layer, w in enumerate(reversed(weights)):
        f.backward(g, kept.pop(), g)
        g = torch.bmm(w.transpose(1, 2), g).mul_(gain)
        backward[-2 - layer] = _rms(g, count)
        tell(progress, depth + layer + 1, 2 * depth)
    return forward, backward


def _rms(x: Tensor, count: int) -> Tensor:
    """Root mean square over units and samples: (E, H, count * N) to (count, E)."""
    return x.view(*x.shape[:2], count, -1).square().mean((1, 3)).sqrt().T


def theory(name: str, sigma: float, depth: int) -> tuple[list[float], list[float]]:
    """What `sizes` gives at infinite width for x and g of size 1 and weights of variance sigma^2 / width."""
    forward, slopes = [1.0], []
    for _ in range(depth):
        y, slope = _squares(name, sigma * forward[-1])
        forward.append(y)
        slopes.append(slope)
    backward = [1.0]
    for slope in reversed(slopes):
        backward.append(sigma * slope * backward[-1])
    return forward, backward[::-1]


@cache
def _grid() -> tuple[Tensor, Tensor]:
    """Places u and the normal distribution's weight of each."""
    u = (torch.arange(POINTS, dtype=torch.float64) + 0.5) * (2 * REACH / POINTS) - REACH
    p = torch.exp(-u * u / 2)
    return u, p / p.sum()


def _squares(name: str, spread: float) -> tuple[float, float]:
    """Root mean squares of f(z) and f'(z) for z from N(0, spread^2)."""
    f = activation(name)
    u, p = _grid()
    z = u * spread
    y, slope = torch.empty_like(z), torch.ones_like(z)
    f.forward(z, y)
    f.backward(slope, z if f.keeps == "input" else y, slope)
    return math.sqrt(float(p @ y.square())), math.sqrt(float(p @ slope.square()))


@cache
def balanced(name: str, depth: int) -> float:
    """The sigma at which, by theory, a gradient comes back through `depth` layers as large as it started."""
    low, high = 0.1, 40.0
    for _ in range(24):
        middle = math.sqrt(low * high)
        if theory(name, middle, depth)[1][0] < 1:
            low = middle
        else:
            high = middle
    return math.sqrt(low * high)
