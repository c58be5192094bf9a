"""Groups of points in the plane, with horizontal references, scrubbable through training."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import GREY, MARKERS, axis, figure, hues
from lib.types import Array


def dots(
    points: Sequence[tuple[Array, Array]],
    names: Sequence[str],
    steps: Sequence[int] | Array = (),
    *,
    x: str,
    y: str,
    hover: str,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    lines: Sequence[tuple[float, str]] = (),
    colours: Sequence[str] | None = None,
    step: str = "",
    height: int = 400,
) -> go.Figure:
    """Draw per group its points (x, y), each (F, M), one frame per step, the last one first; one frame has no slider.

    `hover` is plotly's template; `lines` are horizontal references (height, label).
    """
    chart, hue = figure(height), hues(colours, len(names))
    for k, name in enumerate(names):
        chart.add_scatter(
            x=points[k][0][-1].astype(np.float32), y=points[k][1][-1].astype(np.float32), mode="markers", name=name,
            hovertemplate=hover, marker={"color": hue[k], "symbol": MARKERS[k], "size": 9, "opacity": 0.75},
        )  # fmt: skip
    for at, label in lines:
        chart.add_hline(at, line={"color": GREY, "width": 1, "dash": "dot"}, annotation_text=label,
                        annotation_position="top right")  # fmt: skip
    chart.update_layout(xaxis=axis(x, range=list(x_range)), yaxis=axis(y, range=list(y_range)), showlegend=True)
    if len(steps) > 1:
        frames = [
            [{"type": "scatter", "x": a[f].astype(np.float32), "y": b[f].astype(np.float32)} for a, b in points]
            for f in range(len(steps))
        ]
        add_frames(chart, frames, [str(s) for s in steps], step, redraw=False)
    return chart
