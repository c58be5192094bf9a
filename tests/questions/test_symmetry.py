"""Equal units stay equal and cannot beat one unit; a jitter frees them after a wait that goes with its logarithm."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn import drawn
from endings import unchosen

from lib.engine import mlp
from lib.questions.symmetry.config import JITTERS, SHAKEN, SOLVED, Symmetry
from lib.questions.symmetry.experiment import REPEATS, problem, run, starts, units
from lib.questions.symmetry.hero import hidden, pictures, shown
from lib.questions.symmetry.result import FLOOR
from lib.questions.symmetry.verdict import CHANCE, delay, equal, main, verdicts
from lib.words import load, ruling

DEFAULTS = "constant=0.5 jitter=0.0 arithmetic=float64 width=8 problem=xor activation=tanh lr=0.4 steps=600 seed=0"
RULINGS = {
    "works_badly": "right",
    "takes_much_longer": "depends",  # seen in several cases, it says: here only rounding makes it one
    "collapses": "right",
}

DEFAULT = Symmetry()
TINY = Symmetry(constant=0.0, jitter=1e-12, steps=1500)
WITHOUT, RANDOM = 0, -1  # of the starts: no jitter, and the random one


@pytest.fixture(scope="module")
def waiting():
    """Ten networks of which the units part after a wait, as those of the default never do."""
    return run(TINY)


def key(result, **changed):
    return main(replace(result, **changed)).key


def test_equal_units_stay_equal_and_stay_above_the_best_single_unit(default):
    assert default.apart[:, 0].max() == 0.0
    assert (default.apart_log()[:, :, 1] == FLOOR).all()
    assert (default.loss[:, 0] >= default.one_unit - 1e-3).all()
    assert (default.beside[:, 0] == default.beside[:, 0, :1]).all()
    assert verdicts(default)["main"].key == "collapsed"
    assert np.median(default.loss[-1, -1]) < 0.1 * np.median(default.loss[-1, 0])


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_from_all_zeros_nothing_moves(activation):
    result = run(Symmetry(constant=0.0, steps=300, width=4, activation=activation))
    assert result.apart[:, 0].max() == 0
    assert (result.beside[:, 0] == 0).all() and (result.last[:, 0] == 0).all() and result.still
    np.testing.assert_allclose(result.loss[-1, 0], CHANCE)
    assert verdicts(result)["main"].key == "chance"


def test_about_zero_every_factor_of_ten_costs_the_same(waiting):
    assert verdicts(waiting)["main"].key == "longer"
    found = verdicts(waiting)["delay"]
    assert found.key == "delay_straight"
    waits = np.median(waiting.solved_at[:-1], 1)
    assert (np.diff(waits[1:]) < 0).all()  # more jitter, less wait
    steps = -np.diff(waits[1:6]) / np.diff(np.log10(JITTERS[1:6]))
    assert steps.max() < 1.6 * steps.min()


def test_about_a_half_that_they_cost_the_same_is_not_shown(default):
    assert verdicts(default)["delay"].key == "delay_bent"  # at every start number
    straight = np.full_like(default.loss, 1.0)
    for condition, step in zip(range(1, 6), (390, 290, 240, 190, 140), strict=True):
        straight[default.loss_steps >= step, condition] = 0.1
    assert delay(replace(default, loss=straight)).key == "delay_straight"
    later = np.full_like(default.loss, 1.0)
    for condition, step in zip(range(1, 6), (590, 290, 240, 190, 140), strict=True):
        later[default.loss_steps >= step, condition] = 0.1
    assert delay(replace(default, loss=later)).key == "delay_bent"


def test_every_factor_of_ten_is_said_of_sizes_that_all_have_solved(waiting):
    """Networks that are too slow have no cost, so that those that remain look fast and even."""
    assert delay(waiting).key == "delay_straight" and delay(waiting).numbers["points"] == 40
    slow = waiting.loss.copy()
    slow[:, 1, :3] = 1.0
    found = delay(replace(waiting, loss=slow))
    assert found.key == "delay_bent"
    assert (found.numbers["points"], found.numbers["pairs"]) == (37, 40)


def test_who_is_sooner_has_larger_weights():
    """It may be for their size, and not for the constant: the sentence gives both."""
    result = run(Symmetry(jitter=1.0))
    found = main(result)
    assert found.key == "sooner"
    drawn_at = starts(mlp.MLP((2, 8, 1)), result.config, range(REPEATS))[0].view(len(JITTERS) + 1, -1)
    size, random_size = (float(drawn_at[k].square().mean().sqrt()) for k in (result.chosen, RANDOM))
    assert found.numbers["size"] == pytest.approx(size, rel=0.2)
    assert found.numbers["random_size"] == pytest.approx(random_size, rel=0.2)
    assert found.numbers["size"] > 2 * found.numbers["random_size"]


def test_a_jitter_that_is_rounded_away_is_no_size_of_jitter(default):
    gone = default.apart.copy()
    gone[0, 1:4] = 0  # the three smallest, as float32 does about a half
    rounded = replace(default, apart=gone)
    waits = default.solved_at[5:3:-1]
    assert delay(rounded).numbers["points"] == np.isfinite(np.diff(waits, axis=0)).sum()
    gone[0, 4] = 0
    assert delay(replace(default, apart=gone)).key == "delay_few"


def test_claims_about_equal_units_are_ruled_at_equal_units():
    """The page with a jitter says what becomes of units without one, as the thread asked."""
    claims = load("symmetry")["claims"]
    assert {claim["entry"] for claim in claims} == {"equal"}
    jittered = run(Symmetry(jitter=1e-2, steps=300))
    assert verdicts(jittered)["main"].key == "longer"
    assert verdicts(jittered)["equal"].key == "equal_collapsed"
    assert {c["id"]: ruling(c, "equal_collapsed") for c in claims} == RULINGS


def test_where_the_effect_vanishes():
    blobs = run(Symmetry(problem="blobs", steps=100, width=2))
    assert verdicts(blobs)["main"].key == "one_enough"
    assert verdicts(blobs)["equal"].key == "equal_one_enough"
    stuck = run(Symmetry(problem="blobs", steps=100, width=2, constant=0.0))
    assert verdicts(stuck)["main"].key == "chance"  # one unit is enough, but equal zeros are not even one
    assert verdicts(stuck)["equal"].key == "equal_collapsed"
    assert verdicts(blobs)["delay"].key == "delay_few"
    assert np.median(blobs.loss[-1, 0]) < 0.05
    free = run(Symmetry(jitter=1.0, steps=300, width=4))
    assert verdicts(free)["main"].key == "sooner"


def test_float32_rounds_a_small_jitter_away():
    config = Symmetry(arithmetic="float32", jitter=1e-12, width=2, steps=100)
    result = run(config)
    assert result.apart[0, result.chosen].max() == 0
    assert run(replace(config, constant=0.0)).apart[0, result.chosen].min() > 0


def test_the_other_verdicts_follow_the_numbers(default):
    small = default.apart.copy()
    small[-1, 0] = 1e-9
    assert key(default, apart=small) == "not_yet"
    learned = default.loss.copy()
    learned[200:, 0] = 0.1
    assert key(default, apart=small, loss=learned) == "rounding_solved"
    assert equal(replace(default, apart=small)).key == "equal_open"
    assert equal(replace(default, apart=small, loss=learned)).key == "equal_longer"
    jitter = replace(DEFAULT, jitter=1e-12)
    assert key(default, config=jitter) == "not_yet"
    same = default.loss.copy()
    same[:, 1] = same[:, -1]
    assert key(default, config=jitter, loss=same) == "no_longer"
    same[:, 1, ::2] = np.where(same[:, 1, ::2] < SOLVED, 1.0, same[:, 1, ::2])
    late = same[:, 1, ::2]
    late[default.loss_steps > 200] = 0.1
    early = same[:, 1, 1::2]
    early[default.loss_steps > 4] = 0.1
    same[:, 1, ::2], same[:, 1, 1::2] = late, early
    assert key(default, config=jitter, loss=same) == "no_telling"
    assert key(default, loss=default.loss + 1) == "too_hard"
    assert equal(replace(default, loss=default.loss + 1)).key == "equal_open"
    broken = default.diverged.copy()
    broken[0, 3] = 5
    assert key(default, diverged=broken) == "diverged"
    assert equal(replace(default, diverged=broken)).key == "equal_diverged"


def test_starts_are_paired_and_centred_on_the_constant():
    network = mlp.MLP((2, 4, 1), "tanh")
    config = Symmetry(width=4, constant=0.1)
    weight = starts(network, config, range(REPEATS))[0].view(len(JITTERS) + 1, REPEATS, 4, 2)
    assert (weight[0] == 0.1).all()
    torch.testing.assert_close((weight[-2] - 0.1) / 1.0, weight[-1] / 0.5)
    torch.testing.assert_close((weight[5] - 0.1) / 1e-2, weight[-1] / 0.5)


@pytest.mark.parametrize("repeat", [0, REPEATS - 1])
def test_the_training_is_torchs(repeat):
    """One jittered network trained again with autograd and torch.optim.SGD ends at the same loss and units."""
    config = replace(DEFAULT, jitter=1e-2, steps=100)
    seeds = range(REPEATS)
    (x, y), network = problem(config, seeds), mlp.MLP((2, 8, 1), "tanh")
    place = JITTERS.index(1e-2)
    own = [p[place * REPEATS + repeat].clone().requires_grad_() for p in starts(network, config, seeds)]
    sgd = torch.optim.SGD(own, lr=config.lr, momentum=0.9)
    for _ in range(101):
        hidden = torch.tanh(x[repeat] @ own[0].T + own[1])
        loss = torch.nn.functional.binary_cross_entropy_with_logits(hidden @ own[2].T + own[3], y[repeat])
        sgd.zero_grad()
        loss.backward()
        last, each = float(loss.detach()), units([p.detach().unsqueeze(0) for p in own])[0]
        bias = float(own[3].detach())
        sgd.step()
    result = run(config)
    assert result.loss[-1, place, repeat] == pytest.approx(last, rel=1e-9)
    if repeat == 0:  # the one that is drawn
        np.testing.assert_allclose(result.beside[-1, 1], each.numpy(), rtol=1e-8)
        assert result.last[-1, 1] == pytest.approx(bias, rel=1e-8)
    assert result.apart[-1, place, repeat] == pytest.approx(float((each.amax(0) - each.amin(0)).max()), rel=1e-8)


def medians(values, start):
    """Over the repeats, of values (S, C, R) of the start at that place: (S,)."""
    return np.median(values[:, start], 1)


def solved_after(result):
    """Of every jitter's ten networks (J, R): the first step with a loss that no single unit reaches."""
    steps = np.full(result.loss[0, :-1].shape, np.inf)
    for j, r in np.ndindex(steps.shape):
        below = result.loss_steps[result.loss[:, j, r] < SOLVED]
        steps[j, r] = below.min() if below.size else np.inf
    return steps


