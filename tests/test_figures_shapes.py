"""Looks inside the figures of planes, paths and directions: what is plotted are the numbers that were handed in."""

import numpy as np
import pytest

from lib import figures
from lib.figures.style import RING

R = np.random.default_rng(0)
SCRUB = {
    "step": "step ",
}


def test_a_landscape_keeps_its_numbers_its_range_and_its_marks():
    at, losses = np.linspace(-1, 1, 5), R.random((2, 5, 5)) + 0.01
    path = np.array([[0.5, 0.5], [0.0, 0.25]])
    marks = [
        figures.Mark("path", path[:, 0], path[:, 1], line=True),
        figures.Mark("start", path[:1, 0], path[:1, 1]),
        figures.Mark("end", path[-1:, 0], path[-1:, 1]),
        figures.Mark("moves", np.array([[0.1], [0.2]]), at[:1]),
    ]
    chart = figures.landscape((at, at), losses, marks, ["a", "b"], x="x", y="y", value="v", hover="h", **SCRUB)
    surface = chart.data[0]
    np.testing.assert_allclose(surface.z, np.log10(losses[1]), rtol=1e-5)
    np.testing.assert_allclose(chart.frames[0].data[0].customdata, losses[0], rtol=1e-6)
    assert surface.zmin <= np.log10(losses).min() <= np.log10(losses).max() <= surface.zmax + 1e-6
    named = {t.name: t for t in chart.data if t.name}
    np.testing.assert_allclose(named["path"].x, path[:, 0])
    np.testing.assert_allclose((named["end"].x[0], named["end"].y[0]), path[1])
    assert named["start"].marker.symbol != named["end"].marker.symbol
    assert chart.frames[0].data[4].x[0] == pytest.approx(0.1)
    assert named["moves"].x[0] == pytest.approx(0.2)
    zero = figures.landscape((at, at), np.zeros((1, 5, 5)), [], x="x", y="y", value="v", hover="h")
    assert np.isfinite(zero.data[0].z).all()  # a loss of nothing has no logarithm


def test_square_cells_stay_square():
    assert figures.heatmap(np.ones((1, 3, 4)), x="", y="", value="v", hover="h").layout.yaxis.scaleanchor is None
    square = figures.heatmap(np.ones((1, 3, 4)), x="", y="", value="v", hover="h", square=True)
    assert square.layout.yaxis.scaleanchor == "x"


def test_a_polar_chart_closes_its_curves():
    values = R.random((8, 2))
    chart = figures.polar(
        np.arange(0, 360, 45), values, ["a", "b"], hover="h", compass=list("abcdefgh"), marked=90, mark="here",
        r_range=(0, 1), notes=10 * values,
    )  # fmt: skip
    np.testing.assert_allclose(chart.data[1].r, [*values[:, 1], values[0, 1]])
    assert chart.data[1].theta[0] == chart.data[1].theta[-1]
    assert chart.data[0].customdata[3] == 10 * values[3, 0]
    assert chart.data[2].theta == (90, 90)
    assert chart.data[0].line.dash != chart.data[1].line.dash


def test_a_sweep_takes_its_range_in_the_values_unit():
    values = R.random((3, 5, 2))
    words = {"x": "x", "y": "y", "hover": "h"}
    chart = figures.sweep(["1", "2", "4"], values, ["a", "b"], y_range=(0.1, 100), y_log=True, **words)
    np.testing.assert_allclose(chart.data[1].y, np.median(values[:, :, 1], 1), rtol=1e-6)
    assert chart.layout.yaxis.range == (-1, 2)
    assert chart.layout.yaxis.type == "log"
    assert figures.sweep(["1", "2", "4"], values, ["a", "b"], y_range=(0, 1), **words).layout.yaxis.range == (0, 1)


def test_folded_blocks_are_the_same_tiles_in_the_same_colours_bars_and_numbers():
    tiles, bars = R.normal(size=(5, 2, 3)), [1.0, -4.0, 2.0, 0.5, 3.0]
    block = figures.Block("t", tiles, "%{z}", columns=5, names=list("abcde"), clicked=True, ringed=3)
    below = figures.Block("b", tiles, "%{z}", columns=5, under=list("vwxyz"), bars=bars, ringed=3)
    whole = figures.blocks([[block], [below]])
    parts = figures.blocks([[block], [below]], fold=3)

    def drawn(chart):
        maps = [t for t in chart.data if t.type == "heatmap"]
        rings = [s for s in chart.layout.shapes if s.line.color == RING]
        high = [s.y0 - s.y1 for s in chart.layout.shapes if s.type == "rect" and s.fillcolor]
        said = [note.text for note in chart.layout.annotations if note.text]
        cells = [cell for t in chart.data for cell in t.customdata or ()]
        return maps, rings, np.array(high), said, cells

    (maps, rings, high, said, cells), (folded, ringed, bar, told, numbered) = drawn(whole), drawn(parts)
    assert len(folded) == 2 * len(maps) == 4
    assert {(t.zmin, t.zmax) for t in folded} == {(t.zmin, t.zmax) for t in maps}
    np.testing.assert_array_equal(folded[0].z, maps[0].z[:, :11])  # three tiles of three cells, and two gaps
    np.testing.assert_array_equal(folded[2].z[:, :7], maps[0].z[:, 12:])
    assert [t.x0 for t in folded] == [maps[0].x0] * 4  # the next ones stand below the first
    assert len(ringed) == len(rings) == 2 and {ring.x0 for ring in ringed} == {0}
    np.testing.assert_allclose(bar / bar[0], high / high[0])
    assert sorted(told) == sorted(said)
    assert numbered == cells
