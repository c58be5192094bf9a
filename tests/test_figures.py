"""Looks inside the figures: what is plotted are the numbers that were handed in."""

import numpy as np
import pytest

from lib import figures
from lib.figures import scrub

R = np.random.default_rng(0)
SCRUB = {
    "step": "step ",
}


def test_curves_draw_medians_and_the_middle_half():
    steps, values = np.array([0, 1, 9, 99]), R.random((4, 7, 2))
    chart = figures.curves(steps, values, ["a", "b"], x="x", y="y", hover="h", y_range=(0, 1), lines=[(0.5, "half")])
    lines = [t for t in chart.data if t.name]
    assert [t.name for t in lines] == ["a", "b"]
    np.testing.assert_allclose(lines[1].y, np.median(values[:, :, 1], 1), rtol=1e-6)
    np.testing.assert_allclose(lines[0].x, [0, np.log10(2), 1, 2], rtol=1e-6)
    np.testing.assert_allclose(lines[0].customdata[:, 0], steps)
    band = np.array(chart.data[0].y)
    np.testing.assert_allclose(band[:4], np.percentile(values[:, :, 0], 75, axis=1), rtol=1e-6)
    np.testing.assert_allclose(band[4:][::-1], np.percentile(values[:, :, 0], 25, axis=1), rtol=1e-6)
    assert len({t.line.dash for t in lines}) == 2  # never colour alone
    assert chart.layout.yaxis.range == (0, 1)


def test_histograms_show_the_last_frame_first_and_colour_by_sign():
    edges, density = np.linspace(-1, 1, 5), R.random((3, 4))
    chart = figures.histograms([edges], [density], [0, 1, 5], ["layer"], x="x", y="y", hover="h", **SCRUB)
    np.testing.assert_allclose(chart.data[0].y, density[-1], rtol=1e-6)
    assert len(set(chart.data[0].marker.color[:2])) == 1
    assert chart.data[0].marker.color[0] != chart.data[0].marker.color[-1]
    assert [f.name for f in chart.frames] == ["0", "1", "5"]
    np.testing.assert_allclose(chart.frames[1].data[0].y, density[1], rtol=1e-6)
    assert chart.layout.sliders[0].active == 2
    # a picture that a reader saves has no slider in it, as the page has none of Plotly's
    slider = chart.layout.sliders[0]
    assert {slider[f"{part}color"] for part in ("bg", "activebg", "border", "tick")} == {scrub.NONE}
    assert slider.font.color == scrub.NONE


def test_heat_maps_share_one_scale_that_is_centred_on_zero():
    frames = R.normal(size=(3, 4, 5))
    chart = figures.heatmap(frames, [0, 1, 5], x="x", y="y", value="v", hover="h", **SCRUB)
    heat = chart.data[0]
    assert heat.zmin == -heat.zmax
    np.testing.assert_allclose(heat.z, frames[-1].astype(np.float32))
    np.testing.assert_allclose(chart.frames[0].data[0].z, frames[0].astype(np.float32))
    low, middle, high = (colour for _, colour in heat.colorscale)
    assert middle.endswith(",0)")  # the page shows through at zero
    assert low != high


def test_a_heat_map_of_zeros_does_not_fail():
    chart = figures.heatmap(np.zeros((2, 2, 2)), [0, 1], x="", y="", value="v", hover="h", **SCRUB)
    assert chart.data[0].zmax > 0


def test_mosaic_keeps_every_number_in_its_tile():
    images = R.random((2, 5, 3, 4)).astype(np.float32)
    sheet = figures.mosaic(images, columns=3)
    assert sheet.shape == (2, 2 * 4 - 1, 3 * 5 - 1)
    np.testing.assert_array_equal(sheet[1, 4:7, 5:9], images[1, 4])
    assert np.isnan(sheet[:, 3]).all()


def test_intervals_pair_the_conditions_row_by_row():
    values = R.random((2, 9, 3))
    chart = figures.intervals(values, ["1", "2", "3"], ["relu", "leaky"], x="x", hover="h", x_range=(0, 1))
    marks = [t for t in chart.data if t.name]
    np.testing.assert_allclose(marks[1].x, np.median(values[1], 0))
    low, high = np.percentile(values[0], (25, 75), axis=0)
    np.testing.assert_allclose(np.array(marks[0].x) - marks[0].error_x.arrayminus, low)
    np.testing.assert_allclose(np.array(marks[0].x) + marks[0].error_x.array, high)
    assert marks[0].marker.symbol != marks[1].marker.symbol
    for count in (1, 3, 5):  # a row's conditions never reach into the next row
        many = figures.intervals(
            R.random((count, 9, 2)), ["1", "2"], list("abcde"[:count]), x="", hover="", x_range=(0, 1)
        )
        places = np.array([t.y for t in many.data if t.name])
        assert np.abs(places - [0, 1]).max() < 0.4


@pytest.mark.parametrize("figure", ["heat", "histogram"])
def test_a_move_stays_small(figure):
    if figure == "heat":
        weights = figures.mosaic(R.normal(size=(20, 32, 8, 8)), 8)
        chart = figures.heatmap(weights, range(20), x="", y="", value="v", hover="h", **SCRUB)
    else:
        chart = figures.histograms(
            [np.linspace(-1, 1, 61)] * 4,
            [R.random((20, 60))] * 4,
            range(20),
            list("1234"),
            x="",
            y="",
            hover="",
            **SCRUB,
        )
    assert len(chart.to_json()) < 400_000


def test_fits_draw_the_median_function_and_the_goal():
    places, values, target = np.linspace(-1, 1, 7), R.random((7, 5, 2)), R.random(7)
    chart = figures.fits(places, values, ["a", "b"], target, x="x", y="y", hover="h", goal="goal", y_range=(-1, 1))
    lines = {t.name: t for t in chart.data if t.name}
    np.testing.assert_allclose(lines["b"].y, np.median(values[:, :, 1], 1), rtol=1e-6)
    np.testing.assert_allclose(lines["goal"].y, target[::3])
    assert lines["a"].line.dash != lines["b"].line.dash


def test_fits_draw_a_goal_for_every_curve():
    places, values, target = np.arange(4), R.random((4, 5, 2)), R.random((4, 2))
    chart = figures.fits(
        places, values, ["a", "b"], target, x="x", y="y", hover="h", goal="goal", y_range=(-1, 1), every=2, tick=1
    )
    assert chart.layout.xaxis.dtick == 1
    np.testing.assert_allclose(chart.data[0].x, [0, 2, 0, 2])
    np.testing.assert_allclose(chart.data[0].y, [*target[::2, 0], *target[::2, 1]])


def test_a_grid_says_every_number_in_its_cell():
    values = np.array([[0.0, 100.0], [30.4, 55.0], [5.0, 1.0]])
    chart = figures.grid(values, ["r1", "r2", "r3"], ["left", "right"], hover="h")
    assert chart.layout.yaxis.type == "category"  # names that are numbers stay names
    np.testing.assert_allclose(chart.data[0].z, values, rtol=1e-6)
    assert (chart.data[0].zmin, chart.data[0].zmax) == (0, 100)
    assert chart.data[0].texttemplate == "%{z:.0f}"
    assert not any("rgba" in colour for _, colour in chart.data[0].colorscale)  # its text is chosen for the colour