@pytest.mark.parametrize("settings", [DEFAULT, TINY], ids=["no jitter", "a jitter about zero"])
def test_every_chart_shows_the_runs_numbers(default, waiting, settings):
    """With no jitter the chosen start is the bare constant and all units are one, so another start is drawn too."""
    words, result = load("symmetry"), default if settings == DEFAULT else waiting
    chosen = JITTERS.index(settings.jitter)
    starts = {words["words.chosen"]: chosen, words["words.without"]: WITHOUT, words["words.random"]: RANDOM}
    with drawn("symmetry", **settings.query()) as page:
        for column, start in zip(("chosen", "no_jitter", "random"), starts.values(), strict=True):
            np.testing.assert_array_equal(page.tables["apart"][column], medians(result.apart, start))
        assert page.tables["apart"].step.tolist() == result.steps.tolist()
        # Of an even number of networks the median of logarithms is another one.
        logs = np.log10(np.maximum(result.apart, 10**FLOOR))
        page.holds("apart", {name: medians(logs, start) for name, start in starts.items()})
        for trace in page.named("apart").values():
            np.testing.assert_allclose(trace.x, np.log10(1 + result.steps), rtol=1e-6)

        waits = np.median(np.minimum(solved_after(result), settings.steps), 1)
        page.holds("waits", {words["figures.waits.line"]: waits})
        np.testing.assert_allclose(page.named("waits")[words["figures.waits.line"]].x[1:], np.log10(JITTERS[1:]))
        table = page.tables["waits"].groupby("start").solved_at_step.median().clip(upper=settings.steps)
        np.testing.assert_array_equal(table[[f"{j:g}" for j in JITTERS]], waits)
        hold_the_networks(page, words, result)


