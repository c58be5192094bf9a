"""Decay alone never crosses zero while lr * lambda < 1; with noise it settles where theory says."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn import drawn
from endings import unchosen

from lib.engine import inits, mlp, train
from lib.engine.data import digits
from lib.questions.weight_decay.config import OPTIMISERS, SHIFTS, SHRINKS, STARTS, SWEEP, WeightDecay
from lib.questions.weight_decay.experiment import LR, REPEATS, SIZES, run
from lib.questions.weight_decay.verdict import SWINGS, data, identity, main, noise, variation, verdicts
from lib.words import load, ruling

DEFAULTS = "shrink=0.005 start=abs_he steps=200 seed=0 optimiser=plain"
RULINGS = {
    "decay_makes_negative": "depends",
    "centred_small_norm": "depends",
    "variation_predicts": "right",
}

DEFAULT = WeightDecay()
QUICK = WeightDecay(steps=30)


@pytest.mark.parametrize("shrink", [s for s in SHRINKS if 0 < s < 1])
def test_decay_alone_never_crosses_zero_below_one(shrink):
    result = run(replace(QUICK, shrink=shrink))
    assert result.alone.max() == 0
    assert verdicts(result)["main"].key == "alone_never"
    np.testing.assert_allclose(result.threads[-1, 0], result.threads[0, 0] * (1 - shrink) ** 30, rtol=1e-6)


def decayed_by_torch(optimiser, shrink, steps):
    """Decay alone by torch.optim itself, on one vector: (steps + 1, n)."""
    w = torch.nn.Parameter(torch.tensor(np.abs(np.random.default_rng(0).normal(size=500)) * 0.18))
    kinds = {
        "plain": lambda decay: torch.optim.SGD([w], lr=LR, weight_decay=decay),
        "momentum": lambda decay: torch.optim.SGD([w], lr=LR, momentum=0.9, weight_decay=decay),
        "adam_l2": lambda decay: torch.optim.Adam([w], lr=LR, weight_decay=decay),
        "adamw": lambda decay: torch.optim.AdamW([w], lr=LR, weight_decay=decay),
    }
    rule, way = kinds[optimiser](shrink / LR), [w.detach().numpy().copy()]
    for _ in range(steps):
        w.grad = torch.zeros_like(w)
        rule.step()
        way.append(w.detach().numpy().copy())
    return np.stack(way)


@pytest.mark.parametrize(("optimiser", "key"), [("momentum", "alone_crosses"), ("adam_l2", "alone_crosses"),
                                                ("adamw", "alone_never")])  # fmt: skip
def test_whether_decay_alone_crosses_zero_depends_on_the_optimiser(optimiser, key):
    """Plain and decoupled never below one; momentum from (1 - sqrt 0.9)^2 on; Adam with L2 always."""
    result = run(replace(DEFAULT, steps=100, optimiser=optimiser))
    assert verdicts(result)["main"].key == key
    own = (decayed_by_torch(optimiser, 0.005, 100) < 0).any(0).mean()
    assert np.median(result.chosen_crossed) == pytest.approx(own, abs=0.05)
    assert (own > 0.8) == (optimiser != "adamw")
    assert result.crossed[[0, 3]].max() == 0


def test_momentum_swings_where_its_decay_is_underdamped():
    low, high = SWINGS
    assert low == pytest.approx(0.00263, rel=0.01)
    for shrink in (0.5 * low, 0.95 * low, 1.1 * low, 0.01, 1.0, 0.99 * high):
        roots = np.roots([1, -(1.9 - shrink), 0.9])
        assert (np.abs(roots.imag) > 0).all() == (shrink > low)
        assert (decayed_by_torch("momentum", shrink, 400) < 0).any() == (shrink > low)
    below = run(replace(QUICK, optimiser="momentum", shrink=0.0015))
    assert verdicts(below)["main"].key == "alone_never"
    assert verdicts(run(replace(QUICK, steps=3, optimiser="momentum")))["main"].key == "alone_not_yet"


def test_the_other_optimisers_are_named_beside_the_chosen_one(default):
    assert default.crossed.shape == (len(OPTIMISERS), REPEATS)
    numbers = main(default).numbers
    assert (numbers["momentum"], numbers["crossed"]) == (1, 0)
    assert numbers["adam_l2"] > 0.8


def test_decay_and_noise_balance_at_one_half_only(default):
    """39 % and 6 % are no balance, though the root mean square is at its goal from the start."""
    for steps in (3, 200):
        result = default if steps == 200 else run(replace(DEFAULT, steps=steps))
        found = verdicts(result)["noise"]
        assert np.median(result.spread) == pytest.approx(result.spread_theory, rel=0.1)
        assert found.numbers["share"] < 0.45
        assert found.key == "noise_on_its_way"
    half = default.noisy.copy()
    half[-1] = 0.5
    assert noise(replace(default, noisy=half)).key == "noise_settled"


def test_more_fewer_and_alike_have_to_be_shown(default):
    """By the pairs: half of the way up in every one, nothing to see, or all over the place."""
    at, every = default.chosen, np.arange(REPEATS)
    little, much = np.where(every % 2, 0.01, -0.01), np.where(every % 2, 0.1, -0.1)
    changes = 0.01 * every / REPEATS, little, -0.08 + 0 * every, 0.08 + 0 * every, much
    keys = "data_few", "data_alike", "data_alike", "data_more", "data_open"
    for key, change in zip(keys, changes, strict=True):
        learned = default.learned.copy()
        learned[-1, at] = learned[-1, 0] + change
        assert data(replace(default, learned=learned)).key == key


def test_a_little_more_in_every_pair_is_a_reason():
    """One weight in a hundred, and three: small, but in every network, so that the claim is not wrong."""
    for shrink in (0.0005, 0.0015):
        result = run(replace(DEFAULT, shrink=shrink))
        assert (result.learned[-1, result.chosen] > result.learned[-1, 0]).all()
        assert verdicts(result)["data"].key == "data_few"
    claim = next(c for c in load("weight_decay")["claims"] if c["id"] == "decay_makes_negative")
    assert ruling(claim, "data_few") == "depends"


def test_no_norm_is_taken_apart_that_decay_has_erased():
    """Beside weights of a millionth, the shift of 0.1 would be some million per cent."""
    erased = run(replace(DEFAULT, shrink=0.5))
    assert np.median(erased.norm[erased.chosen]) < 0.001
    assert verdicts(erased)["identity"].key == "identity_open"


def test_forty_seven_per_cent_is_about_half_and_said():
    result = run(replace(DEFAULT, shrink=0.015))
    said = noise(result)
    assert said.key == "noise_settled"
    assert 0.45 < said.numbers["share"] < 0.49  # below half in every network: not as many on either side
    assert (result.noisy[-1] < 0.5).all()
    words = load("weight_decay")
    assert f"{said.numbers['share']:.0%}" in words.parts("noise", *said).claim
    assert "half" in words["verdict.noise.noise_settled"]


def test_decay_alone_flips_every_sign_between_one_and_two():
    result = run(replace(QUICK, shrink=1.5))
    odd = result.steps % 2 == 1
    assert (result.alone[odd] == 1).all()
    assert (result.alone[~odd] == 0).all()
    assert verdicts(result)["main"].key == "alone_flips"


def test_beyond_two_it_diverges_and_nothing_is_infinite():
    result = run(replace(DEFAULT, shrink=2.5))
    assert verdicts(result)["main"].key == "alone_flips"
    assert verdicts(result)["data"].key == "data_open"
    for values in (result.alone, result.noisy, result.learned, result.norm, result.mean, result.accuracy):
        assert np.isfinite(values).all()
    assert (result.diverged[result.chosen] > 0).all()
    assert (result.diverged[:-1] == -1).all()  # the neighbours are unharmed
    assert "2.5" not in result.sweep()[0]
    assert verdicts(result)["identity"].key == "identity_open"


def test_noise_settles_at_the_stationary_spread():
    result = run(replace(DEFAULT, shrink=0.05))
    np.testing.assert_allclose(result.spread, result.spread_theory, rtol=0.05)
    assert result.spread_theory == pytest.approx(0.02 / np.sqrt(1 - 0.95**2))
    assert abs(result.noisy[-1] - 0.5).max() < 0.05
    assert verdicts(result)["noise"].key == "noise_settled"


def test_a_signed_start_keeps_its_signs():
    result = run(replace(QUICK, start="he"))
    assert (result.alone == result.alone[0]).all()
    assert verdicts(result)["main"].key == "alone_never"
    assert main(result).numbers["alone"] == main(result).numbers["start"]


def test_weights_turn_negative_without_any_decay(default):
    assert np.median(default.learned[-1, 0]) > 0.2
    assert default.learned[0].max() == 0
    assert verdicts(default)["data"].key == "data_more"
    assert verdicts(run(replace(QUICK, shrink=0.0)))["main"].key == "no_decay"


def test_the_identity_holds_for_every_network_and_decay(default):
    parts = default.count * (default.mean**2 + default.variance)
    np.testing.assert_allclose(default.norm**2, parts, rtol=1e-9)
    assert default.count == 64 * 32 + 32 * 10


def test_erasing_the_variation_leaves_one_answer_in_ten(default):
    assert default.erased.max() < 0.15
    assert default.accuracy[default.chosen].min() > 0.8
    assert verdicts(default)["variation"].key == "variation_needed"
    assert variation(replace(default, erased=default.shifted[0])).key == "variation_spare"


def test_other_ends_are_named(default):
    too_much, too_early = run(replace(DEFAULT, shrink=0.5)), run(replace(DEFAULT, steps=3))
    assert verdicts(too_much)["data"].key == verdicts(too_early)["data"].key == "data_open"
    assert verdicts(too_early)["variation"].key == "variation_open"
    fewer = default.learned.copy()
    fewer[-1, default.chosen] = 0
    assert data(replace(default, learned=fewer)).key == "data_alike"


def test_the_decay_is_torchs_adamw(default):
    """One network at the chosen decay, trained again with torch.nn and torch.optim, ends with the same norm."""
    network = mlp.MLP(SIZES)
    start = inits.start(network, inits.Init(**STARTS[DEFAULT.start]), [0])
    model = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10))
    with torch.no_grad():
        for own, given in zip(model.parameters(), start, strict=True):
            own.copy_(given[0])
    adamw = torch.optim.AdamW(model.parameters(), lr=LR, weight_decay=DEFAULT.shrink / LR)
    x, y = digits().train
    stream = (batch for epoch in train.epochs(len(x), 64, 0) for batch in epoch)
    for _ in range(DEFAULT.steps):
        batch = next(stream)
        adamw.zero_grad()
        torch.nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
        adamw.step()
    norm = sum(float(p.detach().square().sum()) for p in model.parameters() if p.dim() == 2) ** 0.5
    assert norm == pytest.approx(default.norm[default.chosen, 0], rel=1e-3)
    assert default.norm.shape == (len(SWEEP), REPEATS)


def test_an_identity_that_did_not_hold_would_not_be_said(default):
    assert identity(replace(default, variance=1.5 * default.variance)).key == "identity_open"


def test_every_chart_shows_the_runs_numbers(default):
    words, names = load("weight_decay"), [f"{decay:g}" for decay in SWEEP]
    without = SWEEP.index(0)
    with drawn("weight_decay") as page:
        per_decay = {"negative": default.learned[-1], "accuracy": default.accuracy,
                     "norm": default.norm / default.norm[without],
                     "mean": default.mean / np.median(default.mean[without])}  # fmt: skip
        swept = {words[f"figures.sweep.{name}"]: 100 * np.median(v, 1) for name, v in per_decay.items()}
        page.holds("sweep", swept)
        assert all(list(trace.text) == names for trace in page.named("sweep").values())
        table = page.tables["sweep"].set_index(["lr_times_lambda", "repeat"])
        for column in ("norm", "mean", "variance"):
            np.testing.assert_array_equal(table[column].unstack().loc[list(SWEEP)], getattr(default, column))
        np.testing.assert_array_equal(table.negative_end.unstack(), default.learned[-1])
        np.testing.assert_array_equal(table.test_accuracy.unstack(), default.accuracy)
        holds_the_threads(page, default, words["figures.threads"])
        line = words["figures.shift.line"]
        page.holds("shift", {line: 100 * np.median(default.shifted, 1)})
        assert list(page.named("shift")[line].text) == [f"{constant:g}" for constant in SHIFTS]
        for constant, accuracy in zip(SHIFTS, default.shifted, strict=True):
            np.testing.assert_array_equal(page.tables["shift"][f"+{constant:g}"], accuracy)


def holds_the_threads(page, result, said):
    """Each panel: what is drawn at or above zero and at or below it are the threads, with their crossings put in."""
    chart = page.charts["threads"]
    assert [frame.name for frame in chart.frames] == [str(step) for step in result.moments]
    for p, way in enumerate(("alone", "noisy", "learned", "without")):
        above, below = chart.data[2 * p : 2 * p + 2]
        assert np.nanmin(above.y) >= 0 >= np.nanmax(np.append(below.y, 0))
        joined = np.where(np.isnan(above.y), below.y, above.y)
        at = np.isin(above.x, result.moments.astype(np.float32))
        drawn_here = joined[at & ~np.isnan(joined)]
        np.testing.assert_allclose(drawn_here, result.threads[:, p].T.ravel(), atol=1e-6)
        for k, frame in enumerate(chart.frames):  # a dot on each thread, and how many are below zero there
            dots, text = frame.data[8 + p], frame.data[12 + p].text[0]
            np.testing.assert_allclose(dots.y, result.threads[k, p], atol=1e-6)
            assert (dots.x == result.moments[k]).all()
            assert (np.asarray(dots.marker.color) == np.where(result.threads[k, p] < 0, -1, 1)).all()
            assert text == said["below"].format(count=(result.threads[k, p] < 0).sum())
        assert (chart.data[12 + p].text[0], page.numbers["threads"][way]) == (text, (dots.y < 0).sum())
        assert chart.layout.annotations[p].text == f"<b>{said[way]}</b>"
    weights = page.tables["threads"].pivot(index=["step", "way"], columns="thread", values="weight")
    np.testing.assert_array_equal(weights.loc[(DEFAULT.steps, "data_without_decay")], result.threads[-1, 3])
    page.held.add("threads")


def test_the_threads_are_the_first_networks_weights(default):
    """One start in all panels, and what happens to it: exact decay, noise around it, and training."""
    threads, factor = default.threads, (1 - DEFAULT.shrink) ** default.moments
    assert threads.shape == (41, 4, 30)
    assert (threads[0] == threads[0, :1]).all()
    np.testing.assert_allclose(threads[:, 0], threads[0, 0] * factor[:, None], rtol=1e-5)
    noise = threads[:, 1] - threads[:, 0]
    assert noise[-1].std() == pytest.approx(default.spread_theory * np.sqrt(1 - factor[-1] ** 2), rel=0.4)
    start = inits.start(mlp.MLP(SIZES), inits.Init(**STARTS[DEFAULT.start]), [0])
    joined = np.concatenate([w.numpy().ravel() for w in start[0::2]])
    np.testing.assert_array_equal(threads[0, 0], joined[np.linspace(0, len(joined) - 1, 30).round().astype(int)])
    assert (np.abs(threads[-1, 2:]).mean(1) < 1).all()
    assert not np.allclose(threads[-1, 2], threads[-1, 3])
    blank = (threads[:, 3] == threads[0, 3]).all(0)  # no gradient ever comes from a pixel that is always blank
    assert 0 < blank.sum() < 10
    np.testing.assert_allclose(threads[:, 2, blank], threads[:, 0, blank], rtol=1e-4)  # decay, and nothing else


def test_the_verdicts_say_the_tables_numbers(default):
    table, found = default.table(), {name: verdict.numbers for name, verdict in verdicts(default).items()}
    decayed, free = (table[table.lr_times_lambda == s].set_index("repeat") for s in (DEFAULT.shrink, 0.0))
    answer, said = found["main"], found["data"]
    assert (answer["data"], answer["without"]) == (decayed.negative_end.median(), free.negative_end.median())
    assert found["noise"]["share"] == answer["noisy"] == np.median(default.noisy[-1])
    assert said["accuracy"] == pytest.approx(decayed.test_accuracy.median())
    assert said["accuracy_without"] == pytest.approx(free.test_accuracy.median())
    assert (said["with"], said["without"]) == (answer["data"], answer["without"])
    apart = found["identity"]
    assert apart["mean_part"] == pytest.approx((default.count * decayed["mean"] ** 2 / decayed.norm**2).median())
    moved = default.count * ((decayed["mean"] + apart["shift"]) ** 2 + decayed.variance)
    assert apart["longer"] == pytest.approx((np.sqrt(moved) / decayed.norm).median() - 1)
    assert found["variation"] == pytest.approx(
        {"before": decayed.test_accuracy.median(), "after": np.median(default.erased)}
    )
    crossed = dict(zip(OPTIMISERS, np.median(default.crossed, 1), strict=True))
    assert (answer["momentum"], answer["adam_l2"]) == (crossed["momentum"], crossed["adam_l2"])
    assert answer["crossed"] == crossed["plain"]


def test_each_share_of_decay_alone_is_its_own(default):
    """In a run the start and the end are mostly one number; here they are two."""
    alone = default.learned[:, 0].copy()  # shares that rise and fall again
    alone[0], alone[-1] = 0.05, 0.1
    found = main(replace(default, alone=alone)).numbers
    expected = {"start": alone[0], "alone": alone[-1]}
    assert {name: found[name] for name in expected} == pytest.approx({n: np.median(v) for n, v in expected.items()})


def test_the_network_to_take_home_is_the_one_whose_weights_are_followed(default):
    w, b, v, c = (torch.tensor(p) for p in default.network.values())
    weights = np.concatenate([w.flatten(), v.flatten()])
    followed = np.linspace(0, len(weights) - 1, default.threads.shape[2]).round().astype(int)
    np.testing.assert_array_equal(weights[followed], default.threads[-1, 2])
    assert np.linalg.norm(weights) == pytest.approx(default.norm[default.chosen, 0], rel=1e-5)
    z = (digits().test_x @ w.T + b).relu() @ v.T + c
    right = (z.argmax(1) == digits().test_y).float().mean()
    assert float(right) == pytest.approx(default.accuracy[default.chosen, 0])


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("weight_decay")
