"""The rules of all figures: numbers at their true places, names at lines' ends, tiles framed, ink black, no stubs."""

import numpy as np
import pytest

from lib import figures
from lib.figures import style
from lib.figures.walks import beside

R = np.random.default_rng(0)
WORDS = {"x": "x", "y": "y", "hover": "%{x}: %{y}"}
SCRUB = {
    "step": "step ",
}


def sweep(settings, names=("a", "b"), **more):
    values = np.broadcast_to(np.linspace(0.2, 0.8, len(names)), (len(settings), 5, len(names)))
    return figures.sweep(settings, values, names, y_range=(0, 1), **WORDS, **more)


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        (["1", "2", "4", "8", "16", "32"], "log"),
        ([0.01, 0.1, 1.0], "log"),
        ([1, 2, 3, 4, 8], "linear"),
        (["0", "10", "30", "50", "70", "98"], "linear"),
        (["pixels", "layer 1", "layer 2"], "category"),
        (["40-50", "50-60"], "category"),
    ],
)
def test_numbers_stand_at_their_true_places(settings, kind):
    chart = sweep(settings)
    assert chart.layout.xaxis.type == kind
    assert list(chart.data[0].x) == settings  # texts that are numbers are read as numbers by such an axis
    if kind != "category":
        low, high = chart.layout.xaxis.range
        ends = [float(settings[0]), float(settings[-1])]
        assert (
            low
            < (np.log10(ends) if kind == "log" else ends)[0]
            < (np.log10(ends) if kind == "log" else ends)[1]
            < high
        )
        assert chart.layout.xaxis.ticktext[-1] == str(settings[-1]).removesuffix(".0")


def test_a_zero_before_powers_stands_one_step_left_of_them():
    chart = sweep(["0", "1e-06", "0.0001", "0.01", "1"])
    np.testing.assert_allclose(chart.data[0].x, [-8, -6, -4, -2, 0])
    assert chart.layout.xaxis.ticktext == ("0", "1e-06", "0.0001", "0.01", "1")
    assert chart.data[0].text[0] == "0"
    assert chart.data[0].hovertemplate == "%{text}: %{y}"  # the setting, not its place


def test_settings_that_fall_run_from_left_to_right_all_the_same():
    low, high = sweep(["8", "4", "3", "2", "1"]).layout.xaxis.range
    assert low > 8 > 1 > high


def test_labels_that_would_touch_give_way_to_the_last_one():
    chart = sweep([0, 50, 97, 98, 100])
    assert chart.layout.xaxis.ticktext == ("0", "50", "100")


def test_the_last_step_has_a_label():
    for last in (95, 100, 330, 600):
        steps = np.unique(np.geomspace(1, last + 1, 9).round().astype(int)) - 1
        ticks = figures.curves(steps, R.random((len(steps), 5, 1)), ["a"], y_range=(0, 1), **WORDS).layout.xaxis
        assert ticks.ticktext[-1] == str(last)
        assert np.diff(ticks.tickvals).min() > 0.05 * (ticks.tickvals[-1] - ticks.tickvals[0])


def test_names_stand_at_the_ends_of_their_lines_in_their_colours():
    chart = sweep([1, 2, 3], ["low", "high"])
    notes = chart.layout.annotations
    assert [(n.text, n.font.color) for n in notes] == [("low", style.LINES[0]), ("high", style.LINES[1])]
    np.testing.assert_allclose([n.y for n in notes], [0.2, 0.8], atol=1e-6)
    assert not any(t.showlegend for t in chart.data)
    assert chart.layout.margin.r > 6 * len("high")


def test_names_that_would_touch_move_apart_in_order_and_far_ones_stay_in_the_legend():
    steps = np.arange(4)

    def ends(at, names):
        values = np.broadcast_to(np.array(at, float), (4, 5, len(at)))
        chart = figures.curves(steps, values, names, y_range=(0, 1), height=390, **WORDS)
        return [n.y for n in chart.layout.annotations], {t.showlegend for t in chart.data if t.name}

    places, legend = ends([0.50, 0.52], ["a", "b"])
    assert places[1] - places[0] == pytest.approx(15 / 300)  # a line of text, in the axis' unit
    assert np.mean(places) == pytest.approx(0.51)
    assert legend == {False}
    assert ends(0.5 + 0.014 * np.arange(8), list("abcdefgh")) == (
        [],
        {None},
    )  # the outer ones would stand too far off
    assert ends([0.5, 0.501], ["a", "b"]) == ([], {None})  # which is which cannot be seen
    assert ends([0.2, 0.8], ["short", "a name that is far too long for a phone"]) == ([], {None})
    low, _ = ends([0.0, 0.02], ["a", "b"])
    assert min(low) > -0.05  # not on the axis' numbers


