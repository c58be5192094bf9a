"""Two ways to learn filters from patches: a sparse code of them, and telling real images from scrambled ones.

E = C * R members, condition by condition; conditions share the R starting draws and orders.
"""

from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional

from lib.engine import cores
from lib.engine.optimisers import Flat, adam
from lib.engine.program import flatten
from lib.engine.progress import tell
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
    rows: Sequence[Tensor], sparsity: Sequence[Sequence[float]], filters: Tensor, steps: int, seeds: range, *,
    frames: Sequence[int], progress: Progress | None = None,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """Learn filters W by min |x - W^T h|^2 / 2 + sparsity * sum h, h = relu(W x + b), rows of W of unit length.

    rows (N, D) of each kind of pictures, and the sparsities for each of them, a condition each; filters (R, H, D).
    Adam, its rate falling in the second half. Returns the filters at the steps `frames`, (F, E, H, D), their biases
    (F, E, H), and the share of active units per member (E,).
    """
    order = _order(len(rows[0]), steps, seeds)
    jobs = [
        partial(_learned, rows, sparsity, some, seen, steps, frames)
        for some, seen in zip(filters.split(PIECE), order.split(PIECE), strict=True)
    ]
    conditions = sum(map(len, sparsity))
    learned = cores.each(jobs, progress, size=conditions * filters[:PIECE, :, 0].numel() * BATCH)
    kept, biases, active = zip(*learned, strict=True)
    return torch.cat(kept, 2).flatten(1, 2), torch.cat(biases, 2).flatten(1, 2), torch.cat(active, 1).flatten()


def _learned(
    rows: Sequence[Tensor], sparsity: Sequence[Sequence[float]], filters: Tensor, order: Tensor, steps: int,
    frames: Sequence[int], progress: Progress,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """The same for some of the repeats: (F, C, R, H, D), (F, C, R, H) and (C, R)."""
    r, kinds, penalties = len(filters), len(rows), [torch.tensor(p).view(-1, 1, 1) for p in sparsity]
    tensors = [filters.unsqueeze(1).repeat(1, len(p), 1, 1) for p in sparsity]  # (R, conditions, H, D)
    tensors += [torch.zeros(*w.shape[:3], 1) for w in tensors]
    flat, params = flatten(tensors)
    slope, slopes = flatten(tensors)
    ws, bs, dws, dbs = params[:kinds], params[kinds:], slopes[:kinds], slopes[kinds:]
    every = flat[: sum(w.numel() for w in ws)].view(-1, filters.shape[2])  # the filters of all kinds, a row each
    move = adam(Flat(flat, slope, params), LR, 0.0)
    kept, biases, active = [], [], torch.zeros(sum(map(len, sparsity)), r)
    for step in range(steps + 1):
        if step in frames:
            kept.append(_by_condition(ws))
            biases.append(_by_condition(bs).squeeze(3))
        if step == steps:
            break
        codes, chosen = [], order[:, step].flatten()
        for numbers, penalty, w, b, dw, db in zip(rows, penalties, ws, bs, dws, dbs, strict=True):
            x = numbers.index_select(0, chosen).view(r, BATCH, -1)
            codes.append(gradient(w, b, x, penalty, dw, db))
        if step == steps - 1:
            active = _by_condition([(code > 0).float().mean((2, 3)) for code in codes])
        move(min(1.0, 2 * (1 - step / steps)))
        functional.normalize(every, dim=1, out=every)
        tell(progress, step + 1, steps, every=8)
    return torch.stack(kept), torch.stack(biases), active


def _by_condition(parts: Sequence[Tensor]) -> Tensor:
    """Tensors (R, conditions, ...) of each kind of pictures as one, (C, R, ...); a copy."""
    return torch.cat([part.transpose(0, 1) for part in parts])


def _order(samples: int, steps: int, seeds: range) -> Tensor:
    """Which samples each repeat sees, (R, steps, BATCH), from a stream of its own."""
    shape = (max(steps, 1), BATCH)
    return torch.stack(
        [torch.randint(samples, shape, generator=g.manual_seed(g.initial_seed() + 7)) for g in generators(seeds)]
    )


def gradient(w: Tensor, b: Tensor, x: Tensor, penalty: Tensor, dw: Tensor, db: Tensor) -> Tensor:
    """Write the gradients of the mean loss, and return the code h (R, C, H, B).

    w, dw (R, C, H, D) and b, db (R, C, H, 1) of C conditions that see the same x (R, B, D), penalty (C, 1, 1).
    With e = x - W^T h: dE/dh = sparsity - W e where h > 0, and W takes part twice, so dE/dW = -h e^T + dh x^T. Of
    W x, W W^T and h h^T, which is two large products where e and W e would make five.
    """
    (r, c, h, d), n = w.shape, x.shape[1]
    rows, of_each = (r, c * h), (r * c, h)  # the conditions below each other, or one by one
    seen = torch.bmm(w.view(*rows, d), x.transpose(1, 2)).view(r, c, h, n)
    code, filters = (seen + b).clamp_(min=0), w.view(*of_each, d)
    each = code.view(*of_each, n)
    dh = seen.neg_().view(*of_each, n).baddbmm_(torch.bmm(filters, filters.transpose(1, 2)), each)
    dh = torch.ops.aten.threshold_backward(dh.view(r, c, h, n).add_(penalty), code, 0)  # 0 where h is
    torch.sum(dh, 3, keepdim=True, out=db).div_(n)
    torch.baddbmm(dw.view(*rows, d), dh.sub_(code).view(*rows, n), x, beta=0, alpha=1 / n, out=dw.view(*rows, d))
    dw.view(*of_each, d).baddbmm_(torch.bmm(each, each.transpose(1, 2)), filters, alpha=1 / n)
    return code


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
