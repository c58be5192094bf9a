"""A negative weight, and below it the same by way of a cell that inhibits: two links onto it, and one from it."""

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from lib.figures.style import GREY, NEGATIVE, POSITIVE

AT = (0.1, 0.5, 0.9)  # where sender, relay and receiver stand, from left to right
UPPER, LOWER = 0.86, 0.36  # heights of the two ways
DARK = "#1F2430"


class Detour(NamedTuple):
    """What stands over, between and under the two ways, and the numbers in their circles."""

    name: str
    middle: str
    said: str
    sent: str
    direct: str  # what arrives over a weight of -2
    relay: str  # what the relay passes on
    relayed: str  # what arrives over it


def detour(chart: go.Figure, shown: Detour, on: dict[str, str]) -> None:
    """Draw the two ways on the axes `on`, whose unit square they fill."""
    _line(chart, on, (AT[0], AT[2]), UPPER, NEGATIVE)
    for bend in (0.09, -0.09):
        _line(chart, on, AT[:2], LOWER, POSITIVE, bend)
    _line(chart, on, AT[1:], LOWER, NEGATIVE)
    for x, y, text, fill in (
        (AT[0], UPPER, shown.sent, POSITIVE), (AT[2], UPPER, shown.direct, "white"),
        (AT[0], LOWER, shown.sent, POSITIVE), (AT[1], LOWER, shown.relay, NEGATIVE),
        (AT[2], LOWER, shown.relayed, "white"),
    ):  # fmt: skip
        _cell(chart, on, (x, y), text, fill)
    minus, across = "\N{MINUS SIGN}", (AT[0] + AT[1]) / 2
    for x, y, text, colour in (
        (0.5, UPPER + 0.04, f"× {minus}2", NEGATIVE), (across, LOWER + 0.12, "× 1", POSITIVE),
        (across, LOWER - 0.12, "× 1", POSITIVE), ((AT[1] + AT[2]) / 2, LOWER + 0.04, f"× {minus}1", NEGATIVE),
    ):  # fmt: skip
        _words(chart, on, (x, y), text, color=colour, size=12)
    for y, text in ((0.66, shown.middle), (0.08, shown.said)):
        _words(chart, on, (0.5, y), text, size=12)


def _line(
    chart: go.Figure, on: dict[str, str], ends: tuple[float, ...], y: float, colour: str, bend: float = 0
) -> None:
    """A link, bent where there are two."""
    along = np.linspace(0, 1, 13)
    chart.add_scatter(
        x=ends[0] + along * (ends[1] - ends[0]), y=y + bend * np.sin(np.pi * along), mode="lines", hoverinfo="skip",
        line={"color": colour, "width": 3, "dash": "dash" if colour == NEGATIVE else "solid"}, **on,
    )  # fmt: skip


def _cell(chart: go.Figure, on: dict[str, str], at: tuple[float, float], text: str, fill: str) -> None:
    chart.add_scatter(
        x=[at[0]], y=[at[1]], mode="markers+text", text=[text], hoverinfo="skip", cliponaxis=False, **on,
        textfont={"size": 11.5, "color": DARK if fill == "white" else "white"},
        marker={"color": fill, "size": 34, "line": {"color": GREY, "width": 2}, "opacity": 1},
    )  # fmt: skip


def _words(chart: go.Figure, on: dict[str, str], at: tuple[float, float], text: str, **font: object) -> None:
    chart.add_annotation(
        text=text, x=at[0], y=at[1], xref=on["xaxis"], yref=on["yaxis"], xanchor="center", yanchor="middle",
        showarrow=False, font=font,
    )  # fmt: skip
