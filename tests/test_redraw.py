"""A move draws a figure once, and what a reader has zoomed into stays in sight in the same axes."""

import json

import pytest
from playwright.sync_api import expect
from reader import SLOW, opened, plotted, settled, troubles

SEEN = """name => {
    const figure = document.querySelector(`.st-key-chart_${name} .js-plotly-plot`);
    const axes = Object.entries(figure?._fullLayout ?? {}).filter(([n]) => /^[xy]axis\\d*$/.test(n));
    return Object.fromEntries(axes.map(([n, axis]) => [n, [...axis.range]]));
}"""
PLOT = """name => {
    const figure = document.querySelector(`.st-key-chart_${name} .js-plotly-plot`);
    const box = figure.getBoundingClientRect();
    const { xaxis, yaxis } = figure._fullLayout;
    return [box.left + xaxis._offset, box.top + yaxis._offset, xaxis._length, yaxis._length];
}"""
# From now on: which horizontal ranges the hero is painted with, and which elements show it.
WATCHED = """name => {
    window.painted = { ranges: new Set(), figures: new Set() };
    const look = () => {
        const figure = document.querySelector(`.st-key-chart_${name} .js-plotly-plot`);
        if (figure?.querySelector(".main-svg")) {
            painted.ranges.add(figure._fullLayout.xaxis.range.join());
            painted.figures.add(figure);
        }
        requestAnimationFrame(look);
    };
    look();
}"""


def seen(page, name):
    """The ranges of a figure's axes."""
    return page.evaluate(SEEN, name)


def zoom(page, name, *, button="Zoom"):
    """Draw a box in a figure with the mouse, after the button of that; return the ranges that are in sight then."""
    figure, before = page.locator(f".st-key-chart_{name} .js-plotly-plot"), seen(page, name)
    figure.scroll_into_view_if_needed()
    figure.hover()
    if button:
        figure.locator(f".modebar-btn[data-title='{button}']").click()
    left, top, width, height = page.evaluate(PLOT, name)
    page.mouse.move(left + 0.3 * width, top + 0.3 * height)
    page.mouse.down()
    page.mouse.move(left + 0.6 * width, top + 0.7 * height, steps=5)
    page.mouse.up()
    page.wait_for_function(f"([name, old]) => ({SEEN})(name).xaxis[0] !== old", arg=[name, before["xaxis"][0]])
    return seen(page, name)


def freed(page, name):
    """Double-click a figure; return the ranges that are in sight then."""
    before = seen(page, name)
    left, top, width, height = page.evaluate(PLOT, name)
    page.mouse.dblclick(left + width / 2, top + height / 2)
    page.wait_for_function(f"([name, old]) => ({SEEN})(name).xaxis[0] !== old", arg=[name, before["xaxis"][0]])
    return seen(page, name)


def moved(page, name, move):
    """Do what changes a figure, and wait for the new one, drawn as often as Streamlit draws it."""
    page.evaluate(f"window.old = document.querySelector('.st-key-chart_{name} .js-plotly-plot')")
    move()
    new = f".st-key-chart_{name} .js-plotly-plot"
    page.wait_for_function(
        f"() => {{ const f = document.querySelector('{new}'); return f !== old && f?.querySelector('.main-svg'); }}",
        timeout=SLOW,
    )
    settled(page)
    page.wait_for_timeout(500)  # for the second drawing, of which no event tells
    return seen(page, name)


def fewer_steps(page):
    page.get_by_role("slider", name="Steps").focus()
    page.keyboard.press("ArrowLeft")


def test_a_zoomed_hero_stays_so_until_a_double_click(browser, server):
    page = opened(browser, f"{server}/negative_weights")
    plotted(page)
    zoomed = zoom(page, "histogram")
    page.evaluate(WATCHED, "histogram")
    again = moved(page, "histogram", lambda: fewer_steps(page))
    for axis in ("xaxis", "yaxis"):
        assert again[axis] == pytest.approx(zoomed[axis])
    assert again["yaxis2"] != zoomed["yaxis2"]  # the layer beside it was not zoomed: as the new numbers have it
    painted = page.evaluate("[painted.figures.size, [...painted.ranges]]")
    assert painted == [2, [",".join(map(json.dumps, zoomed["xaxis"]))]]  # no flash of the whole
    page.get_by_role("slider", name="Step of the training").focus()
    page.keyboard.press("Home")
    page.wait_for_timeout(500)  # for the frame to be drawn
    assert seen(page, "histogram") == again
    whole = freed(page, "histogram")
    assert whole["xaxis"][0] < zoomed["xaxis"][0] < zoomed["xaxis"][1] < whole["xaxis"][1]
    assert whole["yaxis"][0] == 0
    free = moved(page, "histogram", lambda: fewer_steps(page))
    assert free["xaxis"] == pytest.approx([-free["xaxis"][1], free["xaxis"][1]])
    assert free["yaxis"][0] == 0
    assert troubles(page) == []
    page.context.close()


