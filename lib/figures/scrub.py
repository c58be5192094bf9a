"""Scrubbing through training in the browser: a slider over plotly frames, no server involved.

The figure itself is the LAST frame, so that the first paint, a screenshot and a print show the result.
"""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

NONE = "rgba(0,0,0,0)"


def add_frames(
    figure: go.Figure,
    frames: Sequence[list[Any]],
    labels: Sequence[str],
    prefix: str,
    *,
    redraw: bool,
) -> None:
    """Give `figure` one frame per label; `frames[k]` are the traces' new data, in the order of the figure's traces.

    `prefix` stands before the label at the slider ("step "). `redraw` is for traces that plotly cannot move without
    drawing anew: heat maps and bars.
    """
    count = len(figure.traces)
    figure.moments = [
        {"data": data, "name": label, "traces": list(range(count))}
        for data, label in zip(frames, labels, strict=True)
    ]
    now = {"mode": "immediate", "frame": {"duration": 0, "redraw": redraw}, "transition": {"duration": 0}}
    figure.update_layout(sliders=[_slider(labels, prefix, now)])


def _slider(labels: Sequence[str], prefix: str, now: dict[str, Any]) -> dict[str, Any]:
    """Plotly's slider, in the middle of the picture where it takes no room: the page moves it itself.

    It has no colour, so that a saved picture does not show it either; were it not drawn, nothing could move it.
    """
    return {
        "bgcolor": NONE,
        "activebgcolor": NONE,
        "bordercolor": NONE,
        "tickcolor": NONE,
        "font": {"color": NONE},
        "active": len(labels) - 1,
        "steps": [{"label": label, "method": "animate", "args": [[label], now]} for label in labels],
        "currentvalue": {"prefix": prefix, "visible": False},
        "x": 0,
        "len": 1,
        "y": 0.5,
        "yanchor": "middle",
        "pad": {"t": 0, "b": 0, "l": 0, "r": 0},
    }
