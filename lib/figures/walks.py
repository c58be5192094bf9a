"""Walks of two weights to one of many targets, and beside them the first updates, large, as numbered arrows."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.figures.scrub import add_frames
from lib.figures.style import FAINT, GREY, LINES, axis, band_colour, figure
from lib.types import Array

FAR = 100.0  # where the shaded quadrants end, outside of any picture
RIM = 1.16  # of the targets' distance, where the left panel ends
ROOM = 0.16  # of the first updates' extent, around them
WORDS = (0.27, 0.1)  # of the right panel's width and height, what the quadrants' names take
HIT = 28  # pixels, in which a target can be clicked
SIDE, LETTER = 265, 8  # pixels: about how wide the right panel is, and half of a number beside an arrow
NOTHING = "rgba(0,0,0,0)"
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
    `keys` are the customdata, `picks` the hover. `notes` tell of a walk beside its name. On a phone the panels stand
    one below the other.
    """
    chart = figure(height, margin={"l": 8, "r": 8, "t": 46, "b": 8, "pad": 0}, showlegend=False)
    for trace in _still(paths, made, names, targets, aim, keys, picks, hover):
        chart.add_scatter(**trace | NEAR)
    box = _box(paths[: len(texts) + 1, 0], WORDS if shaded else (0, 0))
    for trace in _large(paths, made, texts, box, shaded):
        chart.add_scatter(**trace | FIRST)
    looks = _movers(len(made), shaded)
    moving = range(len(chart.traces), len(chart.traces) + len(looks))
    moments = [_moment(paths, made, s, shaded) for s in steps]
    moments[-1] = [{"x": [], "y": []} for _ in looks]  # the whole walks
    for look, data in zip(looks, moments[-1], strict=True):
        chart.add_scatter(**look | data)
    _labels(chart, names, notes, goal, quadrants if shaded else None)
    _axes(chart, float(np.linalg.norm(targets[aim])) * RIM, box, x, y)
    still: list[dict[str, Any]] = [{"type": "scatter"} for _ in range(moving.start)]
    frames = [[*still, *({"type": "scatter"} | data for data in moment)] for moment in moments]
    add_frames(chart, frames, [str(s) for s in steps], step, redraw=False)
    chart.plan.meta = {"stacked": True}
    return chart


def _still(
    paths: Array, made: Array, names: Sequence[str], targets: Array, aim: int, keys: Sequence[str],
    picks: Sequence[str], hover: str,
) -> list[dict[str, Any]]:  # fmt: skip
    """What stands still on the left: the targets, the walks and their start."""
    places = {"x": targets[:, 0].astype(np.float32), "y": targets[:, 1].astype(np.float32), "mode": "markers"}
    hit = places | {
        "customdata": list(keys), "text": list(picks), "hovertemplate": "%{text}<extra></extra>", "showlegend": False,
        "marker": {"size": HIT, "color": NOTHING, "opacity": 1, "line": {"width": 0}},
    }  # fmt: skip
    look = {"symbol": "circle-open", "size": 11, "color": GREY, "opacity": 1, "line": {"width": 2}}
    ring = places | {"marker": look} | QUIET
    lines = [  # the others below the first
        {"x": paths[: m + 1, c, 0].astype(np.float32), "y": paths[: m + 1, c, 1].astype(np.float32), "mode": "lines",
         "name": name, "hovertemplate": hover, "text": np.arange(m + 1, dtype=np.int16),
         "line": {"color": LINES[c], "width": 1.4 + 0.8 * c}}
        for c, (name, m) in enumerate(zip(names, made.tolist(), strict=True))
    ]  # fmt: skip
    place = targets[aim]
    star = {
        "x": [float(place[0])], "y": [float(place[1])], "mode": "markers",
        "marker": {"symbol": "star", "size": 17, "color": LINES[3], "opacity": 1,
                   "line": {"width": 1, "color": "white"}},
    }  # fmt: skip
    return [hit | KEEP, ring | KEEP, *reversed(lines), _spot(), star | QUIET | KEEP]


def _spot() -> dict[str, Any]:
    """The start."""
    look = {"symbol": "circle", "size": 8, "color": GREY, "opacity": 1}
    return {"x": [0.0], "y": [0.0], "mode": "markers", "marker": look} | QUIET | KEEP


def _large(paths: Array, made: Array, texts: Sequence[str], box: Array, shaded: bool) -> list[dict[str, Any]]:
    """What stands on the right: the start's quadrants, the first updates of every walk, the first one's numbers.

    Each arrow's hover is at its tip; its number stands beside it, if there is room.
    """
    traces = [_quadrants() | {"x": _cross(0.0, 0), "y": _cross(0.0, 1)}] if shaded else []
    begins = [paths[: min(len(texts), m) + 1, c] for c, m in enumerate(made.tolist())]
    for c, begin in reversed([*enumerate(begins)]):
        look = _arrows(LINES[c], 1.4 if c else 3, 10 if c else 15, len(begin) - 1)
        traces.append(look | {"x": _short(begin[:, 0]), "y": _short(begin[:, 1])})
    tips = {
        "x": _short(begins[0][1:, 0]), "y": _short(begins[0][1:, 1]), "mode": "markers", "hovertext": list(texts),
        "hoverinfo": "text", "showlegend": False, "marker": {"size": 20, "color": NOTHING, "opacity": 1},
    }  # fmt: skip
    places = beside([begin / np.ptp(box[0]) * SIDE for begin in begins], box / np.ptp(box[0]) * SIDE, shaded)
    found = {k + 1: place * np.ptp(box[0]) / SIDE for k, place in enumerate(places) if place is not None}
    numbers = {
        "x": [place[0] for place in found.values()], "y": [place[1] for place in found.values()], "mode": "text",
        "text": [f"<b>{k}</b>" for k in found], "textfont": {"color": LINES[0], "size": 15},
    }  # fmt: skip
    return [*traces, _spot(), tips | KEEP, numbers | QUIET]


