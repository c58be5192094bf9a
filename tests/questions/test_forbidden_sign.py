"""No training goes below the floor that theory sets to non-negative weights; two outputs escape it."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import torch
from catalogue import ROOT
from drawn import drawn
from endings import unchosen
from streamlit.testing.v1 import AppTest

from lib.engine import data, inits, measure, mlp, monotone, train
from lib.figures.style import RING
from lib.questions.forbidden_sign.config import ForbiddenSign
from lib.questions.forbidden_sign.experiment import GRID, REPEATS, SQUARE, run
from lib.questions.forbidden_sign.verdict import functions, head, main, verdicts
from lib.ui import elements
from lib.words import load

DEFAULTS = "task=xor held=all activation=relu hidden=1 width=8 steps=300 seed=0"
RULINGS = {
    "could_do_without": "depends",
    "outputs_only": "right",
}

DEFAULT = ForbiddenSign()
QUICK = ForbiddenSign(steps=10)


@pytest.mark.parametrize("task", ["xor", "parabola", "sine", "disc"])
@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "tanh", "sigmoid"])
def test_no_held_network_crosses_its_floor(task, activation):
    result = run(replace(DEFAULT, task=task, activation=activation, steps=100))
    assert result.floor > 0.05
    assert (result.loss[:, 1] >= result.floor - 1e-6).all()


def test_relu_xor_ends_as_a_coin_flip(default):
    assert verdicts(default)["main"].key == "floor_supermodular"
    assert default.floor == pytest.approx(np.log(2))
    np.testing.assert_allclose(default.loss[-1, 1], np.log(2), atol=2e-3)
    assert np.median(default.loss[-1, 0]) < 0.05


def test_convexity_is_not_what_forbids_xor(default):
    """max(x1, x2) is non-decreasing and convex and gets below ln 2, so the sentence must not give that as reason."""
    corners, y = data.boolean("xor")
    weights = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    highest, labels = corners.amax(1).double(), y[:, 0].double()
    solver = torch.optim.Adam([weights], lr=0.5)
    for _ in range(300):
        solver.zero_grad()
        z = weights[0] * highest + weights[1]
        loss = torch.nn.functional.binary_cross_entropy_with_logits(z, labels)
        loss.backward()
        solver.step()
    assert float(loss.detach()) < default.floor - 0.2
    assert default.reason == "supermodular"
    assert verdicts(default)["main"].key == "floor_supermodular"
    line = run(replace(QUICK, task="sine", width=16, steps=300))  # along a line there is nothing to be supermodular
    assert (line.reason, verdicts(line)["main"].key) == ("convex", "floor_convex")
    y = data.curve("sine", 41)[1][:, 0].numpy()
    assert line.floor > 2 * monotone.isotonic_error(y)  # that it never falls would not explain the number
    bowl = run(replace(QUICK, task="parabola", width=16, steps=300))
    assert (bowl.reason, verdicts(bowl)["main"].key) == ("monotone", "floor_monotone")


def test_a_coin_flip_is_best_by_loss_only(default):
    """OR is x1 + x2 - 1/2, all weights positive, and right at three of XOR's four points: the sentence says loss."""
    x, y = data.boolean("xor")
    assert ((x.sum(1) - 0.5 > 0) == (y[:, 0] == 1)).float().mean() == 0.75
    said = load("forbidden_sign").parts("main", *verdicts(default)["main"])
    assert "coin" not in said.claim
    assert said.line.startswith("Loss")
    assert "one output" in said.claim  # with two outputs the same page learns it


@pytest.mark.parametrize("held", ["first", "last"])
def test_one_held_layer_is_not_called_without_negative_weights(held):
    """Nor is the cost laid to what is forbidden alone: held networks start from absolute values."""
    result = run(replace(DEFAULT, task="sine", held=held))
    assert result.floor == 0
    assert main(result).key in ("worse", "costless", "unclear")
    for key in ("worse", "costless", "unclear"):
        assert "ithout" not in load("forbidden_sign")[f"verdict.main.{key}"]
    assert "Started and held" in load("forbidden_sign")["verdict.main.worse"]


def test_the_cost_on_digits_is_in_part_that_of_the_start(default):
    """From the absolute values, and let go, 64-32-32-10 networks lose half of what held ones lose."""
    network, repeats, split = mlp.MLP((64, 32, 32, 10)), 5, data.digits()
    start = [p.abs() for p in inits.start(network, inits.Init("he"), range(repeats))]
    recipe = train.Recipe(300, "cross_entropy", "adam", lr=0.005, batch=64)
    history = train.train(network, start, split.train, recipe, seeds=range(repeats))
    let_go = float(measure.accuracy(network, history.params, split.test).median())
    free, held = np.median(run(replace(DEFAULT, task="digits", hidden=2, width=32)).score, 1)
    assert free - let_go > 0.25 * (free - held) > 0


