"""Descents in the plane of two weights over the lines of equal loss, scrubbable update by update."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import DASHES, FAINT, GREY, LINES, MARKERS, axis, band_colour, figure, hues
from lib.types import Array

FAR = 100.0  # where the shaded quadrants end, outside of any picture


def path(
    walks: Array,
    names: Sequence[str],
    target: Array,
    contours: Array,
    steps: Sequence[int] | Array,
    texts: Sequence[str],
    *,
    x: str,
    y: str,
    loss: str,
    allowed: str,
    goal: str,
    hover: str,
    step: str,
    reach: float,
    colours: Sequence[str] | None = None,
    height: int = 600,
) -> go.Figure:
    """Draw walks (T + 1, W, 2) to `target` (2,), with the last update of each in bold at every one of `steps`.

    `contours` (L, 2, M) are lines of equal loss, called `loss`; the quadrants north-east and south-west of the first
    walk's place, called `allowed`, are shaded. `texts` stand above the walks, one per frame. Axes end at `reach`.
    """
    chart, hue = figure(height), hues(colours, len(names))
    chart.add_scatter(
        x=_joined(contours[:, 0]), y=_joined(contours[:, 1]), mode="lines", name=loss, hoverinfo="skip",
        line={"color": GREY, "width": 1},
    )  # fmt: skip
    for k, name in enumerate(names):
        chart.add_scatter(
            x=_short(walks[:, k, 0]), y=_short(walks[:, k, 1]), mode="lines", name=name, hovertemplate=hover,
            line={"color": hue[k], "width": 1.3, "dash": DASHES[2 * k]}, text=np.arange(len(walks)), opacity=0.8,
        )  # fmt: skip
    chart.add_scatter(
        x=[target[0]], y=[target[1]], mode="markers", name=goal, hoverinfo="skip",
        marker={"symbol": "star", "size": 16, "color": LINES[3], "line": {"width": 1, "color": "white"}},
    )  # fmt: skip
    still = len(chart.data)
    moving = [_moment(walks, s, text, reach) for s, text in zip(steps, texts, strict=True)]
    for trace in _movers(hue, allowed):
        chart.add_scatter(**trace | moving[-1][len(chart.data) - still])
    chart.update_layout(
        xaxis=axis(x, range=[-reach, reach], constrain="domain", zeroline=True, zerolinecolor=FAINT),
        yaxis=axis(y, range=[-reach, reach], scaleanchor="x", constrain="domain", zeroline=True, zerolinecolor=FAINT),
    )
    nothing: list[dict[str, Any]] = [{} for _ in range(still)]
    frames = [[{"type": "scatter"} | d for d in [*nothing, *moment]] for moment in moving]
    add_frames(chart, frames, [str(s) for s in steps], step, redraw=False)
    return chart


def _movers(hue: Sequence[str], allowed: str) -> list[dict[str, Any]]:
    """How what moves looks: the quadrants, each walk's last update, the text."""
    shade = {"mode": "lines", "fill": "toself", "fillcolor": "rgba(128,128,128,0.16)", "line": {"width": 0},
             "name": allowed, "hoverinfo": "skip"}  # fmt: skip
    moves = [
        {
            "mode": "lines+markers",
            "showlegend": False,
            "hoverinfo": "skip",
            "line": {"color": band_colour(colour, 1.0), "width": 4},
            "marker": {"size": [0, 10], "color": colour, "symbol": MARKERS[k]},
        }
        for k, colour in enumerate(hue)
    ]
    words = {"mode": "text", "textposition": "bottom right", "showlegend": False, "hoverinfo": "skip"}
    return [shade, *moves, words]


def _moment(walks: Array, step: int, text: str, reach: float) -> list[dict[str, Any]]:
    """The data of what moves, after `step` updates."""
    a, b = walks[step, 0].tolist()
    shade = {"x": [a, FAR, FAR, a, a, None, a, -FAR, -FAR, a, a], "y": [b, b, FAR, FAR, b, None, b, b, -FAR, -FAR, b]}
    before = max(step - 1, 0)
    moves = [
        {"x": _short(walks[[before, step], k, 0]), "y": _short(walks[[before, step], k, 1])}
        for k in range(walks.shape[1])
    ]
    return [shade, *moves, {"x": [-0.98 * reach], "y": [0.98 * reach], "text": [text]}]


def _short(values: Array) -> list[float]:
    return [round(v, 3) for v in values.tolist()]


def _joined(lines: Array) -> list[float | None]:
    """Several lines (L, M) as one with gaps."""
    return [v for line in lines for v in (*_short(line), None)]
