"""How far many points travel from a ring, in panels of one unit, and beside them the ways' length by setting.

The panels stand two and two, each on axes of its own that give it all of its room, so that a narrow page draws them
as high as a wide one; scrubbable.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import FRAME, GREY, RING, axis, figure, hues
from lib.types import Array

TITLE, SIDE, BELOW, TICKS = 24, 196, 8, 24  # pixels: over a panel, a panel, under it, of which numbers take
MIDDLE = 0.02  # between two panels, as a share of the width


def journeys(
    ways: Sequence[Array],
    steps: Sequence[int] | Array,
    said: Sequence[Sequence[str]],
    settings: Array,
    lengths: Array,
    theory: Array,
    *,
    step: str,
    title: str,
    hover: str,
    hover_line: str,
    reach: float,
    chosen: int | None = None,
    ringed: int | None = None,
    colours: Sequence[str] | None = None,
) -> go.Figure:
    """Draw per panel the ways of M points, (F, M, 2) at F steps from the first on, in a square from -reach to reach.

    `said` (F, panels) stand over the panels. `lengths` (F, S) over `settings` (S,), and `theory` (S,), have the last
    panel, called `title`, with a ring around the setting numbered `chosen`; the panel numbered `ringed`, which shows
    it too, has a ring as its frame. `hover` is plotly's template, with the way's length as %{customdata}.
    """
    count, hue = len(ways) + 1, hues(colours, 1)[0]
    rows = -(-count // 2)
    chart = figure(rows * (TITLE + SIDE + BELOW), margin={"l": 2, "r": 4, "t": 0, "b": 0}, showlegend=False)
    look = {"line": {"color": hue, "width": 1.5}}
    for k, way in enumerate(ways):
        _panel(chart, k, rows, reach, marked=k == ringed)
        on = {"xaxis": f"x{_number(k)}", "yaxis": f"y{_number(k)}"}
        chart.add_scatter(x=way[0, :, 0], y=way[0, :, 1], mode="markers", hoverinfo="skip", **on,
                          marker={"symbol": "circle-open", "color": GREY, "size": 6})  # fmt: skip
        chart.add_scatter(mode="lines", hoverinfo="skip", **look, **on)
        chart.add_scatter(mode="markers", hovertemplate=hover, marker={"color": hue, "size": 6}, **on)
    _lengths(chart, count - 1, rows, settings, lengths, theory, hover_line, look)
    _titles(chart, count, rows)
    frames = [
        [part for way in ways for part in _there(way, f)]
        + [{"type": "scatter", "y": theory}, {"type": "scatter", "y": lengths[f]}]
        + [{"type": "scatter", "text": [*(f"<b>{text}</b>" for text in said[f]), title]}]
        for f in range(len(steps))
    ]
    if chosen is not None:
        marks = chart.traces[-2].marker
        marks.line = {"color": RING, "width": [3 if s == chosen else 0 for s in range(len(settings))]}
        marks.size, marks.opacity = [14 if s == chosen else 7 for s in range(len(settings))], 1
    for trace, data in zip(chart.traces, frames[-1], strict=True):
        trace.merge({key: value for key, value in data.items() if key != "type"})
    if len(steps) > 1:
        add_frames(chart, frames, [str(s) for s in steps], step, redraw=False)
    return chart


def _there(way: Array, f: int) -> list[dict[str, Any]]:
    """A panel's marks at one step: where the points began, the lines, where they are."""
    begin, now = way[0].astype(np.float32), way[f].astype(np.float32)
    nothing = np.full(len(now), np.nan, np.float32)
    x, y = (np.stack([begin[:, d], now[:, d], nothing], 1).ravel() for d in (0, 1))
    length = np.linalg.norm(now - begin, axis=1)
    return [
        {"type": "scatter", "x": begin[:, 0], "y": begin[:, 1]},
        {"type": "scatter", "x": x, "y": y},
        {"type": "scatter", "x": now[:, 0], "y": now[:, 1], "customdata": length},
    ]


