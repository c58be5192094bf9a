"""Looks inside the figures: what is plotted are the numbers that were handed in."""

import numpy as np
import pytest

from lib import figures

R = np.random.default_rng(0)
SCRUB = {"step": "step ", "play": "play"}


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


def test_a_boundary_shows_the_last_answers_under_both_classes():
    surface, points, labels = 2 * R.random((3, 5, 5)) - 1, R.random((6, 2)), np.array([0, 1, 0, 1, 1, 1])
    words = {"x": "x", "y": "y", "value": "v", "hover": "h"}
    chart = figures.boundary(surface, points, labels, [0, 1, 9], ("no", "yes"), reach=1.5, **words, **SCRUB)
    np.testing.assert_allclose(chart.data[0].z, surface[-1], rtol=1e-6)
    assert (chart.data[0].zmin, chart.data[0].zmax, chart.data[0].x[0], chart.data[0].y[-1]) == (-1, 1, -1.5, 1.5)
    np.testing.assert_allclose(chart.data[2].x, points[labels == 1, 0], rtol=1e-6)
    assert chart.data[1].marker.symbol != chart.data[2].marker.symbol
    np.testing.assert_allclose(chart.frames[1].data[0].z, surface[1], rtol=1e-6)


def test_dots_show_the_last_frame_first_and_tell_groups_apart():
    points = [(R.random((3, 4)), R.random((3, 4))), (R.random((3, 2)), R.random((3, 2)))]
    ranges = {"x_range": (0, 1), "y_range": (0, 2), "lines": [(0.25, "1/4")]}
    chart = figures.dots(points, ["a", "b"], [0, 1, 9], x="x", y="y", hover="h", **ranges, **SCRUB)
    np.testing.assert_allclose(chart.data[0].y, points[0][1][-1], rtol=1e-6)
    np.testing.assert_allclose(chart.frames[0].data[1].x, points[1][0][0], rtol=1e-6)
    assert chart.data[0].marker.symbol != chart.data[1].marker.symbol
    assert (chart.layout.yaxis.range, chart.layout.shapes[0].y0) == ((0, 2), 0.25)
    still = figures.dots(points, ["a", "b"], x="x", y="y", hover="h", **ranges)
    assert not still.frames


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


def test_clouds_draw_every_point_in_its_shade():
    places, values, shade = 10 ** R.normal(size=50), 10 ** R.normal(size=50), R.random(50)
    chart = figures.cloud(places, values, shade, x="x", y="y", bar="b", hover="h")
    points = chart.data[0]
    np.testing.assert_allclose(points.x, places, rtol=1e-6)
    np.testing.assert_allclose(points.y, values, rtol=1e-6)
    np.testing.assert_allclose(points.marker.color, shade, rtol=1e-6)
    low, high = chart.layout.yaxis.range
    assert low < np.log10(values).min() < np.log10(values).max() < high


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
        places, values, ["a", "b"], target, x="x", y="y", hover="h", goal="goal", y_range=(-1, 1), every=2,
        tick=1,
    )  # fmt: skip
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


def test_wiring_draws_a_line_per_link_in_the_colour_of_its_sign():
    first, second = np.array([[1.0, -2.0], [0.0, 0.5]]), np.array([[3.0, -1.0]])
    chart = figures.wiring([[first, second]] * 2, ["a", "b"], hover="h", nodes=["in", "hidden", "out"])
    links = [t for t in chart.data if t.mode == "lines"]
    assert len(links) == 2 * 5  # a weight of zero is no link
    assert {t.text[0]: t.line.dash for t in links}["\N{MINUS SIGN}2.00"] == "dash"
    assert {t.text[0]: t.line.color for t in links}["3.00"] == figures.style.POSITIVE
    assert max(links, key=lambda t: t.line.width).text[0] == "3.00"
    assert sum(len(t.x) for t in chart.data if t.mode == "markers") == 2 * 5


