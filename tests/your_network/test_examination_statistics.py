"""The measurements held to independent computations: scipy, a full SVD, simulation, theorems."""

import numpy as np
import pytest
from networks import rng
from scipy import stats

from lib.your_network.contract import Layer
from lib.your_network.examination import alike, fresh, signs, sizes, starts
from lib.your_network.examination.facts import measured
from lib.your_network.examination.study import PAIRED, ROWS, SAMPLE, moments, study


def layer(matrix, name="w", bias=None, kind="linear"):
    o, i = matrix.shape
    return Layer(name, matrix.shape, kind, matrix, "out_in", bias, i, o)


def studied(matrix):
    return study(layer(matrix), matrix, matrix.dtype.name)


def test_moments_are_numpys_block_by_block():
    values = rng().normal(0.3, 2, (1500, 1400))
    values[::7] = 0
    m = moments(values)
    assert (m.n, m.broken) == (values.size, 0)
    assert (m.mean, m.sd) == pytest.approx((values.mean(), values.std()))
    assert (m.negative, m.zero, m.largest) == pytest.approx(
        ((values < 0).mean(), (values == 0).mean(), abs(values).max())
    )


def test_moments_leave_out_what_is_no_number():
    m = moments(np.array([1.0, np.nan, -3.0, np.inf, -np.inf]))
    assert (m.n, m.broken, m.mean, m.largest, m.negative) == (2, 3, -1.0, 3.0, 0.5)
    assert moments(np.array([np.nan])).n == 0


@pytest.mark.parametrize("shape", ["normal", "uniform", "truncated"])
def test_the_distance_is_kolmogorov_and_smirnovs(shape):
    scheme = fresh.Scheme("", shape, 0.7)
    sample = np.sort(rng().normal(0.1, 0.6, 500))
    law = {
        "normal": stats.norm(0, 0.7),
        "uniform": stats.uniform(-scheme.bound, 2 * scheme.bound),
        "truncated": stats.truncnorm(-2, 2, scale=scheme.bound / 2),
    }[shape]
    assert law.std() == pytest.approx(0.7)
    assert fresh.distance(sample, scheme) == pytest.approx(stats.kstest(sample, law.cdf).statistic)


@pytest.mark.parametrize("shape", ["normal", "uniform", "truncated"])
def test_draws_have_the_schemes_size_and_outline(shape):
    scheme = fresh.Scheme("", shape, 0.7)
    drawn = scheme.draw((500, 400), rng())
    assert drawn.std() == pytest.approx(0.7, rel=0.01)
    edges = np.linspace(-1, 1, 9)
    assert fresh.histogram(drawn, edges) == pytest.approx(fresh.outline(scheme, edges), abs=0.005)


def test_a_bounded_starts_edge_is_the_share_of_its_outermost_weights():
    for shape in ("uniform", "truncated"):
        scheme = fresh.Scheme("", shape, 1.0)
        outermost = 2 * scheme.cdf(np.array([-0.999 * scheme.bound]))[0]
        assert scheme.edge == pytest.approx(outermost / 0.001, rel=0.01)


def test_a_start_is_found_by_its_name():
    shape = layer(np.zeros((30, 20)))
    assert [fresh.called(shape, s.name) for s in fresh.schemes(shape)] == list(fresh.schemes(shape))


def test_schemes_have_their_sources_sizes():
    """LeCun et al. 1998, He et al. 2015, Glorot and Bengio 2010, for 300 units of 200 inputs."""
    sd = {s.name: s.sd for s in fresh.schemes(layer(np.zeros((300, 200))))}
    assert sd["torch's default"] == pytest.approx(1 / np.sqrt(3 * 200))
    assert sd["He normal"] == pytest.approx(np.sqrt(2 / 200))
    assert sd["Xavier uniform"] == pytest.approx(np.sqrt(2 / 500))


