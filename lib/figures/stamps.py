"""Rows of small pictures, each row with the digits that it was made of at its left, in ink on paper."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.figures.heatmap import mosaic
from lib.figures.style import INK
from lib.figures.tiles import Sheet, tiles
from lib.types import Array

GREYS = 16  # levels of ink in a digit


def stamps(
    pictures: Array,
    columns: int,
    digits: Sequence[Array],
    *,
    names: Sequence[str],
    rows: Sequence[str],
    inked: bool,
    height: int,
) -> go.Figure:
    """Draw pictures (M, h, w) in [-1, 1] as `tiles` does, and left of each row its digits (N, 8, 8) in [0, 1].

    `names` (M) stand below the pictures, `rows` below the digits, which are as small as there are many. With `inked`
    the first picture of each row is in ink too.
    """
    _, high, wide = pictures.shape
    left, below, size = high + 2, 3, 11
    coloured = pictures.copy()
    coloured[::columns] *= not inked
    chart = tiles(coloured[None], columns, names=names, left=left, gap=1, below=below, size=size, height=height)
    sheet = Sheet(high, wide, columns, len(digits), 1, below, left, 0)
    for k, (many, name) in enumerate(zip(digits, rows, strict=True)):
        top, _ = sheet.corner(k * columns)
        chart.add_heatmap(**_ink(many, top, 0, high))
        if inked:
            chart.add_heatmap(**_ink(pictures[k * columns : k * columns + 1], top, left, high))
        chart.add_annotation(
            text=name, x=(high - 1) / 2, y=top + high - 0.5, xanchor="center", yanchor="top", showarrow=False,
            font={"size": size},
        )  # fmt: skip
    return chart


def _ink(digits: Array, top: int, left: int, side: int) -> dict[str, Any]:
    """A heat map of all digits in a square of `side` cells, its upper left one at row `top`, column `left`."""
    across = int(np.ceil(len(digits) ** 0.5))
    (sheet,) = mosaic(np.round(GREYS * digits)[None], columns=across)
    cell = side / (9 * across - 1)
    first = (cell - 1) / 2  # from the middle of the square's first cell, which may be larger, to that of the sheet's
    return {
        "z": sheet, "x0": left + first, "dx": cell, "y0": top + first, "dy": cell, "zmin": 0, "zmax": GREYS,
        "colorscale": INK, "showscale": False, "hoverinfo": "skip",
    }  # fmt: skip
