"""A restricted Boltzmann machine, trained by contrastive divergence (Hinton 2002), an ensemble at a time.

Visible units are pixels, on or off; every weight joins one of them to one hidden unit, both ways. Hidden unit j is on
with the probability sigmoid(w_j . v + b_j), pixel i with sigmoid(w_i . h + c_i).
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from lib.engine.progress import tell
from lib.types import Progress

HIDDEN, STEPS, LR, BATCH = 32, 300, 0.1, 100
TELL_EVERY = 8  # steps
SPREAD = 0.01  # standard deviation of the weights at the start


class Machine(NamedTuple):
    """Weights (R, pixels, HIDDEN), biases of the hidden units (R, 1, HIDDEN) and of the pixels (R, 1, pixels)."""

    weights: Tensor
    hidden: Tensor
    visible: Tensor


def untrained(pixels: int, seeds: Sequence[int]) -> Machine:
    """Small random weights, one machine a seed; biases 0."""
    draws = [torch.randn(pixels, HIDDEN, generator=torch.Generator().manual_seed(seed)) for seed in seeds]
    count = len(seeds)
    return Machine(SPREAD * torch.stack(draws), torch.zeros(count, 1, HIDDEN), torch.zeros(count, 1, pixels))


def trained(machine: Machine, x: Tensor, seed: int, progress: Progress | None = None) -> Machine:
    """Take STEPS steps of contrastive divergence on pictures x (N, pixels) of 0 and 1; one Gibbs step each."""
    made = torch.Generator().manual_seed(seed)
    w, b, c = (p.clone() for p in machine)
    for step in range(STEPS):
        seen = x[torch.randint(len(x), (len(w), BATCH), generator=made)]
        on = torch.sigmoid(seen @ w + b)
        drawn = (torch.rand(on.shape, generator=made) < on).float()
        back = torch.sigmoid(drawn @ w.mT + c)
        again = torch.sigmoid(back @ w + b)
        w += LR * (seen.mT @ on - back.mT @ again) / BATCH
        b += LR * (on - again).mean(1, keepdim=True)
        c += LR * (seen - back).mean(1, keepdim=True)
        tell(progress, step + 1, STEPS, every=TELL_EVERY)
    return Machine(w, b, c)


def misread(machine: Machine, x: Tensor) -> Tensor:
    """Mean squared difference (R,) between pictures x (N, pixels) and what comes back through the hidden units."""
    hidden = torch.sigmoid(x @ machine.weights + machine.hidden)
    return (torch.sigmoid(hidden @ machine.weights.mT + machine.visible) - x).square().mean((1, 2))