def test_a_log_axis_has_its_names_at_the_lines_too():
    chart = sweep([1, 2, 3], y_log=False)
    logs = figures.sweep([1, 2], np.full((2, 3, 2), [0.01, 1.0]), ["a", "b"], y_range=(1e-3, 10), y_log=True, **WORDS)
    np.testing.assert_allclose([n.y for n in logs.layout.annotations], [-2, 0], atol=1e-6)
    np.testing.assert_allclose([n.y for n in chart.layout.annotations], [0.2, 0.8], atol=1e-6)


def test_a_line_that_ends_early_is_named_at_its_last_number():
    values = np.stack([np.full((3, 5), 0.3), [[0.7] * 5, [0.9] * 5, [np.nan] * 5]], 2)
    with np.errstate(all="ignore"):
        chart = figures.sweep([1, 2, 3], values, ["a", "b"], y_range=(0, 1), **WORDS)
    np.testing.assert_allclose([n.y for n in chart.layout.annotations], [0.3, 0.9], atol=1e-6)


def test_a_caller_may_give_each_condition_its_colour():
    own = figures.colours("random", "constant", "what else")
    assert own[:2] == [style.CONDITIONS["random"], style.CONDITIONS["constant"]]
    assert len(set(own)) == 3
    assert not {style.NEGATIVE, style.POSITIVE} & {*style.CONDITIONS.values(), *own}
    chart = sweep([1, 2, 3], ["a", "b", "c"], colours=own)
    assert [t.line.color for t in chart.data] == own
    steps, values = np.arange(3), R.random((3, 5, 2))
    lines = figures.curves(steps, values, ["a", "b"], y_range=(0, 1), colours=own[:2], **WORDS)
    assert [t.line.color for t in lines.data if t.name] == own[:2]
    goal = figures.fits(steps, values, ["a", "b"], R.random(3), goal="g", y_range=(0, 1), colours=own[:2], **WORDS)
    assert [t.line.color for t in goal.data if t.name and t.name != "g"] == own[:2]
    assert goal.data[0].showlegend  # the goal is dots and has no end
    rows = figures.intervals(
        R.random((2, 5, 3)), list("123"), ["a", "b"], x="", hover="", x_range=(0, 1), colours=own[:2]
    )
    assert [t.marker.color for t in rows.data if t.name] == own[:2]
    moving = [(R.random((1, 4)), R.random((1, 4)))] * 2
    both = figures.scatter(moving, ["a", "b"], [0], equal="", opposite="", colours=own[:2], **WORDS, **SCRUB)
    assert [t.marker.color for t in both.data[2:]] == own[:2]
    round_ = figures.polar(
        np.arange(0, 360, 45), R.random((8, 2)), ["a", "b"], hover="", compass=list("abcdefgh"), marked=0, mark="",
        r_range=(0, 1), colours=own[:2],
    )  # fmt: skip
    assert [t.line.color for t in round_.data[:2]] == own[:2]


def test_every_tile_of_a_mosaic_is_framed_and_its_cells_are_square():
    sheet = figures.mosaic(R.normal(size=(1, 5, 3, 4)), columns=3)
    chart = figures.heatmap(sheet, x="", y="", value="v", hover="h", ticks=False)
    boxes = [(s.x0, s.x1, s.y0, s.y1) for s in chart.layout.shapes]
    assert len(boxes) == 5  # not the place that is left empty
    assert boxes[0] == (-0.5, 3.5, -0.5, 2.5)
    assert boxes[4] == (4.5, 8.5, 3.5, 6.5)
    assert chart.layout.yaxis.scaleanchor == "x"
    assert not figures.heatmap(sheet, x="", y="", value="v", hover="h").layout.shapes  # a matrix has no tiles
    wide = figures.heatmap(sheet, x="", y="", value="v", hover="h", ticks=False, square=False)
    assert wide.layout.yaxis.scaleanchor is None


