"""How far digits are from one class, in several planes: a numeral each, a row per class; scrubbed together."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import FRAME, GREY, INK, LINES, axis, figure
from lib.types import Array

ACROSS = 2  # planes in a row
STRIP, TILE = 48, 42  # pixels: above the planes, and in it the picture of the digit that is followed
FOLLOWED, OTHERS = LINES[2], "rgba(128,128,128,0.85)"
BOTTOM, TOP = 11.2, -0.9  # rows: the classes from the top, and room for the numbers below them
EDGES = 8  # pixels of the height that are margin


def planes(
    distances: Array,
    labels: Array,
    image: Array,
    names: Sequence[str],
    said: Sequence[Sequence[str]],
    steps: Sequence[int] | Array,
    *,
    followed: int,
    title: str,
    hover: str,
    step: str,
    height: int = 440,
) -> go.Figure:
    """Draw digits at distances (P, F, N), classes `labels` (N,), in a plane for each of P `names`; a frame per step.

    The distance counts to the right; a class is a row. `said` (F, P) stands over the planes. The digit numbered
    `followed` has a ring, its `image` (h, w) stands above beside `title`, and its class is in colour. All planes and
    frames have one range, so that they can be held against each other. `hover` is plotly's template; %{text} is the
    digit, and the number of each digit is its custom datum.
    """
    chart = figure(height, margin={"l": 4, "r": 4, "t": EDGES // 2, "b": EDGES // 2}, showlegend=False)
    far, high = distances.astype(np.float32), labels.astype(np.int8)
    end = 1.04 * max(float(np.nanmax(distances, initial=0)), 2.0)
    marks = [str(mark) for mark in range(_apart(end), int(end) + 1, _apart(end))]
    same = labels == labels[followed]
    groups = [np.flatnonzero(~same), np.flatnonzero(same), np.array([followed])]
    for k, name in enumerate(names):
        side = str(k + 1) if k else ""
        on = {"xaxis": f"x{side}", "yaxis": f"y{side}"}
        for rows, letters in zip(groups, (_letters(OTHERS, 11), _letters(FOLLOWED, 13)), strict=False):
            chart.add_scatter(
                x=far[k, -1, rows], y=high[rows], mode="text", text=[str(n) for n in labels[rows]],
                customdata=rows, name=name, hovertemplate=hover, **letters, **on,
            )  # fmt: skip
        ring = {"size": 25, "color": "rgba(0,0,0,0)", "line": {"color": FOLLOWED, "width": 3}}
        chart.add_scatter(
            x=[float(far[k, -1, followed])], y=[int(high[followed])], mode="markers", marker=ring,
            name=f"{name}: {labels[followed]}", hoverinfo="skip", **on,
        )  # fmt: skip
        # In the plane's own axes: others that lie over it would take its clicks.
        chart.add_scatter(
            x=[0, *map(int, marks)], y=[TOP, *[BOTTOM] * len(marks)], mode="text", text=[said[-1][k], *marks],
            textposition=["top right", *["top center"] * len(marks)], textfont={"size": 12},
            hoverinfo="skip", cliponaxis=False, **on,
        )  # fmt: skip
        _dressed(chart, end, k, -(-len(names) // ACROSS), 1 - STRIP / (height - EDGES))
    if len(steps) > 1:
        each = [
            [data for p, text in zip(moment, told, strict=True)
             for data in (*(_moved(p[rows]) for rows in groups), {"type": "scatter", "text": [text, *marks]})]
            for moment, told in zip(far.swapaxes(0, 1), said, strict=True)
        ]  # fmt: skip
        add_frames(chart, each, [str(s) for s in steps], step, redraw=True)
    _headed(chart, image, title, len(names), height)
    return chart


def _letters(colour: str, size: int) -> dict[str, Any]:
    """The look of numerals, the same after a click on one of them."""
    return {"textfont": {"color": colour, "size": size}, "unselected": {"textfont": {"color": colour}}}


def _moved(distances: Array) -> dict[str, Any]:
    return {"type": "scatter", "x": distances}


def _headed(chart: go.Figure, image: Array, title: str, count: int, height: int) -> None:
    """Draw the digit that is followed, on a pair of axes after those of the planes, and what is said of it."""
    side = str(count + 1)
    bottom = 1 - TILE / (height - EDGES)
    hidden: dict[str, Any] = {"visible": False, "fixedrange": True, "constrain": "domain"}
    chart.add_heatmap(
        z=np.round(image, 2), zmin=0, zmax=1, colorscale=INK, showscale=False, hoverinfo="skip", name="",
        xaxis=f"x{side}", yaxis=f"y{side}",
    )  # fmt: skip
    h, w = image.shape
    chart.update_layout({
        f"xaxis{side}": hidden | {
            "domain": [0, 0.2], "anchor": f"y{side}", "range": [-0.5, w - 0.5], "constraintoward": "left",
        },
        f"yaxis{side}": hidden | {
            "domain": [bottom, 1], "anchor": f"x{side}", "range": [h - 0.5, -0.5], "scaleanchor": f"x{side}",
        },
    })  # fmt: skip
    chart.add_shape(type="rect", x0=-0.5, x1=w - 0.5, xref=f"x{side}", y0=-0.5, y1=h - 0.5, yref=f"y{side}",
                    line={"color": FRAME, "width": 1})  # fmt: skip
    chart.add_annotation(
        text=title, x=0, xref="paper", xanchor="left", xshift=TILE + 10, y=(1 + bottom) / 2, yref="paper",
        yanchor="middle", showarrow=False, align="left", font={"size": 13},
    )  # fmt: skip


def _apart(end: float) -> int:
    """How far apart the lines are of which a plane has about five."""
    return max(1, round(end / 5))


def _dressed(chart: go.Figure, end: float, k: int, rows: int, top: float) -> None:
    """Give plane number k its place below `top`, a thin frame, lines across the distance, and ranges."""
    (left, down), side = (k % ACROSS, k // ACROSS), str(k + 1) if k else ""
    across = [left / ACROSS + 0.01 * left, (left + 1) / ACROSS - 0.01 * (1 - left)]
    up = [top * (1 - (down + 1) / rows), top * (1 - down / rows) - 0.06]
    lines = {"showgrid": True, "tickmode": "linear", "tick0": 0, "dtick": _apart(end)}
    bare: dict[str, Any] = {"showticklabels": False, "automargin": False, "fixedrange": True}
    for letter, domain, other, span, look in (
        ("x", across, "y", [0, end], lines), ("y", up, "x", [BOTTOM, TOP], {"showgrid": False}),
    ):  # fmt: skip
        placed = {"domain": domain, "anchor": f"{other}{side}", "range": span}
        chart.update_layout({f"{letter}axis{side}": axis("", **look) | placed | bare})
    chart.add_shape(type="rect", x0=0, x1=1, xref=f"x{side} domain", y0=0, y1=1, yref=f"y{side} domain",
                    line={"color": GREY, "width": 1})  # fmt: skip
