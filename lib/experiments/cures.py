"""Which cure works?

Deep sigmoid networks on raw pixels, all positive at every layer, and one cure at a time from the same draws:
standardised inputs, BatchNorm (Ioffe and Szegedy 2015) and LayerNorm (Ba, Kiros and Hinton 2016) on either side of
the activation, the thread's bias per input, f = sum_i w_i (x_i + b_i), momentum and Adam. Each has its own best
learning rate. A neuron's gradients, dL/dw_i = dL/df (x_i + b_i) and dL/db_i = dL/df w_i, are held to autograd: the
function sees only sum_i w_i b_i, so nothing drives b_i to minus the mean of x_i, where the inputs would be centred.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lib import engine
from lib.config import Config, choice
from lib.results.cures import GRID, Result

if TYPE_CHECKING:
    from torch import Tensor

    from lib.engine.train import History, Moment

Array = np.ndarray[Any, Any]
Progress = Callable[[int, int], object]
WIDTH, BATCH, REPEATS, TUNING = 32, 64, 10, 3
SCALE = {"sgd": 1.0, "momentum": 0.2, "adam": 0.02}  # of the grid of learning rates
CLOSE = 1.1  # a learning rate within this factor of the best one's steps is as good
SHOWN = 200  # the training digits whose loss is followed
NORMS = ("batch_before", "batch_after", "layer_before", "layer_after", "bias_learned", "bias_set", "bias_frozen")


@dataclass(frozen=True)
class Cures(Config):
    """What the reader may choose."""

    activation: str = choice("sigmoid", among=("sigmoid", "relu", "tanh"))
    pixels: str = choice("raw", among=("raw", "standardised"))
    norm: str = choice("batch_after", among=("none", *NORMS))
    optimiser: str = choice("momentum", among=tuple(SCALE))
    depth: int = choice(3, among=(1, 2, 3))
    goal: float = choice(0.5, among=(0.1, 0.3, 0.5, 1.0))
    steps: int = choice(150, among=(60, 100, 150, 250))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = Cures(steps=250, optimiser="adam")


class Cure(NamedTuple):
    """One way to train: inputs, norm (one of NORMS or none) and optimiser."""

    standardised: bool
    norm: str = "none"
    optimiser: str = "sgd"


class Measured(NamedTuple):
    """One cure's numbers, see `Result`."""

    tuned: Array
    chosen: int
    reached: Array
    loss: Array
    test: Array
    diverged: Array
    majority: Array
    drift: Array
    seconds: float


def run(config: Cures, progress: Progress | None = None) -> Result:
    """Tune every cure on a few starts, then train it ten times; the same draws for all."""
    cures = _cures(config)
    measured = []
    for k, cure in enumerate(cures.values()):
        parts = [_part(progress, 2 * k + half, 2 * len(cures)) for half in (0, 1)]
        measured.append(_measure(config, cure, parts))
    return Result(
        config=config,
        names=tuple(cures),
        steps=np.array(_looks(config.steps)),
        tuned=np.stack([m.tuned for m in measured]),
        chosen=np.array([m.chosen for m in measured]),
        reached=np.stack([m.reached for m in measured]),
        loss=np.stack([m.loss for m in measured], 1),
        test=np.stack([m.test for m in measured]),
        diverged=np.stack([m.diverged for m in measured]),
        majority=np.stack([m.majority for m in measured]),
        drift=measured[tuple(cures).index("bias_learned")].drift,
        algebra=_algebra(config.seed),
        seconds=tuple(m.seconds for m in measured),
    )


def _cures(config: Cures) -> dict[str, Cure]:
    """Nothing, each cure alone on the chosen pixels, and the chosen ones together."""
    base = Cure(config.pixels == "standardised")
    alone = {name: base._replace(norm=name) for name in NORMS}
    alone |= {name: base._replace(optimiser=name) for name in ("momentum", "adam")}
    together = Cure(standardised=True, norm=config.norm, optimiser=config.optimiser)
    inputs = {} if base.standardised else {"standardised": Cure(standardised=True)}
    return {"plain": base, **inputs, **alone, "together": together}


def pixels(standardised: bool) -> tuple["Tensor", "Tensor"]:
    """Digits to train and to test, in [0, 1] or with each pixel at mean 0 and standard deviation 1."""
    split = engine.data.digits()
    if not standardised:
        return split.x, split.test_x
    mean, spread = split.x.mean(0), split.x.std(0)
    scale = (spread > 0) / spread.clamp(min=1e-6)  # pixels that never change stay at 0
    return (split.x - mean) * scale, (split.test_x - mean) * scale


