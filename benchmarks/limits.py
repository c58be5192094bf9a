"""What bounds the engine from both sides: scikit-learn's networks, and the matrix products alone."""

import warnings
from collections.abc import Callable

import torch
from sklearn.neural_network import MLPClassifier

from benchmarks.items import Item
from lib.engine import mlp


def products(item: Item) -> Callable[[], None] | None:
    """The forward and backward matrix products of one step after another, and nothing else; MLPs only."""
    if not isinstance(item.network, mlp.MLP):
        return None
    n, e = item.recipe.batch or len(item.data[0]), item.members
    pairs = list(zip(item.network.sizes[:-1], item.network.sizes[1:], strict=True))
    made = [(torch.rand(e, o, i), torch.rand(e, i, n), torch.rand(e, o, n)) for i, o in pairs]
    out = [(torch.empty(e, o, n), torch.empty(e, o, i), torch.empty(e, i, n)) for i, o in pairs]

    def steps() -> None:
        with torch.inference_mode():
            for _ in range(item.recipe.steps):
                for k, ((w, x, dy), (y, dw, dx)) in enumerate(zip(made, out, strict=True)):
                    torch.bmm(w, x, out=y)
                    torch.bmm(dy, x.transpose(1, 2), out=dw)
                    if k:
                        torch.bmm(w.transpose(1, 2), dy, out=dx)

    return steps


def gemm_rate() -> float:
    """The machine's batched single-precision rate in GFLOP/s, on matrices that fit the cache."""
    from time import perf_counter

    a = torch.rand(16, 128, 128)
    out = torch.empty_like(a)
    best = 1e9
    for _ in range(30):
        begun = perf_counter()
        torch.bmm(a, a, out=out)
        best = min(best, perf_counter() - begun)
    return 2 * 16 * 128**3 / best / 1e9


def scikit(item: Item, members: int) -> Callable[[], None] | None:
    """`sklearn.neural_network`, one network after the other, for the items that it can express (Adam)."""
    if not isinstance(item.network, mlp.MLP) or item.recipe.optimiser != "adam":
        return None
    x, y = item.data[0].numpy(), item.data[1].flatten().numpy()
    batch = item.recipe.batch or len(x)
    epochs = max(1, item.recipe.steps // max(1, len(x) // batch))

    def fit() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says that it has not converged; it was not asked to
            for member in range(members):
                MLPClassifier(
                    item.network.sizes[1:-1], activation=item.network.activation, batch_size=batch, alpha=0,
                    learning_rate_init=item.recipe.lr, max_iter=epochs, tol=0, n_iter_no_change=epochs + 1,
                    random_state=member,
                ).fit(x, y)  # fmt: skip

    fit.steps = epochs * max(1, -(-len(x) // batch))  # type: ignore[attr-defined]
    return fit
