"""A quantity by direction: one closed curve per condition around the compass."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from lib.figures.style import DASHES, FAINT, LINES, MARKERS, figure, hues
from lib.types import Array


def polar(
    degrees: Array,
    values: Array,
    names: Sequence[str],
    *,
    hover: str,
    compass: Sequence[str],
    marked: float,
    mark: str,
    r_range: tuple[float, float],
    notes: Array | None = None,
    colours: Sequence[str] | None = None,
    height: int = 470,
) -> go.Figure:
    """Draw values (A, C) at `degrees` (A,), counted from the east, as C closed curves; the radius is linear.

    `compass` names the eight directions from the east on; a ray called `mark` points to `marked` degrees. `notes`
    (A, C) are shown by the hover's %{customdata}.
    """
    chart, hue = figure(height), hues(colours, len(names))
    around = np.append(degrees, degrees[0])
    for k, name in enumerate(names):
        chart.add_scatterpolar(
            theta=around, r=np.append(values[:, k], values[0, k]), name=name, mode="lines+markers",
            line={"color": hue[k], "dash": DASHES[k], "width": 2.5}, hovertemplate=hover,
            marker={"symbol": MARKERS[k], "size": 7},
            customdata=None if notes is None else np.append(notes[:, k], notes[0, k]),
        )  # fmt: skip
    chart.add_scatterpolar(
        theta=[marked, marked], r=list(r_range), mode="lines", name=mark, hoverinfo="skip",
        line={"color": LINES[3], "width": 2, "dash": "dot"},
    )  # fmt: skip
    chart.update_layout(
        polar={
            "bgcolor": "rgba(0,0,0,0)",
            "radialaxis": {"range": list(r_range), "gridcolor": FAINT, "angle": 0, "nticks": 5, "linecolor": FAINT},
            "angularaxis": {"tickvals": list(range(0, 360, 45)), "ticktext": list(compass), "gridcolor": FAINT,
                            "linecolor": FAINT},
        },
        legend={"y": 1.1},
        margin={"l": 42, "r": 42, "t": 64, "b": 24},
    )  # fmt: skip
    return chart
