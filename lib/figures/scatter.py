"""Two sets of weights against each other, scrubbable through training, with the lines they would lie on."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import GREY, MARKERS, axis, figure, hues
from lib.types import Array


def scatter(
    points: Sequence[tuple[Array, Array]],
    names: Sequence[str],
    steps: Sequence[int] | Array,
    *,
    x: str,
    y: str,
    equal: str,
    opposite: str,
    step: str,
    hover: str,
    colours: Sequence[str] | None = None,
    height: int = 480,
) -> go.Figure:
    """Draw per group its points (x, y), each (F, M), one frame per step, beside the lines y = x and y = -x.

    `equal` and `opposite` label the two lines; the axes have one range, symmetric about zero, for all frames.
    """
    reach = 1.05 * max((float(np.abs(v).max()) for pair in points for v in pair if v.size), default=1.0)
    ends = [-reach, reach]
    chart, hue = figure(height), hues(colours, len(names))
    for slope, label in ((1, equal), (-1, opposite)):
        chart.add_scatter(
            x=ends, y=[slope * e for e in ends], mode="lines", name=label, hoverinfo="skip",
            line={"color": GREY, "width": 1.5, "dash": "dot" if slope > 0 else "dash"},
        )  # fmt: skip
    for k, name in enumerate(names):
        chart.add_scatter(
            x=points[k][0][-1], y=points[k][1][-1], mode="markers", name=name, hovertemplate=hover,
            marker={"color": hue[k], "symbol": MARKERS[k], "size": 6, "opacity": 0.75},
        )  # fmt: skip
    square = axis(x, range=ends, constrain="domain")
    chart.update_layout(xaxis=square, yaxis=axis(y, range=ends, scaleanchor="x", constrain="domain"))
    lines: list[dict[str, Any]] = [{"type": "scatter"}, {"type": "scatter"}]
    frames = [[*lines, *({"type": "scatter", "x": a[f], "y": b[f]} for a, b in points)] for f in range(len(steps))]
    add_frames(chart, frames, [str(s) for s in steps], step, redraw=False)
    return chart
