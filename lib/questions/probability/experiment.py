"""Are weights probabilities?

The axioms are checked on trained networks: is every weight in [0, 1], does any row add up to 1? The same is asked of
the softmax output, whose honesty is measured too (calibration, Guo et al. 2017), and weights are forced to be
probabilities, to see the price. What a weight of a logistic regression is: the log of an odds ratio (Good 1950), the
same factor for every patient, while the probability changes differently for each. Bernoulli naive Bayes is the case
where the thread is nearly right: a linear network whose weights are the log-odds of probabilities,
sigmoid(W) = P(pixel on | class). And 'it is not that': a classifier with its negative or its positive weights alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lib import engine
from lib.config import Config, choice
from lib.questions.probability.result import FEATURES, Result

if TYPE_CHECKING:
    from torch import Tensor

Array = np.ndarray[Any, Any]
Progress = Callable[[int, int], object]
REPEATS = 10
SIZES = (64, 32, 10)
RECIPE: dict[str, Any] = {"optimiser": "adam", "lr": 0.005, "batch": 128}


@dataclass(frozen=True)
class Probability(Config):
    """What the reader may choose."""

    held: str = choice("free", among=("free", "interval", "rows"))
    feature: str = choice("radius", among=tuple(FEATURES))
    steps: int = choice(300, among=(0, 30, 100, 300, 1000))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = Probability(held="rows", steps=1000)


def run(config: Probability, progress: Progress | None = None) -> Result:
    """Train on digits, free and held to be probabilities; a linear classifier; and odds on tumours."""
    network, data = engine.mlp.MLP(SIZES), engine.data.digits()
    free, chosen = _trained(network, config, progress)
    linear, w = _linear(config)
    bayes = _naive_bayes()
    x, weight, bias = _odds(config)
    outputs = engine.measure.outputs(network, chosen, data.test_x).softmax(1).double().numpy()  # (R, 10, N)
    return Result(
        config=config,
        weights=tuple(p.numpy() for p in engine.measure.weights(network, chosen)),
        accuracy=engine.measure.accuracy(network, chosen, data.test).numpy(),
        free=engine.measure.accuracy(network, free, data.test).numpy(),
        outputs=outputs,
        truth=data.test_y.numpy(),
        literal=_literal(chosen),
        signs=_signs(linear, w),
        linear=w[0].numpy(),
        bayes=bayes[0],
        bayes_theta=bayes[1],
        bayes_accuracy=bayes[2],
        live=data.x.numpy().std(0) > 0,
        patients=x,
        log_odds=weight,
        bias=bias,
    )


def _seeds(config: Probability) -> range:
    return range(config.seed * 1000, config.seed * 1000 + REPEATS)


def _trained(network: Any, config: Probability, progress: Progress | None) -> "tuple[list[Tensor], list[Tensor]]":
    """Networks without and with the restriction, from the same draws: parameters (R, ...) twice."""
    start = engine.inits.start(network, engine.inits.Init("he"), _seeds(config))
    held = [p.clone() for p in start]
    _hold(held, config.held)

    def project(params: "list[Tensor]") -> None:
        _hold([p[REPEATS:] for p in params], config.held)

    history = engine.train.train(
        network, engine.inits.join([start, held]), engine.data.digits().train,
        engine.train.Recipe(steps=config.steps, **RECIPE), seeds=_seeds(config), project=project, progress=progress,
    )  # fmt: skip
    return [p[:REPEATS] for p in history.params], [p[REPEATS:] for p in history.params]


def _hold(params: "list[Tensor]", held: str) -> None:
    """Bring weights into [0, 1], in place; for rows, let each add up to 1 as well."""
    for w in (params[0], params[2]):
        if held != "free":
            w.clamp_(0, 1)
        if held == "rows":
            w.add_(1e-6).div_(w.sum(2, keepdim=True))


def _linear(config: Probability) -> "tuple[list[Tensor], Tensor]":
    """Softmax regression on the digits: parameters, and the weights (R, 10, 64)."""
    network = engine.mlp.MLP((64, 10))
    start = engine.inits.start(network, engine.inits.Init("he"), _seeds(config))
    recipe = engine.train.Recipe(steps=400, optimiser="adam", lr=0.02, batch=128)
    params = engine.train.train(network, start, engine.data.digits().train, recipe, seeds=_seeds(config)).params
    return params, params[0]


def _signs(params: "list[Tensor]", w: "Tensor") -> Array:
    """Test accuracy (3, R) of softmax regression with all, only its negative and only its positive weights."""
    network, test = engine.mlp.MLP((64, 10)), engine.data.digits().test
    kept = (w, w.clamp(max=0), w.clamp(min=0))
    return np.stack([engine.measure.accuracy(network, [k, params[1]], test).numpy() for k in kept])


def _literal(params: "list[Tensor]") -> Array:
    """The output weights and, over training digits, how often their sign is right: (2, R, 10, H).

    Read literally, a weight above 0 from unit to class says 'it is that' whenever the unit is on, one below 0 'it is
    not'; the second number is the share of the digits for which that is so (0.5 for a unit that is never on).
    """
    import torch

    data = engine.data.digits()
    half = engine.mlp.MLP(SIZES[:2], output="relu")
    on = (engine.measure.outputs(half, params[:2], data.x) > 0).float()  # (R, H, N)
    classes = torch.nn.functional.one_hot(data.y, 10).float()  # (N, 10)
    count = on.sum(2).unsqueeze(1)  # (R, 1, H)
    given = (on @ classes).transpose(1, 2) / count.clamp(min=1)  # (R, 10, H) P(class | unit on)
    right = torch.where(params[2] > 0, given, 1 - given).where(count > 0, 0.5)
    return torch.stack([params[2], right]).numpy()


def _naive_bayes() -> tuple[Array, Array, float]:
    """Weights (10, 64), the probabilities they are log-odds of, and the test accuracy; a pixel is on above 1/2."""
    data = engine.data.digits()
    x, y = (data.x.numpy() > 0.5).astype(float), data.y.numpy()
    of = np.eye(10)[y]  # (N, 10)
    theta = (of.T @ x + 1) / (of.sum(0)[:, None] + 2)  # Laplace's rule
    w = np.log(theta) - np.log1p(-theta)
    bias = np.log1p(-theta).sum(1) + np.log(of.mean(0))
    guesses = ((data.test_x.numpy() > 0.5) @ w.T + bias).argmax(1)
    return w, theta, float((guesses == data.test_y.numpy()).mean())


def _odds(config: Probability) -> tuple[Array, Array, Array]:
    """Logistic regression on four standardised measurements: x (569, 4), weights (R, 4), biases (R,)."""
    raw, y = engine.data.breast_cancer()
    x = raw[:, list(FEATURES.values())].double()
    x = ((x - x.mean(0)) / x.std(0, correction=0)).float()
    network = engine.mlp.MLP((len(FEATURES), 1))
    start = engine.inits.start(network, engine.inits.Init("he"), _seeds(config))
    recipe = engine.train.Recipe(steps=600, loss="logistic", optimiser="adam", lr=0.05)
    params = engine.train.train(network, start, (x, y.float().unsqueeze(1)), recipe).params
    return x.double().numpy(), params[0][:, 0].double().numpy(), params[1][:, 0].double().numpy()
