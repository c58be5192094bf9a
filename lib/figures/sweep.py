"""Medians with the middle half of the repeats along a handful of settings, which need not be evenly spaced."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from lib.figures.style import DASHES, LINES, MARKERS, axis, figure
from lib.types import Array


def sweep(
    settings: Sequence[str],
    values: Array,
    names: Sequence[str],
    *,
    x: str,
    y: str,
    hover: str,
    y_range: tuple[float, float],
    y_log: bool = False,
    height: int = 360,
) -> go.Figure:
    """Draw values (C, R, L), one line per name over C settings; error bars are the middle half of R repeats.

    With `y_log` the axis is logarithmic; `y_range` is in the values' own unit all the same.
    """
    chart = figure(height)
    low, middle, high = np.percentile(values, (25, 50, 75), axis=1).astype(np.float32)  # each (C, L)
    for k, name in enumerate(names):
        chart.add_scatter(
            x=list(settings), y=middle[:, k], name=name, mode="lines+markers", hovertemplate=hover,
            line={"color": LINES[k], "dash": DASHES[k], "width": 2.5}, marker={"symbol": MARKERS[k], "size": 9},
            error_y={"array": high[:, k] - middle[:, k], "arrayminus": middle[:, k] - low[:, k], "symmetric": False,
                     "thickness": 1.5},
        )  # fmt: skip
    scale = {"type": "log", "range": np.log10(y_range).tolist(), "dtick": 1} if y_log else {"range": list(y_range)}
    chart.update_layout(xaxis=axis(x, type="category", showgrid=False), yaxis=axis(y, **scale))
    return chart
