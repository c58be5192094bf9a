"""How the question is put to networks: what is trained, and what is measured on it."""

from functools import cache, partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lib.engine import activations, cores, data, export, inits, measure, mlp, monotone, tasks, train
from lib.engine.seeds import seeds_of
from lib.engine.train import History
from lib.questions.forbidden_sign.config import MARGIN, TASKS, ForbiddenSign, Task
from lib.questions.forbidden_sign.result import Result
from lib.types import Array, Progress

REPEATS = 10
PANEL_STEPS = 400  # of the 16 functions
PANEL_LR = 0.05
GRID = 24  # points along each side of a picture
SQUARE = 20  # cells along each side of the 16 functions' squares
LINE = 101  # points along a curve
FRAMES = 12
SURE = 0.6  # a Boolean function counts as learned if each of its four answers is right with this probability
CONVEX = ("relu", "leaky_relu")


def run(config: ForbiddenSign, progress: Progress | None = None) -> Result:
    """Train the chosen task and all 16 Boolean functions, each free and held, from the same draws."""
    task = TASKS[config.task]
    fit, score = tasks.samples(task.name, task.kind, task.outputs)
    network = _network(config, fit[0].shape[1], task.outputs)
    corners = 4 * len(data.BOOLEAN)
    jobs: list[cores.Job[Any]] = [partial(_panel, config, outputs) for outputs in (2, 1)]  # the longer one begins
    at = len(jobs) if config.steps * (task.batch or len(fit[0])) < PANEL_STEPS * corners else 0
    jobs.insert(at, partial(_chosen, config, network, fit))
    found = cores.each(jobs, progress, size=2 * corners * REPEATS * config.width)
    history, panels = found.pop(at), found[::-1]
    return _result(config, network, history, fit, score, panels)


def _network(config: ForbiddenSign, inputs: int, outputs: int) -> Any:
    return mlp.MLP((inputs, *[config.width] * config.hidden, outputs), config.activation)


def _chosen(config: ForbiddenSign, network: Any, fit: Any, progress: Progress) -> History:
    """Train the chosen task."""
    task = TASKS[config.task]
    recipe = train.Recipe(config.steps, task.loss, "adam", lr=task.lr, batch=task.batch)
    record = {"loss": _loss(config.steps)} | _picture(network, task, config.steps)
    return _both(config, network, fit, recipe, record, progress)


def _both(
    config: ForbiddenSign, network: Any, fit: Any, recipe: Any, record: Any, told: Progress, copies: int = 1
) -> History:
    """Train free and held, C = 2 conditions of `copies` times R members."""
    seeds = seeds_of(config.seed, REPEATS)
    free = inits.join([inits.start(network, inits.Init("he"), seeds)] * copies)
    layers = {"none": (), "first": (0,), "last": (-2,), "all": range(0, len(free), 2)}[config.held]
    held = list(free)
    for layer in layers:
        held[layer] = free[layer].abs()
    count = REPEATS * copies

    def project(params: list[Tensor]) -> None:
        for layer in layers:
            params[layer][count:].clamp_(min=0)

    return train.train(
        network, inits.join([free, held]), fit, recipe, seeds=seeds, record=record, project=project, progress=told
    )


def _loss(steps: int) -> Any:
    return train.Record(lambda snapshot: snapshot.loss(), train.spread_steps(steps, 60))


def _picture(network: Any, task: Task, steps: int) -> dict[str, Any]:
    """Record the outputs along a line, or over the plane how sure the answer is: 2 p - 1, in (-1, 1)."""
    if task.kind == "curve":
        line = data.curve(task.name, LINE)[0]
        return {"picture": train.Record(lambda m: measure.outputs(network, m.params, line)[:, 0], [steps])}
    if task.kind in ("digits", "pair"):
        return {}
    points = data.region("disc", GRID)[0]
    sure = train.Record(lambda m: tasks.sureness(network, m.params, points), train.spread_steps(steps, FRAMES))
    return {"picture": sure}


