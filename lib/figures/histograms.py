"""Histograms of weights, one row per layer, orange below zero and blue above, scrubbable through training."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from lib.figures.scrub import add_frames
from lib.figures.style import GREY, NEGATIVE, POSITIVE, axis, figure

Array = np.ndarray[Any, Any]


def histograms(
    edges: Sequence[Array],
    density: Sequence[Array],
    steps: Sequence[int],
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
    chart = make_subplots(
        rows, 1, figure=figure(rows * row_height + 160), shared_xaxes=True, vertical_spacing=0.12 / rows
    )
    for k in range(rows):
        centres = ((edges[k][1:] + edges[k][:-1]) / 2).astype(np.float32)
        colours = np.where(centres < 0, NEGATIVE, POSITIVE)
        bars = go.Bar(
            x=centres, y=density[k][-1].astype(np.float32), marker_color=colours, marker_line_width=0,
            width=float(edges[k][1] - edges[k][0]) * 0.92, hovertemplate=hover, showlegend=False,
        )  # fmt: skip
        chart.add_trace(bars, row=k + 1, col=1)
        chart.update_xaxes(axis("", range=[-reach, reach]), row=k + 1, col=1)
        # Early peaks, when all weights stand close together, may leave the picture; later shapes stay readable.
        top = min(float(density[k].max()), 3 * float(density[k][-1].max())) * 1.05
        chart.update_yaxes(axis("", range=[0, top], nticks=3), row=k + 1, col=1)
        chart.add_vline(0, line={"color": GREY, "width": 1.5}, row=k + 1, col=1)
        chart.add_annotation(text=names[k], x=0, y=1, xref="x domain", yref="y domain", xanchor="left",
                             yanchor="top", showarrow=False, row=k + 1, col=1)  # fmt: skip
    chart.update_xaxes(title_text=x, row=rows, col=1)
    chart.update_yaxes(title_text=y, row=(rows + 1) // 2, col=1)
    chart.update_layout(bargap=0, margin_b=0, margin_t=8)
    frames = [[go.Bar(y=d[f].astype(np.float32)) for d in density] for f in range(len(steps))]
    add_frames(chart, frames, [str(s) for s in steps], step, play, redraw=True, below=46)
    return chart
