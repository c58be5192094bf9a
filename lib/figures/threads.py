"""Single values on their way, a thread each, panel beside panel on one axis: blue above zero, orange below it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import FRAME, NEGATIVE, POSITIVE, axis, figure
from lib.types import Array

GAP = 0.03  # between two panels, as a share of the picture's width


def threads(
    steps: Array,
    values: Array,
    names: Sequence[str],
    said: Sequence[Sequence[str]],
    *,
    x: str,
    y: str,
    y_range: tuple[float, float],
    step: str,
    height: int = 400,
) -> go.Figure:
    """Draw values (S, P, N) at steps (S,): P panels with N threads each, and a dot on each where it is at a step.

    `names` (P) stand above the panels, `said` (S, P) at their foot, in orange, and moves with the dots; what is far
    outside of `y_range` is not drawn. First come the threads, two traces a panel under its name and sign, then the
    panels' dots, then what is said.
    """
    chart = figure(height, margin={"l": 8, "r": 8, "t": 44, "b": 8}, showlegend=False)
    reach = 3 * max(abs(end) for end in y_range)
    near = np.where(np.abs(values) > reach, np.nan, values)
    for p, name in enumerate(names):
        _axis(chart, p, len(names), x, steps, name)
        _panel(chart, _number("x", p), steps, near[:, p], name)
    for p in range(len(names)):
        chart.add_trace(_dots(steps[-1], near[-1, p]))
        chart.traces[-1].merge(mode="markers", hoverinfo="none", xaxis=_number("x", p), yaxis="y", cliponaxis=False)
        chart.traces[-1].marker.merge(size=6, cmin=-1, cmax=1, colorscale=[[0, NEGATIVE], [1, POSITIVE]])
    for p, text in enumerate(said[-1]):
        chart.add_scatter(
            x=[0], y=[y_range[0]], text=[text], mode="text", textposition="top right", xaxis=_number("x", p),
            textfont={"color": NEGATIVE, "size": 13}, hoverinfo="skip", cliponaxis=False,
        )  # fmt: skip
    chart.update_layout(yaxis=axis(y, range=list(y_range), fixedrange=True))
    chart.add_shape(type="line", x0=0, x1=1, xref="paper", y0=0, y1=0, line={"color": FRAME, "width": 2})
    still: list[dict[str, Any]] = [{"type": "scatter"}] * (2 * len(names))
    frames = [
        [*still, *(_dots(at, ends) for ends in now), *({"type": "scatter", "text": [text]} for text in texts)]
        for at, now, texts in zip(steps, near, said, strict=True)
    ]
    add_frames(chart, frames, [str(s) for s in steps], step, redraw=True)
    return chart


def _number(letter: str, p: int) -> str:
    return f"{letter}{p + 1 if p else ''}"


def _axis(chart: go.Figure, p: int, panels: int, title: str, steps: Array, name: str) -> None:
    """The p-th panel's steps, of which only the last one has a label, and its name above."""
    wide = (1 - GAP * (panels - 1)) / panels
    left = p * (wide + GAP)
    chart.plan[_number("xaxis", p)] = axis(
        title, domain=[left, left + wide], anchor="y", showgrid=False, range=[0, 1.03 * float(steps[-1])],
        tickvals=[int(steps[-1])], fixedrange=True,
    )  # fmt: skip
    chart.add_annotation(
        text=f"<b>{name}</b>", x=left, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom",
        yshift=4, align="left", showarrow=False, font={"size": 12},
    )  # fmt: skip


def _dots(step: float, values: Array) -> dict[str, Any]:
    signs = np.where(values < 0, -1, 1).astype(np.int8)
    where = {"x": np.full(len(values), step, np.float32), "y": values.astype(np.float32)}
    return {"type": "scatter", **where, "marker": {"color": signs}}


def _panel(chart: go.Figure, axis_name: str, steps: Array, values: Array, name: str) -> None:
    parts = [_with_crossings(steps, thread) for thread in values.T]
    at = np.concatenate([np.append(places, np.nan) for places, _ in parts]).astype(np.float32)
    heights = np.concatenate([np.append(thread, np.nan) for _, thread in parts]).astype(np.float32)
    for sign, colour in ((1, POSITIVE), (-1, NEGATIVE)):
        with np.errstate(invalid="ignore"):
            drawn = np.where(sign * heights >= 0, heights, np.nan).astype(np.float32)
        chart.add_scatter(
            x=at, y=drawn, mode="lines", name=f"{name} {'+' if sign > 0 else '−'}", hoverinfo="none",
            xaxis=axis_name, yaxis="y", opacity=0.6, line={"color": colour, "width": 1.2},
        )  # fmt: skip


def _with_crossings(steps: Array, thread: Array) -> tuple[Array, Array]:
    """A thread (S,) with a point put in wherever it crosses zero, so that both colours meet there."""
    before, after = thread[:-1], thread[1:]
    crossing = np.flatnonzero(before * after < 0)
    share = before[crossing] / (before[crossing] - after[crossing])
    places = steps[crossing] + share * (steps[crossing + 1] - steps[crossing])
    return np.insert(steps.astype(float), crossing + 1, places), np.insert(thread.astype(float), crossing + 1, 0.0)
