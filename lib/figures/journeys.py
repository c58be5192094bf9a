"""How far many points travel, from an open circle to a dot, in panels side by side that have one unit."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from lib.figures.style import FRAME, GREY, axis, figure, hues
from lib.types import Array

GAP = 0.08  # between two panels, of a panel's side
HEAD = 0.24  # above and below the panels, for their names


def journeys(
    ways: Sequence[tuple[Array, Array]],
    names: Sequence[str],
    notes: Sequence[str],
    *,
    start: str,
    end: str,
    hover: str,
    reach: float,
    colours: Sequence[str] | None = None,
    height: int = 310,
) -> go.Figure:
    """Draw per panel the ways (M, 2) to (M, 2) in a square from -reach to reach, its name above, its note below.

    `hover` is plotly's template, with the way's length as %{customdata}. `start` and `end` name the two marks.
    """
    chart, hue = figure(height, margin={"l": 8, "r": 8, "t": 26, "b": 8}), hues(colours, 1)[0]
    for k, (begin, stop) in enumerate(ways):
        there, then = (_placed(points, k, reach) for points in (begin, stop))
        nothing = np.full(len(there), np.nan)
        line = [np.stack([there[:, d], then[:, d], nothing], 1).ravel().astype(np.float32) for d in (0, 1)]
        length = np.linalg.norm(stop - begin, axis=1).astype(np.float32)
        marks = {"start": ("circle-open", GREY, there), "end": ("circle", hue, then)}
        chart.add_scatter(x=line[0], y=line[1], mode="lines", line={"color": hue, "width": 1.5}, hoverinfo="skip",
                          showlegend=False)  # fmt: skip
        for (symbol, colour, points), name in zip(marks.values(), (start, end), strict=True):
            chart.add_scatter(
                x=points[:, 0].astype(np.float32), y=points[:, 1].astype(np.float32), mode="markers", name=name,
                legendgroup=name, showlegend=k == 0, customdata=length, hovertemplate=hover,
                marker={"symbol": symbol, "color": colour, "size": 6, "line": {"width": 1.3}},
            )  # fmt: skip
        left = k * (1 + GAP)
        chart.add_shape(type="rect", x0=left, x1=left + 1, y0=0, y1=1, line={"color": FRAME, "width": 1})
        for text, y, anchor in ((f"<b>{names[k]}</b>", 1.02, "bottom"), (notes[k], -0.02, "top")):
            chart.add_annotation(text=text, x=left + 0.5, y=y, xanchor="center", yanchor=anchor, showarrow=False)
    wide = len(ways) * (1 + GAP) - GAP
    chart.update_layout(
        xaxis=axis("", range=[0, wide], visible=False, constrain="domain"),
        yaxis=axis("", range=[-HEAD, 1 + HEAD], visible=False, scaleanchor="x", constrain="domain"),
    )
    return chart


def _placed(points: Array, panel: int, reach: float) -> Array:
    """Points (M, 2) of a panel on the axes of the figure; what lies beyond the panel stands at its edge."""
    inside = np.clip(points, -reach, reach) / (2 * reach) + 0.5
    return np.asarray(inside + np.array([panel * (1 + GAP), 0]))
