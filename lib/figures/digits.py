"""Digits in the plane, each drawn as its numeral, with its picture in the hover; scrubbable through training."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import axis, figure, one_unit
from lib.types import Array

# Ten hues that hold on light and dark, none a sign's; the numeral itself says the class, so colour is not alone.
HUES = ("#8A63D2", "#00966C", "#C2528B", "#8C7A12", "#4E7F9E", "#C23B3B", "#5B3FC4", "#7A7A7A", "#7A4A2A", "#2E9AA0")
SHADES = "\N{NO-BREAK SPACE}░▒▓█"  # a browser would swallow plain spaces


def digits(
    places: Array,
    labels: Array,
    images: Array,
    steps: Sequence[int] | Array,
    *,
    x: str,
    y: str,
    hover: str,
    step: str,
    equal: bool = False,
    height: int = 520,
) -> go.Figure:
    """Draw digits at places (F, N, 2), classes `labels` (N,), pictures (N, h, w) in [0, 1]; one frame per step.

    `hover` is plotly's template; %{customdata} is the picture. The axes have one range for all frames, and
    with `equal` one unit: where neighbours are spoken of, distances must be what they look.
    """
    chart = figure(height, hoverlabel={"font": {"family": "monospace", "size": 11}, "align": "left"})
    kinds = [np.flatnonzero(labels == k) for k in range(10)]
    for k, rows in enumerate(kinds):
        chart.add_scatter(
            x=places[-1, rows, 0].astype(np.float32), y=places[-1, rows, 1].astype(np.float32), mode="text",
            text=str(k), textfont={"color": HUES[k], "size": 13}, customdata=[picture(images[r]) for r in rows],
            hovertemplate=hover, name=str(k), showlegend=False,
        )  # fmt: skip
    low, high = (np.nanpercentile(places, q, axis=(0, 1)) for q in (0.5, 99.5))
    room = 0.08 * np.maximum(high - low, 1e-6)
    ends = [[float(low[k] - room[k]), float(high[k] + room[k])] for k in (0, 1)]
    chart.update_layout(xaxis=axis(x, range=ends[0]), yaxis=axis(y, range=ends[1]))
    if equal:
        one_unit(chart)
    if len(steps) > 1:
        frames = [[_moved(frame[rows]) for rows in kinds] for frame in places.astype(np.float32)]
        add_frames(chart, frames, [str(s) for s in steps], step, redraw=True)
    return chart


def picture(image: Array) -> str:
    """Return an image (h, w) in [0, 1] as lines of blocks, two to a pixel."""
    levels = np.clip((image * (len(SHADES) - 1)).round().astype(int), 0, len(SHADES) - 1)
    return "<br>".join("".join(2 * SHADES[v] for v in row) for row in levels)


def _moved(points: Array) -> dict[str, Any]:
    return {"type": "scatter", "x": points[:, 0], "y": points[:, 1]}
