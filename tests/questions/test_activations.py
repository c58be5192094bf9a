"""Twins begin and differ as they should; the same numbers as plain torch; every sentence can be reached."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from drawn import drawn
from endings import unchosen

from lib.engine import data, measure, train, tuning
from lib.questions.activations.config import BATCH, BIASES, REPEATS, WIDTH, Activations
from lib.questions.activations.experiment import LRS, SHOWN, Net, _nets, _train, run, start
from lib.questions.activations.experiment import network as built
from lib.questions.activations.verdict import causes, hard, main, saturation, signs, verdicts
from lib.words import load

DEFAULTS = "pair=sigmoid depth=3 biases=zero saturation=8 goal=0.9 steps=100 seed=0"
RULINGS = {
    "sigmoid_and_relu_hard": "right",
    "one_sign": "right",
    "milder_than_saturation": "right",
}

DEFAULT = Activations()
ROWS = ("sigmoid", "sigmoid_twin", "tanh", "relu", "relu_twin", "saturated_twin", "saturated", "sigmoid_compensated")


def with_steps(result, **steps):
    """The same result with other median steps to the goal."""
    reached = result.reached.copy()
    for name, value in steps.items():
        reached[result.at(name)] = value
    return replace(result, reached=reached)


def torn(values):
    """These steps or shares with half of the repeats one way and half the other, far apart."""
    return values * np.where(np.arange(len(values)) % 2, 3.0, 0.3)


def torch_model(depth, f):
    sizes = [64, *[WIDTH] * depth, 10]
    layers = [torch.nn.Linear(i, o) for i, o in pairwise(sizes)]

    def forward(x):
        for layer in layers[:-1]:
            x = f(layer(x))
        return layers[-1](x)

    return [p for layer in layers for p in layer.parameters()], forward


def test_the_shifted_training_is_torchs(default):
    """Sigmoid - 1/2 with autograd and torch's SGD gets where the engine's first repeat got, step by step."""
    k = default.at("sigmoid_twin")
    params, forward = torch_model(DEFAULT.depth, lambda z: torch.sigmoid(z) - 0.5)
    with torch.no_grad():
        for own, given in zip(params, start(DEFAULT, Net("sigmoid", -0.5), [0]), strict=True):
            own.copy_(given[0])
    sgd = torch.optim.SGD(params, lr=LRS[default.chosen[k]])
    x, y = data.standardised().train
    stream = (batch for epoch in train.epochs(len(x), BATCH, 0) for batch in epoch)
    found = []
    history = _train(DEFAULT, Net("sigmoid", -0.5), [LRS[default.chosen[k]]], range(1))
    for step in range(21):
        if step in default.steps:
            found.append(float((forward(x[:SHOWN]).argmax(1) == y[:SHOWN]).float().mean()))
        batch = next(stream)
        sgd.zero_grad()
        torch.nn.functional.cross_entropy(forward(x[batch]), y[batch]).backward()
        sgd.step()
    np.testing.assert_allclose(found, history.values["accuracy"][: len(found), 0], atol=2.5 / SHOWN)  # two digits
    there = np.flatnonzero(history.values["accuracy"][:, 0] >= DEFAULT.goal - 1e-6)[0]
    assert default.reached[k, 0] == default.steps[there]  # ... among twenty as alone


@pytest.mark.parametrize("depth", [1, 3])
def test_compensated_twins_begin_as_the_same_function(depth):
    config = Activations(depth=depth, biases="compensated")
    nets = _nets(config)
    x = data.standardised().x[:100]
    for one, other in (("sigmoid", "sigmoid_twin"), ("relu", "relu_twin"), ("saturated", "saturated_twin")):
        a, b = (measure.outputs(built(config, nets[n]), start(config, nets[n], range(3)), x) for n in (one, other))
        torch.testing.assert_close(a, b, atol=2e-4, rtol=1e-4)
        plain = start(replace(config, biases="zero"), nets[one], range(3))
        assert (measure.outputs(built(config, nets[one]), plain, x) - b).abs().max() > 0.1


def test_the_two_starts_of_the_biases_are_one_condition_each(default):
    """Whatever is chosen, both are trained, and each is the other choice's own; for a twin they are one start."""
    for biases in BIASES:
        other = next(b for b in BIASES if b != biases)
        for pair, name in (("sigmoid", "sigmoid"), ("relu", "relu"), ("tanh+1", "tanh_plus")):
            config = replace(DEFAULT, pair=pair, biases=biases)
            nets = _nets(config)
            own = start(config, nets[f"{name}_{other}"], range(2))
            chosen = start(replace(config, biases=other), nets[name], range(2))
            assert all(torch.equal(a, b) for a, b in zip(own, chosen, strict=True))
        for name in ("sigmoid_twin", "relu_twin", "tanh"):
            pair = [start(replace(config, biases=b), nets[name], range(2)) for b in BIASES]
            for a, b in zip(*pair, strict=True):
                torch.testing.assert_close(a, b, atol=1e-6, rtol=0)
    assert default.others == [("sigmoid_compensated", "sigmoid", "compensated")]


