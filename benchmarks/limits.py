"""What bounds the engine from below: the matrix products of its steps alone, and the machine's rate for them."""

from collections.abc import Callable
from time import perf_counter

import torch

from benchmarks.items import Item
from lib.engine import mlp


def products(item: Item) -> Callable[[], object]:
    """The forward and backward matrix products of one step after another, and nothing else."""
    n, e = item.recipe.batch or len(item.data[0]), item.members
    shapes = _shapes(item, n)
    made = [(torch.rand(e, o, i), torch.rand(e, i, m), torch.rand(e, o, m)) for o, i, m in shapes]
    out = [(torch.empty(e, o, m), torch.empty(e, o, i), torch.empty(e, i, m)) for o, i, m in shapes]

    def steps() -> None:
        with torch.inference_mode():
            for _ in range(item.recipe.steps):
                for k, ((w, x, dy), (y, dw, dx)) in enumerate(zip(made, out, strict=True)):
                    torch.bmm(w, x, out=y)
                    torch.bmm(dy, x.transpose(1, 2), out=dw)
                    if k:
                        torch.bmm(w.transpose(1, 2), dy, out=dx)

    return steps


def _shapes(item: Item, n: int) -> list[tuple[int, int, int]]:
    """(O, I, columns) of each layer's product; a convolution has a column for each pixel of each sample."""
    weights = [shape for name, shape in item.network.shapes() if name in ("weight", "filters")]
    if isinstance(item.network, mlp.MLP):
        return [(o, i, n) for o, i in weights]
    side, shapes = item.network.side, []
    for (o, i), pool in zip(weights, (*item.network.pools, False), strict=True):
        shapes.append((o, i, n * side**2))
        side //= 2 if pool else 1
    return [*shapes[:-1], (*weights[-1], n)]


def gemm_rate() -> float:
    """The machine's batched single-precision rate in GFLOP/s, on matrices that fit the cache."""
    a = torch.rand(16, 128, 128)
    out = torch.empty_like(a)
    best = 1e9
    for _ in range(30):
        begun = perf_counter()
        torch.bmm(a, a, out=out)
        best = min(best, perf_counter() - begun)
    return 2 * 16 * 128**3 / best / 1e9
