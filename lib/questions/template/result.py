"""What a run gave."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from lib.question import Thumbnail
from lib.questions.template.config import IMAGES, JITTER
from lib.types import Array

LEVELS = 16  # grey levels of the digits
SHOWN = 10  # units whose ascent is drawn
COLUMNS = 5  # tiles side by side


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
    """R repeats, S steps, K units of the first layer, N test images, F ascent steps drawn."""

    config: Any  # the Template of the run
    steps: Array  # (S,)
    weights: Array  # (S, R, K, 64)
    params: list[Array]  # weight (R, O, I), bias (R, O), ... at the end
    live: Array  # (R, 64) pixels that vary in the repeat's training sample
    means: Array  # (10, 64) mean of each class minus the mean of all, of the first repeat's training sample
    kin: Array  # (S, R) likeness to the class means
    kin_random: Array  # (R,) the same of random weights
    accuracy: Array  # (S, R) on the test digits
    reversed: Array  # (R, 3) share of pairs in another order, for raw, jittered, normalised
    same_best: Array  # (R, 3) share of units with the same best image
    looks: Array  # (3, N, 64)
    ascent: Array  # (F,)
    path: Array  # (F, R, K, 64)
    stuck: Array  # (R,)
    examples: Array  # (10, 64) a test digit of each class
    coefficients: Array  # (10, 64) w_eff of these in the first repeat
    error: Array  # (R,)
    regions: Array  # (R,)
    diverged: Array  # (R,)
    picture: tuple[int, ...] | None = None  # 64 grey levels that the reader drew

    def levels(self) -> dict[str, tuple[int, ...]]:
        """The example digits as grey levels, by name."""
        return {str(k): tuple(np.rint(e * LEVELS).astype(int).tolist()) for k, e in enumerate(self.examples)}

    def with_picture(self, levels: tuple[int, ...]) -> "Result":
        """The same run, asked about the reader's picture."""
        return replace(self, picture=levels)

    def responses(self) -> Array:
        """Dot product, cosine, preactivation, activation (4, K) of the first repeat's units for the picture."""
        x = self._drawn()
        w, b = self.params[0][0], self.params[1][0]
        dot = w @ x
        return np.stack([dot, cosines(w, x[None])[:, 0], dot + b, np.maximum(dot + b, 0)])

    def beside(self) -> Array:
        """The picture, the weights of the unit that answers most, and their products: (3, 1, 8, 8)."""
        x, w = self._drawn(), self.params[0][0][self.responses()[0].argmax()]
        return np.stack([x, w, x * w]).reshape(3, 1, 8, 8)

    def _drawn(self) -> Array:
        levels = self.levels()[str(self.config.unit)] if self.picture is None else self.picture
        return np.array(levels) / LEVELS

    def points(self) -> list[tuple[Array, Array]]:
        """Cosine and dot product of each unit with the picture, to be drawn."""
        dot, cos, _, _ = self.responses()
        return [(cos, dot)]

    def responses_table(self) -> pd.DataFrame:
        """One row per unit."""
        columns = ["dot_product", "cosine", "preactivation", "activation"]
        table = pd.DataFrame(self.responses().T, columns=columns)
        table.insert(0, "unit", range(len(table)))
        return table

    def templates(self) -> Array:
        """The first repeat's weights as images (S, K, 8, 8): pixels that never vary empty, logits centred."""
        w = self.weights[:, 0]
        if self.config.network == "softmax":
            w = w - w.mean(1, keepdims=True)
        return np.where(self.live[0], w, np.nan).reshape(*w.shape[:2], 8, 8)

    def shapes(self) -> Array:
        """The same, at every step as shares of the largest weight of that step: (S, K, 8, 8)."""
        w = self.templates()
        return np.asarray(w / np.maximum(np.nanmax(np.abs(w), axis=(1, 2, 3), keepdims=True), 1e-12))

    def digits(self) -> Array:
        """A test digit of each class, and what sets its class apart, empty where no pixel varies: (2, 10, 8, 8)."""
        return np.stack([self.examples, np.where(self.live[0], self.means, np.nan)]).reshape(2, 10, 8, 8)

    def climb(self) -> Array:
        """w / |w| of the first units, and under each the input being climbed, all at norm 1: (F, 2 SHOWN, 8, 8)."""
        x = _unit(self.path[:, 0, :SHOWN])
        w = np.broadcast_to(_unit(self.weights[-1, 0, :SHOWN]), x.shape)
        return _paired(w, x)

    def climb_table(self) -> pd.DataFrame:
        """Cosine between input and weights over the ascent: the median and the smallest of all units."""
        cos = (_unit(self.path) * _unit(self.weights[-1])).sum(3).reshape(len(self.ascent), -1)
        return pd.DataFrame({"step": self.ascent, "median_cosine": np.median(cos, 1), "smallest_cosine": cos.min(1)})

    def coefficients_table(self) -> pd.DataFrame:
        """The coefficients of the ten example digits, one column each, one row per pixel."""
        return pd.DataFrame(self.coefficients.T, columns=[f"digit_{k}" for k in range(10)])

    def fan_table(self) -> pd.DataFrame:
        """The points of the cloud, one row per test image."""
        pairs = zip(IMAGES, self.fan(), strict=True)
        return pd.DataFrame({f"{n}_{q}": v for n, two in pairs for q, v in zip(("cosine", "dot"), two, strict=True)})

    def functions(self) -> Array:
        """The example digits, scaled to the coefficients, and under each its coefficients: (1, 20, 8, 8)."""
        scale = np.abs(self.coefficients).max() or 1.0
        return _paired(self.examples[None] * scale, self.coefficients[None])

    def fan(self) -> list[tuple[Array, Array]]:
        """Cosine and dot product (N,) of the chosen unit with each kind of image; one norm is the usual norm."""
        w = self.weights[-1, 0, self.config.unit]
        usual = np.median(np.linalg.norm(self.looks[0], axis=1))
        views = (*self.looks[:2], self.looks[2] * usual)
        return [(cosines(w[None], v)[0], v @ w) for v in views]

    def curves(self) -> Array:
        """Likeness and accuracy in per cent (S, R, 2)."""
        return 100 * np.stack([self.kin, self.accuracy], 2)

    def over_steps(self) -> pd.DataFrame:
        """Medians of the curves."""
        return pd.DataFrame(np.median(self.curves(), 1), columns=["likeness", "accuracy"]).assign(step=self.steps)

    def thumbnail(self) -> Thumbnail:
        """The run in a small picture."""
        return Thumbnail("signs", np.nan_to_num(self.templates()[-1, :4]))

    def table(self) -> pd.DataFrame:
        """One row per repeat."""
        named = {f"reversed_{name}": self.reversed[:, k] for k, name in enumerate(IMAGES)}
        return pd.DataFrame(
            {
                "repeat": range(len(self.stuck)),
                "likeness": self.kin[-1],
                "likeness_random": self.kin_random,
                "test_accuracy": self.accuracy[-1],
                "stuck": self.stuck,
                "regions": self.regions,
                "coefficient_error": self.error,
                "diverged_at_step": self.diverged,
            }
            | named
        )


def _paired(above: Array, below: Array) -> Array:
    """Images (F, M, 64) in rows of COLUMNS, each row followed by the row that belongs under it: (F, 2 M, 8, 8)."""
    rows = [a.reshape(len(a), -1, COLUMNS, 8, 8) for a in (above, below)]
    return np.stack(rows, 2).reshape(len(above), -1, 8, 8)


def _unit(x: Array) -> Array:
    norm = np.linalg.norm(x, axis=-1, keepdims=True)
    return np.asarray(x / np.where(norm > 0, norm, 1))
