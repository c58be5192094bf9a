"""Single values on their way, a thread each, panel beside panel on one axis: blue above zero, orange below it."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from lib.figures.style import FRAME, NEGATIVE, POSITIVE, axis, figure
from lib.types import Array

GAP = 0.03  # between two panels, as a share of the picture's width


def threads(
    steps: Array,
    values: Array,
    names: Sequence[str],
    said: Sequence[str],
    *,
    y: str,
    y_range: tuple[float, float],
    height: int = 400,
) -> go.Figure:
    """Draw values (S, P, N) at steps (S,): P panels with N threads each.

    `names` (P) stand above the panels, `said` (P) below them, as there are no numbers of
    steps; what is far outside of `y_range` is not drawn. Each
    panel has two traces under its name and sign.
    """
    chart = figure(height, margin={"l": 8, "r": 8, "t": 44, "b": 8}, showlegend=False)
    panels = len(names)
    wide = (1 - GAP * (panels - 1)) / panels
    for p, (name, below) in enumerate(zip(names, said, strict=True)):
        number = str(p + 1) if p else ""
        left = p * (wide + GAP)
        chart.layout[f"xaxis{number}"] = axis(
            below, domain=[left, left + wide], anchor="y", showgrid=False, range=[0, float(steps[-1])],
            showticklabels=False, fixedrange=True,
        )  # fmt: skip
        chart.layout[f"xaxis{number}"].title.font.size = 12
        chart.add_annotation(
            text=f"<b>{name}</b>", x=left, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom",
            yshift=4, align="left", showarrow=False, font={"size": 12},
        )  # fmt: skip
        _panel(chart, f"x{number}", steps, values[:, p], name, y_range)
    chart.update_layout(yaxis=axis(y, range=list(y_range), fixedrange=True))
    chart.add_shape(type="line", x0=0, x1=1, xref="paper", y0=0, y1=0, line={"color": FRAME, "width": 2})
    return chart


def _panel(
    chart: go.Figure, axis_name: str, steps: Array, values: Array, name: str, y_range: tuple[float, float]
) -> None:
    reach = 3 * max(abs(end) for end in y_range)
    parts = [_with_crossings(steps, thread) for thread in np.where(np.abs(values) > reach, np.nan, values).T]
    at = np.concatenate([np.append(places, np.nan) for places, _ in parts]).astype(np.float32)
    heights = np.concatenate([np.append(thread, np.nan) for _, thread in parts]).astype(np.float32)
    for sign, colour in ((1, POSITIVE), (-1, NEGATIVE)):
        with np.errstate(invalid="ignore"):
            drawn = np.where(sign * heights >= 0, heights, np.nan).astype(np.float32)
        chart.add_scatter(
            x=at, y=drawn, mode="lines", name=f"{name} {'+' if sign > 0 else '−'}", hoverinfo="none",
            xaxis=axis_name, yaxis="y", opacity=0.8, line={"color": colour, "width": 1.2},
        )  # fmt: skip


def _with_crossings(steps: Array, thread: Array) -> tuple[Array, Array]:
    """A thread (S,) with a point put in wherever it crosses zero, so that both colours meet there."""
    before, after = thread[:-1], thread[1:]
    crossing = np.flatnonzero(before * after < 0)
    share = before[crossing] / (before[crossing] - after[crossing])
    places = steps[crossing] + share * (steps[crossing + 1] - steps[crossing])
    return np.insert(steps.astype(float), crossing + 1, places), np.insert(thread.astype(float), crossing + 1, 0.0)
