"""How many of each kind, row by row: stacked bars with the number in every part."""

from collections.abc import Sequence

import plotly.graph_objects as go

from lib.figures.style import LINES, axis, figure

HUES = (LINES[1], LINES[3], LINES[2], LINES[4], LINES[0])
HATCHES = ("", "/", "x", ".", "-")  # never colour alone


def stacks(
    values: Sequence[Sequence[int]],
    rows: Sequence[str],
    names: Sequence[str],
    *,
    x: str,
    hover: str,
    height: int = 270,
) -> go.Figure:
    """Draw counts (rows, kinds), one bar per row in as many parts as there are kinds."""
    chart = figure(height, barmode="stack")
    for k, name in enumerate(names):
        column = [row[k] for row in values]
        chart.add_bar(
            y=list(rows), x=column, name=name, orientation="h", hovertemplate=hover,
            text=[str(n) if n else "" for n in column], textposition="inside", insidetextanchor="middle",
            textfont_color="white", textangle=0,
            marker={"color": HUES[k], "line": {"width": 0},
                    "pattern": {"shape": HATCHES[k], "fgcolor": "rgba(255,255,255,0.35)", "bgcolor": HUES[k],
                                "fillmode": "replace"}},
        )  # fmt: skip
    chart.update_layout(
        xaxis=axis(x), yaxis=axis("", autorange="reversed", showgrid=False), legend_traceorder="normal"
    )
    return chart
