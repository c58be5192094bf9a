"""Deterministic starts of full rank learn like random ones; a constant does not, at any size."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from lib.engine import data, train
from lib.questions.must_it_be_random import verdict as verdicts_of
from lib.questions.must_it_be_random.config import LRS, STARTS, MustItBeRandom
from lib.questions.must_it_be_random.experiment import BATCH, cosines, hadamard, pattern, run
from lib.questions.must_it_be_random.verdict import FULL, verdicts

DEFAULTS = "start=hadamard jitter=0.0 steps=100 activation=relu depth=2 seed=0"
RULINGS = {
    "must_be_random": "wrong",
    "half_is_reasonable": "wrong",
    "half_is_nearest": "wrong",
    "opposite_of_solution": "depends",
    "descent_destroys": "wrong",
}

DEFAULT = MustItBeRandom()


@pytest.fixture(scope="session")
def early():
    return run(MustItBeRandom(steps=3))


def put(result, **accuracies):
    """The result with the accuracy of some starts set, for all learning rates and repeats."""
    accuracy = result.accuracy.copy()
    for name, value in accuracies.items():
        accuracy[STARTS.index(name)] = value
    return replace(result, accuracy=accuracy)


def test_hadamard_and_cosine_rows_are_orthogonal():
    np.testing.assert_array_equal(hadamard(64) @ hadamard(64).T, 64 * np.eye(64))
    np.testing.assert_allclose(cosines(64) @ cosines(64).T, np.eye(64), atol=1e-12)
    x = np.random.default_rng(0).standard_normal(64)
    from scipy.fft import dct

    np.testing.assert_allclose(cosines(64) @ x, dct(x, norm="ortho"), atol=1e-12)


@pytest.mark.parametrize("shape", [(64, 64), (10, 64)])
@pytest.mark.parametrize("name", STARTS[2:-1])
def test_rows_have_the_wanted_length_on_average(name, shape):
    assert (pattern(name, shape, 1.5) ** 2).sum(1).mean() == pytest.approx(1.5**2)
    assert (pattern("half", shape, 1.5) == 0.5).all()


def test_units_and_ranks_of_the_patterns(default):
    """The good ones: 64 and 64; the ramp: all different, rank 2; constants: one unit, rank 1. In every repeat."""
    for name in FULL:
        k = STARTS.index(name)
        assert (default.units[k] == 64).all() and (default.rank[k] == 64).all()
    ramp, same = STARTS.index("ramp"), [STARTS.index("constant"), STARTS.index("half")]
    assert (default.units[ramp] == 64).all() and (default.rank[ramp] == 2).all()
    assert len(np.unique(pattern("ramp", (64, 64), 1.0))) == 64 * 64
    assert (default.units[same] == 1).all() and (default.rank[same] == 1).all()


def test_without_jitter_nothing_in_a_pattern_depends_on_the_seed(early):
    other = run(MustItBeRandom(steps=3, seed=7))
    np.testing.assert_array_equal(early.shown[2:], other.shown[2:])
    assert (early.shown[0] != other.shown[0]).any()


def test_good_patterns_learn_like_random_ones_and_constants_do_not(default):
    for name in FULL:
        assert default.of(name) > default.of("gaussian") - 0.03
    assert default.at_best()[-2:].max() < 0.3  # in every repeat
    keys = {name: v.key for name, v in verdicts(default).items()}
    assert keys["main"] == "as_good"
    assert keys["half"] == "half_same"
    assert keys["ramp"] == "ramp_not_enough"
    assert keys["kept"] == "rank_kept"
    assert keys["beliefs"] == "half_far"
    assert keys["opposite"] == "opposite_recovers"


def test_each_start_is_judged_at_the_learning_rate_of_the_lowest_training_loss(default):
    medians = np.median(default.final, 2)
    np.testing.assert_array_equal(medians[np.arange(len(STARTS)), default.best], medians.min(1))
    for c, b in enumerate(default.best):
        np.testing.assert_array_equal(default.at_best()[c], default.accuracy[c, b])


def test_with_jitter_in_a_shallow_network_the_difference_vanishes():
    result = run(MustItBeRandom(start="constant", jitter=1.0, depth=1))
    assert verdicts(result)["half"].key == "half_learns"
    assert verdicts(result)["ramp"].key == "ramp_enough"
    assert verdicts(result)["main"].key == "jittered"
    assert result.of("half") > 0.85


def test_too_early(early):
    keys = [v.key for v in verdicts(early).values()]
    assert keys[:3] == ["nothing_learned", "half_unknown", "ramp_unknown"]
    assert keys[4:] == ["place_unknown", "opposite_unknown"]


def test_a_negated_output_layer_gives_negated_outputs_and_begins_below_chance(default):
    assert default.way[0, 1].max() < 0.05  # in every repeat: the most likely class is the least likely one now
    assert (default.way[-1, 1] > 0.8).all()


def test_the_distance_to_a_constant_is_mean_and_variance(default):
    """|w - 0.5|^2 - |w|^2 = n (0.25 - mean), for every repeat."""
    n = 64 * 64 * 2 + 64 * 10
    np.testing.assert_allclose(default.away[3] ** 2 - default.away[2] ** 2, n * (0.25 - default.mean), rtol=1e-6)


def test_every_sentence_can_be_reached(default):
    def main(**accuracies):
        return verdicts_of.main(put(default, **accuracies)).key

    assert main(hadamard=0.99, gaussian=0.9) == "better"
    assert main(hadamard=0.9, gaussian=0.99) == "worse"
    assert main(hadamard=0.2) == "chosen_fails"
    assert main(gaussian=0.2) == "random_fails"
    assert verdicts_of.half(put(default, constant=0.9)).key == "half_too_large"
    assert verdicts_of.half(replace(default, units=0 * default.units + 64)).key == "half_nearly_same"
    assert verdicts_of.kept(replace(default, rank_end=default.rank_end // 2)).key == "rank_lost"
    assert verdicts_of.beliefs(replace(default, away=default.away[::-1])).key == "half_near"
    assert (
        verdicts_of.opposite(replace(default, way=default.way * np.array([1, 0.5])[:, None])).key == "opposite_stuck"
    )


def test_one_run_is_plain_torch(early):
    """The Hadamard start at one learning rate, trained again with torch.nn and torch.optim."""
    model = torch.nn.Sequential(
        torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10)
    )
    with torch.no_grad():
        for layer in model[::2]:
            layer.weight.copy_(torch.tensor(pattern("hadamard", tuple(layer.weight.shape), 2**0.5)))
            layer.bias.zero_()
    descent = torch.optim.SGD(model.parameters(), lr=LRS[1])
    x, y = data.digits(centred=True).train
    stream = (batch for epoch in train.epochs(len(x), BATCH, 0) for batch in epoch)
    losses = []
    for _ in range(4):
        batch = next(stream)
        descent.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x[batch]), y[batch])
        losses.append(loss.item())
        loss.backward()
        descent.step()
    assert early.steps.tolist() == [0, 1, 2, 3]
    np.testing.assert_allclose(losses, early.loss[:, STARTS.index("hadamard"), 1, 0], rtol=1e-4)
