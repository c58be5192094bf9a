"""A constant matrix keeps the sum and nothing else; cosines keep everything; ReLU brings angles together."""

from dataclasses import replace

import numpy as np
import pytest
from drawn import drawn
from endings import unchosen

from lib.engine.signals import different, distinct, effective_rank
from lib.questions.null_space import verdict as verdicts_of
from lib.questions.null_space.config import ACTIVATIONS, STARTS, NullSpace
from lib.questions.null_space.experiment import _layers, run
from lib.questions.null_space.rebuilt import Pool, rebuild
from lib.questions.null_space.verdict import main, null, separate, verdicts
from lib.words import load

DEFAULTS = "jitter=0.0 data=digits activation=relu depth=5 width=64 angle=60 seed=0"
RULINGS = {
    "different_units_keep_patterns": "right",
    "deterministic_null_space": "wrong",
    "random_keeps_separable": "right",
    "relu_compresses": "right",
    "null_space_adversarial": "depends",
}

DEFAULT = NullSpace(depth=2)
BITS = NullSpace(data="bits", width=8, depth=1, activation="identity")
CONSTANT, COSINES, ORTHOGONAL = (STARTS.index(s) for s in ("constant", "cosines", "orthogonal"))


@pytest.fixture(scope="session")
def shallow():
    return run(DEFAULT)


def test_of_eight_bits_the_constant_keeps_the_number_of_ones():
    result = run(BITS)
    assert (result.distinct[CONSTANT, :, 1] == 9).all()
    for start in ("gaussian", "orthogonal", "cosines"):
        assert (result.distinct[STARTS.index(start), :, 1] == 256).all()
    assert (result.lost[CONSTANT] == 7).all()
    assert (np.delete(result.lost[:4], CONSTANT, 0) == 0).all()
    assert verdicts(result)["main"].key == "forgets"
    assert verdicts(result)["null"].key == "null_pattern"


@pytest.mark.parametrize("activation", ["identity", "relu", "tanh"])
def test_a_constant_matrix_has_rank_one_both_ways(activation):
    result = run(replace(DEFAULT, activation=activation))
    for behind in result.rebuilt[CONSTANT, 1:].astype(float):  # ten pictures (D, I) on one line
        lengths = np.linalg.svd(behind - behind.mean(0), compute_uv=False)
        assert lengths[1] < 1e-5 * lengths[0]
    np.testing.assert_allclose(result.back[CONSTANT, :, 1:], 1, atol=1e-6)
    assert result.back[0, :, -1].min() > 3
    assert verdicts(result)["backward"].key == "back_one"


def test_orthogonal_layers_keep_every_angle():
    result = run(replace(DEFAULT, activation="identity", depth=5))
    for k in (ORTHOGONAL, COSINES):
        np.testing.assert_allclose(result.angles[k], 60, atol=1e-6)
    assert verdicts(result)["angle"].key == "angle_signs"


def test_relu_turns_angles_as_the_arc_cosine_kernel_says():
    wide = run(NullSpace(width=256, depth=2, data="bits", angle=90))
    np.testing.assert_allclose(wide.angle_theory[:2], [90, np.degrees(np.arccos(1 / np.pi))])
    np.testing.assert_allclose(np.median(wide.angles[0], 0), wide.angle_theory, atol=4)
    assert verdicts(wide)["angle"].key == "angle_relu"
    opposite = run(replace(DEFAULT, angle=180, depth=1))
    assert opposite.angle_theory[1] == pytest.approx(90)


def test_a_little_jitter_fills_the_null_space_but_does_not_bring_the_inputs_back():
    crowded = run(NullSpace(jitter=0.01))
    assert (crowded.lost[4] == 0).all() and (crowded.distinct[4] == crowded.inputs).all()
    assert crowded.recovered[4, :, -1].max() < 0.1
    assert main(crowded).key == "lost"
    shaken = run(replace(DEFAULT, jitter=1.0))
    assert main(shaken).key == "keeps" and shaken.recovered[4, :, -1].min() > 0.9
    half = (shaken.recovered[0] + shaken.recovered[CONSTANT]) / 2
    halfway = shaken.recovered.copy()
    halfway[4] = half + 0.01 * ((-1.0) ** np.arange(10))[:, None]
    assert main(replace(shaken, recovered=halfway)).key == "unclear"


def test_without_jitter_the_last_start_is_the_constant_one(shallow):
    """To the last bit, in every repeat: what is sent through is the same for every start."""
    for name in ("distinct", "back", "angles", "moved", "lost", "recovered", "rebuilt"):
        values = getattr(shallow, name)
        np.testing.assert_array_equal(values[4], values[3], err_msg=name)


@pytest.mark.parametrize("data", ["digits", "bits"])
def test_a_change_in_the_null_space_changes_nothing_and_elsewhere_it_does(data):
    result = run(replace(DEFAULT, data=data, depth=5))
    assert result.moved[CONSTANT].max() < 1e-12
    assert result.moved[[ORTHOGONAL, COSINES]].min() > 0.1