def test_the_price_of_a_sigmoid_has_two_causes(default):
    """From zero biases the next layer starts off its middle; against the mean, only the centre is left to pay for."""
    found = causes(default)
    assert found.key == "causes_both"
    assert found.numbers["zero"] > 1.3 * found.numbers["compensated"] > 1.3
    sigmoid, twin, compensated = (
        default.flat[default.at(n)] for n in ("sigmoid", "sigmoid_twin", "sigmoid_compensated")
    )
    assert (sigmoid > 0.05).all()
    assert np.abs(compensated - twin).max() < 1e-3


def test_positive_activations_force_one_sign_for_one_sample(default):
    one = default.majority[0]
    for name in ("sigmoid", "relu", "saturated"):
        assert (one[default.at(name)] == 1).all()  # every repeat, every layer
    for name in ("tanh", "sigmoid_twin"):
        assert one[default.at(name)].max() < 0.65


def test_majority_is_that_of_autograd(default):
    k = default.at("relu")
    params, forward = torch_model(DEFAULT.depth, torch.relu)
    with torch.no_grad():
        for own, given in zip(params, start(DEFAULT, Net("relu"), [4]), strict=True):
            own.copy_(given[0])
    x, y = data.standardised().train
    torch.nn.functional.cross_entropy(forward(x[:BATCH]), y[:BATCH]).backward()
    for layer, weight in enumerate(params[2::2]):
        up, down = (weight.grad > 0).sum(1).float(), (weight.grad < 0).sum(1).float()
        some = up + down > 0
        share = (torch.maximum(up, down) / (up + down))[some].mean()
        assert default.majority[1, k, 4, layer] == pytest.approx(float(share), abs=0.005)


def test_sigmoid_is_slow_and_its_twin_is_not(default):
    found = verdicts(default)
    assert found["main"].key == "centring_helps"
    assert found["main"].numbers["times"] > 2
    assert found["main"].numbers["more"] > 0.9 * REPEATS
    assert found["hard"].key == "hard_both"
    assert found["hard"].numbers["relu"] < found["hard"].numbers["sigmoid"]
    assert found["saturation"].key == "saturation_worse"
    assert not default.steps[0]
    assert list(default.steps) == tuning.looks(DEFAULT.steps)


def test_a_small_offset_costs_nothing_and_progress_is_told():
    seen = []
    config = Activations(pair="tanh+0.25", depth=1, steps=60, saturation=1)
    small = verdicts(run(config, progress=lambda done, total: seen.append(done / total)))
    assert seen == sorted(seen)
    assert 0 < seen[0] < 0.1
    assert 0.9 < seen[-1] <= 1
    assert small["main"].key == "centring_alike"
    assert small["signs"].key == "signs_free"
    assert small["saturation"].key == "saturation_off"


def test_every_ending_is_named(default):
    never = np.inf
    assert main(with_steps(default, sigmoid=never)).key == "centring_never"
    assert main(with_steps(default, sigmoid=never, sigmoid_twin=never)).key == "centring_unreached"
    assert main(with_steps(default, sigmoid=8, sigmoid_twin=8)).key == "centring_alike"
    # Within two looks, and shown to differ by more than a quarter: `hard` says of them that one is slower.
    assert main(with_steps(default, sigmoid=8, sigmoid_twin=6)).key == "centring_helps"
    assert main(with_steps(default, sigmoid=7, sigmoid_twin=6)).key == "centring_alike"
    assert main(with_steps(default, sigmoid=8, sigmoid_twin=20)).key == "centring_hurts"
    equal = {"sigmoid": 8, "sigmoid_twin": 8, "relu": 8, "relu_twin": 8}
    for changed, key in (
        ({}, "neither"), ({"relu": 20}, "relu"), ({"sigmoid": 20}, "sigmoid"), ({"relu": 20, "sigmoid": 20}, "both"),
    ):  # fmt: skip
        assert hard(with_steps(default, **equal | changed)).key == f"hard_{key}"
    assert hard(with_steps(default, relu_twin=never)).key == "hard_unreached"
    for (zero, compensated), key in (
        ((20, 12), "both"), ((12, 12), "centre"), ((20, 8), "start"), ((8, 8), "open"), ((never, 8), "open"),
    ):  # fmt: skip
        steps = {"sigmoid": zero, "sigmoid_compensated": compensated, "sigmoid_twin": 8}
        assert causes(with_steps(default, **steps)).key == f"causes_{key}"
    assert signs(default).key == "signs_forced"
    for saturated, key in ((12, "milder"), (60, "worse"), (22, "alike"), (never, "worse")):
        found = with_steps(default, sigmoid=22, sigmoid_twin=8, saturated_twin=saturated)
        assert saturation(found).key == f"saturation_{key}"
    assert saturation(with_steps(default, sigmoid=never)).key == "saturation_open"


