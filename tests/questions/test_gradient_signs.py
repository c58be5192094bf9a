"""The decomposition is the gradient; one sample never moves a unit's weights both ways on positive inputs."""

from dataclasses import replace

import numpy as np
import pytest
from drawn import drawn

from lib.questions.gradient_signs.config import BATCHES, GradientSigns
from lib.questions.gradient_signs.experiment import REPEATS, run
from lib.questions.gradient_signs.verdict import AGREE, branches, main, verdicts
from lib.words import load

DEFAULTS = "activation=relu layer=2 batch=30 pixels=positive steps=100 start=abs_he/4 unit=0 seed=0"
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
    "change", [{"activation": "tanh"}, {"activation": "leaky_relu"}, {"pixels": "centred", "layer": "1"}]
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
    np.testing.assert_allclose(result.gradient_map, result.error_map @ result.inputs_map, atol=1e-15)
    assert np.linalg.matrix_rank(result.gradient_map) == 1


def test_branches_add_up_to_the_error(default):
    assert len(default.branches) == 10
    relu_open = default.error_map[default.unit, 0] != 0
    if relu_open:
        assert default.branches.sum() == pytest.approx(default.error_map[default.unit, 0])
    assert verdicts(default)["branches"].numbers["sum"] == default.branches.sum()


def test_shares_are_shares_and_the_table_holds_them(default):
    for name in ("arriving", "local", "error", "gradient"):
        np.testing.assert_allclose(getattr(default, name).sum(1), 1)
    assert default.signs()["negative"].tolist() == pytest.approx(
        [float(np.median(v[:, 0])) for v in (default.arriving, default.local, default.error, default.gradient)]
    )
    assert default.mixed.shape == (len(BATCHES), REPEATS)


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
    assert verdicts(result)["mixed"].key == "mixed_never"
    assert result.mixed[-1].max() == 0


def test_a_formula_that_is_not_the_gradient_would_be_named(default):
    wrong = branches(replace(default, autograd_gap=np.full(REPEATS, 2 * AGREE)))
    assert (wrong.key, wrong.numbers["gap"]) == ("branches_wrong", 2 * AGREE)


def test_every_chart_shows_the_runs_numbers(default):
    words = load("gradient_signs")
    factors = {"arrives": default.arriving, "local": default.local, "error": default.error,
               "gradient": default.gradient}  # fmt: skip
    medians = np.stack([np.median(signs, 0) for signs in factors.values()])  # (4, 3)
    with drawn("gradient_signs") as page:
        signs = ("negative", "zero", "positive")  # the last axis of each factor: below, at and above zero
        page.holds("signs", {words[f"figures.signs.{s}"]: 100 * medians[:, k] for k, s in enumerate(signs)}, of="x")
        for k, sign in enumerate(signs):
            bars = page.named("signs")[words[f"figures.signs.{sign}"]]
            assert list(bars.y) == [words[f"figures.signs.{name}"] for name in factors]
            np.testing.assert_allclose(page.tables["signs"][sign], medians[:, k])
        assert list(page.tables["signs"].quantity) == ["arrives", "dO/dw", "dE/dO", "dE/dw"]
        holds_the_maps(page, default, words["figures.maps"])
        bars, total = page.charts["branches"].data
        np.testing.assert_array_equal(bars.y, default.branches)
        np.testing.assert_array_equal(page.tables["branches"]["branch"], default.branches)
        assert (total.name, set(total.y)) == (words["figures.branches.total"], {default.branches.sum()})
        page.held.add("branches")
        page.holds("mixed", {words["figures.mixed.line"]: 100 * np.median(default.mixed, 1)})
        np.testing.assert_array_equal(page.named("mixed")[words["figures.mixed.line"]].customdata[:, 0], BATCHES)
        np.testing.assert_array_equal(page.tables["mixed"].batch, BATCHES)
        np.testing.assert_array_equal(page.tables["mixed"].units_with_both_signs, np.median(default.mixed, 1))


def holds_the_maps(page, result, said):
    """Error times input, averaged over the digits of the batch, is the gradient; each under its own title."""
    maps = {"error": result.error_map, "input": result.inputs_map, "gradient": result.gradient_map}
    axes = {"error": ("sample", "unit"), "input": ("source", "sample"), "gradient": ("source", "unit")}
    for name, values in maps.items():
        page.shows(f"maps{name}", values)
        np.testing.assert_array_equal(page.tables[f"maps{name}"], values)
        layout = page.charts[f"maps{name}"].layout
        assert (layout.xaxis.title.text, layout.yaxis.title.text) == tuple(said[axis] for axis in axes[name])
        assert page.numbers[f"maps{name}"]["what"] == said[name]
    error, inputs, gradient = (np.asarray(page.charts[f"maps{name}"].data[0].z, float) for name in maps)
    np.testing.assert_allclose(error @ inputs / DEFAULT.batch, gradient, atol=1e-6)


@pytest.fixture(scope="module")
def centred():
    """A run whose inputs have both signs, so that none of its shares is zero or one."""
    return run(replace(QUICK, pixels="centred", layer="1"))


def test_the_verdicts_say_the_tables_numbers(default, centred):
    for result in (default, centred):
        table, found = result.table(), {name: verdict.numbers for name, verdict in verdicts(result).items()}
        medians = table.median()
        expected = {
            "local_negative": medians.local_negative, "local_zero": medians.local_zero,
            "error_negative": medians.error_negative, "error_positive": medians.error_positive,
            "up": medians.gradient_negative, "still": medians.gradient_zero, "down": medians.gradient_positive,
        }  # fmt: skip
        assert {name: found["main"][name] for name in expected} == pytest.approx(expected)
        for name, column in (
            ("negative", "local_negative"),
            ("zero", "local_zero"),
            ("arriving", "arriving_negative"),
        ):
            assert found["inputs"][name] == pytest.approx(medians[column])
        for name in ("negative", "positive"):
            assert found["errors"][name] == pytest.approx(medians[f"error_{name}"])
        assert found["branches"]["disagree"] == pytest.approx(medians.branches_disagree)
        assert found["branches"]["gap"] == table.largest_difference_to_autograd.max()
        assert found["branches"]["sum"] == pytest.approx(sum(result.branches))
        by_batch = result.by_batch().set_index("batch").units_with_both_signs
        assert found["mixed"] == pytest.approx({"one": by_batch[1], "many": by_batch[300]})


def test_what_arrives_and_what_a_unit_lets_through_are_told_apart(centred):
    """Closed units let nothing through, so that fewer of dO/dw are negative than of what arrives."""
    numbers = verdicts(centred)["inputs"].numbers
    assert 0 < numbers["negative"] < numbers["arriving"] < 1
