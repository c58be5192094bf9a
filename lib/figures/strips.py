"""What goes through layers, there and back: a row of cells per layer, panels side by side on one scale of colours."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from lib.figures.heatmap import heatmap
from lib.types import Array

MOST = 1e37  # the largest power of ten that single precision has room for
NEAR, FAR = 2, 9  # cells between the panels of a group, and between two groups


def strips(values: Array, names: Sequence[str], *, y: str, hover: str, reach: float, height: int = 420) -> go.Figure:
    """Draw values (G, P, L, U): G groups of P panels under their `names` (G * P), L layers down, U cells each.

    The colours are full at `reach` and beyond; `hover` is plotly's template, with the layer as %{text}.
    """
    groups, panels, layers, units = values.shape
    wide = panels * (units + NEAR) - NEAR + FAR
    sheet = np.full((layers, groups * wide - FAR), np.nan)
    for g, group in enumerate(values):
        for p, panel in enumerate(group):
            left = g * wide + p * (units + NEAR)
            sheet[:, left : left + units] = np.clip(panel, -MOST, MOST)
    chart = heatmap(
        sheet[None], x="", y=y, value="", hover=hover, ticks=False, square=False, reach=reach, height=height,
        labels=[f"<b>{name}</b>" for name in names],
    )  # fmt: skip
    chart.traces[0].text = np.repeat(np.arange(layers, dtype=np.int8)[:, None], sheet.shape[1], 1)
    every = max(1, layers // 5)
    marked = [*range(0, layers - every // 2, every), layers - 1]
    chart.update_yaxes(showticklabels=True, dtick=None, tickvals=marked, ticktext=[str(k) for k in marked])
    return chart
