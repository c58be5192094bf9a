"""Small networks side by side, inputs on the left: what excites is blue, what inhibits orange and dashed.

Under each network stands what it answers over the plane of its two inputs, with the points that it was to learn.
A click on a hidden unit is answered with its place: (panel, unit).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from lib.figures.detour import Detour, detour
from lib.figures.style import FRAME, GREY, MARKERS, NEGATIVE, POSITIVE, SIGNS, figure
from lib.types import Array

NETWORK, ANSWER = (0.47, 1.0), (0.06, 0.44)  # of the picture's height
COLUMNS = (0.06, 0.5, 0.94)  # where inputs, hidden units and the output stand, from left to right
LARGE, SMALL = 20, 9  # of a unit's circle: of few units, of many
FEW = 8


class Circuit(NamedTuple):
    """One network: weights (H, I) and (1, H), its answer (side, side) in [-1, 1], and the units' signs (H,), or 0.

    `silent` is a unit that says nothing, if any.
    """

    name: str
    first: Array
    second: Array
    answer: Array
    signs: Array
    said: str
    silent: int | None = None


def circuit(
    networks: Sequence[Circuit],
    samples: tuple[Array, Array],
    *,
    hover: str,
    nodes: Sequence[str],
    inputs: Sequence[str],
    beside: Detour | None = None,
    height: int = 430,
) -> go.Figure:
    """Draw networks of two inputs and one output; `said` stands under each, `beside` to the right of them all.

    `samples` are points (N, 2) of the unit square, which the answers cover, and their classes (N,). `nodes` names the
    layers when the pointer is on a unit, `inputs` the inputs. A unit of one sign for good wears its colour.
    """
    chart = figure(height, margin={"l": 4, "r": 4, "t": 26, "b": 4}, showlegend=False)
    panels = len(networks) + (beside is not None)
    largest = max(float(np.abs(w).max()) for n in networks for w in (n.first, n.second)) or 1.0
    for p, network in enumerate(networks):
        _axes(chart, p, panels, network.answer.shape[0])
        _links(chart, p, network, largest, hover)
        _units(chart, p, network, nodes, inputs)
        _answer(chart, p, network.answer, samples)
        _say(chart, p, panels, (f"<b>{network.name}</b>", network.said))
    if beside is not None:
        _axes(chart, panels - 1, panels, 0)
        detour(chart, beside, _on(panels - 1, 0))
        _say(chart, panels - 1, panels, (f"<b>{beside.name}</b>", ""))
    return chart


def _say(chart: go.Figure, p: int, panels: int, texts: tuple[str, str]) -> None:
    """What stands over a panel, and under it."""
    for text, y, anchor in zip(texts, (1.0, 0.045), ("bottom", "top"), strict=True):
        chart.add_annotation(
            text=text, x=(p + 0.5) / panels, y=y, xref="paper", yref="paper", xanchor="center", yanchor=anchor,
            showarrow=False, font={"size": 13},
        )  # fmt: skip


def _axes(chart: go.Figure, p: int, panels: int, side: int) -> None:
    """Two pairs of axes for each network: its graph's, and the answer's with square cells; without, one for all."""
    graph, answer = (NETWORK, [0.0, 1.0], 0.03), (ANSWER, [-0.5, side - 0.5], 0.08)
    parts = (graph, answer) if side else (((0.0, 1.0), [0.0, 1.0], 0.03),)
    for k, (domain, reach, room) in enumerate(parts):
        across = [(p + room) / panels, (p + 1 - room) / panels]
        n = _number(p, k)
        chart.plan[f"xaxis{n}"] = {"domain": across, "range": reach, "anchor": f"y{n}"}
        chart.plan[f"yaxis{n}"] = {"domain": list(domain), "range": reach, "anchor": f"x{n}"}
        for axis in ("xaxis", "yaxis"):
            chart.plan[f"{axis}{n}"].merge(visible=False, fixedrange=True, constrain="domain")
        if k:
            chart.plan[f"yaxis{n}"].scaleanchor = f"x{n}"


def _number(p: int, k: int) -> str:
    """Plotly's number of a pair of axes, which the first has not."""
    return str(2 * p + k + 1) if p or k else ""


