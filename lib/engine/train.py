"""`train`: every training of the app, an ensemble at a time; a pure function of its arguments.

The same arguments give the same bits: in any number of sessions, whatever ran before, whatever number of threads
torch was told to use (training keeps it to one, see `program.Program`).

A member's result does not depend on which members train beside it, but for rounding in two places: MKL's matrix
products add up in an order that depends on where in memory a member's matrix begins (no difference was seen where
layers and batch are multiples of 16 wide), and torch's vectorised exp and erf (elu, gelu) do a buffer's last few
numbers otherwise. That is about 1e-7 a step; a training that is itself unstable enlarges it, as it does any rounding.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor

from lib.engine.batches import check, epochs, feed
from lib.engine.divergence import LOOK_EVERY, DivergenceGuard, hold
from lib.engine.optimisers import OPTIMISERS, Flat, PerMember, clip
from lib.engine.program import LOSSES, Loss, Network, Program
from lib.engine.progress import tell

__all__ = ["History", "Recipe", "Record", "Snapshot", "Until", "epochs", "spread_steps", "train"]

TELL_EVERY = 8  # steps between two calls of `progress`


@dataclass(frozen=True)
class Recipe:
    """How to train. `lr` and `decay` are one number or one per member; `batch` None means all samples each step.

    Minibatches: each pass over the data (epoch) is a fresh permutation drawn from the member's own seed, cut into
    batches; a last incomplete batch is left out (`DataLoader(drop_last=True)`). The learning rate rises linearly
    over the first `warmup` steps; `clip` limits each member's gradient norm. `decay` applies to all parameters as
    in `torch.optim`: added to the gradient for sgd, momentum and adam, decoupled for adamw.
    """

    steps: int
    loss: str = "cross_entropy"
    optimiser: str = "sgd"
    lr: PerMember = 0.1
    decay: PerMember = 0.0
    batch: int | None = None
    warmup: int = 0
    clip: float | None = None

    def __post_init__(self) -> None:
        """Refuse unknown names and impossible numbers."""
        if self.optimiser not in OPTIMISERS:
            raise ValueError(f"no optimiser {self.optimiser!r}; there are {', '.join(OPTIMISERS)}")
        if self.loss not in LOSSES:
            raise ValueError(f"no loss {self.loss!r}; there are {', '.join(LOSSES)}")
        if self.steps < 0 or (self.batch is not None and self.batch < 1):
            raise ValueError(f"steps {self.steps} and batch {self.batch} must not be negative or empty")
        if self.warmup < 0 or (self.clip is not None and self.clip <= 0):
            raise ValueError(f"warmup {self.warmup} must not be negative, and clip {self.clip} must be above 0")

    def plain(self) -> bool:
        """Whether a step is minus the learning rate times the gradient, and nothing else."""
        return self.optimiser == "sgd" and self.clip is None and not np.any(self.decay)


@dataclass(frozen=True)
class Snapshot:
    """The training after `step` updates, as `Record.what` sees it; its tensors change, so return new ones."""

    step: int
    params: list[Tensor]  # each (E, *shape)
    state: list[Tensor]  # running statistics of BatchNorm
    loss: Callable[[], Tensor]  # (E,) loss of the batch that the next update will use
    diverged: Tensor  # (E,) the step at which a member was found diverged, -1 for the others


@dataclass(frozen=True)
class Record:
    """Something to record: `what(snapshot)` returns a tensor (E, ...); `steps` says when, all steps if None."""

    what: Callable[[Snapshot], Tensor]
    steps: Sequence[int] | None = None


@dataclass(frozen=True)
class History:
    """What `train` recorded: `values[name]` (S, E, ...) at `steps[name]` (S,), and how it ended.

    `diverged` (E,) has the step at which a member was found diverged (at most `LOOK_EVERY` steps late; sooner where
    something is recorded), or -1. From then on its arrays hold its last sound values.
    """

    values: dict[str, Tensor]
    steps: dict[str, list[int]]
    params: list[Tensor]
    state: list[Tensor]
    diverged: Tensor


def joined(parts: Sequence[History]) -> History:
    """One history of the members of all parts, in order; they recorded the same at the same steps."""

    def rows(name: str) -> list[Tensor]:
        return [torch.cat(tensors) for tensors in zip(*(getattr(part, name) for part in parts), strict=True)]

    return History(
        {name: torch.cat([part.values[name] for part in parts], 1) for name in parts[0].values},
        parts[0].steps,
        rows("params"),
        rows("state"),
        torch.cat([part.diverged for part in parts]),
    )


Step = Callable[[Tensor, float], None]  # from the loss's gradient at the output, with the warm-up factor
Until = Callable[[History], bool]  # whether what is recorded by now is enough


def spread_steps(last: int, count: int) -> list[int]:
    """About `count` steps from 0 to `last`: dense early, evenly spaced on a log scale later."""
    ratios = torch.linspace(0, 1, max(count, 2), dtype=torch.float64)
    return sorted({0, last, *(torch.pow(last + 1.0, ratios) - 1).round().int().tolist()})


def train(
    network: Network,
    start: Sequence[Tensor],
    data: tuple[Tensor, Tensor],
    recipe: Recipe,
    *,
    seeds: Sequence[int] = (0,),
    record: Mapping[str, Record] | None = None,
    project: Callable[[list[Tensor]], None] | None = None,
    progress: Callable[[int, int], object] | None = None,
    until: Until | None = None,
) -> History:
    """Train every member of `start` (tensors (E, *shape)) on data = (x, y) and return what was asked for.

    x is (N, I), the same for all members, or (E, N, I); y follows: labels (N,) or (E, N) for cross-entropy,
    targets (N, O) or (E, N, O) otherwise. `seeds` order the minibatches: one per member, or R of them used by
    every condition alike. `project(params)` runs after each update, in place (to clamp or normalise weights).
    `progress(done, total)` is called every few steps; a true answer raises `Stopped`.
    `until(history)` sees the History so far whenever something is recorded; a true answer ends the training there.
    What is returned then is that History: the first rows of a whole training's, and the parameters of that step.
    """
    program = Program(network, start, recipe.batch or data[0].shape[-2], descends=recipe.plain())
    check(data, recipe.loss, program.members, program.params[-1].shape[1])
    batches = feed(data, program.members, recipe.batch, seeds)
    notes = _Notes(dict(record or {}), recipe.steps)
    torch.set_flush_denormal(True)  # a dead network's subnormal gradients would slow Adam's square root 35 times
    try:
        with torch.inference_mode():
            diverged = _descend(program, batches, recipe, notes, project, progress, until)
    finally:
        torch.set_flush_denormal(False)
    return notes.history(program.params, program.state, diverged)


def _descend(
    program: Program,
    batches: Iterator[tuple[Tensor, Tensor]],
    recipe: Recipe,
    notes: "_Notes",
    project: Callable[[list[Tensor]], None] | None,
    progress: Callable[[int, int], object] | None,
    until: Until | None,
) -> Tensor:
    output = program.flat.new_empty(program.members, program.params[-1].shape[1], program.n)
    loss = LOSSES[recipe.loss](output)
    take = (_plain_step if recipe.plain() else _any_step)(program, loss, recipe)
    guard = DivergenceGuard(program)
    for step, (x, y) in enumerate(batches):
        last, noted = step == recipe.steps, step in notes.due
        if noted or last or step % LOOK_EVERY == 0:
            guard.look(step)
        if last and not noted:
            break
        # BatchNorm's running statistics as they are before the look at the loss, which is no training step.
        state = [s.clone() for s in program.state] if noted else program.state
        z = program.forward(x)
        if noted:
            loss_now = partial(loss.of, z, y)
            notes.take(Snapshot(step, program.params, state, loss_now, guard.diverged))
            if until and not last and until(notes.history(program.params, state, guard.diverged)):
                tell(progress, recipe.steps, recipe.steps)
                last = True
        if last:
            program.state = state
            break
        take(loss.gradient(z, y), min(1.0, (step + 1) / recipe.warmup) if recipe.warmup else 1.0)
        if project is not None:
            project(program.params)
        tell(progress, step + 1, recipe.steps, every=TELL_EVERY)
    return guard.diverged


def _plain_step(program: Program, loss: Loss, recipe: Recipe) -> Step:
    """Return what takes a step of plain SGD: the loss's gradient brings the learning rate along."""
    lr = Flat(program.flat, program.flat_grad, program.params).each(recipe.lr)
    loss.scale(-lr.view(-1, 1, 1))

    def take(dz: Tensor, factor: float) -> None:
        program.backward(dz if factor == 1 else dz.mul_(factor))
        program.step()

    return take


