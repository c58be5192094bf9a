"""'Pin this run': a run stays in the figures of the next ones, and a link carries both."""

import json
from urllib.parse import parse_qsl

import numpy as np
import pytest
from catalogue import PAGES, ROOT, SLUGS
from streamlit.testing.v1 import AppTest

from lib import figures

PIN = "\N{PUSHPIN}"
QUICK = {"NegativeWeights.steps": "10"}


@pytest.fixture
def app():
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    test.session_state["deeper_negative_weights"] = True  # the last figure is the one with lines
    for key, value in QUICK.items():
        test.query_params[key] = value
    return test.switch_page(f"pages/{PAGES[SLUGS.index('negative_weights')].name}").run()


def traces(app, chart=-1):
    return json.loads(app.get("plotly_chart")[chart].proto.spec)["data"]


def pinned(app, chart=-1):
    return [t for t in traces(app, chart) if t.get("legendgroup") == "pinned"]


def places(trace):
    """The y of a trace as it stands in Plotly's JSON."""
    return trace["y"]["bdata"] if isinstance(trace["y"], dict) else trace["y"]


def test_a_pinned_run_stays_while_a_control_moves(app):
    before = [places(t) for t in traces(app) if t.get("mode") == "lines" and t.get("fill", "none") == "none"]
    app.button(key="pin_run").click().run()
    assert pinned(app) == []  # beside itself there is nothing to show
    app.select_slider(key="NegativeWeights.lr").set_value("0.01").run()
    assert not app.exception
    kept = pinned(app)
    assert [places(t) for t in kept] == before
    assert [t["showlegend"] for t in kept] == [True] + [False] * (len(kept) - 1)
    assert kept[0]["name"] == f"{PIN} learning rate 0.005"
    assert any("learning rate 0.005" in m.value and "**" in m.value for m in app.markdown if m.value.startswith(PIN))
    app.button(key="unpin").click().run()
    assert pinned(app) == []


def test_the_pinned_runs_numbers_are_said_beside_those_of_the_next():
    """Where the picture is of tiles, which keep no outline, nothing else of them is left to compare."""
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    page.switch_page(f"pages/{PAGES[SLUGS.index('gradient_signs')].name}").run()
    claim, line = [m.value for m in page.main.get("markdown") if m.value.startswith("**")][:2]
    page.button(key="pin_run").click().run()
    page.select_slider(key="GradientSigns.batch").set_value("10").run()
    assert [f"{claim} {line}" in m.value for m in page.markdown if m.value.startswith(PIN)] == [True]
    assert line not in [m.value for m in page.markdown]


def test_a_link_carries_both_runs(app):
    app.button(key="pin_run").click().run()
    app.select_slider(key="NegativeWeights.lr").set_value("0.01").run()
    frame = next(c.value for c in app.code if "iframe" in c.value)  # the embedding holds the link
    fresh = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    fresh.session_state["deeper_negative_weights"] = True
    for key, value in parse_qsl(frame.partition("?")[2].partition('"')[0]):
        fresh.query_params[key] = value
    fresh.switch_page(f"pages/{PAGES[SLUGS.index('negative_weights')].name}").run()
    assert not fresh.exception
    assert traces(fresh) == traces(app)
    assert len(pinned(fresh)) > 0


@pytest.mark.parametrize("junk", ["x", "lr:77", "lr:0.01,lr", "a:b", "lr:0.01:2", ",", "x" * 5000])
def test_a_pin_that_is_none_is_a_notice(junk):
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    for key, value in (QUICK | {"pin": junk}).items():
        test.query_params[key] = value
    test.switch_page(f"pages/{PAGES[SLUGS.index('negative_weights')].name}").run()
    assert not test.exception
    assert "pinned" in test.warning[0].value
    assert junk not in test.warning[0].value
    assert pinned(test) == []


def test_every_outline_stands_where_the_run_stood():
    values = np.random.default_rng(0).random((3, 5, 2))
    words = {"x": "x", "y": "y", "hover": "h"}
    one = figures.sweep(["1", "2", "4"], values, ["a", "b"], y_range=(0, 1), **words)
    two = figures.sweep(["1", "2", "4"], values + 1, ["a", "b"], y_range=(0, 1), **words)
    count = len(two.data)
    figures.overlay(two, figures.outline(one), "pinned: x 1")
    for old, kept in zip(one.data, two.data[count:], strict=True):
        np.testing.assert_array_equal(old.y, kept.y)
        np.testing.assert_array_equal(old.x, kept.x)
        assert kept.line.color != old.line.color
    assert [t.showlegend for t in two.data[count:]] == [True, False]


def test_bars_are_marked_at_their_ends_and_stacks_and_maps_are_left_out():
    bars = figures.terms(np.array([1.0, -2.0]), x="x", y="y", total="sum", hover="h")
    chart = figures.terms(np.array([2.0, 2.0]), x="x", y="y", total="sum", hover="h")
    count = len(chart.data)
    figures.overlay(chart, figures.outline(bars), "pinned")
    assert [t.type for t in chart.data[count:]] == ["scatter", "scatter"]
    np.testing.assert_array_equal(chart.data[count].y, [1, -2])
    assert figures.outline(figures.shares(np.ones((1, 3)), ["a"], ("b", "c", "d"), x="x", hover="h")) == []
    sheet = figures.heatmap(np.zeros((1, 2, 2)), ["0"], x="", y="", hover="", value="", step="")
    assert figures.outline(sheet) == []


def test_an_outline_whose_axis_is_not_there_is_left_out():
    edges, density = [np.linspace(-1, 1, 4)] * 2, [np.ones((1, 3))] * 2
    words = {"x": "x", "y": "y", "step": "s", "hover": "h"}
    two = figures.histograms(edges, density, [0], ["1", "2"], **words)
    one = figures.histograms(edges[:1], density[:1], [0], ["1"], **words)
    figures.overlay(one, figures.outline(two), "pinned")
    assert len(one.data) == 2
