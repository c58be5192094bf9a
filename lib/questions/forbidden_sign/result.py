"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.questions.forbidden_sign.config import MARGIN, MOST
from lib.types import Array


@dataclass(frozen=True)
class Result:
    """Conditions (free, held), R paired repeats, S steps, F frames, L layers; heads: one logit, two logits."""

    config: Any  # the ForbiddenSign of the run
    kind: str  # boolean, region, curve, digits or pair
    steps: Array  # (S,)
    loss: Array  # (S, 2, R)
    score: Array  # (2, R) share of right answers, or of the variance explained
    chance: float  # the score of the best constant answer
    diverged: Array  # (2, R) step, or -1
    floor: float  # no held network's loss can be lower; 0 where theory has no floor
    reason: str  # supermodular, convex, monotone or none
    frames: Array  # (F,) steps of the picture
    picture: Array  # (F, 2, R, points): outputs along the line, or 2 p - 1 over the plane
    target: Array  # (points,) the curve to be learned
    solved: Array  # (heads, 2, 16, R) bool
    answers: Array  # (2, 16, side, side) 2 p - 1 of the first start's networks with one logit, x2 upwards
    wanted: Array  # (16, 4) what the functions answer at 00, 01, 10 and 11
    monotone: Array  # (16,) bool
    functions: tuple[str, ...]
    negative: Array  # (L,) median share of negative weights of the free networks
    least: float  # smallest output of any hidden unit of those free networks
    network: dict[str, Array]  # the first held network that did not diverge, at the end, by name

    def loss_range(self) -> tuple[float, float]:
        """From 0 to a little above the free networks' start, or the floor."""
        top = 1.6 * max(float(np.median(self.loss[0, 0])), self.floor, 0.1)
        return (-0.02 * top, top)

    def surfaces(self) -> Array:
        """How sure the first pair is of its answer over the square, free and held: (F, 2, side, side), x2 upwards."""
        side = round(self.picture.shape[3] ** 0.5)
        square = self.picture[:, :, 0].reshape(len(self.frames), 2, side, side)  # [..., x1, x2]
        return square.swapaxes(2, 3)[:, :, ::-1]

    def fits(self) -> tuple[Array, Array]:
        """Places along the line (points,) and the outputs there at the end, (points, R, 2)."""
        return np.linspace(-1, 1, self.picture.shape[3]), self.picture[-1].transpose(2, 1, 0)

    @property
    def by_corners(self) -> list[int]:
        """The functions in four rows of four: rows by their answers at 00 and 11, columns by those at 01 and 10."""
        rows, columns = [(0, 1), (0, 0), (1, 1), (1, 0)], [(0, 0), (0, 1), (1, 0), (1, 1)]
        order = {(a, b, c, d): k for k, (a, b, c, d) in enumerate(self.wanted.astype(int).tolist())}
        return [order[a, b, c, d] for a, d in rows for b, c in columns]

    @property
    def learned(self) -> Array:
        """Share (2, 16) of the starts that learn each function with one logit, free and held."""
        return np.asarray(self.solved[0].mean(2))

    def mark(self, k: int) -> str:
        """Whether most starts learn the k-th function with held weights: yes or no."""
        return "yes" if self.learned[1, k] > MOST else "no"

    @property
    def corners(self) -> Array:
        """The four points in the squares of `answers`, from 0 to 1."""
        return (np.array([[0, 0], [0, 1], [1, 0], [1, 1]]) + MARGIN) / (1 + 2 * MARGIN)

    def table(self) -> pd.DataFrame:
        """One row per condition and repeat."""
        repeats = self.score.shape[1]
        return pd.DataFrame(
            {
                "weights": np.repeat(["free", "held"], repeats),
                "repeat": list(range(repeats)) * 2,
                "loss": self.loss[-1].ravel(),
                "score": self.score.ravel(),
                "floor": self.floor,
                "diverged_at_step": self.diverged.ravel(),
            }
        )

    def functions_table(self) -> pd.DataFrame:
        """One row per Boolean function, the monotone ones first: per cent of the starts that learned it."""
        order = np.argsort(~self.monotone, kind="stable")
        names = ["one_logit_free", "one_logit_held", "two_logits_free", "two_logits_held"]
        frame = pd.DataFrame(100 * self.solved.mean(3).reshape(4, -1).T[order], columns=names)
        frame.insert(0, "monotone", self.monotone[order])
        frame.insert(0, "function", [self.functions[k] for k in order])
        return frame