def test_a_zoom_in_a_view_outlives_its_own_controls_and_the_pages(browser, server):
    page = opened(browser, f"{server}/negative_weights")
    plotted(page)
    expect(page.locator(".st-key-chart_picture .main-svg").first).to_be_visible(timeout=SLOW)
    zoomed = zoom(page, "picture")
    picked = page.get_by_role("radiogroup").filter(has_text="1").get_by_role("radio").nth(1)
    for move in (picked.click, lambda: fewer_steps(page)):
        again = moved(page, "picture", move)
        assert [again[axis] for axis in again] == [pytest.approx(zoomed[axis]) for axis in again]
    assert troubles(page) == []
    page.context.close()


def test_a_figure_that_answers_clicks_is_moved_without_a_run_of_its_own(browser, server):
    page = opened(browser, f"{server}/zigzag")
    plotted(page)
    panned = zoom(page, "path", button=None)
    runs = len(page.ended)
    page.wait_for_timeout(500)  # in which a run would begin
    assert len(page.ended) == runs
    again = moved(page, "path", page.locator(".st-key-try_0 button").first.click)
    assert again["xaxis"] == pytest.approx(panned["xaxis"], abs=0.1)  # its circles stay round: a little more or less
    assert len(page.ended) == runs + 1
    assert troubles(page) == []
    page.context.close()


# Draws a chart of the test's own as Streamlit does: an element anew, under the same key.
DRAWN = """([layout, x]) => {
    document.querySelector(".st-key-chart_mine")?.remove();
    document.body.insertAdjacentHTML("beforeend", "<div class='st-key-chart_mine'><div></div></div>");
    const data = [{ x, y: [1, 2, 3] }], frame = { width: 400, height: 300, ...layout };
    return Plotly.react(document.querySelector(".st-key-chart_mine div"), { data, layout: frame }).then(() => {});
}"""
ZOOMED = "() => Plotly.relayout(document.querySelector('.st-key-chart_mine div'), { 'xaxis.range': [0.5, 1] })"
MINE = "() => [...document.querySelector('.st-key-chart_mine div')._fullLayout.xaxis.range]"
STEPS = {"title": {"text": "steps"}, "range": [0, 2]}


@pytest.mark.parametrize(
    ("layout", "x", "kept"),
    [
        ({"xaxis": STEPS}, [0, 1, 2], True),
        ({"xaxis": STEPS | {"range": [0.9, 20]}}, [0, 1, 2], True),
        ({"xaxis": STEPS | {"range": [1, 20]}}, [0, 1, 2], False),
        ({"xaxis": {"title": {"text": "steps"}}}, [0, 1, 2], True),
        ({"xaxis": {"title": {"text": "steps"}}}, [10, 11, 12], False),
        ({"xaxis": STEPS | {"title": {"text": "seconds"}}}, [0, 1, 2], False),
        ({"xaxis": STEPS | {"type": "log"}}, [1, 10, 20], False),
        ({"xaxis": STEPS | {"fixedrange": True}}, [0, 1, 2], False),
        ({"xaxis": STEPS}, ["a", "b", "c"], False),
        ({}, [0, 1, 2], False),
    ],
    ids=["same", "wider", "beside", "free", "elsewhere", "unit", "log", "fixed", "words", "bare"],
)
def test_an_axis_that_says_something_else_is_whole(charts, layout, x, kept):
    charts.evaluate(DRAWN, [{"xaxis": STEPS}, [0, 1, 2]])
    charts.evaluate(ZOOMED)
    charts.evaluate(DRAWN, [layout, x])
    assert (charts.evaluate(MINE) == [0.5, 1]) == kept
    charts.evaluate(DRAWN, [{"xaxis": STEPS}, [0, 1, 2]])
    assert (charts.evaluate(MINE) == [0.5, 1]) == kept  # what is forgotten does not come back


