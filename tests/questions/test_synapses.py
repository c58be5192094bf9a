"""Zero is no link, -2 is a relay, and what units of one sign can learn."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn import drawn
from endings import unchosen

from lib.engine import data, inits, measure, mlp, train
from lib.questions.synapses.config import COUNTS, RECIPES, Synapses
from lib.questions.synapses.experiment import _score, counts, repeats_of, run
from lib.questions.synapses.verdict import absent, clipped, inputs, main, relay, verdicts
from lib.words import load

DEFAULTS = "task=xor inhibitory=1 inputs=excitatory activation=relu width=8 steps=300 seed=0"
RULINGS = {
    "minus_two_synapses": "right",  # the comment asked, and guessed right: hops that are subtracted
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
    assert default.dale[1:-1].mean(1).min() > 0.9
    assert verdicts(default)["main"].key == "mixed_as_well"
    assert main(replace(default, chosen=0)).key == main(replace(default, chosen=8)).key == "impossible"
    assert run(replace(QUICK, inhibitory=32)).chosen == 8  # more than there are: all


def test_the_inputs_and_the_one_sign_are_conditions_of_their_own(default, digits):
    """XOR is solved more often from excitatory inputs; digits lose by them, and nothing by the one sign."""
    assert default.excitatory.mean() == 1 > default.free.mean()
    np.testing.assert_array_equal(default.free[:5], _alone(DEFAULT, lambda w: w, lambda params: None))
    clamped = _alone(DEFAULT, torch.abs, lambda params: params[0].clamp_(min=0))
    np.testing.assert_array_equal(default.excitatory[:5], clamped)
    assert verdicts(default)["inputs"].key == "inputs_helps"
    assert np.median(digits.excitatory) < np.median(digits.free) - 0.03
    assert verdicts(digits)["inputs"].key == "inputs_hurts"
    found = verdicts(digits)["main"]
    assert found.key in ("softmax_as_well", "unclear")
    assert found.numbers["peers"] == np.median(digits.excitatory)
    free = run(replace(QUICK, inputs="free"))
    np.testing.assert_array_equal(free.peers, free.free)


def test_it_is_the_start_that_helps_as_much_as_the_hold(default):
    """From the absolute values, and then let go, XOR is solved nearly as often: the sentence names both."""
    network, both, repeats = mlp.MLP((2, 8, 1)), data.boolean("xor"), 100
    start = inits.start(network, inits.Init("he"), range(repeats))
    recipe = train.Recipe(steps=300, optimiser="adam", **RECIPES["xor"])
    history = train.train(network, [start[0].abs(), *start[1:]], both, recipe, seeds=range(repeats))
    assert history.params[0].min() < 0
    let_go = _score(network, history.params, "xor", both).mean()
    assert let_go > default.free.mean()
    assert default.excitatory.mean() - let_go < let_go - default.free.mean()
    for key in ("inputs_helps", "inputs_hurts"):
        assert "start and stay" in load("synapses")[f"verdict.inputs.{key}"]


def test_a_wrong_number_of_inhibitory_units_is_not_blamed_on_the_one_sign():
    """One of eight sigmoid units is too few for most starts; four are enough, and have one sign for life as well."""
    one, four = (run(Synapses(activation="sigmoid", inhibitory=k)) for k in (1, 4))
    assert (main(one).key, main(four).key) == ("less_well", "mixed_as_well")
    for key in ("less_well", "better"):
        assert "{chosen} inhibitory of {units}" in load("synapses")[f"verdict.main.{key}"]


def test_each_condition_holds_the_signs_that_it_names():
    config = replace(QUICK, task="digits")
    for held, result in ((True, run(config)), (False, run(replace(config, inputs="free")))):
        assert (result.wiring[1][0].min() >= 0) == held
        assert (result.wiring[0][0].min() >= 0) == held  # its peers differ in the outgoing signs alone
        assert result.wiring[0][1].min() < 0 < result.wiring[0][1].max()


def _alone(config, first, project):
    """Train five networks of one condition by themselves."""
    network, both = mlp.MLP((2, config.width, 1)), data.boolean("xor")
    start = inits.start(network, inits.Init("he"), range(5))
    recipe = train.Recipe(steps=config.steps, optimiser="adam", **RECIPES["xor"])
    history = train.train(network, [first(start[0]), *start[1:]], both, recipe, seeds=range(5), project=project)
    return _score(network, history.params, "xor", both)


def test_units_that_all_inhibit_can_do_xor_if_the_inputs_are_free():
    """5 - 10 relu(1 - x1 - x2) - 10 relu(x1 + x2 - 1); found from other starting biases, so never 'cannot'."""
    x, y = data.boolean("xor")
    total = x.sum(1, keepdim=True)
    assert torch.equal(5 - 10 * torch.relu(1 - total) - 10 * torch.relu(total - 1), 10 * y - 5)
    network, repeats = mlp.MLP((2, 8, 1)), 50
    start = inits.start(network, inits.Init("he"), range(repeats))
    generator = torch.Generator().manual_seed(0)
    start[1] = torch.randn(start[1].shape, generator=generator)
    start[2] = -start[2].abs()
    start[3] = torch.full_like(start[3], 2.0)
    recipe = train.Recipe(steps=300, optimiser="adam", **RECIPES["xor"])
    history = train.train(network, start, (x, y), recipe, seeds=range(repeats), project=lambda p: p[2].clamp_(max=0))
    assert history.params[2].max() <= 0
    assert _score(network, history.params, "xor", (x, y)).mean() > 0.5
    found = verdicts(run(Synapses(inhibitory=8, inputs="free")))["main"]
    assert found.key == "fails"
    assert found.numbers["dale"] == 0
    assert "cannot" not in load("synapses")["verdict.main.fails"]


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


def test_with_ten_outputs_the_sign_is_no_constraint(digits):
    """Softmax ignores what is added to a column: each unit can be shifted to either sign."""
    assert abs(np.median(digits.dale[1] - digits.dale[0])) < 0.01
    for k in (0, 1):  # so it is no discovery about cells, and the sentence says why
        assert main(run(Synapses(task="digits", width=32, inhibitory=k))).key == "softmax_as_well"
    assert main(run(Synapses(task="three_not_eight"))).key == "mixed_as_well"
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
        assert verdicts(result)["absent"].key == "absent_exact"


@pytest.mark.parametrize(("activation", "exact"), [("relu", True), ("sigmoid", True), ("tanh", False)])
def test_the_relay_is_exact_for_activations_that_are_never_negative(activation, exact):
    result = run(replace(DEFAULT, activation=activation))
    assert (result.lowest >= 0) == exact
    assert result.relay_gap == pytest.approx(0 if exact else -2 * result.lowest, abs=1e-6)
    assert (result.relay_gap == 0) == exact
    assert verdicts(result)["relay"].key == ("relay_exact" if exact else "relay_fails")
    over = verdicts(result)["relay"].numbers
    assert over["direct"] == -2 * over["sent"]  # what the hero shows: an activation, the weight, and the detour
    assert over["relayed"] == -over["relay"] == -max(2 * over["sent"], 0)
    assert over["sent"] == pytest.approx(result.highest if exact else result.lowest, rel=0.05)


def test_a_negative_weight_is_not_a_missing_link(digits):
    assert verdicts(digits)["clipped"].key == "clipped_destroys"
    assert np.median(digits.clipped) < np.median(digits.free) - 0.2


def test_free_inputs_need_no_inhibition():
    result = run(Synapses(inputs="free", activation="tanh", inhibitory=0))
    assert result.dale[0].mean() > 0.9
    assert verdicts(result)["main"].key == "mixed_as_well"


def _shares(default, **shares):
    """XOR's scores with the first so many of the starts solved."""
    solved = {
        name: (np.arange(len(default.free)) < share * len(default.free)) + 0.0 for name, share in shares.items()
    }
    dale = np.tile(solved.pop("dale"), (len(default.counts), 1)) if "dale" in solved else default.dale
    return replace(default, dale=dale, **solved)


