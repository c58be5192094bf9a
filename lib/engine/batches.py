"""Which samples a step sees: all of them, or minibatches in an order drawn from each member's own seed."""

from collections.abc import Callable, Iterator, Sequence
from itertools import repeat

import torch
from torch import Generator, Tensor

GATHER = 1 << 18  # numbers gathered at once for minibatches (1 MB)


def epochs(samples: int, size: int, seed: int) -> Iterator[Tensor]:
    """Yield one member's epochs for ever: minibatches (samples // size, size) of indices, permuted from `seed`."""
    if size > samples:
        raise ValueError(f"a batch of {size} cannot be drawn from {samples} samples")
    # An offset keeps the order of the data independent of starting weights drawn from the same seed.
    generator = Generator().manual_seed(seed + 1_000_003)
    while True:
        order = torch.randperm(samples, generator=generator)
        yield order[: samples - samples % size].view(-1, size)


def check(data: tuple[Tensor, Tensor], loss: str, members: int, outputs: int) -> None:
    """ValueError for data that torch would stretch to fit: it would train, on something else than was meant."""
    x, y = data
    if loss == "cross_entropy":
        rows, wanted = y.unsqueeze(-1), "whole-number labels (N,) or (E, N)"
        fits = not y.is_floating_point()
    else:
        rows, wanted = y, f"targets (N, {outputs}) or (E, N, {outputs}) of floats"
        fits = y.is_floating_point() and y.shape[-1] == outputs
    if not fits or rows.dim() not in (2, 3):
        raise ValueError(f"loss {loss!r} needs {wanted}, not {tuple(y.shape)} of {y.dtype}")
    if rows.shape[-2] != x.shape[-2]:
        raise ValueError(f"{x.shape[-2]} samples but {rows.shape[-2]} labels or targets")
    for part in (x, rows):
        if part.dim() == 3 and len(part) != members:
            raise ValueError(f"data of {len(part)} members for {members}")


def feed(
    data: tuple[Tensor, Tensor], members: int, size: int | None, seeds: Sequence[int]
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
        whole = columns.expand(members, -1, -1), shaped(rows.expand(members, -1, -1))
        return repeat(whole)
    return _minibatches(x, rows, shaped, members, size, seeds)


def _minibatches(
    x: Tensor, rows: Tensor, shaped: Callable[[Tensor], Tensor], members: int, size: int, seeds: Sequence[int]
) -> Iterator[tuple[Tensor, Tensor]]:
    if not seeds or members % len(seeds):
        raise ValueError(f"{len(seeds)} seeds do not go evenly into {members} members")
    samples = x.shape[-2]
    # Members with data of their own find their rows behind those of the members before them.
    own = torch.arange(members).unsqueeze(1) * samples
    shared = len(seeds) == 1 and x.dim() == rows.dim() == 2  # all members see the same batches
    # Several small batches, even several epochs, are gathered at once: at this size each call costs more than
    # the numbers it copies.
    chunk = max(1, GATHER // (members * size * x.shape[-1]))
    take_x, take_rows = _Rows(x, own), _Rows(rows, own)
    for index in _drawn(samples, size, seeds, chunk):  # (B, R, N)
        every = index if shared else index.repeat(1, members // len(seeds), 1)  # (B, E, N)
        for part in every.split(chunk):
            every_x = take_x(part).expand(-1, members, -1, -1)
            every_y = shaped(take_rows(part).expand(-1, members, -1, -1))
            yield from zip(every_x.unbind(), every_y.unbind(), strict=True)


def _drawn(samples: int, size: int, seeds: Sequence[int], chunk: int) -> Iterator[Tensor]:
    """Yield the indices of whole epochs for ever, of one and then of twice as many, up to `chunk` batches.

    (batches, R, size). A short training of few samples would spend its time on epochs that it never comes to.
    """
    orders = [epochs(samples, size, seed) for seed in seeds]
    most = max(1, chunk * size // samples)
    passes = 1
    while True:
        yield torch.stack([torch.cat([next(order) for _ in range(passes)]) for order in orders], 1)
        passes = min(2 * passes, most)


class _Rows:
    """Rows of data gathered by index, always into the same memory: to get fresh memory takes longer than to copy."""

    def __init__(self, rows: Tensor, own: Tensor) -> None:
        """Gather from rows (N, O), or (E, N, O) where member e's begin at `own` (E, 1)."""
        self.own = own if rows.dim() == 3 else None
        # Single numbers, such as labels, are gathered three times as fast as rows of length one.
        self.rows = rows.reshape(-1, rows.shape[-1]) if rows.shape[-1] > 1 else rows.reshape(-1)
        self.kept = self.rows.new_empty(0)

    def __call__(self, index: Tensor) -> Tensor:
        """Return the rows (B, R, N, O) at index (B, R, N), overwritten by the next call."""
        index = index if self.own is None else index + self.own
        if len(self.kept) < index.numel():
            self.kept = self.rows.new_empty(index.numel(), *self.rows.shape[1:])
        taken = self.kept[: index.numel()]
        torch.index_select(self.rows, 0, index.reshape(-1), out=taken)
        return taken.view(*index.shape, -1)
