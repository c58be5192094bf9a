"""Medians with the middle half of the repeats along a handful of settings, at their true places on the axis."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from lib.figures.labels import at_ends
from lib.figures.places import placed
from lib.figures.style import DASHES, MARKERS, axis, figure, hues
from lib.types import Array


def sweep(
    settings: Sequence[str | float],
    values: Array,
    names: Sequence[str],
    *,
    x: str,
    y: str,
    hover: str,
    y_range: tuple[float, float],
    y_log: bool = False,
    colours: Sequence[str] | None = None,
    height: int = 360,
) -> go.Figure:
    """Draw values (C, R, L), one line per name over C settings; error bars are the middle half of R repeats.

    Settings that are numbers, also as text, stand at their true places (`places.py`). With `y_log` the axis is
    logarithmic; `y_range` is in the values' own unit all the same. `hover` is plotly's template; %{x} is the setting.
    """
    chart = figure(height)
    low, middle, high = np.percentile(values, (25, 50, 75), axis=1).astype(np.float32)  # each (C, L)
    places, across, texts = placed(settings, x)
    hue = hues(colours, len(names))
    for k, name in enumerate(names):
        chart.add_scatter(
            x=places, y=middle[:, k], name=name, mode="lines+markers", text=texts,
            hovertemplate=hover.replace("%{x}", "%{text}"),
            line={"color": hue[k], "dash": DASHES[k], "width": 2.5}, marker={"symbol": MARKERS[k], "size": 9},
            error_y={"array": high[:, k] - middle[:, k], "arrayminus": middle[:, k] - low[:, k], "symmetric": False,
                     "thickness": 1.5},
        )  # fmt: skip
    scale = {"type": "log", "range": np.log10(y_range).tolist(), "dtick": 1} if y_log else {"range": list(y_range)}
    chart.update_layout(xaxis=across, yaxis=axis(y, **scale))
    if len(names) > 1 and at_ends(chart, names, middle, hue, y_range, log=y_log):
        chart.update_traces(showlegend=False)
    return chart
