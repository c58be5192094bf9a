"""Many runs as dots, piled up where they end: one half above the axis, the other below it, with what they answer."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import FRAME, GREY, MARKERS, NEGATIVE, POSITIVE, SIGNS, axis, figure, hues
from lib.types import Array

ACROSS = 5  # dots side by side
PICTURES = 0.27  # of the height: the row of pictures


class Picture(NamedTuple):
    """What a run answers on a square (G, G), rows upwards, values in [-1, 1]; it stands at `place` on the axis."""

    place: float
    surface: Array


class Pile(NamedTuple):
    """Runs (F, M) over the frames: the bin each stands in, counted from 0, its place in the pile, and what it is."""

    name: str
    bins: Array
    ranks: Array
    values: Array  # in the hover, as %{customdata}
    down: bool = False  # hangs below the axis


def piles(
    groups: Sequence[Pile],
    pictures: Sequence[Picture],
    corners: tuple[Array, Array],
    steps: Sequence[int] | Array,
    *,
    width: float,
    ticks: tuple[Sequence[float], Sequence[str]],
    x: str,
    hover: str,
    answer: str,
    step: str,
    colours: Sequence[str] | None = None,
    height: int = 430,
) -> go.Figure:
    """Draw one dot per run on an axis in bins of `width`, the first centred on 0, one frame per step.

    `pictures` stand below, with the samples of `corners`, places (N, 2) in [0, 1] and classes (N,); `answer` is their
    hover. The ends of the axis collect what lies beyond: the caller's `ticks` (places, texts) say so.
    """
    hue = hues(colours, len(groups))
    rows = max(int(g.ranks.max(initial=0)) for g in groups) // ACROSS + 1
    chart = figure(height, margin={"l": 8, "r": 8, "t": 30, "b": 8}, legend={"orientation": "h", "x": 0, "y": 1.02,
                   "yanchor": "bottom"}, shapes=[_ground()])  # fmt: skip
    for k, group in enumerate(groups):
        chart.add_scatter(
            **_at(group, -1, width), mode="markers", name=group.name, hovertemplate=hover,
            marker={"color": hue[k], "symbol": MARKERS[k], "size": 7},
        )  # fmt: skip
    for picture in pictures:
        _picture(chart, picture, corners, 0.82 * width, answer)
    low = PICTURES + 0.1 if pictures else 0.0
    last = max(float(g.bins.max(initial=0)) for g in groups)
    chart.update_layout(
        xaxis=axis(x, range=[-0.7 * width, max(max(ticks[0]) / width, last) * width + 0.7 * width], anchor="y",
                   tickvals=list(ticks[0]), ticktext=list(ticks[1]), showgrid=False),
        yaxis=axis("", range=[-rows - 0.6, rows + 0.6], domain=[low, 1], visible=False),
        yaxis2=axis("", domain=[0, PICTURES], visible=False, scaleanchor="x", constrain="domain", anchor="x"),
        showlegend=True,
    )  # fmt: skip
    still: list[dict[str, Any]] = [{"type": t.type} for t in chart.data[len(groups) :]]
    if len(steps) > 1:
        frames = [[*({"type": "scatter"} | _at(g, f, width) for g in groups), *still] for f in range(len(steps))]
        add_frames(chart, frames, [str(s) for s in steps], step, redraw=False)
    return chart


def _at(group: Pile, frame: int, width: float) -> dict[str, Any]:
    bins, ranks = group.bins[frame], group.ranks[frame]
    column, row = ranks % ACROSS, ranks // ACROSS + 0.75
    return {
        "x": (width * (bins + (column - (ACROSS - 1) / 2) / (ACROSS + 1))).astype(np.float32),
        "y": (-row if group.down else row).astype(np.float32),
        "customdata": group.values[frame].astype(np.float32),
    }


def _ground() -> dict[str, Any]:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": 0,
        "y1": 0,
        "line": {"color": GREY, "width": 1.5},
    }


def _picture(chart: go.Figure, picture: Picture, corners: tuple[Array, Array], side: float, answer: str) -> None:
    """Add a surface with its samples, on the lower pair of axes, in a thin frame."""
    count = len(picture.surface)
    left, cell = picture.place - side / 2, side / count
    chart.add_heatmap(
        z=picture.surface.astype(np.float32), x0=left + cell / 2, dx=cell, y0=cell / 2, dy=cell, zmin=-1, zmax=1,
        colorscale=SIGNS, showscale=False, hovertemplate=answer, yaxis="y2",
    )  # fmt: skip
    places, classes = corners
    chart.add_scatter(
        x=left + side * (0.2 + 0.6 * places[:, 0]), y=side * (0.2 + 0.6 * places[:, 1]), mode="markers", yaxis="y2",
        hoverinfo="skip", showlegend=False,
        marker={"color": np.where(classes > 0, POSITIVE, NEGATIVE).tolist(), "size": 8,
                "symbol": [MARKERS[int(c)] for c in classes], "line": {"width": 1.2, "color": "white"}},
    )  # fmt: skip
    chart.add_shape(type="rect", x0=left, x1=left + side, y0=0, y1=side, yref="y2", line={"color": FRAME, "width": 1})
