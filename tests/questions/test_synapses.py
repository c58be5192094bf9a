"""Zero is no link, -2 is a relay, and what units of one sign can learn."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn import drawn

from lib.engine import data, inits, measure, mlp
from lib.questions.synapses.config import COUNTS, Synapses
from lib.questions.synapses.experiment import REPEATS, counts, run
from lib.questions.synapses.verdict import absent, clipped, copies, first, main, purity, relay, verdicts
from lib.words import load

DEFAULTS = "task=xor inhibitory=1 inputs=excitatory activation=relu width=8 steps=300 seed=0"
RULINGS = {
    "minus_two_synapses": "wrong",
    "zero_missing_link": "right",
    "negative_missing_link": "wrong",
}

DEFAULT = Synapses()
QUICK = Synapses(steps=3)


@pytest.fixture(scope="session")
def digits():
    return run(Synapses(task="digits", width=16, steps=100))


def test_xor_needs_both_kinds(default):
    """Excitatory inputs: without inhibition the output cannot fall, with nothing else it cannot rise."""
    assert default.counts.tolist() == [0, 1, 2, 4, 7, 8]
    assert default.dale[0].max() == default.dale[-1].max() == 0
    assert default.dale[1:-1].mean(1).min() > 0.75
    assert default.free.mean() > 0.9
    assert verdicts(default)["first"].key == "first_helps"
    assert verdicts(run(replace(DEFAULT, inhibitory=0)))["main"].key == "none_fails"
    assert verdicts(run(replace(DEFAULT, inhibitory=32)))["main"].key == "all_fails"  # more than there are: all
    assert verdicts(default)["main"].key.startswith("mixed_")


def test_xor_by_hand():
    x, y = data.boolean("xor")
    total = x.sum(1, keepdim=True)
    assert torch.equal(torch.relu(total) - 2 * torch.relu(total - 1), y)


@pytest.mark.parametrize("task", ["xor", "three_not_eight", "digits"])
def test_every_outgoing_weight_keeps_its_sign(task):
    for k in (0, 1, 4):
        outgoing = run(replace(QUICK, task=task, inhibitory=k)).wiring[1][1]
        assert (outgoing[:, :k] <= 0).all()
        assert (outgoing[:, k:] >= 0).all()


def test_excitatory_inputs_are_held():
    assert run(QUICK).wiring[1][0].min() >= 0
    assert run(replace(QUICK, inputs="free")).wiring[1][0].min() < 0


def test_one_inhibitory_unit_turns_ink_into_counter_evidence():
    result = run(Synapses(task="three_not_eight", width=16, steps=100))
    assert np.median(result.dale[1] - result.dale[0]) > 0.1
    assert verdicts(result)["first"].key == "first_helps"


def test_with_ten_outputs_the_sign_is_no_constraint(digits):
    """Softmax ignores what is added to a column: each unit can be shifted to either sign."""
    assert verdicts(digits)["first"].key == "first_same"
    network = mlp.MLP((64, 16, 10))
    params = inits.start(network, inits.Init("he"), range(5))
    sign = torch.tensor([1.0, -1.0]).repeat(8)
    w = params[2] * sign
    shifted = [*params[:2], (w - w.amin(1, keepdim=True)) * sign, params[3]]
    assert ((shifted[2] * sign) >= 0).all()
    x = data.digits().test_x
    old, new = (measure.outputs(network, p, x).softmax(1) for p in (params, shifted))
    torch.testing.assert_close(old, new, atol=1e-6, rtol=1e-4)


def test_zero_is_no_link(default, digits):
    for result in (default, digits):
        assert result.absent < 1e-5
        assert verdicts(result)["absent"].key in ("absent_exact", "absent_rounding")


@pytest.mark.parametrize(("activation", "exact"), [("relu", True), ("sigmoid", True), ("tanh", False)])
def test_the_relay_is_exact_for_activations_that_are_never_negative(activation, exact):
    result = run(replace(DEFAULT, activation=activation))
    assert (result.lowest >= 0) == exact
    assert result.relay_gap == pytest.approx(0 if exact else -2 * result.lowest, abs=1e-6)
    assert (result.relay_gap == 0) == exact
    assert verdicts(result)["relay"].key == ("relay_exact" if exact else "relay_fails")


def test_a_free_network_is_a_dale_network_of_twice_the_units(default, digits):
    for result in (default, digits):
        assert result.copies_gap < 1e-4
        assert verdicts(result)["copies"].key == "copies_exact"


def test_free_units_do_not_sort_themselves(default, digits):
    assert verdicts(digits)["purity"].key == "purity_mixed"
    assert digits.purity.min() >= 0.5
    assert digits.purity.mean() < 0.75
    assert verdicts(default)["purity"].key == "purity_trivial"
    assert (default.purity == 1).all()


def test_a_negative_weight_is_not_a_missing_link(digits):
    assert verdicts(digits)["clipped"].key == "clipped_destroys"
    assert np.median(digits.clipped) < np.median(digits.free) - 0.2


def test_free_inputs_make_it_vanish():
    result = run(Synapses(inputs="free", activation="tanh", inhibitory=0))
    assert verdicts(result)["main"].key == "none_as_well"
    assert verdicts(result)["first"].key == "first_same"


def test_other_ends_are_named(default, digits):
    assert verdicts(run(QUICK))["main"].key == "unlearned"
    assert verdicts(run(QUICK))["clipped"].key == "clipped_unlearned"
    assert main(replace(default, diverged=default.diverged + 5)).key == "diverged"
    for k, kind in ((0, "none"), (1, "mixed"), (8, "all")):
        for score, outcome in ((0.0, "fails"), (0.5, "less_well"), (1.0, "as_well")):
            made = replace(default, chosen=k, dale=np.full_like(default.dale, score), free=np.ones(REPEATS))
            assert main(made).key == f"{kind}_{outcome}"
    assert first(replace(default, dale=default.dale[::-1] * [[0], [0], [1], [1], [1], [1]])).key == "first_same"
    worse = default.dale.copy()
    worse[0], worse[1] = 1, 0
    assert first(replace(default, dale=worse)).key == "first_hurts"
    assert absent(replace(default, absent=1e-6)).key == "absent_rounding"
    assert absent(replace(default, absent=0.1)).key == "absent_broken"
    assert clipped(replace(default, clipped=default.free)).key == "clipped_spares"
    assert relay(replace(default, relay_gap=0.5)).key == "relay_fails"
    assert copies(replace(default, copies_gap=0.1)).key == "copies_broken"
    assert purity(replace(digits, purity=np.ones_like(digits.purity))).key == "purity_some"


def test_what_is_trained_follows_the_units():
    assert counts(Synapses(width=32)) == (0, 1, 2, 4, 8, 16, 31, 32)
    assert set(counts(Synapses(width=8))) <= {*COUNTS, 7}


def test_every_chart_shows_the_runs_numbers(default):
    words = load("synapses")
    dale, free = words["figures.sweep.dale"], words["figures.sweep.free"]
    with drawn("synapses") as page:
        solved = 100 * default.dale.mean(1)  # per cent of the starts
        page.holds("sweep", {dale: solved, free: np.full(len(solved), 100 * default.free.mean())})
        page.holds("sweep", {dale: default.counts, free: default.counts}, of="x")
        rows = page.tables["sweep"].groupby("inhibitory_units")
        np.testing.assert_allclose(100 * rows.score.mean()[default.counts], solved)
        np.testing.assert_array_equal(rows.get_group(1).score_free, default.free)
        assert_the_wiring_is(page, default, words)
        gap = np.full((default.surface.shape[1], 1), np.nan)
        page.shows("surface", np.hstack([default.surface[0], gap, default.surface[1]]))  # free on the left
        page.holds("relay", {words["figures.relay.relay"]: -np.maximum(2 * default.places, 0)})
        page.holds("relay", {words["figures.relay.relay"]: default.places}, of="x")
        direct = next(t for t in page.charts["relay"].data if t.name == words["figures.relay.goal"])
        np.testing.assert_allclose(direct.y, -2 * np.asarray(direct.x))
        for name, line in (("weight", -2 * default.places), ("relay", -np.maximum(2 * default.places, 0))):
            np.testing.assert_allclose(page.tables["relay"][name], line)


def assert_the_wiring_is(page, result, words):
    """The free network's graph stands on the left under its name, the other one on the right, and so in the table."""
    chart, table = page.charts["wiring"], page.tables["wiring"]
    titles = [text.text for text in sorted(chart.layout.annotations, key=lambda text: text.x)]
    assert titles == [words["figures.wiring.free"], words["figures.wiring.dale"]]
    left = chart.layout.annotations[0].x + 0.6  # between the graphs: one is 1 wide, its title in the middle
    links = [trace for trace in chart.data if trace.mode == "lines"]
    for k, column in enumerate(("free", "one_sign_per_unit")):
        drawn_here = [t.text[0].replace("\N{MINUS SIGN}", "-") for t in links if (max(t.x) > left) == bool(k)]
        assert drawn_here == [f"{w:.2f}" for matrix in result.wiring[k] for w in matrix.ravel() if w]
        np.testing.assert_array_equal(table[column], result.wiring[k][1][0])
    assert table.unit.tolist() == list(range(1, result.config.width + 1))
    page.held.add("wiring")


