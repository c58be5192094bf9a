"""The decomposition is the gradient; one sample never moves a unit's weights both ways on positive inputs."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn import drawn
from endings import unchosen

from lib.engine import data, inits, mlp
from lib.questions.gradient_signs.config import BATCHES, COLUMNS, RATE, GradientSigns
from lib.questions.gradient_signs.experiment import REPEATS, SIZES, run
from lib.questions.gradient_signs.verdict import AGREE, branches, main, mixed, verdicts
from lib.words import load

DEFAULTS = "activation=relu layer=1 batch=30 pixels=positive steps=100 start=abs_he/4 unit=0 seed=0"
RULINGS = {
    "local_positive": "depends",
    "error_either_sign": "right",
    "branch_formula": "right",
    "weights_can_go_down": "right",
}

DEFAULT = GradientSigns()
QUICK = GradientSigns(steps=10)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("layer", ["1", "2", "3"])
@pytest.mark.parametrize("batch", [1, 30])
def test_branch_sum_times_local_gradient_is_autograds_gradient(activation, layer, batch):
    result = run(replace(QUICK, activation=activation, layer=layer, batch=batch))
    assert result.autograd_gap.max() < AGREE
    assert result.autograd_gap.shape == (REPEATS,)
    assert np.abs(result.gradient_map).max() > 1e-6  # not zero equals zero


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
@pytest.mark.parametrize("layer", ["1", "2", "3"])
def test_positive_inputs_give_a_unit_one_sign_per_sample(activation, layer):
    result = run(replace(QUICK, activation=activation, layer=layer))
    assert result.mixed[0].max() == 0
    assert result.local[:, 0].max() == 0
    assert result.arriving[:, 0].max() == 0
    if activation == "relu":  # a young sigmoid net's outputs may still move as one over 300 digits
        assert result.mixed[-1].min() > 0
        assert verdicts(result)["mixed"].key == "mixed_by_batch"


@pytest.mark.parametrize(
    "change",
    [{"activation": "tanh", "layer": "2"}, {"activation": "leaky_relu", "layer": "2"}, {"pixels": "centred"}],
)
def test_where_negative_numbers_come_in_the_premise_fails(change):
    result = run(replace(DEFAULT, **change))
    assert result.mixed[0].min() > 0
    assert result.local[:, 0].min() > 0
    assert verdicts(result)["main"].key == "signed_inputs"
    assert verdicts(result)["mixed"].key == "mixed_always"


def test_default_goes_both_ways(default):
    assert verdicts(default)["main"].key == "both_ways"
    assert verdicts(default)["inputs"].key == "inputs_nonnegative"
    assert verdicts(default)["errors"].key == "errors_both"
    assert default.local[:, 1].min() > 0.05  # 'always positive' should read 'never negative'
    assert default.disagree.min() > 0.99


def test_at_the_softmax_exactly_one_error_of_ten_is_negative():
    result = run(replace(QUICK, layer="3"))
    assert np.allclose(result.error, [0.1, 0, 0.9])
    assert len(result.branches) == 1
    assert verdicts(result)["branches"].key == "branches_one"


def test_one_sample_is_an_outer_product():
    result = run(replace(DEFAULT, batch=1))
    np.testing.assert_allclose(result.gradient_map, np.outer(result.back[0], result.came[0]), atol=1e-15)
    assert np.linalg.matrix_rank(result.gradient_map) == 1


def test_branches_add_up_to_the_error(default):
    assert len(default.branches) == SIZES[2]
    relu_open = default.back[0, default.unit] != 0
    if relu_open:
        assert default.branches.sum() == pytest.approx(default.back[0, default.unit])
    assert verdicts(default)["branches"].numbers["sum"] == default.branches.sum()


def test_shares_are_shares_and_the_table_holds_them(default):
    for name in ("arriving", "local", "error", "gradient"):
        np.testing.assert_allclose(getattr(default, name).sum(1), 1)
    pooled = [v[:, 0].mean() for v in (default.arriving, default.local, default.error, default.gradient)]
    assert default.signs()["negative"].tolist()[:4] == pytest.approx(pooled)
    assert default.mixed.shape == (len(BATCHES), REPEATS)


@pytest.mark.parametrize("change", [{}, {"steps": 0}, {"layer": "2"}, {"layer": "3"}, {"activation": "tanh"}])
def test_the_shown_shares_add_up_to_a_hundred(change):
    """As printed: medians of three signs do not (54 + 3 + 40), and three rounded shares need not."""
    result = run(replace(DEFAULT, **change))
    shown = result.sign_shares()
    np.testing.assert_array_equal(shown, np.round(shown))
    np.testing.assert_array_equal(shown.sum(1), 100)
    np.testing.assert_allclose(shown, 100 * result.pooled(), atol=1)
    np.testing.assert_array_equal(shown[4], shown[3, ::-1])  # the step: where the gradient is below zero, up
    numbers = verdicts(result)["main"].numbers
    for name, share in (("down", shown[4, 0]), ("still", shown[4, 1]), ("up", shown[4, 2])):
        assert numbers[name] == pytest.approx(share / 100, abs=0.005)
    assert sum(numbers[name] for name in ("down", "still", "up")) == pytest.approx(1, abs=0.005)


def test_a_share_that_rounds_to_nothing_is_not_nothing(default):
    few = np.tile([0.998, 0.0, 0.002], (REPEATS, 1))
    numbers = main(replace(default, gradient=few)).numbers
    assert (numbers["up"], numbers["down"]) == pytest.approx((0.998, 0.002))  # read as '>99%' and '<1%'


def test_the_next_step_makes_weights_negative(default):
    assert verdicts(default)["step"].key == "step_crosses"
    untouched = run(replace(QUICK, steps=0))
    assert untouched.crossing.min() > 0  # a start without any negative weight
    assert verdicts(replace(default, crossing=0 * default.crossing))["step"].key == "step_none"


@pytest.mark.parametrize("layer", ["1", "3"])
def test_the_step_is_torchs(layer):
    """All weights of the first network, whichever layer is looked at, after one step of torch.optim.SGD."""
    result = run(replace(DEFAULT, steps=0, layer=layer))
    start = inits.start(mlp.MLP(SIZES), inits.Init("he", 0.25, nonnegative=True), [0])
    params = [p[0].double().requires_grad_() for p in start]
    x, y = data.digits().train
    batch = np.random.default_rng(0).permutation(len(x))[: DEFAULT.batch]
    h = x[batch].double()
    for k in range(0, 6, 2):
        h = torch.nn.functional.linear(h, params[k], params[k + 1])
        h = torch.relu(h) if k < 4 else h
    sgd = torch.optim.SGD(params, lr=RATE)
    torch.nn.functional.cross_entropy(h, y[batch]).backward()
    sgd.step()
    weights = torch.cat([p.detach().flatten() for p in params[0::2]])  # none was negative
    assert result.crossing[0] == pytest.approx(float((weights < 0).double().mean()), abs=1e-12)
    assert result.crossing[0] > 0


def test_what_most_networks_do_is_not_told_by_the_one_that_does_it_most(default):
    """The median that is printed must not be 0 % beside a sentence that the largest network chose."""
    few = np.zeros_like(default.mixed)
    few[-1, :3] = 0.5
    told = mixed(replace(default, mixed=few))
    assert (told.key, told.numbers["some_one"], told.numbers["some_many"]) == ("mixed_some", 0, 3)
    few[0, :2] = 0.1
    told = mixed(replace(default, mixed=few))
    assert (told.key, told.numbers["some_one"]) == ("mixed_some", 2)


def test_always_positive_where_it_is(default):
    assert verdicts(run(replace(DEFAULT, steps=0, layer="2")))["inputs"].key == "inputs_positive"
    assert verdicts(run(replace(QUICK, activation="sigmoid", layer="2")))["inputs"].key == "inputs_other"


def test_dead_and_one_way_runs_are_named(default):
    assert main(replace(default, dead=np.ones(REPEATS, dtype=bool))).key == "dead"
    up = np.tile([1.0, 0.0, 0.0], (REPEATS, 1))
    assert main(replace(default, gradient=up)).key == "one_way"


def test_one_digit_may_push_all_units_of_a_network_the_same_way():
    result = run(replace(DEFAULT, steps=0, layer="1", batch=1))
    assert verdicts(result)["errors"].key == "errors_one_sign"
    assert (result.error[:, [0, 2]] == 0).any()


def test_the_outputs_of_an_untrained_sigmoid_network_move_as_one_even_over_300_digits():
    """All that arrives is about 1/2, so that each output's gradients have the sign of its mean error."""
    result = run(replace(DEFAULT, activation="sigmoid", steps=0, layer="3"))
    assert verdicts(result)["mixed"].key == "mixed_some"
    assert result.mixed[-1].max() == 0