# Draws a chart of the test's own twice, as Streamlit does: its second drawing clones the first one and has a width.
TWICE = """async second => {
    document.querySelector(".st-key-chart_mine")?.remove();
    document.body.insertAdjacentHTML("beforeend", "<div class='st-key-chart_mine'><div></div></div>");
    const figure = document.querySelector(".st-key-chart_mine div"), layout = { height: 300, xaxis: {} };
    figure.style.width = "400px";
    let drawn = 0;
    const data = [{ x: [0, 1, 2], y: [1, 2, 3] }], first = Plotly.react(figure, { data, layout });
    figure.on("plotly_afterplot", () => { drawn += 1; });
    await first;
    const begun = drawn, given = structuredClone({ data, layout: { ...layout, width: 400, ...second.layout } });
    given.data.push(...(second.data ?? []));
    for (let more = 0; more < (second.times ?? 1); more++) await Plotly.react(figure, given);
    const own = [figure.data === given.data, figure.layout === given.layout];
    const told = [drawn - begun, figure._fullLayout.width, ...own];
    await Plotly.relayout(figure, { "yaxis.range": [0, 9] });  // and Plotly goes on with it
    return [...told, figure._fullLayout.yaxis.range[1], figure._fullData.every(t => figure.data.includes(t._input))];
}"""


@pytest.mark.parametrize(
    ("second", "drawn"),
    [({}, 0), ({"layout": {"width": 300}}, 1), ({"layout": {"font": {"color": "red"}}}, 1),
     ({"data": [{"y": [1, 2]}]}, 1), ({"times": 2}, 1)],
    ids=["same", "width", "theme", "more", "third"],
)  # fmt: skip
def test_a_second_drawing_of_the_same_is_left_out(charts, second, drawn):
    """In another width, theme or with other traces it is drawn, and so is a third."""
    width = second.get("layout", {}).get("width", 400)
    assert charts.evaluate(TWICE, second) == [drawn, width, True, True, 9, True]


def test_streamlit_draws_a_moved_figure_once(browser, server):
    """Its two drawings are counted where they arrive, and the pictures where Plotly tells of them."""
    page = opened(browser, f"{server}/zigzag")
    plotted(page)
    page.evaluate(COUNTED)
    page.evaluate(QUIET)
    moved(page, "path", page.locator(".st-key-try_0 button").first.click)
    assert page.evaluate("[asked.length, new Set(asked).size, drawn]") == [2, 1, 1]
    assert troubles(page) == []
    page.context.close()


# Before anything else is there: whatever the page puts in front of Plotly's drawing, what comes through is noted.
NOTED = """(() => {
    const define = Object.defineProperty, pictures = window.pictures = [];
    const noting = bundle => {
        const react = bundle.react;
        bundle.react = (figure, ...given) => {
            pictures.push(figure.closest("[class*=st-key-chart_]").className);
            return react(figure, ...given);
        };
    };
    Object.defineProperty = (owner, name, how) => {
        const set = how.set;
        if (owner === window && name === "Plotly") how.set = bundle => { noting(bundle); set(bundle); };
        return define(owner, name, how);
    };
})()"""


def test_a_pages_first_pictures_are_drawn_once(browser, server):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.add_init_script(NOTED)
    page.goto(f"{server}/zigzag")
    plotted(page)
    settled(page)
    expect(page.locator(".js-plotly-plot .main-svg").last).to_be_visible(timeout=SLOW)
    page.wait_for_timeout(500)  # for second drawings, of which no event tells
    count = page.locator(".js-plotly-plot").count()
    assert page.evaluate("[pictures.length, new Set(pictures).size]") == [count, count]
    context.close()


COUNTED = """() => {
    const inner = Plotly.react;
    Object.assign(window, { asked: [], drawn: 0 });
    Plotly.react = (figure, ...given) => {
        const mine = figure.closest(".st-key-chart_path"), first = !figure.data, done = inner(figure, ...given);
        if (mine) asked.push(figure);
        if (mine && first) figure.on("plotly_afterplot", () => { drawn += 1; });
        return done;
    };
}"""

# The page's own first drawings may come late on a busy machine: they are waited for, and not counted.
QUIET = """() => new Promise(done => {
    let before = -1;
    const look = () => {
        const there = document.querySelector(".st-key-chart_path .main-svg") && asked.length === before;
        before = asked.length;
        if (there) done(Object.assign(window, { asked: [], drawn: 0 }) && null);
        else setTimeout(look, 500);
    };
    look();
})"""


def test_another_page_forgets(charts):
    charts.evaluate(DRAWN, [{"xaxis": STEPS}, [0, 1, 2]])
    charts.evaluate(ZOOMED)
    for place, sees in (("?steps=30", [0.5, 1]), ("/elsewhere", [0, 2])):
        charts.evaluate("place => history.replaceState(null, '', place)", place)
        charts.evaluate(DRAWN, [{"xaxis": STEPS}, [0, 1, 2]])
        assert charts.evaluate(MINE) == sees


@pytest.fixture(scope="module")
def charts(browser, server):
    """A page with Plotly, on which a reader has begun to do something."""
    page = opened(browser, f"{server}/negative_weights")
    plotted(page)
    page.mouse.click(3, 3)
    yield page
    page.context.close()
