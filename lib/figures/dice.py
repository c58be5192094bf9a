"""Tiny networks with dice where chance comes in, and beside each what its units and it have learned to answer.

Every row has axes of its own, so that its tiles stay square on a narrow page; the networks are pictures that keep
their shape.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

import numpy as np
import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import FRAME, SIGNS, figure
from lib.types import Array

HEAD, ROW, LABEL, ROOM = 22, 51, 15, 3  # pixels: the columns' heading, a row, its label, what lies between two rows
COLUMN, NETWORK, TILES = 0.485, 0.25, 0.28  # of the width: a column; of a column: its networks' end, its tiles' begin
INPUTS, HIDDEN, OUTPUT = [(11, 18), (11, 42)], [(50, 9), (50, 30), (50, 51)], [(89, 30)]  # of 100 x 60
FIRST, SECOND = [(30, 13), (30, 30), (30, 47)], [(70, 20), (70, 30), (70, 40)]  # the links' middles
PLACES = {"inputs": INPUTS, "first": FIRST, "hidden": HIDDEN, "second": SECOND, "label": OUTPUT}
DARK = 'stroke="#222" stroke-width="1.5"'
PIPS = ((-4, -4), (4, -4), (0, 0), (-4, 4), (4, 4))


class Thrown(NamedTuple):
    """One source of difference: its name, where dice fall (names of PLACES, or "even": numbers for dice), and tiles.

    `tiles` (F, U + 1, side, side) in [-1, 1], the top row first, are U units and their network; `scores` (F).
    """

    name: str
    dice: Sequence[str]
    tiles: Array
    scores: Sequence[str]


def dice(columns: Sequence[Sequence[Thrown]], heads: Sequence[str], steps: Sequence[int], *, step: str) -> go.Figure:
    """Draw columns of sources under their headings, one frame per step."""
    rows = max(map(len, columns))
    chart = figure(HEAD + ROW * rows, margin={"l": 0, "r": 0, "t": 0, "b": 0}, showlegend=False)
    high = float(HEAD + ROW * rows)
    layout: dict[str, Any] = {"shapes": [], "annotations": [], "images": []}
    changing: list[list[dict[str, Any]]] = [[] for _ in steps]
    for c, (column, head) in enumerate(zip(columns, heads, strict=True)):
        left = c * (1 - COLUMN)
        _text(layout, f"<b>{head}</b>", left, 1.0, "left", 13)
        for k, source in enumerate(column):
            top = 1 - (HEAD + ROW * k) / high
            below, bottom = top - LABEL / high, top - (ROW - ROOM) / high
            _text(layout, source.name, left, top, "left", 11)
            _picture(layout, source.dice, (left, left + NETWORK * COLUMN), (below, bottom))
            n = _axes(layout, (left + TILES * COLUMN, left + COLUMN), (bottom, below), source.tiles.shape[1:])
            for f, frame in enumerate(changing):
                frame.append({"type": "heatmap", "z": _sheet(source.tiles[f])} | _on(n))
                frame.append(_score(n, source.tiles.shape[1:], source.scores[f]))
    chart.add_traces([_whole(trace) if trace["type"] == "heatmap" else trace for trace in changing[-1]])
    chart.update_layout(layout)
    if len(steps) > 1:
        moving = [[{k: v for k, v in trace.items() if k in ("type", "z", "text")} for trace in f] for f in changing]
        add_frames(chart, moving, [str(s) for s in steps], step, redraw=True)
    return chart


def _whole(trace: dict[str, Any]) -> dict[str, Any]:
    return trace | {"zmin": -100, "zmax": 100, "colorscale": SIGNS, "showscale": False, "hoverinfo": "skip"}


def _text(layout: dict[str, Any], text: str, x: float, y: float, anchor: str, size: int) -> None:
    layout["annotations"].append({
        "text": text, "x": x, "y": y, "xref": "paper", "yref": "paper", "xanchor": anchor, "yanchor": "top",
        "showarrow": False, "font": {"size": size}, "borderpad": 0, "yshift": 2,
    })  # fmt: skip


def _sheet(tiles: Array) -> Array:
    """Tiles (n, side, side) in a row, the last a little apart, as whole numbers up to 100, the bottom row first."""
    side = tiles.shape[-1]
    sheet = np.zeros((side, len(tiles) * (side + 1)), np.int8)
    for k, tile in enumerate(tiles):
        at = _left(k, len(tiles), side)
        sheet[:, at : at + side] = np.round(100 * tile[::-1])
    return sheet


def _left(k: int, count: int, side: int) -> int:
    return k * (side + 1) + (k == count - 1)


def _axes(
    layout: dict[str, Any], across: tuple[float, float], up: tuple[float, float], shape: tuple[int, ...]
) -> str:
    """One more pair of axes for a row of tiles at its left end, with a thin frame around each; their number."""
    count, side = shape[0], shape[-1]
    n = _next(layout)
    hidden = {"visible": False, "fixedrange": True, "constrain": "domain"}
    layout[f"xaxis{n}"] = hidden | {
        "domain": across, "range": [-0.5, count * (side + 1) - 0.5], "anchor": f"y{n}", "constraintoward": "left",
    }  # fmt: skip
    layout[f"yaxis{n}"] = hidden | {
        "domain": up, "range": [-0.5, side - 0.5], "anchor": f"x{n}", "constraintoward": "top",
        "scaleanchor": f"x{n}",
    }  # fmt: skip
    for k in range(count):
        left = _left(k, count, side) - 0.5
        layout["shapes"].append({
            "type": "rect", "xref": f"x{n}", "yref": f"y{n}", "x0": left, "x1": left + side, "y0": -0.5,
            "y1": side - 0.5, "line": {"color": FRAME, "width": 1},
        })  # fmt: skip
    return n


def _next(layout: dict[str, Any]) -> str:
    """Plotly's number of the next pair of axes, which the first has not."""
    there = sum(key.startswith("xaxis") for key in layout)
    return str(there + 1) if there else ""