def _looks(steps: int) -> list[int]:
    """When the loss is taken: every second step, later every fifth."""
    return sorted({*range(0, 31, 2), *range(30, steps + 1, 5)})


def _part(progress: Progress | None, part: int, parts: int) -> Progress | None:
    """Progress of one training as progress of all."""
    if progress is None:
        return None
    return lambda done, total: progress(part * total + done, parts * total)


def network(config: Cures, cure: Cure) -> Any:
    """Return `depth` hidden layers of 32 units with the cure's norm."""
    kind, _, place = cure.norm.partition("_")
    kind = {"bias": "offset"}.get(kind, kind)
    after = kind == "offset" or place == "after"
    return engine.mlp.MLP((64, *[WIDTH] * config.depth, 10), config.activation, norm=kind, norm_after=after)


def start(config: Cures, cure: Cure, seeds: Sequence[int]) -> "list[Tensor]":
    """N(0, 1 / fan_in) over the standard deviation of what comes in; biases 0, per input 0 or minus its mean."""
    model = network(config, cure)
    params = engine.inits.start(model, engine.inits.Init("lecun"), seeds)
    weights = [k for k, (name, _) in enumerate(model.shapes()) if name == "weight"]
    if not cure.norm.endswith("after"):
        for k in weights[1:]:
            params[k] = params[k] / _spread(config.activation)
    if cure.norm in ("bias_set", "bias_frozen"):
        shown = pixels(cure.standardised)[0][:SHOWN]
        for layer, k in enumerate(weights[1:]):
            params[k - 1] = -_arriving(model, params, shown)[layer].mean(2)
    return params


def _spread(activation: str) -> float:
    """Standard deviation of f(z) for z ~ N(0, 1)."""
    import torch

    z = torch.special.ndtri((torch.arange(20000, dtype=torch.float64) + 0.5) / 20000).float()
    y = torch.empty_like(z)
    engine.activations.activation(activation).forward(z, y)
    return y.std().item()


def _arriving(model: Any, params: "list[Tensor]", x: "Tensor") -> "list[Tensor]":
    """What comes into each layer behind the first, (R, H, N)."""
    import torch

    program = engine.program.Program(model, params, len(x))
    with torch.inference_mode():
        program.forward(x.expand(len(params[0]), -1, -1))
    return [layer.x.clone() for layer in program.layers if isinstance(layer, engine.layers.Linear)][1:]


def _measure(config: Cures, cure: Cure, parts: Sequence[Progress | None]) -> Measured:
    base = 1000 * config.seed
    apart = range(base + 500, base + 500 + TUNING)  # other starts: the reported runs have chosen nothing
    grid = np.array(GRID) * SCALE[cure.optimiser]
    tried = _train(config, cure, grid, apart, parts[0])
    tuned = _reached(config, tried).reshape(len(GRID), TUNING)
    # The fewest steps, "never" counted as twice what was allowed; among equals the lower loss at the end. The
    # smallest rate that comes close, because the next larger one may already be over the edge for another start.
    last = np.minimum(tried.values["loss"][-1].numpy().reshape(tuned.shape), 10) / 10
    spent = (np.minimum(tuned, 2 * config.steps) + last).mean(1)
    chosen = int(np.argmax(spent <= CLOSE * spent.min()))
    seeds = range(base, base + REPEATS)
    begun = time.thread_time()
    history = _train(config, cure, grid[chosen : chosen + 1], seeds, parts[1])
    seconds = (time.thread_time() - begun) / config.steps
    model, first = network(config, cure), start(config, cure, seeds)
    test = (pixels(cure.standardised)[1], engine.data.digits().test_y)
    return Measured(
        tuned=tuned,
        chosen=chosen,
        reached=_reached(config, history),
        loss=history.values["loss"].numpy(),
        test=engine.measure.accuracy(model, history.params, test, state=history.state).numpy(),
        diverged=history.diverged.numpy(),
        majority=_majorities(model, first, cure),
        drift=_drift(model, history.params, cure),
        seconds=seconds,
    )


