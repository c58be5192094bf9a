"""What a run gave."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.questions.template.config import IMAGES, JITTER
from lib.types import Array

LEVELS = 16  # grey levels of the digits


def cosines(a: Array, b: Array) -> Array:
    """Cosines (..., K, M) of rows a (..., K, I) with rows b (..., M, I); 0 where either is zero."""
    products = a @ np.swapaxes(b, -1, -2)
    norms = np.linalg.norm(a, axis=-1)[..., :, None] * np.linalg.norm(b, axis=-1)[..., None, :]
    return np.asarray(np.divide(products, norms, out=np.zeros_like(products), where=norms > 0))


def forward(params: list[Array], x: Array) -> Array:
    """Logits (R, N, 10) of ReLU networks with parameters weight (R, O, I), bias (R, O), ... for x (N, I)."""
    h = x @ np.swapaxes(params[0], 1, 2) + params[1][:, None]
    for w, b in zip(params[2::2], params[3::2], strict=True):
        h = np.maximum(h, 0) @ np.swapaxes(w, 1, 2) + b[:, None]
    return np.asarray(h)


def jitter(x: Array, draws: np.random.Generator) -> Array:
    """The images (N, I) raw, with their brightness jittered, and all at norm 1: (3, N, I)."""
    factors = draws.uniform(1 - JITTER, 1 + JITTER, (len(x), 1))
    return np.stack([x, x * factors, x / np.linalg.norm(x, axis=1, keepdims=True)])


def reversals(w: Array, x: Array, pairs: Array) -> Array:
    """Share (R,) of pairs of images (2, P) that units w (R, K, I) put in another order by dot product than by cosine.

    Pairs closer than rounding count as ties, which reverse nothing.
    """
    dot, cos = w @ x.T, cosines(w, x[None])
    by_dot, by_cos = (v[..., pairs[0]] - v[..., pairs[1]] for v in (dot, cos))  # (R, K, P)
    apart = (np.abs(by_dot) > 1e-12) & (np.abs(by_cos) > 1e-12)
    return np.asarray((apart & (by_dot * by_cos < 0)).mean((1, 2)))


@dataclass(frozen=True)
class Result:
    """R repeats, S steps, K units of the first layer."""

    config: Any  # the Template of the run
    steps: Array  # (S,)
    params: list[Array]  # weight (R, O, I), bias (R, O), ... at the end
    live: Array  # (R, 64) pixels that vary in the repeat's training sample
    means: Array  # (10, 64) mean of each class minus the mean of all, of the first repeat's training sample
    kin: Array  # (S, R) likeness to the class means
    kin_random: Array  # (R,) the same of random weights
    accuracy: Array  # (S, R) on the test digits
    reversed: Array  # (R, 3) share of pairs in another order, for raw, jittered, normalised
    same_best: Array  # (R, 3) share of units with the same best image
    found: Array  # (R, K, 64) where the search for each unit's best input ends
    examples: Array  # (10, 64) a test digit of each class
    error: Array  # (R,)
    regions: Array  # (R,)
    diverged: Array  # (R,)
    network: dict[str, Array]  # of the first repeat at the end, by name

    def levels(self) -> dict[str, tuple[int, ...]]:
        """The example digits as grey levels, by name."""
        return {str(k): tuple(np.rint(e * LEVELS).astype(int).tolist()) for k, e in enumerate(self.examples)}

    def shown(self, levels: tuple[int, ...]) -> int | None:
        """Which of the example digits these grey levels are; None for a picture that is none of them."""
        return next((int(name) for name, example in self.levels().items() if example == levels), None)

    def templates(self) -> Array:
        """The first repeat's weights (K, 64); with one layer less their mean, as an image added to all is no vote."""
        w = self.params[0][0]
        return w - w.mean(0) if self.config.network == "softmax" else w

    def closest(self) -> tuple[Array, Array]:
        """Which of the units stands under each class, its own or else the most like it, and its cosine: (10,)."""
        live = self.live[0]
        found = cosines(self.templates() * live, self.means * live)  # (K, 10)
        units = np.arange(10) if self.config.network == "softmax" else np.abs(found).argmax(0)
        return units, found[units, np.arange(10)]

    def rows(self, levels: tuple[int, ...]) -> tuple[Array, Array, Array, Array]:
        """A picture of 64 grey levels, what sets each class apart, the units under them, and their products.

        (1, 8, 8), then (10, 8, 8) each, empty where no pixel varies.
        """
        x, w = np.array(levels) / LEVELS, self.templates()[self.closest()[0]]
        tiles = np.where(self.live[0], np.stack([self.means, w, x * w]), np.nan).reshape(3, 10, 8, 8)
        return x.reshape(1, 8, 8), *tiles

    def votes(self, levels: tuple[int, ...]) -> Array:
        """The sums (10,) of these products: what the picture adds to each unit's answer."""
        return np.asarray(np.nansum(self.rows(levels)[3], axis=(1, 2)))

    def curves(self) -> Array:
        """Likeness and accuracy in per cent (S, R, 2)."""
        return 100 * np.stack([self.kin, self.accuracy], 2)

    def over_steps(self) -> pd.DataFrame:
        """Medians of the curves."""
        return pd.DataFrame(np.median(self.curves(), 1), columns=["likeness", "accuracy"]).assign(step=self.steps)

    def table(self) -> pd.DataFrame:
        """One row per repeat."""
        named = {f"reversed_{name}": self.reversed[:, k] for k, name in enumerate(IMAGES)}
        return pd.DataFrame(
            {
                "repeat": range(len(self.error)),
                "likeness": self.kin[-1],
                "likeness_random": self.kin_random,
                "test_accuracy": self.accuracy[-1],
                "regions": self.regions,
                "coefficient_error": self.error,
                "diverged_at_step": self.diverged,
            }
            | named
        )
