"""Figures are sent as they were given, unchecked; what is wrong is found here, and by tests/drawn.py on all pages."""

import json

import numpy as np
import plotly.graph_objects as go
import pytest
from drawn import plain

from lib.figures.chart import Chart
from lib.figures.style import axis, figure


def both(chart):
    return plain(chart.to_dict()), plain(chart.checked().to_dict())


def test_it_is_sent_as_plotly_would_send_it():
    chart = figure(300, title=None, shapes=[])
    chart.add_scatter(x=np.arange(3), y=np.array([0.5, np.nan, 1], np.float32), text=["a", "b", "c"], name=None)
    chart.add_heatmap(z=np.arange(6, dtype=np.int8).reshape(2, 3), x=np.array([], float), customdata=[(0, 1.5)])
    chart.add_bar(x=[1, 2], y=np.array([300, -300]), marker={"color": np.array(["red", "blue"])})
    chart.add_shape(type="line", x0=0, x1=1, y0=0, y1=1)
    chart.add_annotation(text="here", x=0, y=0)
    chart.update_layout(xaxis2=axis("x"), margin={"r": 30})
    chart.update_xaxes(range=[0, 1])
    chart.update_traces(showlegend=False)
    chart.moments = [{"name": "1", "traces": [0], "data": [{"type": "scatter", "y": np.zeros(3)}]}]
    mine, plotlys = both(chart)
    assert mine == plotlys
    assert mine["layout"]["margin"] == {"l": 8, "r": 30, "t": 30, "b": 8}
    assert mine["layout"]["xaxis"]["range"] == mine["layout"]["xaxis2"]["range"] == [0, 1]
    assert all(trace["showlegend"] is False for trace in mine["data"])


def test_it_is_one_of_plotlys_for_whoever_draws_it():
    chart = figure(300)
    chart.add_scatter(x=[0], y=[1])
    assert isinstance(chart, go.Figure)
    assert json.loads(chart.to_json())["data"] == [{"type": "scatter", "x": [0], "y": [1]}]
    assert "template" in json.loads(chart.to_json())["layout"]


@pytest.mark.parametrize(
    "given", [{"colour": "red"}, {"mode": "dots"}, {"marker": {"size": "large"}}, {"line_colour": 1}]
)
def test_a_wrong_property_is_found_where_one_looks_into_it(given):
    chart = figure(300)
    chart.add_scatter(x=[0], y=[1], **given)
    with pytest.raises(ValueError, match="scatter"):
        _ = chart.data


def test_what_was_looked_at_is_looked_at_anew_after_a_change():
    chart = figure(300)
    chart.add_scatter(y=[1])
    assert chart.data[0].mode is None
    chart.traces[0].mode = "lines"
    chart.plan.height = 200
    assert (chart.data[0].mode, chart.layout.height) == ("lines", 200)
    chart.moments = [{"name": "1", "data": [{"type": "scatter"}]}]
    assert chart.frames[0].name == "1"


def test_what_is_given_to_two_axes_is_not_shared():
    look = {"tickfont": {"size": 10}}
    chart = Chart({"xaxis": look, "xaxis2": look})
    chart.plan.xaxis.tickfont.size = 20
    chart.update_yaxes(tickfont={"size": 5})
    assert (chart.plan.xaxis2.tickfont.size, look["tickfont"]["size"], chart.plan.yaxis.tickfont.size) == (10, 10, 5)