def _on(n: str) -> dict[str, str]:
    return {"xaxis": f"x{n}", "yaxis": f"y{n}"}


def _score(n: str, shape: tuple[int, ...], text: str) -> dict[str, Any]:
    """A score over the right end of a row of tiles, on its axes: so it stays there however wide the page is."""
    count, side = shape[0], shape[-1]
    return {
        "type": "scatter", "x": [count * (side + 1) - 0.5], "y": [side - 0.5], "text": [text], "mode": "text",
        "textposition": "top left", "textfont": {"size": 11}, "cliponaxis": False, "hoverinfo": "skip",
    } | _on(n)  # fmt: skip


def _picture(
    layout: dict[str, Any], dice: Sequence[str], across: tuple[float, float], down: tuple[float, float]
) -> None:
    layout["images"].append({
        "source": drawing(dice), "xref": "paper", "yref": "paper", "x": across[0], "y": down[0],
        "sizex": across[1] - across[0], "sizey": down[0] - down[1], "xanchor": "left", "yanchor": "top",
        "sizing": "contain", "layer": "above",
    })  # fmt: skip


def drawing(dice: Sequence[str]) -> str:
    """A network with dice at the named places, as the address of a picture (SVG)."""
    links = "".join(
        f'<line x1="{a}" y1="{b}" x2="{c}" y2="{d}"/>'
        for starts, ends in ((INPUTS, HIDDEN), (HIDDEN, OUTPUT)) for a, b in starts for c, d in ends
    )  # fmt: skip
    units = "".join(f'<circle cx="{x}" cy="{y}" r="6"/>' for x, y in (*INPUTS, *HIDDEN, *OUTPUT))
    over = "".join(_die(x, y) for name in dice if name in PLACES for x, y in PLACES[name])
    if "even" in dice:
        over += "".join(_number(x, y, k + 1) for k, (x, y) in enumerate(HIDDEN))
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 60" width="200" height="120">'
        f'<g stroke="#808080" stroke-width="1.2">{links}</g>'
        f'<g stroke="#808080" stroke-width="2" fill="#fff">{units}</g>{over}</svg>'
    )
    return f"data:image/svg+xml,{quote(picture)}"


def _die(x: int, y: int) -> str:
    pips = "".join(f'<circle cx="{x + a}" cy="{y + b}" r="1.7"/>' for a, b in PIPS)
    box = f'<rect x="{x - 8}" y="{y - 8}" width="16" height="16" rx="3" fill="#FFD84D" {DARK}/>'
    return f'<g fill="#222">{box}{pips}</g>'


def _number(x: int, y: int, number: int) -> str:
    return (
        f'<circle cx="{x}" cy="{y}" r="8.5" fill="#fff" {DARK}/><text x="{x}" y="{y + 4.6}" font-size="13" '
        f'font-family="sans-serif" text-anchor="middle" fill="#222">{number}</text>'
    )
