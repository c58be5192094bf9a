"""One sample's gradient is one-signed by theorem; a large batch's is what H delta says; the handicap stays."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn import drawn
from endings import unchosen

from lib.engine import neuron
from lib.questions.batch.config import BATCHES, INPUTS, LRS, NEURONS, SIZES, Batch
from lib.questions.batch.experiment import POOL, run, shares, targets
from lib.questions.batch.verdict import main, signs, speed, verdicts
from lib.words import load

DEFAULTS = "batch=64 offset=1.8 inputs=10 error=removed target=across lr=0.01 seed=0"
RULINGS = {
    "batch_frees_signs": "right",
    "batch_mitigates": "depends",
}

DEFAULT = Batch()
QUICK = Batch(inputs=2)
SEEDS = range(16)


@pytest.mark.parametrize("inputs", INPUTS)
@pytest.mark.parametrize("keep_mean", [True, False])
def test_one_sample_with_positive_inputs_is_one_signed_in_every_repeat(inputs, keep_mean):
    assert (shares(SEEDS, inputs, 1.8, keep_mean=keep_mean)[0] == 1).all()


@pytest.mark.parametrize("inputs", [2, 5])
def test_one_centred_sample_is_one_signed_by_chance(inputs):
    """Signs of independent symmetric inputs all agree with probability 2^(1 - I)."""
    found = shares(SEEDS, inputs, 0.0, keep_mean=True)[0]
    assert found.mean() == pytest.approx(2.0 ** (1 - inputs), abs=0.03)


@pytest.mark.parametrize("keep_mean", [True, False])
def test_the_largest_batches_do_what_the_algebra_says(keep_mean):
    """For ever larger batches g = delta + mean(e) mean(x), mean(e) being 0 or offset * sum(delta)."""
    offset, inputs = 1.8, 5
    random = [np.random.default_rng((s, 2)) for s in SEEDS]
    delta = np.stack([r.standard_normal((NEURONS, inputs)) - r.standard_normal((NEURONS, inputs)) for r in random])
    limit = delta + (offset**2 * delta.sum(2, keepdims=True) if keep_mean else 0)
    found = shares(SEEDS, inputs, offset, keep_mean=keep_mean)[-1]
    assert found.mean() == pytest.approx(neuron.one_signed(limit).mean(), abs=0.06)


def test_the_batch_frees_the_signs_only_without_the_mean_error(default):
    as_it_is, removed, centred = default.shares
    assert (as_it_is[-1] > removed[-1]).all()
    assert (np.diff(np.median(removed, 1)) <= 0).all()
    assert np.median(as_it_is[-1]) > 0.8
    assert np.median(removed[-1]) < 0.1
    assert centred.max() < 0.05


def test_a_full_batch_is_slow_in_every_repeat(default):
    steps = default.best()
    assert (steps[0, -1] > 5 * steps[1, -1]).all()


@pytest.mark.parametrize("batch", [4, 256])
def test_the_descent_is_plain_torchs(batch):
    """torch.nn.Linear under torch.optim.SGD takes as many steps."""
    config = replace(QUICK, batch=batch, lr=0.05)
    result = run(config)
    seeds, lr = range(2), config.lr
    x = torch.from_numpy(neuron.draws(seeds, 256, 2) + QUICK.offset)
    picked, target = neuron.picks(seeds, 256, 400, 4), torch.from_numpy(targets(QUICK, seeds))
    for r in seeds:
        linear = torch.nn.Linear(2, 1, bias=False, dtype=torch.float64)
        torch.nn.init.zeros_(linear.weight)
        sgd, step = torch.optim.SGD(linear.parameters(), lr=lr), 0
        while torch.linalg.norm(linear.weight[0] - target[r]) > 0.1:
            seen = x[r] if batch == 256 else x[r][picked[step, r]]
            sgd.zero_grad()
            (((linear(seen)[:, 0] - seen @ target[r]) ** 2).mean() / 2).backward()
            sgd.step()
            step += 1
        assert step == result.steps[0, result.at, r, result.rate]


def test_a_share_of_the_gradients_is_of_all_of_them(default):
    """Not the median over the repeats of each one's share, which is of no pool of gradients."""
    shares_of = default.shares.copy()
    shares_of[0, SIZES.index(DEFAULT.batch)] = np.repeat([1.0, 0.4], [12, 4])  # the median is 1
    assert main(replace(default, shares=shares_of)).numbers["as_it_is"] == pytest.approx(0.85)


