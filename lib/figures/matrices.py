"""Matrices as squares under their names, each with a word below it; orange below zero, blue above.

Every matrix has axes of its own, so that it stays a square on a narrow page.
"""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from lib.figures.style import FRAME, SIGNS, figure
from lib.types import Array

NAME, WORD = 34, 26  # pixels above and below a square


def matrices(
    values: Array, names: Sequence[str], said: Sequence[str], *, marked: int, columns: int = 5, side: int = 122
) -> go.Figure:
    """Draw matrices (M, n, n), each with full colours from its own 98th percentile on; one of them is marked.

    `names` may have two lines, `said` stands below; `side` is the height in pixels of a square, which is less on a
    narrow page.
    """
    count = -(-len(values) // columns)
    pitch = NAME + side + WORD
    chart = figure(pitch * count, margin={"l": 2, "r": 2, "t": 0, "b": 0}, showlegend=False)
    for k, (matrix, name) in enumerate(zip(values, names, strict=True)):
        row, column = divmod(k, columns)
        top = 1 - (row + NAME / pitch) / count
        _axes(chart, k, (column / columns, (column + 1) / columns), (top - side / pitch / count, top), len(matrix))
        full = float(np.quantile(np.abs(matrix), 0.98)) or float(np.abs(matrix).max()) or 1.0
        n = _number(k)
        chart.add_heatmap(
            z=np.round(100 * np.clip(matrix / full, -1, 1)).astype(np.int8), name=name, zmin=-100, zmax=100,
            colorscale=SIGNS, showscale=False, hoverinfo="skip", xaxis=f"x{n}", yaxis=f"y{n}",
        )  # fmt: skip
        _label(chart, k, f"<b>{name}</b>" if k == marked else name, 1, "bottom", 12)
        _label(chart, k, f"<b>{said[k]}</b>", 0, "top", 16)
        _frame(chart, k, len(matrix), 3 if k == marked else 1)
    return chart


def _number(k: int) -> str:
    """Plotly's number of a matrix's axes."""
    return str(k + 1) if k else ""


def _axes(chart: go.Figure, k: int, wide: tuple[float, float], high: tuple[float, float], size: int) -> None:
    n, room = _number(k), 0.04 * (wide[1] - wide[0])
    square = {"visible": False, "fixedrange": True, "constrain": "domain"}
    chart.layout[f"xaxis{n}"] = square | {
        "domain": [wide[0] + room, wide[1] - room], "range": [-0.5, size - 0.5], "anchor": f"y{n}",
    }  # fmt: skip
    chart.layout[f"yaxis{n}"] = square | {
        "domain": list(high), "range": [size - 0.5, -0.5], "scaleanchor": f"x{n}", "constraintoward": "top",
        "anchor": f"x{n}",
    }  # fmt: skip


def _label(chart: go.Figure, k: int, text: str, y: int, toward: str, size: int) -> None:
    n = _number(k)
    chart.add_annotation(
        text=text, x=0.5, y=y, xref=f"x{n} domain", yref=f"y{n} domain", xanchor="center", yanchor=toward,
        showarrow=False, font={"size": size},
    )  # fmt: skip


def _frame(chart: go.Figure, k: int, size: int, width: int) -> None:
    n = _number(k)
    chart.add_shape(
        type="rect", xref=f"x{n}", yref=f"y{n}", x0=-0.5, x1=size - 0.5, y0=-0.5, y1=size - 0.5,
        line={"color": FRAME, "width": width},
    )  # fmt: skip
