"""A signal on its way through layers: a row of cells per layer, one panel per condition, on one scale of colours."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from lib.figures.heatmap import heatmap, mosaic
from lib.types import Array

MOST = 1e37  # the largest power of ten that single precision has room for


def strips(
    values: Array,
    names: Sequence[str],
    *,
    y: str,
    value: str,
    hover: str,
    reach: float,
    height: int = 400,
) -> go.Figure:
    """Draw values (P, L, U): P panels under their `names`, L layers from the top down, U cells each.

    The colours are full at `reach` and beyond; `hover` is plotly's template, with the layer as %{text}.
    """
    panels, layers, units = values.shape
    sheet = mosaic(np.clip(values, -MOST, MOST)[None], columns=panels, gap=max(1, units // 16))
    chart = heatmap(
        sheet, x="", y=y, value=value, hover=hover, ticks=False, square=False, reach=reach, height=height,
        labels=[f"<b>{name}</b>" for name in names],
    )  # fmt: skip
    chart.data[0].text = np.repeat(np.arange(layers, dtype=np.int8)[:, None], sheet.shape[2], 1)
    every = max(1, layers // 5)
    marked = [*range(0, layers - every // 2, every), layers - 1]
    chart.update_yaxes(showticklabels=True, dtick=None, tickvals=marked, ticktext=[str(k) for k in marked])
    return chart