def test_a_formula_that_is_not_the_gradient_would_be_named(default):
    wrong = branches(replace(default, autograd_gap=np.full(REPEATS, 2 * AGREE)))
    assert wrong.key == "branches_wrong"


def test_every_chart_shows_the_runs_numbers(default):
    words = load("gradient_signs")
    factors = {"arrives": default.arriving, "local": default.local, "error": default.error,
               "gradient": default.gradient}  # fmt: skip
    pooled = np.stack([signs.mean(0) for signs in (*factors.values(), default.gradient[:, ::-1])])  # (5, 3)
    with drawn("gradient_signs") as page:
        signs = ("negative", "zero", "positive")  # the last axis of each factor: below, at and above zero
        whole = default.sign_shares()
        np.testing.assert_allclose(whole, 100 * pooled, atol=1)
        page.holds("signs", {words[f"figures.signs.{s}"]: whole[:, k] for k, s in enumerate(signs)}, of="x")
        for k, sign in enumerate(signs):
            bars = page.named("signs")[words[f"figures.signs.{sign}"]]
            assert list(bars.y) == [words[f"figures.signs.{name}"] for name in (*factors, "step")]
            np.testing.assert_allclose(page.tables["signs"][sign], pooled[:, k], atol=1e-9)
        assert list(page.tables["signs"].quantity) == ["arrives", "dO/dw", "dE/dO", "dE/dw", "step"]
        holds_the_sums(page, default, words["figures.sums"])
        bars, total = page.charts["branches"].data
        np.testing.assert_array_equal(bars.y, default.branches)
        np.testing.assert_array_equal(page.tables["branches"]["branch"], default.branches)
        assert (total.name, set(total.y)) == (words["figures.branches.total"], {default.branches.sum()})
        page.held.add("branches")