def test_what_the_repeats_do_not_agree_on_is_not_told(default):
    """Half of them one way and half the other: medians differ, and nothing is shown."""
    level = with_steps(default, sigmoid=20, sigmoid_twin=20, saturated_twin=20)
    at, flat, reached = level.at("sigmoid"), level.at("saturated_twin"), level.reached.copy()
    reached[at], reached[flat] = torn(reached[at]), 20
    assert main(replace(level, reached=reached)).key == "centring_unclear"
    assert saturation(replace(level, reached=reached)).key == "saturation_unclear"


def holds_rows(page, chart, rows, lines):
    """A figure with one row per name shows each condition's values (rows, repeats): small points and medians."""
    page.holds(chart, {name: np.median(values, 1) for name, values in lines.items()}, of="x")
    assert list(page.charts[chart].layout.yaxis.ticktext) == rows
    for points, values in zip(page.charts[chart].data[::2], lines.values(), strict=True):
        np.testing.assert_allclose(points.x, values.ravel(), rtol=1e-5)


def holds_steps(table, default, names):
    for name in names:
        own = table[table.activation == name]
        np.testing.assert_array_equal(own.steps_to_goal, default.reached[default.names.index(name)])


def test_the_twins_outputs_are_moved_and_nothing_else(default):
    """The twins' first layers get the same numbers, so that what comes out is the same but for the half."""
    twins = default.twins
    np.testing.assert_allclose(twins.curves[0], 1 / (1 + np.exp(-twins.z)), atol=1e-6)
    np.testing.assert_allclose(twins.curves[1], twins.curves[0] - 0.5, atol=1e-6)
    assert twins.means[0] - twins.means[1] == pytest.approx(0.5, abs=1e-6)
    np.testing.assert_allclose(twins.density.sum(1), 1)
    assert 0 in twins.edges  # what is zero or above is not in a bin of what is below
    x, _ = data.standardised().train
    weights = start(DEFAULT, Net("sigmoid"), range(REPEATS))[0]
    out = torch.sigmoid(x[:BATCH] @ weights.transpose(1, 2)).numpy()
    np.testing.assert_allclose(twins.means[0], out.mean(), atol=1e-5)
    np.testing.assert_allclose(
        twins.density[0], np.histogram(np.clip(out, *twins.edges[[0, -1]]), twins.edges)[0] / out.size, atol=1e-4
    )


@pytest.mark.parametrize("pair", ["relu", "tanh+1"])
def test_twins_of_every_kind_are_moved_by_their_offset(pair):
    twins = run(Activations(pair=pair, depth=1, steps=20)).twins
    moved = twins.curves[0] - twins.curves[1]
    np.testing.assert_allclose(moved, moved[0], atol=1e-5)
    assert moved[0] == pytest.approx({"relu": 0.4, "tanh+1": 1}[pair], abs=0.01)
    if pair == "relu":  # about half of its outputs are nothing: none of them below
        assert twins.density[0, twins.edges[1:] <= 0].sum() == 0
        assert twins.density[0].max() == twins.density[0, np.flatnonzero(twins.edges == 0)[0]] > 0.4


