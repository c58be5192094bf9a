"""The same step for many: each from where it was to where it gets, in two panels; above, where numbers lie."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from lib.figures.style import FAINT, GREY, LINES, MARKERS, NEGATIVE, POSITIVE, axis, figure
from lib.types import Array

PANELS = ((0.0, 0.24), (0.69, 0.92))  # shares of the width; what is left over is for the notes
ENDS = (0, 1)
HUES = (LINES[0], LINES[2], LINES[3])  # of those named: neither the green of what is trained nor near a sign's
LINE, FRAME = 15, 74  # pixels: a note, and what of the height is not the lines'
TOP, STRIP = 0.62, (0.81, 0.95)  # shares of the height: the panels end, the strip of numbers begins and ends
HEADS = ((1.0, 18), (0.68, 2))  # where the halves are named: shares of the height, pixels above


class Panel(NamedTuple):
    """Values (P,) before and after the step, the axis of both with its range, and a note for some of the lines."""

    title: str
    before: Array
    after: Array
    y: dict[str, Any]
    notes: Sequence[str]


class Strip(NamedTuple):
    """Counts (B,) between edges (B + 1,), what is allowed (from, to; shaded), and notes: below, within, above."""

    title: str
    heading: str
    edges: Array
    counts: Array
    allowed: tuple[float, float]
    notes: tuple[str, str, str]


def slopes(
    strip: Strip,
    panels: tuple[Panel, Panel],
    some: Sequence[int],
    names: Sequence[str],
    *,
    heading: str,
    ends: tuple[str, str],
    height: int = 480,
) -> go.Figure:
    """Draw the strip; below it a thin line for everyone, and those numbered `some`, called by `names`, in colours.

    `heading` names what the lines are of, `ends` are written under their two ends.
    """
    chart = figure(height, margin={"l": 8, "r": 8, "t": 44, "b": 8}, showlegend=False)
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
                x=list(ENDS), y=pairs[who, :2], mode="lines+markers", line={"color": HUES[j], "width": 3},
                marker={"symbol": MARKERS[j], "size": 9}, name=f"{panel.title}: {name}", hoverinfo="name", **axes,
            )  # fmt: skip
        _dressed(chart, panel, k, ends)
        _noted(chart, panel, np.array([pairs[who, 1] for who in some]), axes, TOP * height)
    _above(chart, strip)
    for text, (y, shift) in zip((strip.heading, heading), HEADS, strict=True):
        chart.add_annotation(text=f"<b>{text}</b>", x=0, xref="paper", xanchor="left", y=y, yref="paper",
                             yshift=shift, yanchor="bottom", showarrow=False, font={"size": 13})  # fmt: skip
    return chart


def _above(chart: go.Figure, strip: Strip) -> None:
    """Draw the strip over the whole width in the colours of the signs, with a note over each of its parts."""
    low, high = strip.allowed
    middles = (strip.edges[:-1] + strip.edges[1:]) / 2
    hues = [NEGATIVE if m < 0 else POSITIVE for m in middles]
    chart.add_bar(
        x=middles, y=strip.counts, width=np.diff(strip.edges), name=strip.title, xaxis="x3", yaxis="y3",
        marker={"color": hues, "line": {"width": 0}}, hovertemplate="%{x:.2f}: %{y}<extra></extra>",
    )  # fmt: skip
    ends = [float(strip.edges[0]), float(strip.edges[-1])]
    chart.update_layout(
        xaxis3=axis("", domain=[0, 1], anchor="y3", range=ends, dtick=0.5, showgrid=False, fixedrange=True),
        yaxis3=axis("", domain=STRIP, anchor="x3", visible=False, fixedrange=True,
                    range=[0, float(strip.counts.max())]),
    )  # fmt: skip
    chart.add_shape(type="rect", x0=low, x1=high, xref="x3", y0=0, y1=1, yref="y3 domain", layer="below",
                    line={"width": 0}, fillcolor=FAINT)  # fmt: skip
    places = (((ends[0] + low) / 2, "center"), ((low + high) / 2, "center"), (ends[1], "right"))
    for text, (x, side) in zip(strip.notes, places, strict=True):
        look = {"size": 12, "color": NEGATIVE if x < 0 else POSITIVE}
        chart.add_annotation(text=text, x=x, xref="x3", xanchor=side, y=STRIP[1], yref="paper", yanchor="bottom",
                             showarrow=False, font=look)  # fmt: skip


def _dressed(chart: go.Figure, panel: Panel, k: int, ends: tuple[str, str]) -> None:
    """Give a panel its axes, its title and an upright at either end."""
    side = str(k + 1) if k else ""
    chart.update_layout({
        f"xaxis{side}": axis("", domain=PANELS[k], range=[-0.08, 1.08], tickvals=ENDS, ticktext=ends, showgrid=False,
                             fixedrange=True),
        f"yaxis{side}": axis("", anchor=f"x{side}", domain=[0, TOP], fixedrange=True) | panel.y,
    })  # fmt: skip
    chart.add_annotation(text=panel.title, x=PANELS[k][0], xref="paper", xanchor="left", y=TOP, yref="paper",
                         yanchor="bottom", yshift=6, showarrow=False, font={"size": 12})  # fmt: skip
    for end in ENDS:
        chart.add_shape(type="line", x0=end, x1=end, xref=f"x{side}", y0=0, y1=1, yref=f"y{side} domain",
                        line={"color": GREY, "width": 1})  # fmt: skip


def _noted(chart: go.Figure, panel: Panel, after: Array, axes: dict[str, str], height: float) -> None:
    """Write the notes beside the lines' right ends, from the top down, none on another."""
    lines = max(note.count("<br>") + 1 for note in panel.notes)
    gap = LINE * lines / (height - FRAME) * float(np.ptp(panel.y["range"]))
    place = np.inf
    for j in np.argsort(-after, kind="stable").tolist():
        place = min(float(after[j]), place - gap)
        chart.add_annotation(text=panel.notes[j], x=1, xref=axes["xaxis"], xanchor="left", xshift=9, y=place,
                             yref=axes["yaxis"], yanchor="middle", showarrow=False, align="left",
                             font={"size": 12, "color": HUES[j]})  # fmt: skip