def holds_the_sums(page, result, said):
    """A row for 1, 3, 10 and 30 digits: they, and where the first units' weights go: up is blue, above zero."""
    chart, table = page.charts["sums"], page.tables["sums"].set_index(["digits", "unit"])
    sheet, *inked = [np.asarray(trace.z, float) for trace in chart.data if trace.type == "heatmap"]
    texts = [note.text for note in chart.layout.annotations]
    x = data.digits().train[0].numpy()[np.random.default_rng(0).permutation(1297)[:30]].reshape(-1, 8, 8)
    for row, size in enumerate((1, 3, 10, 30)):
        terms = result.back[:size].T @ x[:size].reshape(size, -1) / size
        np.testing.assert_allclose(table.loc[size], -terms[:COLUMNS], atol=1e-9)
        colours = -np.sign(terms) * (0.25 + 0.75 * np.sqrt(np.abs(terms) / np.abs(terms[:COLUMNS]).max()))
        across = int(np.ceil(size**0.5))
        for k in range(size):
            at, left = 9 * (k // across), 9 * (k % across)
            np.testing.assert_array_equal(inked[row][at : at + 8, left : left + 8], 16 * x[k])
        for unit in range(COLUMNS):
            shown = sheet[11 * row :, 10 + 9 * unit :][:8, :8]
            np.testing.assert_allclose(shown.ravel(), 100 * colours[unit], atol=0.51)
            up, down = (shown > 0).sum(), (shown < 0).sum()  # as many as are blue, and as are orange
            assert (up, down) == ((terms[unit] < 0).sum(), (terms[unit] > 0).sum())
            counted = [said[way].format(count=n) for way, n in (("up", up), ("down", down)) if n]
            assert texts[COLUMNS * row + unit] == (" ".join(counted) or said["none"])
        mixed = page.numbers["sums"]["mixed"].split(", ")[row]
        assert int(mixed) == ((terms > 0).any(1) & (terms < 0).any(1))[:COLUMNS].sum()
    assert page.numbers["sums"]["digits"] == "1, 3, 10, 30"
    page.held.add("sums")


def test_as_many_rows_as_digits_are_chosen():
    """A single digit leaves one row of one colour a tile; of 300 the last row is the batch's gradient."""
    one, many = run(replace(QUICK, batch=1, layer="1")), run(replace(QUICK, batch=300))
    assert (one.growing, many.growing) == ([1], [1, 30, 100, 300])
    assert one.stamps(0).shape == (COLUMNS, 8, 8)
    np.testing.assert_allclose(many.gradients(5)[-1], many.gradient_map, atol=1e-12)  # in whatever order
    for digit in range(10):
        assert one.labels[one.order(digit)[0]] == digit
        assert sorted(one.order(digit)) == list(range(300))
        assert all(0 in moved for moved in one.moves(digit)[0])
        for picture in one.stamps(digit):  # the digit itself, in one colour
            inked = one.digits[one.order(digit)[0]].reshape(8, 8) > 0
            assert not picture[~inked].any()


def test_what_came_in_is_inked_unless_it_is_a_digit_or_negative():
    for change, inked in (({"layer": "2"}, True), ({}, False), ({"activation": "tanh", "layer": "2"}, False)):
        result = run(replace(QUICK, **change))
        assert result.inked == inked
        assert len(result.stamps(3)) == len(result.growing) * COLUMNS


def test_behind_the_first_layer_what_came_in_stands_before_the_gradients():
    """Each of its 32 numbers is two cells high, as are those of a gradient."""
    result = run(replace(QUICK, layer="2"))
    rows = result.stamps(int(result.labels[0])).reshape(-1, COLUMNS, 8, 8)
    for row, size in zip(rows, result.growing, strict=True):
        came, terms = result.came[:size].mean(0), result.back[:size].T @ result.came[:size] / size
        np.testing.assert_allclose(row[0], (came / came.max()).reshape(4, 8).repeat(2, 0), atol=1e-12)
        largest = np.abs(terms[: COLUMNS - 1]).max()
        for picture, unit in zip(row[1:], terms, strict=False):
            colours = -np.sign(unit) * (0.25 + 0.75 * np.sqrt(np.abs(unit) / largest))
            np.testing.assert_allclose(picture, colours.reshape(4, 8).repeat(2, 0), atol=1e-9)


@pytest.fixture(scope="module")
def centred():
    """A run whose inputs have both signs, so that none of its shares is zero or one."""
    return run(replace(QUICK, pixels="centred", layer="1"))


def test_the_verdicts_say_the_tables_numbers(default, centred):
    for result in (default, centred):
        table, found = result.table(), {name: verdict.numbers for name, verdict in verdicts(result).items()}
        means = table.mean()  # all networks together, in whole per cents that add up
        expected = {
            "local_negative": means.local_negative, "error_negative": means.error_negative,
            "up": means.gradient_negative, "down": means.gradient_positive, "still": means.gradient_zero,
        }  # fmt: skip
        assert {name: found["main"][name] for name in expected} == pytest.approx(expected, abs=0.01)
        assert found["inputs"]["zero"] == pytest.approx(means.local_zero, abs=0.01)
        for name in ("negative", "positive"):
            assert found["errors"][name] == pytest.approx(means[f"error_{name}"], abs=0.01)
        assert found["step"]["share"] == pytest.approx(means.carried_below_zero)
        assert found["step"]["some"] == (table.carried_below_zero > 0).sum()
        assert found["branches"]["sum"] == pytest.approx(sum(result.branches))
        assert found["mixed"]["one"] == pytest.approx(table.units_with_both_signs_of_one.median())
        assert found["mixed"]["some_one"] == (table.units_with_both_signs_of_one > 0).sum()


def test_what_arrives_and_what_a_unit_lets_through_are_told_apart(centred):
    """Closed units let nothing through, so that fewer of dO/dw are negative than of what arrives."""
    assert (centred.local[:, 0] > 0).all()
    assert (centred.local[:, 0] < centred.arriving[:, 0]).all()


def test_the_network_to_take_home_is_the_one_whose_gradients_are_drawn(default):
    params = [torch.tensor(p, dtype=torch.float64, requires_grad=True) for p in default.network.values()]
    h = torch.tensor(default.digits, dtype=torch.float64)[: DEFAULT.batch]
    for k in (0, 2, 4):
        if k == 0:
            np.testing.assert_allclose(h.detach(), default.came[: DEFAULT.batch], atol=1e-9)
        h = torch.nn.functional.linear(h, params[k], params[k + 1])
        h = h.relu() if k < 4 else h
    torch.nn.functional.cross_entropy(h, torch.tensor(default.labels[: DEFAULT.batch])).backward()
    np.testing.assert_allclose(params[0].grad, default.gradient_map, atol=1e-9)


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("gradient_signs")
