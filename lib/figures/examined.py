"""A network's weights layer by layer: signed histograms, and over each the outline of a fresh start."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from lib.figures.histograms import histograms
from lib.figures.style import GREY
from lib.types import Array

ROW = 104  # pixels of a layer's row
COUNTERS = 0.62  # of its height: below the layer's name, which is as long as half a phone


def examined(
    edges: Array, density: Sequence[Array], outlines: Sequence[Array], names: Sequence[str],
    *, x: str, y: str, hover: str, start: str, counters: Sequence[tuple[str, str]],
) -> go.Figure:  # fmt: skip
    """Draw `density` (B,) and `outlines` (B,) of each layer, in per cent, on common `edges` (B + 1,).

    `start` names the outlines, `counters` are what stands left and right of zero.
    """
    chart = histograms(
        [edges] * len(names), [d[None] for d in density], [0], names, x=x, y=y, step="", hover=hover,
        counters=[list(counters)], height=60 + ROW * len(names),
    )  # fmt: skip
    chart.moments, chart.plan.sliders = [], None
    corners = np.repeat(edges, 2)[1:-1].astype(np.float32)
    for row, outline in enumerate(outlines, 1):
        axis = "" if row == 1 else str(row)
        top = 1.05 * _top(density[row - 1], outline)
        chart.plan[f"yaxis{axis}"].range = [0, top]
        chart.traces[len(names) + row - 1].y = [COUNTERS * top] * 2  # behind as many bars
        chart.add_scatter(
            x=corners, y=np.repeat(outline, 2).astype(np.float32), mode="lines", hoverinfo="skip",
            line={"color": GREY, "width": 2}, name=start, showlegend=row == 1, yaxis=f"y{axis}",
        )  # fmt: skip
    chart.update_layout(legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "yanchor": "bottom"})
    return chart


def _top(density: Array, outline: Array) -> float:
    """As high as either; a start that was much narrower may leave the picture, so that the weights' shape stays."""
    highest = float(density.max())
    return min(max(highest, float(outline.max())), 2 * highest) or 1.0