def test_targets_lie_where_they_are_said_to():
    across, along = (targets(replace(DEFAULT, target=t), SEEDS) for t in ("across", "along"))
    np.testing.assert_allclose(across.sum(1), 0, atol=1e-12)
    np.testing.assert_allclose(along, along[0, 0])
    for t in (across, along, targets(replace(DEFAULT, target="random"), SEEDS)):
        np.testing.assert_allclose(np.linalg.norm(t, axis=1), 1)


def test_whatever_is_to_be_tried_changes_the_hero(default):
    """Not only a figure further down: what is told over the cloud of the inputs with the offset is another."""
    for chip in load("batch")["try_this"]:
        with_offset, usual = (found.plane.shown()[-1][0] for found in (run(Batch(**chip["settings"])), default))
        assert [f"{with_offset[k]:.0%}" for k in usual] != [f"{usual[k]:.0%}" for k in usual], chip["label"]


def test_without_an_offset_both_are_one():
    result = run(replace(QUICK, offset=0.0))
    np.testing.assert_array_equal(result.steps[0], result.steps[1])
    assert verdicts(result)["main"].key == "no_offset"
    assert verdicts(result)["speed"].key == "speed_nothing"


def test_the_verdicts_at_the_default(default):
    keys = {name: v.key for name, v in verdicts(default).items()}
    assert keys == {"main": "half", "signs": "signs_mean", "speed": "speed_worse"}


@pytest.mark.parametrize(
    ("settings", "keys"),
    [
        ({"target": "along"}, {"main": "nothing_to_cure", "speed": "speed_better"}),
        ({"batch": 1}, {"main": "single", "signs": "signs_single", "speed": "speed_nothing"}),
        ({"inputs": 2, "offset": 3.0, "batch": 4}, {"main": "neither", "signs": "signs_stay"}),
        ({"offset": 3.0, "batch": 4}, {"main": "neither", "signs": "signs_stay"}),  # as a chip says
        ({"offset": 0.5, "inputs": 5}, {"signs": "signs_free"}),
        ({"offset": 1.0, "batch": 4}, {"main": "untied", "signs": "signs_untied"}),  # few single ones are one-signed
    ],
)
def test_other_ends_have_their_own_sentence(settings, keys):
    found = verdicts(run(replace(DEFAULT, **settings)))
    assert {name: found[name].key for name in keys} == keys


def test_a_run_could_still_say_the_opposite(default):
    quick = default.steps.copy()
    quick[0, 1:] = quick[1, 1:]
    assert main(replace(default, steps=quick)).key == "cured"
    slow = default.steps.copy()
    slow[0] = default.budget
    assert main(replace(default, steps=slow)).key == "unreached"
    assert speed(replace(default, steps=slow)).key == "speed_unreached"
    even = default.steps.copy()
    even[:] = even[:, :1]
    assert speed(replace(default, steps=even)).key == "speed_unclear"
    assert signs(replace(default, shares=np.ones_like(default.shares))).key == "signs_tied"


def test_what_the_repeats_do_not_agree_on_is_not_told(default):
    """Half of them one way and half the other: medians differ, and nothing is shown."""
    level = default.steps.astype(float)
    level[:] = 20
    level[0] += np.linspace(-19, 19, 16)[:, None]
    assert main(replace(default, steps=level)).key == "unclear"
    level[0, :] = 20
    level[0, default.at] += np.linspace(-19, 19, 16)[:, None]
    assert speed(replace(default, steps=level)).key == "speed_unclear"
    shares_of = default.shares.copy()
    shares_of[1, SIZES.index(DEFAULT.batch)] = np.where(np.arange(16) % 2, 0.9, 0.2)
    assert main(replace(default, shares=shares_of)).key == "unfreed"
    assert signs(replace(default, shares=shares_of)).key == "signs_some"
    assert signs(replace(default, shares=default.shares[[1, 1, 2]])).key == "signs_free"


def test_shapes_and_progress():
    told = []
    result = run(QUICK, progress=lambda done, total: told.append(done / total))
    assert result.steps.shape == (2, len(BATCHES), 16, len(LRS))
    assert result.shares.shape == (3, len(SIZES), 16)
    assert told
    assert told == sorted(told)
    assert told[-1] <= 1