def test_fresh_noise_has_no_pattern_and_a_faint_one_is_seen():
    """300 matrices of noise: none beyond the limit; one direction is, above the edge of Baik, Ben Arous and Péché."""
    for seed in range(300):
        shape = tuple(rng(seed).integers(8, 80, 2))
        assert starts.pattern(rng(seed).normal(size=shape)) < starts.PATTERN + 1.5
    noise = rng().normal(size=(200, 200))
    line = np.outer(*(v / np.linalg.norm(v) for v in rng(1).normal(size=(2, 200))))
    assert starts.pattern(noise + 0.5 * np.sqrt(200) * line) < starts.PATTERN  # below the edge nobody can see it
    assert starts.pattern(noise + 2.5 * np.sqrt(200) * line) > starts.PATTERN


def test_loudest_is_the_squared_singular_value():
    matrix = rng().normal(size=(30, 50))
    expected = np.linalg.svd(matrix - matrix.mean(), compute_uv=False)[0] ** 2
    assert starts.loudest(matrix) == pytest.approx(expected)


@pytest.mark.parametrize("shape", [(12, 40), (40, 12)])
def test_directions_and_rank_are_those_of_a_full_svd(shape):
    matrix = rng().normal(size=shape)
    matrix[:, 3] = matrix[:, 4]
    s = np.linalg.svd(matrix, compute_uv=False)
    assert alike.participation(matrix) == pytest.approx((s**2).sum() ** 2 / (s**4).sum())
    assert alike.rank(matrix) == np.linalg.matrix_rank(matrix, rtol=1e-5)
    assert alike.participation(np.eye(9)) == pytest.approx(9)


def test_chance_twins_are_counted_right():
    """The share of random pairs in four dimensions, against a simulation at the same angle."""
    rows = rng().normal(size=(3000, 3))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    pairs = int(np.triu(rows @ rows.T > alike.TWIN, 1).sum())
    assert alike.by_chance(3000, 3) == pytest.approx(pairs, rel=0.3)


def test_pairs_see_twins_opposites_and_repeats():
    matrix = rng().normal(size=(20, 30))
    matrix[5], matrix[6], matrix[7] = matrix[1], 2 * matrix[2], -matrix[3]
    found = alike.pairs(studied(matrix))
    assert (found.twins, found.opposites, found.compared, found.same) == (4, 2, 20, 2)


def test_large_matrices_are_sampled_and_say_so():
    matrix = rng().normal(size=(PAIRED + 200, 40)).astype(np.float32)
    facts = measured(layer(matrix), "float32")
    assert facts.alike.pairs.compared == PAIRED
    assert facts.alike.sampled
    assert facts.alike.shape == (ROWS, 40)
    assert len(studied(rng().normal(size=(600, 500))).sample) == SAMPLE


def test_the_shuffled_copy_has_the_same_numbers_in_other_places():
    s = studied(rng().normal(size=(30, 20)))
    assert np.array_equal(np.sort(s.shuffled.ravel()), np.sort(s.piece.ravel()))
    assert abs(np.corrcoef(s.shuffled.ravel(), s.piece.ravel())[0, 1]) < 0.2


def test_expected_signs_are_those_of_a_normal_with_that_mean():
    values = rng().normal(0.3, 1, (400, 500))
    m = moments(values)
    assert signs.expected(m) == pytest.approx(m.negative, abs=4 * signs.error(m))
    assert signs.error(m) == pytest.approx(np.sqrt(m.negative * (1 - m.negative) / m.n))


def test_the_gain_is_what_a_layer_and_a_relu_do_to_a_signal():
    """He et al. 2015, eq. 8, by sending signals: mean square before the ReLU over that of the inputs, halved."""
    matrix = rng().normal(0, 0.11, (400, 300))
    facts = measured(layer(matrix), "float64")
    signal = np.maximum(rng(1).normal(size=(300, 200)), 0)
    after = np.maximum(matrix @ signal, 0)
    assert sizes.gain(facts) == pytest.approx(np.sqrt((after**2).mean() / (signal**2).mean()), rel=0.05)


def test_the_longest_chain_is_found():
    shapes = [(9, 4), (8, 5), (7, 8), (6, 7), (3, 9)]
    every = [measured(layer(rng(k).normal(size=shape), f"{k}"), "float64") for k, shape in enumerate(shapes)]
    assert [f.name for f in sizes.longest_chain(every)] == ["1", "2", "3"]
