"""What if negative weights were forbidden?

The same starting draws are trained twice: free, and with the weights of the chosen layers held at or above zero
(their absolute values at the start, clamped after each step). Theorem: with every weight non-negative, free biases,
one output and activations that are non-decreasing and convex (ReLU, leaky ReLU), each unit is by induction a
non-decreasing, convex and supermodular function of the input, and so is the output; for tanh and sigmoid,
non-decreasing is what remains (Sill 1998; Daniels and Velikova 2010; Amos, Xu and Kolter 2017). `engine.monotone`
has the floors that follow. A softmax head escapes: a difference of two non-decreasing outputs can fall, and adding
one number to a column of the last weights changes no probability. With inputs [x, 1 - x] the first layer needs no
minus sign either.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lib import engine
from lib.config import Config, choice
from lib.questions.forbidden_sign.result import Result

if TYPE_CHECKING:
    from torch import Tensor

    from lib.engine.train import History

Array = np.ndarray[Any, Any]
Progress = Callable[[int, int], object]
REPEATS = 10
PANEL_STEPS = 400  # of the 16 functions
PANEL_LR = 0.05
GRID = 24  # points along each side of a picture
LINE = 101  # points along a curve
FRAMES = 12
SURE = 0.6  # a Boolean function counts as learned if each of its four answers is right with this probability
CONVEX = ("relu", "leaky_relu")


class Task(NamedTuple):
    """What is learned, and how."""

    name: str  # as the engine's data know it
    kind: str  # boolean, region, curve, digits or pair
    loss: str
    lr: float
    batch: int | None = None
    outputs: int = 1


TASKS = {
    "xor": Task("xor", "boolean", "logistic", 0.02),
    "xor_softmax": Task("xor", "boolean", "cross_entropy", 0.02, outputs=2),
    "ramp": Task("ramp", "curve", "squared", 0.02),
    "parabola": Task("parabola", "curve", "squared", 0.02),
    "sine": Task("sine", "curve", "squared", 0.02),
    "or_region": Task("or_region", "region", "logistic", 0.02),
    "and_region": Task("and_region", "region", "logistic", 0.02),
    "disc": Task("disc", "region", "logistic", 0.02),
    "digits": Task("digits", "digits", "cross_entropy", 0.005, batch=64, outputs=10),
    "eight_not_three": Task("3 8", "pair", "logistic", 0.01),
    "three_not_eight": Task("8 3", "pair", "logistic", 0.01),
}


@dataclass(frozen=True)
class ForbiddenSign(Config):
    """What the reader may choose."""

    task: str = choice("xor", among=tuple(TASKS))
    held: str = choice("all", among=("none", "first", "last", "all"))
    activation: str = choice("relu", among=("relu", "leaky_relu", "tanh", "sigmoid"))
    hidden: int = choice(1, among=(1, 2, 3))
    width: int = choice(8, among=(2, 4, 8, 16, 32))
    steps: int = choice(300, among=(10, 30, 100, 300, 1000))
    seed: int = choice(0, among=tuple(range(100)))


HEAVIEST = ForbiddenSign(task="digits", hidden=3, width=32, steps=1000, activation="tanh")


def run(config: ForbiddenSign, progress: Progress | None = None) -> Result:
    """Train the chosen task and all 16 Boolean functions, each free and held, from the same draws."""
    task = TASKS[config.task]
    fit, score = engine.tasks.samples(task.name, task.kind, task.outputs)
    network = _network(config, fit[0].shape[1], task.outputs)
    recipe = engine.train.Recipe(config.steps, task.loss, "adam", lr=task.lr, batch=task.batch)
    total = config.steps + 2 * PANEL_STEPS
    remember = {"loss": _loss(config.steps)} | _picture(network, task, config.steps)
    history = _both(config, network, fit, recipe, remember, _part(progress, 0, total))
    panels = [_panel(config, k, _part(progress, config.steps + (k - 1) * PANEL_STEPS, total)) for k in (1, 2)]
    return _result(config, network, history, fit, score, panels)


def _part(progress: Progress | None, done: int, total: int) -> Progress | None:
    return None if progress is None else lambda step, _: progress(done + step, total)


def _network(config: ForbiddenSign, inputs: int, outputs: int) -> Any:
    return engine.mlp.MLP((inputs, *[config.width] * config.hidden, outputs), config.activation)


def _both(
    config: ForbiddenSign, network: Any, fit: Any, recipe: Any, remember: Any, told: Progress | None, copies: int = 1
) -> "History":
    """Train free and held, C = 2 conditions of `copies` times R members."""
    seeds = range(config.seed * 1000, config.seed * 1000 + REPEATS)
    free = engine.inits.join([engine.inits.start(network, engine.inits.Init("he"), seeds)] * copies)
    layers = {"none": (), "first": (0,), "last": (-2,), "all": range(0, len(free), 2)}[config.held]
    held = list(free)
    for layer in layers:
        held[layer] = free[layer].abs()
    count = REPEATS * copies

    def project(params: "list[Tensor]") -> None:
        for layer in layers:
            params[layer][count:].clamp_(min=0)

    return engine.train.train(
        network, engine.inits.join([free, held]), fit, recipe, seeds=seeds, remember=remember, project=project,
        progress=told,
    )  # fmt: skip


def _loss(steps: int) -> Any:
    return engine.train.Remember(lambda moment: moment.loss(), engine.train.spread_steps(steps, 60))


def _picture(network: Any, task: Task, steps: int) -> dict[str, Any]:
    """Remember the outputs along a line, or over the plane how sure the answer is: 2 p - 1, in (-1, 1)."""
    data, measure, train = engine.data, engine.measure, engine.train
    if task.kind == "curve":
        line = data.curve(task.name, LINE)[0]
        return {"picture": train.Remember(lambda m: measure.outputs(network, m.params, line)[:, 0], [steps])}
    if task.kind in ("digits", "pair"):
        return {}
    points = data.region("disc", GRID)[0]
    sure = train.Remember(
        lambda m: engine.tasks.sureness(network, m.params, points), train.spread_steps(steps, FRAMES)
    )
    return {"picture": sure}


def _panel(config: ForbiddenSign, outputs: int, progress: Progress | None) -> tuple[Array, "list[Tensor]"]:
    """Train all 16 Boolean functions with one or two logits: solved (2, 16, R), and the parameters."""
    import torch

    functions = [engine.data.boolean(name) for name in engine.data.BOOLEAN]
    targets = torch.stack([y for _, y in functions]).repeat_interleave(REPEATS, 0).repeat(2, 1, 1)  # (E, 4, 1)
    x = functions[0][0].expand(len(targets), -1, -1)
    y = targets if outputs == 1 else targets[:, :, 0].long()
    loss = "logistic" if outputs == 1 else "cross_entropy"
    recipe = engine.train.Recipe(steps=PANEL_STEPS, loss=loss, optimiser="adam", lr=PANEL_LR)
    network = _network(config, 2, outputs)
    history = _both(config, network, (x, y), recipe, {}, progress, copies=len(functions))
    z = engine.measure.outputs(network, history.params, x)  # (E, outputs, 4)
    right = engine.tasks.worst(z, targets[:, :, 0])
    return (right > SURE).view(2, len(functions), REPEATS).numpy(), history.params


def _result(config: ForbiddenSign, network: Any, history: "History", fit: Any, score: Any, panels: Any) -> Result:
    task = TASKS[config.task]
    bounded = config.held == "all" and task.outputs == 1
    x, y = (v.numpy() for v in fit)
    floor, reason = engine.monotone.floor(task.kind, x, y, config.activation in CONVEX) if bounded else (0.0, "none")
    # The free networks to rewrite: this run's if they have several outputs, else XOR's with two logits.
    several, params, points = network, [p[:REPEATS] for p in history.params], fit[0]
    if task.outputs == 1:
        xor = engine.data.BOOLEAN.index("xor") * REPEATS
        several, points = _network(config, 2, 2), engine.data.boolean("xor")[0]
        params = [p[xor : xor + REPEATS] for p in panels[1][1]]
    before, after, gap = engine.rewriting.shares_negative(several, params, points)
    picture = history.values.get("picture")
    return Result(
        config=config,
        kind=task.kind,
        steps=np.array(history.steps["loss"]),
        loss=history.values["loss"].numpy().reshape(-1, 2, REPEATS),
        score=engine.tasks.score(network, history.params, task.kind, score).numpy().reshape(2, REPEATS),
        chance=engine.tasks.chance(task.kind, score[1]),
        diverged=history.diverged.numpy().reshape(2, REPEATS),
        floor=floor,
        reason=reason,
        frames=np.array(history.steps.get("picture", [])),
        picture=np.zeros((0, 2, REPEATS, 0))
        if picture is None
        else picture.numpy().reshape(len(picture), 2, REPEATS, -1),
        target=engine.data.curve(task.name, LINE)[1][:, 0].numpy() if task.kind == "curve" else np.zeros(0),
        solved=np.stack([solved for solved, _ in panels]),
        monotone=np.array([engine.tasks.can_be_monotone(name) for name in engine.data.BOOLEAN]),
        functions=engine.data.BOOLEAN,
        negative=before,
        negative_rewritten=after,
        gap=gap,
    )
