"""Comparisons of speed: the steps until a goal is reached, and the learning rate that needs the fewest.

A comparison at one learning rate favours whatever that rate suits, so each condition gets its own best of a grid,
found on a few starts that are not reported.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from lib.engine.measure import first_true
from lib.engine.train import History

CLOSE = 1.1  # a learning rate within this factor of the fewest steps is as good


def looks(steps: int) -> list[int]:
    """When to look whether a goal is reached: every second step, later every fifth and every tenth."""
    return [t for t in range(steps + 1) if t % (2 if t <= 30 else 5 if t <= 60 else 10) == 0]


def reached(history: History, name: str, there: Tensor) -> np.ndarray:
    """Step at which `there` (S, E), looked at when `name` was recorded, first holds: (E,).

    Infinite where it never does, and for members that diverged.
    """
    steps: np.ndarray = np.array([*history.steps[name], np.inf])[first_true(there).numpy()]  # -1 takes the last
    steps[history.diverged.numpy() >= 0] = np.inf
    return steps


def best(steps: np.ndarray, end: np.ndarray, allowed: int) -> int:
    """Index of the learning rate, in rising order, to use after tuning runs with `steps` (L, T) to the goal.

    The smallest that comes close to the fewest on average, since the next larger one may be over the edge for
    another start. "Never" counts as twice the steps `allowed`; among equals the lower `end` (L, T), in [0, 1], wins.
    """
    spent = (np.minimum(steps, 2 * allowed) + end).mean(1)
    return int(np.argmax(spent <= CLOSE * spent.min())) if np.isfinite(steps).any() else int(np.argmin(spent))


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
