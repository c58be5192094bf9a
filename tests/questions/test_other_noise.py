"""What treats all units alike leaves them equal to the last bit; what draws for each unit parts them."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn import drawn
from endings import unchosen

from lib.engine import data
from lib.figures.dice import drawing
from lib.questions.other_noise import verdict as verdicts_of
from lib.questions.other_noise.config import OWN, SHARED, SOLVED, SOURCES, THROWN, OtherNoise
from lib.questions.other_noise.experiment import BY_DESCENT, REPEATS, _batch, _best, _thrown, points, run, starts
from lib.questions.other_noise.units import Batch, Networks, apart, gradient, loss, outputs
from lib.questions.other_noise.verdict import verdicts
from lib.words import load

DEFAULTS = "source=hidden_dropout amount=0.2 activation=tanh constant=0.5 width=8 lr=0.2 steps=600 seed=0"
RULINGS = {
    "any_noise": "depends",
    "weights_must_differ": "wrong",
    "not_all_gradient_based": "right",
    "equal_for_ever": "right",
    "every_layer_random": "wrong",
    "dropout_and_different": "right",
}

DEFAULT = OtherNoise()


def keys(result):
    return {name: verdict.key for name, verdict in verdicts(result).items()}


def test_what_treats_all_units_alike_leaves_them_equal_to_the_last_bit(default):
    for name in SHARED:
        assert default.largest(name) == 0, name
        assert (default.loss[-1, SOURCES.index(name)] >= default.one_unit - 0.02).all(), name


def test_what_draws_for_each_unit_parts_them_and_they_learn(default):
    for name in OWN:
        assert default.apart[-1, SOURCES.index(name)].min() > 1, name
        assert default.solves(name) >= 9, name
    assert keys(default) == {
        "main": "sorted", "biases": "biases_enough", "layers": "layers_either", "evolution": "evolution_solves",
        "start": "start_better",
    }  # fmt: skip


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("constant", [0.1, 1.0])
def test_no_constant_no_width_and_no_activation_changes_that(activation, constant):
    result = run(OtherNoise(activation=activation, constant=constant, width=4, steps=100, amount=0.5))
    assert set(result.identical()) == set(SHARED)


def test_without_an_amount_noise_parts_nothing():
    result = run(OtherNoise(amount=0.0, steps=100))
    assert set(result.identical()) == {*SHARED, "hidden_dropout", "gradient_noise", "random_biases", "even_biases"}
    found = keys(result)
    assert (found["main"], found["biases"], found["start"]) == ("quiet", "biases_open", "start_open")


def test_zero_weights_are_quiet_for_another_reason():
    """There is dropout, but of units that give 0; and on balanced classes nothing moves the biases' differences."""
    result = run(OtherNoise(constant=0.0, steps=100))
    assert set(result.identical()) == {*SHARED, "hidden_dropout"}
    assert (keys(result)["main"], keys(result)["biases"]) == ("silent", "biases_flat")
    assert result.largest("random_biases") > 0
    np.testing.assert_allclose(result.loss[:, SOURCES.index("random_biases")], np.log(2), rtol=1e-9)
    assert keys(run(OtherNoise(constant=0.0, amount=0.0, steps=30)))["main"] == "quiet"


@pytest.mark.parametrize("balanced", [True, False])
def test_zero_weights_with_random_biases_are_stationary_on_balanced_classes_only(balanced):
    x, y = points(0)
    if not balanced:
        x, y = x[..., :-1], y[:, :-1]
    units = np.zeros((4, 1, REPEATS, 8))
    units[2] = np.random.default_rng(0).standard_normal((1, REPEATS, 8))
    slope = gradient(Networks(units, np.zeros((1, REPEATS))), Batch(x[:, None], y[None]), "tanh")
    assert (np.abs(slope.units).max() < 1e-12) == balanced


def test_on_digits_zero_weights_with_random_biases_learn():
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.Tanh(), torch.nn.Linear(32, 10))
    for layer in net[::2]:
        torch.nn.init.zeros_(layer.weight)
    digits = data.digits(centred=True)
    x, y = (part[:400] for part in digits.train)
    sgd = torch.optim.SGD(net.parameters(), lr=0.2, momentum=0.9)
    for _ in range(200):
        sgd.zero_grad()
        torch.nn.functional.cross_entropy(net(x), y).backward()
        sgd.step()
    assert (net(digits.test[0]).argmax(1) == digits.test[1]).float().mean() > 0.9