def test_other_ends_are_named(default, digits):
    quick = verdicts(run(QUICK))
    assert (quick["main"].key, quick["clipped"].key, quick["inputs"].key) == (
        "unlearned", "clipped_unclear", "inputs_unclear",
    )  # fmt: skip
    assert main(replace(default, diverged=default.diverged + 5)).key == "diverged"
    free = replace(default.config, inputs="free")
    for k in (0, 1, 8):
        ends = {"less_well": (0.5, 1.0), "better": (0.7, 0.5), "mixed_as_well": (1.0, 1.0), "fails": (0.0, 1.0)}
        for outcome, (dale, peers) in ends.items():
            made = replace(_shares(default, dale=dale, free=peers), chosen=k, config=free)
            assert main(made).key == outcome
        made = replace(_shares(default, dale=0.5, free=0.5), chosen=k, config=free)
        assert main(replace(made, free=np.roll(made.free, 20))).key == "unclear"  # 20 of 250 either way
        impossible = main(replace(_shares(default, dale=0.0, free=1.0), chosen=k)).key
        assert impossible == ("fails" if k == 1 else "impossible")
    assert clipped(replace(default, clipped=default.free)).key == "clipped_spares"
    assert clipped(replace(default, clipped=np.roll(default.free, 1))).key in ("clipped_spares", "clipped_unclear")
    half = _shares(default, free=0.5, clipped=0.5, excitatory=0.5)
    assert clipped(replace(half, clipped=np.roll(half.free, 20))).key == "clipped_unclear"
    assert inputs(half).key == "inputs_same"
    assert inputs(replace(half, excitatory=np.roll(half.free, 20))).key == "inputs_unclear"
    assert absent(replace(default, absent=0.1)).key == "absent_broken"
    assert relay(replace(default, relay_gap=0.5)).key == "relay_fails"


