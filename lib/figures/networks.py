"""Small networks side by side: what each hidden unit answers, its link to the output, and the answer in the middle.

Half of the units stand above the answer and half below it. Every row of pictures has axes of its own, so that its
cells stay square on a narrow page and the links still begin and end where they should.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import FRAME, MARKERS, NEGATIVE, POSITIVE, SIGNS, band_colour, figure
from lib.types import Array

SLOTS, GAP = 4, 2  # units in a row, and cells between two of them
UNITS, ANSWER = 0.165, 0.345  # heights of a row of units and of the answer, as shares of the picture's
ABOVE, BELOW = 1 - UNITS, 0.055 + UNITS  # where the links begin
TOP, BOTTOM = 0.7, 0.7 - ANSWER  # where they end
Moment = list[dict[str, Any]]


def networks(
    units: Array,
    links: Array,
    answers: Array,
    steps: Sequence[int] | Array,
    names: Sequence[str],
    said: Sequence[Sequence[str]],
    samples: tuple[Array, Array],
    *,
    step: str,
    height: int = 352,
) -> go.Figure:
    """Draw P networks at F steps: units (F, P, U, t, t) and answers (F, P, a, a) in [-1, 1], links (F, P, U).

    `names` (P) stand above them, `said` (F, P) below. `samples` are points (N, 2) of the plane, whose pictures
    reach from -1 to 1, and their classes (N,). A row holds four units; there are at most eight.
    """
    chart = figure(height, margin={"l": 4, "r": 4, "t": 28, "b": 4}, showlegend=False)
    largest = float(np.abs(links).max()) or 1.0
    moments: list[Moment] = [[] for _ in steps]
    layout: dict[str, Any] = {"shapes": [], "annotations": []}
    for p, name in enumerate(names):
        _axes(layout, p, len(names), units.shape[-1], answers.shape[-1])
        layout["annotations"].append(_heading(p, len(names), name))
        layout["shapes"] += _frames(p, units.shape[2], units.shape[-1], answers.shape[-1])
        for k in range(len(moments)):
            moments[k] += _network(p, units[k, p], links[k, p] / largest, answers[k, p], said[k][p])
    chart.update_layout(layout)
    chart.add_traces(moments[-1])
    if len(steps) > 1:
        add_frames(chart, [_changes(m) for m in moments], [str(s) for s in steps], step, redraw=True)
    for p in range(len(names)):
        _samples(chart, p, *samples, answers.shape[-1])
    return chart


def _axes(layout: dict[str, Any], p: int, panels: int, t: int, a: int) -> None:
    """Four pairs of axes for a network: the upper units, the answer, the lower units, and one for links and words."""
    wide = [(p + 0.04) / panels, (p + 0.96) / panels]
    row = SLOTS * (t + GAP) - GAP
    rows = [
        ([ABOVE, 1.0], [-0.5, row - 0.5], t, "bottom"),
        ([BOTTOM, TOP], [-0.5, a - 0.5], a, "middle"),
        ([BELOW - UNITS, BELOW], [-0.5, row - 0.5], t, "top"),
    ]
    for k, (high, across, cells, toward) in enumerate(rows):
        n = _number(p, k)
        layout[f"xaxis{n}"] = {"domain": wide, "range": across, "constrain": "domain", "anchor": f"y{n}"}
        layout[f"yaxis{n}"] = {
            "domain": high, "range": [-0.5, cells - 0.5], "scaleanchor": f"x{n}", "constrain": "domain",
            "constraintoward": toward, "anchor": f"x{n}",
        }  # fmt: skip
    n = _number(p, 3)
    layout[f"xaxis{n}"] = {"domain": wide, "range": [0, 1], "anchor": f"y{n}"}
    layout[f"yaxis{n}"] = {"domain": [0, 1], "range": [0, 1], "anchor": f"x{n}"}
    for axis in ("xaxis", "yaxis"):
        for k in range(4):
            layout[f"{axis}{_number(p, k)}"] |= {"visible": False, "fixedrange": True}


def _number(p: int, k: int) -> str:
    """Plotly's number of the k-th axes of a network."""
    return str(4 * p + k + 1) if p or k else ""


def _on(p: int, k: int) -> dict[str, str]:
    return {"xaxis": f"x{_number(p, k)}", "yaxis": f"y{_number(p, k)}"}


def _heading(p: int, panels: int, name: str) -> dict[str, Any]:
    return {
        "text": f"<b>{name}</b>", "x": (p + 0.5) / panels, "y": 1, "xref": "paper", "yref": "paper",
        "xanchor": "center", "yanchor": "bottom", "yshift": 4, "showarrow": False, "font": {"size": 12},
    }  # fmt: skip


