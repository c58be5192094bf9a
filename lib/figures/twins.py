"""A curve and its twin, moved up or down: what each does to a number, what comes out of it, and what that costs."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.figures.style import FAINT, GREY, LINES, NEGATIVE, POSITIVE, axis, band_colour, figure
from lib.types import Array

CURVE, OUT, COST = (0.0, 0.27), (0.3, 0.5), (0.58, 1.0)  # of the width: the three columns
ROWS = ((0.56, 0.93), (0.0, 0.37))  # of the height
STACK = 0.5  # of a bar's thickness, between two dots on one another


def twins(
    z: Array,
    curves: Array,
    edges: Array,
    density: Array,
    means: Array,
    costs: Array,
    names: Sequence[str],
    notes: Sequence[tuple[str, str]],
    *,
    into: str,
    out: str,
    cost: str,
    curve_hover: str,
    out_hover: str,
    cost_hover: str,
    cost_range: tuple[float, float],
    height: int = 420,
) -> go.Figure:
    """Draw for the first and its twin a curve (2, Z) over `z`, its outputs' `density` (2, B) on `edges`, their mean.

    `costs` (2, R) are dots, one a repeat, on a bar up to their median; `notes` stand at the mean and at the bar. The
    twin's panel has the first one's curve as well, dotted.
    """
    chart = figure(height, margin={"l": 8, "r": 8, "t": 8, "b": 8, "pad": 0}, showlegend=False, bargap=0)
    ends = [float(min(curves.min(), edges[0])), float(max(curves.max(), edges[-1]))]
    room = 0.06 * (ends[1] - ends[0])
    tall = [1.5 + STACK * max(_stacked(row).max() for row in costs) + 0.5]
    for row, name in enumerate(names):
        places = [f"{3 * row + k + 1 if 3 * row + k else ''}" for k in range(3)]
        own = [{"xaxis": f"x{p}", "yaxis": f"y{p}"} for p in places]
        shapes: list[dict[str, Any]] = [{"y": curves[row], "line": {"color": LINES[row], "width": 3.5}, "name": name}]
        if row:
            shapes.append({"y": curves[0], "line": {"color": LINES[0], "width": 1.5, "dash": "dot"}})
        for shape in shapes:
            said = {"hovertemplate": curve_hover} if "name" in shape else {"hoverinfo": "skip"}
            chart.add_scatter(x=z.astype(np.float32), mode="lines", **shape | said | own[0])
        middle = (edges[:-1] + edges[1:]) / 2
        chart.add_bar(
            x=density[row].astype(np.float32), y=middle.astype(np.float32), width=np.diff(edges).astype(np.float32),
            orientation="h", hovertemplate=out_hover, **own[1],
            marker={"color": np.where(middle < 0, NEGATIVE, POSITIVE).tolist(), "line": {"width": 0}},
        )  # fmt: skip
        median = float(np.median(costs[row]))
        chart.add_bar(
            x=[median], y=[0.5], width=[1.0], orientation="h", name=f"{name}: {cost}", hovertemplate=cost_hover,
            marker={"color": band_colour(LINES[row], 0.6), "line": {"width": 0}}, **own[2],
        )  # fmt: skip
        chart.add_scatter(
            x=costs[row].astype(np.float32), y=1.5 + STACK * _stacked(costs[row]), mode="markers", hoverinfo="skip",
            marker={"color": LINES[row], "size": 6}, **own[2],
        )  # fmt: skip
        _mark(chart, row, places, name, notes[row], float(means[row]), median, cost_range[1])
        _axes(chart, row, places, [ends[0] - room, ends[1] + room], (into, out, cost), cost_range, tall[0])
    return chart


def _stacked(values: Array) -> Array:
    """How many equal values stand before each: (R,)."""
    return np.array([int((values[:k] == value).sum()) for k, value in enumerate(values)])


def _mark(
    chart: go.Figure, row: int, places: Sequence[str], name: str, notes: tuple[str, str], mean: float, median: float,
    end: float,
) -> None:  # fmt: skip
    """The row's name, the outputs' mean as a line with its note, and the bar's note."""
    chart.add_annotation(
        text=f"<b>{name}</b>", xref="paper", yref="paper", x=0, y=ROWS[row][1] + 0.005, xanchor="left",
        yanchor="bottom", showarrow=False, font={"size": 14, "color": LINES[row]},
    )  # fmt: skip
    line = {"type": "line", "x0": 0, "x1": 1, "y0": mean, "y1": mean, "line": {"color": GREY, "width": 3}}
    chart.add_shape(**line, xref=f"x{places[1]} domain", yref=f"y{places[1]}")
    chart.add_annotation(
        text=notes[0], xref=f"x{places[1]} domain", yref=f"y{places[1]} domain", x=1, y=1.01, xanchor="right",
        yanchor="bottom", showarrow=False, font={"size": 12},
    )  # fmt: skip
    inside = median > 0.55 * end
    chart.add_annotation(
        text=f"<b>{notes[1]}</b>", xref=f"x{places[2]}", yref=f"y{places[2]}", x=median, y=0.5,
        xanchor="right" if inside else "left", xshift=-6 if inside else 6, yanchor="middle", showarrow=False,
        font={"size": 13},
    )  # fmt: skip


def _axes(
    chart: go.Figure, row: int, places: Sequence[str], ends: list[float], titles: tuple[str, str, str],
    cost_range: tuple[float, float], tall: float,
) -> None:  # fmt: skip
    last = row == len(ROWS) - 1
    zero = {"zeroline": True, "zerolinecolor": GREY}
    columns: tuple[tuple[tuple[float, float], dict[str, Any], dict[str, Any]], ...] = (
        (CURVE, {"nticks": 4, "showgrid": False} | zero, {"range": ends, "nticks": 5} | zero),
        (OUT, {"nticks": 3, "showgrid": False}, {"range": ends, "showticklabels": False} | zero),
        (COST, {"range": list(cost_range), "nticks": 5}, {"range": [0, tall], "visible": False}),
    )
    for k, (domain, across, up) in enumerate(columns):
        chart.update_layout({
            f"xaxis{places[k]}": axis(titles[k] if last else "", domain=list(domain), anchor=f"y{places[k]}",
                                      linecolor=FAINT, showline=True, showticklabels=last, **across),
            f"yaxis{places[k]}": axis("", domain=list(ROWS[row]), anchor=f"x{places[k]}", **up),
        })  # fmt: skip
