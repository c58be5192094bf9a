"""How the question is put to networks: what is trained, and what is measured on it."""

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from lib.engine import activations, cores, data, export, inits, measure, mlp, program, train, tuning
from lib.engine.progress import part
from lib.engine.seeds import seeds_of
from lib.engine.train import History, Snapshot, Until
from lib.questions.cures import offset
from lib.questions.cures.config import BATCH, GRID, REPEATS, SCALE, SLOWED, TUNING, WIDTH, Cure, Cures
from lib.questions.cures.result import Result
from lib.types import Array, Progress

SHOWN = 128  # the training digits whose loss is followed
FAR = 1.5  # times the goal: where all lose that much on their batch, those are not looked at
SEEN = 512  # the training digits whose second moments are taken
SIGNS = ("plain", "bias_learned", "bias_frozen")  # whose gradients' signs are told,
WHOLE = SIGNS[:2]  # ... and told as they are after all steps
STACKED = ("tuned", "chosen", "reached", "diverged", "longer", "single")


class Measured(NamedTuple):
    """One cure's numbers, see `Result`."""

    tuned: Array
    chosen: int
    reached: Array
    diverged: Array
    longer: Array
    single: Array
    network: dict[str, Array]  # the first one that did not diverge, at the end


def run(config: Cures, progress: Progress | None = None) -> Result:
    """Tune every cure on a few starts, then train it ten times; the same draws for all."""
    cures = _cures(config)
    jobs = [partial(_measure, config, name, cure) for name, cure in cures.items()]
    measured = cores.each(jobs, progress, size=len(GRID) * TUNING * WIDTH * BATCH)
    return Result(
        config=config,
        names=tuple(cures),
        steps=np.array(tuning.looks(config.steps)),
        algebra=np.array(offset.algebra(config.seed)),
        network=measured[-1].network,
        **{name: np.stack([getattr(m, name) for m in measured]) for name in STACKED},
    )


def pixels(cure: Cure) -> Any:
    """Digits in [0, 1], or with each pixel at mean 0 and standard deviation 1."""
    return data.standardised() if cure.standardised else data.digits()


def _cures(config: Cures) -> dict[str, Cure]:
    """Nothing, each cure alone on the chosen pixels, and the chosen ones together.

    First come those that leave the layers' second moments as they are: the order of the picture.
    """
    base = Cure(config.pixels == "standardised")
    cures = {"plain": base} | {name: base._replace(optimiser=name) for name in ("momentum", "adam")}
    cures |= {name: base._replace(norm=name) for name in ("bias_learned", "layer_before")}
    if not base.standardised:
        cures["standardised"] = Cure(standardised=True)
    last = ("bias_frozen", "layer_after", "batch_before", "batch_after")
    cures |= {name: base._replace(norm=name) for name in last}
    return cures | {"together": Cure(standardised=True, norm=config.norm, optimiser=config.optimiser)}


def network(config: Cures, cure: Cure) -> Any:
    """Return `depth` hidden layers of 32 units with the cure's norm."""
    kind, _, place = cure.norm.partition("_")
    kind = {"bias": "offset"}.get(kind, kind)
    after = kind == "offset" or place == "after"
    return mlp.MLP((64, *[WIDTH] * config.depth, 10), config.activation, norm=kind, norm_after=after)


def start(config: Cures, cure: Cure, seeds: Sequence[int]) -> list[Tensor]:
    """N(0, 1 / fan_in) over the standard deviation of what comes in; biases 0, per input 0 or minus its mean."""
    model = network(config, cure)
    params = list(_drawn(config.depth, model.norm, tuple(seeds)))
    weights = [k for k, (name, _) in enumerate(model.shapes()) if name == "weight"]
    if not cure.norm.endswith("after"):
        for k in weights[1:]:
            params[k] = params[k] / activations.moments(config.activation)[1]
    if cure.norm in ("bias_set", "bias_slow", "bias_frozen"):
        for layer, k in enumerate(weights[1:]):
            params[k - 1] = -_arriving(model, params, cure)[layer].mean(2)
    return params


@lru_cache(maxsize=8)
def _drawn(depth: int, norm: str, seeds: tuple[int, ...]) -> tuple[Tensor, ...]:
    """What all networks with these parameters start from, not to be changed."""
    model = mlp.MLP((64, *[WIDTH] * depth, 10), norm=norm)
    return tuple(inits.start(model, inits.Init("lecun"), seeds))


def _arriving(model: Any, params: list[Tensor], cure: Cure, samples: int = SHOWN) -> list[Tensor]:
    """What comes into each layer behind the first for the first training digits: (R, H, N)."""
    x = pixels(cure).train[0][:samples]
    forward = program.Program(model, params, samples)
    with torch.inference_mode():
        forward.forward(x.expand(forward.members, -1, -1))
    return [layer.x.clone() for layer in measure.linears(forward)]


