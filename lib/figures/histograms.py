"""Histograms of weights, one row per layer, orange below zero and blue above, scrubbable through training."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import GREY, NEGATIVE, POSITIVE, axis, figure
from lib.types import Array

GAP = 0.12  # share of a row's height between two rows


def histograms(
    edges: Sequence[Array],
    density: Sequence[Array],
    steps: Sequence[object] | Array,
    names: Sequence[str],
    *,
    x: str,
    y: str,
    step: str,
    play: str,
    hover: str,
    row_height: int = 105,
) -> go.Figure:
    """Draw per layer `density` (F, B), in per cent, on `edges` (B + 1,), with a frame for each of F steps.

    `step` stands before the number at the slider, `play` on its button, `hover` is plotly's template.
    """
    rows = len(names)
    reach = max(float(e[-1]) for e in edges)
    # One construction from plain dicts: plotly's make_subplots and its helpers are ten times slower.
    layout: dict[str, Any] = {
        "margin": {"l": 8, "r": 8, "t": 8, "b": 0},
        "bargap": 0,
        "xaxis": axis(x, range=[-reach, reach], anchor=_y(rows)),
        "shapes": [_zero_line()],
        "annotations": [_label(name, k + 1) for k, name in enumerate(names)],
    }
    for k in range(rows):
        top = 1 - k / rows
        domain = [max(0.0, top - (1 - GAP) / rows), top]
        # Early peaks, when all weights stand close together, may leave the picture; later shapes stay readable.
        height = min(float(density[k].max()), 3 * float(density[k][-1].max())) * 1.05
        title = y if k == rows // 2 else ""
        layout[f"yaxis{k + 1}"] = axis(title, range=[0, height], nticks=3, domain=domain, anchor="x")
    chart = figure(rows * row_height + 160, **layout)
    chart.add_traces([_bars(edges[k], density[k][-1], k + 1, hover) for k in range(rows)])
    frames = [[{"type": "bar", "y": d[f].astype(np.float32)} for d in density] for f in range(len(steps))]
    add_frames(chart, frames, [str(s) for s in steps], step, play, redraw=True, below=46)
    return chart


def _y(row: int) -> str:
    return "y" if row == 1 else f"y{row}"  # plotly's name of a row's axis


def _bars(edges: Array, heights: Array, row: int, hover: str) -> go.Bar:
    centres = ((edges[1:] + edges[:-1]) / 2).astype(np.float32)
    return go.Bar(
        x=centres, y=heights.astype(np.float32), marker_color=np.where(centres < 0, NEGATIVE, POSITIVE),
        marker_line_width=0, width=float(edges[1] - edges[0]) * 0.92, hovertemplate=hover, showlegend=False,
        yaxis=_y(row),
    )  # fmt: skip


def _zero_line() -> dict[str, Any]:
    return {
        "type": "line", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "xref": "x", "yref": "paper",
        "line": {"color": GREY, "width": 1.5},
    }  # fmt: skip


def _label(text: str, row: int) -> dict[str, Any]:
    place = {"x": 0, "y": 1, "xref": "x domain", "yref": f"{_y(row)} domain"}
    return {"text": text, "xanchor": "left", "yanchor": "top", "showarrow": False, **place}
