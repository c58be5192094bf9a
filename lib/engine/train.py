"""`train`: every training of the house, an ensemble at a time; a pure function of its arguments.

The same arguments give the same bits: on one thread or two, in any number of sessions, whatever ran before. A
member's result does not depend on which members train beside it, except that a matrix product may sum in another
order when the number of members or samples changes (differences below 1e-5, seen in no case tried here).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import repeat

import torch
from torch import Generator, Tensor

from lib.engine.optimisers import OPTIMISERS, Flat, PerMember, clip
from lib.engine.program import LOSSES, Network, Program

DIVERGED = 1e8  # a weight beyond this, or one that is no number, ends its member's training
LOOK_EVERY = 8  # steps between two looks for divergence (it is also looked for before anything is remembered)
GATHER = 1 << 18  # numbers gathered at once for minibatches (1 MB)
TELL_EVERY = 8  # steps between two calls of `progress`


class Stopped(Exception):
    """Raised by `train` when `progress` returned True."""


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


@dataclass(frozen=True)
class Moment:
    """The training after `step` updates, as `Remember.what` sees it; its tensors change, so return new ones."""

    step: int
    params: list[Tensor]  # each (E, *shape)
    state: list[Tensor]  # running statistics of BatchNorm
    loss: Callable[[], Tensor]  # (E,) loss of the batch that the next update will use
    diverged: Tensor  # (E,) the step at which a member was found diverged, -1 for the others


@dataclass(frozen=True)
class Remember:
    """Something to remember: `what(moment)` returns a tensor (E, ...); `steps` says when, all steps if None."""

    what: Callable[[Moment], Tensor]
    steps: Sequence[int] | None = None


@dataclass(frozen=True)
class History:
    """What `train` remembered: `values[name]` (S, E, ...) at `steps[name]` (S,), and how it ended.

    A diverged member's arrays hold its last finite values from then on; `diverged` (E,) has the step, or -1.
    """

    values: dict[str, Tensor]
    steps: dict[str, list[int]]
    params: list[Tensor]
    state: list[Tensor]
    diverged: Tensor


def spread_steps(last: int, count: int) -> list[int]:
    """About `count` steps from 0 to `last`: dense early, evenly spaced on a log scale later."""
    ratios = torch.linspace(0, 1, max(count, 2), dtype=torch.float64)
    return sorted({0, last, *(torch.pow(last + 1.0, ratios) - 1).round().int().tolist()})


def epochs(samples: int, size: int, seed: int) -> Iterator[Tensor]:
    """Yield one member's epochs for ever: minibatches (samples // size, size) of indices, permuted from `seed`."""
    if size > samples:
        raise ValueError(f"a batch of {size} cannot be drawn from {samples} samples")
    # An offset keeps the order of the data independent of starting weights drawn from the same seed.
    generator = Generator().manual_seed(seed + 1_000_003)
    while True:
        order = torch.randperm(samples, generator=generator)
        yield order[: samples - samples % size].view(-1, size)


@dataclass
class _Watch:
    """Looks for diverged members and keeps them frozen at their last finite parameters."""

    program: Program
    diverged: Tensor
    kept: Tensor = field(init=False)
    mask: Tensor | None = None  # (E * P,) True at the parameters of diverged members

    def __post_init__(self) -> None:
        self.kept = self.program.flat.clone()

    def look(self, step: int) -> None:
        flat = self.program.flat
        low, high = torch.aminmax(flat)
        if low.item() > -DIVERGED and high.item() < DIVERGED:  # also False if there is a NaN
            self.kept.copy_(flat)
            return
        sizes = [p.view(p.shape[0], -1).abs().amax(1) for p in self.program.params]
        bad = ~(torch.stack(sizes).amax(0) < DIVERGED)  # (E,)
        self.diverged[bad] = step
        new = torch.cat([bad.repeat_interleave(p[0].numel()) for p in self.program.params])
        self.mask = new if self.mask is None else self.mask | new
        self.freeze()
        self.kept.copy_(flat)

    def freeze(self) -> None:
        if self.mask is not None:
            torch.where(self.mask, self.kept, self.program.flat, out=self.program.flat)