def _any_step(program: Program, _: Loss, recipe: Recipe) -> Step:
    """Return what takes a step of any optimiser, with the whole gradient at hand."""
    flat = Flat(program.flat, program.flat_grad, program.params)
    update = OPTIMISERS[recipe.optimiser](flat, recipe.lr, recipe.decay)

    def take(dz: Tensor, factor: float) -> None:
        program.backward(dz)
        if recipe.clip is not None:
            clip(flat, recipe.clip)
        update(factor)

    return take


class _Notes:
    """What is recorded, while it is collected."""

    def __init__(self, items: dict[str, Record], last: int) -> None:
        self.items = items
        self.when = {k: sorted(set(range(last + 1) if r.steps is None else r.steps)) for k, r in items.items()}
        self.due = {step for steps in self.when.values() for step in steps}
        self.values: dict[str, Tensor] = {}
        self.rows = dict.fromkeys(items, 0)  # how many of each are recorded
        if self.due and not 0 <= min(self.due) <= max(self.due) <= last:
            raise ValueError(f"only steps 0 to {last} can be recorded, not {sorted(self.due)}")

    def take(self, snapshot: Snapshot) -> None:
        for name, item in self.items.items():
            if snapshot.step in self.when[name]:
                value = item.what(snapshot)
                if name not in self.values:
                    self.values[name] = self._rows(name, value)
                self.values[name][self.rows[name]] = value
                self.rows[name] += 1

    def _rows(self, name: str, like: Tensor) -> Tensor:
        """All rows at once: a small tensor kept from every look would pin the memory of the look's large ones."""
        with torch.inference_mode(False):
            return torch.empty(len(self.when[name]), *like.shape, dtype=like.dtype)

    def history(self, params: list[Tensor], state: list[Tensor], diverged: Tensor) -> History:
        """What is recorded by now, and the training as it is."""
        steps = {name: when[: self.rows[name]] for name, when in self.when.items()}
        values = {name: hold(rows[: self.rows[name]], diverged) for name, rows in self.values.items()}
        return History(values, steps, params, state, diverged)
