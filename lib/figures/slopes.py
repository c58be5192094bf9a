"""The same step for many: each from where it was to where it gets, in two panels with axes of their own."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from lib.figures.style import GREY, LINES, MARKERS, axis, figure
from lib.types import Array

PANELS = ((0.0, 0.34), (0.62, 0.96))  # shares of the width; what is left over is for the notes
ENDS = (0, 1)
LINE, FRAME = 16, 60  # pixels: a note, and what of the height is not the lines'


class Panel(NamedTuple):
    """Values (P,) before and after the step, the axis of both with its range, and a note for some of the lines."""

    title: str
    before: Array
    after: Array
    y: dict[str, Any]
    notes: Sequence[str]


def slopes(
    panels: tuple[Panel, Panel],
    some: Sequence[int],
    names: Sequence[str],
    *,
    ends: tuple[str, str],
    height: int = 400,
) -> go.Figure:
    """Draw a thin line for everyone, and those numbered `some` in colours, called by `names`, in both panels.

    `ends` are written under the two ends of the lines.
    """
    chart = figure(height, margin={"l": 8, "r": 8, "t": 30, "b": 8}, showlegend=False)
    for k, panel in enumerate(panels):
        side = str(k + 1) if k else ""
        axes = {"xaxis": f"x{side}", "yaxis": f"y{side}"}
        pairs = np.column_stack([panel.before, panel.after, np.full(len(panel.before), np.nan)]).astype(np.float32)
        chart.add_scatter(
            x=np.tile(np.array([*ENDS, np.nan], np.float32), len(pairs)), y=pairs.ravel(), mode="lines",
            line={"color": "rgba(128,128,128,0.35)", "width": 0.8}, name=panel.title, hoverinfo="none", **axes,
        )  # fmt: skip
        for j, (who, name) in enumerate(zip(some, names, strict=True)):
            chart.add_scatter(
                x=list(ENDS), y=pairs[who, :2], mode="lines+markers", line={"color": LINES[j], "width": 3},
                marker={"symbol": MARKERS[j], "size": 9}, name=f"{panel.title}: {name}", hoverinfo="name", **axes,
            )  # fmt: skip
        _dressed(chart, panel, k, ends)
        _noted(chart, panel, np.array([pairs[who, 1] for who in some]), axes, height)
    return chart


def _dressed(chart: go.Figure, panel: Panel, k: int, ends: tuple[str, str]) -> None:
    """Give a panel its axes, its title and an upright at either end."""
    side = str(k + 1) if k else ""
    chart.update_layout({
        f"xaxis{side}": axis("", domain=PANELS[k], range=[-0.08, 1.08], tickvals=ENDS, ticktext=ends, showgrid=False,
                             fixedrange=True),
        f"yaxis{side}": axis("", anchor=f"x{side}", fixedrange=True) | panel.y,
    })  # fmt: skip
    chart.add_annotation(text=panel.title, x=PANELS[k][0], xref="paper", xanchor="left", y=1, yref="paper",
                         yanchor="bottom", yshift=6, showarrow=False, font={"size": 12})  # fmt: skip
    for end in ENDS:
        chart.add_shape(type="line", x0=end, x1=end, xref=f"x{side}", y0=0, y1=1, yref=f"y{side} domain",
                        line={"color": GREY, "width": 1})  # fmt: skip


def _noted(chart: go.Figure, panel: Panel, after: Array, axes: dict[str, str], height: int) -> None:
    """Write the notes beside the lines' right ends, from the top down, none on another."""
    gap = LINE / (height - FRAME) * float(np.ptp(panel.y["range"]))
    place = np.inf
    for j in np.argsort(-after, kind="stable").tolist():
        place = min(float(after[j]), place - gap)
        chart.add_annotation(text=panel.notes[j], x=1, xref=axes["xaxis"], xanchor="left", xshift=9, y=place,
                             yref=axes["yaxis"], yanchor="middle", showarrow=False, align="left",
                             font={"size": 12, "color": LINES[j]})  # fmt: skip
