"""The decomposition is the gradient; one sample never moves a unit's weights both ways on positive inputs."""

from dataclasses import replace

import numpy as np
import pytest

from lib.questions.gradient_signs.config import BATCHES, GradientSigns
from lib.questions.gradient_signs.experiment import REPEATS, run
from lib.questions.gradient_signs.verdict import AGREE, main, verdicts

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
