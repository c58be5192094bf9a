"""Small pictures in rows and columns, each in a thin frame with its name below; cells are square at any width.

Everything lies on one pair of axes whose unit is a picture's cell, and all pictures are one heat map of whole
numbers, so that a figure of many pictures is small and moves as one.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import FRAME, MARKERS, NEGATIVE, POSITIVE, RING, SIGNS, figure, one_unit
from lib.types import Array

AROUND = 0.5  # cells: from a picture's edge to the ring around it


class Sheet(NamedTuple):
    """Where pictures of `high` by `wide` cells stand: `gap` between columns, `below` each its name."""

    high: int
    wide: int
    columns: int
    rows: int
    gap: int
    below: int
    left: int
    top: int

    def corner(self, k: int) -> tuple[int, int]:
        """Row and column of the upper left cell of the k-th picture."""
        row, column = divmod(k, self.columns)
        return self.top + row * (self.high + self.below), self.left + column * (self.wide + self.gap)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in cells."""
        return (
            self.top + self.rows * (self.high + self.below),
            self.left + self.columns * (self.wide + self.gap) - self.gap,
        )


def tiles(
    pictures: Array,
    columns: int,
    steps: Sequence[int] | Array = (),
    *,
    names: Sequence[str] = (),
    said: Sequence[Sequence[str]] = (),
    rows: Sequence[str] = (),
    heads: Sequence[str] = (),
    between: Sequence[str] = (),
    outlined: Array | None = None,
    ringed: int | None = None,
    samples: tuple[Array, Array] | None = None,
    hover: str = "",
    gap: int = 2,
    below: int = 2,
    left: int = 0,
    top: int = 0,
    size: int = 12,
    step: str = "",
    height: int = 400,
) -> go.Figure:
    """Draw pictures (F, M, h, w) in [-1, 1], one frame per step, as many in a row as there are columns.

    `names` (M) stand below the pictures, or `said` (F, M), which moves with them; `rows` left of each row in `left`
    cells, `heads` over the columns in `top` cells, `between` (as "×") in the gaps of each row; `size` is that of the
    letters. `outlined` (M, h, w) are cells with a frame of their own, and around the picture numbered `ringed` is a
    ring. `samples` are places (N, 2) in a picture, from 0 to 1, upwards, and their classes (M, N), 0 or 1. With
    `hover` each picture has an invisible point that can be clicked: its number is `customdata`.
    """
    _, count, high, wide = pictures.shape
    sheet = Sheet(high, wide, columns, -(-count // columns), gap, below, left, top)
    chart = figure(height, margin={"l": 4, "r": 4, "t": 4, "b": 4}, showlegend=False)
    frames = _whole(sheet, pictures)
    chart.add_heatmap(z=frames[-1], zmin=-100, zmax=100, colorscale=SIGNS, showscale=False, hoverinfo="skip")
    if said:
        _moving(chart, sheet, said[-1], size)
    if len(steps) > 1:
        moments: list[list[dict[str, Any]]] = [[{"type": "heatmap", "z": z}] for z in frames]
        for moment, texts in zip(moments, said, strict=False):
            moment.append({"type": "scatter", "text": list(texts)})
        add_frames(chart, moments, [str(s) for s in steps], step, redraw=True)
    _boxes(chart, [(*sheet.corner(k), high, wide) for k in range(count)], 1)
    if outlined is not None:
        cells = [(sheet.corner(k), i, j) for k, i, j in np.argwhere(outlined).tolist()]
        _boxes(chart, [(row + i, column + j, 1, 1) for (row, column), i, j in cells], 2)
    if ringed is not None:
        row, column = sheet.corner(ringed)
        _boxes(chart, [(row - AROUND, column - AROUND, high + 2 * AROUND, wide + 2 * AROUND)], 3, RING)
    if samples is not None:
        _samples(chart, sheet, *samples)
    _words(chart, sheet, names, rows, heads, size)
    _between(chart, sheet, between, 2 * size)
    tall, across = sheet.shape
    edge = 0.7 if ringed is None else 0.7 + 2 * AROUND
    chart.update_layout(
        xaxis={"range": [-edge, across - 1 + edge], "visible": False, "fixedrange": True},
        yaxis={"range": [tall - 0.3, -edge], "visible": False, "fixedrange": True},
    )
    one_unit(chart)
    chart.update_yaxes(constraintoward="top")
    if hover:
        _clickable(chart, sheet, names, hover, count)
    return chart


def _whole(sheet: Sheet, pictures: Array) -> Array:
    """All pictures on one sheet (F, rows, columns), in hundredths: less than an eye sees, and a frame is small."""
    whole = np.zeros((len(pictures), *sheet.shape), np.int8)
    values = np.round(100 * np.clip(np.nan_to_num(pictures), -1, 1)).astype(np.int8)
    for k in range(pictures.shape[1]):
        row, column = sheet.corner(k)
        whole[:, row : row + sheet.high, column : column + sheet.wide] = values[:, k]
    return whole


def _boxes(
    chart: go.Figure, boxes: Sequence[tuple[float, float, float, float]], width: float, colour: str = FRAME
) -> None:
    """Frames around cells (row, column, height, width), all of them one line with gaps."""
    x, y = [], []
    for row, column, high, wide in boxes:
        x += [column - 0.5, column + wide - 0.5, column + wide - 0.5, column - 0.5, column - 0.5, np.nan]
        y += [row - 0.5, row - 0.5, row + high - 0.5, row + high - 0.5, row - 0.5, np.nan]
    chart.add_scatter(
        x=np.array(x, np.float32), y=np.array(y, np.float32), mode="lines", hoverinfo="skip",
        line={"color": colour, "width": width},
    )  # fmt: skip


def _samples(chart: go.Figure, sheet: Sheet, places: Array, classes: Array) -> None:
    """Points on every picture, orange or blue by their class."""
    corners = np.array([sheet.corner(k) for k in range(len(classes))], float)  # (M, 2): row, column
    x = corners[:, 1, None] + places[None, :, 0] * sheet.wide - 0.5
    y = corners[:, 0, None] + (1 - places[None, :, 1]) * sheet.high - 0.5
    for k, colour in enumerate((NEGATIVE, POSITIVE)):
        mine = classes == k
        chart.add_scatter(
            x=x[mine].astype(np.float32), y=y[mine].astype(np.float32), mode="markers", hoverinfo="skip",
            marker={"color": colour, "symbol": MARKERS[k], "size": 9, "line": {"width": 1.5, "color": "white"}},
            unselected={"marker": {"opacity": 1}},  # a click on a picture leaves the points as they are
        )  # fmt: skip


def _moving(chart: go.Figure, sheet: Sheet, said: Sequence[str], size: int) -> None:
    corners = np.array([sheet.corner(k) for k in range(len(said))], float)
    chart.add_scatter(
        x=corners[:, 1] + (sheet.wide - 1) / 2, y=corners[:, 0] + sheet.high - 0.2, mode="text", text=list(said),
        textposition="bottom center", textfont={"size": size}, hoverinfo="skip", cliponaxis=False,
    )  # fmt: skip


def _words(
    chart: go.Figure, sheet: Sheet, names: Sequence[str], rows: Sequence[str], heads: Sequence[str], size: int
) -> None:
    middle = (sheet.wide - 1) / 2
    for k, name in enumerate(names):
        row, column = sheet.corner(k)
        _word(chart, name, column + middle, row + sheet.high - 0.5, "center", "top", size)
    for k, name in enumerate(rows):
        row, _ = sheet.corner(k * sheet.columns)
        _word(chart, name, -0.5, row + (sheet.high - 1) / 2, "left", "middle", size)
    for k, name in enumerate(heads):
        row, column = sheet.corner(k)
        _word(chart, name, column + middle, row - 0.8, "center", "bottom", size)


def _between(chart: go.Figure, sheet: Sheet, signs: Sequence[str], size: int) -> None:
    for start in range(0, sheet.rows * sheet.columns, sheet.columns):
        for k, sign in enumerate(signs, start=start):
            row, column = sheet.corner(k)
            x = column + sheet.wide + sheet.gap / 2 - 0.5
            _word(chart, sign, x, row + (sheet.high - 1) / 2, "center", "middle", size)


def _word(chart: go.Figure, text: str, x: float, y: float, across: str, up: str, size: int) -> None:
    chart.add_annotation(
        text=text, x=x, y=y, xanchor=across, yanchor=up, align=across, showarrow=False, font={"size": size}
    )


def _clickable(chart: go.Figure, sheet: Sheet, names: Sequence[str], hover: str, count: int) -> None:
    corners = np.array([sheet.corner(k) for k in range(count)], float)
    chart.add_scatter(
        x=corners[:, 1] + (sheet.wide - 1) / 2, y=corners[:, 0] + (sheet.high - 1) / 2, mode="markers",
        customdata=list(range(count)), text=list(names), hovertemplate=hover,
        marker={"size": 44, "symbol": "square", "color": "rgba(0,0,0,0)"},
    )  # fmt: skip