def hold_the_networks(page, words, result):
    """Three networks of the first repeat: each unit, the answer and the links, at the first and the last moment."""
    chart, second = page.charts["networks"], JITTERS.index(result.config.jitter or SHAKEN)
    assert page.hero == "networks"
    ends = result.loss[-1, [WITHOUT, second, RANDOM], 0]
    np.testing.assert_array_equal(result.beside_loss[-1], ends)
    for each, bias, loss in zip(result.beside[-1], result.last[-1], ends, strict=True):  # it is those networks' own
        output = np.tanh(result.points @ each[:, :2].T + each[:, 2]) @ each[:, 3] + bias
        assert np.logaddexp(0, np.where(result.labels > 0, -output, output)).mean() == pytest.approx(loss, rel=1e-6)
    assert [frame.name for frame in chart.frames] == [str(step) for step in result.moments]
    for moment, traces in ((0, chart.frames[0].data), (-1, chart.data)):
        for p in range(3):
            hold_a_network(traces[12 * p : 12 * p + 12], result.beside[moment, p], result.last[moment, p])
            assert traces[12 * p + 11].text[0] == words.say("words.loss", loss=result.beside_loss[moment, p])
    names = [a.text.strip("<b/>") for a in chart.layout.annotations]
    assert names[0] == words.say("words.every", constant=result.config.constant)
    assert words.option("jitter", JITTERS[second]) in names[1] and names[2] == words["words.random"]
    table = page.tables["networks"]
    np.testing.assert_array_equal(table.iloc[:, 1:], result.beside[-1].reshape(-1, 4))
    assert page.numbers["networks"]["apart_jittered"] == np.ptp(result.beside[-1, 1], axis=0).max()
    assert page.numbers["networks"]["loss_jittered"] == ends[1]
    assert len(chart.to_json()) < 300_000
    page.held.add("networks")


