"""Medians over training with the middle half of the repeats as a band."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from lib.figures.labels import at_ends
from lib.figures.style import DASHES, GREY, axis, band_colour, figure, hues
from lib.types import Array

MARKS = (0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10000)
NEAR = 0.08  # of the axis: a label nearer to the last one's would touch it


def curves(
    steps: Array,
    values: Array,
    names: Sequence[str],
    *,
    x: str,
    y: str,
    hover: str,
    y_range: tuple[float, float],
    lines: Sequence[tuple[float, str]] = (),
    colours: Sequence[str] | None = None,
    height: int = 380,
) -> go.Figure:
    """Draw values (S, R, L) at `steps` (S,), one curve per name, on a log axis that has room for step 0.

    `hover` is plotly's template with %{customdata[0]} the step and [1], [2] the quartiles; `lines` are horizontal
    references (height, label).
    """
    low, middle, high = np.percentile(values, (25, 50, 75), axis=1).astype(np.float32)  # each (S, L)
    place = _place(steps)
    chart, hue = figure(height), hues(colours, len(names))
    for k, (name, colour) in enumerate(zip(names, hue, strict=True)):
        band = np.concatenate([high[:, k], low[::-1, k]])
        chart.add_scatter(
            x=np.concatenate([place, place[::-1]]), y=band, fill="toself", fillcolor=band_colour(colour),
            line={"width": 0}, hoverinfo="skip", showlegend=False, mode="lines",
        )  # fmt: skip
        chart.add_scatter(
            x=place, y=middle[:, k], name=name, mode="lines",
            line={"color": colour, "dash": DASHES[k % len(DASHES)], "width": 2.5},
            customdata=np.stack([steps, low[:, k], high[:, k]], 1).astype(np.float32), hovertemplate=hover,
        )  # fmt: skip
    for at, label in lines:
        chart.add_shape(type="line", xref="x domain", x0=0, x1=1, yref="y", y0=at, y1=at,
                        line={"color": GREY, "width": 1, "dash": "dot"})  # fmt: skip
        chart.add_annotation(text=label, xref="x domain", x=0, xanchor="left", yref="y", y=at, yanchor="bottom",
                             showarrow=False)  # fmt: skip
    marks = _marks(int(steps[0]), int(steps[-1]))
    ticks = {"tickvals": _place(np.array(marks)), "ticktext": [f"{m:,}".replace(",", " ") for m in marks]}
    chart.update_layout(
        xaxis=axis(x, **ticks, range=[float(place[0]), float(place[-1])]),
        yaxis=axis(y, range=list(y_range), ticksuffix=" "),
    )
    if len(names) > 1 and at_ends(chart, names, middle, hue, y_range):
        chart.update_traces(showlegend=False)
    return chart


def _marks(first: int, last: int) -> list[int]:
    """The steps that have a label on the axis: powers and threes, and always the last one."""
    room = NEAR * (np.log10(1 + last) - np.log10(1 + first))
    return [m for m in MARKS if first <= m < last and np.log10(1 + last) - np.log10(1 + m) > room] + [last]


def _place(steps: Array) -> Array:
    """log10(1 + step): the log scale of the field, with step 0 at its left end."""
    return np.log10(1.0 + steps).astype(np.float32)
