"""Deterministic starts of full rank learn like random ones; a constant does not, at any size."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn import drawn
from endings import unchosen

from lib.engine import data, measure, mlp, train
from lib.questions.must_it_be_random import experiment
from lib.questions.must_it_be_random import verdict as verdicts_of
from lib.questions.must_it_be_random.config import GOAL, GROUPS, LRS, STARTS, MustItBeRandom
from lib.questions.must_it_be_random.experiment import BATCH, JUDGES, cosines, hadamard, pattern, run
from lib.questions.must_it_be_random.verdict import verdicts
from lib.words import load

DEFAULTS = "start=hadamard jitter=0.0 steps=100 activation=relu depth=2 seed=0"
RULINGS = {
    "must_be_random": "wrong",
    "half_is_reasonable": "wrong",
    "half_is_nearest": "wrong",
    "random_is_nearer": "right",  # than 0.5, even another start than its own; zero is nearer still
    "opposite_of_solution": "depends",
    "descent_destroys": "wrong",
}

DEFAULT = MustItBeRandom()
FULL = GROUPS["rule"]


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


def test_the_ramps_rank_grows_and_the_good_patterns_keep_digits_apart(default):
    """Bare rank would show nothing about what descent destroys."""
    ramp, good = STARTS.index("ramp"), [STARTS.index(name) for name in FULL]
    assert np.median(default.rank_end[ramp]) > 10 * np.median(default.rank[ramp])
    assert default.apart[:, good].min() == 400
    assert (default.apart[0, STARTS.index("constant")] < 400).all()


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
    np.testing.assert_array_equal(early.shown[0, 2:], other.shown[0, 2:])
    assert (early.shown[0, 0] != other.shown[0, 0]).any()


def test_what_is_drawn_begins_as_the_pattern_and_of_constants_all_rows_stay_the_same(default):
    for name in STARTS[2:]:
        drawn_first = default.shown[0, STARTS.index(name)]
        np.testing.assert_allclose(drawn_first, pattern(name, (64, 64), 2**0.5), rtol=1e-3, atol=1e-3)
    for name in ("constant", "half"):
        ended = default.shown[-1, STARTS.index(name)]
        np.testing.assert_array_equal(ended, np.broadcast_to(ended[0], ended.shape))
        assert len(np.unique(ended[0])) > 30  # stripes: it has learned something, for one unit


def test_good_patterns_learn_like_random_ones_and_constants_do_not(default):
    for name in FULL:
        assert default.of(name) > default.of("gaussian") - 0.03
    assert default.at_best()[-2:].max() < 0.3  # in every repeat
    keys = {name: v.key for name, v in verdicts(default).items()}
    assert keys["main"] == "as_good"
    assert keys["half"] == "half_same"
    assert default.of("ramp") < default.of("gaussian") - 0.3
    assert verdicts_of.main(replace(default, config=MustItBeRandom(start="ramp"))).key == "chosen_fails"
    assert keys["kept"] == "apart_kept"
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
    assert result.of("ramp") > result.of("gaussian") - 0.1
    assert verdicts(result)["main"].key == "jittered"
    assert result.of("half") > 0.85
    assert verdicts(result)["beliefs"].key == "half_unclear"  # what learns from 0.5 ends near 0.5


def test_too_early(early):
    keys = [v.key for v in verdicts(early).values()]
    assert keys[:2] == ["nothing_learned", "half_unknown"]
    assert keys[2:] == ["apart_early", "half_unclear", "opposite_unknown"]


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
    assert main(gaussian=0.2) == "better"
    assert verdicts_of.half(replace(default, config=MustItBeRandom(jitter=1.0))).key == "half_jittered"
    assert verdicts_of.kept(replace(default, apart=default.apart - [[[0]], [[1]]])).key == "apart_lost"
    assert verdicts_of.kept(replace(default, apart=default.apart - 1)).key == "apart_never"
    wide = 0.2 * (-1.0) ** np.arange(10)
    assert main(hadamard=0.8 + wide, gaussian=0.8) == "unclear"
    for by, within in ((0.01, 2), (0.03, 5)):
        near = verdicts_of.main(put(default, hadamard=0.8 + by * (-1.0) ** np.arange(10), gaussian=0.8))
        assert (near.key, near.numbers["within"]) == ("as_good", within)
    assert verdicts_of.beliefs(replace(default, away=default.away[::-1])).key == "half_unclear"
    far = default.away * np.array([1, 2, 1, 1])[:, None]  # another random start would not be nearer than 0.5
    assert verdicts_of.beliefs(replace(default, away=far)).key == "half_unclear"
    assert (
        verdicts_of.opposite(replace(default, way=default.way * np.array([1, 0.5])[:, None])).key == "opposite_stuck"
    )


def test_no_trap_is_said_where_clearly_most_runs_recover(default):
    for late, key in ((1, "opposite_recovers"), (3, "opposite_stuck")):
        way = default.way.copy()
        way[:, 1, :late] = 0.8
        found = verdicts_of.opposite(replace(default, way=way))
        assert (found.key, found.numbers["arrived"]) == (key, experiment.REPEATS - late)


def test_what_learns_from_a_half_ends_near_a_half():
    """Trained weights are near their start, wherever it is: far from 0.5 are those from the random one."""
    config = MustItBeRandom(start="constant", jitter=1.0, depth=1)
    network, seeds = mlp.MLP((64, 64, 10), "relu"), range(3)
    every = experiment._starts(network, config, range(experiment.REPEATS))
    road = experiment._road(network, every["half"], config, range(experiment.REPEATS), LRS[2], None)
    ended = measure.joined(measure.weights(network, road.params)).numpy()[list(seeds)]
    assert np.median(road.accuracy) > 0.85
    assert (np.linalg.norm(ended - 0.5, axis=1) < np.linalg.norm(ended, axis=1)).all()


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
    for _ in range(3):
        batch = next(stream)
        descent.zero_grad()
        torch.nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
        descent.step()
    with torch.no_grad():
        loss = torch.nn.functional.cross_entropy(model(x[:JUDGES]), y[:JUDGES]).item()
    assert loss == pytest.approx(early.final[STARTS.index("hadamard"), 1, 0], rel=1e-4)


def test_every_chart_shows_the_runs_numbers(default):
    words = load("must_it_be_random")
    names = {start: words[f"words.{start}"] for start in STARTS}
    right = 100 * np.median(default.accuracy, 2)  # (C, L)
    compared = ("gaussian", "hadamard", "constant", "half")
    with drawn("must_it_be_random") as page:
        hold_the_matrices(page, words, default)
        page.holds("rates", {names[start]: right[STARTS.index(start)] for start in compared})
        assert [float(x) for x in page.named("rates")[names["half"]].x] == list(LRS)
        best = np.median(default.final, 2).argmin(1)
        table = page.tables["rates"].set_index("start")
        np.testing.assert_allclose(100 * table.test_accuracy[[*STARTS]], right[np.arange(len(STARTS)), best])
        assert table.best_lr[[*STARTS]].tolist() == [LRS[k] for k in best]
        columns = {"different_units": default.units, "rank": default.rank, "rank_after": default.rank_end}
        for column, values in (columns | {"digits_apart_after": default.apart[1]}).items():
            np.testing.assert_array_equal(table[column][[*STARTS]], np.median(values, 1))


def hold_the_matrices(page, words, result):
    """Nine matrices in three rows at every look, and over each what it reads then; the chosen one as it begins."""
    chart = page.charts["pictures"]
    assert page.hero == "pictures" and len(chart.to_json()) < 500_000
    titles = [a.text for a in chart.layout.annotations]
    assert titles == [f"<b>{words[f'words.{name}']}</b>" for name in (*GROUPS, "untrained")]
    assert [frame.name for frame in chart.frames] == ["0", "1", "3", "10", "30", "100"]
    for look, traces in enumerate([*(frame.data for frame in chart.frames[:-1]), chart.data]):
        for k, (start, picture) in enumerate(zip(STARTS, result.shown[look], strict=True)):
            full = np.sort(np.abs(picture).ravel())[int(np.floor(0.98 * 4095))]  # no two are so near as to matter
            full = full if full > 0 else np.abs(picture).max()
            np.testing.assert_allclose(traces[k].z, np.round(100 * (picture / full).clip(-1, 1)), atol=1.01)
            share = np.median(result.read[look, k])
            assert traces[10].text[k].endswith(words.say("words.label", name="", share=share))
            assert page.tables["pictures"][start][look] == share
        np.testing.assert_array_equal(traces[9].z, chart.frames[0].data[STARTS.index("hadamard")].z)
        assert traces[10].text[9] == chart.frames[0].data[10].text[STARTS.index("hadamard")]
    np.testing.assert_array_equal(result.read[-1], result.at_best())
    framed = [*STARTS, "hadamard"]
    around = [shape.line.width for shape in chart.layout.shapes if shape.type == "rect"]
    assert around == [3 if s == "hadamard" else 1 for s in framed]
    page.held.add("pictures")


def no_two_alike(default):
    """The run with an accuracy, units and a rank of its own for every start."""
    own = np.arange(len(STARTS))
    return replace(
        default, accuracy=0.9 * default.accuracy + own[:, None, None] / 100,
        units=default.units + own[:, None], rank=default.rank + own[:, None],
    )  # fmt: skip


@pytest.mark.parametrize("made", [lambda run: run, no_two_alike], ids=["default", "no_two_alike"])
def test_the_verdicts_say_the_tables_numbers(default, made):
    result = made(default)
    table, units = result.table(), result.summary().set_index("start")
    found = {name: verdict.numbers for name, verdict in verdicts(result).items()}
    losses = table.groupby(["start", "lr"]).train_loss.median()
    lr = {start: losses[start].idxmin() for start in STARTS}
    ends = {s: table[(table.start == s) & (table.lr == lr[s])].test_accuracy.to_numpy() for s in STARTS}
    right = {start: np.median(values) for start, values in ends.items()}
    expected = {
        "main": {"chosen": right["hadamard"], "random": right["gaussian"], "half": right["half"],
                 "lr": lr["hadamard"], "lr_random": lr["gaussian"],
                 "diverged": (table.diverged_at_step >= 0).sum(), "runs": len(table),
                 "units": units.different_units["hadamard"], "rank": units["rank"]["hadamard"]},
        "half": {"half": right["half"], "constant": right["constant"]},
    }  # fmt: skip
    for entry, numbers in expected.items():
        assert {name: found[entry][name] for name in numbers} == pytest.approx(numbers), entry


def test_the_other_verdicts_say_the_runs_numbers(default):
    """Of what stands in no table: where trained weights lie, and the way back from a solution's opposite."""
    found = {name: verdict.numbers for name, verdict in verdicts(default).items()}
    other, zero, half = np.median(default.away[1:], 1)
    assert found["beliefs"] == {"other": other, "zero": zero, "half": half, "mean": np.median(default.mean)}
    random, back = default.way[:, 0], default.way[:, 1]  # each (S', R)
    good = [STARTS.index(name) for name in FULL]
    assert found["kept"]["after"] == default.apart[1, good].min()
    assert found["opposite"]["begin"] == np.median(back[0])
    for name, way in (("random", random), ("back", back)):
        assert found["opposite"][name] == np.median(default.way_steps[(way >= GOAL).argmax(0)])


def test_the_network_to_take_home_is_the_first_from_the_chosen_start(default):
    c, digits = STARTS.index(DEFAULT.start), data.digits(centred=True)
    taken = {k: torch.from_numpy(v) for k, v in default.network.items()}
    np.testing.assert_array_equal(taken["layer1.weight"].half().float(), default.shown[-1, c])
    h = digits.test_x
    for k in range(1, DEFAULT.depth + 1):
        h = torch.relu(h @ taken[f"layer{k}.weight"].T + taken[f"layer{k}.bias"])
    read = (h @ taken["layer3.weight"].T + taken["layer3.bias"]).argmax(1) == digits.test_y
    assert read.float().mean().item() == pytest.approx(default.at_best()[c, 0])


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("must_it_be_random")