def test_relu_keeps_the_outputs_not_the_weights(default):
    assert default.least == 0
    assert verdicts(default)["outputs"].key == "outputs_only"
    deeper = run(replace(QUICK, hidden=2, activation="tanh"))
    assert -1 <= deeper.least < 0
    assert verdicts(deeper)["outputs"].key == "outputs_other"
    assert verdicts(replace(default, negative=0 * default.negative))["outputs"].key == "outputs_other"


def test_cost_and_gain_have_to_be_shown(default):
    """By the pairs; two of ten that fail are neither a cost nor none."""
    free, every = np.full(REPEATS, 0.9), np.arange(REPEATS)
    changes = 0.001 * (every % 3), 0.03 + 0.001 * every, -0.05 - 0.001 * every, np.where(every < 3, -0.3, 0.0)
    for key, change in zip(("costless", "costless", "worse", "unclear"), changes, strict=True):
        assert main(replace(default, floor=0.0, chance=0.25, score=np.stack([free, free + change]))).key == key


def test_three_starts_of_ten_do_not_show_that_a_second_output_helps(default):
    solved = np.zeros_like(default.solved)
    solved[1, 1, 0, :3] = True  # three of ten starts learn one function more
    assert head(replace(default, solved=solved)).key == "head_other"
    solved[1, 1, 0] = True  # all ten, but a function that never falls: no minus sign is needed for it
    assert default.monotone[0]
    assert head(replace(default, solved=solved)).key == "head_other"
    solved[1, 1, default.functions.index("xor")] = True
    assert head(replace(default, solved=solved)).key == "head_smuggles"


def test_tanh_xor_ends_at_the_isotonic_fit():
    result = run(replace(DEFAULT, activation="tanh", steps=1000))
    assert verdicts(result)["main"].key == "floor_monotone"
    assert result.floor == pytest.approx((3 * np.log(3) - 2 * np.log(2)) / 4)  # p = 0, 2/3, 2/3, 2/3
    np.testing.assert_allclose(result.loss[-1, 1], result.floor, atol=2e-3)
    assert (result.score[1] == 0.75).all()


def test_exactly_the_monotone_functions_are_learned(default):
    x = data.boolean("xor")[0].numpy()
    below = [(i, j) for i, j in product(range(4), repeat=2) if (x[i] <= x[j]).all()]
    outputs = [data.boolean(name)[1][:, 0].numpy() for name in data.BOOLEAN]
    by_definition = [all(y[i] <= y[j] for i, j in below) for y in outputs]
    assert default.monotone.tolist() == by_definition
    assert sum(by_definition) == 6
    held = default.solved[0, 1].mean(1)
    assert (held[default.monotone] == 1).all()
    assert (held[~default.monotone] == 0).all()
    assert verdicts(default)["functions"].key == "functions_monotone"
    assert verdicts(default)["head"].key == "head_smuggles"
    assert default.solved[1, 1].mean(1).min() > 0.5


def test_with_nothing_held_nothing_changes():
    result = run(replace(DEFAULT, held="none"))
    np.testing.assert_allclose(result.loss[:, 0], result.loss[:, 1], atol=1e-4)
    assert verdicts(result)["main"].key == "same"
    assert result.floor == 0
    assert verdicts(result)["functions"].key == "functions_other"
    assert verdicts(result)["head"].key == "head_other"


@pytest.mark.parametrize("held", ["first", "last"])
def test_one_free_layer_is_enough_for_xor(held):
    result = run(replace(DEFAULT, held=held, width=16))  # of 8 units a few networks get stuck, free or held
    assert verdicts(result)["main"].key == "costless"
    assert np.median(result.score[1]) == 1
    assert verdicts(result)["functions"].numbers["held"] > 6


def test_a_softmax_head_needs_no_negative_weight():
    assert verdicts(run(replace(DEFAULT, task="xor_softmax")))["main"].key == "costless"
    digits = run(replace(DEFAULT, task="digits", width=32))
    assert verdicts(digits)["main"].key == "worse"
    assert digits.score[1].min() > 0.85


