"""Many points on two logarithmic axes, coloured by a third quantity."""

import numpy as np
import plotly.graph_objects as go

from lib.figures.style import LINES, axis, colour_bar, figure
from lib.types import Array

SCALE = [[0.0, "#E0A83A"], [0.5, LINES[2]], [1.0, "#5B3FC4"]]  # no sign's colour; seen on light and on dark


def cloud(
    places: Array, values: Array, shade: Array, *, x: str, y: str, bar: str, hover: str, height: int = 380
) -> go.Figure:
    """Draw values (M,) over places (M,), all above 0; `shade` (M,) colours them, and `bar` titles its scale.

    `hover` is plotly's template; %{marker.color} is the shade.
    """
    chart = figure(height)
    chart.add_scattergl(
        x=places.astype(np.float32), y=values.astype(np.float32), mode="markers", hovertemplate=hover,
        showlegend=False,
        marker={
            "color": shade.astype(np.float32), "colorscale": SCALE, "size": 5, "opacity": 0.7, "cmin": 0,
            "colorbar": colour_bar(bar),
        },
    )  # fmt: skip
    ends = [[float(f(v)) for f in (np.min, np.max)] for v in (np.log10(places), np.log10(values))]
    room = [[low - 0.05 * (high - low), high + 0.05 * (high - low)] for low, high in ends]
    chart.update_layout(
        xaxis=axis(x, type="log", range=room[0], exponentformat="power", dtick=1),
        yaxis=axis(y, type="log", range=room[1], exponentformat="power", dtick=1),
    )
    return chart