def test_what_is_trained_follows_the_units():
    assert counts(Synapses(width=32)) == (0, 1, 2, 4, 8, 16, 31, 32)
    assert set(counts(Synapses(width=8))) <= {*COUNTS, 7}
    assert [repeats_of(Synapses(width=width)) for width in (4, 8, 16, 32)] == [250, 250, 125, 62]
    assert repeats_of(Synapses(task="digits", width=32)) == 20


def test_every_chart_shows_the_runs_numbers(default):
    words = load("synapses")
    dale, free, held = (words[f"figures.sweep.{kind}"] for kind in ("dale", "free", "excitatory"))
    with drawn("synapses") as page:
        solved = 100 * default.dale.mean(1)  # per cent of the starts
        flat = {free: 100 * default.free.mean(), held: 100 * default.excitatory.mean()}
        page.holds("sweep", {dale: solved} | {name: np.full(len(solved), level) for name, level in flat.items()})
        page.holds("sweep", dict.fromkeys((dale, free, held), default.counts), of="x")
        rows = page.tables["sweep"].groupby("inhibitory_units")
        np.testing.assert_allclose(100 * rows.score.mean()[default.counts], solved)
        np.testing.assert_array_equal(rows.get_group(1).score_free, default.free)
        np.testing.assert_array_equal(rows.get_group(1).score_excitatory_inputs_only, default.excitatory)
        holds_the_circuit(page, default, words)


def holds_the_circuit(page, result, words):
    """No inhibitory unit and the chosen number: links, signs, answers and their scores; then the relay's numbers."""
    chart, table = page.charts["circuit"], page.tables["circuit"]
    peers, dale, none = result.wiring
    texts = [note.text for note in chart.layout.annotations]
    for p, (kind, weights, surface, scores) in enumerate(zip(
        ("none", "dale"), (none, dale), result.surface[[2, 1], 0], (result.dale[0], result.dale[1]), strict=True,
    )):  # fmt: skip
        graph = [t for t in chart.data if t.xaxis == f"x{2 * p + 1 if p else ''}"]
        shown = [t.text[0].replace("\N{MINUS SIGN}", "-") for t in graph if t.mode == "lines"]
        assert shown == [f"{w:.2f}" for matrix in weights for w in matrix.ravel() if w]
        _, units, _ = (t for t in graph if t.mode == "markers+text")
        marks = {"none": ["+"] * 8, "dale": ["\N{MINUS SIGN}"] + ["+"] * 7}
        assert [list(place) for place in units.customdata] == [[k + 1, p, k] for k in range(8)]  # what a click says
        assert list(units.text) == marks[kind]
        (answer,) = [t for t in chart.data if t.type == "heatmap" and t.xaxis == f"x{2 * p + 2}"]
        np.testing.assert_allclose(answer.z, 100 * surface[::-1], atol=0.51)
        name = words.say(f"figures.circuit.{kind}", chosen=1)
        solved = words.say("figures.circuit.solved", share=float(scores.mean()))
        assert texts[2 * p : 2 * p + 2] == [f"<b>{name}</b>", solved]
    over = verdicts(result)["relay"].numbers
    circles = [float(t.text[0].replace("\N{MINUS SIGN}", "-")) for t in chart.data[-5:]]
    assert circles == pytest.approx([over[n] for n in ("sent", "direct", "sent", "relay", "relayed")], rel=0.01)
    np.testing.assert_array_equal(table["signs_free"], peers[1][0])
    np.testing.assert_array_equal(table["one_sign_per_unit"], dale[1][0])
    assert table.unit.tolist() == list(range(1, result.config.width + 1))
    page.held.add("circuit")


def test_the_answers_drawn_are_those_at_xors_points(default):
    """The corners of each answer: of a coin flip nothing, of one inhibitory unit and of free ones XOR."""
    corners = default.surface[:, 0][:, [-1, 0, -1, 0], [0, 0, -1, -1]]  # 00, 01, 10, 11; the second input upwards
    peers, dale, none = corners
    assert (np.sign(dale) == [-1, 1, 1, -1]).all()
    assert np.abs(none).max() < 0.1
    assert default.excitatory[int(default.dale[1].argmax())] == (np.sign(peers) == [-1, 1, 1, -1]).all()
    without = run(replace(QUICK, inhibitory=0))  # the one-sign networks are then those without an inhibitory unit
    assert np.array_equal(without.surface[1], without.surface[2])
    assert not np.array_equal(without.surface[0], without.surface[1])
    assert default.drawn == ["none", "dale"]
    assert replace(default, chosen=0).drawn == ["none", "peers"]


