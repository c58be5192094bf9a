"""Weights as a picture: orange below zero, blue above, nothing at zero, scrubbable through training."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import FRAME, INK, SIGNS, axis, colour_bar, figure, one_unit
from lib.types import Array

LABEL = 19  # pixels of a line above a tile
WIDE = 360  # pixels of a mosaic, between a phone's and a desk's


def heatmap(
    frames: Array,
    steps: Sequence[int] | Array = (),
    *,
    x: str,
    y: str,
    value: str,
    hover: str,
    step: str = "",
    ticks: bool = True,
    square: bool | None = None,
    labels: Sequence[str] = (),
    ink: bool = False,
    reach: float | None = None,
    height: int = 420,
) -> go.Figure:
    """Draw matrices (F, rows, columns), one frame per step, on one colour scale that is symmetric about zero.

    A single frame gets no slider. The scale is the same for all frames: it ends at `reach`, or the 99.5th percentile
    of the absolute values. NaN is left empty. `value` titles the colour bar, if there shall be one. Without `ticks`
    it is a mosaic: no numbers at the axes, cells that are square whatever the width of the page (`square` says
    otherwise), a thin frame around every tile and `labels` above them, row by row. `ink` draws what has no sign, from
    0 on, in black on white.
    """
    frames = frames.astype(np.float32)
    reach = reach or float(np.nanpercentile(np.abs(frames), 99.5)) or 1.0
    chart = figure(height, margin={"l": 8, "r": 8, "t": 8, "b": 0})
    square = not ticks if square is None else square
    room = _label(labels) / _cell(frames[-1], height, labels, square) if labels else 1.0
    edges = _edges(frames[-1], room)
    chart.add_heatmap(
        z=frames[-1], y=edges if labels else None, zmin=0 if ink else -reach, zmax=reach,
        colorscale=INK if ink else SIGNS, hovertemplate=hover, hoverongaps=False, colorbar=colour_bar(value),
        showscale=bool(value), name="",  # or the box under the pointer says "trace 0"
    )  # fmt: skip
    chart.update_layout(
        xaxis=axis(x, showgrid=False, showticklabels=ticks, dtick=max(1, frames.shape[2] // 6)),
        yaxis=axis(y, showgrid=False, showticklabels=ticks, autorange="reversed", dtick=max(1, frames.shape[1] // 6)),
    )
    if not ticks:
        chart.update_xaxes(automargin=bool(x))  # plotly keeps room for an empty title, too
        chart.update_yaxes(automargin=bool(y))
        _frame(chart, frames[-1], edges, labels)
    if labels or square:
        top = float(edges[0]) - (room if labels else 0.0)
        chart.plan.yaxis.merge(autorange=None, range=[float(edges[-1]), top])
    if square:
        one_unit(chart)
        chart.plan.xaxis.merge(range=[-0.5, frames.shape[2] - 0.5])
    if len(frames) > 1:
        each = [[{"type": "heatmap", "z": z}] for z in frames]
        add_frames(chart, each, [str(s) for s in steps], step, redraw=True)
    return chart


def _frame(chart: go.Figure, sheet: Array, edges: Array, labels: Sequence[str]) -> None:
    """Draw a thin line around every tile of a mosaic, and its label above it; rows lie between `edges`."""
    empty = np.asarray(np.isnan(sheet))
    tiles = [
        (left - 0.5, right - 0.5, float(edges[top]), float(edges[bottom]))
        for top, bottom in _runs(empty.all(1))
        for left, right in _runs(empty.all(0))
        if not empty[top:bottom, left:right].all()
    ]
    chart.plan.shapes = [
        {"type": "rect", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "line": {"color": FRAME, "width": 1}}
        for x0, x1, y0, y1 in tiles
    ]
    chart.plan.annotations = [
        {"text": text, "x": x0, "y": y0, "xanchor": "left", "yanchor": "bottom", "showarrow": False,
         "align": "left", "font": {"size": 11}}
        for text, (x0, _, y0, _) in zip(labels, tiles, strict=bool(labels))
        if text
    ]  # fmt: skip


def _edges(sheet: Array, room: float) -> Array:
    """Where the rows of a mosaic end (rows + 1,): between two tiles there is `room`, counted in cells."""
    return np.concatenate([[0.0], np.cumsum(np.where(np.isnan(sheet).all(1), room, 1.0))]) - 0.5


def _label(labels: Sequence[str]) -> int:
    """Pixels that the highest label takes."""
    return LABEL * max(1 + text.count("<br>") for text in labels)


def _cell(sheet: Array, height: int, labels: Sequence[str], square: bool) -> float:
    """About how many pixels high a cell is, on a page between a phone's and a desk's."""
    rows, columns = sheet.shape
    above = 1 + int(np.isnan(sheet).all(1).sum())
    tall = (height - 20 - _label(labels) * above) / rows
    return max(1.0, min(WIDE / columns, tall) if square else tall)


def _runs(empty: Any) -> list[tuple[int, int]]:
    """First and one past the last index of every run of false values (N,)."""
    changes = np.flatnonzero(np.diff(np.concatenate([[1], np.asarray(empty, int), [1]])))
    return [(int(a), int(b)) for a, b in changes.reshape(-1, 2)]


def mosaic(images: Array, columns: int, gap: int = 1) -> Array:
    """Lay images (F, M, height, width) out as (F, rows * (height + gap) - gap, columns * (width + gap) - gap).

    The gaps are NaN.
    """
    f, m, h, w = images.shape
    rows = -(-m // columns)
    sheet = np.full((f, rows, columns, h + gap, w + gap), np.nan, dtype=np.float32)
    for k in range(m):
        sheet[:, k // columns, k % columns, :h, :w] = images[:, k]
    return sheet.transpose(0, 1, 3, 2, 4).reshape(f, rows * (h + gap), columns * (w + gap))[:, :-gap, :-gap]
