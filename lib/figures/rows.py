"""Rows of small pictures in ink, each row under its words; scrubbable.

Every row has axes of its own, so that its cells stay square on a narrow page, where the row takes all of the width.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import FRAME, INK, figure
from lib.types import Array

LINE = 24  # pixels of the words over a row
GAP = 1  # cells between two pictures
# White begins at 0, below it is nothing: what lies between two pictures is the page.
PAPER = [[0.0, "rgba(255,255,255,0)"], [0.005, "rgba(255,255,255,0)"], [0.005, INK[0][1]], [1.0, INK[1][1]]]


def rows(
    pictures: Array, steps: Sequence[int] | Array, said: Sequence[Sequence[str]], *, step: str, pitch: int = 76
) -> go.Figure:
    """Draw pictures (F, R, D, h, w) in [0, 1], D in each of R rows, one frame per step.

    `said` (F, R) are the words over the rows; `pitch` is a row's height in pixels, words and all.
    """
    _, count, drawn, h, w = pictures.shape
    chart = figure(pitch * count + 8, margin={"l": 2, "r": 2, "t": 4, "b": 4}, showlegend=False)
    layout: dict[str, Any] = {"shapes": []}
    for r in range(count):
        _row(layout, r, count, LINE / pitch, (drawn, h, w))
    _words(layout, count)
    chart.update_layout(layout)
    frames = [
        [{"type": "heatmap", "z": _sheet(row)} for row in frame] + [{"type": "scatter", "text": list(words)}]
        for frame, words in zip(pictures, said, strict=True)
    ]
    for r in range(count):
        chart.add_heatmap(
            z=frames[-1][r]["z"], zmin=-1, zmax=100, colorscale=PAPER, showscale=False, hoverinfo="skip",
            xaxis=f"x{_number(r)}", yaxis=f"y{_number(r)}",
        )  # fmt: skip
    chart.add_scatter(
        x=[0] * count, y=[1 - (r + 0.6 * LINE / pitch) / count for r in range(count)], text=frames[-1][-1]["text"],
        mode="text", textposition="middle right", textfont={"size": 14}, hoverinfo="skip", cliponaxis=False,
        xaxis=f"x{count + 1}", yaxis=f"y{count + 1}",
    )  # fmt: skip
    if len(steps) > 1:
        add_frames(chart, frames, [str(s) for s in steps], step, redraw=True)
    return chart


def _number(r: int) -> str:
    """Plotly's number of a row's axes."""
    return str(r + 1) if r else ""


def _row(layout: dict[str, Any], r: int, count: int, words: float, shape: tuple[int, int, int]) -> None:
    """A row's axes under its words, and a thin frame around each picture."""
    drawn, h, w = shape
    n, top, bottom = _number(r), 1 - (r + words) / count, 1 - (r + 0.97) / count
    hidden = {"visible": False, "fixedrange": True, "constrain": "domain"}
    layout[f"xaxis{n}"] = hidden | {
        "domain": [0, 1], "range": [-0.6, drawn * (w + GAP) - GAP - 0.4], "anchor": f"y{n}",
        "constraintoward": "left",
    }  # fmt: skip
    layout[f"yaxis{n}"] = hidden | {
        "domain": [bottom, top], "range": [h - 0.4, -0.6], "scaleanchor": f"x{n}", "anchor": f"x{n}",
        "constraintoward": "top",
    }  # fmt: skip
    for k in range(drawn):
        left = k * (w + GAP) - 0.5
        layout["shapes"].append({
            "type": "rect", "xref": f"x{n}", "yref": f"y{n}", "x0": left, "x1": left + w, "y0": -0.5, "y1": h - 0.5,
            "line": {"color": FRAME, "width": 0.75},
        })  # fmt: skip


def _words(layout: dict[str, Any], count: int) -> None:
    """Axes over the whole picture, for the words over the rows."""
    over: dict[str, Any] = {"visible": False, "fixedrange": True, "domain": [0, 1], "range": [0, 1]}
    layout[f"xaxis{count + 1}"] = over | {"anchor": f"y{count + 1}"}
    layout[f"yaxis{count + 1}"] = over | {"anchor": f"x{count + 1}"}


def _sheet(pictures: Array) -> Array:
    """Pictures (D, h, w) side by side, in whole per cent, -1 between them."""
    drawn, h, w = pictures.shape
    sheet = np.full((h, drawn, w + GAP), -1, np.int8)
    sheet[:, :, :w] = np.round(100 * np.clip(pictures, 0, 1)).astype(np.int8).transpose(1, 0, 2)
    return sheet.reshape(h, -1)[:, :-GAP]
