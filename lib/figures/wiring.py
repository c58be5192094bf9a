"""Small networks as graphs: a line per weight, orange and dashed below zero, blue above, the thicker the larger."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from lib.figures.style import GREY, NEGATIVE, POSITIVE, axis, figure
from lib.types import Array

GAP = 0.35  # between two graphs, where a graph is 1 wide


def wiring(
    networks: Sequence[Sequence[Array]], names: Sequence[str], *, hover: str, nodes: Sequence[str], height: int = 380
) -> go.Figure:
    """Draw graphs side by side, each a list of weight matrices (O, I), inputs at the bottom.

    `names` stand above the graphs; `nodes` names the layers when the pointer is on a unit.
    """
    chart = figure(height, margin={"l": 8, "r": 8, "t": 8, "b": 8}, showlegend=False)
    widest = max(float(np.abs(w).max()) for weights in networks for w in weights) or 1.0
    for k, (weights, name) in enumerate(zip(networks, names, strict=True)):
        left = k * (1 + GAP)
        for layer, w in enumerate(weights):
            _edges(chart, w, left, layer, widest, hover)
        _units(chart, [weights[0].shape[1], *(len(w) for w in weights)], left, nodes)
        chart.add_annotation(x=left + 0.5, y=len(weights) + 0.3, text=name, showarrow=False)
    chart.update_layout(
        xaxis=axis("", visible=False, range=[-0.12, len(networks) * (1 + GAP) - GAP + 0.12]),
        yaxis=axis("", visible=False, range=[-0.3, len(networks[0]) + 0.5]),
    )
    return chart


def _places(count: int, left: float) -> Array:
    return left + (np.arange(count) + 0.5) / count


def _edges(chart: go.Figure, w: Array, left: float, layer: int, widest: float, hover: str) -> None:
    above, below = _places(w.shape[0], left), _places(w.shape[1], left)
    for (o, i), value in np.ndenumerate(w):
        if value == 0:
            continue  # no link
        colour, dash = (NEGATIVE, "dash") if value < 0 else (POSITIVE, "solid")
        ends = np.linspace(0, 1, 5)  # points along the line, so that the pointer finds it
        chart.add_scatter(
            x=below[i] + ends * (above[o] - below[i]), y=layer + ends, mode="lines", hovertemplate=hover,
            text=[f"{value:.2f}".replace("-", "\N{MINUS SIGN}")] * 5,
            line={"color": colour, "dash": dash, "width": 0.5 + 6 * abs(float(value)) / widest},
        )  # fmt: skip


def _units(chart: go.Figure, sizes: Sequence[int], left: float, nodes: Sequence[str]) -> None:
    for layer, (size, name) in enumerate(zip(sizes, nodes, strict=True)):
        chart.add_scatter(
            x=_places(size, left), y=np.full(size, layer), mode="markers", text=[str(k + 1) for k in range(size)],
            hovertemplate=f"{name} %{{text}}<extra></extra>",
            marker={"color": "white", "size": 14, "line": {"color": GREY, "width": 2}},
        )  # fmt: skip
