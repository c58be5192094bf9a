"""How the question is put to networks: what is trained, and what is measured on it."""

from functools import partial
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment
from torch import Tensor

from lib.engine import cores, data, export, inits, measure, mlp, train
from lib.engine.seeds import seeds_of
from lib.engine.train import History, Snapshot
from lib.questions.inverted_input.config import UNITS, InvertedInput
from lib.questions.inverted_input.result import OneMinus, Result
from lib.types import Array, Progress

REPEATS = 10
BATCH = 64
FRAMES = 20


def run(config: InvertedInput, progress: Progress | None = None) -> Result:
    """Train the plain and the inverted network from paired starts on the same batches; compare.

    And the inverted one from the plain one's own start, so that nothing but the data differs.
    """
    network = _network(config)
    digits = data.digits()
    mask = _mask(config)
    start = _start(network, config)
    other = start if config.start != "independent" else _start(network, config, skip=500)
    if config.start == "mirrored":
        other = _mirrored(start, mask, shift=config.inversion == "one_minus_x")
    turned = (_inverted(digits.x, mask, config), digits.y)
    pairs = [(start, (digits.x, digits.y)), (other, turned), (start, turned)]
    jobs = [partial(_train, network, *pair, config) for pair in pairs[: 2 if config.start == "same" else 3]]
    plain, inverse, *rest = cores.each(jobs, progress, size=REPEATS * BATCH * network.sizes[1])
    return _result(config, network, mask, plain, inverse, rest[0] if rest else inverse)


def _network(config: InvertedInput) -> mlp.MLP:
    return mlp.MLP((64, 10) if config.network == "softmax_regression" else (64, 32, 10), config.activation)


def _mask(config: InvertedInput) -> Array:
    """Which of the 64 inputs are inverted; more of them contain those of fewer."""
    order = np.random.default_rng(config.seed).permutation(64)
    mask = np.zeros(64, dtype=bool)
    count = max(1, round(64 * config.share)) if config.share else 0
    mask[order[:count]] = True
    return mask


def _start(network: Any, config: InvertedInput, *, skip: int = 0) -> list[Tensor]:
    return inits.start(network, inits.Init("he"), seeds_of(config.seed, REPEATS, skip=skip))


def _mirrored(params: list[Tensor], mask: Array, *, shift: bool) -> list[Tensor]:
    """The same function of the inverted inputs: w -> -w there and, for 1 - x, b -> b + the sum of those w."""
    weight, bias, *rest = (p.clone() for p in params)
    chosen = np.flatnonzero(mask)
    if shift:
        bias += weight[:, :, chosen].sum(2)
    weight[:, :, chosen] *= -1
    return [weight, bias, *rest]


def _inverted(x: Tensor, mask: Array, config: InvertedInput) -> Tensor:
    x = x.clone()
    chosen = np.flatnonzero(mask)
    x[:, chosen] = 1 - x[:, chosen] if config.inversion == "one_minus_x" else -x[:, chosen]
    return x


def _train(
    network: Any,
    start: list[Tensor],
    samples: tuple[Tensor, Tensor],
    config: InvertedInput,
    progress: Progress,
) -> History:
    recipe = train.Recipe(
        steps=config.steps, optimiser=config.optimiser, lr=config.lr, decay=config.decay, batch=BATCH
    )

    def first_layer(snapshot: Snapshot) -> Tensor:
        return snapshot.params[0]

    record = {"w": train.Record(first_layer, train.spread_steps(config.steps, FRAMES))}
    seeds = seeds_of(config.seed, REPEATS)
    return train.train(network, start, samples, recipe, seeds=seeds, record=record, progress=progress)


