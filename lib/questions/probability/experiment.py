"""How the question is put to networks: what is trained, and what is measured on it."""

from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lib.engine import cores, data, export, inits, measure, mlp, train
from lib.engine.seeds import seeds_of
from lib.questions.probability import boltzmann
from lib.questions.probability.config import FEATURES, Probability
from lib.questions.probability.result import Result
from lib.types import Array, Progress

REPEATS = 10
SIZES = (64, 32, 10)
SCORINGS = 12  # steps of Fisher's scoring; each doubles the number of right digits
BATCH = 128
RECIPE: dict[str, Any] = {"optimiser": "adam", "lr": 0.005, "batch": BATCH}


def run(config: Probability, progress: Progress | None = None) -> Result:
    """Train on digits, free and held to be probabilities; a linear classifier; and odds on tumours."""
    network, digits = mlp.MLP(SIZES), data.digits()
    jobs: list[cores.Job[Any]] = [partial(job, config) for job in (_machine, _trained, _signs, _odds)]
    found = cores.each(jobs, progress, size=2 * REPEATS * SIZES[1] * BATCH)
    (machine, misread), (free, chosen), signs, (x, weight, bias, fitted) = found
    bayes, theta = naive_bayes()
    outputs = measure.outputs(network, chosen, digits.test_x).softmax(1).double().numpy()  # (R, 10, N)
    return Result(
        config=config,
        weights=tuple(p.numpy() for p in measure.weights(network, chosen)),
        accuracy=measure.accuracy(network, chosen, digits.test).numpy(),
        free=measure.accuracy(network, free, digits.test).numpy(),
        outputs=outputs,
        truth=digits.test_y.numpy(),
        literal=_literal(chosen),
        signs=signs,
        bayes=bayes,
        bayes_theta=theta,
        patients=x,
        log_odds=weight,
        bias=bias,
        fitted=fitted,
        machine=machine,
        misread=misread,
        network=export.named(network, chosen),
    )


def _trained(config: Probability, progress: Progress) -> tuple[list[Tensor], list[Tensor]]:
    """Networks without and with the restriction, from the same draws: parameters (R, ...) twice.

    Where nothing is held they are the same networks, trained once.
    """
    network = mlp.MLP(SIZES)
    seeds = seeds_of(config.seed, REPEATS)
    start = inits.start(network, inits.Init("he"), seeds)
    held = [p.clone() for p in start]
    _hold(held, config.held)

    def project(params: list[Tensor]) -> None:
        _hold([p[REPEATS:] for p in params], config.held)

    recipe = train.Recipe(steps=config.steps, **RECIPE)
    conditions = [start] if config.held == "free" else [start, held]
    params = train.train(
        network, inits.join(conditions), data.digits().train, recipe, seeds=seeds, project=project,
        progress=progress,
    ).params  # fmt: skip
    return [p[:REPEATS] for p in params], [p[-REPEATS:] for p in params]


def _hold(params: list[Tensor], held: str) -> None:
    """Bring weights into [0, 1], in place; for rows, let each add up to 1 as well."""
    for w in (params[0], params[2]):
        if held != "free":
            w.clamp_(0, 1)
        if held == "rows":
            w.add_(1e-6).div_(w.sum(2, keepdim=True))


def _signs(config: Probability, progress: Progress) -> Array:
    """Test accuracy (2, R) of softmax regression on the digits, with only its negative, only its positive weights.

    What is added to all ten weights of a pixel changes no output: which are negative is settled by `_centred`.
    """
    network, digits, seeds = mlp.MLP((64, 10)), data.digits(), seeds_of(config.seed, REPEATS)
    recipe = train.Recipe(steps=400, optimiser="adam", lr=0.02, batch=128)
    w, b = train.train(
        network, inits.start(network, inits.Init("he"), seeds), digits.train, recipe, seeds=seeds, progress=progress
    ).params
    kept = (_centred(w).clamp(max=0), _centred(w).clamp(min=0))
    return np.stack([measure.accuracy(network, [k, b], digits.test).numpy() for k in kept])


def _centred(w: Tensor) -> Tensor:
    """The same softmax outputs' weights (R, 10, I), those of each input with mean 0 over the classes."""
    return w - w.mean(1, keepdim=True)


def _literal(params: list[Tensor]) -> Array:
    """The output weights, centred, and, over training digits, how often their sign is right: (2, R, 10, H).

    Read literally, a weight above 0 from unit to class says 'it is that' whenever the unit is on, one below 0 'it is
    not'; the second number is the share of the digits for which that is so (0.5 for a unit that is never on).
    """
    digits = data.digits()
    half = mlp.MLP(SIZES[:2], output="relu")
    on = (measure.outputs(half, params[:2], digits.x) > 0).float()  # (R, H, N)
    classes = torch.nn.functional.one_hot(digits.y, 10).float()  # (N, 10)
    count = on.sum(2).unsqueeze(1)  # (R, 1, H)
    given = (on @ classes).transpose(1, 2) / count.clamp(min=1)  # (R, 10, H) P(class | unit on)
    w = _centred(params[2])
    right = torch.where(w > 0, given, 1 - given).where(count > 0, 0.5)
    return torch.stack([w, right]).numpy()


def naive_bayes() -> tuple[Array, Array]:
    """Weights (10, 64) and the probabilities that they are log-odds of; a pixel is on above 1/2."""
    digits = data.digits()
    of = np.eye(10)[digits.y.numpy()]  # (N, 10)
    theta = (of.T @ (digits.x.numpy() > 0.5) + 1) / (of.sum(0)[:, None] + 2)  # Laplace's rule
    return np.log(theta) - np.log1p(-theta), theta


def _odds(config: Probability, progress: Progress) -> tuple[Array, Array, Array, Array]:
    """Logistic regression on four standardised measurements: x (569, 4), weights (R, 4), biases (R,), Fisher's fit.

    The loss is convex and the classes overlap, so there is one optimum; the descent goes on until it is there.
    """
    raw, y = data.breast_cancer()
    x = raw[:, list(FEATURES.values())].double()
    x = (x - x.mean(0)) / x.std(0, correction=0)
    network = mlp.MLP((len(FEATURES), 1))
    start = inits.start(network, inits.Init("he"), seeds_of(config.seed, REPEATS), torch.float64)
    recipe = train.Recipe(steps=600, loss="logistic", optimiser="momentum", lr=2.0)
    params = train.train(network, start, (x, y.double().unsqueeze(1)), recipe, progress=progress).params
    return x.numpy(), params[0][:, 0].numpy(), params[1][:, 0].numpy(), scoring(x.numpy(), y.double().numpy())


def scoring(x: Array, y: Array) -> Array:
    """Maximum-likelihood weights (F,) of logistic regression, as statistics finds them: Fisher's scoring, from 0."""
    design = np.column_stack([x, np.ones(len(x))])
    w = np.zeros(design.shape[1])
    for _ in range(SCORINGS):
        p = 1 / (1 + np.exp(-design @ w))
        w += np.linalg.solve((design.T * (p * (1 - p))) @ design, design.T @ (y - p))
    return np.asarray(w[:-1])


def _machine(config: Probability, progress: Progress) -> tuple[Array, Array]:
    """Weights (R, 64, HIDDEN) of Boltzmann machines on the digits, and what they misread before and after (2, R)."""
    x = (data.digits().x > 0.5).float()
    before = boltzmann.untrained(x.shape[1], seeds_of(config.seed, REPEATS))
    after = boltzmann.trained(before, x, config.seed, progress)
    return after.weights.numpy(), torch.stack([boltzmann.misread(m, x) for m in (before, after)]).numpy()