def test_without_its_inhibitory_unit_the_answer_can_no_longer_fall(default):
    """A silent unit has no link out; the only one that inhibits is missed at (1, 1), and monotonicity is back."""
    _, second, whole, _ = default.circuit("dale")
    _, cut, answer, _ = default.circuit("dale", 0)
    assert cut[0, 0] == 0 != second[0, 0]
    np.testing.assert_array_equal(cut[0, 1:], second[0, 1:])
    assert default.right("dale", 0) == 3
    assert np.diff(whole[0]).min() < -0.01  # along the first input, at the second's 1
    assert min(np.diff(answer, axis=1).min(), -np.diff(answer, axis=0).max()) > -1e-5
    for unit in np.flatnonzero(second[0] == 0):
        np.testing.assert_allclose(default.circuit("dale", unit)[2], whole, atol=1e-5)


def test_digits_show_what_each_cell_reads_and_does_instead_of_graphs():
    result = run(replace(QUICK, task="digits"))
    with drawn("synapses", **{"Synapses.task": "digits", "Synapses.steps": "3"}) as page:
        for k, (first, second) in enumerate(result.wiring[:2]):  # signs free, then one sign each; (H, I), (O, H)
            into, out = (np.asarray(trace.z, float) for trace in page.charts["cells"].data[2 * k : 2 * k + 2])
            np.testing.assert_allclose(into[:, 9:17].ravel(), first[1], rtol=1e-5)
            np.testing.assert_allclose(out[:, 9:17].T, np.tile(second[:, 1], (8, 1)), rtol=1e-5)
        signs = [t.text for t in page.charts["cells"].layout.annotations if len(t.text) == 1]
        assert signs == ["\N{MINUS SIGN}"] + ["+"] * 7
        sixth = page.tables["cells"].set_index(["output", "unit"]).loc[6]
        np.testing.assert_array_equal(sixth.signs_free, result.wiring[0][1][5])
        np.testing.assert_array_equal(sixth.one_sign_per_unit, result.wiring[1][1][5])
        page.held.add("cells")
        words, settings = load("synapses"), len(result.counts)
        shown = {"dale": np.median(100 * result.dale, 1)}
        for kind, scores in (("free", result.free), ("excitatory", result.excitatory)):
            shown[kind] = np.full(settings, np.median(100 * scores))
        page.holds("sweep", {words[f"figures.sweep.{kind}"]: level for kind, level in shown.items()})


def test_cells_of_both_signs_are_drawn_where_there_are_both():
    for k, signs in ((0, [1] * 8), (4, [-1] * 4 + [1] * 4), (32, [-1] * 8)):
        assert run(Synapses(task="digits", steps=3, inhibitory=k, width=8)).cells("dale")[2].tolist() == signs
    narrow = run(Synapses(task="digits", steps=3, inhibitory=2, width=4))
    assert narrow.cells("dale")[2].tolist() == [-1, -1, 1, 1]
    assert narrow.cells("peers")[2].tolist() == [0] * 4


def test_the_verdicts_say_the_tables_numbers(default, digits):
    """The digits' scores tell all conditions apart; XOR's do not, as with none and with all inhibitory it is 0."""
    for result, level in ((default, np.mean), (digits, np.median)):
        table, found = result.table(), {name: verdict.numbers for name, verdict in verdicts(result).items()}
        scores = {k: level(rows.score) for k, rows in table.groupby("inhibitory_units")}
        free = level(table[table.inhibitory_units == 0].score_free)
        said = {"none": 0, "dale": result.config.inhibitory, "all": result.config.width}
        assert {name: found["main"][name] for name in said} == {name: scores[k] for name, k in said.items()}
        held = level(table[table.inhibitory_units == 0].score_excitatory_inputs_only)
        assert (found["main"]["free"], found["inputs"]["free"], found["clipped"]["before"]) == (free, free, free)
        assert found["main"]["peers"] == found["main"]["excitatory"] == found["inputs"]["excitatory"] == held
        assert found["main"]["chosen"] == result.config.inhibitory
        assert found["clipped"]["after"] == level(result.clipped)
        assert found["relay"]["lowest"] == result.lowest


def test_the_network_to_take_home_is_the_one_that_is_drawn(default, digits):
    for result in (default, digits):
        w, b, v, c = (torch.tensor(p) for p in result.network.values())
        for part, shown in zip((w, v), result.wiring[1], strict=True):
            np.testing.assert_array_equal(part, shown)
    x, y = data.digits().test
    right = (((x @ w.T + b).relu() @ v.T + c).argmax(1) == y).float().mean()
    assert float(right) == pytest.approx(digits.dale[digits.counts.tolist().index(digits.chosen)].max())


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("synapses")
