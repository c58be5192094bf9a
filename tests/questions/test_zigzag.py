"""Positive inputs give one-signed updates, whatever the draws; the walk is plain torch's; the north-east is easy."""

import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from catalogue import ROOT
from drawn import drawn
from endings import unchosen
from streamlit.testing.v1 import AppTest

from lib.engine import neuron
from lib.questions.zigzag.config import LRS, TURN, Zigzag
from lib.questions.zigzag.experiment import DISTANCE, REPEATS, TOLERANCE, run
from lib.questions.zigzag.verdict import WILD, best, direction, main, speed, verdicts
from lib.ui import elements
from lib.words import load, ruling

DEFAULTS = "offset=3.0 direction=135 lr=0.03 bias=without seed=0"
RULINGS = {
    "one_signed_gradients": "right",
    "zigzags": "right",
    "only_two_quadrants": "right",
    "north_east_zigzag": "wrong",
    "zigzag_is_slow": "wrong",
}

DEFAULT = Zigzag()
EAST, WEST = 1, 2


@pytest.mark.parametrize("bias", ["without", "with"])
@pytest.mark.parametrize("seed", [0, 7])
def test_positive_inputs_give_one_signed_updates_in_every_repeat(bias, seed):
    result = run(Zigzag(offset=1.8, bias=bias, seed=seed))
    assert (result.alike[0] == 1).all()
    assert (result.gradients[0] == 1).all()
    assert (result.alike[1] < 0.75).all()
    assert verdicts(result)["signs"].key == "signs_all"


@pytest.mark.parametrize("offset", [0.0, 1.0])
def test_a_gradient_is_one_signed_just_where_the_inputs_are(offset):
    result = run(Zigzag(offset=offset))
    np.testing.assert_array_equal(result.gradients, result.agreeing)
    assert result.gradients[0].max() < 1
    assert verdicts(result)["signs"].key == "signs_some"


def test_no_one_signed_walk_to_the_north_west_beats_the_l1_distance(default):
    """The part of the way that is gone is at least 1 - TOLERANCE of the straight one in the 2-norm."""
    assert (default.length[0, :, WEST] >= np.sqrt(2) * (1 - TOLERANCE) - TOLERANCE).all()
    assert (default.length[0, :, 0] > 3).all()
    assert (default.length[1, :, 0] < 1.5).all()


@pytest.mark.parametrize("bias", ["without", "with"])
def test_every_update_is_plain_torchs(bias):
    """torch.nn.Linear under torch.optim.SGD, fed the same samples one by one, walks the same walk."""
    config = replace(DEFAULT, bias=bias)
    shown = run(config).shown
    for c in (0, 1):
        linear = torch.nn.Linear(2, 1, bias=bias == "with", dtype=torch.float64)
        torch.nn.init.zeros_(linear.weight)
        if bias == "with":
            torch.nn.init.zeros_(linear.bias)
        sgd = torch.optim.SGD(linear.parameters(), lr=config.lr)
        for step in range(shown.made[c]):
            np.testing.assert_allclose(linear.weight.detach()[0], shown.path[step, c], atol=1e-12)
            x = torch.from_numpy(shown.seen[step, c])
            sgd.zero_grad()
            f = linear(x)[0]
            f.retain_grad()
            ((f - x @ torch.from_numpy(shown.target)) ** 2 / 2).backward()
            assert f.grad.item() == pytest.approx(shown.slope[step, c], abs=1e-12)
            sgd.step()
        np.testing.assert_allclose(linear.weight.detach()[0], shown.path[shown.made[c], c], atol=1e-12)


def test_the_sentence_multiplies_right(default):
    """As it is printed: with -1.20 and 3.00 it is -3.60, not the -3.59 of the unrounded factors."""
    words = load("zigzag")
    for step, numbers in enumerate(default.shown.first(), start=1):
        said = words.say("figures.path.update", **numbers).replace("−", "-")
        slope, x1, x2, g1, g2 = map(float, re.findall(r"-?\d+\.\d\d", said))
        np.testing.assert_allclose([g1, g2], [slope * x1, slope * x2], atol=0.005 + 1e-9)
        moved = default.shown.path[step, 0] - default.shown.path[step - 1, 0]
        np.testing.assert_allclose(
            moved, -DEFAULT.lr * np.array([numbers["g1"], numbers["g2"]]), atol=0.06 * DEFAULT.lr
        )


