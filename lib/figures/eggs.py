"""Lines of equal loss with a descent in them, side by side, scrubbable step by step; the inputs as an inset."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import FAINT, GREY, LINES, axis, figure
from lib.types import Array

GAP = 0.05  # between two panels, of the figure's width
INSET = 0.3  # of a panel's width, the side of the square with the inputs
NARROW = 0.75  # of a panel's height is its width: what an offset makes is long upwards, and a phone is narrow


def eggs(
    contours: Array,
    walks: Array,
    colours: Sequence[int],
    notes: Sequence[str],
    steps: int,
    *,
    inputs: Array | None = None,
    said: str = "",
    names: Sequence[str],
    x: str,
    y: str,
    hover: str,
    step: str,
    reach: float,
    height: int = 400,
) -> go.Figure:
    """Draw contours (P, L, 2, M) and walks (P, T + 1, 2) around a target at the origin, one panel each.

    There are `steps` frames beside the first; `names` are the walks' in the hover, `notes` stand above the panels,
    `colours` are the lines' numbers. `inputs` (P, N, 2) are drawn small in a corner, called `said`, with their zero.
    A panel reaches `reach` from the target upwards and downwards, and less to the sides.
    """
    chart = figure(
        height,
        margin={"l": 8, "r": 8, "t": 20 + 17 * max(note.count("<br>") + 1 for note in notes), "b": 8, "pad": 0},
        showlegend=False,
    )
    count = len(names)
    for c in range(count):
        own = {"xaxis": f"x{c + 1 if c else ''}", "yaxis": f"y{c + 1 if c else ''}"}
        for line in contours[c]:  # the deeper, the darker
            chart.add_scatter(
                x=line[0].astype(np.float32), y=line[1].astype(np.float32), mode="lines", fill="toself",
                fillcolor="rgba(128,128,128,0.1)", line={"color": GREY, "width": 1}, hoverinfo="skip", **own,
            )  # fmt: skip
        colour = LINES[colours[c]]
        chart.add_scatter(
            x=walks[c, :1, 0], y=walks[c, :1, 1], mode="markers", hoverinfo="skip", **own,
            marker={"symbol": "circle-open", "size": 12, "color": colour, "line": {"width": 3}},
        )  # fmt: skip
        chart.add_scatter(
            x=[0.0], y=[0.0], mode="markers", hoverinfo="skip", **own,
            marker={"symbol": "star", "size": 15, "color": LINES[3], "line": {"width": 1, "color": "white"}},
        )  # fmt: skip
        _panel(chart, c, count, notes[c], colour, reach, x, "" if c else y)
    if inputs is not None:
        _insets(chart, inputs, said, reach)
    still = len(chart.traces)
    moments = [[_until(walk, k) for walk in walks] for k in range(steps + 1)]
    for c, (name, data) in enumerate(zip(names, moments[-1], strict=True)):
        chart.add_scatter(
            name=name, mode="lines+markers", hovertemplate=hover, marker={"size": 5},
            line={"color": LINES[colours[c]], "width": 2},
            xaxis=f"x{c + 1 if c else ''}", yaxis=f"y{c + 1 if c else ''}", **data,
        )  # fmt: skip
    nothing: list[dict[str, Any]] = [{} for _ in range(still)]
    frames = [[{"type": "scatter"} | data for data in [*nothing, *moment]] for moment in moments]
    add_frames(chart, frames, [str(k) for k in range(steps + 1)], step, redraw=False)
    return chart


def _until(walk: Array, step: int) -> dict[str, Any]:
    places = walk[: step + 1].astype(np.float32)
    return {"x": places[:, 0], "y": places[:, 1]}


def _panel(chart: go.Figure, c: int, count: int, note: str, colour: str, reach: float, x: str, y: str) -> None:
    place = f"{c + 1 if c else ''}"
    wide = (1 - GAP * (count - 1)) / count
    left = c * (wide + GAP)
    look = {
        "showgrid": False,
        "nticks": 5,
        "constrain": "domain",
        "showline": True,
        "mirror": True,
        "linecolor": FAINT,
    }
    chart.update_layout({
        f"xaxis{place}": axis(x, domain=[left, left + wide], anchor=f"y{place}",
                              range=[-NARROW * reach, NARROW * reach], **look),
        f"yaxis{place}": axis(y, anchor=f"x{place}", scaleanchor=f"x{place}", range=[-reach, reach],
                              showticklabels=not c, constraintoward="top", **look),
    })  # fmt: skip
    chart.add_annotation(
        text=note, xref=f"x{place} domain", yref="paper", x=0, y=1.01, xanchor="left", yanchor="bottom",
        align="left", showarrow=False, font={"color": colour, "size": 13},
    )  # fmt: skip


def _insets(chart: go.Figure, inputs: Array, said: str, reach: float) -> None:
    """The inputs in the lower right corner of each panel, on the same scale in all, with lines through zero."""
    low, high = float(inputs.min()) - 0.5, float(inputs.max()) + 0.5
    side = INSET * 2 * NARROW * reach
    corner, scale = np.array([NARROW * reach - side, -reach]), side / (high - low)
    for c, points in enumerate(inputs):
        place = f"{c + 1 if c else ''}"
        own = {"xref": f"x{place}", "yref": f"y{place}"}
        zero = corner - low * scale
        ends = {"x0": corner[0], "x1": corner[0] + side, "y0": corner[1], "y1": corner[1] + side}
        chart.add_shape(type="rect", **ends, line={"color": GREY, "width": 1}, **own)
        for line in ({"x0": zero[0], "x1": zero[0]}, {"y0": zero[1], "y1": zero[1]}):
            chart.add_shape(type="line", **ends | line, line={"color": GREY, "width": 1}, **own)
        x, y = (corner + (points - low) * scale).T.astype(np.float32)
        chart.add_scatter(x=x, y=y, mode="markers", hoverinfo="skip", xaxis=f"x{place}", yaxis=f"y{place}",
                          marker={"size": 2.5, "color": LINES[4]})  # fmt: skip
        chart.add_annotation(
            text=said, x=corner[0] + side / 2, y=corner[1] + side, xanchor="center", yanchor="bottom",
            showarrow=False, font={"size": 11, "color": LINES[4]}, **own,
        )  # fmt: skip
