"""What happens to the weights when an input is inverted?

Two networks learn the same digits; the second sees some inputs inverted (-x, or 1 - x as in a photographic negative).
In IEEE arithmetic (-x)(-w) is x w exactly, so if the second starts from the first one's weights with the signs of
those inputs mirrored, every activation, every gradient up to its sign, and hence every step of any optimiser that
treats w and -w alike (SGD, momentum, Adam, L2 decay) is the mirror image, bit for bit. From other starts only the set
of minima is mirrored; a run ends in the mirrored weights for sure only where the minimum is unique, as in softmax
regression with L2 decay (strictly convex). For 1 - x the biases must move too: w x + b = -w (1 - x) + (b + w).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lib import engine
from lib.config import Config, choice
from lib.questions.inverted_input.result import OneMinus, Result

if TYPE_CHECKING:
    from torch import Tensor

    from lib.engine.train import History, Moment

Array = np.ndarray[Any, Any]
Progress = Callable[[int, int], object]
REPEATS = 10
BATCH = 64
FRAMES = 20
UNITS = 8  # units whose weights are drawn


@dataclass(frozen=True)
class InvertedInput(Config):
    """What the reader may choose."""

    network: str = choice("mlp", among=("mlp", "softmax_regression"))
    start: str = choice("mirrored", among=("mirrored", "same", "independent"))
    inversion: str = choice("minus_x", among=("minus_x", "one_minus_x"))
    share: float = choice(0.5, among=(0.0, 0.02, 0.25, 0.5, 0.75, 1.0))
    activation: str = choice("relu", among=("relu", "tanh"))
    optimiser: str = choice("adam", among=("adam", "momentum", "sgd"))
    lr: float = choice(0.005, among=(0.001, 0.005, 0.02, 0.1, 0.3))
    decay: float = choice(0.0, among=(0.0, 0.0001, 0.001, 0.01))
    steps: int = choice(300, among=(3, 30, 100, 300, 1000))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = InvertedInput(steps=1000)


def run(config: InvertedInput, progress: Progress | None = None) -> Result:
    """Train the plain and the inverted network from paired starts on the same batches; compare."""
    network = _network(config)
    data = engine.data.digits()
    mask = _mask(config)
    start = _start(network, config.seed * 1000)
    other = start if config.start != "independent" else _start(network, config.seed * 1000 + 500)
    if config.start == "mirrored":
        other = _mirrored(start, mask, shift=config.inversion == "one_minus_x")
    plain = _train(network, start, (data.x, data.y), config, _part(progress, 0))
    inverse = _train(network, other, (_inverted(data.x, mask, config), data.y), config, _part(progress, 1))
    return _result(config, network, mask, plain, inverse)


def _part(progress: Progress | None, index: int) -> Progress | None:
    return None if progress is None else lambda done, total: progress(index * total + done, 2 * total)


def _network(config: InvertedInput) -> "engine.mlp.MLP":
    return engine.mlp.MLP((64, 10) if config.network == "softmax_regression" else (64, 32, 10), config.activation)


def _mask(config: InvertedInput) -> Array:
    """Which of the 64 inputs are inverted; more of them contain those of fewer."""
    order = np.random.default_rng(config.seed).permutation(64)
    mask = np.zeros(64, dtype=bool)
    count = max(1, round(64 * config.share)) if config.share else 0
    mask[order[:count]] = True
    return mask


def _seeds(first: int) -> range:
    return range(first, first + REPEATS)


def _start(network: Any, first: int) -> "list[Tensor]":
    return engine.inits.start(network, engine.inits.Init("he"), _seeds(first))


def _mirrored(params: "list[Tensor]", mask: Array, *, shift: bool) -> "list[Tensor]":
    """The same function of the inverted inputs: w -> -w there and, for 1 - x, b -> b + the sum of those w."""
    weight, bias, *rest = (p.clone() for p in params)
    chosen = np.flatnonzero(mask)
    if shift:
        bias += weight[:, :, chosen].sum(2)
    weight[:, :, chosen] *= -1
    return [weight, bias, *rest]


def _inverted(x: "Tensor", mask: Array, config: InvertedInput) -> "Tensor":
    x = x.clone()
    chosen = np.flatnonzero(mask)
    x[:, chosen] = 1 - x[:, chosen] if config.inversion == "one_minus_x" else -x[:, chosen]
    return x


def _train(
    network: Any,
    start: "list[Tensor]",
    data: "tuple[Tensor, Tensor]",
    config: InvertedInput,
    progress: Progress | None,
) -> "History":
    train = engine.train
    recipe = train.Recipe(
        steps=config.steps, optimiser=config.optimiser, lr=config.lr, decay=config.decay, batch=BATCH
    )

    def first_layer(moment: "Moment") -> "Tensor":
        return moment.params[0]

    remember = {"w": train.Remember(first_layer, train.spread_steps(config.steps, FRAMES))}
    seeds = _seeds(config.seed * 1000)
    return train.train(network, start, data, recipe, seeds=seeds, remember=remember, progress=progress)


def _result(config: InvertedInput, network: Any, mask: Array, plain: "History", inverse: "History") -> Result:
    data, measure = engine.data.digits(), engine.measure
    z = measure.outputs(network, plain.params, data.test_x).numpy()  # (R, 10, N)
    z_inverse = measure.outputs(network, inverse.params, _inverted(data.test_x, mask, config)).numpy()
    mirrored = _mirrored(plain.params, mask, shift=False)
    pairs = list(zip(mirrored, inverse.params, strict=True))
    w, w_inverse = plain.values["w"].numpy(), inverse.values["w"].numpy()  # (F, R, H, 64)
    live = data.x.numpy().std(0) > 0
    truth = data.test_y.numpy()
    return Result(
        config=config,
        mask=mask,
        live=live,
        frames=np.array(plain.steps["w"]),
        mirror=_correlation(np.where(mask, -w, w)[..., live], w_inverse[..., live]),
        unmirrored=_correlation(w[..., live], w_inverse[..., live]),
        equal=np.array([all(bool((a[r] == b[r]).all()) for a, b in pairs) for r in range(REPEATS)]),
        count=sum(p[0].numel() for p in inverse.params),
        accuracy=np.stack([(o.argmax(1) == truth).mean(1) for o in (z, z_inverse)]),
        agreement=(z.argmax(1) == z_inverse.argmax(1)).mean(1),
        gap=np.abs(z - z_inverse).max((1, 2)),
        diverged=np.maximum(plain.diverged.numpy(), inverse.diverged.numpy()),
        weights=w[:, 0, :UNITS],
        weights_inverse=w_inverse[:, 0, :UNITS],
        one_minus=_one_minus(network, plain, mask),
    )


def _correlation(a: Array, b: Array) -> Array:
    """Pearson's correlation over the last two axes: (F, R)."""
    a, b = (v.reshape(*v.shape[:2], -1).astype(float) for v in (a, b))
    a, b = a - a.mean(2, keepdims=True), b - b.mean(2, keepdims=True)
    scale = np.sqrt((a**2).sum(2) * (b**2).sum(2))
    return (a * b).sum(2) / np.where(scale > 0, scale, 1.0)


def _one_minus(network: Any, plain: "History", mask: Array) -> OneMinus:
    """The trained plain network rewritten for 1 - x, with and without moving its biases."""
    data, measure = engine.data.digits(), engine.measure
    negative = _inverted(data.test_x, mask, InvertedInput(inversion="one_minus_x"))
    before = measure.outputs(network, plain.params, data.test_x)
    moved = measure.outputs(network, _mirrored(plain.params, mask, shift=True), negative)
    left = measure.outputs(network, _mirrored(plain.params, mask, shift=False), negative)

    def right(z: "Tensor") -> Array:
        return (z.argmax(1) == data.test_y).float().mean(1).numpy()

    return OneMinus(right(before), right(moved), right(left), gap=float((before - moved).abs().max()))