def test_less_ink_cannot_be_a_reason():
    """An eight is a three with more ink: held weights can say so, but not the reverse."""
    more, less = (run(replace(DEFAULT, task=t)) for t in ("eight_not_three", "three_not_eight"))
    assert np.median(more.score[1]) - np.median(less.score[1]) > 0.04
    assert more.score[0].min() > 0.95 < less.score[0].min()


def test_other_ends_are_named(default):
    assert main(replace(default, diverged=np.full_like(default.diverged, 5))).key == "diverged"
    assert main(replace(default, score=default.score * 0.5)).key == "unlearned"
    assert functions(replace(default, solved=np.zeros_like(default.solved))).key == "functions_other"
    only = np.zeros_like(default.solved)
    only[:, :, default.monotone] = True  # free networks learn no more: they may be too small
    assert functions(replace(default, solved=only)).key == "functions_other"
    assert functions(replace(default, solved=np.ones_like(default.solved))).key == "functions_other"


def test_isotonic_regression_is_the_best_monotone_fit():
    """Against every non-decreasing rule on a fine grid, and against scikit-learn along a line."""
    from sklearn.isotonic import IsotonicRegression

    g = np.random.default_rng(0)
    line, labels = np.sort(g.random(40))[:, None], g.integers(0, 2, 40)
    expected = IsotonicRegression().fit_transform(line[:, 0], labels)
    np.testing.assert_allclose(monotone.isotonic(line, labels), expected, atol=1e-12)
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    levels = np.linspace(0.01, 0.99, 15)
    for labels in product((0, 1), repeat=4):
        y = np.array(labels)
        best = monotone.log_loss(monotone.isotonic(x, y), y)
        rules = [r for r in product(levels, repeat=4) if r[0] <= min(r[1:3]) and max(r[1:3]) <= r[3]]
        least = min(-np.log(np.where(y == 1, r, 1 - np.array(r))).mean() for r in rules)
        assert best - 1e-9 <= least <= best + 0.02


def test_convex_floor_is_the_best_convex_fit():
    x = np.linspace(-1, 1, 41)
    assert monotone.convex_error(x, np.maximum(x, 0.2) * 3 - 1) < 1e-20
    assert monotone.convex_error(x, x**2) == pytest.approx(monotone.isotonic_error(x**2))  # already convex
    assert monotone.convex_error(x, -np.abs(x)) > monotone.isotonic_error(-np.abs(x)) > 0


def test_the_projection_is_a_clamp_after_torchs_adam():
    """The first held network of the default run, trained again with torch.nn and torch.optim."""
    start = inits.start(mlp.MLP((2, 8, 1)), inits.Init("he"), [0])
    model = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))
    x, y = data.boolean("xor")
    adam = torch.optim.Adam(model.parameters(), lr=0.02)
    with torch.no_grad():
        for own, given in zip(model.parameters(), start, strict=True):
            own.copy_(given[0].abs())
    for _ in range(10):
        adam.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(model(x), y).backward()
        adam.step()
        with torch.no_grad():
            for weight in (model[0].weight, model[2].weight):
                weight.clamp_(min=0)
    expected = torch.nn.functional.binary_cross_entropy_with_logits(model(x), y).item()
    assert run(QUICK).loss[-1, 1, 0] == pytest.approx(expected, rel=1e-5)
    assert run(QUICK).score.shape == (2, REPEATS)


def test_every_chart_shows_the_runs_numbers(default):
    words = load("forbidden_sign")
    free, held = words["figures.curves.free"], words["figures.curves.held"]
    with drawn("forbidden_sign") as page:
        page.holds("curves", {free: np.median(default.loss[:, 0], 1), held: np.median(default.loss[:, 1], 1)})
        (line,), notes = page.charts["curves"].layout.shapes, page.charts["curves"].layout.annotations
        assert line.y0 == pytest.approx(np.log(2))
        assert words["figures.curves.least"] in [note.text for note in notes]
        ends = page.tables["curves"].groupby("weights")
        np.testing.assert_array_equal(ends.get_group("free").loss, default.loss[-1, 0])
        np.testing.assert_array_equal(ends.get_group("held").score, default.score[1])
        holds_the_squares(page, default, words)
        holds_the_functions(page, default)


def tile(chart, row, column, side, below, gap, top=0):
    """One of the pictures on a sheet of tiles, in whole per cents."""
    sheet = np.asarray(chart.data[0].z, float)
    return sheet[top + row * (side + below) :, column * (side + gap) :][:side, :side]