def test_digits_show_the_outgoing_weights_instead_of_graphs():
    result = run(replace(QUICK, task="digits"))
    free, dale = result.wiring[0][1], result.wiring[1][1]  # (O, H) each
    with drawn("synapses", **{"Synapses.task": "digits", "Synapses.steps": "3"}) as page:
        page.shows("outgoing", np.vstack([free, np.full((1, free.shape[1]), np.nan), dale]))
        sixth = page.tables["outgoing"].set_index(["output", "unit"]).loc[6]
        np.testing.assert_array_equal(sixth.free, free[5])
        np.testing.assert_array_equal(sixth.one_sign_per_unit, dale[5])
        words, level = load("synapses"), np.full(len(result.counts), np.median(100 * result.free))
        medians = np.median(100 * result.dale, 1)
        page.holds("sweep", {words["figures.sweep.dale"]: medians, words["figures.sweep.free"]: level})
        page.holds("relay", {words["figures.relay.relay"]: -np.maximum(2 * result.places, 0)})


def test_the_verdicts_say_the_tables_numbers(default, digits):
    """The digits' scores tell all conditions apart; XOR's do not, as with none and with all inhibitory it is 0."""
    for result, level in ((default, np.mean), (digits, np.median)):
        table, found = result.table(), {name: verdict.numbers for name, verdict in verdicts(result).items()}
        scores = {k: level(rows.score) for k, rows in table.groupby("inhibitory_units")}
        free = level(table[table.inhibitory_units == 0].score_free)
        said = {"none": 0, "dale": result.config.inhibitory, "all": result.config.width}
        assert {name: found["main"][name] for name in said} == {name: scores[k] for name, k in said.items()}
        assert (found["main"]["free"], found["clipped"]["before"]) == (free, free)
        assert found["main"]["chosen"] == result.config.inhibitory
        assert (found["first"]["without"], found["first"]["one"]) == (scores[0], scores[1])
        assert found["first"]["points"] == pytest.approx(100 * (scores[1] - scores[0]))
        assert found["clipped"]["after"] == level(result.clipped)
        assert found["purity"]["mean"] == pytest.approx(result.purity.mean())
        assert (found["purity"]["pure"], found["purity"]["of"]) == ((result.purity == 1).sum(), result.purity.size)
        gaps = {"absent": result.absent, "relay": result.relay_gap, "copies": result.copies_gap}
        assert {name: found[name]["gap"] for name in gaps} == gaps
        assert found["relay"]["lowest"] == result.lowest