def _number(k: int) -> str:
    """Plotly's number of a panel's axes."""
    return str(k + 1) if k else ""


def _room(k: int, rows: int) -> tuple[list[float], list[float]]:
    """A panel's place, across and up."""
    row, column = divmod(k, 2)
    tall, half = rows * (TITLE + SIDE + BELOW), (1 - MIDDLE) / 2
    top = 1 - (row * (TITLE + SIDE + BELOW) + TITLE) / tall
    left = column * (half + MIDDLE)
    return [left, left + half], [max(0.0, top - SIDE / tall), top]


def _panel(chart: go.Figure, k: int, rows: int, reach: float, *, marked: bool) -> None:
    across, up = _room(k, rows)
    edge = {"range": [-reach, reach], "fixedrange": True, "showgrid": False, "zeroline": False, "ticks": "",
            "showticklabels": False, "constrain": "range"}  # fmt: skip
    n = _number(k)
    chart.plan[f"xaxis{n}"] = edge | {"domain": across, "anchor": f"y{n}"}
    chart.plan[f"yaxis{n}"] = edge | {"domain": up, "anchor": f"x{n}", "scaleanchor": f"x{n}"}
    chart.add_shape(type="rect", xref="paper", yref="paper", x0=across[0], x1=across[1], y0=up[0], y1=up[1],
                    line={"color": RING, "width": 3} if marked else {"color": FRAME, "width": 1})  # fmt: skip


def _lengths(
    chart: go.Figure, k: int, rows: int, settings: Array, lengths: Array, theory: Array, hover: str, look: Any
) -> None:
    """The last panel: lengths by setting, both on log axes, and grey the line that theory has."""
    (left, right), (bottom, top) = _room(k, rows)
    tall, n = rows * (TITLE + SIDE + BELOW), _number(k)
    on = {"xaxis": f"x{n}", "yaxis": f"y{n}"}
    shown = lengths[lengths > 0]
    low, high = (float(np.log10(v)) for v in ((shown.min(), shown.max()) if shown.size else (0.1, 1.0)))
    few = [float(s) for s in settings[::-2]]
    chart.plan[f"xaxis{n}"] = axis("", type="log", domain=[left + 0.09, right], anchor=f"y{n}", fixedrange=True,
                                     automargin=False, tickvals=few, ticktext=[f"{s:g}" for s in few])  # fmt: skip
    chart.plan[f"yaxis{n}"] = axis("", type="log", domain=[bottom + TICKS / tall, top], anchor=f"x{n}",
                                     fixedrange=True, automargin=False,
                                     range=[max(low, high - 2.2) - 0.1, high + 0.15],
                                     tickvals=[0.01, 0.03, 0.1, 0.3, 1, 3, 10],
                                     ticktext=["1%", "3%", "10%", "30%", "100%", "300%", "1000%"])  # fmt: skip
    chart.add_scatter(
        x=settings, mode="lines", hoverinfo="skip", line={"color": GREY, "dash": "dot", "width": 2}, **on
    )
    chart.add_scatter(
        x=settings, mode="lines+markers", hovertemplate=hover, name="", marker={"size": 7}, **look, **on
    )


def _titles(chart: go.Figure, count: int, rows: int) -> None:
    """The words over the panels, which change from step to step."""
    places = [_room(k, rows) for k in range(count)]
    tall, n = rows * (TITLE + SIDE + BELOW), count + 1
    over: dict[str, Any] = {"visible": False, "fixedrange": True, "domain": [0, 1], "range": [0, 1]}
    chart.plan[f"xaxis{n}"] = over | {"anchor": f"y{n}"}
    chart.plan[f"yaxis{n}"] = over | {"anchor": f"x{n}"}
    chart.add_scatter(
        x=[sum(across) / 2 for across, _ in places], y=[up[1] + TITLE / 2 / tall for _, up in places], mode="text",
        textposition="middle center", textfont={"size": 13}, hoverinfo="skip", cliponaxis=False,
        xaxis=f"x{n}", yaxis=f"y{n}",
    )  # fmt: skip