def holds_the_squares(page, result, words):
    """Rows by the answers at 00 and 11, columns by those at 01 and 10; answers and marks are held networks'."""
    names = [words[f"words.{name}"] for name in result.functions]
    chart, xor = page.charts["squares"], result.functions.index("xor")
    marks = [note.text for note in chart.layout.annotations]
    for place, ((first, last), (middle, other)) in enumerate(
        product([(0, 1), (0, 0), (1, 1), (1, 0)], [(0, 0), (0, 1), (1, 0), (1, 1)])
    ):
        k = 8 * first + 4 * middle + 2 * other + last  # as data.BOOLEAN counts them
        assert result.wanted[k].tolist() == [first, middle, other, last]
        shown = tile(chart, *divmod(place, 4), SQUARE, 6, 6)
        np.testing.assert_allclose(shown, 100 * result.answers[1, k], atol=0.51)
        mark = "yes" if 2 * result.solved[0, 1, k].sum() > REPEATS else "no"
        assert marks[place] == words.say(f"figures.squares.{mark}", function=names[k])
    assert page.numbers["squares"]["learned"] == ", ".join(names[k] for k in (1, 3, 5, 7, 0, 15))
    for row, condition in enumerate((1, 0)):  # held above, free below
        shown = tile(page.charts["large"], row, 0, SQUARE, 4, 0, top=3)
        np.testing.assert_allclose(shown, 100 * result.answers[condition, xor], atol=0.51)
    for name, condition in (("free", 0), ("held", 1)):
        assert page.numbers["large"][name] == result.solved[0, condition, xor].mean()
    assert page.charts["large"].layout.annotations[-1].text == f"<b>{names[xor]}</b>"
    assert ringed(chart) == [result.by_corners.index(xor)]
    assert page.numbers["squares"]["ringed"] == page.numbers["large"]["function"] == names[xor]
    page.held |= {"squares", "large"}


def ringed(chart):
    """Which of the sixteen squares have a ring around them, by their places."""
    (ring,) = [t for t in chart.data if t.type == "scatter" and t.mode == "lines" and t.line.color == RING]
    points = next(t for t in chart.data if t.type == "scatter" and t.customdata is not None)
    inside = (np.nanmin(ring.x) < points.x) & (points.x < np.nanmax(ring.x))
    return np.flatnonzero(inside & (np.nanmin(ring.y) < points.y) & (points.y < np.nanmax(ring.y))).tolist()


def test_a_clicked_square_is_drawn_large_until_it_is_clicked_again(default, monkeypatch):
    told = []
    monkeypatch.setattr(elements, "clicked", lambda name: told)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page("pages/12_forbidden_sign.py").run()
    usual = default.functions.index("xor")
    for clicks, chosen in (([], usual), ([5], default.by_corners[5]), ([5], default.by_corners[5]),
                           ([0], default.by_corners[0]), ([], default.by_corners[0]), ([0], usual)):  # fmt: skip
        told[:] = [{"customdata": place} for place in clicks]
        app.run()
        assert not app.exception
        assert [box.value for box in app.selectbox if box.key.startswith("forbidden_sign_function")] == [chosen]
        name = load("forbidden_sign")[f"words.{default.functions[chosen]}"]
        alts = [chart.proto.alt for chart in app.get("plotly_chart")]
        assert alts[0].endswith(f"ringed: {name}.") and alts[1].startswith(f"{name}:")


def test_a_square_shows_what_the_network_answers_where_its_points_are(default):
    """Each of the four points lies in a square's cell in which the first start's network has the point's answer."""
    rows = np.floor((1 - default.corners[:, 1]) * SQUARE).astype(int)
    columns = np.floor(default.corners[:, 0] * SQUARE).astype(int)
    right = (default.answers[:, :, rows, columns] > 0) == (default.wanted == 1)  # (2, 16, 4)
    solved = default.solved[0, :, :, 0]
    assert solved.sum() == 22
    assert right[solved].all()
    assert not right[~solved].all(1).any()


def test_a_region_is_drawn_by_both_networks():
    result = run(ForbiddenSign(task="disc", steps=10))
    with drawn("forbidden_sign", **{"ForbiddenSign.task": "disc", "ForbiddenSign.steps": "10"}) as page:
        places = np.rint(data.region("disc", GRID)[0].numpy() * (GRID - 1)).astype(int)
        for column, condition in enumerate((0, 1)):  # free, held; the second input upwards
            square = np.zeros((GRID, GRID))
            square[GRID - 1 - places[:, 1], places[:, 0]] = result.picture[-1, condition, 0]
            shown = tile(page.charts["surface"], 0, column, GRID, 3, 2)
            np.testing.assert_allclose(shown, 100 * square, atol=0.51)
        assert page.hero == "surface"
        page.held |= {"surface", "squares", "large", "curves"}