def test_opposite_targets_are_mirror_images_to_the_last_bit(default):
    """Which is why half of the compass needs no run."""
    opposite = run(replace(DEFAULT, direction=315))
    np.testing.assert_array_equal(opposite.steps, default.steps)
    np.testing.assert_allclose(opposite.shown.path, -default.shown.path, atol=1e-12)
    assert opposite.over_rates().tolist() == default.over_rates().tolist()
    degrees, steps, _ = default.around()
    assert steps[degrees == 45].tolist() == steps[degrees == 225].tolist()


def test_the_cost_at_a_rate_is_that_of_the_walk(default):
    """The grid's entry at the chosen rate and direction is the first figure's own run."""
    np.testing.assert_array_equal(default.over_rates()[LRS.index(DEFAULT.lr)], default.steps[:, :, 0].T)


def test_without_an_offset_both_are_one():
    result = run(replace(DEFAULT, offset=0.0))
    for name in ("steps", "length", "alike", "cost"):
        values = getattr(result, name)
        np.testing.assert_array_equal(values[0], values[1])
    keys = {name: v.key for name, v in verdicts(result).items()}
    assert keys == {"main": "no_offset", "signs": "signs_some", "speed": "speed_open", "best": "best_open",
                    "direction": "direction_open"}  # fmt: skip


def test_the_verdicts_at_the_default(default):
    keys = {name: v.key for name, v in verdicts(default).items()}
    assert keys == {"main": "zigzag", "signs": "signs_all", "speed": "speed_alike", "best": "best_slower",
                    "direction": "direction_west"}  # fmt: skip


@pytest.mark.parametrize(
    ("settings", "entry", "key"),
    [
        ({"direction": 45}, "main", "straight"),
        ({"direction": 45}, "speed", "speed_faster"),
        ({"direction": 45, "offset": 5.0, "lr": 0.01}, "best", "best_open"),  # 5 steps against 7.5, paired
        ({"offset": 0.5}, "speed", "speed_open"),
        ({"lr": 0.1}, "main", "wild"),
        ({"direction": 45, "lr": 0.05}, "main", "overshoots"),  # both weights rise: there is nothing to zig-zag for
        ({"lr": 0.05}, "main", "overshoots"),
        ({"lr": 0.05}, "direction", "direction_open"),
        ({"bias": "with", "direction": 90}, "main", "zigzag"),
        ({"bias": "with", "direction": 0}, "main", "zigzag"),
        ({"offset": 0.5, "direction": 270, "lr": 0.5}, "main", "mixed"),
        ({"lr": 0.1}, "speed", "speed_slower"),
        ({"lr": 0.5}, "main", "diverged"),
        ({"lr": 0.5}, "direction", "direction_open"),
        ({"bias": "with", "lr": 0.01, "offset": 5.0}, "direction", "direction_open"),
        ({"bias": "with", "direction": 45}, "main", "zigzag_bias"),
        ({"bias": "with", "direction": 45}, "best", "best_more"),
        ({"bias": "with", "direction": 45, "lr": 0.02}, "speed", "speed_slower"),
        ({"bias": "with"}, "direction", "direction_both"),
        ({"bias": "with", "direction": 45, "offset": 5.0}, "best", "best_unreached"),
        ({"bias": "with", "direction": 45, "lr": 0.01}, "main", "unfinished"),
    ],
)
def test_other_ends_have_their_own_sentence(settings, entry, key):
    assert verdicts(run(replace(DEFAULT, **settings)))[entry].key == key


def test_a_data_set_could_still_say_the_opposite(default):
    turned = replace(default, length=default.length[:, :, [0, WEST, EAST]])
    assert direction(turned).key == "direction_east"
    assert best(replace(default, cost=default.cost[::-1])).key == "best_open"
    assert speed(replace(default, steps=default.steps[::-1], length=default.length[::-1])).key == "speed_open"
    assert main(replace(default, length=default.length * WILD)).key == "wild"


