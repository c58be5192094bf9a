"""A figure on a narrow page: square cells are smaller there, and what they leave empty is taken out of the height."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.types import Array

NARROW = 358  # pixels: a figure's width on a phone of 390
SIDE, BETWEEN = 272, 64  # pixels: a panel that has come below another, and what is under it
BAR = 80  # pixels: a bar of colours with its numbers and title
LEAST = 12  # pixels: less than this is no empty band


def narrow(chart: go.Figure) -> None:
    """Take out, in place, what stays empty below square cells at the top of their room, or above those at the bottom.

    Only where no other axes have anything: rows of pictures come closer together, words and bars with them. A figure
    without square cells keeps its height. Panels that their figure calls stacked come one below the other.
    """
    if (chart.plan.meta or {}).get("stacked"):
        _stack(chart)
        return
    margin, axes = chart.plan.margin, _axes(chart)
    high = chart.plan.height - margin.t - margin.b
    if len(axes) == 1 and all(trace.type == "heatmap" for trace in chart.traces):
        chart.plan.yaxis.constraintoward = "top"  # a mosaic, else in the middle of its room
    bar = BAR if any(trace.showscale for trace in chart.traces) else 0
    full, empty = _used(axes, NARROW - margin.l - margin.r - bar, high)
    full = np.concatenate([full, _images(chart, high)])
    bands = np.array(_without(empty, full)).reshape(-1, 2)
    left = high - float(np.diff(bands).sum())
    if high - left < LEAST:
        return

    def moved(paper: Any) -> Array:
        """From a share of the old height to one of the new."""
        down = (1 - np.asarray(paper, float)) * high
        gone = np.clip(down[..., None] - bands[:, 0], 0, np.diff(bands).ravel()).sum(-1)
        return 1 - (down - gone) / left

    _move(chart, axes, moved)
    for image in chart.plan.images or ():
        image.y, image.sizey = float(moved(image.y)), image.sizey * high / left
    chart.plan.height = round(left + margin.t + margin.b)


def _stack(chart: go.Figure) -> None:
    """Put panels that stand side by side one below the other, each as wide as the page."""
    axes = sorted(_axes(chart).values(), key=lambda pair: pair[0].domain[0])
    high = len(axes) * SIDE + (len(axes) - 1) * BETWEEN
    for k, (across, up) in enumerate(axes):
        top = high - k * (SIDE + BETWEEN)
        across.domain, up.domain = [0, 1], [(top - SIDE) / high, top / high]
        up.title = axes[0][1].title  # side by side, one on the left is enough
    chart.plan.height = high + BETWEEN + chart.plan.margin.t


def _move(chart: go.Figure, axes: dict[str, tuple[Any, Any]], moved: Callable[[Any], Array]) -> None:
    """Give axes, words and shapes their new places; what stands on axes over the whole picture has a share too."""
    over = [name for name, (_, up) in axes.items() if _over(up)]
    for name, (_, up) in axes.items():
        if name not in over:
            up.domain = np.clip(moved(up.domain or (0, 1)), 0, 1).tolist()
    for trace in chart.traces:
        if (trace.yaxis or "y") in over and trace.y is not None:
            trace.y = moved(trace.y).tolist()
    for item in (*(chart.plan.annotations or ()), *(chart.plan.shapes or ())):
        for place in ("y", "y0", "y1"):
            if item.yref == "paper" and item.get(place) is not None:
                item[place] = float(moved(item[place]))


def _over(up: Any) -> bool:
    """Whether an axis goes over the whole picture, for words: its numbers are shares of the height."""
    return not up.scaleanchor and tuple(up.range or ()) == (0, 1) == tuple(up.domain or (0, 1))


def _axes(chart: go.Figure) -> dict[str, tuple[Any, Any]]:
    """The pairs of axes (x, y) by the name of the second, as traces have it."""
    ups = {key.replace("axis", ""): axis for key, axis in chart.plan.items() if key.startswith("yaxis")}
    return {name: (chart.plan["xaxis" + (up.anchor or name)[1:]], up) for name, up in ups.items()}


def _used(axes: dict[str, tuple[Any, Any]], wide: float, high: float) -> tuple[Array, Array]:
    """From where to where axes have something, and where square cells leave room: pixels from the top, (N, 2)."""
    full, empty = [], []
    for across, up in axes.values():
        low, top = up.domain or (0, 1)
        begin, end = (1 - top) * high, (1 - low) * high
        if up.scaleanchor and up.constraintoward in ("top", "bottom") and across.range and up.range:
            left, right = across.domain or (0, 1)
            cells = abs(up.range[1] - up.range[0]) / abs(across.range[1] - across.range[0])
            room = max(0.0, end - begin - (right - left) * wide * cells)
            empty.append((end - room, end) if up.constraintoward == "top" else (begin, begin + room))
            begin, end = (begin, end - room) if up.constraintoward == "top" else (begin + room, end)
        elif _over(up):
            continue
        full.append((begin, end))
    return np.array(full).reshape(-1, 2), np.array(empty).reshape(-1, 2)


def _images(chart: go.Figure, high: float) -> Array:
    """From where to where there are images, as `_used` has it; each hangs from its upper edge."""
    hung = [((1 - image.y) * high, (1 - image.y + image.sizey) * high) for image in chart.plan.images or ()]
    return np.array(hung, float).reshape(-1, 2)


def _without(empty: Array, full: Array) -> list[tuple[float, float]]:
    """The parts of the empty bands that nothing fills, from above to below."""
    edges = np.unique(np.concatenate([empty.ravel(), full.ravel()]))
    return [(a, b) for a, b in pairwise(edges.tolist()) if _inside(a, b, empty) and not _inside(a, b, full)]


def _inside(a: float, b: float, bands: Array) -> bool:
    middle = (a + b) / 2
    return bool(((bands[:, 0] < middle) & (middle < bands[:, 1])).any())