def holds_the_twins(page, default):
    """Curves, outputs and steps of the pair, row by row; what is said beside them."""
    chart, twins, capped = page.charts["twins"], default.twins, np.minimum(default.reached, DEFAULT.steps)
    pair = ["sigmoid", "sigmoid − ½"]
    rows = [capped[default.names.index(name)] for name in ("sigmoid", "sigmoid_twin")]
    bars = [f"{name}: {load('activations')['figures.twins.cost']}" for name in pair]
    expected = {pair[0]: twins.curves[0], bars[0]: [0.5], pair[1]: twins.curves[1], bars[1]: [0.5]}
    page.holds("twins", expected)
    outputs = [t for t in chart.data if t.type == "bar" and len(t.x) > 1]
    dots = [t for t in chart.data if t.type == "scatter" and t.mode == "markers"]
    for row, steps in enumerate(rows):
        assert list(page.named("twins")[bars[row]].x) == [np.median(steps)]
        np.testing.assert_allclose(outputs[row].x, 100 * twins.density[row], rtol=1e-5)
        np.testing.assert_allclose(outputs[row].y, (twins.edges[1:] + twins.edges[:-1]) / 2, rtol=1e-5, atol=1e-6)
        np.testing.assert_array_equal(dots[row].x, steps)
        assert len(set(zip(dots[row].x.tolist(), dots[row].y.tolist(), strict=True))) == len(steps)  # none hidden
        assert chart.layout.shapes[row].y0 == twins.means[row]
        notes = [note.text for note in chart.layout.annotations[3 * row : 3 * row + 3]]
        assert notes == [f"<b>{pair[row]}</b>", f"mean {twins.means[row]:.2f}".replace("-", "−"),
                         f"<b>{np.median(steps):g} steps</b>"]  # fmt: skip
    np.testing.assert_array_equal(page.tables["twins"]["uncentred"], 100 * twins.density[0])
    np.testing.assert_array_equal(page.tables["twins"]["centred"], 100 * twins.density[1])


def test_the_axis_of_steps_is_one_of_three(default):
    """So that ten steps are not a longer bar at one setting than two dozen at another."""
    pair = ("sigmoid", "sigmoid_twin")
    assert (DEFAULT.steps, default.reach(pair)) == (100, 60)
    for most, end in ((4, 60), (60, 60), (62, 100), (np.inf, 100)):
        assert with_steps(default, sigmoid=most, sigmoid_twin=4).reach(pair) == end
    short = replace(default, config=replace(DEFAULT, steps=20))
    assert short.reach(pair) == 60
    assert short.to_goal(pair).max() == 20  # no bar is longer than the steps there were


def test_a_pair_that_never_gets_there_says_so_beside_its_bar():
    with drawn(
        "activations", **{"Activations.pair": "tanh+2", "Activations.depth": "4", "Activations.steps": "20"}
    ) as page:
        page.held.update(page.charts)
        notes = [note.text for note in page.charts["twins"].layout.annotations]
        assert notes[2] == "<b>not in 20 steps</b>"


def test_every_chart_shows_the_runs_numbers(default):
    words, capped = load("activations"), np.minimum(default.reached, DEFAULT.steps)
    said = [words[f"words.{name}"] for name in ROWS[:-1]]
    said.append(words.say("words.other_compensated", name=words["words.sigmoid"]))
    with drawn("activations") as page:
        holds_the_twins(page, default)
        at = [default.names.index(name) for name in ROWS]
        holds_rows(page, "steps", said, {words["figures.steps.line"]: capped[at]})
        holds_steps(page.tables["steps"], default, ROWS)


def test_the_verdicts_say_the_tables_numbers(default):
    """A run that does not reach the goal counts with all its steps."""
    found = {name: verdict.numbers for name, verdict in verdicts(default).items()}
    table = default.table().set_index(["activation", "repeat"])
    capped = table.steps_to_goal.clip(upper=DEFAULT.steps).unstack("activation")
    steps = capped.median()
    two = {"uncentred": steps["sigmoid"], "centred": steps["sigmoid_twin"]}
    times = {name: steps[name] / steps[f"{name}_twin"] for name in ("sigmoid", "relu")}
    middle = np.median(default.majority, 2).mean(2)  # (2, A)
    at = {"": default.at("sigmoid"), "_twin": default.at("sigmoid_twin")}
    expected = {
        "main": two | {"times": times["sigmoid"], "tanh": steps["tanh"], "rates": len(LRS)}
        | {"more": (capped.sigmoid > capped.sigmoid_twin).sum()},
        "causes": {"zero": times["sigmoid"], "compensated": steps["sigmoid_compensated"] / steps["sigmoid_twin"]},
        "hard": times,
        "signs": {f"{name}{end}": middle[q, a] for q, name in enumerate(("one", "batch")) for end, a in at.items()},
        "saturation": {"base": two["centred"], "uncentred": two["uncentred"], "saturated": steps["saturated_twin"]},
    }  # fmt: skip
    assert set(expected) == set(found)
    for name, numbers in expected.items():
        assert {number: found[name][number] for number in numbers} == pytest.approx(numbers), name


def test_the_network_to_take_home_is_the_first_of_the_chosen_activation(default):
    params, forward = torch_model(DEFAULT.depth, torch.sigmoid)
    with torch.no_grad():
        for own, given in zip(params, default.network.values(), strict=True):
            own.copy_(torch.from_numpy(given))
    x, y = data.standardised().test
    read = (forward(x).argmax(1) == y).float().mean().item()
    assert read == pytest.approx(default.test[default.at("sigmoid"), 0])


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("activations")
