"""Comparisons of speed: the steps until a goal is reached, and the learning rate that needs the fewest.

A comparison at one learning rate favours whatever that rate suits, so each condition gets its own best of a grid,
found on a few starts that are not reported: a race, in which the first may tell who is tried on the others.
Nothing after the goal is counted: trainings end where all is decided, and far from the goal nobody looks closely.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from lib.engine.measure import first_true
from lib.engine.train import History, Snapshot, Until

Look = Callable[[Snapshot], Tensor]
Reach = Callable[[History], np.ndarray]  # a number per member (E,)
Trained = Callable[[np.ndarray, range, Until], History]

# A learning rate of less than a tenth more steps than the fewest is as good. Not 1.1: whether exactly a tenth more
# is within that would be for rounding to say.
CLOSE = 1.0999
# A learning rate that needs more than so many times the fewest steps on the scouts' starts is not tried on others.
NEAR = 1.75


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


def glancing(glance: Look, look: Look, far: Callable[[Tensor], Tensor], last: int) -> Look:
    """Return what records `look` (E,), or `glance`, which costs less, where that says that all are `far` away.

    At the `last` step it looks: how far those got who are not there is another number.
    """

    def what(snapshot: Snapshot) -> Tensor:
        seen = glance(snapshot)
        return seen if snapshot.step < last and bool(far(seen).all()) else look(snapshot)

    return what


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


def near(steps: np.ndarray, least: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Which learning rates (L,) are worth more starts: those whose few, `steps` (L, T), may be `NEAR` the fewest.

    `least` and `end` are of those that are not there, as in `decided` and `best`.
    """
    whole = np.isfinite(steps).all(1)
    spent = np.where(np.isfinite(steps), steps, least if whole.any() else least + end).mean(1)
    few: np.ndarray = spent <= NEAR * np.min(spent, where=whole | ~whole.any(), initial=np.inf)
    return few


def known(steps: np.ndarray, least: np.ndarray) -> bool:
    """Whether it is known which rates are `near`: all of these have come to their goal."""
    whole = np.isfinite(steps).all(1)
    return bool(whole.any() and (whole | ~near(steps, least, least)).all())


def tuned(
    trained: Trained, reach: Reach, end: Reach, rates: int, starts: int, allowed: int, *, scouts: int = 0
) -> tuple[np.ndarray, int]:
    """Race a grid of learning rates until the best is known: the steps to the goal (L, T), and which is `best`.

    With `scouts`, all are trained on so many starts first, and only those that come `near` there on the others: worth
    it where the starts are many. `trained(rates, starts, until)` trains each of these rates' indices, in rising
    order, on each of these starts' (L', T'), at most `allowed` steps, and records when `looks` says: who is not there
    at one look is there at the next or later. `reach` and `end` are the steps to the goal and how far from it a
    history ends, (L' * T',). Who is not there when the best is known, or was not trained, has infinite steps.
    """
    steps, least, missed = (np.full((rates, starts), fill) for fill in (np.inf, 0.0, 0.0))

    def race(some: np.ndarray, first: int, last: int, enough: Callable[[np.ndarray, np.ndarray], bool]) -> None:
        def until(history: History) -> bool:
            steps[some, first:last] = reach(history).reshape(len(some), -1)
            least[some, first:last] = _least(history, allowed).reshape(len(some), -1)
            return enough(steps[some, :last], least[some, :last])

        history = trained(some, range(first, last), until)
        until(history)
        missed[some, first:last] = end(history).reshape(len(some), -1)

    kept = np.arange(rates)
    if scouts:
        race(kept, 0, scouts, known)
        kept = np.flatnonzero(near(steps[:, :scouts], least[:, :scouts], missed[:, :scouts]))
    if len(kept) > 1 and scouts < starts:
        race(kept, scouts, starts, decided)
    return steps, int(kept[best(steps[kept], missed[kept], allowed)])


def _least(history: History, allowed: int) -> np.ndarray:
    """How many steps those need who are not there yet: the next look's, or as `best` counts "never": (E,)."""
    now = max(steps[-1] for steps in history.steps.values())
    later = next((step for step in looks(allowed) if step > now), 2 * allowed)
    return np.where(history.diverged.numpy() < 0, later, 2 * allowed)


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
