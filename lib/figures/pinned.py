"""A figure's lines, points and bars as a thin reference behind another run's figure."""

from typing import Any

import plotly.graph_objects as go

from lib.figures.style import GREY

KEPT = ("x", "y", "r", "theta", "xaxis", "yaxis", "subplot", "orientation")
LIMIT = 5000  # points of one trace; more would be a cloud behind a cloud
NAME = "pinned"


def outline(figure: go.Figure) -> list[dict[str, Any]]:
    """Return what of a figure can stand behind another: its places, without its colours; empty for maps.

    Of a figure that can be scrubbed through it is the end of the training.
    """
    if figure.plan.barmode == "stack":
        return []  # the parts of a stack have no places of their own
    if sum(trace.type == "heatmap" for trace in figure.traces) > 1:
        return []  # what lies over tiles are frames and marks
    traces = [trace for trace in figure.traces if trace.type in ("scatter", "bar", "scatterpolar")]
    return [
        {key: trace[key] for key in ("type", "mode", *KEPT) if key in trace}
        for trace in traces
        if len(trace.get("y", trace.get("r", ()))) <= LIMIT
        and trace.get("fill") in (None, "none")
        and trace.get("mode") != "text"
    ]


def overlay(figure: go.Figure, traces: list[dict[str, Any]], name: str) -> None:
    """Add the outline of another run to a figure, thin and grey, with one line in the legend, called `name`."""
    axes = set(figure.plan) | {"xaxis", "yaxis"}
    there = [t for t in traces if all(_axis(t.get(side, side[0])) in axes for side in ("xaxis", "yaxis"))]
    for k, trace in enumerate(there):
        entry = {"name": name, "legendgroup": NAME, "showlegend": k == 0, "hoverinfo": "skip"}
        figure.add_trace(_thin(trace) | entry)


def _axis(reference: str) -> str:
    """Return the layout's name of an axis: 'xaxis2' for 'x2'."""
    return f"{reference[0]}axis{reference[1:]}"


def _thin(trace: dict[str, Any]) -> dict[str, Any]:
    look: dict[str, Any] = {
        "line": {"color": GREY, "width": 1.5, "dash": "dot"},
        "marker": {"color": "rgba(0,0,0,0)", "size": 9, "symbol": "circle", "line": {"color": GREY, "width": 1.5}},
    }
    if trace["type"] != "bar":
        return trace | look
    # A bar would push the others aside: its end is drawn in its place.
    across = trace.get("orientation") == "h"
    look["marker"] = {"symbol": "line-ns" if across else "line-ew", "size": 14, "line": look["marker"]["line"]}
    rest = {key: value for key, value in trace.items() if key != "orientation"}
    return rest | look | {"type": "scatter", "mode": "markers"}
