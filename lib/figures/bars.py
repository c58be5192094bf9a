"""Bars in the colours of the signs: shares of negative, zero and positive numbers; signed terms and their sum."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from lib.figures.style import GREY, LINES, NEGATIVE, POSITIVE, axis, figure
from lib.types import Array


def shares(
    values: Array, rows: Sequence[str], names: tuple[str, str, str], *, x: str, hover: str, height: int = 260
) -> go.Figure:
    """Draw per row the shares (rows, 3), in per cent, of numbers below, at and above zero as one stacked bar."""
    chart = figure(height, barmode="stack")
    hatched = {"shape": "/", "fgcolor": "rgba(255,255,255,0.4)", "fillmode": "replace"}  # never colour alone
    for k, (name, colour) in enumerate(zip(names, (NEGATIVE, GREY, POSITIVE), strict=True)):
        pattern = {} if k else {"pattern": hatched | {"bgcolor": colour}}
        chart.add_bar(
            y=list(rows), x=values[:, k].astype(np.float32), name=name, orientation="h", hovertemplate=hover,
            marker={"color": colour, "line": {"width": 0}} | pattern,
            texttemplate="%{x:.0f}", textposition="inside", insidetextanchor="middle", textfont={"color": "white"},
        )  # fmt: skip
    chart.update_layout(
        xaxis=axis(x, range=[0, 100]),
        yaxis=axis("", autorange="reversed", showgrid=False),
        legend={"traceorder": "normal"},
    )
    return chart


def terms(values: Array, *, x: str, y: str, total: str, hover: str, height: int = 300) -> go.Figure:
    """Draw signed terms (K,) as bars, orange below zero and blue above, and their sum as a line called `total`."""
    chart = figure(height)
    places = np.arange(1, len(values) + 1)
    chart.add_bar(
        x=places,
        y=values,
        marker={"color": np.where(values < 0, NEGATIVE, POSITIVE)},
        hovertemplate=hover,
        showlegend=False,
    )
    chart.add_scatter(
        x=[0.4, len(values) + 0.6], y=[values.sum()] * 2, mode="lines", name=total, hoverinfo="skip",
        line={"color": LINES[0], "dash": "dash", "width": 2.5},
    )  # fmt: skip
    chart.update_layout(
        xaxis=axis(x, range=[0.4, len(values) + 0.6], showgrid=False),
        yaxis=axis(y, zeroline=True, zerolinecolor=GREY),
        showlegend=True,
    )
    return chart
