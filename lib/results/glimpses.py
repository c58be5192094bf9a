"""Which of a run's numbers make the small picture of its question: one function per question.

They stand together, away from the questions' files, because only the home page asks for them.
"""

from typing import Any

import numpy as np

from lib.config import Glimpse

Array = np.ndarray[Any, Any]


def glimpse(stem: str, result: Any) -> Glimpse:
    """Return the small picture of a run of the question `stem`; KeyError if there is none."""
    return PICTURES[stem](result)


def _lines(values: Array) -> Glimpse:
    """Medians over the repeats of curves (S, R, L), at no more steps than a small picture can show."""
    steps = np.unique(np.linspace(0, len(values) - 1, 60).round().astype(int))
    return Glimpse("lines", np.median(values[steps], axis=1).T)


def _tiles(rows: Array, count: int = 4) -> Glimpse:
    """The first weights of rows (K, pixels), as square images."""
    side = int(rows.shape[1] ** 0.5)
    return Glimpse("signs", rows[:count].reshape(-1, side, side))


PICTURES = {
    "negative_weights": lambda r: _lines(r.share),
    "forbidden_sign": lambda r: _lines(r.loss.swapaxes(1, 2)),
    "inverted_input": lambda r: Glimpse(
        "signs", np.concatenate([r.weights[-1, :2], r.weights_inverse[-1, :2]]).reshape(-1, 8, 8)
    ),
    "gradient_signs": lambda r: Glimpse("signs", r.gradient_map[None, :16, :48]),
    "template": lambda r: Glimpse("signs", np.nan_to_num(r.templates()[-1, :4])),
    "weight_decay": lambda r: _lines(r.curves()),
    "synapses": lambda r: Glimpse("bars", r.dale.mean(axis=1)),
    "influence": lambda r: _lines(r.orders()[1][:, :, :3]),
    "gabor": lambda r: Glimpse("signs", r.sheets[-1, :3]),
    "deconvnet": lambda r: Glimpse("signs", np.concatenate([r.images[:2], r.projections[:2]])),
    "features": lambda r: Glimpse("dots", r.places[-1]),
    "symmetry": lambda r: _lines(np.log10(r.loss[:, [0, -1]]).swapaxes(1, 2)),
    "other_noise": lambda r: _lines(r.three()),
    "probability": lambda r: Glimpse("dots", np.column_stack(r.more()[:2])[::3]),
    "restarts": lambda r: Glimpse("bars", np.sort(r.loss[-1])[::-1]),
    "scale": lambda r: _lines(np.clip(r.forward[:, ::2].swapaxes(1, 2), -8, 8)),
    "null_space": lambda r: _lines(r.told_apart().transpose(2, 1, 0)),
    "must_it_be_random": lambda r: Glimpse("signs", r.shown[1:5, :8, :8]),
    "wide_networks": lambda r: _lines(r.curves()),
    "weight_space": lambda r: _lines(r.path_accuracy),
    "zigzag": lambda r: Glimpse("walks", [r.shown.path[: r.shown.made[k] + 1, :, k] for k in (0, 1)]),
    "batch": lambda r: Glimpse("lines", np.median(r.shares, axis=2)),
    "conditioning": lambda r: Glimpse("walks", [line.T for line in r.contours[-1]]),
    "activations": lambda r: _lines(r.accuracy[:, :4].swapaxes(1, 2)),
    "cures": lambda r: Glimpse("bars", np.minimum(np.median(r.reached, axis=1), r.steps[-1])),
}