@pytest.mark.parametrize("seed", [0, 2])  # at 2 a single unit gets below SOLVED on the points of one repeat
def test_equal_units_never_beat_the_best_single_unit(seed):
    result = run(OtherNoise(seed=seed, steps=100))
    for name in SHARED:
        assert (result.loss[:, SOURCES.index(name)] >= result.one_unit).all(), name
    lucky = replace(
        result, loss=np.full_like(result.loss, 0.34), one_unit=np.where(np.arange(REPEATS) < 3, 0.32, 0.5)
    )
    assert lucky.solves("adam") == REPEATS - 3
    equal = replace(result, loss=result.loss - 1)
    assert (_best(equal.one_unit, equal.loss, equal.apart) < equal.one_unit).all()


def test_all_but_the_sources_own_draws_is_shared():
    start = starts(DEFAULT, np.random.default_rng(0))
    plain = BY_DESCENT.index("plain_descent")
    changed = {"random_biases", "even_biases", "random_first_layer", "random_last_layer", "random_weights",
               "random_and_dropout"}  # fmt: skip
    for k, name in enumerate(BY_DESCENT):
        same = (start.units[:, k] == start.units[:, plain]).all()
        assert same == (name not in changed), name
    assert (start.last == 0).all()


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_the_gradient_is_autograds(activation):
    draws = np.random.default_rng(1)
    x, y = points(0)
    networks = Networks(draws.standard_normal((4, 2, REPEATS, 5)), draws.standard_normal((2, REPEATS)))
    batch = Batch(
        np.repeat(x[:, None], 2, 1),
        np.repeat(y[None], 2, 0),
        draws.random((2, REPEATS, 32)) * 2,
        (draws.random((2, REPEATS, 5, 32)) > 0.3) / 0.7,
        dropped=(0, 1),
    )
    units, last = (torch.tensor(v, requires_grad=True) for v in networks)
    xs, ys, share, kept = (torch.tensor(v) for v in batch[:4])
    first, second, bias, out = units[..., None]
    hidden = getattr(torch, activation)(first * xs[0].unsqueeze(2) + second * xs[1].unsqueeze(2) + bias)
    logits = (out * hidden * kept).sum(2) + last[..., None]
    each = torch.nn.functional.binary_cross_entropy_with_logits(logits, ys, reduction="none")
    (each * share).mean(2).sum().backward()
    found = gradient(networks, batch, activation)
    np.testing.assert_allclose(found.units, units.grad.numpy(), atol=1e-12)
    np.testing.assert_allclose(found.last, last.grad.numpy(), atol=1e-12)
    np.testing.assert_allclose(
        loss(networks, (x, y), activation),
        torch.nn.functional.binary_cross_entropy_with_logits(
            torch.tensor(outputs(networks, batch.x, activation)[0]), ys, reduction="none"
        )
        .mean(2)
        .numpy(),
    )


def test_momentum_is_torchs(default):
    """One repeat's equal units, trained by torch.optim.SGD in a loop of its own."""
    x, y = points(0)
    inputs, labels = torch.tensor(x[:, 0].T), torch.tensor(y[0])
    net = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1)).double()
    for name, p in net.named_parameters():
        torch.nn.init.constant_(p, 0.5 if "weight" in name else 0.0)
    optimiser = torch.optim.SGD(net.parameters(), lr=0.2, momentum=0.9)
    for _ in range(int(default.steps[12])):
        optimiser.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(net(inputs)[:, 0], labels).backward()
        optimiser.step()
    last = torch.nn.functional.binary_cross_entropy_with_logits(net(inputs)[:, 0], labels).detach()
    assert default.loss[12, SOURCES.index("momentum"), 0] == pytest.approx(float(last), abs=1e-9)


def test_evolution_never_gets_worse(default):
    assert (np.diff(default.loss[:, SOURCES.index("evolution")], axis=0) <= 0).all()


def test_apart_is_the_largest_difference_of_any_number():
    units = np.zeros((4, 1, 1, 3))
    units[2, 0, 0] = (0.0, -0.25, 0.5)
    assert apart(Networks(units, np.zeros((1, 1)))) == 0.75


def test_relu_parts_and_is_stuck(default):
    relu = run(OtherNoise(activation="relu", steps=300))
    assert set(relu.identical()) == set(SHARED)
    assert relu.solves("hidden_dropout") < REPEATS / 2 < relu.apart[-1, SOURCES.index("hidden_dropout")].size
    assert relu.apart[-1, SOURCES.index("hidden_dropout")].min() > 0