@pytest.mark.parametrize("activation", ["identity", "tanh"])
def test_behind_a_constant_matrix_there_is_no_angle_between(activation):
    """A median of 0 and 180 degrees would be an angle that no pair has."""
    result = run(replace(DEFAULT, activation=activation))
    ends = result.angles[CONSTANT, :, -1]
    assert np.minimum(ends, 180 - ends).max() < 1e-3
    assert (ends > 90).any() and (ends < 90).any()
    assert verdicts(result)["angle"].key == "angle_signs"


def test_whether_random_layers_bring_inputs_nearer_is_told_by_pairs(shallow):
    angles = shallow.angles.copy()
    angles[0, :, -1] = 60 + (-1.0) ** np.arange(10)
    assert verdicts_of.angle(replace(shallow, angles=angles)).key == "angle_unclear"


def test_behind_many_narrow_random_layers_the_digits_fade(shallow):
    deeper = run(NullSpace(depth=20, width=16))
    assert np.median(deeper.recovered[0, :, -1]) < 0.2 < 0.5 < np.median(shallow.recovered[0, :, 2]) < 0.95


def test_all_starts_have_rows_of_the_same_length_on_average():
    for name in STARTS[:4]:
        for w in _layers(name, 64, DEFAULT, np.random.default_rng(0)):
            assert (w**2).sum() / len(w) == pytest.approx(2, rel=0.1)


def test_effective_rank_counts_equal_directions():
    assert effective_rank(np.eye(7)) == pytest.approx(7)
    assert effective_rank(np.ones((5, 4))) == pytest.approx(1)
    assert effective_rank(np.zeros((5, 4))) == 0


def test_different_rows_are_counted_as_if_sorted():
    rows = np.random.default_rng(0).integers(-2, 3, (6, 40, 3)).astype(float)
    assert different(rows).tolist() == [len(np.unique(part, axis=0)) for part in rows]
    signals = np.array([[[1.0, 0.0]] * 5, [[0.0, 0.0]] * 5])
    signals[0, 1:3] += [[1e-3], [1e-9]]
    assert distinct(signals).tolist() == [2, 1]
    assert distinct(signals[0]) == 2


