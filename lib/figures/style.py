"""The palette and the layout that all figures share.

Orange is negative and blue is positive on every page, as the field has it, and the pair holds for colour-blind
readers; the lines' colours are other hues (after Okabe and Ito 2008), told apart by dash and marker as well.
"""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from lib.figures.chart import Chart

NEGATIVE = "#E07400"
POSITIVE = "#2477D0"
# Nothing at zero, so that the page shows through, light or dark.
SIGNS = [
    [0.0, "rgba(224,116,0,1)"],
    [0.5, "rgba(128,128,128,0)"],
    [1.0, "rgba(36,119,208,1)"],
]
LINES = ("#8A63D2", "#00966C", "#C2528B", "#8C7A12", "#4E7F9E")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
MARKERS = ("circle", "diamond", "square", "triangle-up", "x")
GREY = "rgba(128,128,128,0.55)"
FAINT = "rgba(128,128,128,0.22)"
LETTERS = 12  # pixels, plotly's own
# On a transparent figure plotly would lay it out in pale grey on a dark veil, over the picture.
BAR = {"bgcolor": "rgba(0,0,0,0)", "color": "#808080", "activecolor": POSITIVE}
FRAME = "rgba(128,128,128,0.75)"  # around a tile
RING = "#D4006A"  # around what is chosen or counts
INK = [[0.0, "#FFFFFF"], [1.0, "#111111"]]  # black on paper, on a light and on a dark page
# One colour per condition on every page; what is not named here takes the next of the lines' colours.
CONDITIONS = {
    "random": LINES[1], "trained": LINES[1], "constant": LINES[0], "untrained": LINES[3], "jittered": LINES[2],
    "shuffled": LINES[2], "momentum": LINES[4], "adam": LINES[2], "relu": LINES[0], "leaky_relu": LINES[2],
    "tanh": LINES[1], "sigmoid": LINES[3], "honest": LINES[4],
}  # fmt: skip


def colours(*conditions: str) -> list[str]:
    """Return the colour of each condition, by its identifier; what has none of its own takes one that is left."""
    own = [CONDITIONS.get(name, "") for name in conditions]
    left = (colour for colour in LINES * len(own) if colour not in own)
    return [colour or next(left) for colour in own]


def hues(given: Sequence[str] | None, count: int) -> Sequence[str]:
    """Return the colours that a caller gave, or those of the lines, `count` of them, again from the first."""
    return given or [LINES[k % len(LINES)] for k in range(count)]


def band_colour(colour: str, opacity: float = 0.18) -> str:
    """Return a '#RRGGBB' colour as rgba with the given opacity."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def figure(height: int, **layout: Any) -> Chart:
    """Return an empty figure of a fixed height, transparent, with the margins that all figures have."""
    base = {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 30, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "title": None},
        "hoverlabel": {"align": "left"},
        "dragmode": False,  # a finger scrolls the page; the mode bar still offers zoom
        "modebar": BAR,
    }
    return Chart(base | layout)


def axis(title: str, **more: Any) -> dict[str, Any]:
    """Return an axis with its title (and unit), a faint grid and room for its labels, which have no stubs."""
    return {"title": {"text": title}, "gridcolor": FAINT, "zeroline": False, "automargin": True, "ticks": ""} | more


def colour_bar(title: str) -> dict[str, Any]:
    """Return a colour bar at the right side of a map."""
    return {"title": {"text": title, "side": "right"}, "thickness": 12, "len": 1, "outlinewidth": 0, "ticks": ""}


def one_unit(chart: go.Figure) -> None:
    """Give both axes of a figure the same unit: a circle is one, and cells are square."""
    chart.update_yaxes(scaleanchor="x", constrain="domain")
    chart.update_xaxes(constrain="domain")


def enlarge(chart: go.Figure, times: float) -> None:
    """Make a figure higher and its letters larger, in place, for those who read it from the last row."""
    chart.plan.height = round(times * chart.plan.height)
    chart.plan.margin.t = round(times * chart.plan.margin.t)
    chart.plan.merge(font={"size": round(times * LETTERS)})
    for note in chart.plan.annotations or ():
        size = note.font.size if note.font else None
        note.merge(font={"size": round(times * (size or LETTERS))})
    for trace in chart.traces:
        size = trace.textfont.size if trace.textfont else None
        if isinstance(size, int | float):
            trace.textfont.size = round(times * size)
