"""Lines of equal loss and a descent over them, changing with a setting that is scrubbed in the browser."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import GREY, LINES, axis, figure
from lib.types import Array


def stretch(
    contours: Array,
    walks: Array,
    labels: Sequence[str],
    shown: int,
    *,
    x: str,
    y: str,
    loss: str,
    walk: str,
    goal: str,
    hover: str,
    step: str,
    play: str,
    reach: float,
    height: int = 560,
) -> go.Figure:
    """Draw contours (F, L, 2, M) and walks (F, T + 1, 2) around a target at the origin, one frame per label.

    The figure itself is frame `shown`, the setting that the reader has chosen. Both axes end at `reach`.
    """
    chart = figure(height)
    frames = [_frame(c, w) for c, w in zip(contours, walks, strict=True)]
    looks: list[dict[str, Any]] = [
        {"mode": "lines", "name": loss, "hoverinfo": "skip", "line": {"color": GREY, "width": 1.5}},
        {"mode": "lines+markers", "name": walk, "hovertemplate": hover, "marker": {"size": 6},
         "line": {"color": LINES[0], "width": 2}},
    ]  # fmt: skip
    for look, data in zip(looks, frames[shown], strict=True):
        chart.add_scatter(**look | data)
    chart.add_scatter(
        x=[0], y=[0], mode="markers", name=goal, hoverinfo="skip",
        marker={"symbol": "star", "size": 16, "color": LINES[3], "line": {"width": 1, "color": "white"}},
    )  # fmt: skip
    chart.update_layout(
        xaxis=axis(x, range=[-reach, reach], constrain="domain"),
        yaxis=axis(y, range=[-reach, reach], scaleanchor="x", constrain="domain"),
    )
    add_frames(chart, [[*f, {"type": "scatter"}] for f in frames], labels, step, play, redraw=False, below=46)
    chart.layout.sliders[0].active = shown
    return chart


def _frame(contours: Array, walk: Array) -> list[dict[str, Any]]:
    lines = [[v for line in contours[:, k].round(3).tolist() for v in (*line, None)] for k in (0, 1)]
    steps = walk.round(3).tolist()
    return [
        {"type": "scatter", "x": lines[0], "y": lines[1]},
        {"type": "scatter", "x": [s[0] for s in steps], "y": [s[1] for s in steps]},
    ]
