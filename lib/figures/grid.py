"""A table of percentages as a picture: each cell says its number and is the fuller the higher it is."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.figures.style import LINES, axis, band_colour, figure

Array = np.ndarray[Any, Any]


def grid(values: Array, rows: Sequence[str], columns: Sequence[str], *, hover: str, height: int = 480) -> go.Figure:
    """Draw values (rows, columns) in per cent; the names of the columns stand above, numbers or not."""
    chart = figure(height, margin={"l": 8, "r": 8, "t": 8, "b": 8})
    chart.add_heatmap(
        z=values.astype(np.float32), x=list(columns), y=list(rows), zmin=0, zmax=100, xgap=3, ygap=3,
        colorscale=[[0, band_colour(LINES[1], 0.06)], [1, band_colour(LINES[1], 0.5)]], showscale=False,
        hovertemplate=hover,
    )  # fmt: skip
    # The numbers are a trace of their own: a heat map would choose its text's colour for a white page.
    chart.add_scatter(
        x=list(columns) * len(rows), y=[row for row in rows for _ in columns], mode="text", hoverinfo="skip",
        text=[f"{v:.0f}" for v in values.ravel()], showlegend=False,
    )  # fmt: skip
    chart.update_layout(
        xaxis=axis("", side="top", showgrid=False, tickangle=0, type="category"),
        yaxis=axis("", autorange="reversed", showgrid=False, type="category"),
    )
    return chart