def test_pairs_that_point_both_ways_are_unclear(default):
    both = np.where(np.arange(REPEATS) % 2 == 0, 2.0, 0.5)
    length, steps, cost = default.length.copy(), default.steps.copy(), default.cost.copy()
    length[0, :, 0] = both * length[1, :, 0]
    steps[0, :, 0] = both * steps[1, :, 0]
    cost[0] = both[:, None, None] * cost[1]
    assert main(replace(default, length=length)).key == "unclear"
    assert speed(replace(default, steps=steps)).key == "speed_open"
    assert best(replace(default, cost=np.minimum(cost, 299))).key == "best_open"
    length[0, :, WEST] = both * length[0, :, EAST]
    assert direction(replace(default, length=length)).key == "direction_open"


@pytest.mark.parametrize("config", [{}, {"offset": 1.8}, {"lr": 0.05}, {"offset": 5.0}, {"offset": 5.0, "lr": 0.01}])
def test_a_walk_overshoots_just_where_the_easy_way_is_long_too(config):
    """A step multiplies its sample's error by 1 - lr |x|^2; the north-east needs no turns."""
    result = run(replace(DEFAULT, **config))
    easy = np.median(result.length[0, :, EAST])
    assert (result.growing[0].max() > 0) == (easy > 1.5)
    x, lr = neuron.draws(range(1), 200, 2)[0] + result.config.offset, result.config.lr
    target = np.array([1.0, -3.0])
    after = [target - target + lr * (each @ target) * each for each in x]
    worse = [abs((target - w) @ each) > abs(target @ each) for w, each in zip(after, x, strict=True)]
    assert np.mean(worse) == result.growing[0, 0]
    assert (main(result).key == "overshoots") == any(worse)


def test_the_smaller_rate_is_blamed_only_where_it_costs_centred_inputs_the_steps_too(default):
    found = best(default)
    assert found.key == "best_slower"
    assert found.numbers["steps_same"] == np.median(default.over_rates()[LRS.index(found.numbers["lr"])], 0)[1]
    cost = default.cost.copy()
    cost[1, :, :, LRS.index(found.numbers["lr"])] = 10
    assert best(replace(default, cost=cost)).key == "best_more"


def test_a_claim_about_the_zigzag_is_not_settled_by_another_cause():
    """Where the offset costs steps it overshoots, or a bias makes the loss flat: neither is the zig-zag."""
    claim = next(c for c in load("zigzag")["claims"] if c["id"] == "zigzag_is_slow")
    assert [ruling(claim, key) for key in ("speed_alike", "speed_slower")] == ["wrong", "open"]


def test_walks_that_never_arrive_count_as_the_longest(default):
    steps = default.steps.copy()
    steps[0, :9, 0] = -1
    few = main(replace(default, steps=steps))
    assert few.key == "zigzag"
    assert few.numbers["steps"] == np.median(np.where(steps[0, :, 0] < 0, 1e9, steps[0, :, 0]))
    steps[0, 9, 0] = -1
    assert main(replace(default, steps=steps)).key == "unfinished"


def test_progress_is_told():
    told = []
    run(DEFAULT, progress=lambda done, total: told.append((done, total)))
    assert told
    assert all(done <= total for done, total in told)


def test_a_descent_on_all_samples_is_the_quadratic_forms():
    """With every sample in the batch, w - w* shrinks by (I - lr H) per step."""
    x = neuron.draws(range(3), 50, 4)[None] + 1.0
    target = np.ones((4, 1))
    done = neuron.descend(x, target, np.array([0.05]), 7, weights=4, tolerance=1e-9, keep=True)
    for r in range(3):
        step = np.eye(4) - 0.05 * x[0, r].T @ x[0, r] / 50
        np.testing.assert_allclose(done.path[7, 0, r] - target, np.linalg.matrix_power(step, 7) @ -target, atol=1e-10)