def test_every_tile_has_its_label_above_it_and_keeps_its_numbers():
    images = R.normal(size=(1, 4, 3, 3)).astype(np.float32)
    sheet = figures.mosaic(images, columns=2)
    chart = figures.heatmap(sheet, x="", y="", value="v", hover="h", ticks=False, labels=list("abcd"))
    edges, heat = chart.data[0].y, chart.data[0]
    np.testing.assert_array_equal(heat.z, sheet[0])
    assert len(edges) == len(sheet[0]) + 1
    np.testing.assert_allclose(np.diff(edges)[[0, 1, 2, 4, 5, 6]], 1)  # the gap between the rows alone is stretched
    for note, box in zip(chart.layout.annotations, chart.layout.shapes, strict=True):
        assert (note.x, note.y, note.yanchor) == (box.x0, box.y0, "bottom")
    assert [n.text for n in chart.layout.annotations] == list("abcd")
    bottom, top = chart.layout.yaxis.range
    assert bottom == chart.layout.shapes[2].y1
    assert top < chart.layout.shapes[0].y0  # room for the first row's labels
    with pytest.raises(ValueError, match="zip"):
        figures.heatmap(sheet, x="", y="", value="v", hover="h", ticks=False, labels=["a"])


def test_ink_is_black_on_paper_and_never_the_colour_of_a_sign():
    chart = figures.heatmap(R.random((1, 8, 8)), x="", y="", value="ink", hover="h", ticks=False, ink=True)
    heat = chart.data[0]
    assert heat.zmin == 0
    assert [colour for _, colour in heat.colorscale] == ["#FFFFFF", "#111111"]
    assert not {style.NEGATIVE, style.POSITIVE} & set(figures.digits.__globals__["HUES"])


def test_the_bins_that_collect_what_lies_beyond_say_so():
    edges = [np.linspace(-1, 1, 9), np.linspace(-0.5, 0.5, 9)]
    chart = figures.histograms(
        edges, [R.random((2, 8))] * 2, [0, 1], ["one", "two"], x="x", y="y", hover="h", **SCRUB
    )
    notes = {(n.text, n.x, n.yref) for n in chart.layout.annotations}
    assert ("≤ −0.75", -1.0, "y domain") in notes
    assert ("≥ 0.75", 1.0, "y domain") in notes
    assert ("≥ 0.38", 0.5, "y2 domain") in notes


def test_a_plane_of_distances_has_one_unit():
    at = np.linspace(-1, 1, 5)
    for equal in (False, True):
        plane = figures.landscape((at, 2 * at), R.random((1, 5, 5)), [], value="v", equal=equal, **WORDS)
        assert (plane.layout.yaxis.scaleanchor == "x") is equal
        drawn = figures.digits(
            R.random((1, 6, 2)), np.arange(6), R.random((6, 2, 2)), [0], equal=equal, **WORDS, **SCRUB
        )
        assert (drawn.layout.yaxis.scaleanchor == "x") is equal


def test_no_axis_and_no_colour_bar_has_stubs():
    heat = figures.heatmap(R.normal(size=(1, 4, 4)), x="", y="", value="v", hover="h")
    assert (heat.layout.xaxis.ticks, heat.layout.yaxis.ticks, heat.data[0].colorbar.ticks) == ("", "", "")
    assert sweep([1, 2, 3]).layout.xaxis.ticks == ""


