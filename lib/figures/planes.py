"""The same digits in several planes, each drawn as its numeral; all planes are scrubbed through training together."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.figures.digits import HUES
from lib.figures.scrub import add_frames
from lib.figures.style import GREY, axis, figure
from lib.types import Array

ACROSS = 2  # planes in a row


def planes(
    places: Array,
    labels: Array,
    names: Sequence[str],
    steps: Sequence[int] | Array,
    *,
    hover: str,
    step: str,
    height: int = 430,
) -> go.Figure:
    """Draw digits at places (P, F, N, 2), classes `labels` (N,), in a plane for each of P `names`; a frame per step.

    Each plane has one range for all frames. `hover` is plotly's template; %{text} is the digit.
    """
    chart = figure(height, margin={"l": 4, "r": 4, "t": 24, "b": 4}, showlegend=False)
    numerals, colours = [str(k) for k in labels], [HUES[k] for k in labels]
    points = places.astype(np.float32)
    for k, name in enumerate(names):
        side = str(k + 1) if k else ""
        chart.add_scatter(
            x=points[k, -1, :, 0], y=points[k, -1, :, 1], mode="text", text=numerals, name=name, hovertemplate=hover,
            textfont={"color": colours, "size": 10}, xaxis=f"x{side}", yaxis=f"y{side}",
        )  # fmt: skip
        _dressed(chart, places[k], name, k, -(-len(names) // ACROSS))
    if len(steps) > 1:
        each = [[{"type": "scatter", "x": p[:, 0], "y": p[:, 1]} for p in moment] for moment in points.swapaxes(0, 1)]
        add_frames(chart, each, [str(s) for s in steps], step, redraw=True)
    return chart


def _dressed(chart: go.Figure, places: Array, name: str, k: int, rows: int) -> None:
    """Give plane number k its place, a thin frame, fixed ranges around places (F, N, 2), and its name above it."""
    low, high = np.nanmin(places, axis=(0, 1)), np.nanmax(places, axis=(0, 1))
    room = 0.05 * np.maximum(high - low, 1e-6)
    (left, down), side = (k % ACROSS, k // ACROSS), str(k + 1) if k else ""
    across = [left / ACROSS + 0.01 * left, (left + 1) / ACROSS - 0.01 * (1 - left)]
    top = 1 - down / rows - 0.06 * (down > 0)
    up = [1 - (down + 1) / rows, top]
    plain: dict[str, Any] = {"showticklabels": False, "showgrid": False, "ticks": "", "fixedrange": True}
    for letter, domain, other, j in (("x", across, "y", 0), ("y", up, "x", 1)):
        ends = [float((low - room)[j]), float((high + room)[j])]
        placed = {"domain": domain, "anchor": f"{other}{side}", "range": ends, "automargin": False}
        chart.update_layout({f"{letter}axis{side}": axis("", **plain) | placed})
    chart.add_shape(type="rect", x0=0, x1=1, xref=f"x{side} domain", y0=0, y1=1, yref=f"y{side} domain",
                    line={"color": GREY, "width": 1})  # fmt: skip
    chart.add_annotation(text=name, x=across[0], xref="paper", xanchor="left", y=top, yref="paper", yanchor="bottom",
                         showarrow=False, font={"size": 12})  # fmt: skip
