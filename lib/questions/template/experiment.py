"""How the question is put to networks: what is trained, and what is measured on it."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from torch import Tensor

from lib.engine import cores, data, export, inits, measure, mlp, rewriting, train
from lib.engine.seeds import seeds_of
from lib.engine.train import History, Recipe, Snapshot
from lib.questions.template.config import SIZES, Template
from lib.questions.template.result import Result, cosines, forward, jitter, reversals
from lib.types import Array, Progress

REPEATS = 10
RATE = 0.5  # of full-batch descent on softmax regression
ASCENT = 60  # steps of the search for the best input
PAIRS = 600  # pairs of test images whose order is compared


def run(config: Template, progress: Progress | None = None) -> Result:
    """Train each repeat on its own bootstrap sample of the digits; compare weights, class means and maximisers."""
    network = mlp.MLP(SIZES[config.network])
    seeds = seeds_of(config.seed, REPEATS)
    digits = data.digits()
    x, y = _bootstrap(digits, config.seed)
    random = inits.start(network, inits.Init("he"), seeds)
    scheme = "zeros" if config.network == "softmax" else "he"
    start = inits.start(network, inits.Init(scheme), seeds)
    halves = slice(REPEATS // 2), slice(REPEATS // 2, REPEATS)
    jobs = [partial(_trained, network, [p[r] for p in start], (x[r], y[r]), config, seeds[r]) for r in halves]
    history = train.joined(cores.each(jobs, progress, size=x[halves[1]].numel()))
    return _result(config, (x.numpy().astype(float), y.numpy()), history, random[0].numpy().astype(float))


def _trained(
    network: Any, start: list[Tensor], samples: tuple[Tensor, Tensor], config: Template, seeds: range,
    progress: Progress,
) -> History:  # fmt: skip
    """Train some repeats, and remember every parameter on the way."""
    steps = train.spread_steps(config.steps, 12)
    record = {str(k): train.Record(_parameter(k), steps) for k in range(len(start))}
    return train.train(network, start, samples, _recipe(config), seeds=seeds, record=record, progress=progress)


def _bootstrap(digits: Any, seed: int) -> tuple[Tensor, Tensor]:
    """Each repeat's training digits (R, N, 64) and labels (R, N), drawn with replacement."""
    draws = np.random.default_rng(seed).integers(len(digits.x), size=(REPEATS, len(digits.x)))
    return digits.x[draws], digits.y[draws]


def _parameter(k: int) -> Callable[[Snapshot], Tensor]:
    return lambda snapshot: snapshot.params[k].clone()


def _recipe(config: Template) -> Recipe:
    """Plain full-batch descent for softmax regression, Adam on minibatches for the hidden layer."""
    if config.network == "softmax":
        return train.Recipe(steps=config.steps, lr=RATE, decay=config.decay)
    return train.Recipe(steps=config.steps, optimiser="adam", lr=0.005, batch=128, decay=config.decay)


def _result(config: Template, training: tuple[Array, Array], history: History, random: Array) -> Result:
    x, y = training
    digits = data.digits()
    test, labels = digits.test_x.numpy().astype(float), digits.test_y.numpy()
    params = [history.values[str(k)].numpy().astype(float) for k in range(len(history.params))]  # (S, R, ...)
    network = mlp.MLP(SIZES[config.network])
    logits = measure.outputs(network, history.params, digits.test_x).numpy()  # (R, 10, N)
    live = x.std(1) > 0  # (R, 64)
    means = np.stack([[xs[ys == k].mean(0) - xs.mean(0) for k in range(10)] for xs, ys in zip(x, y, strict=True)])
    first = params[0]
    draws = np.random.default_rng(config.seed + 1)
    pairs = draws.integers(len(test), size=(2, PAIRS))
    last = [p[-1] for p in params]
    found = _ascend(config, last[0], draws)
    error, regions = _coefficients(last, test, labels, logits)
    return Result(
        config=config,
        steps=np.array(history.steps["0"]),
        params=last,
        live=live,
        means=means[0],
        kin=np.stack([_kin(config, w, means, live) for w in first]),
        kin_random=_kin(config, random, means, live),
        accuracy=np.stack([_accuracy([p[s] for p in params], test, labels) for s in range(len(first))]),
        **_ranked(config, first[-1], test, pairs),
        found=found,
        examples=np.stack([test[labels == k][0] for k in range(10)]),
        error=error,
        regions=regions,
        diverged=history.diverged.numpy(),
        network=export.named(network, history.params),
    )


def _kin(config: Template, w: Array, means: Array, live: Array) -> Array:
    """Likeness (R,) of weights (R, K, 64) to the class means' differences (R, 10, 64), over pixels that vary.

    Softmax: cosine of each class's centred template with its own mean, the median class. Hidden: the largest absolute
    cosine with any class, the mean unit.
    """
    masked = means * live[:, None]
    if config.network == "softmax":
        centred = (w - w.mean(1, keepdims=True)) * live[:, None]
        return np.asarray(np.median(np.diagonal(cosines(centred, masked), axis1=1, axis2=2), 1))
    return np.asarray(np.abs(cosines(w * live[:, None], masked)).max(2).mean(1))


def _accuracy(params: list[Array], test: Array, labels: Array) -> Array:
    return np.asarray((forward(params, test).argmax(2) == labels).mean(1))


def _ranked(config: Template, w: Array, test: Array, pairs: Array) -> dict[str, Array]:
    """How each network's units (R, K, 64) put the images in order, by dot product and by cosine; each (R, 3).

    Each network has brightnesses of its own: of one draw all would share the brightest digits.
    """
    draws = np.random.default_rng([config.seed, REPEATS])  # of their own: how inputs are searched changes no order
    found = [[(reversals(one[None], x, pairs), _same_best(one[None], x)) for x in jitter(test, draws)] for one in w]
    other, best = np.moveaxis(np.array(found)[..., 0], 2, 0)
    return {"reversed": other, "same_best": best}


def _same_best(w: Array, views: Array) -> Array:
    """Share of the units (R,) whose best image (of N, 64) is the same by dot product and by cosine."""
    dot, cos = w @ views.T, cosines(w, views[None])
    return np.asarray((dot.argmax(2) == cos.argmax(2)).mean(1))


def _ascend(config: Template, w: Array, draws: np.random.Generator) -> Array:
    """Climb each unit's sum, given its weights (R, K, 64), from a random input: where the search ends (R, K, 64).

    On the sphere the norm is kept at 1; in the box every pixel at 0 to 1.
    """
    length = np.linalg.norm(w, axis=2, keepdims=True)
    towards = w / np.where(length > 0, length, 1)
    x: Any = draws.standard_normal(w.shape) if config.bound == "sphere" else draws.random(w.shape)
    for _ in range(ASCENT):
        if config.bound == "sphere":
            x = x / np.linalg.norm(x, axis=2, keepdims=True) + 0.3 * towards
        else:
            x = np.clip(x + 200 * towards, 0, 1)
    return np.asarray(x if config.bound == "box" else x / np.linalg.norm(x, axis=2, keepdims=True))


def _coefficients(params: list[Array], test: Array, labels: Array, logits: Array) -> tuple[Array, Array]:
    """The largest error (R,) of w_eff x + b_eff against the network on the test digits, and their regions (R,)."""
    errors, regions = [], []
    for r in range(len(params[0])):
        w, b, on = rewriting.effective([p[r] for p in params], test, labels)
        own = logits[r, labels, np.arange(len(labels))]
        errors.append(np.abs((w * test).sum(1) + b - own).max())
        regions.append(len(np.unique(on, axis=0)))
    return np.array(errors), np.array(regions)