def _panel(config: ForbiddenSign, outputs: int, progress: Progress) -> tuple[Array, list[Tensor]]:
    """Train all 16 Boolean functions with one or two logits: solved (2, 16, R), and the parameters."""
    functions = [data.boolean(name) for name in data.BOOLEAN]
    targets = torch.stack([y for _, y in functions]).repeat_interleave(REPEATS, 0).repeat(2, 1, 1)  # (E, 4, 1)
    x = functions[0][0].expand(len(targets), -1, -1)
    y = targets if outputs == 1 else targets[:, :, 0].long()
    loss = "logistic" if outputs == 1 else "cross_entropy"
    recipe = train.Recipe(steps=PANEL_STEPS, loss=loss, optimiser="adam", lr=PANEL_LR)
    network = _network(config, 2, outputs)
    history = _both(config, network, (x, y), recipe, {}, progress, copies=len(functions))
    z = measure.outputs(network, history.params, x)  # (E, outputs, 4)
    right = tasks.worst(z, targets[:, :, 0])
    return (right > SURE).view(2, len(functions), REPEATS).numpy(), history.params


@cache
def _monotone() -> tuple[bool, ...]:
    """Which of the 16 Boolean functions are monotone; the same in every run."""
    return tuple(tasks.can_be_monotone(name) for name in data.BOOLEAN)


def _answers(config: ForbiddenSign, params: list[Tensor]) -> Array:
    """How sure the first start's networks are of the 16 functions, free and held: (2, 16, side, side), x2 upwards."""
    places = (torch.arange(SQUARE) + 0.5) / SQUARE * (1 + 2 * MARGIN) - MARGIN
    points = torch.cartesian_prod(places, places)
    sure = tasks.sureness(_network(config, 2, 1), [p[::REPEATS] for p in params], points)
    return sure.view(2, len(data.BOOLEAN), SQUARE, SQUARE).mT.flip(2).numpy()


def _least_hidden(network: Any, params: list[Tensor], x: Tensor) -> float:
    """The smallest output of any hidden unit of any network at inputs x (N, I)."""
    least = np.inf
    for k in range(2, len(params), 2):  # the first layers of it, cut off behind each hidden layer in turn
        sizes = network.sizes[: k // 2 + 1]
        z = measure.outputs(mlp.MLP(sizes, network.activation), params[:k], x)
        activations.activation(network.activation).forward(z, z)
        least = min(least, float(z.min()))
    return least


def _result(config: ForbiddenSign, network: Any, history: History, fit: Any, score: Any, panels: Any) -> Result:
    task = TASKS[config.task]
    bounded = config.held == "all" and task.outputs == 1
    x, y = (v.numpy() for v in fit)
    floor, reason = monotone.floor(task.kind, x, y, config.activation in CONVEX) if bounded else (0.0, "none")
    if task.kind == "boolean" and reason == "convex":
        reason = "supermodular"  # on a square's corners convexity alone forbids nothing
    if task.kind == "curve" and floor <= monotone.isotonic_error(y[:, 0]) + 1e-9:
        reason = "monotone"  # a parabola bends upwards as it is: what is missing is the way down
    free = [p[:REPEATS] for p in history.params]
    negative = measure.share_negative(measure.weights(network, free)).median(0).values
    picture = history.values.get("picture")
    first = REPEATS + int((history.diverged[REPEATS:] < 0).int().argmax())
    return Result(
        config=config,
        kind=task.kind,
        steps=np.array(history.steps["loss"]),
        loss=history.values["loss"].numpy().reshape(-1, 2, REPEATS),
        score=tasks.score(network, history.params, task.kind, score).numpy().reshape(2, REPEATS),
        chance=tasks.chance(task.kind, score[1]),
        diverged=history.diverged.numpy().reshape(2, REPEATS),
        floor=floor,
        reason=reason,
        frames=np.array(history.steps.get("picture", [])),
        picture=np.zeros((0, 2, REPEATS, 0))
        if picture is None
        else picture.numpy().reshape(len(picture), 2, REPEATS, -1),
        target=data.curve(task.name, LINE)[1][:, 0].numpy() if task.kind == "curve" else np.zeros(0),
        solved=np.stack([solved for solved, _ in panels]),
        answers=_answers(config, panels[0][1]),
        wanted=np.stack([data.boolean(name)[1][:, 0].numpy() for name in data.BOOLEAN]),
        monotone=np.array(_monotone()),
        functions=data.BOOLEAN,
        negative=negative.numpy(),
        least=_least_hidden(network, free, fit[0]),
        network=export.named(network, history.params, first),
    )
