"""A window of a picture as a sum of a few filters, row by row: the picture, the sum, and all filters below it.

Each part of a row keeps square cells in its share of the figure, so that a narrow page draws it smaller, not flatter.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from lib.figures.heatmap import mosaic
from lib.figures.scrub import add_frames
from lib.figures.style import GREY, LINES, SIGNS, figure
from lib.types import Array

WINDOW, COUNTED = LINES[2], LINES[1]  # the window's frame; the frame of filters that count
PICTURE, SUM = (0.0, 0.27), (0.31, 0.985)  # from left to right
HEAD, STRIP, SHEET = 0.1, (0.1, 0.42), (0.52, 0.98)  # of a row, from its top
GAP = 1 / 3  # of a tile, between two of the sum: room for a sign
BETWEEN = 1  # cells between two filters of the sheet
FOOT = 5  # pixels of the picture between it and what is said below it
AROUND = 2.5  # pixels of the picture between the window and its frame
INK = [[0, "#000000"], [1, "#ffffff"]]

Trace = dict[str, Any]


class Parts(NamedTuple):
    """One row, at F moments."""

    heading: str
    lines: Sequence[str]  # (F,) what is said under the picture
    grey: Array  # (height, width) uint8
    box: tuple[float, float, float, float]  # left, top, right, bottom of the window, in pixels of `grey`
    window: Array  # (s, s)
    filters: Array  # (F, H, k, k)
    counted: Array  # (H,) bool: which are framed at the last moment
    chosen: Array  # (F, n) those that are added up, −1 for none
    amounts: Sequence[Sequence[str]]  # (F, n) how much of each
    under: Sequence[str]  # (F,) what is said below them
    total: Array  # (F, k, k) their sum, (F, 0, 0) if it is no picture


def parts(
    rows: Sequence[Parts],
    steps: Sequence[int] | Array,
    *,
    under: tuple[str, str],
    points: tuple[Array, Array],
    hover: str,
    step: str,
    height: int = 400,
) -> go.Figure:
    """Draw the rows; `under` names window and sum, `points` (x, y) are where a click puts the window.

    Filters are drawn each on a scale of its own, window and sum on the window's.
    """
    chart = figure(height, margin={"l": 0, "r": 0, "t": 0, "b": 0}, showlegend=False)
    for number, row in enumerate(rows):
        _axes(chart, row, number, len(rows))
    # What moves comes first: frames are for the traces that are there by then.
    frames = [[_moving(row, number, frame) for number, row in enumerate(rows)] for frame in range(len(steps))]
    chart.add_traces([trace for traces in frames[-1] for trace in traces])
    add_frames(
        chart, [[_moved(trace) for traces in each for trace in traces] for each in frames], [str(s) for s in steps],
        step, redraw=True,
    )  # fmt: skip
    for number, row in enumerate(rows):
        _still(chart, row, number, under)
    x, y = points
    chart.add_scatter(
        x=x.astype(np.float32), y=y.astype(np.float32), mode="markers", marker={"opacity": 0, "size": 8},
        hovertemplate=hover, name="", **_on(0, "picture"),
    )  # fmt: skip
    return chart


def _moved(trace: Trace) -> Trace:
    """What of a trace changes from frame to frame: the rest would take as much room as the filters."""
    return {key: trace[key] for key in ("type", "z", "x", "y", "text") if key in trace}


def _on(number: int, part: str) -> dict[str, str]:
    """The pair of axes of a part of a row."""
    n = 3 * number + ("picture", "sum", "sheet").index(part) + 1
    return {"xaxis": f"x{n}", "yaxis": f"y{n}"} if n > 1 else {"xaxis": "x", "yaxis": "y"}


def _axes(chart: go.Figure, row: Parts, number: int, count: int) -> None:
    """Three parts with square cells, each at the top left of its room."""
    k, n = row.filters.shape[2], row.chosen.shape[1]
    lines, columns = _shape(row.filters.shape[1])
    cell = k + BETWEEN
    rooms = {
        "picture": (PICTURE, (HEAD, 0.7), (row.grey.shape[1], row.grey.shape[0] + FOOT)),
        "sum": (SUM, STRIP, (_left(k, n + 1) + k, k)),
        "sheet": (SUM, SHEET, (columns * cell, lines * cell)),
    }
    for part, (across, down, (width, high)) in rooms.items():
        on = _on(number, part)
        bottom, top = (1 - (number + d) / count for d in (down[1], down[0]))
        still: dict[str, Any] = {"visible": False, "fixedrange": True, "constrain": "domain"}
        chart.update_layout({
            on["xaxis"].replace("x", "xaxis"): still | {
                "domain": across, "range": (-0.5, width - 0.5), "anchor": on["yaxis"], "constraintoward": "left",
            },
            on["yaxis"].replace("y", "yaxis"): still | {
                "domain": (bottom, top), "range": (high - 0.5, -0.5), "anchor": on["xaxis"],
                "scaleanchor": on["xaxis"], "constraintoward": "top",
            },
        })  # fmt: skip


def _shape(count: int) -> tuple[int, int]:
    """Lines and columns of a sheet."""
    lines = 2 if count <= 16 else 3 if count <= 32 else 4
    return lines, -(-count // lines)


def _left(k: int, place: int) -> float:
    """Where a tile of the sum begins, in cells: the window at 0, the sum behind the filters."""
    return place * k * (1 + GAP)


def _moving(row: Parts, number: int, frame: int) -> list[Trace]:
    """The filters, their sum, how much of each, the frames of those that count, and what is said."""
    k, n, last = row.filters.shape[2], row.chosen.shape[1], frame == len(row.filters) - 1
    tiles = row.filters[frame] / np.maximum(np.abs(row.filters[frame]).max((1, 2), keepdims=True), 1e-12)
    _, columns = _shape(len(tiles))
    chosen = row.chosen[frame]
    sheet = np.nan_to_num(mosaic(tiles[None], columns)[0])
    made = [_signs(sheet, 0, 0, 1, f"filters {number}", **_on(number, "sheet"))]
    blank = np.concatenate([tiles, np.zeros((1, k, k))])  # the last is none's
    made += [_signs(blank[f], _left(k, j + 1), 0, 1, f"part {number} {j}", **_on(number, "sum"))
             for j, f in enumerate(chosen)]  # fmt: skip
    if row.total.size:
        reach = np.abs(row.window).max() or 1.0
        made.append(_signs(row.total[frame] / reach, _left(k, n + 1), 0, 1, f"sum {number}", **_on(number, "sum")))
    corners = [((c % columns) * (k + BETWEEN), c // columns * (k + BETWEEN)) for c in np.flatnonzero(row.counted)]
    framed = [(_left(k, j + 1), 0.0) for j, f in enumerate(chosen) if f >= 0 and row.counted[f]]
    made += [_frames(each if last else [], k, COUNTED, 2, f"counted {number} {on}", **_on(number, on))
             for each, on in ((corners, "sheet"), (framed, "sum"))]  # fmt: skip
    middle = np.array([_left(k, j + 1) + (k - 1) / 2 for j in range(n)], np.float32)
    above = np.full(n, -0.5, np.float32)
    made.append(_text(middle, above, row.amounts[frame], "top center", f"amounts {number}", **_on(number, "sum")))
    below = np.array([k - 0.5], np.float32)
    under = _text(middle.mean(keepdims=True), below, [row.under[frame]], "bottom center", f"under {number}",
                  **_on(number, "sum"))  # fmt: skip
    # Markers that are not seen keep it off the tiles, as far as the names at its sides are.
    made.append(under | {"mode": "markers+text", "marker": {"size": 5, "opacity": 0}, "textfont": {"size": 11.5}})
    foot = np.array([row.grey.shape[0] + FOOT - 0.5], np.float32)  # what is out of range is not drawn
    made.append(_text(np.zeros(1, np.float32) - 0.5, foot, [row.lines[frame]], "bottom right",
                      f"said {number}", **_on(number, "picture")))  # fmt: skip
    return made


def _still(chart: go.Figure, row: Parts, number: int, under: tuple[str, str]) -> None:
    """The picture with the window's frame, the window, the signs of the sum, and the names."""
    k, n = row.filters.shape[2], row.chosen.shape[1]
    picture, strip = _on(number, "picture"), _on(number, "sum")
    chart.add_heatmap(z=row.grey, zmin=0, zmax=255, colorscale=INK, showscale=False, hoverinfo="skip",
                      name=f"picture {number}", **picture)  # fmt: skip
    left, top, right, bottom = np.array(row.box) + np.array([-1, -1, 1, 1]) * AROUND
    chart.add_scatter(
        x=[left, right, right, left, left], y=[top, top, bottom, bottom, top], mode="lines", hoverinfo="skip",
        line={"color": WINDOW, "width": 2.5}, name=f"box {number}", **picture,
    )  # fmt: skip
    side = len(row.window)
    chart.add_trace(
        _signs(row.window / (np.abs(row.window).max() or 1.0), 0, 0, k / side, f"window {number}", **strip)
    )
    tiles = [(_left(k, j), 0.0) for j in range(1, n + 1 + bool(row.total.size))]
    chart.add_traces([_frames(tiles, k, GREY, 1, "", **strip), _frames([(0.0, 0.0)], k, WINDOW, 2, "", **strip)])
    signs = ["≈" if row.total.size else "→", *["+"] * (n - 1), *(["="] if row.total.size else [])]
    between = np.array([_left(k, j + 1) - GAP * k / 2 - 0.5 for j in range(len(signs))], np.float32)
    chart.add_trace(_text(between, np.full(len(signs), (k - 1) / 2, np.float32), signs, "middle center", "", **strip))
    _names(chart, row, number, under)


