"""What a run of `lib.experiments.forbidden_sign` gave, and the sentences that its numbers choose."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.config import Verdict

Array = np.ndarray[Any, Any]
Numbers = dict[str, float | int | str]

ROUNDING = 1e-5  # float32 may come out below a floor by so much
SAME = 0.01  # scores closer than this count as the same
LEARNED = 0.05  # above the best constant answer by so much: something has been learned


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
    reason: str  # convex, monotone or none
    frames: Array  # (F,) steps of the picture
    picture: Array  # (F, 2, R, points): outputs along the line, or 2 p - 1 over the plane
    target: Array  # (points,) the curve to be learned
    solved: Array  # (heads, 2, 16, R) bool
    monotone: Array  # (16,) bool
    functions: tuple[str, ...]
    negative: Array  # (L,) share of negative weights of the free networks with several outputs
    negative_rewritten: Array  # (L,) the same after the rewriting
    gap: float  # largest change of a probability by the rewriting

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The sentences that the data choose, with their numbers."""
        return {
            "main": main(self),
            "functions": functions(self),
            "head": head(self),
            "rewriting": rewriting(self),
        }

    def loss_range(self) -> tuple[float, float]:
        """From 0 to a little above the free networks' start, or the floor."""
        top = 1.6 * max(float(np.median(self.loss[0, 0])), self.floor, 0.1)
        return (-0.02 * top, top)

    def floors(self, words: dict[str, str]) -> list[tuple[float, str]]:
        """The line that the held networks cannot cross, with its label."""
        return [(self.floor, words[self.reason])] if self.floor > 0 else []

    def surfaces(self) -> Array:
        """How sure the first pair is of its answer over the square, free and held: (F, 2, side, side), x2 upwards."""
        side = round(self.picture.shape[3] ** 0.5)
        square = self.picture[:, :, 0].reshape(len(self.frames), 2, side, side)  # [..., x1, x2]
        return square.swapaxes(2, 3)[:, :, ::-1]

    def fits(self) -> tuple[Array, Array]:
        """Places along the line (points,) and the outputs there at the end, (points, R, 2)."""
        return np.linspace(-1, 1, self.picture.shape[3]), self.picture[-1].transpose(2, 1, 0)

    def learnable(self) -> tuple[list[int], Array]:
        """The functions, monotone ones first, and the per cent of networks that learned each, (16, 4).

        Columns: one logit free and held, two logits free and held.
        """
        order = np.argsort(~self.monotone, kind="stable")
        return order.tolist(), 100 * self.solved.mean(3).reshape(4, -1).T[order]

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
        """One row per Boolean function."""
        order, rates = self.learnable()
        names = ["one_logit_free", "one_logit_held", "two_logits_free", "two_logits_held"]
        frame = pd.DataFrame(rates, columns=names)
        frame.insert(0, "monotone", self.monotone[order])
        frame.insert(0, "function", [self.functions[k] for k in order])
        return frame


def main(result: Result) -> Verdict:
    """What does holding the weights at or above zero cost?"""
    scores, losses = np.median(result.score, 1), np.median(result.loss[-1], 1)
    numbers: Numbers = {
        "task": result.config.task,
        "held_layers": result.config.held,
        "steps": result.config.steps,
        "repeats": result.score.shape[1],
        "free": float(scores[0]),
        "held": float(scores[1]),
        "points": 100 * float(np.median(result.score[1] - result.score[0])),
        "loss_free": float(losses[0]),
        "loss_held": float(losses[1]),
        "lowest": float(result.loss[:, 1].min()),
        "floor": result.floor,
        "apart": float(np.abs(result.loss[:, 0] - result.loss[:, 1]).max()),
        "diverged": int((result.diverged >= 0).sum()),
    }
    return Verdict(_key(result, numbers), numbers)


def _key(result: Result, numbers: Numbers) -> str:
    points = float(numbers["points"])
    if (result.diverged >= 0).mean() > 0.25:
        return "diverged"
    if result.config.held == "none":
        return "same" if float(numbers["apart"]) < SAME else "not_same"
    if float(numbers["free"]) < result.chance + LEARNED:
        return "unlearned"
    if result.floor > 0 and float(numbers["lowest"]) < result.floor - ROUNDING:
        return "floor_broken"
    if result.floor > float(numbers["loss_free"]):
        return f"floor_{result.reason}"
    if abs(points) <= 100 * SAME:
        return "costless"
    return "worse" if points < 0 else "better"


def _counts(result: Result) -> Array:
    """How many of the 16 functions most networks learn: (heads, 2)."""
    return (result.solved.mean(3) > 0.5).sum(2)


def functions(result: Result) -> Verdict:
    """Which of the 16 Boolean functions can be learned with one logit?"""
    held = result.solved[0, 1].mean(1)
    learned = held > 0.5
    counts = _counts(result)
    numbers: Numbers = {
        "free": int(counts[0, 0]),
        "held": int(counts[0, 1]),
        "monotone": int(result.monotone.sum()),
        "others": int((held[~result.monotone] > 0).sum()),
        "repeats": result.score.shape[1],
        "all": len(result.functions),
    }
    if result.config.held == "none":
        return Verdict("functions_free", numbers)
    if counts[0, 0] <= result.monotone.sum():
        return Verdict("functions_unlearned", numbers)
    if (learned == result.monotone).all() and not held[~result.monotone].any():
        return Verdict("functions_monotone", numbers)
    if result.config.held != "all":
        return Verdict("functions_escape" if counts[0, 1] > result.monotone.sum() else "functions_fewer", numbers)
    return Verdict("functions_fewer" if not held[~result.monotone].any() else "functions_broken", numbers)


def head(result: Result) -> Verdict:
    """Does a second logit bring the minus sign back?"""
    counts = _counts(result)
    xor = result.functions.index("xor")
    numbers: Numbers = {
        "one": int(counts[0, 1]),
        "two": int(counts[1, 1]),
        "xor_one": float(result.solved[0, 1, xor].mean()),
        "xor_two": float(result.solved[1, 1, xor].mean()),
        "all": len(result.functions),
    }
    if result.config.held != "all":
        return Verdict("head_not_needed", numbers)
    return Verdict("head_smuggles" if counts[1, 1] > counts[0, 1] else "head_no_help", numbers)


def rewriting(result: Result) -> Verdict:
    """Can a trained free network be written without negative weights?"""
    left = result.negative_rewritten
    numbers: Numbers = {
        "first": float(result.negative[0]),
        "last": float(result.negative[-1]),
        "most": float(left.max()),
        "gap": result.gap,
        "layers": len(left),
    }
    if result.gap > 1e-3:
        return Verdict("rewriting_broken", numbers)
    return Verdict("rewriting_exact" if left.max() == 0 else "rewriting_partial", numbers)
