"""Walks of two weights to one of many targets, and beside them the first updates, large, as numbered arrows."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import FAINT, GREY, LINES, axis, band_colour, figure
from lib.types import Array

FAR = 100.0  # where the shaded quadrants end, outside of any picture
RIM = 1.24  # of the targets' distance, where the left panel ends
ROOM = 0.16  # of the first updates' extent, around them
QUIET: dict[str, Any] = {"hoverinfo": "skip", "showlegend": False}
KEEP = {"unselected": {"marker": {"opacity": 1}}, "selected": {"marker": {"opacity": 1}}}  # a click fades nothing
NEAR, FIRST = {"xaxis": "x", "yaxis": "y"}, {"xaxis": "x2", "yaxis": "y2"}


def walks(
    paths: Array,
    made: Array,
    names: Sequence[str],
    notes: Sequence[str],
    targets: Array,
    aim: int,
    steps: Sequence[int] | Array,
    texts: Sequence[str],
    *,
    keys: Sequence[str],
    picks: Sequence[str],
    shaded: bool,
    quadrants: tuple[str, str],
    goal: str,
    hover: str,
    x: str,
    y: str,
    step: str,
    height: int = 385,
) -> go.Figure:
    """Draw paths (T + 1, W, 2), `made` (W,) updates long, to `targets[aim]`, and the `first` updates of the first.

    `steps` are the frames: on the left each walk's update before it is bold and, if `shaded`, the quadrants where the
    first walk's could have led; on the right they are the start's, in whose corners stand their names `quadrants`
    (north-east, south-west), and `texts` (first,) is the hover of the arrows. The `targets` (K, 2) can be clicked:
    `keys` are the customdata, `picks` the hover. `notes` tell of a walk beside its name.
    """
    chart = figure(height, margin={"l": 8, "r": 8, "t": 46, "b": 8, "pad": 0}, showlegend=False)
    for trace in _still(paths, made, names, targets, aim, keys, picks, goal, hover):
        chart.add_scatter(**trace | NEAR)
    box = _box(paths[: len(texts) + 1, 0])
    for trace in _large(paths, made, texts, shaded):
        chart.add_scatter(**trace | FIRST)
    looks = _movers(len(made), shaded)
    moving = range(len(chart.traces), len(chart.traces) + len(looks))
    moments = [_moment(paths, made, s, shaded) for s in steps]
    moments[-1] = [{"x": [], "y": []} for _ in looks]  # the whole walks
    for look, data in zip(looks, moments[-1], strict=True):
        chart.add_scatter(**look | data)
    _labels(chart, names, notes, quadrants if shaded else None)
    _axes(chart, float(np.linalg.norm(targets[aim])) * RIM, box, x, y)
    still: list[dict[str, Any]] = [{"type": "scatter"} for _ in range(moving.start)]
    frames = [[*still, *({"type": "scatter"} | data for data in moment)] for moment in moments]
    add_frames(chart, frames, [str(s) for s in steps], step, redraw=False)
    return chart


def _still(
    paths: Array, made: Array, names: Sequence[str], targets: Array, aim: int, keys: Sequence[str],
    picks: Sequence[str], goal: str, hover: str,
) -> list[dict[str, Any]]:  # fmt: skip
    """What stands still on the left: the targets, the walks and their start."""
    ring = {
        "x": targets[:, 0].astype(np.float32), "y": targets[:, 1].astype(np.float32), "mode": "markers",
        "customdata": list(keys), "text": list(picks), "hovertemplate": "%{text}<extra></extra>", "showlegend": False,
        "marker": {"symbol": "circle-open", "size": 11, "color": GREY, "opacity": 1, "line": {"width": 2}},
    }  # fmt: skip
    lines = [  # the others below the first
        {"x": paths[: m + 1, c, 0].astype(np.float32), "y": paths[: m + 1, c, 1].astype(np.float32), "mode": "lines",
         "name": name, "hovertemplate": hover, "text": np.arange(m + 1, dtype=np.int16),
         "line": {"color": LINES[c], "width": 1.4 + 0.8 * c}}
        for c, (name, m) in enumerate(zip(names, made.tolist(), strict=True))
    ]  # fmt: skip
    place = targets[aim]
    star = {
        "x": [float(place[0])], "y": [float(place[1])], "mode": "markers+text", "text": [goal],
        "textposition": "bottom center" if place[1] < -0.01 else "top center", "textfont": {"size": 13},
        "marker": {"symbol": "star", "size": 17, "color": LINES[3], "opacity": 1,
                   "line": {"width": 1, "color": "white"}},
    }  # fmt: skip
    return [ring | KEEP, *reversed(lines), _spot(), star | QUIET | KEEP]


def _spot() -> dict[str, Any]:
    """The start."""
    look = {"symbol": "circle", "size": 8, "color": GREY, "opacity": 1}
    return {"x": [0.0], "y": [0.0], "mode": "markers", "marker": look} | QUIET | KEEP


def _large(paths: Array, made: Array, texts: Sequence[str], shaded: bool) -> list[dict[str, Any]]:
    """What stands on the right: the start's quadrants, the first updates of every walk, the first one's numbers."""
    traces = [_quadrants() | {"x": _cross(0.0, 0), "y": _cross(0.0, 1)}] if shaded else []
    for c in reversed(range(len(made))):
        begin = paths[: min(len(texts), int(made[c])) + 1, c]
        look = _arrows(LINES[c], 1.4 if c else 3, 10 if c else 15, len(begin) - 1)
        traces.append(look | {"x": _short(begin[:, 0]), "y": _short(begin[:, 1])})
    begin = paths[: len(texts) + 1, 0]
    up = np.diff(begin, axis=0)[:, 1] > 0
    numbers = {
        "x": _short(begin[1:, 0]), "y": _short(begin[1:, 1]), "mode": "text", "hovertext": list(texts),
        "hoverinfo": "text", "text": [f"<b>{k + 1}</b>" for k in range(len(up))], "showlegend": False,
        "textposition": ["top center" if u else "bottom center" for u in up],
        "textfont": {"color": LINES[0], "size": 15},
    }  # fmt: skip
    return [*traces, _spot(), numbers]


def _arrows(colour: str, width: float, head: float, count: int) -> dict[str, Any]:
    look = {"symbol": "arrow", "angleref": "previous", "size": [0, *[head] * count], "color": colour, "opacity": 1}
    return {"mode": "lines+markers", "line": {"color": colour, "width": width}, "marker": look} | QUIET | KEEP


def _quadrants() -> dict[str, Any]:
    look = {
        "mode": "lines",
        "fill": "toself",
        "fillcolor": band_colour(LINES[0], 0.15),
        "line": {"width": 0},
        "hoveron": "points",
    }  # a filled area would take the clicks on what lies in it
    return look | QUIET


def _cross(at: float, side: int) -> list[float | None]:
    """The north-east and the south-west of a place, as one outline with a gap; `side` 0 for x, 1 for y."""
    out = [at, FAR, FAR, at, at] if side == 0 else [at, at, FAR, FAR, at]
    return [*out, None, *(at if v == at else -FAR for v in out)]


def _movers(count: int, shaded: bool) -> list[dict[str, Any]]:
    """How what moves looks, on the left: the quadrants and the update of each walk."""
    return [*([_quadrants() | NEAR] if shaded else []), *(_arrows(LINES[c], 4, 15, 1) | NEAR for c in range(count))]


def _moment(paths: Array, made: Array, step: int, shaded: bool) -> list[dict[str, Any]]:
    """The data of what moves after `step` updates, in the order of `_movers`."""
    before = max(step - 1, 0)
    updates: list[dict[str, Any]] = [
        {"x": _short(paths[[before, step], c, 0]), "y": _short(paths[[before, step], c, 1])}
        if 0 < step <= m
        else {"x": [], "y": []}
        for c, m in enumerate(made.tolist())
    ]
    place = _short(paths[before, 0])
    return [*([{"x": _cross(place[0], 0), "y": _cross(place[1], 1)}] if shaded else []), *updates]


def _box(begin: Array) -> Array:
    """Ends of both axes (2, 2), equally long, around the first updates."""
    sound = np.nan_to_num(begin, nan=0.0, posinf=FAR, neginf=-FAR)
    low, high = sound.min(0), sound.max(0)
    half = max(float((high - low).max()), 1e-6) * (0.5 + ROOM)
    return np.stack([(low + high) / 2 - half, (low + high) / 2 + half], 1)


def _labels(chart: go.Figure, names: Sequence[str], notes: Sequence[str], quadrants: tuple[str, str] | None) -> None:
    told = "<br>".join(
        f"<span style='color:{LINES[c]}'><b>{name}</b>: {note}</span>"
        for c, (name, note) in enumerate(zip(names, notes, strict=True))
    )
    chart.add_annotation(text=told, xref="paper", yref="paper", x=0, y=1.02, xanchor="left", yanchor="bottom",
                         align="left", showarrow=False, font={"size": 13})  # fmt: skip
    if quadrants:
        for text, end, side, level in ((quadrants[0], 0.98, "right", "top"), (quadrants[1], 0.02, "left", "bottom")):
            chart.add_annotation(text=text, xref="x2 domain", yref="y2 domain", x=end, y=end, xanchor=side,
                                 yanchor=level, showarrow=False, font={"size": 12, "color": LINES[0]})  # fmt: skip


def _axes(chart: go.Figure, reach: float, box: Array, x: str, y: str) -> None:
    look = {"zeroline": True, "zerolinecolor": GREY, "constrain": "range", "showgrid": False, "nticks": 5,
            "linecolor": FAINT, "mirror": True, "showline": True}  # fmt: skip
    chart.update_layout(
        xaxis=axis(x, range=[-reach, reach], domain=[0, 0.49], **look),
        yaxis=axis(y, range=[-reach, reach], scaleanchor="x", **look),
        xaxis2=axis(x, range=box[0].tolist(), domain=[0.555, 1], anchor="y2", **look),
        yaxis2=axis("", range=box[1].tolist(), scaleanchor="x2", anchor="x2", **look),
    )


def _short(values: Array) -> list[float]:
    return [round(v, 3) for v in values.tolist()]
