"""Sigmoid or tanh: how much does centring matter?

Deep networks read digits with each activation at its own best learning rate. A twin isolates centring: sigmoid - 1/2
has the slope, the saturation and the function class of the sigmoid (the next bias absorbs the half), only the
gradients differ, dE/dW = delta (h - 1/2)^T instead of delta h^T. Beside it stands saturation: the hidden layers of
sigmoid and twin start several times too large. Starting weights are N(0, 1 / fan_in) over the standard deviation that
the activation gives for N(0, 1), so that all begin with preactivations of one size. LeCun et al. 1998, section 4.3
and 4.4; Glorot and Bengio 2010.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lib import engine
from lib.config import Config, choice
from lib.results.activations import PAIRS, Result

if TYPE_CHECKING:
    from torch import Tensor

    from lib.engine.train import History

Array = np.ndarray[Any, Any]
Progress = Callable[[int, int], object]
Data = tuple["Tensor", "Tensor"]
WIDTH, BATCH, REPEATS, TUNING = 32, 64, 10, 3
LRS = (0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12)
SHOWN = 200  # the training digits whose accuracy is followed
FLAT = 0.1  # a slope below this share of the activation's largest counts as saturated


@dataclass(frozen=True)
class Activations(Config):
    """What the reader may choose."""

    pair: str = choice("sigmoid", among=tuple(PAIRS))
    depth: int = choice(3, among=(1, 2, 3, 4))
    biases: str = choice("zero", among=("zero", "compensated"))
    saturation: int = choice(8, among=(1, 2, 4, 8, 16))
    goal: float = choice(0.9, among=(0.8, 0.9, 0.95))
    steps: int = choice(100, among=(60, 100, 200))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = Activations(pair="tanh+2", depth=4, steps=200)


class Net(NamedTuple):
    """One activation: its name in the engine, what is added to it, and how many times too large it starts."""

    activation: str
    shift: float = 0.0
    scale: float = 1.0


class Measured(NamedTuple):
    """One activation's numbers, T tuning runs, R repeats, D layers behind the first; see `Result`."""

    tuned: Array  # (L, T)
    chosen: int
    reached: Array  # (R,)
    curve: Array  # (S, R)
    test: Array  # (R,)
    diverged: Array  # (R,)
    layers: Array  # (4, R, D)
    flat: Array  # (R,)


def run(config: Activations, progress: Progress | None = None) -> Result:
    """Tune every activation on a few starts, then train it ten times; the same draws for all."""
    data, test = _standardised()
    nets = _nets(config)
    measured = []
    for k, net in enumerate(nets.values()):
        parts = [_part(progress, 2 * k + half, 2 * len(nets)) for half in (0, 1)]
        measured.append(_measure(config, net, data, test, parts))
    return Result(
        config=config,
        names=tuple(nets),
        lrs=np.array(LRS),
        steps=np.array(_looks(config.steps)),
        tuned=np.stack([m.tuned for m in measured]),
        chosen=np.array([m.chosen for m in measured]),
        reached=np.stack([m.reached for m in measured]),
        accuracy=np.stack([m.curve for m in measured], 1),
        test=np.stack([m.test for m in measured]),
        diverged=np.stack([m.diverged for m in measured]),
        layers=np.stack([m.layers for m in measured], 1),
        flat=np.stack([m.flat for m in measured]),
    )


def _nets(config: Activations) -> dict[str, Net]:
    """All that is trained; the saturated pair comes last."""
    names = ("sigmoid", "centred_sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu")
    nets = {name: Net(name) for name in names}
    nets |= {"sigmoid_twin": Net("sigmoid", -0.5), "relu_twin": Net("relu", -_moments("relu")[0])}
    offset = PAIRS[config.pair].offset
    if offset:
        nets["tanh_plus"] = Net("tanh", offset)
    large = float(config.saturation)
    return nets | {"saturated_twin": Net("sigmoid", -0.5, large), "saturated": Net("sigmoid", 0.0, large)}


def _standardised() -> tuple[Data, Data]:
    """Digits with each pixel at mean 0 and standard deviation 1 over the training samples; constant pixels at 0."""
    split = engine.data.digits()
    spread = split.x.std(0)
    scale = (spread > 0) / spread.clamp(min=1e-6)
    mean = split.x.mean(0)
    return ((split.x - mean) * scale, split.y), ((split.test_x - mean) * scale, split.test_y)


def _moments(activation: str) -> tuple[float, float]:
    """Mean and standard deviation of f(z) for z ~ N(0, 1)."""
    import torch

    z = torch.special.ndtri((torch.arange(20000, dtype=torch.float64) + 0.5) / 20000).float()
    y = torch.empty_like(z)
    engine.activations.activation(activation).forward(z, y)
    return y.mean().item(), y.std().item()


def _looks(steps: int) -> list[int]:
    """When the accuracy is taken: every second step, later every fifth."""
    return sorted({*range(0, 31, 2), *range(30, steps + 1, 5), steps})


def _part(progress: Progress | None, part: int, parts: int) -> Progress | None:
    """Progress of one training as progress of all."""
    if progress is None:
        return None
    return lambda done, total: progress(part * total + done, parts * total)


def network(config: Activations, net: Net) -> Any:
    """Return `depth` hidden layers of 32 units with the activation `net`."""
    return engine.mlp.MLP((64, *[WIDTH] * config.depth, 10), net.activation, shift=net.shift)


