"""Names of lines at the lines' ends, in their colours, where there is room for them; else a legend has them."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lib.types import Array

SIZE = 12  # of the letters, in pixels
WIDE = 0.56 * SIZE  # of a letter, on average
LONGEST, MOST = 14, 2  # letters of a row, rows of a name: a phone has to show the lines as well
FRAME = 90  # pixels of a figure's height that are not the lines': margins, numbers and title of the lower axis
ALIKE = 4  # pixels: of lines that end so close to one another the order of their names says nothing
FAR = 24  # pixels: a name that stands farther from its line's end would be taken for another one's


def at_ends(
    chart: go.Figure,
    names: Sequence[str],
    lines: Array,
    colours: Sequence[str],
    y_range: tuple[float, float],
    *,
    log: bool = False,
) -> bool:
    """Name lines (N, L) at their right ends and say whether there was room; if not, nothing is changed.

    The names then need no legend. `y_range` is the axis' range in the lines' own unit. A single line is named too.
    """
    rows = [wrap(name, LONGEST) for name in names]
    last = _last(np.asarray(lines, float), log)
    span = np.array(y_range, float)
    low, high = np.log10(span) if log else span
    pixels = (float(chart.plan.height) - FRAME) / (high - low)
    heights = np.array([1.25 * SIZE * len(row) for row in rows])
    wanted = (np.clip(last, low, high) - low) * pixels
    places = _apart(wanted, heights, (high - low) * pixels)
    crowded = any(len(row) > MOST or len(max(row, key=len, default="")) > LONGEST for row in rows)
    alike = np.diff(np.sort(wanted)).min(initial=np.inf) < ALIKE
    if crowded or alike or not np.isfinite(last).all() or np.abs(places - wanted).max(initial=0) > FAR:
        return False
    for row, place, colour in zip(rows, places, colours, strict=True):
        chart.add_annotation(**_label("<br>".join(row), float(place / pixels + low), colour))
    room = WIDE * max(len(part) for row in rows for part in row) + 14
    chart.update_layout(margin={"r": float(np.ceil(room)), "t": 14})
    return True


def _label(text: str, y: float, colour: str) -> dict[str, Any]:
    return {
        "text": text, "x": 1, "xref": "paper", "xanchor": "left", "xshift": 6,
        "y": y, "yref": "y", "yanchor": "middle", "align": "left", "showarrow": False,
        "font": {"size": SIZE, "color": colour},
    }  # fmt: skip


def _last(lines: Array, log: bool) -> Array:
    """The last finite value of each line (N, L), NaN where there is none: (L,), as the axis has it."""
    with np.errstate(divide="ignore", invalid="ignore"):
        shown = np.log10(lines) if log else lines
    found = [line[np.isfinite(line)] for line in shown.T]
    return np.array([line[-1] if line.size else np.nan for line in found])


def _apart(wanted: Array, heights: Array, top: float) -> Array:
    """Places (L,), in pixels, near those wanted, in the same order, with no two labels on one another.

    Labels that would touch are moved as a group whose mean stays where it was wanted.
    """
    order = np.argsort(wanted, kind="stable")
    groups: list[list[int]] = []
    for k in order.tolist():
        groups.append([k])
        while len(groups) > 1 and _bottom(groups[-1], wanted, heights, top) < _top(groups[-2], wanted, heights, top):
            groups[-2:] = [groups[-2] + groups[-1]]
    places = np.array(wanted, float)
    for group in groups:
        edge = _bottom(group, wanted, heights, top)
        for k in group:
            places[k] = edge + heights[k] / 2
            edge += heights[k]
    return places


def _bottom(group: list[int], wanted: Array, heights: Array, top: float) -> float:
    """Lower edge of a group of labels: centred on its wanted mean, but not beyond the picture."""
    tall = float(heights[group].sum())
    return float(np.clip(wanted[group].mean() - tall / 2, -SIZE, max(top + SIZE - tall, -SIZE)))


def _top(group: list[int], wanted: Array, heights: Array, top: float) -> float:
    return _bottom(group, wanted, heights, top) + float(heights[group].sum())
