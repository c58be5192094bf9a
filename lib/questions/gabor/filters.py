"""Two ways to learn filters from patches: a sparse code of them, and telling real images from scrambled ones.

E = C * R members, condition by condition; conditions share the R starting draws and orders.
"""

from collections.abc import Iterator, Sequence
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional

from lib.engine import cores
from lib.engine.program import flatten
from lib.engine.progress import tell
from lib.questions.gabor.adam import adam
from lib.questions.gabor.photographs import generators
from lib.types import Progress

BATCH = 200
LR = 0.05  # of a sparse code's Adam, at first
PIECE = 5  # repeats that learn together


def unit_filters(count: int, size: int, seeds: range) -> Tensor:
    """Random filters of unit length (R, count, size)."""
    return functional.normalize(
        torch.stack([torch.randn(count, size, generator=g) for g in generators(seeds)]), dim=2
    )


def sparse_code(
    rows: Sequence[Tensor], sparsity: Sequence[float], filters: Tensor, steps: int, seeds: range, *,
    frames: Sequence[int], progress: Progress | None = None,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """Learn filters W by min |x - W^T h|^2 / 2 + sparsity * sum h, h = relu(W x + b), rows of W of unit length.

    rows (N, D) and one sparsity for each of C conditions, filters (R, H, D). Adam, its rate falling in the second
    half. Returns the filters at the steps `frames`, (F, E, H, D), their biases (F, E, H), and the share of active
    units per member (E,).
    """
    order = _order(len(rows[0]), steps, seeds)
    jobs = [
        partial(_learned, rows, sparsity, some, seen, steps, frames)
        for some, seen in zip(filters.split(PIECE), order.split(PIECE), strict=True)
    ]
    learned = cores.each(jobs, progress, size=len(rows) * filters[:PIECE, :, 0].numel() * BATCH)
    kept, biases, active = zip(*learned, strict=True)
    return torch.cat(kept, 2).flatten(1, 2), torch.cat(biases, 2).flatten(1, 2), torch.cat(active, 1).flatten()


def _learned(
    rows: Sequence[Tensor], sparsity: Sequence[float], filters: Tensor, order: Tensor, steps: int,
    frames: Sequence[int], progress: Progress,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """The same for some of the repeats: (F, C, R, H, D), (F, C, R, H) and (C, R)."""
    c, (r, h, _) = len(rows), filters.shape
    flat, (w, b) = flatten([filters.repeat(c, 1, 1, 1), torch.zeros(c, r, h, 1)])
    slope, (dw, db) = flatten([w, b])
    move = adam(flat)
    kept, biases, active = [], [], torch.zeros(c, r)
    for step in range(steps + 1):
        if step in frames:
            kept.append(w.clone())
            biases.append(b.squeeze(3).clone())
        if step == steps:
            break
        for k, x in enumerate(_batches(rows, order[:, step])):
            dw[k], db[k], code = gradient(w[k], b[k], x, sparsity[k])
            if step == steps - 1:
                active[k] = (code > 0).float().mean((1, 2))
        move(slope, LR * min(1.0, 2 * (1 - step / steps)))
        functional.normalize(w, dim=3, out=w)
        tell(progress, step + 1, steps, every=8)
    return torch.stack(kept), torch.stack(biases), active


def _batches(rows: Sequence[Tensor], chosen: Tensor) -> Iterator[Tensor]:
    """The samples (R, B) of each condition, (R, B, D); those of conditions with the same rows are one tensor."""
    found: dict[int, Tensor] = {}
    for numbers in rows:
        if id(numbers) not in found:
            found[id(numbers)] = numbers.index_select(0, chosen.flatten()).view(*chosen.shape, -1)
        yield found[id(numbers)]


def _order(samples: int, steps: int, seeds: range) -> Tensor:
    """Which samples each repeat sees, (R, steps, BATCH), from a stream of its own."""
    shape = (max(steps, 1), BATCH)
    return torch.stack(
        [torch.randint(samples, shape, generator=g.manual_seed(g.initial_seed() + 7)) for g in generators(seeds)]
    )


def gradient(w: Tensor, b: Tensor, x: Tensor, penalty: float | Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Gradients of the mean loss for w (E, H, D), b (E, H, 1), x (E, B, D), and the code h (E, H, B).

    With e = x - W^T h: dE/dh = sparsity - W e where h > 0, and W takes part twice, so dE/dW = -h e^T + dh x^T. Fewer
    products would do, of W W^T and h h^T instead of e, but the scrambled twin's filters are so sensitive to rounding
    that the shares of edge detectors at some start numbers came out otherwise.
    """
    h = torch.baddbmm(b, w, x.transpose(1, 2)).clamp_(min=0)
    e = torch.baddbmm(x, h.transpose(1, 2), w, alpha=-1)  # (E, B, D)
    dh = torch.bmm(w, e.transpose(1, 2)).neg_().add_(penalty)
    dh = torch.ops.aten.threshold_backward(dh, h, 0)  # 0 where h is
    return torch.bmm(dh, x).sub_(torch.bmm(h, e)).div_(x.shape[1]), dh.mean(2, keepdim=True), h


def tell_apart(
    windows: Tensor, labels: Tensor, filters: Tensor, steps: int, seeds: range, *, frames: Sequence[int],
    progress: Progress | None = None, lr: float = 0.01, decay: float = 3e-3, batch: int = 32,
) -> tuple[list[Tensor], list[Tensor]]:  # fmt: skip
    """Train a convolution, ReLU, mean over places, softmax over two classes; labels (C, N).

    windows (N, rows, columns, side, side) is what the filters see at each place of each of N windows.

    The filters (R, H, D) start as they are, everything else at zero but the output weights, which are +1 and -1 in
    turn over sqrt(H). Returns the parameters (W, b, V, c) at `frames`, each with an axis more, and at the end.
    """
    c, (r, h, d) = len(labels), filters.shape
    places = windows.shape[1] * windows.shape[2]
    v = (1 - 2 * (torch.arange(h) % 2)).float() / h**0.5
    params = [filters.repeat(c, 1, 1), torch.zeros(c * r, h, 1), torch.stack([-v, v]).repeat(c * r, 1, 1),
              torch.zeros(c * r, 2, 1)]  # fmt: skip
    for p in params:
        p.requires_grad_()
    adam = torch.optim.Adam(params, lr=lr, foreach=True)
    order = _order(len(windows), steps, seeds)[:, :, :batch]
    kept = []
    for step in range(steps + 1):
        if step in frames:
            kept.append([p.detach().clone() for p in params])
        if step == steps:
            break
        x = windows[order[:, step]].reshape(r, batch * places, d).repeat(c, 1, 1)
        y = labels[:, order[:, step]].flatten(0, 1)  # (E, B)
        z = outputs(params, pooled(params, x, places))
        loss = functional.cross_entropy(z, y, reduction="none").mean(1) + decay / 2 * params[0].square().sum((1, 2))
        adam.zero_grad()
        loss.sum().backward()
        adam.step()
        tell(progress, step + 1, steps, every=8)
    return [torch.stack(each) for each in zip(*kept, strict=True)], [p.detach() for p in params]


def pooled(params: Sequence[Tensor], x: Tensor, places: int) -> Tensor:
    """Mean over the places of relu(W x + b): x (E, B * places, D) to (E, H, B)."""
    h = torch.baddbmm(params[1], params[0], x.transpose(1, 2)).relu()
    return h.view(*h.shape[:2], -1, places).mean(3)


def outputs(params: Sequence[Tensor], h: Tensor) -> Tensor:
    """The two outputs (E, 2, B) of what was pooled (E, H, B)."""
    return torch.baddbmm(params[3], params[2], h)
