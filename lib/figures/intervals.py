"""Paired conditions side by side: each repeat as a point, the median as a marker, the middle half as a bar."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from lib.figures.style import MARKERS, axis, band_colour, figure, hues
from lib.types import Array


def intervals(
    values: Array,
    groups: Sequence[str],
    conditions: Sequence[str],
    *,
    x: str,
    hover: str,
    x_range: tuple[float, float],
    colours: Sequence[str] | None = None,
    height: int = 300,
) -> go.Figure:
    """Draw values (C, R, G): per group (a row of the chart) each condition's R repeats, median and quartiles.

    `hover` is plotly's template; %{customdata[0]} is the group, [1] and [2] the quartiles.
    """
    count = len(conditions)
    chart = figure(height)
    rows, hue = np.arange(len(groups)), hues(colours, count)
    for c, condition in enumerate(conditions):
        low, middle, high = np.percentile(values[c], (25, 50, 75), axis=0)  # each (G,)
        at = rows + 0.72 / count * (c - (count - 1) / 2)
        chart.add_scatter(
            x=values[c].T.ravel().astype(np.float32), y=np.repeat(at, values.shape[1]), mode="markers",
            showlegend=False, marker={"color": band_colour(hue[c], 0.4), "size": 6}, hoverinfo="skip",
        )  # fmt: skip
        chart.add_scatter(
            x=middle, y=at, name=condition, mode="markers", hovertemplate=hover,
            marker={"color": hue[c], "size": 13, "symbol": MARKERS[c], "line": {"width": 1, "color": "white"}},
            error_x={"array": high - middle, "arrayminus": middle - low, "symmetric": False, "thickness": 4,
                     "width": 0},
            customdata=[[g, lo, hi] for g, lo, hi in zip(groups, low.tolist(), high.tolist(), strict=True)],
        )  # fmt: skip
    chart.update_layout(
        xaxis=axis(x, range=list(x_range)),
        yaxis=axis("", tickvals=rows, ticktext=list(groups), range=[len(groups) - 0.5, -0.5], showgrid=False),
    )
    return chart