def test_on_a_phone_nothing_stays_empty_below_square_cells():
    tile = figures.tiles(R.uniform(-1, 1, (1, 6, 8, 8)), 3, names=list("abcdef"), height=360)
    figures.narrow(tile)
    (left, right), (bottom, top) = tile.layout.xaxis.range, tile.layout.yaxis.range
    assert tile.layout.height == pytest.approx(8 + 350 * (bottom - top) / (right - left), abs=1)
    pictures = R.random((2, 3, 10, 8, 8))
    wide, row = (figures.rows(pictures, [0, 1], [list("abc")] * 2, step="step ") for _ in range(2))
    figures.narrow(row)
    assert row.layout.height < wide.layout.height - 30
    ends = [[pixels(chart, axis.domain) for axis in axes(chart)] for chart in (wide, row)]
    words = [pixels(chart, chart.data[-1].y) for chart in (wide, row)]
    for r in range(3):  # the words stay as far above their pictures, which have all the room that they need
        assert words[0][r] - ends[0][r][1] == pytest.approx(words[1][r] - ends[1][r][1], abs=0.6)
        assert ends[1][r][1] - ends[1][r][0] == pytest.approx(354 * 8.2 / 89.2, abs=0.6)
    assert list(row.frames[0].data[-1].text) == list("abc")
    sheet = figures.mosaic(R.normal(size=(1, 32, 8, 8)), columns=8)
    weights = figures.heatmap(sheet, x="", y="", value="weight", hover="h", ticks=False)
    figures.narrow(weights)  # beside it stands the bar of colours
    assert weights.layout.height == pytest.approx(8 + (358 - 16 - 80) * 35 / 71, abs=1)
    assert not weights.layout.xaxis.automargin  # plotly would keep room for a title that there is not
    assert weights.data[0].name == ""  # what is pointed at is not called 'trace 0'


def walks_of(path):
    """The figure of walks, of two alike, with targets in four directions."""
    paths = np.stack([np.array(path, float)] * 2, 1)
    targets = 2.0 * np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])
    return figures.walks(
        paths, np.array([len(path) - 1] * 2), ["a", "b"], ["", ""], targets, 1, [0, 1], [""] * (len(path) - 1),
        keys=list("abcd"), picks=list("abcd"), shaded=True, quadrants=("up", "down"), goal="goal", step="step ",
        **WORDS,
    )  # fmt: skip


def test_on_a_phone_walks_stand_one_below_the_other():
    chart = walks_of([(0, 0), (1, 1), (0, 2)])
    said = chart.layout.yaxis.title
    assert said.text and not chart.layout.yaxis2.title.text  # beside it, it would stand in the other panel
    figures.narrow(chart)
    assert chart.layout.yaxis2.title == said
    across, up = (
        [chart.layout[f"{way}axis{n}"].domain for n in ("", "2")] for way in "xy"
    )  # fmt: skip
    assert across == [(0, 1), (0, 1)]
    (low, top), (lowest, middle) = up
    assert (top, lowest) == (1, 0)
    assert middle < low
    assert top - low == pytest.approx(middle - lowest)


def test_the_number_of_an_arrow_stands_beside_it_or_nowhere():
    path = np.array([(50, 50), (150, 50), (152, 50), (152, 150)], float)
    box = np.array([(0, 265), (0, 265)], float)
    first, second, third = beside([path], box, worded=True)
    assert (first[0], abs(first[1] - 50)) == (100, 12)
    assert (third[1], abs(third[0] - 152)) == (100, 12)
    assert second is None or np.linalg.norm(second - first) >= 16
    there_and_back = beside([path[[0, 1, 0]]], box, worded=False)
    assert there_and_back == [None, None]  # of two on one line nobody could tell whose it is
    assert beside([path[:2] * 0], box, worded=False) == [None]


def test_on_a_phone_a_figure_without_square_cells_is_as_it_was():
    chart, same = sweep([1, 2, 4]), sweep([1, 2, 4])
    figures.narrow(chart)
    assert chart == same


def pixels(chart, shares):
    """Heights above the lower margin."""
    return np.asarray(shares) * (chart.layout.height - chart.layout.margin.t - chart.layout.margin.b)


def axes(chart):
    return [chart.layout[f"yaxis{r}"] for r in ("", 2, 3)]


@pytest.mark.parametrize("page", ["#FFFFFF", "#11161D"])  # .streamlit/config.toml
def test_the_bar_of_buttons_lies_on_the_page_and_can_be_told_from_it(page):
    """Plotly makes a dark veil of a transparent figure, which lies over the picture under the pointer."""
    bar = style.figure(100).layout.modebar
    assert bar.bgcolor == "rgba(0,0,0,0)"
    lighter, darker = sorted((luminance(bar.color), luminance(page)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 3  # WCAG 1.4.11


def luminance(colour):
    """Relative luminance, as WCAG 2 has it, of '#RRGGBB'."""
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])
