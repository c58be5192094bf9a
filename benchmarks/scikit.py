"""scikit-learn's networks, one after the other, from the same starting weights and with the same batches."""

import warnings
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from benchmarks.items import Item, batches
from lib.engine import measure, mlp, train

MEMBERS = 2


def scikit(item: Item) -> Callable[[], float] | None:
    """Seconds per step for the whole ensemble, where scikit-learn can express the item (classes, Adam)."""
    if not isinstance(item.network, mlp.MLP) or item.recipe.optimiser != "adam":
        return None
    size = item.recipe.batch or len(item.data[0])
    # It knows one order for all epochs, and it would train on the last, incomplete batch too.
    per_epoch = len(item.data[0]) // size
    stream = batches(len(item.data[0]), item.recipe.batch)
    order = torch.cat([next(stream) for _ in range(per_epoch)])
    ordered = replace(item, data=(item.data[0][order], item.data[1][order]))
    epochs = item.recipe.steps // per_epoch
    _agree(item, ordered, size, per_epoch)

    def run() -> float:
        begun = perf_counter()
        for member in range(MEMBERS):
            _fit(ordered, member, size, epochs)
        return (perf_counter() - begun) / (epochs * per_epoch) * item.members / MEMBERS

    return run


def _fit(item: Item, member: int, size: int, epochs: int) -> MLPClassifier:
    model = MLPClassifier(
        item.network.sizes[1:-1], activation=item.network.activation, batch_size=size, alpha=0, shuffle=False,
        learning_rate_init=item.recipe.lr, max_iter=epochs, tol=0, n_iter_no_change=epochs + 1,
    )  # fmt: skip
    start = [p[member].numpy() for p in item.start()]
    layers = iter([(w.T.copy(), b.copy()) for w, b in zip(start[::2], start[1::2], strict=True)])
    model._init_coef = lambda *_: next(layers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it was not asked to converge
        return model.fit(item.data[0].numpy(), item.data[1].flatten().numpy())


def _agree(item: Item, ordered: Item, size: int, per_epoch: int) -> None:
    """Refuse to time it if its weights after a few steps (one epoch where there are batches) are not ours."""
    epochs = 1 if per_epoch > 1 else 20
    model = _fit(ordered, 0, size, epochs)
    recipe = replace(item.recipe, steps=epochs * per_epoch)
    history = train.train(item.network, item.start(), item.data, recipe)
    theirs = [torch.tensor(t) for w, b in zip(model.coefs_, model.intercepts_, strict=True) for t in (w.T, b)]
    loss = measure.loss(item.network, history.params, item.data, item.recipe.loss)[:1]
    other = measure.loss(item.network, [t.unsqueeze(0).float() for t in theirs], item.data, item.recipe.loss)
    torch.testing.assert_close(loss, other, rtol=1e-3, atol=1e-4)
