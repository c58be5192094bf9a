"""How the question is put to networks: what is trained, and what is measured on it."""

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from lib.engine import activations, cores, data, export, inits, layers, measure, mlp, train, tuning
from lib.engine.progress import part
from lib.engine.seeds import seeds_of
from lib.engine.train import History, Until
from lib.questions.activations.config import BATCH, BIASES, PAIRS, REPEATS, TUNING, WIDTH, Activations
from lib.questions.activations.result import Result, Twins
from lib.types import Array, Progress

LRS = (0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24)
WIDE, CURVE = 4.0, 81  # how far to either side the curves are drawn, and in how many points
BINS = 40  # of the outputs
SHOWN = 200  # the training digits whose accuracy is followed
FLAT = 0.1  # a slope below this share of the activation's largest counts as saturated


STACKED = ("chosen", "reached", "test", "diverged", "flat")


class Net(NamedTuple):
    """One activation: its name in the engine, what is added, how many times too large it starts, its biases."""

    activation: str
    shift: float = 0.0
    scale: float = 1.0
    biases: str = ""  # one of BIASES, or the chosen one


class Measured(NamedTuple):
    """One activation's numbers, R repeats, D layers behind the first; see `Result`."""

    chosen: int
    reached: Array  # (R,)
    test: Array  # (R,)
    diverged: Array  # (R,)
    majority: Array  # (2, R, D)
    flat: Array  # (R,)
    network: dict[str, Array]  # the first one that did not diverge, at the end


def run(config: Activations, progress: Progress | None = None) -> Result:
    """Tune every activation on a few starts, then train it on others; the same draws for all."""
    nets = _nets(config)
    order = sorted(nets, key=lambda name: nets[name].scale, reverse=True)  # the saturated take longest, and begin
    jobs = [partial(_measure, config, nets[name]) for name in order]
    found = dict(zip(order, cores.each(jobs, progress, size=len(LRS) * TUNING * WIDTH * BATCH), strict=True))
    measured = [found[name] for name in nets]
    return Result(
        config=config,
        names=tuple(nets),
        lrs=np.array(LRS),
        steps=np.array(tuning.looks(config.steps)),
        majority=np.stack([m.majority for m in measured], 1),
        twins=_twins(config, nets),
        network=found[PAIRS[config.pair].uncentred].network,
        **{name: np.stack([getattr(m, name) for m in measured]) for name in STACKED},
    )


def _nets(config: Activations) -> dict[str, Net]:
    """All that is trained: each activation, the saturated pair, and the chosen one from the other biases.

    The twins have mean 0, so that there is nothing to compensate: their start is the same from either.
    """
    nets = {name: Net(name) for name in ("sigmoid", "tanh", "relu")}
    nets |= {"sigmoid_twin": Net("sigmoid", -0.5), "relu_twin": Net("relu", -activations.moments("relu")[0])}
    if offset := PAIRS[config.pair].offset:
        nets["tanh_plus"] = Net("tanh", offset)
    large = Net("sigmoid", scale=float(config.saturation))
    nets |= {"saturated_twin": large._replace(shift=-0.5), "saturated": large}
    uncentred, other = PAIRS[config.pair].uncentred, next(b for b in BIASES if b != config.biases)
    return nets | {f"{uncentred}_{other}": nets[uncentred]._replace(biases=other)}


def network(config: Activations, net: Net) -> Any:
    """Return `depth` hidden layers of 32 units with the activation `net`."""
    return mlp.MLP((64, *[WIDTH] * config.depth, 10), net.activation, shift=net.shift)


def start(config: Activations, net: Net, seeds: Sequence[int]) -> list[Tensor]:
    """Starting parameters; compensated biases take the activations' mean off, so that twins begin equal."""
    mean, spread = activations.moments(net.activation)
    params = list(_drawn(config.depth, tuple(seeds)))
    for at in range(0, len(params), 2):
        hidden = at < len(params) - 2
        params[at] = params[at] * ((net.scale if hidden else 1.0) / (spread if at else 1.0))
        if at and (net.biases or config.biases) == "compensated":
            params[at + 1] = -(mean + net.shift) * params[at].sum(2)
    return params


@lru_cache(maxsize=2)
def _drawn(depth: int, seeds: tuple[int, ...]) -> tuple[Tensor, ...]:
    """What every activation starts from, not to be changed: of the tuning starts or of the reported runs."""
    return tuple(inits.start(mlp.MLP((64, *[WIDTH] * depth, 10)), inits.Init("lecun"), seeds))


