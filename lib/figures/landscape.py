"""A loss surface seen from above: contours on a log scale, with networks and paths marked on it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from plotly.colors import get_colorscale

from lib.figures.scrub import add_frames
from lib.figures.style import MARKERS, axis, colour_bar, figure, one_unit
from lib.types import Array

FLOOR = 1e-4  # smaller losses are drawn in the colour of this one
DECADES = range(-4, 5)
SURFACE = get_colorscale("Viridis")  # Plotly's; the browser has another of this name


class Mark(NamedTuple):
    """Points (x, y), each (M,), or (F, M) where they move from frame to frame; `line` joins them instead."""

    name: str
    x: Array
    y: Array
    line: bool = False


def landscape(
    places: tuple[Array, Array],
    losses: Array,
    marks: Sequence[Mark],
    frames: Sequence[str] = ("",),
    *,
    x: str,
    y: str,
    value: str,
    hover: str,
    step: str = "",
    equal: bool = False,
    clicked: bool = False,
    height: int = 460,
) -> go.Figure:
    """Draw losses (F, G, G) over `places` (across, up), a frame each, in one range of colours, and marks on top.

    `hover` sees the loss as %{customdata}; a single frame gets no slider. The LAST frame is the figure.
    `equal` gives both axes one unit, where distances in the plane mean something. With `clicked`, a click anywhere is
    answered with the nearest place.
    """
    z = np.log10(np.maximum(losses, FLOOR)).astype(np.float32)
    low, high = float(np.floor(2 * z.min()) / 2), float(z.max())
    chart = figure(height)
    ticks = [d for d in DECADES if low <= d <= high]
    chart.add_contour(
        x=places[0], y=places[1], z=z[-1], zmin=low, zmax=high, colorscale=SURFACE, hovertemplate=hover,
        customdata=losses[-1].astype(np.float32), line={"width": 0.6, "color": "rgba(255,255,255,0.55)"},
        contours={"start": low, "end": high, "size": (high - low) / 14, "coloring": "heatmap"}, showlegend=False,
        colorbar=colour_bar(value) | {"tickvals": ticks, "ticktext": [f"{10.0**d:g}" for d in ticks]},
    )  # fmt: skip
    chart.add_traces([_mark(mark, k) for k, mark in enumerate(marks)])
    chart.update_layout(
        xaxis=axis(x, range=[float(places[0][0]), float(places[0][-1])], showgrid=False),
        yaxis=axis(y, range=[float(places[1][0]), float(places[1][-1])], showgrid=False),
    )
    if clicked:
        _clickable(chart, places, losses[-1], hover)
    if equal:
        one_unit(chart)
    if len(frames) > 1:
        each = [[_surface(losses[f], z[f]), *(_moved(m, f) for m in marks)] for f in range(len(frames))]
        add_frames(chart, each, frames, step, redraw=True)
    return chart


def _clickable(chart: go.Figure, places: tuple[Array, Array], losses: Array, hover: str) -> None:
    """Lay points that are not seen over the surface: it cannot be clicked itself."""
    across, up = np.meshgrid(*places)
    chart.add_scatter(
        x=across.ravel().astype(np.float32), y=up.ravel().astype(np.float32), customdata=losses.ravel().tolist(),
        mode="markers", marker={"size": 10, "opacity": 0}, hovertemplate=hover, name="", showlegend=False,
        unselected={"marker": {"opacity": 0}}, selected={"marker": {"opacity": 0}},
    )  # fmt: skip


def _surface(losses: Array, z: Array) -> dict[str, Any]:
    return {"type": "contour", "z": z, "customdata": losses.astype(np.float32)}


def _moved(mark: Mark, frame: int) -> dict[str, Any]:
    return {"type": "scatter", "x": _at(mark.x, frame), "y": _at(mark.y, frame)}


def _at(values: Array, frame: int) -> Array:
    return np.atleast_2d(values)[min(frame, len(np.atleast_2d(values)) - 1)].astype(np.float32)


def _mark(mark: Mark, k: int) -> dict[str, Any]:
    """Draw white with a dark rim, which shows on every colour of the scale; marks differ by their shape."""
    base = {"type": "scatter", "name": mark.name, "x": _at(mark.x, -1), "y": _at(mark.y, -1), "hoverinfo": "name"}
    if mark.line:
        return base | {"mode": "lines", "line": {"color": "#FF8AC4", "width": 2}}
    shape = {"symbol": MARKERS[k % len(MARKERS)], "size": 12, "color": "#FFFFFF"}
    shape |= {"line": {"color": "#111111", "width": 1.5}, "opacity": 1}
    return base | {"mode": "markers", "marker": shape, "unselected": {"marker": {"opacity": 1}}}
