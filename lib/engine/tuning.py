"""Comparisons of speed: the steps until a goal is reached, and the learning rate that needs the fewest.

A comparison at one learning rate favours whatever that rate suits, so each condition gets its own best of a grid,
found on a few starts that are not reported. Nothing after the goal is counted: trainings end where all is decided.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from lib.engine.measure import first_true
from lib.engine.train import History, Until

Reach = Callable[[History], np.ndarray]  # a number per member (E,)
Trained = Callable[[Until], History]

# A learning rate of less than a tenth more steps than the fewest is as good. Not 1.1: whether exactly a tenth more
# is within that would be for rounding to say.
CLOSE = 1.0999


def looks(steps: int) -> list[int]:
    """When to look whether a goal is reached: every second step, later every fifth and every tenth."""
    return [t for t in range(steps + 1) if t % (2 if t <= 30 else 5 if t <= 60 else 10) == 0]


def reached(history: History, name: str, there: Tensor) -> np.ndarray:
    """Step at which `there` (S, E), looked at when `name` was recorded, first holds: (E,).

    Infinite where it does not by the end of the history, or only for a member that has diverged by then: what comes
    after the goal is another matter, so that a training may end there.
    """
    steps: np.ndarray = np.array([*history.steps[name], np.inf])[first_true(there).numpy()]  # -1 takes the last
    gone = history.diverged.numpy()
    steps[(gone >= 0) & (gone <= steps)] = np.inf
    return steps


def best(steps: np.ndarray, end: np.ndarray, allowed: int) -> int:
    """Index of the learning rate, in rising order, to use after tuning runs with `steps` (L, T) to the goal.

    The smallest that comes close to the fewest on average, since the next larger one may be over the edge for
    another start. "Never" counts as twice the steps `allowed` and `end` (L, T), in [0, 1]: among those that do not
    get there the lower wins.
    """
    spent = np.where(np.isfinite(steps), steps, 2 * allowed + end).mean(1)
    return int(np.argmax(spent <= CLOSE * spent.min())) if np.isfinite(steps).any() else int(np.argmin(spent))


def decided(steps: np.ndarray, least: np.ndarray) -> bool:
    """Whether `best` is known, from the `steps` (L, T) of those that are there and the `least` of all others.

    It is the smallest rate that is close to the fewest, W of those whose starts are all there, if no smaller rate
    can come close any more, and no larger one can need so few that W is not close.
    """
    spent, whole = np.where(np.isfinite(steps), steps, least).mean(1), np.isfinite(steps).all(1)
    if not whole.any():
        return False
    close = CLOSE * spent[whole].min()
    smallest = int(np.argmax(whole & (spent <= close)))
    return bool((spent[:smallest] > close).all() and (CLOSE * spent[smallest:] >= spent[smallest]).all())


def tuned(trained: Trained, reach: Reach, end: Reach, rates: int, allowed: int) -> tuple[np.ndarray, int]:
    """Train a grid of learning rates until the best is known: the steps to the goal (L, T), and which is `best`.

    `trained(until)` trains T starts with each of the L `rates` in rising order, at most `allowed` steps, and records
    when `looks` says: who is not there at one look is there at the next or later. `reach` and `end` are the steps to
    the goal and how far from it a history ends, (L * T,). Who is not there when the best is known has infinite steps.
    """

    def until(history: History) -> bool:
        now = max(steps[-1] for steps in history.steps.values())
        later = next((step for step in looks(allowed) if step > now), 2 * allowed)
        least = np.where(history.diverged.numpy() < 0, later, 2 * allowed)
        return decided(reach(history).reshape(rates, -1), least.reshape(rates, -1))

    history = trained(until)
    steps = reach(history).reshape(rates, -1)
    return steps, best(steps, end(history).reshape(steps.shape), allowed)


def settled(reach: Reach) -> Until:
    """Return what ends a training when every member is at its goal or has diverged."""
    return lambda history: bool((np.isfinite(reach(history)) | (history.diverged.numpy() >= 0)).all())


def together(histories: Sequence[History]) -> History:
    """Several trainings that recorded the same steps, as one: their members one after the other."""
    first = histories[0]
    return History(
        {name: torch.cat([h.values[name] for h in histories], 1) for name in first.values},
        first.steps,
        [torch.cat(parts) for parts in zip(*(h.params for h in histories), strict=True)],
        [torch.cat(parts) for parts in zip(*(h.state for h in histories), strict=True)],
        torch.cat([h.diverged for h in histories]),
    )
