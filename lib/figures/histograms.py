"""Histograms of weights, one row per layer, orange below zero and blue above, scrubbable through training."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import GREY, NEGATIVE, POSITIVE, axis, figure
from lib.types import Array

GAP = 0.12  # share of a row's height between two rows
NOTE = 0.3  # of what is left or right of zero: the room that a note on an end bin takes on a phone


def histograms(
    edges: Sequence[Array],
    density: Sequence[Array],
    steps: Sequence[object] | Array,
    names: Sequence[str],
    *,
    x: str,
    y: str,
    step: str,
    hover: str,
    counters: Sequence[Sequence[tuple[str, str]]] = (),
    height: int = 400,
) -> go.Figure:
    """Draw per layer `density` (F, B), in per cent, on `edges` (B + 1,), with a frame for each of F steps.

    `step` stands before the number at the slider, `hover` is plotly's template. `counters` are
    what stands left and right of zero, per step and layer.
    The outermost bins of a row take what lies beyond them, and say so.
    """
    rows = len(names)
    reach = max(float(e[-1]) for e in edges)
    # One construction from plain dicts: plotly's make_subplots and its helpers are ten times slower.
    layout: dict[str, Any] = {
        "margin": {"l": 8, "r": 8, "t": 8, "b": 0},
        "bargap": 0,
        "xaxis": axis(x, range=[-reach, reach], anchor=_y(rows)),
        "shapes": [_zero_line()],
        "annotations": [
            *(_label(name, k + 1) for k, name in enumerate(names)),
            *(note for k, e in enumerate(edges) for note in _overflow(e, density[k], reach, k + 1)),
        ],
    }
    for k in range(rows):
        top = 1 - k / rows
        domain = [max(0.0, top - (1 - GAP) / rows), top]
        title = y if k == rows // 2 else ""
        layout[_axis(k + 1)] = axis(title, range=[0, _most(density[k])], nticks=3, domain=domain, anchor="x")
    chart = figure(height, **layout)
    chart.add_traces([_bars(edges[k], density[k][-1], k + 1, hover) for k in range(rows)])
    frames = [[{"type": "bar", "y": d[f].astype(np.float32)} for d in density] for f in range(len(steps))]
    if counters:
        tops = [0.72 * layout[_axis(k + 1)]["range"][1] for k in range(rows)]
        chart.add_traces([_counter(said, reach, tops[k], k + 1) for k, said in enumerate(counters[-1])])
        for frame, moment in zip(frames, counters, strict=True):
            frame += [{"type": "scatter", "text": _bold(said)} for said in moment]
    add_frames(chart, frames, [str(s) for s in steps], step, redraw=True)
    return chart


def _counter(said: tuple[str, str], reach: float, top: float, row: int) -> dict[str, Any]:
    return {
        "type": "scatter", "x": [-0.55 * reach, 0.72 * reach], "y": [top, top], "text": _bold(said), "mode": "text",
        "hoverinfo": "skip", "textfont": {"color": [NEGATIVE, POSITIVE], "size": 15}, "showlegend": False,
        "yaxis": _y(row),
    }  # fmt: skip


def _bold(said: tuple[str, str]) -> list[str]:
    return [f"<b>{text}</b>" for text in said]


def _most(density: Array) -> float:
    """Early peaks, when all weights stand close together, may leave the picture; later shapes stay readable."""
    return min(float(density.max()), 3 * float(density[-1].max())) * 1.05


def _overflow(edges: Array, density: Array, reach: float, row: int) -> list[dict[str, Any]]:
    """Say at a row's end bins that they take what lies beyond them, as the engine's histograms have it.

    Beside the bin where there is room, otherwise over the last frame's bars.
    """
    room, middles = NOTE * reach, (edges[1:] + edges[:-1]) / 2
    beside = float(edges[-1]) + room < reach
    look = {"showarrow": False, "font": {"size": 10}, "opacity": 0.75, "xref": "x", "yref": f"{_y(row)} domain"}
    notes = []
    for at, end, sign, sides in (
        (edges[1], edges[0], "\N{LESS-THAN OR EQUAL TO}", ("right", "left")),
        (edges[-2], edges[-1], "\N{GREATER-THAN OR EQUAL TO}", ("left", "right")),
    ):
        text = f"{sign} {at:.2g}".replace("-", "\N{MINUS SIGN}")
        under = float(density[-1][np.abs(middles - end) < room].max(initial=0.0)) / (_most(density) or 1.0)
        place = {"y": 0.0 if beside else min(under, 0.6), "yanchor": "bottom", "yshift": 1}
        notes.append({"text": text, "x": float(end), "xanchor": sides[not beside]} | place | look)
    return notes


def _y(row: int) -> str:
    return "y" if row == 1 else f"y{row}"  # plotly's name of a row's axis, in traces


def _axis(row: int) -> str:
    return f"yaxis{_y(row)[1:]}"  # and in the layout


def _bars(edges: Array, heights: Array, row: int, hover: str) -> dict[str, Any]:
    centres = ((edges[1:] + edges[:-1]) / 2).astype(np.float32)
    return {
        "type": "bar", "x": centres, "y": heights.astype(np.float32), "width": float(edges[1] - edges[0]) * 0.92,
        "marker": {"color": np.where(centres < 0, NEGATIVE, POSITIVE), "line": {"width": 0}},
        "hovertemplate": hover, "showlegend": False, "yaxis": _y(row),
    }  # fmt: skip


def _zero_line() -> dict[str, Any]:
    return {
        "type": "line", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "xref": "x", "yref": "paper",
        "line": {"color": GREY, "width": 1.5},
    }  # fmt: skip


def _label(text: str, row: int) -> dict[str, Any]:
    place = {"x": 0, "y": 1, "xref": "x domain", "yref": f"{_y(row)} domain"}
    return {"text": text, "xanchor": "left", "yanchor": "top", "showarrow": False, **place}
