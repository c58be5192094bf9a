"""What networks have made of a curve: medians with the middle half over the repeats, beside the curve itself."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from lib.figures.labels import at_ends
from lib.figures.style import DASHES, GREY, axis, band_colour, figure, hues
from lib.types import Array


def fits(
    places: Array,
    values: Array,
    names: Sequence[str],
    target: Array,
    *,
    x: str,
    y: str,
    hover: str,
    goal: str,
    y_range: tuple[float, float],
    every: int = 3,
    tick: float | None = None,
    colours: Sequence[str] | None = None,
    height: int = 360,
) -> go.Figure:
    """Draw values (N, R, L) over `places` (N,), one curve per name, and `target` as dots called `goal`.

    `target` is (N,), or (N, L) if every curve has its own; every so-many-th of it is drawn.
    `tick` is the distance of the marks on the x axis.
    """
    low, middle, high = np.percentile(values, (25, 50, 75), axis=1).astype(np.float32)  # each (N, L)
    chart, hue = figure(height), hues(colours, len(names))
    dots = target.reshape(len(places), -1)[::every]
    chart.add_scatter(
        x=np.tile(places[::every], dots.shape[1]), y=dots.T.ravel(), name=goal, mode="markers", hoverinfo="skip",
        marker={"color": GREY, "size": 6},
    )  # fmt: skip
    for k, name in enumerate(names):
        chart.add_scatter(
            x=np.concatenate([places, places[::-1]]), y=np.concatenate([high[:, k], low[::-1, k]]), fill="toself",
            fillcolor=band_colour(hue[k]), line={"width": 0}, hoverinfo="skip", showlegend=False, mode="lines",
        )  # fmt: skip
        chart.add_scatter(
            x=places, y=middle[:, k], name=name, mode="lines", hovertemplate=hover,
            line={"color": hue[k], "dash": DASHES[k], "width": 2.5},
        )  # fmt: skip
    chart.update_layout(xaxis=axis(x, dtick=tick), yaxis=axis(y, range=list(y_range)))
    if at_ends(chart, names, middle, hue, y_range):
        chart.update_traces(showlegend=False)
        chart.traces[0].showlegend = True  # the goal is dots, not a line with an end
    return chart