def holds_the_arrows(chart, shown):
    """On the right the first five updates from the start, numbered beside them; the hover of their tips."""
    words, (arrows, *_) = load("zigzag"), [t for t in chart.data if t.xaxis == "x2" and t.line.width == 3]
    tips = next(t for t in chart.data if t.xaxis == "x2" and t.hovertext)
    numbers = next(t for t in chart.data if t.xaxis == "x2" and t.mode == "text")
    assert [re.sub(r"\D", "", text) for text in numbers.text] == ["1", "2", "3", "4", "5"]
    for at, axis in enumerate("xy"):
        np.testing.assert_allclose(arrows[axis], shown.path[:6, 0, at], atol=6e-4)
        np.testing.assert_allclose(tips[axis], shown.path[1:6, 0, at], atol=6e-4)
    for text, slope, x in zip(tips.hovertext, shown.slope[:5, 0], shown.seen[:5, 0], strict=True):
        said = [float(n) for n in re.findall(r"-?\d+\.\d\d", text.replace("−", "-"))]
        np.testing.assert_allclose(said, [slope, *x, *(slope * x)], atol=0.03)
    assert words.say("figures.path.update", **shown.first()[2]) == tips.hovertext[2]


def holds_the_moments(chart, shown):
    """In every frame the bold arrow is the update before it, and the shaded corner the place that it left."""
    steps = [int(step.label) for step in chart.layout.sliders[0].steps]
    assert steps == shown.frames.tolist()
    for frame, step in zip(chart.frames[1:-1], steps[1:-1], strict=True):
        shade, offset, centred = frame.data[-3:]
        for at, axis in enumerate("xy"):
            assert shade[axis][0] == pytest.approx(shown.path[step - 1, 0, at], abs=6e-4)
            for c, move in enumerate((offset, centred)):
                updates = shown.path[[step - 1, step], c, at] if step <= shown.made[c] else []
                np.testing.assert_allclose(move[axis], updates, atol=6e-4)
    assert [len(trace.x or ()) for trace in chart.data[-3:]] == [0, 0, 0]  # at first sight the whole walks


def holds_the_targets(chart):
    """A click names the direction that it comes from and the one that it asks for."""
    ring, seen = chart.data[:2]
    assert (ring.marker.size, seen.hoverinfo) == (28, "skip")
    assert list(zip(ring.x, ring.y, strict=True)) == list(zip(seen.x, seen.y, strict=True))
    degrees = [int(key.split()[1]) for key in ring.customdata]
    assert {key.split()[0] for key in ring.customdata} == {"135"}
    np.testing.assert_allclose(ring.x, DISTANCE * np.cos(np.radians(degrees)), atol=1e-6)
    np.testing.assert_allclose(ring.y, DISTANCE * np.sin(np.radians(degrees)), atol=1e-6)
    assert all(f"{d}°" in text for d, text in zip(degrees, ring.text, strict=True))


def holds_the_walks(page, default):
    shown, words = default.shown, load("zigzag")
    offset, centred = words["words.offset"], words["words.centred"]
    walk = {name: shown.path[: shown.made[c] + 1, c] for c, name in ((1, centred), (0, offset))}
    for at, axis in enumerate("xy"):
        page.holds("path", {name: places[:, at] for name, places in walk.items()}, of=axis)
        np.testing.assert_array_equal(page.tables["path"][f"offset_w{at + 1}"], shown.path[1:, 0, at])
        np.testing.assert_array_equal(page.tables["path"][f"centred_w{at + 1}"], shown.path[1:, 1, at])
    told = page.charts["path"].layout.annotations[0].text
    for c, ending in enumerate(("", "_centred")):
        length = np.linalg.norm(np.diff(shown.path[:, c], axis=0), axis=1).sum() / DISTANCE
        assert f"{length:.1f} × the straight way, {shown.made[c]} steps" in told
        assert page.numbers["path"][f"own{ending}"] == pytest.approx(length)
    holds_the_arrows(page.charts["path"], shown)
    holds_the_moments(page.charts["path"], shown)
    holds_the_targets(page.charts["path"])


def test_a_click_on_a_target_moves_the_control_once(monkeypatch):
    """The click stays with the chart; the reader may move the control away from it afterwards."""
    chart = elements.chart

    def clicked(drawn, words, name, **more):
        chart(drawn, words, name, **more)
        return [{"x": 0.1}, {"customdata": "135 45"}] if name == "path" else None

    monkeypatch.setattr(elements, "chart", clicked)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page("pages/41_zigzag.py").run()
    control = app.select_slider(key="Zigzag.direction")
    assert control.value == "45"
    control.set_value("90").run()
    assert app.select_slider(key="Zigzag.direction").value == "90"
    assert not app.exception