def test_other_ends_are_named(shallow):
    assert main(replace(shallow, distinct=shallow.distinct // 3)).key == "random_forgets"
    one_way = np.ones_like(shallow.back)  # as behind twenty narrow layers, random or not
    assert verdicts(replace(shallow, back=one_way))["backward"].key == "back_alike"
    same = np.broadcast_to(shallow.recovered[CONSTANT], shallow.recovered.shape)
    assert main(replace(shallow, recovered=same)).key == "random_forgets"
    one_less = shallow.distinct - (np.arange(3) == 2) * (np.arange(10) == 7)[:, None]
    assert separate(replace(shallow, distinct=one_less)).key == "separate_some"
    assert null(run(replace(BITS, width=8, data="digits"))).key == "null_narrow"


def test_every_chart_shows_the_runs_numbers(default):
    words, layers = load("null_space"), default.config.depth + 1
    names = [words[f"words.{name}"] for name in STARTS[:4]]  # without jitter the last one is the constant one
    angles = np.median(default.angles, 1)
    with drawn("null_space") as page:
        hold_the_pictures(page, words, default)
        medians = np.median(default.distinct, 1)  # (C, L)
        page.holds("distinct", dict(zip(names, 100 / default.inputs * medians[:4], strict=True)))
        assert [float(x) for x in page.named("distinct")[names[0]].x] == list(range(layers))
        for start, row in page.tables["distinct"].groupby("start"):
            np.testing.assert_array_equal(row.told_apart, medians[STARTS.index(start)])
        page.holds("angles", dict(zip(names, angles[:4], strict=True)))
        dots = page.charts["angles"].data[0]  # in no start's colour
        np.testing.assert_allclose(dots.y, default.angle_theory, rtol=1e-6)
        assert dots.marker.color not in {trace.line.color for trace in page.named("angles").values()}
        np.testing.assert_array_equal(page.tables["angles"].angle, angles.ravel())
    with drawn("null_space", jitter="0.01") as page:
        hold_the_pictures(page, words, run(NullSpace(jitter=0.01)))
        assert [len(page.named(chart)) for chart in ("distinct", "angles")] == [5, 5]
        page.held |= {"distinct", "angles"}


def hold_the_pictures(page, words, result):
    """Ten inputs and what is rebuilt of them, in per cent of ink, at the first and at the last layer; the shares."""
    chart, last = page.charts["pictures"], result.config.depth
    assert page.hero == "pictures" and len(chart.to_json()) < 300_000
    assert [frame.name for frame in chart.frames] == [str(layer) for layer in range(last + 1)]
    starts = ["constant", *["jittered"] * bool(result.config.jitter), "gaussian", "cosines"]
    for layer, traces in ((0, chart.frames[0].data), (last, chart.data)):
        for row, name in enumerate((None, *starts)):
            expected = result.rebuilt[STARTS.index(name), layer] if name else result.drawn
            sheet = np.asarray(traces[row].z, float)  # ten pictures, with one empty column between two
            assert sheet.shape == (8, 89) and (sheet[:, 8::9] == -1).all()
            for k, picture in enumerate(expected.reshape(10, 8, 8)):
                np.testing.assert_allclose(sheet[:, 9 * k : 9 * k + 8] / 100, picture.clip(0, 1), atol=0.0051)
        heads = list(traces[len(starts) + 1].text)
        assert heads.pop(0) == words["words.input"]
        for name, head in zip(starts, heads, strict=True):
            share = np.median(result.recovered[STARTS.index(name), :, layer])
            assert page.tables["pictures"][name][layer] == share
            assert head.startswith(words[f"words.{name}"]) and words.say("words.row", name="", share=share) in head
            if name == "jittered":
                assert words.option("jitter", result.config.jitter) in head
    page.held.add("pictures")


def test_what_is_rebuilt_is_the_best_linear_map_of_outputs_with_a_millionth_of_noise(shallow):
    """Against scikit-learn's ridge regression, for the first repeat's random start, on digits of its own."""
    from sklearn.datasets import load_digits
    from sklearn.linear_model import Ridge

    x = load_digits().data / 16
    fitted, new = x[:800], x[800:1000]
    act = ACTIVATIONS["relu"][0]
    outputs = x[:1000]
    for w in _layers("gaussian", 64, DEFAULT, np.random.default_rng((0, 0, 0))):
        outputs = act(outputs @ w.T)
    found, share = rebuild(Pool(fitted, new), outputs)
    h = outputs / outputs.max()
    ridge = Ridge(alpha=800 * 1e-12, solver="svd").fit(h[:800], fitted)
    np.testing.assert_allclose(found, ridge.predict(h[800:]), atol=1e-6)
    assert share == pytest.approx(1 - ((found - new) ** 2).sum() / ((new - fitted.mean(0)) ** 2).sum(), abs=1e-6)


def test_of_sixty_four_numbers_one_is_left(shallow):
    assert shallow.recovered[CONSTANT, :, 1:].max() < 0.1
    np.testing.assert_allclose(shallow.recovered[:, :, 0], 1, atol=1e-6)
    assert main(shallow).key == "forgets"


def test_of_eight_bits_the_constant_rebuilds_their_mean():
    """One of eight equal variances: the best map of the number of ones gives every bit the same grey."""
    result = run(BITS)
    np.testing.assert_allclose(result.recovered[CONSTANT, :, 1], 1 / 8, atol=1e-9)
    ones = result.drawn.mean(1, keepdims=True)
    np.testing.assert_allclose(result.rebuilt[CONSTANT, 1], np.repeat(ones, 8, 1), atol=1e-6)


def no_two_alike(default):
    """The run with numbers of its own for every start: without jitter the last one is the constant one."""
    columns = {}
    for name in ("distinct", "back", "angles", "moved", "lost", "recovered"):
        values = getattr(default, name)
        own = np.arange(len(STARTS)).reshape(-1, *[1] * (values.ndim - 1))
        columns[name] = values + own * (0.01 if name == "recovered" else 1)
    return replace(default, **columns)


@pytest.mark.parametrize("made", [lambda run: run, no_two_alike], ids=["default", "no_two_alike"])
def test_the_verdicts_say_the_tables_numbers(default, made):
    result, depth = made(default), default.config.depth
    table = result.table()
    found = {name: verdict.numbers for name, verdict in verdicts(result).items()}
    end = table[table.layer == depth].set_index("start")
    for name in STARTS:
        assert found["main"][name] == end.rebuilt[name] == result.shares()[name][depth]
        assert found["separate"][name] == end.told_apart[name]
        assert found["backward"][name] == np.median(result.back[STARTS.index(name), :, depth])
        assert found["null"][name] == np.median(result.lost[STARTS.index(name)])
        assert found["angle"][name] == end.angle[name]
        assert found["adversarial"][name] == np.median(result.moved[STARTS.index(name)])
    kept, whole = result.distinct[0, :, depth], result.distinct[0, :, 0]
    assert found["separate"]["whole"] == (kept == whole).sum()
    assert found["backward"]["errors"] == np.median(result.back[0, :, 0])
    assert found["angle"]["theory"] == default.angle_theory[depth]


def test_the_network_to_take_home_is_the_constant_or_the_jittered_one(default):
    assert len(default.network) == NullSpace().depth
    assert all(np.ptp(w) == 0 for w in default.network.values())
    result = run(NullSpace(jitter=0.1, data="bits", width=16, depth=2))
    h = (np.arange(256)[:, None] >> np.arange(8) & 1).astype(float)
    for k, w in enumerate(result.network.values(), 1):
        h = np.maximum(h @ w.T.astype(float), 0)
        assert distinct(h) == result.distinct[STARTS.index("jittered"), 0, k]
    assert run(NullSpace(width=256, depth=5)).network == {}  # of megabytes


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("null_space")