def holds_the_functions(page, result):
    """The monotone ones first; each cell is the mean over the starts."""
    table = page.tables["squares"]
    order = [k for k in range(16) if result.monotone[k]] + [k for k in range(16) if not result.monotone[k]]
    assert list(table.function) == [result.functions[k] for k in order]
    assert list(table.monotone) == [True] * 6 + [False] * 10
    learned = 100 * result.solved[:, :, order].mean(3)  # (heads, free or held, 16)
    for k, outputs in enumerate(("one_logit", "two_logits")):
        np.testing.assert_array_equal(table[f"{outputs}_free"], learned[k, 0])
        np.testing.assert_array_equal(table[f"{outputs}_held"], learned[k, 1])


def test_a_curve_is_drawn_beside_what_was_made_of_it():
    result, words = run(ForbiddenSign(task="ramp", steps=10)), load("forbidden_sign")
    free, held = words["figures.curves.free"], words["figures.curves.held"]
    with drawn("forbidden_sign", **{"ForbiddenSign.task": "ramp", "ForbiddenSign.steps": "10"}) as page:
        page.holds("curves", {free: np.median(result.loss[:, 0], 1), held: np.median(result.loss[:, 1], 1)})
        page.holds("fit", {free: np.median(result.picture[-1, 0], 0), held: np.median(result.picture[-1, 1], 0)})
        (goal,) = [t for t in page.charts["fit"].data if t.name == words["figures.fit.goal"]]
        np.testing.assert_allclose(goal.y, goal.x, atol=1e-6)
        np.testing.assert_allclose(page.tables["fit"]["target"], page.tables["fit"]["input"], atol=1e-6)
        np.testing.assert_allclose(page.named("fit")[held].x, np.linspace(-1, 1, 101))
        holds_the_functions(page, result)
        holds_the_squares(page, result, words)


def test_the_verdicts_say_the_tables_numbers(default):
    table, found = default.table(), {name: verdict.numbers for name, verdict in verdicts(default).items()}
    free, held = (table[table.weights == name].set_index("repeat") for name in ("free", "held"))
    assert (found["main"]["free"], found["main"]["held"]) == (free.score.median(), held.score.median())
    assert found["main"]["loss_free"] == pytest.approx(free.loss.median())
    assert found["main"]["loss_held"] == pytest.approx(held.loss.median())
    assert {found["main"]["floor"]} == set(table.floor)
    rates = default.functions_table().set_index("function")
    learned = (rates.drop(columns="monotone") > 50).sum()
    one = found["functions"]
    assert (one["free"], one["held"]) == (learned.one_logit_free, learned.one_logit_held)
    assert one["monotone"] == rates.monotone.sum()
    assert (found["head"]["one"], found["head"]["two"]) == (learned.one_logit_held, learned.two_logits_held)


def test_each_of_the_four_kinds_of_network_is_counted_by_itself(default):
    """By default three of them learn all 16 functions; here every count is another one."""
    solved = np.zeros_like(default.solved)
    for head_at, condition, count in ((0, 0, 14), (0, 1, 3), (1, 0, 5), (1, 1, 11)):
        solved[head_at, condition, :count, :6] = True  # six of ten starts are most
    one, two = functions(replace(default, solved=solved)).numbers, head(replace(default, solved=solved)).numbers
    assert (one["free"], one["held"]) == (14, 3)
    assert (two["one"], two["two"]) == (3, 11)


def test_the_network_to_take_home_is_the_first_held_one(default):
    """Its loss on XOR by plain torch is the last of its line, and no weight of it is below zero."""
    w, b, v, c = (torch.tensor(p) for p in default.network.values())
    assert list(default.network) == ["layer1.weight", "layer1.bias", "layer2.weight", "layer2.bias"]
    assert min(w.min(), v.min()) >= 0
    x, y = data.boolean("xor")
    loss = torch.nn.functional.binary_cross_entropy_with_logits((x @ w.T + b).relu() @ v.T + c, y)
    assert float(loss) == pytest.approx(default.loss[-1, 1, 0], rel=1e-5)
    lost = run(replace(QUICK, held="none"))
    np.testing.assert_array_less(lost.network["layer1.weight"].min(), 0)


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("forbidden_sign")
