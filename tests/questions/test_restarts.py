"""Constant runs are copies of each other; random ones end at a few levels, and each is a new chance."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn import drawn
from endings import unchosen
from scipy.stats import hypergeom

from lib.engine import inits, mlp
from lib.questions.restarts.config import SOLVED, WIDTHS, Restarts
from lib.questions.restarts.experiment import ORDERS, RUNS, UNITS, _shuffled, narrow, problem, run
from lib.questions.restarts.result import chance
from lib.questions.restarts.verdict import GAP, again, better, main, order, verdicts, width
from lib.words import load

DEFAULTS = "width=3 activation=relu problem=xor constant=0.5 lr=0.03 steps=500 seed=0"
RULINGS = {
    "same_minimum": "right",
    "restart_finds_better": "right",
    "shuffling_suffices": "wrong",
}

DEFAULT = Restarts()


def test_from_a_constant_every_run_is_a_copy(default):
    assert (default.constant == default.constant[:, :1]).all()
    assert (default.constant_ends == default.constant_ends[0]).all()
    assert verdicts(default)["again"].key == "again_same"
    assert verdicts(default)["again"].numbers["different"] == 1
    assert verdicts(default)["order"].key == "order_no_help"
    first = default.constant_ends[0, : 2 * UNITS].reshape(UNITS, 2)
    assert np.ptp(first[:3], axis=0).max() < 1e-4  # all of them equal but for rounding


def test_random_starts_end_at_the_known_levels(default):
    near = np.abs(default.loss[-1][:, None] - [0, 1 / 8, 1 / 6, 1 / 4]).min(1)
    assert np.mean(near < 0.005) > 0.9
    assert verdicts(default)["main"].key == "helps"
    assert verdicts(default)["width"].key == "width_helps"
    assert 0.2 < default.solved.mean() < 0.7


def test_a_unit_without_weights_stays_without_in_every_run(default):
    parts = np.split(default.ends, [2 * UNITS, 3 * UNITS, 4 * UNITS], axis=1)
    assert (parts[0].reshape(RUNS, UNITS, 2)[:, 3:] == 0).all()
    assert (parts[1][:, 3:] == 0).all()
    assert (parts[2][:, 3:] == 0).all()


def test_one_unit_cannot_do_xor_and_one_can_do_and():
    assert (default_losses := run(Restarts(width=1, steps=100))).loss.min() > 0.1
    assert verdicts(default_losses)["main"].key == "never"
    assert verdicts(default_losses)["order"].key == "order_unclear"  # random starts solve it as rarely
    easy = run(Restarts(problem="and"))
    assert verdicts(easy)["main"].key == "constant_solves"
    assert verdicts(easy)["order"].key == "order_no_need"
    smooth = run(Restarts(problem="and", activation="tanh", width=8))
    assert verdicts(smooth)["main"].key == "always"
    assert len(smooth.levels()) == 1
    assert verdicts(smooth)["better"].key == "better_found"  # than the constant, which is stuck
    solved = replace(smooth, constant=smooth.loss)
    assert better(solved).key == "better_no_need"


def test_a_better_end_need_not_be_a_solution():
    """With one unit 26 of 64 random starts end at 1/6, the constant at 1/4: better, and not solved."""
    one = run(Restarts(width=1))
    assert verdicts(one)["main"].key == "never"
    found = verdicts(one)["better"]
    assert found.key == "better_found"
    assert found.numbers["lower"] == (one.loss[-1] < np.median(one.constant[-1]) - GAP).sum() > 10
    assert found.numbers["best"] == pytest.approx(1 / 6, abs=0.005)
    assert found.numbers["stuck"] == pytest.approx(1 / 4, abs=0.005)
    claim = next(c for c in load("restarts")["claims"] if c["id"] == "restart_finds_better")
    assert found.key in claim["right"]
    assert better(replace(one, loss=one.constant)).key == "better_none"


def test_runs_with_their_own_order_that_diverge_are_told_though_their_loss_is_finite():
    """The engine freezes a diverged member at its last sound weights, so its loss is a number like any other."""
    network, (x, y) = mlp.MLP((2, UNITS, 1), "relu"), problem("xor")
    start = inits.start(network, inits.Init("constant", 0.5), range(ORDERS))
    start[0][3] = 1e9
    loss, diverged = _shuffled(network, start, (x, y), Restarts(steps=100), range(ORDERS), lambda *_: None)
    assert np.isfinite(loss).all()
    assert np.flatnonzero(diverged >= 0).tolist() == [3]


def test_parity_is_hard_and_its_ends_are_many():
    hard = run(Restarts(problem="parity", steps=100))
    x, y = problem("parity")
    assert y[:, 0].tolist() == [bin(row).count("1") % 2 for row in range(8)]
    assert x[5].tolist() == [1, 0, 1]
    assert len(hard.levels()) > 5
    assert not hard.shown()  # three inputs are no plane


def test_best_of_n_is_counted_right(default):
    rng = np.random.default_rng(0)
    runs = np.arange(64) < 5
    drawn = [rng.permutation(runs)[:8].any() for _ in range(4000)]
    assert chance(5, 64, 8) == pytest.approx(np.mean(drawn), abs=0.03)
    assert chance(5, 64, 1) == pytest.approx(5 / 64)
    assert (chance(0, 64, 9), chance(60, 64, 5)) == (0, 1)


def test_the_other_verdicts_follow_the_numbers(default):
    gone = default.order_diverged.copy()
    gone[3:5] = 7
    assert order(replace(default, order_diverged=gone)) == ("order_diverged", {"orders": ORDERS, "diverged": 2})
    one = default.order_loss.copy()
    one[3] = 0.001
    assert order(replace(default, order_loss=one)).key == "order_helps"
    narrow, *_, wide = by_width = default.by_width
    assert width(replace(default, by_width=by_width[[1, 1, 1]])).key == "width_alike"
    assert width(replace(default, by_width=np.stack([wide, narrow]))).key == "width_hurts"
    some = np.where(np.arange(RUNS) % 2, wide, narrow)
    assert width(replace(default, by_width=np.stack([some, some[::-1]]))).key == "width_unclear"
    broken = default.diverged.copy()
    broken[0, 3] = 5
    assert main(replace(default, diverged=broken)).key == "diverged"
    assert better(replace(default, diverged=broken)).key == "better_diverged"


def test_a_narrowed_network_trains_as_torchs_narrow_one():
    """The first random run of the chosen width, trained again with torch.nn and torch.optim.Adam."""
    config = Restarts(width=2, steps=100)
    network = mlp.MLP((2, UNITS, 1), "relu")
    start = narrow(inits.start(network, inits.Init("normal"), [0]), 2)
    model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.ReLU(), torch.nn.Linear(2, 1))
    given = (start[0][0, :2], start[1][0, :2], start[2][0, :, :2], start[3][0])
    with torch.no_grad():
        for own, value in zip(model.parameters(), given, strict=True):
            own.copy_(value)
    adam = torch.optim.Adam(model.parameters(), lr=config.lr)
    x, y = problem("xor")
    for _ in range(config.steps):
        adam.zero_grad()
        torch.nn.functional.mse_loss(model(x), y).backward()
        adam.step()
    result = run(config)
    last = float(torch.nn.functional.mse_loss(model(x), y).detach())
    assert result.loss[-1, 0] == pytest.approx(last, rel=1e-3, abs=1e-6)
    assert result.by_width[WIDTHS.index(2), 0] == result.loss[-1, 0]


def at_least_one(good, count):
    """Chance in per cent that `count` of the runs, drawn without putting back, contain a good one."""
    return 100 * (1 - hypergeom.pmf(0, RUNS, good, count))


def hold_the_runs(page, words, result):
    """At all steps of the slider: the random runs that end well, the copies, the others, and how many."""
    good = result.loss[-1] < SOLVED
    names = [words[f"words.{group}"] for group in ("solved", "constant", "stuck")]
    losses = [result.loss[:, good], result.constant, result.loss[:, ~good]]
    page.holds("strip", {name: loss[-1] for name, loss in zip(names, losses, strict=True)}, of="customdata")
    for f in range(len(result.frames)):
        strip = page.charts["strip"].frames[f].data
        for group in range(3):
            dots = strip[group]
            np.testing.assert_allclose(dots.customdata, losses[group][f], rtol=1e-6)
            beyond = losses[group][f] > 7 / 24
            assert (
                np.abs(dots.x - losses[group][f])[~beyond] <= 1 / 24 + 1e-6
            ).all()  # in its bin: half, and a pile's half
            assert (np.abs(dots.x[beyond] - 7 / 24) <= 1 / 48).all()  # the last bin has what lies beyond
            assert (np.sign(dots.y) == (-1 if group == 1 else 1)).all()
        stood = np.concatenate([np.column_stack([dots.x, dots.y]) for dots in strip[:3]])
        assert len(np.unique(stood.round(5), axis=0)) == 2 * RUNS  # no dot hides another
        hold_the_counts(strip[3], stood)


def hold_the_counts(counts, stood):
    """Over each pile, or under it, how many dots it has; and nowhere else."""
    for side in (1, -1):
        bins = np.rint(24 * stood[np.sign(stood[:, 1]) == side, 0])
        told = {
            round(24 * x): int(n) for x, y, n in zip(counts.x, counts.y, counts.text, strict=True) if y * side > 0
        }
        assert told == {int(k): int((bins == k).sum()) for k in np.unique(bins)}


def hold_the_answers(page, result):
    """The pictures below: the networks themselves, in torch, on the grid that is drawn, where their losses stand."""
    drawn = [trace for trace in page.charts["strip"].data if trace.type == "heatmap"]
    line = torch.linspace(-1 / 3, 4 / 3, 24, dtype=torch.float64)
    grid = torch.cartesian_prod(line, line)[:, [1, 0]]
    runs = [*result.ends, result.constant_ends[0]]
    found = []
    for params in runs:
        first, bias, last, shift = torch.tensor(params).split([2 * UNITS, UNITS, UNITS, 1])
        found.append((torch.relu(grid @ first.view(UNITS, 2).T + bias) @ last + shift).view(24, 24).numpy())
    losses = [*result.loss[-1], result.constant[-1, 0]]
    for trace in drawn:
        off = [np.abs(np.clip(2 * surface - 1, -1, 1) - trace.z).max() for surface in found]
        assert min(off) < 1e-5
        assert abs(losses[int(np.argmin(off))] - (trace.x0 + 11.5 * trace.dx)) < 1 / 48
    assert len(drawn) == len({round(loss * 24) for loss in losses})  # a picture for every pile


def test_every_chart_shows_the_runs_numbers(default):
    words = load("restarts")
    random = words["words.random"]
    with drawn("restarts") as page:
        hold_the_runs(page, words, default)
        hold_the_answers(page, default)
        assert page.hero == "strip"
        assert page.charts["strip"].layout.xaxis.tickvals[:4] == (0, 1 / 8, 1 / 6, 1 / 4)
        table = page.tables["strip"]
        assert table[table.start == "random"].loss.tolist() == default.loss[-1].tolist()
        assert table[table.start == "constant"].loss.tolist() == default.constant[-1].tolist()

        shares, table = 100 * (default.by_width < SOLVED).mean(1), page.tables["width"]
        page.holds("width", {random: shares})
        assert [int(units) for units in page.named("width")[random].x] == table.hidden_units.tolist() == list(WIDTHS)
        np.testing.assert_allclose(100 * table.share_solved, shares)


def test_the_verdicts_say_the_tables_numbers(default):
    table, found = default.table(), {name: verdict.numbers for name, verdict in verdicts(default).items()}
    random, constant = (table[table.start == start] for start in ("random", "constant"))
    first, good = found["main"], random.solved.sum()
    assert first["good"] == good
    assert (first["stuck"], first["best"]) == (constant.loss.median(), random.loss.min())
    assert 100 * first["five"] == pytest.approx(at_least_one(good, 5))
    assert (found["better"]["best"], found["better"]["worst"]) == (random.loss.min(), random.loss.max())
    assert found["better"]["lower"] == (random.loss < constant.loss.median() - GAP).sum()
    assert found["better"]["stuck"] == constant.loss.median()
    assert found["again"]["different"] == constant.loss.nunique()
    assert found["again"]["random"] == random.loss.nunique()
    numbers = found["order"]
    assert (numbers["good"], numbers["random"]) == ((default.order_loss < SOLVED).sum(), good)
    widths, numbers = default.width_table().set_index("hidden_units").share_solved, found["width"]
    assert (numbers["first"], numbers["last"]) == (widths[numbers["narrow"]], widths[numbers["wide"]])
    assert (numbers["narrow"], numbers["wide"]) == (min(WIDTHS), max(WIDTHS))


def test_weights_that_differ_by_rounding_are_said_with_their_difference(default):
    ends = default.constant_ends.copy()
    ends[3, 0] += 1e-7
    found = again(replace(default, constant_ends=ends))
    assert found.key == "again_rounded"
    assert found.numbers["gap"] == pytest.approx(1e-7, rel=1e-3)


def test_the_network_to_take_home_is_the_first_random_run(default):
    taken, (points, classes) = {k: torch.from_numpy(v) for k, v in default.network.items()}, default.samples
    assert taken["layer1.weight"].shape == (DEFAULT.width, 2)
    hidden = torch.relu(torch.from_numpy(points).float() @ taken["layer1.weight"].T + taken["layer1.bias"])
    answers = (hidden @ taken["layer2.weight"].T + taken["layer2.bias"]).squeeze(1).double().numpy()
    np.testing.assert_allclose(answers, default.answers(default.ends[0], points), atol=1e-6)
    assert np.mean((answers - classes) ** 2) == pytest.approx(default.loss[-1, 0], abs=1e-6)


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("restarts")
