"""Rows of eggs, one per layer, and how far each row's runs have to go, as a race that is scrubbed through."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import FAINT, GREY, LINES, axis, band_colour, figure
from lib.types import Array

EGGS, WAYS = (0.0, 0.4), (0.44, 1.0)  # of the width
ROW = 35  # pixels of a row
LONG = 0.42  # of a row, half the length of an egg
LANE = 0.2  # of a row, how far below its middle the bar lies: above it stands the name
SPREAD = 0.16  # of a row, the dots' to either side
HUES = (*LINES, "#7A7A7A")  # the last for what all others are compared with


def race(
    longer: Array,
    steps: Array,
    names: Sequence[str],
    notes: Sequence[str],
    layers: Sequence[str],
    colours: Sequence[int],
    looks: Sequence[int],
    *,
    reach: float,
    x: str,
    hover: str,
    egg: str,
    step: str,
) -> go.Figure:
    """Draw eggs `longer` (G, L) times as long as wide, and bars to the median of `steps` (G, R) with a dot a run.

    `names` (G,) are the bars' in the hover, `notes` stand above them, `layers` (L,) above the eggs; `colours` are
    numbers of HUES. A line stands at the first row's median. In the frame of each of the `looks` nobody is further
    than it; at the last all have arrived.
    """
    rows, count = len(names), longer.shape[1]
    chart = figure(70 + ROW * rows, margin={"l": 4, "r": 8, "t": 4, "b": 8, "pad": 0}, showlegend=False)
    for row in range(rows):
        _eggs(chart, longer[row], row, HUES[colours[row]], egg)
    first = len(chart.traces)
    for row, name in enumerate(names):
        hue = HUES[colours[row]]
        chart.add_scatter(
            name=name, mode="lines", hovertemplate=hover, line={"color": band_colour(hue, 0.45), "width": 13}
        )
        chart.add_scatter(mode="markers", hoverinfo="skip", marker={"color": hue, "size": 5, "opacity": 0.85})
        chart.add_annotation(text=notes[row], x=0, y=row - 0.22, xanchor="left", yanchor="middle", showarrow=False,
                             font={"size": 12.5, "color": hue})  # fmt: skip
    for trace, data in zip(chart.traces[first:], _until(steps, reach), strict=True):
        trace.merge(data)
    for k, layer in enumerate(layers):
        chart.add_annotation(
            text=layer, xref="x2", x=k, y=-0.62, yanchor="bottom", showarrow=False, font={"size": 11}
        )
    goal = float(np.median(steps[0]))  # whoever does not come up to it is faster than the first
    chart.add_shape(type="line", x0=goal, x1=goal, y0=LANE, y1=rows - 0.5, layer="below",
                    line={"color": GREY, "width": 1.5, "dash": "dot"})  # fmt: skip
    up = {"range": [rows - 0.45, -1.05], "visible": False, "constrain": "domain", "constraintoward": "top"}
    chart.update_layout(
        xaxis=axis(x, domain=list(WAYS), range=[0, reach], nticks=5, zeroline=True, zerolinecolor=GREY),
        yaxis=axis("", **up),
        xaxis2={"domain": list(EGGS), "range": [-0.5, count - 0.5], "visible": False, "anchor": "y",
                "scaleanchor": "y", "constrain": "domain", "constraintoward": "right"},
    )  # fmt: skip
    still: list[dict[str, Any]] = [{} for _ in range(first)]
    frames = [[{"type": "scatter"} | data for data in [*still, *_until(steps, look)]] for look in looks]
    add_frames(chart, frames, [str(look) for look in looks], step, redraw=False)
    return chart


def _eggs(chart: go.Figure, longer: Array, row: int, colour: str, hover: str) -> None:
    """The eggs of one row, all of one length, and what the hover says of each."""
    angle = np.linspace(0, 2 * np.pi, 49)
    gap = np.full((2, 1), np.nan)
    outlines = []
    for k, ratio in enumerate(longer.tolist()):
        along, across = LONG * np.cos(angle), LONG / max(ratio, 1.0) * np.sin(angle)
        turned = np.stack([along - across, along + across]) / 2**0.5  # tilted, as a valley between two weights is
        outlines += [np.array([[k], [row]]) + turned, gap]
    x, y = np.concatenate(outlines, 1).astype(np.float32)
    chart.add_scatter(x=x, y=y, mode="lines", xaxis="x2", yaxis="y", hoverinfo="skip", fill="toself",
                      fillcolor=FAINT, line={"color": colour, "width": 1.6})  # fmt: skip
    chart.add_scatter(
        x=np.arange(len(longer)), y=np.full(len(longer), row), mode="markers", xaxis="x2", yaxis="y",
        text=[f"{ratio:.1f}" for ratio in longer.tolist()], hovertemplate=f"{hover}<extra></extra>",
        marker={"size": 20, "color": "rgba(0,0,0,0)"},
    )  # fmt: skip


def _until(steps: Array, look: float) -> list[dict[str, Any]]:
    """Every row's bar and dots, none of them further than `look`."""
    data: list[dict[str, Any]] = []
    for row, own in enumerate(np.minimum(steps, look)):
        apart = np.linspace(-SPREAD, SPREAD, len(own)) if len(own) > 1 else np.zeros(1)
        data.append({"x": [0.0, float(np.median(own))], "y": [row + LANE] * 2})
        data.append({"x": own.astype(np.float32), "y": (row + LANE + apart).astype(np.float32)})
    return data