def beside(paths: Sequence[Array], box: Array, worded: bool) -> list[Array | None]:
    """Return a place for the number of each arrow of the first of some paths (n + 1, 2), in pixels; None: no room.

    It is nearer to its own arrow than to the others, inside the `box` (2, 2), and touches no other number, no arrow,
    and no words in the corners if it is `worded`.
    """
    arrows = [[*pairwise(path)] for path in paths]
    found: list[Array | None] = []
    for k, arrow in enumerate(arrows[0]):
        others = [each for j, each in enumerate(arrows[0]) if j != k]
        free = (
            place
            for place in _candidates(*arrow)
            if min((_off(place, each) for each in others), default=np.inf) > _off(place, arrow) + 1
            and all(_off(place, each) >= LETTER for walk in arrows[1:] for each in walk)
            and all(float(np.linalg.norm(place - tip)) >= LETTER + 6 for tip in paths[0][1:])
            and all(float(np.linalg.norm(place - other)) >= 2 * LETTER for other in found if other is not None)
            and _inside(place, box, worded)
        )
        found.append(next(free, None))
    return found


def _candidates(begin: Array, end: Array) -> list[Array]:
    """Where an arrow's number may stand, the best place first: beside its middle, or else farther along or away."""
    along = end - begin
    length = max(float(np.linalg.norm(along)), 1e-9)
    aside = np.array([-along[1], along[0]]) / length
    shares, ways, sides = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8), (LETTER + 4, LETTER + 8, LETTER + 12), (1, -1)
    places = [begin + s * along + side * way * aside for way in ways for s in shares for side in sides]
    return [*places, end + (LETTER + 8) / length * along]


def _off(place: Array, arrow: tuple[Array, Array]) -> float:
    """How far a place is from an arrow."""
    begin, along = arrow[0], arrow[1] - arrow[0]
    share = np.clip((place - begin) @ along / max(float(along @ along), 1e-18), 0, 1)
    return float(np.linalg.norm(place - begin - share * along))


def _inside(place: Array, box: Array, worded: bool) -> bool:
    """Whether a number at a place is inside a box (2, 2), and clear of the words in two of its corners."""
    below, above = place - box[:, 0], box[:, 1] - place
    words = np.array(WORDS) * SIDE + LETTER
    return bool(
        min(*below, *above) > LETTER + 2 and not (worded and ((below < words).all() or (above < words).all()))
    )


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


def _box(begin: Array, words: tuple[float, float]) -> Array:
    """Ends of both axes (2, 2), equally long, around the first updates; on either side of the start there is room.

    Room for `words` as wide and as high as these shares of the box.
    """
    sound = np.nan_to_num(begin, nan=0.0, posinf=FAR, neginf=-FAR)
    low, high = sound.min(0), sound.max(0)
    pad, least = ROOM * max(float((high - low).max()), 1e-6), np.array(words)
    below, above = pad - low, pad + high
    side = max((below + above).max(), (below / (1 - least)).max(), (above / (1 - least)).max())
    below, above = np.maximum(below, least * side), np.maximum(above, least * side)
    more = (side - below - above) / 2
    return np.stack([-below - more, above + more], 1)


def _labels(
    chart: go.Figure, names: Sequence[str], notes: Sequence[str], goal: str, quadrants: tuple[str, str] | None
) -> None:
    told = "<br>".join(
        f"<span style='color:{LINES[c]}'><b>{name}</b>: {note}</span>"
        for c, (name, note) in enumerate(zip(names, notes, strict=True))
    )
    chart.add_annotation(text=told, xref="paper", yref="paper", x=0, y=1, yshift=6, xanchor="left", yanchor="bottom",
                         align="left", showarrow=False, font={"size": 13})  # fmt: skip
    chart.add_annotation(text=f"★ {goal}", xref="x domain", yref="y domain", x=0.99, y=0.99, xanchor="right",
                         yanchor="top", showarrow=False, font={"size": 13, "color": LINES[3]})  # fmt: skip
    if quadrants:
        for text, end, side, level in ((quadrants[0], 0.98, "right", "top"), (quadrants[1], 0.02, "left", "bottom")):
            chart.add_annotation(text=text, xref="x2 domain", yref="y2 domain", x=end, y=end, xanchor=side,
                                 yanchor=level, showarrow=False, font={"size": 12, "color": LINES[0]})  # fmt: skip


def _axes(chart: go.Figure, reach: float, box: Array, x: str, y: str) -> None:
    look = {"zeroline": True, "zerolinecolor": GREY, "constrain": "range", "showgrid": False, "nticks": 5,
            "linecolor": FAINT, "mirror": True, "showline": True}  # fmt: skip
    chart.update_layout(
        xaxis=axis(x, range=[-reach, reach], domain=[0, 0.46], **look),
        yaxis=axis(y, range=[-reach, reach], scaleanchor="x", **look),
        xaxis2=axis(x, range=box[0].tolist(), domain=[0.58, 1], anchor="y2", **look),
        yaxis2=axis("", range=box[1].tolist(), scaleanchor="x2", anchor="x2", **look),  # as on the left
    )


def _short(values: Array) -> list[float]:
    return [round(v, 3) for v in values.tolist()]
