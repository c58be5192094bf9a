"""Clouds of points in planes side by side, with the quadrants where both quantities have one sign shaded."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import FAINT, GREY, LINES, MARKERS, axis, figure
from lib.types import Array

TOP = 0.87  # of the height that the planes take; above it is room for the notes
GAP = 0.05  # between two panels, as a share of the width


def quadrants(
    clouds: Array,
    means: Array,
    names: Sequence[str],
    notes: Sequence[Sequence[str]],
    steps: Sequence[int],
    *,
    reach: float,
    x: str,
    y: str,
    hover: str,
    corners: tuple[str, str],
    step: str,
    height: int = 400,
) -> go.Figure:
    """Draw clouds (P, F, N, 2), a panel each with its mean (P, 2) as a star, one frame per step; the last is shown.

    `notes` (F, P) stand above the clouds, `names` (P,) in the hover; `corners` name the shaded quadrants (both above
    zero, both below). All axes end at `reach`, and what lies beyond is not drawn; one frame has no slider.
    """
    chart = figure(height, margin={"l": 8, "r": 8, "t": 8, "b": 8, "pad": 0}, showlegend=False)
    count = len(names)
    for c, name in enumerate(names):
        own = {"xaxis": f"x{c + 1 if c else ''}", "yaxis": f"y{c + 1 if c else ''}"}
        chart.add_scatter(
            name=name, mode="markers", hovertemplate=hover, **own,
            marker={"color": LINES[c], "symbol": MARKERS[c], "size": 5, "opacity": 0.55},
        )  # fmt: skip
        chart.add_scatter(
            mode="text", textposition="bottom right", hoverinfo="skip", xaxis=f"x{count + 1}", yaxis=f"y{count + 1}",
            textfont={"color": LINES[c], "size": 13},
        )  # fmt: skip
    moments = [_moment(clouds[:, f], notes[f]) for f in range(clouds.shape[1])]
    for trace, data in zip(chart.traces, moments[-1], strict=True):
        trace.merge(data)
    for c, place in enumerate(np.round(means, 3).tolist()):
        chart.add_scatter(
            x=place[:1], y=place[1:], mode="markers", hoverinfo="skip",
            xaxis=f"x{c + 1 if c else ''}", yaxis=f"y{c + 1 if c else ''}",
            marker={"symbol": "star", "size": 12, "color": LINES[3], "line": {"width": 1, "color": "white"}},
        )  # fmt: skip
        _shade(chart, c, reach, corners)
    _axes(chart, count, reach, x, y)
    if len(moments) > 1:
        still: list[dict[str, Any]] = [{} for _ in range(count)]
        frames = [[{"type": "scatter"} | data for data in [*moment, *still]] for moment in moments]
        add_frames(chart, frames, [str(s) for s in steps], step, redraw=False)
    return chart


def _moment(clouds: Array, notes: Sequence[str]) -> list[dict[str, Any]]:
    """The data of every panel's points and note, in turn."""
    data: list[dict[str, Any]] = []
    for c, (cloud, note) in enumerate(zip(clouds.astype(np.float32), notes, strict=True)):
        data.append({"x": cloud[:, 0], "y": cloud[:, 1]})
        data.append({"x": [_room(c, len(clouds))[0]], "y": [1.0], "text": [note]})
    return data


def _shade(chart: go.Figure, panel: int, reach: float, corners: tuple[str, str]) -> None:
    place = f"{panel + 1 if panel else ''}"
    chart.add_shape(type="line", x0=0, y0=-reach, x1=0, y1=reach, line={"color": GREY, "width": 1},
                    xref=f"x{place}", yref=f"y{place}")  # fmt: skip
    for side, text in zip((1, -1), corners, strict=True):
        chart.add_shape(type="rect", x0=0, y0=0, x1=side * reach, y1=side * reach, fillcolor=FAINT,
                        line={"width": 0}, layer="below", xref=f"x{place}", yref=f"y{place}")  # fmt: skip
        chart.add_annotation(
            text=text, xref=f"x{place}", yref=f"y{place}", x=0.97 * side * reach, y=0.97 * side * reach,
            xanchor="right" if side > 0 else "left", yanchor="top" if side > 0 else "bottom", showarrow=False,
            font={"size": 12},
        )  # fmt: skip


def _room(panel: int, count: int) -> list[float]:
    """From where to where a panel goes, as shares of the width."""
    wide = (1 - GAP * (count - 1)) / count
    return [panel * (wide + GAP), panel * (wide + GAP) + wide]


def _axes(chart: go.Figure, count: int, reach: float, x: str, y: str) -> None:
    # Signs are looked at, not distances: a narrow page makes the panels narrow, and keeps them as tall.
    look = {"showgrid": False, "tickvals": [-_round(reach), 0, _round(reach)], "range": [-reach, reach]}
    for c in range(count):
        place = f"{c + 1 if c else ''}"
        chart.update_layout({
            f"xaxis{place}": axis(x, domain=_room(c, count), anchor=f"y{place}", **look),
            f"yaxis{place}": axis("" if c else y, domain=[0, TOP], anchor=f"x{place}", showticklabels=not c,
                                  zeroline=True, zerolinecolor=GREY, **look),
        })  # fmt: skip
    # The notes have axes of their own, so that no dot lies under them.
    over = {"visible": False, "fixedrange": True, "range": [0, 1]}
    chart.update_layout({
        f"xaxis{count + 1}": over | {"domain": [0, 1], "anchor": f"y{count + 1}"},
        f"yaxis{count + 1}": over | {"domain": [TOP, 1], "anchor": f"x{count + 1}"},
    })  # fmt: skip


def _round(reach: float) -> float:
    """Return the largest of 1, 2 and 5, times a power of ten, that is well within `reach`."""
    power = 10.0 ** np.floor(np.log10(0.75 * reach))
    return float(max(n * power for n in (1, 2, 5) if n * power <= 0.75 * reach))
