"""Several clouds of points over two quantities."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from lib.figures.style import GREY, MARKERS, axis, figure, hues
from lib.types import Array


def clouds(
    groups: Sequence[tuple[Array, Array]],
    names: Sequence[str],
    *,
    x: str,
    y: str,
    hover: str,
    colours: Sequence[str] | None = None,
    height: int = 400,
) -> go.Figure:
    """Draw one cloud of points (x, y), each (M,), per name; a line marks where y is zero."""
    chart, hue = figure(height), hues(colours, len(names))
    for k, ((across, up), name) in enumerate(zip(groups, names, strict=True)):
        chart.add_scatter(
            x=across.astype(np.float32), y=up.astype(np.float32), mode="markers", name=name, hovertemplate=hover,
            marker={"color": hue[k], "symbol": MARKERS[k], "size": 6, "opacity": 0.6},
        )  # fmt: skip
    chart.update_layout(xaxis=axis(x), yaxis=axis(y, zeroline=True, zerolinecolor=GREY))
    return chart