def start(config: Activations, net: Net, seeds: Sequence[int]) -> "list[Tensor]":
    """Starting parameters; compensated biases take the activations' mean off, so that twins begin equal."""
    mean, spread = _moments(net.activation)
    params = engine.inits.start(network(config, net), engine.inits.Init("lecun"), seeds)
    for at in range(0, len(params), 2):
        hidden = at < len(params) - 2
        params[at] = params[at] * ((net.scale if hidden else 1.0) / (spread if at else 1.0))
        if at and config.biases == "compensated":
            params[at + 1] = -(mean + net.shift) * params[at].sum(2)
    return params


def _measure(config: Activations, net: Net, data: Data, test: Data, parts: Sequence[Progress | None]) -> Measured:
    base = 1000 * config.seed
    apart = range(base + 500, base + 500 + TUNING)  # other starts: the reported runs have chosen nothing
    tried = _train(config, net, data, LRS, apart, parts[0])
    tuned = _reached(config, tried).reshape(len(LRS), TUNING)
    # The fewest steps, "never" counted as twice what was allowed; among equals the higher accuracy at the end.
    last = tried.values["accuracy"][-1].numpy().reshape(tuned.shape)
    chosen = int(np.argmin((np.minimum(tuned, 2 * config.steps) - last).mean(1)))
    seeds = range(base, base + REPEATS)
    history = _train(config, net, data, LRS[chosen : chosen + 1], seeds, parts[1])
    layers, flat = _layers(config, net, start(config, net, seeds), data)
    return Measured(
        tuned=tuned,
        chosen=chosen,
        reached=_reached(config, history),
        curve=history.values["accuracy"].numpy(),
        test=engine.measure.accuracy(network(config, net), history.params, test).numpy(),
        diverged=history.diverged.numpy(),
        layers=layers,
        flat=flat,
    )


def _train(
    config: Activations, net: Net, data: Data, lrs: Sequence[float], seeds: range, progress: Progress | None
) -> "History":
    """Train every learning rate on every start, as one ensemble."""
    train, shown = engine.train, (data[0][:SHOWN], data[1][:SHOWN])
    model = network(config, net)
    look = train.Remember(lambda m: engine.measure.accuracy(model, m.params, shown), _looks(config.steps))
    recipe = train.Recipe(steps=config.steps, batch=BATCH, lr=tuple(np.repeat(lrs, len(seeds)).tolist()))
    params = engine.inits.join([start(config, net, seeds)] * len(lrs))
    return train.train(model, params, data, recipe, seeds=seeds, remember={"accuracy": look}, progress=progress)


def _reached(config: Activations, history: "History") -> Array:
    """First step at which the accuracy is at the goal, infinite if it never is or the run diverged: (E,)."""
    there = history.values["accuracy"] >= config.goal - 1e-6
    first = engine.measure.first_true(there).numpy()
    steps: Array = np.array([*history.steps["accuracy"], np.inf])[first]  # -1 takes the last
    steps[history.diverged.numpy() >= 0] = np.inf
    return steps


def _layers(config: Activations, net: Net, params: "list[Tensor]", data: Data) -> tuple[Array, Array]:
    """What the layers behind the first get on one batch, (4, R, D), and the share of saturated units, (R,).

    The four: mean activation, mean over standard deviation, and the share of a unit's weights whose gradients have
    the sign of the majority, for one sample and for the batch (zeros left out).
    """
    import torch

    program = engine.program.Program(network(config, net), params, BATCH)
    x, y = data[0][:BATCH].expand(REPEATS, -1, -1), data[1][:BATCH].expand(REPEATS, -1)
    with torch.inference_mode():
        z = program.forward(x)
        program.backward(engine.program.CrossEntropy(z).gradient(z, y))
    linear = [layer for layer in program.layers if isinstance(layer, engine.layers.Linear)][1:]
    active = [layer for layer in program.layers if isinstance(layer, engine.layers.Activate)]
    rows = [
        (h.mean((1, 2)), _offset(h), _majority(h, 1), _majority(dw, 2))
        for h, dw in ((layer.x, layer.dw) for layer in linear)
    ]
    flat = torch.stack([_flat(net.activation, layer) for layer in active]).mean(0)
    return torch.stack([torch.stack(row) for row in rows], 2).numpy(), flat.numpy()


def _offset(h: "Tensor") -> "Tensor":
    """Root mean square, over the units, of the mean activation over that of the standard deviation: (R,)."""
    return (h.mean(2).square().mean(1) / h.var(2).mean(1).clamp(min=1e-12)).sqrt()


def _flat(activation: str, layer: Any) -> "Tensor":
    """Share (R,) of a layer's units and samples at which the activation is nearly flat."""
    import torch

    slope = torch.empty_like(layer.kept)
    layer.f.backward(torch.ones_like(slope), layer.kept, slope)
    top = {"sigmoid": 0.25, "centred_sigmoid": 0.5}.get(activation, 1.0)  # the largest slope
    return (slope < FLAT * top).float().mean((1, 2))


def _majority(values: "Tensor", axis: int) -> "Tensor":
    """Share of the numbers along `axis`, zeros left out, that have the sign of most: the mean (R,) over all else."""
    up, down = (values > 0).sum(axis).float(), (values < 0).sum(axis).float()
    some = (up + down) > 0
    share = up.maximum(down) / (up + down).clamp(min=1)
    return (share * some).sum(1) / some.sum(1).clamp(min=1)


if __name__ == "__main__":
    from lib.command import command_line

    command_line(Activations, run)
