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
    step = _Step(Machine(*(p.clone() for p in machine)))
    for done in range(STEPS):
        step.take(x, made)
        tell(progress, done + 1, STEPS, every=TELL_EVERY)
    return step.machine


class _Step:
    """A step of contrastive divergence, in memory that is laid out once: fresh memory takes a third of the time."""

    def __init__(self, machine: Machine) -> None:
        """Bind to a machine, which is changed in place."""
        self.machine, (count, pixels, hidden) = machine, machine.weights.shape
        self.seen, self.back = machine.weights.new_empty(2, count, BATCH, pixels)
        self.on, self.drawn, self.again = machine.weights.new_empty(3, count, BATCH, hidden)
        self.each = machine.weights.new_ones(count, 1, BATCH)

    def take(self, x: Tensor, made: torch.Generator) -> None:
        """Draw pictures from x (N, pixels), take one Gibbs step from them, and move towards them and away from it."""
        (w, b, c), seen, on, back, again = self.machine, self.seen, self.on, self.back, self.again
        rows = torch.randint(len(x), seen.shape[:2], generator=made)
        torch.index_select(x, 0, rows.view(-1), out=seen.view(-1, x.shape[1]))
        _chance(seen, w, b, on)
        torch.rand(on.shape, generator=made, out=self.drawn)
        torch.lt(self.drawn, on, out=self.drawn)
        _chance(self.drawn, w.mT, c, back)
        _chance(back, w, b, again)
        for way, pixels, units in ((LR / BATCH, seen, on), (-LR / BATCH, back, again)):
            w.baddbmm_(pixels.mT, units, alpha=way)
            b.baddbmm_(self.each, units, alpha=way)
            c.baddbmm_(self.each, pixels, alpha=way)


def _chance(v: Tensor, w: Tensor, bias: Tensor, out: Tensor) -> None:
    """The probability of each unit to be on, sigmoid(v w + bias), for the units v that it hears."""
    torch.sigmoid(torch.bmm(v, w, out=out).add_(bias), out=out)


def misread(machine: Machine, x: Tensor) -> Tensor:
    """Mean squared difference (R,) between pictures x (N, pixels) and what comes back through the hidden units."""
    hidden = torch.sigmoid(x @ machine.weights + machine.hidden)
    return (torch.sigmoid(hidden @ machine.weights.mT + machine.visible) - x).square().mean((1, 2))