def test_every_chart_shows_the_runs_numbers(default):
    words = load("zigzag")
    offset, centred = words["words.offset"], words["words.centred"]
    with drawn("zigzag") as page:
        holds_the_walks(page, default)
        compass, half = page.tables["polar"], np.median(default.cost, 1).min(2)  # (2, half of the directions)
        around = np.concatenate([half, half, half[:, :1]], 1)
        page.holds("polar", {offset: around[0], centred: around[1]}, of="r")
        np.testing.assert_array_equal(compass["steps"], around[0, :-1])
        np.testing.assert_array_equal(compass["steps_centred"], around[1, :-1])


def test_the_quadrants_are_shaded_only_where_the_rule_of_signs_holds():
    with drawn("zigzag", **{"Zigzag.offset": "1.0"}) as page:
        page.held.update(page.charts)
        assert all(trace.fill is None for trace in page.charts["path"].data)
        assert [a.text for a in page.charts["path"].layout.annotations[1:]] == ["★ target"]


@pytest.mark.parametrize("settings", [{}, {"Zigzag.direction": "0"}, {"Zigzag.direction": "285"}])
def test_the_names_of_the_shades_and_the_numbers_have_room(settings):
    """Both shades are wider than their names, and no two numbers stand closer than a letter is wide."""
    with drawn("zigzag", **settings) as page:
        page.held.update(page.charts)
        chart = page.charts["path"]
        (left, right), (bottom, top) = chart.layout.xaxis2.range, chart.layout.yaxis2.range
        wide = right - left
        assert top - bottom == pytest.approx(wide)
        assert min(right, -left) >= 0.27 * wide - 1e-9
        assert min(top, -bottom) >= 0.1 * wide - 1e-9
        numbers = next(t for t in chart.data if t.xaxis == "x2" and t.mode == "text")
        places = np.stack([numbers.x, numbers.y], 1)
        assert len(places) >= 3
        apart = np.linalg.norm(places[:, None] - places, axis=2) + wide * np.eye(len(places))
        assert apart.min() >= 15 / 265 * wide
        assert (np.array([left, bottom]) < places).all()
        assert (places < np.array([right, top])).all()


def test_the_verdicts_say_the_tables_numbers(default):
    table, found = default.table(), {name: verdict.numbers for name, verdict in verdicts(default).items()}
    chosen = dict(iter(table[table.target == "chosen"].groupby("input")))
    for name in ("steps", "length"):
        assert found["main"][name] == np.median(chosen["offset"][name])
        assert found["main"][f"{name}_centred"] == np.median(chosen["centred"][name])
    assert found["signs"]["measured"] == default.gradients[0].mean()
    assert found["signs"]["x1"] == default.shown.seen[0, 0, 0].round(2)
    assert found["speed"]["steps"] == np.median(chosen["offset"]["steps"])
    east, west = (table[(table.target == t) & (table.input == "offset")] for t in ("north_east", "north_west"))
    assert (found["direction"]["east"], found["direction"]["west"]) == (east.length.median(), west.length.median())
    steps, grid = found["best"], np.median(default.cost[:, :, 135 // TURN], 1)
    assert (steps["steps"], steps["steps_centred"]) == (grid[0].min(), grid[1].min())
    assert (steps["lr"], steps["lr_centred"]) == (LRS[grid[0].argmin()], LRS[grid[1].argmin()])


def test_a_walk_that_does_not_arrive_is_unfinished(default):
    steps = default.steps.copy()
    steps[0, :, 0] = -1
    assert main(replace(default, steps=steps)).key == "unfinished"


@pytest.mark.parametrize("bias", ["without", "with"])
def test_the_neuron_to_take_home_is_where_the_drawn_walk_ends(bias):
    result = run(replace(DEFAULT, bias=bias))
    end = result.shown.path[-1, 0].astype(np.float32)
    np.testing.assert_array_equal(result.network["layer1.weight"], end[None])
    shapes = {name: values.shape for name, values in result.network.items()}
    assert shapes == {"layer1.weight": (1, 2)} | ({"layer1.bias": (1,)} if bias == "with" else {})
    bias_left = result.network.get("layer1.bias", np.zeros(1))  # the target's is 0
    left = np.linalg.norm(np.append(end - result.shown.target, bias_left))
    assert left <= TOLERANCE * DISTANCE


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("zigzag")