def test_other_ends_are_named(default):
    def changed(**losses):
        end = default.loss.copy()
        for name, value in losses.items():
            end[:, SOURCES.index(name)] = value
        return replace(default, loss=end)

    assert verdicts_of.biases(changed(random_biases=0.5)).key == "biases_part"
    assert verdicts_of.layers(changed(random_last_layer=0.5)).key == "layers_one"
    assert verdicts_of.layers(changed(random_last_layer=0.5, random_first_layer=0.5)).key == "layers_neither"
    assert verdicts_of.layers(changed(random_weights=0.5)).key == "layers_open"
    assert verdicts_of.evolution(changed(evolution=0.5)).key == "evolution_parts"
    half = np.where(np.arange(REPEATS) < 6, 0.1, 0.6)
    assert verdicts_of.biases(changed(random_biases=half)).key == "biases_open"
    assert verdicts_of.layers(changed(random_last_layer=half)).key == "layers_open"
    assert verdicts_of.evolution(changed(evolution=half)).key == "evolution_parts"
    assert verdicts_of.start(changed(random_and_dropout=0.6)).key == "start_worse"
    assert verdicts_of.start(changed(hidden_dropout=0.6)).key == "start_better"
    assert verdicts_of.start(changed(hidden_dropout=0.1, random_and_dropout=0.1)).key == "start_open"
    parted = default.apart.copy()
    parted[:, 0] = 1.0
    assert verdicts_of.main(replace(default, apart=parted)).key == "unsorted"


def test_the_dice_are_drawn_where_the_run_throws_them():
    """What differs from the bare constant in the starts, and what a step sees otherwise than it is."""
    start, (x, y) = starts(DEFAULT, np.random.default_rng(0)), points(0)
    batch = _batch(DEFAULT, (x, y), _thrown(DEFAULT, np.random.default_rng(0)))
    inputs, labels = (batch.x != x[:, None]).any((0, 2, 3)), (batch.y != y).any((1, 2))
    samples, masked = (batch.share != 1).any((1, 2)), set(batch.dropped) if (batch.kept != 1).any() else set()
    for k, name in enumerate(BY_DESCENT):
        units = start.units[:, k]
        found = {"first"} if (units[:2] != DEFAULT.constant).any() else set()
        found |= {"second"} if (units[3] != DEFAULT.constant).any() else set()
        found |= {"hidden"} if units[2].any() or k in masked else set()
        found |= {"inputs"} if inputs[k] or samples[k] else set()
        found |= {"label"} if labels[k] or samples[k] else set()
        if name == "gradient_noise":  # in the step itself
            found |= {"first", "hidden", "second"}
        told = {"hidden" if place == "even" else place for place in THROWN[name]}
        assert told == found, name
    own = {name for name in SOURCES if set(THROWN[name]) & {"first", "hidden", "second", "even"}}
    assert own == {*OWN, "random_weights", "random_and_dropout"}


def hold_the_dice(page, words, result):
    """The hero: the dice, what torch's own layers make of the square at every moment, how many repeats learn."""
    assert page.hero == "dice"
    chart, count = page.charts["dice"], result.drawn
    line = torch.linspace(-1, 1, 11, dtype=torch.float64)
    square = torch.stack([line.repeat(11), line.repeat_interleave(11)])  # (2, 121), the bottom row first
    order = [*SHARED, *OWN, "random_weights"]
    assert [frame.name for frame in chart.frames] == [str(step) for step in result.steps[result.moments]]
    names = [note.text.strip("<b/>") for note in chart.layout.annotations]
    expected = [words.option("source", name) for name in order]
    heads = [words[f"figures.dice.{side}"] for side in ("shared", "own")]
    assert names == [heads[0], *expected[: len(SHARED)], heads[1], *expected[len(SHARED) :]]
    for place, name in enumerate(order):
        c = SOURCES.index(name)
        assert chart.layout.images[place].source == drawing(THROWN[name])
        answers = []
        for m in range(len(result.moments)):
            first, second, bias, out = (torch.tensor(v) for v in result.units[:, m, c])
            hidden = torch.tanh(torch.outer(first, square[0]) + torch.outer(second, square[1]) + bias[:, None])
            answers.append((hidden, 2 * torch.sigmoid(out @ hidden + float(result.last[m, c])) - 1))
        most = max(float(hidden.abs().max()) for hidden, _ in answers)
        for m, (hidden, answer) in enumerate(answers):
            sheet = np.asarray(chart.frames[m].data[2 * place].z, float) / 100
            tiles = [sheet[:, 12 * k : 12 * k + 11] for k in range(count)]
            for tile, unit in zip(tiles, hidden, strict=False):
                np.testing.assert_allclose(tile, unit.view(11, 11) / most, atol=0.0051)
            np.testing.assert_allclose(sheet[:, 12 * count + 1 :], answer.view(11, 11), atol=0.0051)
        assert (np.ptp(tiles, 0).max() == 0) == (name in SHARED)
        tile_map, score = chart.data[2 * place : 2 * place + 2]
        assert (score.xaxis, score.yaxis) == (tile_map.xaxis, tile_map.yaxis)  # it stays with its tiles on any page
        assert score.x[0] == sheet.shape[1] - 0.5
        assert [frame.data[2 * place + 1].text[0] for frame in (chart.frames[0], chart.frames[-1], chart)] == [
            f"{n}/{REPEATS}" for n in (0, result.solves(name), result.solves(name))
        ]
    page.held.add("dice")


