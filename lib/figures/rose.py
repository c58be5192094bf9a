"""Directions as a rose: one sector per direction, drawn on both sides, since an edge has no front and no back."""

import numpy as np
import plotly.graph_objects as go

from lib.figures.style import FAINT, LINES, figure
from lib.types import Array


def rose(shares: Array, *, hover: str, height: int = 360) -> go.Figure:
    """Draw shares (sectors,), in per cent, of directions from 0 degrees (across) counter-clockwise to 180."""
    chart = figure(height, margin={"l": 40, "r": 40, "t": 24, "b": 24})
    step = 180 / len(shares)
    chart.add_barpolar(
        r=np.tile(shares, 2).astype(np.float32), theta=np.arange(2 * len(shares)) * step,
        width=np.full(2 * len(shares), 0.9 * step), marker_color=LINES[0], hovertemplate=hover, showlegend=False,
    )  # fmt: skip
    chart.update_layout(
        polar={
            "bgcolor": "rgba(0,0,0,0)",
            "angularaxis": {"gridcolor": FAINT, "dtick": 45, "ticksuffix": "°"},
            "radialaxis": {"gridcolor": FAINT, "ticksuffix": " %", "angle": 22, "nticks": 4},
        }
    )
    return chart