def hold_a_network(traces, each, bias):
    """Eight units (8, 4) in two rows around the answer, on squares of the plane, to a hundredth; the links' signs."""
    upper, answer, lower, *links, _ = traces
    seen = []
    for k, (first, second, own, _) in enumerate(each):
        line = 1.1 * (np.arange(12) - 5.5) / 6
        expected = np.tanh(first * line[None, :] + second * line[:, None] + own)
        found = np.asarray((upper, lower)[k // 4].z, float)[:, 14 * (k % 4) :][:, :12] / 100
        np.testing.assert_allclose(found, expected, atol=0.0051)
        fine = 1.1 * (np.arange(24) - 11.5) / 12
        seen.append(np.tanh(first * fine[None, :] + second * fine[:, None] + own))
    output = sum(out * unit for out, unit in zip(each[:, 3], seen, strict=True)) + bias
    wanted = 2 / (1 + np.exp(-output)) - 1
    np.testing.assert_allclose(np.asarray(answer.z, float) / 100, wanted, atol=0.0051)
    colours = {-1.0: "rgba(224,1", 0.0: "rgba(128,1", 1.0: "rgba(36,11"}  # orange, grey, blue
    assert [link.line.color[:10] for link in links] == [colours[sign] for sign in np.sign(each[:, 3])]
    order = np.argsort(abs(each[:, 3]))
    assert (np.diff([links[k].line.width for k in order]) >= 0).all()


def test_the_verdicts_say_the_tables_numbers(default, waiting):
    for result in (default, waiting):
        table, found = result.table(), {name: verdict.numbers for name, verdict in verdicts(result).items()}
        first, same = found["main"], found["equal"]
        chosen, bare = (table[table.start == f"{j:g}"] for j in (result.config.jitter, 0.0))
        random = table[table.start == "random"]
        assert (first["loss"], first["random"]) == (chosen.loss.median(), random.loss.median())
        assert first["one"] == bare.one_unit_best.median()
        assert (same["loss"], same["random"]) == (bare.loss.median(), random.loss.median())
        assert same["one"] == bare.one_unit_best.median()
        assert first["apart"] == chosen.largest_difference.max()
        assert first["begun"] == result.apart[0, JITTERS.index(result.config.jitter)].max()
        for name, rows in (("at", chosen), ("random_at", random)):
            assert first[name] == min(rows.solved_at_step.median(), result.config.steps)


def test_the_wait_for_a_factor_of_ten_is_of_the_tables_waits(waiting):
    small = [j for j in JITTERS if 0 < j < 0.1]
    table = waiting.table().pivot(index="start", columns="repeat", values="solved_at_step")
    waits = table.loc[[f"{j:g}" for j in small]].replace(np.inf, np.nan)
    costs = -waits.diff()[1:].div(np.diff(np.log10(small)), axis=0).to_numpy()
    numbers = delay(waiting).numbers
    assert (numbers["low"], numbers["slope"], numbers["high"]) == pytest.approx(
        tuple(np.nanquantile(costs, (0.25, 0.5, 0.75)))
    )
    assert numbers["points"] == np.isfinite(costs).sum()


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu"])
def test_what_a_hidden_unit_gives_is_the_networks(activation):
    each = torch.randn(5, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    line = torch.tensor(1.1 * (np.arange(6) - 2.5) / 3)
    grid = torch.stack(torch.meshgrid(line, line, indexing="xy"), -1).view(-1, 2)
    wanted = getattr(torch, activation)(grid @ each[:, :2].T + each[:, 2]).T.reshape(5, 6, 6)
    np.testing.assert_allclose(hidden(each.numpy(), activation, 6), wanted)


def test_of_many_units_the_first_and_the_last_are_drawn_and_a_diverged_network_is_empty():
    """Where rounding parts units, it is often the last one: in blocks of eight, one is left over."""
    assert shown(33).tolist()[0] == 0 and shown(33).tolist()[-1] == 32 and len(shown(33)) == 8
    assert shown(4).tolist() == [0, 1, 2, 3]
    lost = pictures(np.full((1, 3, 2, 4), np.nan), np.full((1, 3), np.nan), "relu")
    assert not any(np.asarray(part).any() for part in lost)


def test_the_network_to_take_home_is_the_first_with_the_chosen_jitter(default, waiting):
    for result, place in ((default, 0), (waiting, 1)):
        taken, shown = result.network, result.beside[-1, place].astype(np.float32)
        np.testing.assert_array_equal(taken["layer1.weight"], shown[:, :2])
        np.testing.assert_array_equal(taken["layer1.bias"], shown[:, 2])
        np.testing.assert_array_equal(taken["layer2.weight"], shown[None, :, 3])
        assert taken["layer2.bias"] == np.float32(result.last[-1, place])


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("symmetry")
