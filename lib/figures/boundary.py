"""What a network answers at every point of the plane, with the samples on top, scrubbable through training."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import MARKERS, NEGATIVE, POSITIVE, SIGNS, axis, colour_bar, figure
from lib.types import Array


def boundary(
    surface: Array,
    points: Array,
    labels: Array,
    steps: Sequence[int] | Array,
    names: tuple[str, str],
    *,
    reach: float,
    x: str,
    y: str,
    value: str,
    hover: str,
    step: str,
    height: int = 440,
) -> go.Figure:
    """Draw answers (F, G, G) in [-1, 1] on [-reach, reach]^2, rows upwards, one frame per step, with points (N, 2).

    `labels` (N,) are 0 or 1, called `names`; each class has its colour and its marker.
    """
    line = np.linspace(-reach, reach, surface.shape[1]).astype(np.float32)
    frames = surface.astype(np.float32)
    chart = figure(height)
    chart.add_heatmap(
        x=line, y=line, z=frames[-1], zmin=-1, zmax=1, colorscale=SIGNS, hovertemplate=hover,
        colorbar=colour_bar(value),
    )  # fmt: skip
    for k, name in enumerate(names):
        mine = points[labels == k].astype(np.float32)
        chart.add_scatter(
            x=mine[:, 0], y=mine[:, 1], mode="markers", name=name, hoverinfo="skip",
            marker={"color": (NEGATIVE, POSITIVE)[k], "symbol": MARKERS[k], "size": 8,
                    "line": {"width": 1.5, "color": "white"}},
        )  # fmt: skip
    square = {"range": [-reach, reach], "constrain": "domain", "showgrid": False}
    chart.update_layout(xaxis=axis(x, **square), yaxis=axis(y, **square, scaleanchor="x"))
    still: list[dict[str, Any]] = [{"type": "scatter"}, {"type": "scatter"}]
    each = [[{"type": "heatmap", "z": z}, *still] for z in frames]
    add_frames(chart, each, [str(s) for s in steps], step, redraw=True)
    return chart
