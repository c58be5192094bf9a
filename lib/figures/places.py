"""Where settings stand on an axis: numbers at their true places, names side by side."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lib.figures.style import axis
from lib.types import Array

LETTER = 0.012  # of the axis' length: the width of a letter


def placed(settings: Sequence[str | float], title: str) -> tuple[list[Any], dict[str, Any], list[str]]:
    """Places of settings on an axis, the axis, and the settings as text.

    Numbers (also as text) stand at their true places, on a log axis if they are spaced like powers, a zero then at
    its left end; the last one always has a label. Names stand side by side, in their order.
    """
    texts = [s if isinstance(s, str) else f"{s:g}".replace("-", "\N{MINUS SIGN}") for s in settings]
    numbers = [_number(s) for s in settings]
    if len(numbers) < 2 or None in numbers or len(set(numbers)) < len(numbers):
        return list(texts), axis(title, type="category", showgrid=False), texts
    values = np.array(numbers, float)
    if not _spaced_like_powers(values):
        return list(settings), _axis(title, values, values, texts, type="linear"), texts
    logs = _logs(values)
    if (values > 0).all():
        return list(settings), _axis(title, values, logs, texts, type="log"), texts
    return logs.tolist(), _axis(title, logs, logs, texts, type="linear"), texts


def _number(setting: str | float) -> float | None:
    text = str(setting).replace(",", "").replace("\N{MINUS SIGN}", "-")
    try:
        return float(text) if np.isfinite(float(text)) else None
    except ValueError:
        return None


def _spaced_like_powers(values: Array) -> bool:
    """Whether the steps between values differ less as factors than as differences, over a factor of ten or more."""
    positive = np.sort(values[values > 0])
    if (values < 0).any() or len(positive) < 3 or positive[-1] < 10 * positive[0]:
        return False
    steps, factors = np.diff(np.sort(values)), np.diff(np.log(positive))
    return bool(factors.std() / factors.mean() < steps.std() / steps.mean())


def _logs(values: Array) -> Array:
    """log10 of values; a zero stands as far left of the smallest as a usual step is wide."""
    positive = values[values > 0]
    logs = np.log10(np.where(values > 0, values, positive.min()))
    return np.asarray(logs - np.where(values > 0, 0, np.median(np.diff(np.sort(np.log10(positive))))))


def _axis(title: str, ticks: Array, shown: Array, texts: Sequence[str], **more: Any) -> dict[str, Any]:
    """An axis with a label at every value that has room for it, counted from the last one."""
    span = float(np.ptp(shown))
    ends = np.array([shown.min() - 0.04 * span, shown.max() + 0.04 * span])
    kept: list[int] = []
    for k in range(len(shown) - 1, -1, -1):
        if all(abs(shown[k] - shown[j]) >= LETTER * span * (max(len(texts[k]), len(texts[j])) + 2) for j in kept):
            kept.append(k)
    return axis(
        title,
        range=(ends if shown[-1] > shown[0] else ends[::-1]).tolist(),
        tickvals=[float(ticks[k]) for k in reversed(kept)],
        ticktext=[texts[k] for k in reversed(kept)],
        showgrid=False,
        **more,
    )