def test_the_tiles_networks_end_where_the_losses_do(default):
    """The first repeat's networks that are drawn are those whose losses stand there, at every moment."""
    x, y = points(0)
    for m, at in enumerate(default.moments):
        networks = Networks(default.units[:, m, :, None], default.last[m, :, None])
        ends = loss(networks, (x[:, :1], y[:1]), "tanh")[:, 0]
        np.testing.assert_allclose(ends, default.loss[at, :, 0], rtol=1e-9)
    assert default.steps[default.moments[[0, -1]]].tolist() == [0, 600]


def test_every_chart_shows_the_runs_numbers(default):
    words = load("other_noise")
    chosen, momentum, random = (SOURCES.index(k) for k in ("hidden_dropout", "momentum", "random_weights"))
    with drawn("other_noise") as page:
        hold_the_dice(page, words, default)
        table = page.tables["dice"].groupby("source")
        for c, source in enumerate(SOURCES):
            np.testing.assert_array_equal(table.get_group(source).loss, default.loss[-1, c])
            np.testing.assert_array_equal(table.get_group(source).largest_difference, default.apart[:, c].max(0))
        medians = np.median(default.loss, 2)  # (S, C)
        places = {"chosen": chosen, "momentum": momentum, "random": random}
        page.holds("loss", {words[f"words.{k}"]: medians[:, c] for k, c in places.items()})
        assert page.charts["loss"].layout.shapes[0].y0 == np.median(default.one_unit)
        columns = {"chosen": chosen, "momentum_alone": momentum, "random_weights": random, "step": None}
        assert list(page.tables["loss"]) == list(columns)
        for column, c in columns.items():
            np.testing.assert_array_equal(page.tables["loss"][column], default.steps if c is None else medians[:, c])


def no_two_alike(default):
    """The run with a loss, a difference and a count of solved repeats of its own for every source."""
    loss, apart = default.loss.copy(), default.apart.copy()
    for c in range(len(SOURCES)):
        loss[-1, c] = np.where(np.arange(REPEATS) < c % (REPEATS + 1), 0.3, 0.4) + c / 1000
        apart[:, c] = c
    return replace(default, loss=loss, apart=apart)


@pytest.mark.parametrize("made", [lambda run: run, no_two_alike], ids=["default", "no_two_alike"])
def test_the_verdicts_say_the_tables_numbers(default, made):
    result = made(default)
    table, found = result.table(), {name: verdict.numbers for name, verdict in verdicts(result).items()}
    solved = ((table.loss < SOLVED) & (table.loss < table.one_unit_best)).groupby(table.source).sum()
    largest = table.groupby("source").largest_difference.max()
    tried = [*SHARED, *OWN]
    equal, parted = ([name for name in tried if (largest[name] == 0) == still] for still in (True, False))
    assert found["main"]["same"] == ", ".join(equal).replace("_", " ").replace("adam", "Adam")
    assert found["main"]["parted"] == ", ".join(parted).replace("_", " ").replace("adam", "Adam")
    assert (found["main"]["same_count"], found["main"]["parted_count"]) == (len(equal), len(parted))
    expected = {
        "main": {"one": table[table.source == "momentum"].one_unit_best.median()},
        "biases": {"solved": solved["random_biases"], "solved_even": solved["even_biases"]},
        "layers": {"first": solved["random_first_layer"], "last": solved["random_last_layer"],
                   "both": solved["random_weights"]},
        "evolution": {"solved": solved["evolution"]},
    }  # fmt: skip
    below = result.loss < np.minimum(SOLVED, result.one_unit)
    ever = (below[:, SOURCES.index(source)] for source in ("random_and_dropout", "hidden_dropout"))
    other, same = (np.where(each.any(0), result.steps[each.argmax(0)], np.inf) for each in ever)
    assert found["start"]["sooner"] == (other < same).sum()
    for entry, numbers in expected.items():
        assert {name: found[entry][name] for name in numbers} == numbers, entry


def test_the_network_to_take_home_is_the_first_with_the_chosen_source(default):
    c, taken = SOURCES.index(DEFAULT.source), {k: torch.from_numpy(v) for k, v in default.network.items()}
    x, y = (torch.from_numpy(each).float() for each in points(DEFAULT.seed))
    hidden = torch.tanh(x[:, 0].T @ taken["layer1.weight"].T + taken["layer1.bias"])
    logits = (hidden @ taken["layer2.weight"].T + taken["layer2.bias"]).squeeze(1)
    found = torch.nn.functional.binary_cross_entropy_with_logits(logits, y[0]).item()
    assert found == pytest.approx(default.loss[-1, c, 0], abs=1e-5)


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("other_noise")