def _result(
    config: InvertedInput, network: Any, mask: Array, plain: History, inverse: History, same: History
) -> Result:
    digits = data.digits()
    z = measure.outputs(network, plain.params, digits.test_x).numpy()  # (R, 10, N)
    z_inverse = measure.outputs(network, inverse.params, _inverted(digits.test_x, mask, config)).numpy()
    mirrored = _mirrored(plain.params, mask, shift=False)
    pairs = list(zip(mirrored, inverse.params, strict=True))
    w, w_inverse = plain.values["w"].numpy(), inverse.values["w"].numpy()  # (F, R, H, 64)
    live = digits.x.numpy().std(0) > 0
    truth = digits.test_y.numpy()
    own, unturned = _inverted(digits.x, mask, config), digits.x
    order = _matched(config, own, plain, inverse)  # (R, H)
    last, partner = w[-1], np.take_along_axis(w_inverse[-1], order[:, :, None], 1)
    # Who is matched as a mirror image looks like one, even untrained: each comparison has the partners that suit it.
    twin = np.take_along_axis(w_inverse[-1], _matched(config, unturned, plain, inverse)[:, :, None], 1)
    other = np.sign(w[-1]) != np.sign(same.values["w"].numpy()[-1])  # (R, H, 64)
    first = [int(np.flatnonzero(truth == k)[0]) for k in range(10)]
    examples = digits.test_x[first]
    diverged = np.maximum(plain.diverged.numpy(), inverse.diverged.numpy())
    back = measure.outputs(network, mirrored, _inverted(digits.test_x, mask, InvertedInput())).numpy()
    return Result(
        config=config,
        mask=mask,
        live=live,
        frames=np.array(plain.steps["w"]),
        matched=_correlation(np.where(mask, -last, last)[..., live], partner[..., live]),
        matched_unmirrored=_correlation(last[..., live], twin[..., live]),
        symmetry_gap=np.abs(z - back).max((1, 2)),
        turned_negative=_share((last > 0) & mask & live, partner < 0),
        data_turned=np.stack([_share(np.broadcast_to(m & live, other.shape), other) for m in (mask, ~mask)]),
        equal=np.array([all(bool((a[r] == b[r]).all()) for a, b in pairs) for r in range(REPEATS)]),
        count=sum(p[0].numel() for p in inverse.params),
        accuracy=np.stack([(o.argmax(1) == truth).mean(1) for o in (z, z_inverse)]),
        gap=np.abs(z - z_inverse).max((1, 2)),
        diverged=diverged,
        weights=w[:, 0, :UNITS],
        weights_inverse=w_inverse[:, 0, order[0, :UNITS]],
        examples=examples.numpy(),
        examples_inverse=_inverted(examples, mask, config).numpy(),
        one_minus=_one_minus(network, plain, mask),
        network=export.named(network, plain.params, int((diverged < 0).argmax())),
    )


def _correlation(a: Array, b: Array) -> Array:
    """Pearson's correlation over the last two axes: (R,)."""
    return np.array([np.corrcoef(one.ravel(), other.ravel())[0, 1] for one, other in zip(a, b, strict=True)])


def _matched(config: InvertedInput, seen: Tensor, plain: History, inverse: History) -> Array:
    """Which unit of the second network is the partner of each of the first: (R, H), by what they compute.

    By the correlation of their weighted sums over the training digits, as they are for the first network and as
    `seen` by the second: its own inputs to find mirror images, the first one's to find weights that stayed. Not by
    their weights, which are compared afterwards. The outputs of a softmax regression stay what they are.
    """
    x, count = data.digits().x, plain.params[0].shape[1]
    if config.network == "softmax_regression":
        return np.tile(np.arange(count), (REPEATS, 1))
    first, second = (
        inputs.double() @ h.params[0].double().mT + h.params[1].double()[:, None]
        for inputs, h in ((x, plain), (seen, inverse))
    )  # (R, N, H)
    first, second = (_standardised(z) for z in (first, second))
    return np.stack([linear_sum_assignment(s, maximize=True)[1] for s in (first.mT @ second).numpy()])


def _standardised(z: Tensor) -> Tensor:
    """z (R, N, H) with mean 0 and standard deviation 1 over the samples; torch's `std` takes ten times as long."""
    z = z - z.mean(1, keepdim=True)
    return z.div_((z.square().sum(1, keepdim=True) / (z.shape[1] - 1)).sqrt_().clamp_(min=1e-9))


def _share(among: Array, which: Array) -> Array:
    """Share (R,) of those `among` (R, H, I) that `which` is true of; 0 where there are none."""
    return np.asarray((among & which).sum((1, 2)) / np.maximum(among.sum((1, 2)), 1))


def _one_minus(network: Any, plain: History, mask: Array) -> OneMinus:
    """The trained plain network rewritten for 1 - x, with and without moving its biases."""
    digits = data.digits()
    negative = _inverted(digits.test_x, mask, InvertedInput(inversion="one_minus_x"))
    before = measure.outputs(network, plain.params, digits.test_x)
    moved = measure.outputs(network, _mirrored(plain.params, mask, shift=True), negative)
    left = measure.outputs(network, _mirrored(plain.params, mask, shift=False), negative)

    def right(z: Tensor) -> Array:
        return (z.argmax(1) == digits.test_y).float().mean(1).numpy()

    return OneMinus(right(moved), right(left), gap=float((before - moved).abs().max()))