def _names(chart: go.Figure, row: Parts, number: int, under: tuple[str, str]) -> None:
    k, n = row.filters.shape[2], row.chosen.shape[1]
    at = {"xref": _on(number, "picture")["xaxis"], "yref": _on(number, "picture")["yaxis"], "showarrow": False}
    chart.add_annotation(text=f"<b>{row.heading}</b>", x=-0.5, y=-0.5, xanchor="left", yanchor="bottom", **at)
    at |= {"xref": _on(number, "sum")["xaxis"], "yref": _on(number, "sum")["yaxis"]}
    places = [(k - 1) / 2, _left(k, n + 1) + (k - 1) / 2]
    for name, x in list(zip(under, places, strict=True))[: 1 + bool(row.total.size)]:
        chart.add_annotation(
            text=name, x=x, y=k - 0.5, xanchor="center", yanchor="top", font={"size": 11.5}, **at
        )  # fmt: skip


def _signs(z: Array, x: float, y: float, cell: float, name: str, **on: str) -> Trace:
    """A tile of values from -1 to 1 as hundredths, which take an eighth of the room."""
    hundredths = np.round(100 * np.clip(z, -1, 1)).astype(np.int8)
    return on | {
        "type": "heatmap", "z": hundredths, "zmin": -100, "zmax": 100, "colorscale": SIGNS, "showscale": False,
        "x0": x + (cell - 1) / 2, "dx": cell, "y0": y + (cell - 1) / 2, "dy": cell, "hoverinfo": "skip", "name": name,
    }  # fmt: skip


def _frames(corners: Sequence[tuple[float, float]], k: int, colour: str, width: int, name: str, **on: str) -> Trace:
    """Squares around tiles whose first cells stand at `corners`, one line with gaps."""
    square = np.array([[0, 0], [k, 0], [k, k], [0, k], [0, 0], [np.nan, np.nan]]) - 0.5
    path = (np.array(corners, float).reshape(-1, 1, 2) + square).reshape(-1, 2).astype(np.float32)
    return on | {
        "type": "scatter", "x": path[:, 0], "y": path[:, 1], "mode": "lines", "hoverinfo": "skip",
        "cliponaxis": False, "line": {"color": colour, "width": width}, "name": name,
    }  # fmt: skip


def _text(x: Array, y: Array, text: Sequence[str], position: str, name: str, **on: str) -> Trace:
    return on | {
        "type": "scatter", "x": x, "y": y, "text": list(text), "mode": "text", "textposition": position,
        "textfont": {"size": 12.5}, "hoverinfo": "skip", "cliponaxis": False, "name": name,
    }  # fmt: skip