def _measure(config: Cures, name: str, cure: Cure, progress: Progress | None) -> Measured:
    apart = seeds_of(config.seed, TUNING, skip=500)  # other starts: the reported runs have chosen nothing
    grid, reach = np.array(GRID) * SCALE[cure.optimiser], partial(_reached, config)

    def trained(rates: Array, starts: range, until: Until) -> History:
        told = part(progress, int(starts[0] > 0), 3)
        return _train(config, cure, grid[rates], [apart[k] for k in starts], told, until)

    tuned, chosen = tuning.tuned(trained, reach, _missed, len(grid), TUNING, config.steps, scouts=1)
    seeds, rest = seeds_of(config.seed, REPEATS), part(progress, 2, 3)
    until = None if name in WHOLE else tuning.settled(reach)
    history = _train(config, cure, grid[chosen : chosen + 1], seeds, rest, until)
    model, first = network(config, cure), start(config, cure, seeds)
    return Measured(
        tuned=tuned,
        chosen=chosen,
        reached=_reached(config, history),
        diverged=history.diverged.numpy(),
        longer=_longer(model, first, cure).numpy(),
        single=_single(model, (first, history.params), cure) if name in SIGNS else np.full((2, REPEATS), np.nan),
        network=_named(model, history),
    )


def _named(model: Any, history: History) -> dict[str, Array]:
    """The first network that did not diverge; BatchNorm's running statistics under torch's names."""
    member = int((history.diverged < 0).int().argmax())
    names = [f"norm{k // 2 + 1}.running_{('mean', 'var')[k % 2]}" for k in range(len(history.state))]
    state = {name: s[member].numpy().copy() for name, s in zip(names, history.state, strict=True)}
    return export.named(model, history.params, member) | state


def _train(
    config: Cures,
    cure: Cure,
    lrs: Array,
    seeds: Sequence[int],
    progress: Progress | None = None,
    until: Until | None = None,
) -> History:
    """Train every learning rate on every start, as one ensemble."""
    model = network(config, cure)
    x, y = pixels(cure).train

    params = inits.join([start(config, cure, seeds)] * len(lrs))
    look = measure.Evaluator(model, params, x[:SHOWN])
    labels = y[:SHOWN].unsqueeze(0)

    def loss(snapshot: Snapshot) -> Tensor:
        z = look(snapshot.params)
        return program.CrossEntropy(z).of(z, labels)

    watched = tuning.glancing(
        lambda snapshot: snapshot.loss(), loss, lambda seen: seen > FAR * config.goal, config.steps
    )
    recipe = train.Recipe(
        steps=config.steps, batch=BATCH, optimiser=cure.optimiser, lr=tuple(np.repeat(lrs, len(seeds)).tolist())
    )
    pace = {"bias_slow": SLOWED, "bias_frozen": 0.0}.get(cure.norm, 1.0)
    project = offset.kept(model, params, pace) if cure.norm.startswith("bias") else None
    return train.train(
        model, params, (x, y), recipe, seeds=seeds, project=project, progress=progress, until=until,
        record={"loss": train.Record(watched, tuning.looks(config.steps))},
    )  # fmt: skip


def _reached(config: Cures, history: History) -> Array:
    """First step at which the loss is at the goal: (E,)."""
    return tuning.reached(history, "loss", history.values["loss"] <= config.goal)


def _missed(history: History) -> Array:
    """The loss at the end as a number in [0, 1]: (E,)."""
    return np.asarray(np.minimum(history.values["loss"][-1].numpy(), 10) / 10)


def _single(model: Any, both: Sequence[list[Tensor]], cure: Cure) -> Array:
    """Share of a unit's weights whose gradients, for one sample, have the majority's sign, mean over layers: (2, R).

    One sample's gradient is delta (x + b): it has the signs of what comes in, or the opposite ones.
    """
    arriving = [_arriving(model, params, cure) for params in both]  # before training, and after
    return np.stack([np.mean([measure.majority(h, 1).numpy() for h in layers], 0) for layers in arriving])


def _longer(model: Any, params: list[Tensor], cure: Cure) -> Tensor:
    """How many times as long as wide the loss of each layer's weights is, in its two steepest directions: (R, L).

    Its curvature is the second moment of what the weights add up: of what comes in, and of that without its mean
    where BatchNorm follows, which takes the mean of the sum off.
    """
    x = pixels(cure).train[0][:SEEN]
    behind = _arriving(model, params, cure, SEEN)
    found = []
    for layer, h in enumerate([x.T.unsqueeze(0), *behind]):  # the pixels once, then each (R, I, N)
        taken = h.mean(2, keepdim=True) if cure.norm == "batch_before" and layer < len(behind) else 0
        felt = (h - taken).double()
        steep = torch.linalg.eigvalsh(felt @ felt.transpose(1, 2) / SEEN)[:, -2:]
        found.append((steep[:, 1] / steep[:, 0].clamp(min=1e-12)).sqrt().expand(len(params[0])))
    return torch.stack(found, 1)
