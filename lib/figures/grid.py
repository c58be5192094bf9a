"""A table of percentages as a picture: each cell says its number and is the fuller the higher it is."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from lib.figures.style import axis, figure
from lib.types import Array

FULLER = [[0, "#DFE9E5"], [1, "#00755A"]]  # green that darkens


def grid(values: Array, rows: Sequence[str], columns: Sequence[str], *, hover: str, height: int = 480) -> go.Figure:
    """Draw values (rows, columns) in per cent; the names of the columns stand above, numbers or not."""
    chart = figure(height, margin={"l": 8, "r": 8, "t": 8, "b": 8})
    # Opaque: plotly chooses black or white for each number by its cell, and would take a clear cell for a white one.
    chart.add_heatmap(
        z=values.astype(np.float32), x=list(columns), y=list(rows), zmin=0, zmax=100, xgap=3, ygap=3,
        colorscale=FULLER, showscale=False, hovertemplate=hover, texttemplate="%{z:.0f}",
    )  # fmt: skip
    chart.update_layout(
        xaxis=axis("", side="top", showgrid=False, tickangle=0, type="category"),
        yaxis=axis("", autorange="reversed", showgrid=False, type="category"),
    )
    return chart