def _train(config: Cures, cure: Cure, lrs: Array, seeds: range, progress: Progress | None) -> "History":
    """Train every learning rate on every start, as one ensemble."""
    train, model = engine.train, network(config, cure)
    x, y = pixels(cure.standardised)[0], engine.data.digits().y

    def loss(moment: "Moment") -> "Tensor":
        # Normalised with these digits' own statistics: the running ones lag far behind in the first steps.
        program = engine.program.Program(model, moment.params, SHOWN)
        z = program.forward(x[:SHOWN].expand(program.members, -1, -1))
        return engine.program.CrossEntropy(z).of(z, y[:SHOWN].unsqueeze(0))

    recipe = train.Recipe(
        steps=config.steps, batch=BATCH, optimiser=cure.optimiser, lr=tuple(np.repeat(lrs, len(seeds)).tolist())
    )
    params = engine.inits.join([start(config, cure, seeds)] * len(lrs))
    return train.train(
        model, params, (x, y), recipe, seeds=seeds, project=_kept(model, cure, params), progress=progress,
        remember={"loss": train.Remember(loss, _looks(config.steps))},
    )  # fmt: skip


def _kept(model: Any, cure: Cure, first: "list[Tensor]") -> "Callable[[list[Tensor]], None] | None":
    """Keep what is not to be trained as it was: frozen biases per input, else the common biases beside them.

    f = sum w (x + b) has no other bias; with b frozen it gets the usual one back.
    """
    if not cure.norm.startswith("bias"):
        return None
    names = [name for name, _ in model.shapes()]
    still = "shift" if cure.norm == "bias_frozen" else "bias"
    kept = [k for k, name in enumerate(names) if name == still and k > 1]

    def project(params: "list[Tensor]") -> None:
        for k in kept:
            params[k].copy_(first[k])

    return project


def _reached(config: Cures, history: "History") -> Array:
    """First step at which the loss is at the goal, infinite if it never is or the run diverged: (E,)."""
    first = engine.measure.first_true(history.values["loss"] <= config.goal).numpy()
    steps: Array = np.array([*history.steps["loss"], np.inf])[first]  # -1 takes the last
    steps[history.diverged.numpy() >= 0] = np.inf
    return steps


def _majorities(model: Any, params: "list[Tensor]", cure: Cure) -> Array:
    """Share of a unit's weights whose gradients, of one batch, have the majority's sign, per layer: (R, D)."""
    import torch

    program = engine.program.Program(model, params, BATCH)
    x, y = pixels(cure.standardised)[0][:BATCH], engine.data.digits().y[:BATCH]
    with torch.inference_mode():
        z = program.forward(x.expand(REPEATS, -1, -1))
        program.backward(engine.program.CrossEntropy(z).gradient(z, y.expand(REPEATS, -1)))
    layers = [layer for layer in program.layers if isinstance(layer, engine.layers.Linear)][1:]
    return torch.stack([_majority(layer.dw) for layer in layers], 1).numpy()


def _majority(gradient: "Tensor") -> "Tensor":
    """Share of a unit's incoming gradients (R, O, I), zeros left out, that have the sign of most: the mean (R,)."""
    up, down = (gradient > 0).sum(2).float(), (gradient < 0).sum(2).float()
    some = (up + down) > 0
    share = up.maximum(down) / (up + down).clamp(min=1)
    return (share * some).sum(1) / some.sum(1).clamp(min=1)


def _drift(model: Any, params: "list[Tensor]", cure: Cure) -> Array:
    """How far the biases per input have gone to minus the mean of their inputs, 1 for all of the way: (R,)."""
    if model.norm != "offset":
        return np.zeros(REPEATS)
    arriving = _arriving(model, params, pixels(cure.standardised)[0][:SHOWN])  # x + b
    shifts = [p for (name, _), p in zip(model.shapes(), params, strict=True) if name == "shift"]
    means = [a.mean(2) - b for a, b in zip(arriving, shifts, strict=True)]
    b, mean = engine.measure.joined(shifts), engine.measure.joined(means)
    return ((-b * mean).sum(1) / mean.square().sum(1).clamp(min=1e-12)).numpy()


def _algebra(seed: int) -> Array:
    """Largest gap between autograd and dL/df (x + b), dL/df (x - b), dL/df w (for b) on one neuron: (3,)."""
    import torch

    g = torch.Generator().manual_seed(seed)
    w, b, x = (torch.randn(10, generator=g, dtype=torch.float64) for _ in range(3))
    w, b = w.requires_grad_(), b.requires_grad_()
    f = (w * (x + b)).sum()
    loss = (f - 1) ** 2
    dw, db = torch.autograd.grad(loss, (w, b))
    slope = 2 * (f.detach() - 1)
    return np.array([float((dw - slope * v).abs().max()) for v in (x + b.detach(), x - b.detach())] + [
        float((db - slope * w.detach()).abs().max())
    ])  # fmt: skip


if __name__ == "__main__":
    from lib.command import command_line

    command_line(Cures, run)