def test_a_landscape_keeps_its_numbers_its_range_and_its_marks():
    at, losses = np.linspace(-1, 1, 5), R.random((2, 5, 5)) + 0.01
    path = np.array([[0.5, 0.5], [0.0, 0.25]])
    marks = [*figures.trail(path, ["path", "start", "end"]), figures.Mark("moves", np.array([[0.1], [0.2]]), at[:1])]
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


def test_clouds_draw_every_point_and_never_by_colour_alone():
    groups = [(R.random(5), R.random(5)), (R.random(4), R.random(4))]
    chart = figures.clouds(groups, ["a", "b"], x="x", y="y", hover="h")
    assert [t.name for t in chart.data] == ["a", "b"]
    for trace, (across, up) in zip(chart.data, groups, strict=True):
        np.testing.assert_allclose(trace.x, across, rtol=1e-6)
        np.testing.assert_allclose(trace.y, up, rtol=1e-6)
    assert len({t.marker.symbol for t in chart.data}) == 2


def test_a_rose_draws_each_direction_on_both_sides():
    chart = figures.rose(np.array([10.0, 60, 30]), hover="h")
    bars = chart.data[0]
    np.testing.assert_allclose(bars.theta, [0, 60, 120, 180, 240, 300])
    np.testing.assert_allclose(bars.r, [10, 60, 30, 10, 60, 30])


def test_square_cells_stay_square():
    assert figures.heatmap(np.ones((1, 3, 4)), x="", y="", value="v", hover="h").layout.yaxis.scaleanchor is None
    square = figures.heatmap(np.ones((1, 3, 4)), x="", y="", value="v", hover="h", square=True)
    assert square.layout.yaxis.scaleanchor == "x"


def test_a_path_shows_each_update_over_the_lines_of_equal_loss():
    walks, steps = R.normal(size=(6, 2, 2)), [0, 1, 3, 5]
    chart = figures.path(
        walks, ["a", "b"], np.array([1.0, 2.0]), R.normal(size=(3, 2, 8)), steps, ["t0", "t1", "t3", "t5"],
        x="x", y="y", loss="loss", allowed="allowed", goal="goal", hover="h", reach=3.0, **SCRUB,
    )  # fmt: skip
    by_name = {t.name: t for t in chart.data if t.name}
    np.testing.assert_allclose(by_name["b"].x, walks[:, 1, 0], atol=1e-3)
    assert (by_name["goal"].x[0], by_name["goal"].y[0]) == (1.0, 2.0)
    assert sum(v is None for v in by_name["loss"].x) == 3
    frame = chart.frames[2]
    assert len(frame.data) == len(chart.data)
    shade, first, second, text = frame.data[-4:]
    assert tuple(shade.x[:1]) == pytest.approx(walks[3, 0, :1], abs=1e-3)
    np.testing.assert_allclose(first.y, walks[2:4, 0, 1], atol=1e-3)
    np.testing.assert_allclose(second.x, walks[2:4, 1, 0], atol=1e-3)
    assert text.text == ("t3",)
    np.testing.assert_allclose(chart.data[-3].x, walks[4:6, 0, 0], atol=1e-3)
    assert chart.layout.xaxis.range == (-3, 3)


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


def test_stretch_starts_at_the_chosen_setting():
    contours, walks = R.normal(size=(4, 2, 2, 9)), R.normal(size=(4, 6, 2))
    chart = figures.stretch(
        contours, walks, list("abcd"), 1, x="x", y="y", loss="loss", walk="walk", goal="goal", hover="h", reach=2.0,
        **SCRUB,
    )  # fmt: skip
    assert chart.layout.sliders[0].active == 1
    np.testing.assert_allclose(chart.data[1].x, walks[1, :, 0], atol=1e-3)
    np.testing.assert_allclose(chart.frames[3].data[1].y, walks[3, :, 1], atol=1e-3)
    assert sum(v is None for v in chart.frames[2].data[0].x) == 2