def _measure(config: Activations, net: Net, progress: Progress | None) -> Measured:
    apart = seeds_of(config.seed, TUNING, skip=500)  # other starts: the reported runs have chosen nothing
    reach = partial(_reached, config)

    def trained(rates: Array, starts: range, until: Until) -> History:
        return _train(config, net, np.array(LRS)[rates], [apart[k] for k in starts], part(progress, 0, 2), until)

    _, chosen = tuning.tuned(trained, reach, _missed, len(LRS), TUNING, config.steps)
    seeds, rest = seeds_of(config.seed, REPEATS), part(progress, 1, 2)
    history = _train(config, net, LRS[chosen : chosen + 1], seeds, rest, tuning.settled(reach))
    majority, flat = _layers(config, net, start(config, net, seeds))
    model, first = network(config, net), int((history.diverged < 0).int().argmax())
    return Measured(
        chosen=chosen,
        reached=_reached(config, history),
        test=measure.accuracy(model, history.params, data.standardised().test).numpy(),
        diverged=history.diverged.numpy(),
        majority=majority,
        flat=flat,
        network=export.named(model, history.params, first),
    )


def _train(
    config: Activations,
    net: Net,
    lrs: Sequence[float] | Array,
    seeds: Sequence[int],
    progress: Progress | None = None,
    until: Until | None = None,
) -> History:
    """Train every learning rate on every start, as one ensemble."""
    (x, y), model = data.standardised().train, network(config, net)
    recipe = train.Recipe(steps=config.steps, batch=BATCH, lr=tuple(np.repeat(lrs, len(seeds)).tolist()))
    params = inits.join([start(config, net, seeds)] * len(lrs))
    look = measure.Evaluator(model, params, x[:SHOWN])
    looks = tuning.looks(config.steps)
    right = train.Record(lambda m: measure.hits(look(m.params), y[:SHOWN]).float().mean(1), looks)
    return train.train(
        model, params, (x, y), recipe, seeds=seeds, record={"accuracy": right}, progress=progress, until=until
    )


def _reached(config: Activations, history: History) -> Array:
    """First step at which the accuracy is at the goal: (E,)."""
    return tuning.reached(history, "accuracy", history.values["accuracy"] >= config.goal - 1e-6)


def _missed(history: History) -> Array:
    """Share of the shown digits that are not read at the end: (E,)."""
    return np.asarray(1 - history.values["accuracy"][-1].numpy())


def _layers(config: Activations, net: Net, params: list[Tensor]) -> tuple[Array, Array]:
    """Majority's signs behind the first layer, for one sample and for a batch, (2, R, D), and saturated units, (R,).

    The majority's is the share of a unit's weights whose gradients have the sign that most have, zeros left out.
    """
    x, y = data.standardised().train
    program = measure.backprop(network(config, net), params, (x[:BATCH], y[:BATCH]))
    rows = [
        # for one sample the gradient is delta h, which has the signs of h or the opposite ones
        torch.stack([measure.majority(layer.x, 1), measure.majority(layer.dw, 2)])
        for layer in measure.linears(program)
    ]
    active = [layer for layer in program.layers if isinstance(layer, layers.Activate)]
    flat = torch.stack([_flat(net.activation, layer) for layer in active]).mean(0)
    return torch.stack(rows, 2).numpy(), flat.numpy()


def _twins(config: Activations, nets: dict[str, Net]) -> Twins:
    """The chosen activation and its twin as curves, and what leaves their first hidden layer at the start."""
    pair = PAIRS[config.pair]
    both = [nets[pair.uncentred], nets[pair.centred]]
    z = torch.linspace(-WIDE, WIDE, CURVE)
    curves, outputs = [], []
    for net in both:
        curve = torch.empty_like(z)
        activations.activation(net.activation).forward(z.clone(), curve)
        curves.append((curve + net.shift).numpy())
        params = start(config, net, seeds_of(config.seed, REPEATS))
        x, y = data.standardised().train
        behind = measure.linears(measure.backprop(network(config, net), params, (x[:BATCH], y[:BATCH])))[0]
        outputs.append(behind.x.numpy().ravel().copy())
    low, high = min(c.min() for c in curves), max(c.max() for c in curves)
    step = float(high - low) / BINS
    edges = step * np.arange(
        np.floor(low / step), np.ceil(high / step) + 1
    )  # one of them is zero: a bin has one sign
    density = np.stack([np.histogram(o.clip(edges[0], edges[-1]), edges)[0] / len(o) for o in outputs])
    return Twins(z.numpy(), np.stack(curves), edges, density, np.array([o.mean(dtype=float) for o in outputs]))


def _flat(activation: str, layer: Any) -> Tensor:
    """Share (R,) of a layer's units and samples at which the activation is nearly flat."""
    slope = torch.empty_like(layer.kept)
    layer.f.backward(torch.ones_like(slope), layer.kept, slope)
    top = {"sigmoid": 0.25}.get(activation, 1.0)  # the largest slope
    return (slope < FLAT * top).float().mean((1, 2))
