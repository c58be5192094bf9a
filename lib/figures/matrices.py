"""Matrices as squares in titled rows, each under its words; orange below zero, blue above; scrubbable.

Every matrix has axes of its own, so that it stays a square on a narrow page.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import FRAME, GREY, RING, SIGNS, figure
from lib.types import Array

TITLE, WORDS, BELOW = 22, 20, 8  # pixels: a row's title, the words over a matrix, the room under it
GAP = 0.03  # of the width, between the first row and what stays at its end
FULL = 0.98  # from this share of a matrix's numbers on, by size, its colours are full


def matrices(
    values: Array,
    steps: Sequence[int] | Array,
    said: Sequence[Sequence[str]],
    groups: Sequence[tuple[str, int]],
    *,
    step: str,
    marked: int,
    begun: tuple[str, str],
    side: int = 106,
) -> go.Figure:
    """Draw matrices (F, M, n, n), one frame per step, in rows of titles and numbers of matrices (`groups`).

    `said` (F, M) are the words over the matrices, one of which is marked. As it begins, that one stays at the end of
    the first row, which has room for it, under `begun`, its title and words; a line parts it from the row. `side` is
    the height in pixels of a square, which is less on a narrow page.
    """
    columns, pitch = max(number for _, number in groups), TITLE + WORDS + side + BELOW
    chart = figure(pitch * len(groups), margin={"l": 2, "r": 2, "t": 0, "b": 0}, showlegend=False)
    starts = [0, *accumulate(number for _, number in groups)]
    places = [(row, k - starts[row]) for row, (_, number) in enumerate(groups) for k in range(*starts[row : row + 2])]
    titles = [(title, 0.0, 1 - row / len(groups)) for row, (title, _) in enumerate(groups)]
    for title, left, top in [*titles, (begun[0], (columns - 1) / columns, 1.0)]:
        chart.add_annotation(
            text=f"<b>{title}</b>", x=left, y=top, xref="paper", yref="paper", xanchor="left",
            yanchor="top", showarrow=False, font={"size": 14},
        )  # fmt: skip
    places.append((0, columns - 1))
    chart.add_shape(
        type="line", x0=(columns - 1) / columns - GAP / 2, x1=(columns - 1) / columns - GAP / 2, xref="paper",
        y0=1 - (pitch - BELOW) / pitch / len(groups), y1=1, yref="paper", line={"color": GREY, "width": 1},
    )  # fmt: skip
    frames = [
        [{"type": "heatmap", "z": _coloured(matrix)} for matrix in (*frame, values[0, marked])]
        + [{"type": "scatter", "text": [*words, begun[1]]}]
        for frame, words in zip(values, said, strict=True)
    ]
    for k, (row, column) in enumerate(places):
        top = 1 - (row + (TITLE + WORDS) / pitch) / len(groups)
        _axes(chart, k, (column / columns, (column + 1) / columns), (top - side / pitch / len(groups), top),
              values.shape[-1])  # fmt: skip
        chart.add_heatmap(
            z=frames[-1][k]["z"], zmin=-100, zmax=100, colorscale=SIGNS, showscale=False, hoverinfo="skip",
            xaxis=f"x{_number(k)}", yaxis=f"y{_number(k)}",
        )  # fmt: skip
        _frame(chart, k, values.shape[-1], marked=k in (marked, len(places) - 1))
    chart.add_scatter(
        x=[column / columns for _, column in places],
        y=[1 - (row + (TITLE + 0.6 * WORDS) / pitch) / len(groups) for row, _ in places], text=frames[-1][-1]["text"],
        mode="text", textposition="middle right", textfont={"size": 12}, hoverinfo="skip", cliponaxis=False,
        xaxis=f"x{len(places) + 1}", yaxis=f"y{len(places) + 1}",
    )  # fmt: skip
    _words(chart, len(places) + 1)
    if len(steps) > 1:
        add_frames(chart, frames, [str(s) for s in steps], step, redraw=True)
    return chart


def _coloured(matrix: Array) -> Array:
    """In whole per cent of full colour."""
    full = float(np.quantile(np.abs(matrix), FULL)) or float(np.abs(matrix).max()) or 1.0
    return np.round(100 * np.clip(matrix / full, -1, 1)).astype(np.int8)


def _number(k: int) -> str:
    """Plotly's number of a matrix's axes."""
    return str(k + 1) if k else ""


def _axes(chart: go.Figure, k: int, wide: tuple[float, float], high: tuple[float, float], size: int) -> None:
    n, room = _number(k), 0.06 * (wide[1] - wide[0])
    square = {"visible": False, "fixedrange": True, "constrain": "domain"}
    chart.plan[f"xaxis{n}"] = square | {
        "domain": [wide[0], wide[1] - room], "range": [-0.5, size - 0.5], "anchor": f"y{n}",
        "constraintoward": "left",
    }  # fmt: skip
    chart.plan[f"yaxis{n}"] = square | {
        "domain": list(high), "range": [size - 0.5, -0.5], "scaleanchor": f"x{n}", "constraintoward": "top",
        "anchor": f"x{n}",
    }  # fmt: skip


def _words(chart: go.Figure, n: int) -> None:
    """Axes over the whole picture, for the words over the matrices."""
    over: dict[str, Any] = {"visible": False, "fixedrange": True, "domain": [0, 1], "range": [0, 1]}
    chart.plan[f"xaxis{n}"] = over | {"anchor": f"y{n}"}
    chart.plan[f"yaxis{n}"] = over | {"anchor": f"x{n}"}


def _frame(chart: go.Figure, k: int, size: int, *, marked: bool) -> None:
    n = _number(k)
    chart.add_shape(
        type="rect", xref=f"x{n}", yref=f"y{n}", x0=-0.5, x1=size - 0.5, y0=-0.5, y1=size - 0.5,
        line={"color": RING, "width": 3} if marked else {"color": FRAME, "width": 1},
    )  # fmt: skip
