"""Rows of digits with some pixels ringed, each beside a picture of its own; below each row what is left without them.

Every row has axes of its own, so that its tiles stay square on a narrow page, where the row takes all of the width.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from lib.figures.style import FRAME, GREY, INK, RING, SIGNS, figure
from lib.types import Array

SHADE = "rgba(128,128,128,0.12)"
HEAD, TILES, BARS, FOOT = 20, 72, 36, 10  # pixels of a row, from its top
LEGEND = 24  # pixels above all rows
BESIDE, APART = 1, 3  # cells between a digit and its picture, and between two pairs


class Ringed(NamedTuple):
    """A row: n digits in [0, 1] (n, h, w), pictures in [-1, 1], ringed cells, and two shares in per cent."""

    heading: str
    images: Array
    pictures: Array
    rings: Array  # (n, h, w) bool
    left: tuple[float, float]  # without the ringed cells, and without as many others
    chosen: bool  # the row is shaded


def ringed(rows: Sequence[Ringed], *, legend: str, names: tuple[str, str], hover: str) -> go.Figure:
    """Draw the rows; `names` are what the two bars are, `legend` says it above the rows in the bars' colours."""
    each = HEAD + TILES + BARS + FOOT
    full = each * len(rows)
    chart = figure(full + LEGEND, margin={"l": 2, "r": 2, "t": LEGEND, "b": 0}, showlegend=False)
    chart.add_annotation(text=legend, x=0, xref="paper", xanchor="left", y=1, yref="paper", yanchor="bottom",
                         showarrow=False, align="left", font={"size": 12})  # fmt: skip
    for number, row in enumerate(rows):
        top = 1 - number * each / full
        if row.chosen:
            chart.add_shape(type="rect", x0=0, x1=1, xref="paper", y0=top - (each - 4) / full, y1=top, yref="paper",
                            layer="below", line={"width": 0}, fillcolor=SHADE)  # fmt: skip
        heading = f"<b>{row.heading}</b>" if row.chosen else row.heading
        chart.add_annotation(text=heading, x=0, xref="paper", xanchor="left", xshift=4, y=top, yref="paper",
                             yanchor="top", showarrow=False, font={"size": 13})  # fmt: skip
        places = [top - pixels / full for pixels in (HEAD, HEAD + TILES, HEAD + TILES + 4, HEAD + TILES + BARS)]
        _tiles(chart, row, 2 * number + 1, (places[1], places[0]), hover)
        _bars(chart, row, 2 * number + 2, (places[3], places[2]), names)
    return chart


def _tiles(chart: go.Figure, row: Ringed, n: int, domain: tuple[float, float], hover: str) -> None:
    """Draw the pairs on the axes numbered `n`, in cells."""
    count, h, w = row.images.shape
    pitch = 2 * w + BESIDE + APART
    wide = count * pitch - APART
    on = {"xaxis": f"x{n}", "yaxis": f"y{n}"} if n > 1 else {"xaxis": "x", "yaxis": "y"}
    for values, first, scale, low in ((row.images, 0, INK, 0), (row.pictures, w + BESIDE, SIGNS, -1)):
        sheet = np.full((h, wide), np.nan)
        for k, tile in enumerate(values):
            left = k * pitch + first
            sheet[:, left : left + w] = tile
            chart.add_shape(
                type="rect", x0=left - 0.5, x1=left + w - 0.5, xref=on["xaxis"], y0=-0.5, y1=h - 0.5,
                yref=on["yaxis"], line={"color": FRAME, "width": 1},
            )  # fmt: skip
        chart.add_heatmap(z=sheet, zmin=low, zmax=1, colorscale=scale, showscale=False, hoverongaps=False,
                          hovertemplate=hover + "<extra></extra>", **on)  # fmt: skip
    x, y = _outlines(row.rings, (0, w + BESIDE), pitch)
    chart.add_scatter(x=x, y=y, mode="lines", line={"color": RING, "width": 2}, hoverinfo="skip", **on)
    hidden: dict[str, Any] = {"visible": False, "fixedrange": True, "constrain": "domain"}
    chart.update_layout({
        on["xaxis"].replace("x", "xaxis"): hidden | {
            "domain": [0.006, 0.994], "range": [-0.6, wide - 0.4], "anchor": on["yaxis"], "constraintoward": "left",
        },
        on["yaxis"].replace("y", "yaxis"): hidden | {
            "domain": domain, "range": [h - 0.4, -0.6], "anchor": on["xaxis"], "scaleanchor": on["xaxis"],
            "constraintoward": "top",
        },
    })  # fmt: skip


def _outlines(rings: Array, firsts: Sequence[int], pitch: int) -> tuple[Array, Array]:
    """Paths around every ringed cell of every tile, with gaps: (x, y), six numbers for each."""
    square = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0), (np.nan, np.nan)]) - 0.5
    corners = [(k * pitch + first + column, row) for first in firsts for k, row, column in np.argwhere(rings)]
    path = (np.array(corners, float).reshape(-1, 1, 2) + square).reshape(-1, 2).astype(np.float32)
    return path[:, 0], path[:, 1]


def _bars(chart: go.Figure, row: Ringed, n: int, domain: tuple[float, float], names: tuple[str, str]) -> None:
    """Draw what is left as two bars in an outline that stands for all of it."""
    on = {"xaxis": f"x{n}", "yaxis": f"y{n}"}
    for place, (share, name, colour) in enumerate(zip(row.left, names, (RING, GREY), strict=True)):
        chart.add_bar(
            x=[share], y=[-place], orientation="h", width=0.72, marker={"color": colour}, name=name,
            text=[f"{share:.0f}%"], textposition="outside", textfont={"size": 12}, constraintext="none",
            cliponaxis=False,
            hovertemplate="%{fullData.name}: %{x:.0f}%<extra></extra>", **on,
        )  # fmt: skip
    hidden: dict[str, Any] = {"visible": False, "fixedrange": True}
    chart.update_layout(
        {
            f"xaxis{n}": hidden | {"domain": [0.006, 0.994], "range": [0, 100], "anchor": f"y{n}"},
            f"yaxis{n}": hidden | {"domain": domain, "range": [-1.5, 0.5], "anchor": f"x{n}"},
        }
    )
    chart.add_shape(type="rect", x0=0, x1=100, xref=f"x{n}", y0=-1.5, y1=0.5, yref=f"y{n}",
                    line={"color": FRAME, "width": 1})  # fmt: skip