def train(
    network: Network,
    start: Sequence[Tensor],
    data: tuple[Tensor, Tensor],
    recipe: Recipe,
    *,
    seeds: Sequence[int] = (0,),
    remember: Mapping[str, Remember] | None = None,
    project: Callable[[list[Tensor]], None] | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> History:
    """Train every member of `start` (tensors (E, *shape)) on data = (x, y) and return what was asked for.

    x is (N, I), the same for all members, or (E, N, I); y follows: labels (N,) or (E, N) for cross-entropy,
    targets (N, O) or (E, N, O) otherwise. `seeds` order the minibatches: one per member, or R of them used by
    every condition alike. `project(params)` runs after each update, in place (to clamp or normalise weights).
    `progress(done, total)` is called every few steps; a true answer raises `Stopped`.
    """
    program = Program(network, start, recipe.batch or data[0].shape[-2])
    feed = _feed(data, program, recipe.batch, seeds)
    notes = _Notes(dict(remember or {}), recipe.steps)
    torch.set_flush_denormal(True)  # a dead network's subnormal gradients would slow Adam's square root 35 times
    try:
        with torch.inference_mode():
            diverged = _descend(program, feed, recipe, notes, project, progress)
    finally:
        torch.set_flush_denormal(False)
    return History(notes.stacked(), notes.when, program.params, program.state, diverged)


def _descend(
    program: Program,
    feed: Iterator[tuple[Tensor, Tensor]],
    recipe: Recipe,
    notes: "_Notes",
    project: Callable[[list[Tensor]], None] | None,
    progress: Callable[[int, int], object] | None,
) -> Tensor:
    output = program.flat.new_empty(program.members, program.params[-1].shape[1], program.n)
    loss = LOSSES[recipe.loss](output)
    flat = Flat(program.flat, program.flat_grad, program.params)
    update = OPTIMISERS[recipe.optimiser](flat, recipe.lr, recipe.decay)
    watch = _Watch(program, torch.full((program.members,), -1))
    for step, (x, y) in enumerate(feed):
        last, noted = step == recipe.steps, step in notes.due
        if noted or last or step % LOOK_EVERY == 0:
            watch.look(step)
        if last and not noted:
            break
        if last:  # a look at the loss is no training step: it leaves BatchNorm's running statistics as they are
            program.state = [s.clone() for s in program.state]
        z = program.forward(x)
        if noted:
            loss_now = partial(loss.of, z, y)
            notes.take(Moment(step, program.params, program.state, loss_now, watch.diverged))
        if last:
            break
        program.backward(loss.gradient(z, y))
        if recipe.clip is not None:
            clip(flat, recipe.clip)
        update(min(1.0, (step + 1) / recipe.warmup) if recipe.warmup else 1.0)
        if project is not None:
            project(program.params)
        watch.freeze()
        if progress is not None and step % TELL_EVERY == 0 and progress(step + 1, recipe.steps):
            raise Stopped(f"stopped after {step + 1} of {recipe.steps} steps")
    return watch.diverged


class _Notes:
    """What is remembered, while it is collected."""

    def __init__(self, items: dict[str, Remember], last: int) -> None:
        self.items = items
        self.when = {k: sorted(set(range(last + 1) if r.steps is None else r.steps)) for k, r in items.items()}
        self.due = {step for steps in self.when.values() for step in steps}
        self.values: dict[str, list[Tensor]] = {name: [] for name in items}
        if self.due and not 0 <= min(self.due) <= max(self.due) <= last:
            raise ValueError(f"only steps 0 to {last} can be remembered, not {sorted(self.due)}")

    def take(self, moment: Moment) -> None:
        for name, item in self.items.items():
            if moment.step in self.when[name]:
                self.values[name].append(item.what(moment).clone())

    def stacked(self) -> dict[str, Tensor]:
        return {name: torch.stack(values) for name, values in self.values.items()}


def _feed(
    data: tuple[Tensor, Tensor], program: Program, size: int | None, seeds: Sequence[int]
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield batches for ever: x (E, N, I) rows, y labels (E, N) or targets (E, O, N)."""
    x, y = data
    labels = not y.is_floating_point()
    rows = y.unsqueeze(-1) if labels else y  # (N, O) or (E, N, O)

    def shaped(targets: Tensor) -> Tensor:
        return targets.squeeze(-1) if labels else targets.transpose(-1, -2)

    if size is None:
        # Features in rows: the first layer's weight gradient is five times faster than from samples in rows.
        columns = x.transpose(-1, -2).contiguous().transpose(-1, -2)
        whole = columns.expand(program.members, -1, -1), shaped(rows.expand(program.members, -1, -1))
        return repeat(whole)
    return _minibatches(x, rows, shaped, program.members, size, seeds)


def _minibatches(
    x: Tensor, rows: Tensor, shaped: Callable[[Tensor], Tensor], members: int, size: int, seeds: Sequence[int]
) -> Iterator[tuple[Tensor, Tensor]]:
    if members % len(seeds):
        raise ValueError(f"{len(seeds)} seeds do not go evenly into {members} members")
    samples = x.shape[-2]
    orders = [epochs(samples, size, seed) for seed in seeds]
    # Members with data of their own find their rows behind those of the members before them.
    own = torch.arange(members).unsqueeze(1) * samples
    flat_x, flat_rows = x.reshape(-1, x.shape[-1]), rows.reshape(-1, rows.shape[-1])
    shared = len(seeds) == 1 and x.dim() == rows.dim() == 2  # all members see the same batches
    # Several small batches, even several epochs, are gathered at once: at this size each call costs more than
    # the numbers it copies.
    chunk = max(1, GATHER // (members * size * x.shape[-1]))
    passes = max(1, chunk * size // samples)
    while True:
        drawn = [torch.cat([next(order) for _ in range(passes)]) for order in orders]  # R of (B, N)
        index = torch.stack(drawn, 1)  # (B, R, N)
        if shared:
            gathered = ((_take(flat_x, part), _take(flat_rows, part)) for part in index.split(chunk))
        else:
            every = index.repeat(1, members // len(seeds), 1)  # (B, E, N)
            gathered = (
                (
                    _take(flat_x, part + own if x.dim() == 3 else part),
                    _take(flat_rows, part + own if rows.dim() == 3 else part),
                )
                for part in every.split(chunk)
            )
        for xs, ys in gathered:
            every_x, every_y = xs.expand(-1, members, -1, -1), shaped(ys.expand(-1, members, -1, -1))
            yield from zip(every_x.unbind(), every_y.unbind(), strict=True)


def _take(rows: Tensor, index: Tensor) -> Tensor:
    return rows.index_select(0, index.reshape(-1)).view(*index.shape, -1)