def _rows(count: int) -> list[range]:
    """Which units stand above, and which below."""
    return [range((count + 1) // 2), range((count + 1) // 2, count)]


def _begin(count: int, t: int) -> float:
    """Where the first of so many units of a row begins, in cells; they stand in the middle."""
    return (SLOTS - count) * (t + GAP) / 2


def _frames(p: int, count: int, t: int, a: int) -> Iterator[dict[str, Any]]:
    """Yield a thin frame around each picture."""
    boxes = [(1, 0.0, a)]
    for k, row in zip((0, 2), _rows(count), strict=True):
        boxes += [(k, _begin(len(row), t) + j * (t + GAP), t) for j in range(len(row))]
    for k, left, size in boxes:
        on = _on(p, k)
        yield {
            "type": "rect", "xref": on["xaxis"], "yref": on["yaxis"], "x0": left - 0.5, "x1": left + size - 0.5,
            "y0": -0.5, "y1": size - 0.5, "line": {"color": FRAME, "width": 1},
        }  # fmt: skip


def _network(p: int, units: Array, links: Array, answer: Array, said: str) -> Moment:
    """All that changes of a network, as traces: two rows of units, the answer, the links, the words below."""
    upper, lower = _rows(len(units))
    traces = [_picture(_sheet(units[list(upper)]), len(upper), p, 0), _picture(_whole(answer), 0, p, 1)]
    traces += [_picture(_sheet(units[list(lower)]), len(lower), p, 2)] if lower else []
    for row, begin, end in ((upper, ABOVE, TOP), (lower, BELOW, BOTTOM)):
        traces += [_link(p, len(row), j, (begin, end), float(links[unit])) for j, unit in enumerate(row)]
    words = {"type": "scatter", "x": [0.5], "y": [0.022], "mode": "text", "text": [said], "hoverinfo": "skip"}
    return [*traces, words | {"textfont": {"size": 12}} | _on(p, 3)]


def _whole(values: Array) -> Array:
    """Values in [-1, 1] as whole numbers up to 100: a hundredth is less than an eye sees, and a frame is small."""
    return np.round(100 * values).astype(np.int8)


def _sheet(pictures: Array) -> Array:
    """Pictures (n, t, t) in a row, with nothing between them."""
    n, t, _ = pictures.shape
    sheet = np.zeros((t, n, t + GAP), np.int8)
    sheet[:, :, :t] = _whole(pictures).transpose(1, 0, 2)
    return sheet.reshape(t, -1)[:, :-GAP]


def _picture(z: Array, count: int, p: int, k: int) -> dict[str, Any]:
    left = _begin(count, len(z)) if count else 0
    return {
        "type": "heatmap", "z": z, "x0": left, "dx": 1, "zmin": -100, "zmax": 100, "colorscale": SIGNS,
        "showscale": False, "hoverinfo": "skip",
    } | _on(p, k)  # fmt: skip


def _link(p: int, count: int, j: int, ends: tuple[float, float], weight: float) -> dict[str, Any]:
    """A line from a unit to the answer: blue above zero, orange below, grey at zero, the heavier the thicker."""
    place = j - (count - 1) / 2
    colour = band_colour(POSITIVE if weight > 0 else NEGATIVE, round(0.25 + 0.75 * abs(weight), 2))
    line = {"color": colour if weight else FRAME, "width": round(1 + 5 * abs(weight), 1)}
    ways = {"x": [0.5 + place / SLOTS, 0.5 + 0.06 * place], "y": list(ends)}
    return {"type": "scatter", "mode": "lines", "line": line, "hoverinfo": "skip"} | ways | _on(p, 3)


def _changes(moment: Moment) -> Moment:
    """What a frame has to say of each trace."""
    changing = ("type", "z", "line", "text")
    return [{key: trace[key] for key in changing if key in trace} for trace in moment]


def _samples(chart: go.Figure, p: int, points: Array, labels: Array, a: int) -> None:
    """The points to be told apart, on the answer."""
    for k, colour in enumerate((NEGATIVE, POSITIVE)):
        mine = (points[labels == k].astype(np.float32) + 1) * a / 2 - 0.5
        chart.add_scatter(
            x=mine[:, 0], y=mine[:, 1], mode="markers", hoverinfo="skip", **_on(p, 1),
            marker={"color": colour, "symbol": MARKERS[k], "size": 5, "line": {"width": 1, "color": "white"}},
        )  # fmt: skip
