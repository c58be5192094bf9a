"""Many runs as dots, piled up where they end and counted: some above the axis, some below, with what they answer."""

from collections.abc import Iterable, Sequence
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
    above, below = (_rows(g for g in groups if g.down == down) for down in (False, True))
    chart = figure(height, shapes=[_ground()])
    for k, group in enumerate(groups):
        chart.add_scatter(
            **_at(group, -1, width), mode="markers", name=group.name, hovertemplate=hover,
            marker={"color": hue[k], "symbol": MARKERS[k], "size": 6.5},
        )  # fmt: skip
    chart.add_scatter(
        **_counts(groups, -1, width), mode="text", textfont={"size": 13}, hoverinfo="skip", showlegend=False
    )
    low = PICTURES + 0.1 if pictures else 0.0
    last = max(float(g.bins.max(initial=0)) for g in groups)
    chart.update_layout(
        xaxis=axis(x, range=[-0.7 * width, max(max(ticks[0]) / width, last) * width + 0.7 * width], anchor="y",
                   tickvals=list(ticks[0]), ticktext=list(ticks[1]), showgrid=False),
        yaxis=axis("", range=[-below - 2.4, above + 2.4], domain=[low, 1], visible=False),
        yaxis2=axis("", domain=[0, PICTURES], visible=False, scaleanchor="x", constrain="domain", anchor="x"),
        showlegend=True,
    )  # fmt: skip
    if len(steps) > 1:
        frames = [[*(_at(g, f, width) for g in groups), _counts(groups, f, width)] for f in range(len(steps))]
        scatters = [[{"type": "scatter"} | part for part in frame] for frame in frames]
        add_frames(chart, scatters, [str(s) for s in steps], step, redraw=bool(pictures))
    for picture in pictures:  # after the frames, which are the dots alone
        _picture(chart, picture, corners, 0.82 * width, answer)
    return chart


def _at(group: Pile, frame: int, width: float) -> dict[str, Any]:
    bins, ranks = group.bins[frame], group.ranks[frame]
    column, row = ranks % ACROSS, ranks // ACROSS + 0.75
    return {
        "x": (width * (bins + (column - (ACROSS - 1) / 2) / (ACROSS + 1))).astype(np.float32),
        "y": (-row if group.down else row).astype(np.float32),
        "customdata": group.values[frame].astype(np.float32),
    }


def _rows(groups: Iterable[Pile]) -> int:
    """Rows of the highest pile at any step, 0 if there is none."""
    return max((int(g.ranks.max()) // ACROSS + 1 for g in groups if g.ranks.size), default=0)


def _counts(groups: Sequence[Pile], frame: int, width: float) -> dict[str, Any]:
    """How many runs stand in each pile, above it or below it."""
    places, heights, texts = [], [], []
    for down in (False, True):
        bins = np.concatenate([np.empty(0, int), *(g.bins[frame] for g in groups if g.down == down)])
        for k, count in zip(*np.unique(bins, return_counts=True), strict=True):
            height = (count - 1) // ACROSS + 2.15  # a line of text beyond the last row
            left = (ACROSS - min(count, ACROSS)) / 2 / (ACROSS + 1)  # a pile of few begins at the left
            places.append(width * float(k - left))
            heights.append(float(-height if down else height))
            texts.append(str(count))
    return {"x": places, "y": heights, "text": texts}


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
