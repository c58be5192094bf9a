"""Weights as a picture: orange below zero, blue above, nothing at zero, scrubbable through training."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import SIGNS, axis, figure
from lib.types import Array


def heatmap(
    frames: Array,
    steps: Sequence[int] | Array = (),
    *,
    x: str,
    y: str,
    value: str,
    hover: str,
    step: str = "",
    play: str = "",
    ticks: bool = True,
    square: bool = False,
    height: int = 420,
) -> go.Figure:
    """Draw matrices (F, rows, columns), one frame per step, on one colour scale that is symmetric about zero.

    A single frame gets no slider. The scale is the same for all frames: it ends at the 99.5th percentile of the
    absolute values. NaN is left empty. `value` titles the colour bar; without `ticks` the axes show no numbers (a
    mosaic has none that mean anything); with `square` its cells are, whatever the width of the page.
    """
    frames = frames.astype(np.float32)
    reach = float(np.nanpercentile(np.abs(frames), 99.5)) or 1.0
    chart = figure(height, margin={"l": 8, "r": 8, "t": 8, "b": 0})
    chart.add_heatmap(
        z=frames[-1], zmin=-reach, zmax=reach, colorscale=SIGNS, hovertemplate=hover, hoverongaps=False,
        colorbar={"title": {"text": value, "side": "right"}, "thickness": 12, "len": 1, "outlinewidth": 0},
    )  # fmt: skip
    chart.update_layout(
        xaxis=axis(x, showgrid=False, showticklabels=ticks, dtick=max(1, frames.shape[2] // 6)),
        yaxis=axis(y, showgrid=False, showticklabels=ticks, autorange="reversed", dtick=max(1, frames.shape[1] // 6)),
    )
    if square:
        chart.update_yaxes(scaleanchor="x", constrain="domain")
        chart.update_xaxes(constrain="domain")
    if len(frames) > 1:
        below = 46 if x or ticks else 12
        each = [[{"type": "heatmap", "z": z}] for z in frames]
        add_frames(chart, each, [str(s) for s in steps], step, play, redraw=True, below=below)
    return chart


def mosaic(images: Array, columns: int) -> Array:
    """Lay images (F, M, height, width) out as (F, rows * (height + 1) - 1, columns * (width + 1) - 1), gaps NaN."""
    f, m, h, w = images.shape
    rows = -(-m // columns)
    sheet = np.full((f, rows, columns, h + 1, w + 1), np.nan, dtype=np.float32)
    for k in range(m):
        sheet[:, k // columns, k % columns, :h, :w] = images[:, k]
    return sheet.transpose(0, 1, 3, 2, 4).reshape(f, rows * (h + 1), columns * (w + 1))[:, :-1, :-1]
