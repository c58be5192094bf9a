"""A member whose training diverges is frozen and marked, and poisons neither a neighbour nor a figure."""

import torch
from torch import Tensor

from lib.engine.program import Program

DIVERGED = 1e8  # a weight beyond this, or one that is no number, ends its member's training
LOOK_EVERY = 8  # steps between two looks for divergence (it is also looked for before anything is recorded)


class DivergenceGuard:
    """Looks for diverged members and keeps them frozen at the last look that found them sound.

    `diverged` (E,) has the step of the look that found a member, -1 for the sound ones.
    """

    def __init__(self, program: Program) -> None:
        """Take the program's present parameters and running statistics as sound."""
        self.program = program
        self.diverged = torch.full((program.members,), -1)
        self.kept, self.kept_state = program.flat.clone(), [s.clone() for s in program.state]
        self.mask: Tensor | None = None  # (E * P,) True at the parameters of diverged members

    def look(self, step: int) -> None:
        """Mark the members that have diverged by now and put them back; keep what the others hold."""
        flat = self.program.flat
        low, high = torch.aminmax(flat)
        if not (low.item() > -DIVERGED and high.item() < DIVERGED):  # also so if there is a NaN
            self._mark(step)
        self._freeze()
        self.kept.copy_(flat)
        for kept, state in zip(self.kept_state, self.program.state, strict=True):
            kept.copy_(state)

    def _mark(self, step: int) -> None:
        sizes = [p.view(p.shape[0], -1).abs().amax(1) for p in self.program.params]
        bad = ~(torch.stack(sizes).amax(0) < DIVERGED) & (self.diverged < 0)  # (E,)
        self.diverged[bad] = step
        new = torch.cat([bad.repeat_interleave(p[0].numel()) for p in self.program.params])
        self.mask = new if self.mask is None else self.mask | new

    def _freeze(self) -> None:
        if self.mask is None:
            return
        torch.where(self.mask, self.kept, self.program.flat, out=self.program.flat)
        gone = (self.diverged >= 0).unsqueeze(1)
        for kept, state in zip(self.kept_state, self.program.state, strict=True):
            torch.where(gone, kept, state, out=state)


def hold(values: Tensor, diverged: Tensor) -> Tensor:
    """Replace what is no finite number in a diverged member's recorded values (S, E, ...) by the value before.

    Weights just below the limit are sound, but a loss computed from them may already be infinite.
    """
    gone = diverged >= 0
    if gone.any() and not values.isfinite().all():
        held = values[:, gone]
        rows = torch.arange(len(held)).view(-1, *[1] * (held.dim() - 1))
        last = torch.where(held.isfinite(), rows, 0).cummax(0).values  # the row of the last sound number
        values[:, gone] = held.gather(0, last)
    return values