def test_a_cloud_is_of_plain_torchs_gradients(default):
    """Of the first repeat's first neuron, by autograd: single samples as they are, and their mean."""
    offset, inputs = DEFAULT.offset, DEFAULT.inputs
    u = torch.from_numpy(neuron.draws(range(1), POOL, inputs)[0])
    random = np.random.default_rng((0, 2))
    right, own = (torch.from_numpy(random.standard_normal((NEURONS, inputs))[0]) for _ in range(2))
    noise = torch.from_numpy(0.3 * random.standard_normal((NEURONS, POOL))[0])
    for c, mean in enumerate((offset, 0.0)):
        x, weights = u + mean, (right - own).requires_grad_()
        bias = -mean * weights.detach().sum()  # a bias that has converged takes the mean error off
        error = x @ weights + bias + noise
        (error.square().sum() / 2).backward()
        single = error.detach()[:, None] * x
        torch.testing.assert_close(weights.grad, single.sum(0))
        np.testing.assert_allclose(default.plane.clouds[c, 0], single[:, :2], rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(default.plane.means[c], single[:, :2].mean(0), atol=1e-9)


def test_the_cloud_contracts_to_its_mean_and_leaves_the_two_quadrants(default):
    """With the square root of the batch; one sample's dots lie in two quadrants, whatever the neuron."""
    plane = default.plane
    assert plane.sizes == SIZES[: SIZES.index(DEFAULT.batch) + 1]
    spread = plane.clouds.std(2)  # (2, F, 2)
    for f, size in enumerate(plane.sizes):
        np.testing.assert_allclose(spread[:, f] * np.sqrt(size), spread[:, 0], rtol=0.15)
        far = np.abs(plane.clouds[:, f].mean(1) - plane.means)
        assert (far < 4 * spread[:, 0] / np.sqrt(size * POOL) + 1e-6).all()
    assert plane.same[0, 0] == plane.together[0, 0] == 1
    assert (plane.together[0, :-1] >= plane.together[0, 1:]).all()
    assert (np.abs(plane.together[1] - 0.5) < 0.08).all()
    pooled = shares(SEEDS, 2, 0.5, keep_mean=True).mean(1)
    np.testing.assert_allclose(run(replace(QUICK, offset=0.5, error="as_it_is")).plane.together[0], pooled)


def test_over_a_cloud_stands_the_share_of_the_answer(default):
    """One sign in all weights, of all neurons: what the picture prints large is what the sentences speak of."""
    kept = run(replace(DEFAULT, error="as_it_is"))
    for result, name in ((default, "removed"), (kept, "as_it_is")):
        numbers, shown = main(result).numbers, result.plane.shown()
        assert shown[0][0]["throughout"] == numbers["one"]
        assert shown[-1][0]["throughout"] == numbers[name]
        assert shown[-1][1]["throughout"] == numbers["centred"]


def test_the_frame_is_chosen_for_the_run(default):
    """The last cloud is well inside and no speck, and the first is wider than the frame, by a share that is said."""
    for result in (default, run(replace(DEFAULT, batch=256))):
        first, last = np.abs(result.plane.clouds[:, 0]), np.abs(result.plane.clouds[:, -1])
        assert 0.3 < last.max() / result.plane.reach < 0.6
        assert result.plane.beyond == (first.max(2) > result.plane.reach).mean()
        assert 0.1 < result.plane.beyond < 0.5
    alone = run(replace(DEFAULT, batch=1)).plane
    assert alone.beyond == pytest.approx(0.1, abs=0.002)
    kept = run(replace(DEFAULT, error="as_it_is")).plane
    assert np.abs(kept.means).max() < kept.reach


def holds_the_plane(page, default):
    """In every frame both clouds and their shares of one sign in all weights; the stars are the means."""
    words, chart, plane = load("batch"), page.charts["plane"], default.plane
    names = [words["figures.plane.removed"], words["figures.plane.centred"]]
    for at, axis in enumerate("xy"):
        page.holds("plane", dict(zip(names, plane.clouds[:, -1, :, at], strict=True)), of=axis)
        np.testing.assert_allclose([chart.data[k][axis][0] for k in (4, 5)], plane.means[:, at], atol=6e-4)
    assert [int(s.label) for s in chart.layout.sliders[0].steps] == [1, 2, 4, 8, 16, 32, 64]
    for f, frame in [*enumerate(chart.frames), (len(chart.frames) - 1, chart)]:
        for c, (points, note) in enumerate((frame.data[:2], frame.data[2:4])):
            np.testing.assert_array_equal(np.stack([points.x, points.y], 1), plane.clouds[c, f])
            share = default.shares[(1, 2)[c], f].mean()
            assert note.text == (words.say("figures.plane.note", name=names[c], throughout=share),)
    for c, ending in enumerate(("", "_centred")):
        both = (plane.clouds[c, -1, :, 0] >= 0) == (plane.clouds[c, -1, :, 1] >= 0)
        assert page.numbers["plane"][f"own{ending}"] == both.mean()
        assert page.numbers["plane"][f"throughout{ending}"] == default.shares[(1, 2)[c], len(chart.frames) - 1].mean()
    table = page.tables["plane"].set_index("batch")
    np.testing.assert_array_equal(table[["offset_cloud", "centred_cloud"]].T, plane.same)
    throughout = default.shares[1:, : len(table)].mean(2)
    np.testing.assert_array_equal(table[["offset_throughout", "centred_throughout"]].T, throughout)
    np.testing.assert_array_equal(table[["offset_all", "centred_all"]].T, plane.together[:, : len(table)])
    shades = [(s.x1, s.y1) for s in chart.layout.shapes if s.type == "rect"]
    assert shades == [(r, r) for r in (plane.reach, -plane.reach)] * 2


def test_one_sample_is_one_picture_without_a_slider():
    with drawn("batch", **{"Batch.batch": "1", "Batch.inputs": "2"}) as page:
        page.held.update(page.charts)
        assert not page.charts["plane"].frames
        assert page.numbers["plane"]["own"] == page.numbers["plane"]["throughout"] == 1


def test_every_chart_shows_the_runs_numbers(default):
    words = load("batch")
    names = [words[f"figures.share.{k}"] for k in ("as_it_is", "centred", "removed")]
    shares_of = {
        "share": dict(zip(names, default.shares[[0, 2, 1]], strict=True)),
    }
    with drawn("batch") as page:
        holds_the_plane(page, default)
        for chart, lines in shares_of.items():
            page.holds(chart, {name: 100 * np.median(share, 1) for name, share in lines.items()})
            assert all(list(trace.x) == [str(size) for size in SIZES] for trace in page.named(chart).values())
            assert list(page.tables[chart]) == [*lines, "batch"]
            assert tuple(page.tables[chart]["batch"]) == SIZES
            for name, share in lines.items():
                np.testing.assert_array_equal(page.tables[chart][name], np.median(share, 1))
        offset, centred = np.median(default.steps, 2)  # each (B, L)
        lines = {
            "same": offset[:, LRS.index(DEFAULT.lr)],
            "same_centred": centred[:, LRS.index(DEFAULT.lr)],
            "best": offset.min(1),
            "best_centred": centred.min(1),
        }
        page.holds("steps", {words[f"figures.steps.{k}"]: values for k, values in lines.items()})
        table = page.tables["steps"].groupby(["input", "batch", "lr"]).steps.median().unstack("lr")
        np.testing.assert_array_equal(table.loc["offset"], offset)
        np.testing.assert_array_equal(table.loc["centred"], centred)


def test_the_verdicts_say_the_tables_numbers(default):
    """All sentences are given the same numbers; which of the inputs and batches each is of, the table says."""
    medians = default.table().groupby(["input", "batch", "lr"])[["steps"]].median()
    one, many, centred_one, centred = (
        medians.loc[kind, batch] for kind in ("offset", "centred") for batch in (1, DEFAULT.batch)
    )
    best = {"steps_one": one, "steps": many, "steps_centred_one": centred_one, "steps_centred": centred}
    expected = {name: rows.steps.min() for name, rows in best.items()}
    expected["times_one"] = expected["steps_one"] / expected["steps_centred_one"]
    expected["times"] = expected["steps"] / expected["steps_centred"]
    expected |= {"same": many.steps[DEFAULT.lr], "same_centred": centred.steps[DEFAULT.lr]}
    size = SIZES.index(DEFAULT.batch)
    as_it_is, removed, centred = default.shares.mean(2)  # of as many gradients in each repeat
    expected |= {"one": as_it_is[0], "as_it_is": as_it_is[size], "removed": removed[size], "centred": centred[size]}
    for verdict in verdicts(default).values():
        assert {name: verdict.numbers[name] for name in expected} == pytest.approx(expected)
    assert 0 < expected["removed"] < expected["as_it_is"] < expected["one"]  # or the shares could be confused


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("batch")