def _on(p: int, k: int) -> dict[str, str]:
    n = _number(p, k)
    return {"xaxis": f"x{n}", "yaxis": f"y{n}"}


def _places(count: int) -> Array:
    """Heights of so many units, the first one on top."""
    return 1 - (np.arange(count) + 0.5) / count


def _links(chart: go.Figure, p: int, network: Circuit, largest: float, hover: str) -> None:
    thick = 5 * min(1, FEW / len(network.first))  # of many links each is thinner
    for layer, w in enumerate((network.first, network.second)):
        ends, starts = _places(w.shape[0]), _places(w.shape[1])
        for (o, i), weight in np.ndenumerate(w):
            if weight == 0:
                continue  # no link
            along = np.linspace(0.06, 0.94, 5)  # where the pointer finds it; units have their middles for themselves
            chart.add_scatter(
                x=COLUMNS[layer] + along * (COLUMNS[layer + 1] - COLUMNS[layer]),
                y=starts[i] + along * (ends[o] - starts[i]),
                mode="lines", hovertemplate=hover, text=[f"{weight:.2f}".replace("-", "\N{MINUS SIGN}")] * 5,
                line={
                    "color": NEGATIVE if weight < 0 else POSITIVE, "dash": "dash" if weight < 0 else "solid",
                    "width": 0.5 + thick * abs(float(weight)) / largest,
                }, **_on(p, 0),
            )  # fmt: skip


def _units(chart: go.Figure, p: int, network: Circuit, nodes: Sequence[str], inputs: Sequence[str]) -> None:
    hidden = len(network.first)
    large = LARGE if hidden <= FEW else SMALL
    told = [{1: "+", -1: "\N{MINUS SIGN}"}.get(int(sign), "") for sign in network.signs]
    colours = [{1: POSITIVE, -1: NEGATIVE}.get(int(sign), "white") for sign in network.signs]
    if network.silent is not None:
        told[network.silent], colours[network.silent] = "×", "white"
    layers = (
        (_places(len(inputs)), list(inputs), ["white"] * len(inputs), LARGE),
        (_places(hidden), told if hidden <= FEW else [""] * hidden, colours, large),
        (_places(1), [""], ["white"], LARGE),
    )
    for layer, ((y, texts, fills, size), name) in enumerate(zip(layers, nodes, strict=True)):
        places = [[k + 1, *([p, k] if layer == 1 else [])] for k in range(len(y))]
        chart.add_scatter(
            x=np.full(len(y), COLUMNS[layer]), y=y, mode="markers+text", text=texts, customdata=places,
            textfont={"size": 13, "color": ["#1F2430" if fill == "white" else "white" for fill in fills]},
            hovertemplate=f"{name} %{{customdata[0]}}<extra></extra>", cliponaxis=False,
            marker={"color": fills, "size": size, "line": {"color": GREY, "width": 2}, "opacity": 1}, **_on(p, 0),
            # A click dims nothing: what it did is drawn.
            unselected={"marker": {"opacity": 1}}, selected={"textfont": {"color": "#1F2430"}},
        )  # fmt: skip


def _answer(chart: go.Figure, p: int, answer: Array, samples: tuple[Array, Array]) -> None:
    on, side = _on(p, 1), len(answer)
    chart.add_heatmap(
        z=np.round(100 * answer[::-1]).astype(np.int8), zmin=-100, zmax=100, colorscale=SIGNS, showscale=False,
        hoverinfo="skip", **on,
    )  # fmt: skip
    chart.add_shape(
        type="rect", x0=-0.5, x1=side - 0.5, y0=-0.5, y1=side - 0.5, xref=on["xaxis"], yref=on["yaxis"],
        line={"color": FRAME, "width": 1},
    )  # fmt: skip
    points, labels = samples
    for k, colour in enumerate((NEGATIVE, POSITIVE)):
        mine = (points[labels == k] * (side - 1)).astype(np.float32)
        chart.add_scatter(
            x=mine[:, 0], y=mine[:, 1], mode="markers", hoverinfo="skip", cliponaxis=False, **on,
            marker={"color": colour, "symbol": MARKERS[k], "size": 12, "line": {"width": 2, "color": "white"}},
        )  # fmt: skip
