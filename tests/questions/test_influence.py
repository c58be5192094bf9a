"""Taking one weight away does what plain torch says; rescaling changes no output; magnitude tells with its clause."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn import drawn
from endings import unchosen
from scipy.stats import spearmanr

from lib.engine import data, inits, measure, mlp, train
from lib.engine.progress import Stopped
from lib.engine.seeds import seeds_of
from lib.questions.influence import damage, ranks
from lib.questions.influence.config import ORDERS, PREDICTORS, SHARES, Influence
from lib.questions.influence.experiment import REPEATS, _rescaled, run
from lib.questions.influence.verdict import verdicts
from lib.words import load

DEFAULTS = "effect=loss cut=0.8 rescale=3 pixels=raw repair=60 decay=0.0 width=32 steps=300 seed=0"
RULINGS = {
    "magnitude_all_else_equal": "right",
    "bigger_matters_more": "depends",
    "one_weight_destroyed": "wrong",
    "small_means_unimportant": "depends",
}

DEFAULT = Influence()
QUICK = Influence(width=16, steps=30, repair=20)


@pytest.fixture(scope="module")
def quick():
    return run(QUICK)


def trained(steps=30, width=16):
    network = mlp.MLP((64, width, 10))
    start = inits.start(network, inits.Init("he"), range(2))
    recipe = train.Recipe(steps=steps, optimiser="adam", lr=0.005, batch=128)
    return network, train.train(network, start, data.digits().train, recipe, seeds=range(2)).params


def test_one_weight_at_a_time_is_what_plain_torch_says():
    _, params = trained()
    w, b, v, c = (p[1].double() for p in params)
    x, y = data.digits().test_x.double(), data.digits().test_y
    found = damage.first_layer((w, b, v, c), (x, y))

    def look(w):
        h = (x @ w.T + b).relu()
        z = h @ v.T + c
        return h, torch.nn.functional.cross_entropy(z, y), (z.argmax(1) == y).double().mean()

    h, loss, accuracy = look(w)
    for j, i in [(0, 20), (5, 36), (15, 59), (7, 0), (9, 28)]:
        less = w.clone()
        less[j, i] = 0
        h2, loss2, accuracy2 = look(less)
        torch.testing.assert_close(found.unit[j, i], (h2 - h).abs().mean(0)[j], rtol=1e-9, atol=1e-15)
        torch.testing.assert_close(found.moved[j, i], (h2 - h).mean(0)[j], rtol=1e-9, atol=1e-15)
        torch.testing.assert_close(found.loss[j, i], loss2 - loss, rtol=1e-9, atol=1e-15)
        torch.testing.assert_close(found.accuracy[j, i], accuracy2 - accuracy, rtol=0, atol=1e-6)


def test_rank_correlation_is_scipys_with_ties():
    draws = np.random.default_rng(0)
    a, b = draws.integers(0, 5, (3, 40)), draws.normal(size=(3, 40))
    expected = [spearmanr(p, q).statistic for p, q in zip(a, b, strict=True)]
    np.testing.assert_allclose(ranks.spearman(a, b), expected)
    assert ranks.spearman(np.ones(4), np.arange(4)) == 0


def test_masks_remove_the_lowest_scores_and_as_many_as_asked():
    scores = [torch.rand(3, 4, 6), torch.rand(3, 2, 4)]
    for share in SHARES:
        (masks,) = damage.kept(scores, [share])
        flat, stay = (torch.cat([t.flatten(1) for t in ts], 1) for ts in (scores, masks))
        assert ((stay == 0).sum(1) == round(32 * share)).all()
        if 0 < share < 1:
            for member, kept in zip(flat, stay.bool(), strict=True):
                assert member[~kept].max() < member[kept].min()


@pytest.mark.parametrize("rescale", [1, 3, 6])
def test_rescaling_by_powers_of_two_changes_no_output_at_all(rescale):
    network, params = trained()
    scaled, x = _rescaled(params, replace(QUICK, rescale=rescale)), data.digits().test_x
    assert not torch.equal(scaled[0], params[0])
    assert torch.equal(measure.outputs(network, scaled, x), measure.outputs(network, params, x))
    result = run(replace(QUICK, rescale=rescale))
    np.testing.assert_array_equal(result.trapped[0], result.accuracy)
    assert not np.array_equal(result.trapped, result.pruned[0])


def test_without_rescaling_the_trap_is_open(quick):
    result = run(replace(QUICK, rescale=0))
    np.testing.assert_array_equal(result.trapped, result.pruned[0])
    assert verdicts(result)["trap"].key == "trap_none"


def test_at_the_default_the_clause_is_needed(default):
    magnitude, one_pixel, with_input = default.correlation.transpose(1, 0, 2)
    assert (with_input > magnitude + 0.1).all()  # unit, loss and accuracy, in every network
    assert (one_pixel[0] > magnitude[0] + 0.15).all()
    assert {n: v.key for n, v in verdicts(default).items()} == {
        "main": "clause", "direct": "direct_more", "single": "single_spare", "cut": "cut_ordered",
        "trap": "trap_shut",
    }  # fmt: skip
    assert default.accuracy.min() > 0.94


def test_destroying_by_order(default):
    smallest, random, largest, _ = default.pruned
    middle = slice(1, SHARES.index(0.9))
    assert (smallest[middle] >= random[middle] - 0.005).all()
    assert (random[middle] > largest[middle] - 0.02).all()
    np.testing.assert_array_equal(default.pruned[:, 0], np.tile(default.accuracy, (4, 1)))
    assert (default.repaired > default.pruned[:, SHARES.index(0.8)]).all()


def test_weights_of_constant_inputs_have_no_influence(default):
    still = (data.digits().x.std(0) == 0).numpy()
    assert still.sum() == 3
    drawn_at_first = inits.start(mlp.MLP((64, 32, 10)), inits.Init("he"), seeds_of(0, REPEATS))[0].numpy()
    assert np.array_equal(default.weights[..., still], drawn_at_first[..., still])
    assert (default.effects[..., still] == 0).all()


def test_no_unit_changes_by_more_than_the_weight_times_its_input(default):
    """The rectifier never enlarges a change."""
    size = data.digits().test_x.mean(0).numpy()
    assert (default.effects[0] <= np.abs(default.weights) * size + 1e-6).all()


def test_blended_inputs_make_all_else_equal():
    result = run(replace(DEFAULT, pixels="blended", repair=0))
    assert verdicts(result)["main"].key == "plain"
    assert np.array_equal(result.repaired, result.pruned[:, SHARES.index(0.8)])


def test_a_small_correlation_does_not_make_the_bigger_weight_matter_more():
    """'The bigger, the more' is right of no run: where all inputs are of one size, they are what is equal."""
    claim = next(c for c in load("influence")["claims"] if c["id"] == "bigger_matters_more")
    assert "plain" in claim["depends"]
    assert "right" not in claim


def test_untrained_networks_have_nothing_to_lose():
    result = run(replace(QUICK, steps=0))
    keys = {v.key for v in verdicts(result).values()}
    assert {"unlearned", "single_unclear", "cut_unclear", "trap_unclear"} <= keys
    assert verdicts(run(replace(QUICK, steps=0, effect="unit")))["main"].key != "unlearned"


def test_a_weight_pushes_its_unit_the_way_of_its_sign(default):
    """The answer says 'to increase or decrease': pixels are never negative, so the sign decides."""
    assert (default.moved[default.weights > 0] <= 0).all()  # what removing it does
    assert (default.moved[default.weights < 0] >= 0).all()
    np.testing.assert_allclose(np.abs(default.moved), default.effects[0], atol=1e-6)
    said = verdicts(default)["direct"].numbers
    assert said["agree"] == 1
    assert said["one_pixel"] == np.median(default.correlation[0, 1])
    flipped = verdicts(replace(default, moved=-default.moved))["direct"].numbers
    assert flipped["agree"] == 0


def test_what_neither_differs_nor_is_alike_is_left_open(default):
    spread = np.linspace(-0.3, 0.3, REPEATS)
    rho = default.correlation.copy()
    rho[:, 2] = rho[:, 0] + spread
    assert verdicts(replace(default, correlation=rho))["main"].key == "unclear"
    less = default.correlation.copy()
    less[:, 1] = less[:, 0]  # that all else is equal does not help
    assert verdicts(replace(default, correlation=less))["main"].key == "input"
    rho[0, 1] = 0.2 + spread / 2
    assert verdicts(replace(default, correlation=rho))["direct"].key == "direct_unclear"
    half = default.effects.copy()
    for network, share in enumerate(0.5 + spread):
        half[2, network].ravel()[:] = np.arange(half[2, network].size) >= share * half[2, network].size
    assert verdicts(replace(default, effects=half))["single"].key == "single_unclear"
    cut = default.pruned.copy()
    cut[1:] = cut[0] + spread / 3
    assert verdicts(replace(default, pruned=cut))["cut"].key == "cut_unclear"
    assert verdicts(replace(default, trapped=cut[1]))["trap"].key == "trap_unclear"


def test_other_ends_are_named(default):
    none = replace(default, correlation=np.zeros((3, 3, REPEATS)))
    assert verdicts(none)["main"].key == "none"
    assert verdicts(none)["direct"].key == "direct_none"
    assert verdicts(replace(default, effects=np.ones_like(default.effects)))["single"].key == "single_missed"
    assert verdicts(replace(default, pruned=np.full_like(default.pruned, 0.9)))["cut"].key == "cut_alike"
    assert verdicts(replace(default, trapped=default.pruned[0]))["trap"].key == "trap_small"


def test_it_can_be_stopped():
    for after in (0, 40, 90):
        with pytest.raises(Stopped):
            run(QUICK, lambda done, total, after=after: done >= after)


def test_every_chart_shows_the_runs_numbers(default):
    words = load("influence")
    orders = [words[f"figures.orders.{key}"] for key in (*ORDERS, "rescaled")]
    with drawn("influence") as page:
        assert_the_first_unit_is(page, default)
        left = 100 * np.median([*default.pruned, default.trapped], 2)  # (orders, shares)
        page.holds("orders", dict(zip(orders, left, strict=True)))
        page.holds("orders", dict.fromkeys(orders, 100 * np.array(SHARES)), of="x")
        np.testing.assert_allclose(page.tables["orders"][[*ORDERS, "rescaled"]].T, left, rtol=1e-6)
        np.testing.assert_array_equal(page.tables["orders"].removed, SHARES)


def assert_the_first_unit_is(page, result):
    """Weights, mean inputs, products, damage to the loss; the largest circled, the first of them deleted."""
    assert page.hero == "unit"
    weights, effect = result.weights[0, 0], np.abs(result.effects[1, 0, 0])
    product = np.abs(weights) * result.size
    chart = page.charts["unit"]
    maps = [t for t in chart.data if t.type == "heatmap"]
    rings, circles, clicks = (
        [t for t in chart.data if t.type == "scatter" and t.mode == mode]
        for mode in ("lines", "markers+text", "markers")
    )
    largest = np.argsort(-np.abs(weights))[:5]
    for shown, values in zip(maps, (weights, result.size, product, effect), strict=True):
        np.testing.assert_allclose(np.ravel(shown.z), values, rtol=1e-6)
    for k, by in enumerate((np.abs(weights), np.abs(weights), product, effect)):
        from_the_largest = np.argsort(-by, kind="stable").tolist()
        assert list(circles[k].text) == [str(1 + from_the_largest.index(i)) for i in largest]
        assert cells(maps[k], circles[k].x, circles[k].y) == largest.tolist()
        assert cells(maps[k], [np.mean(rings[k].x[:4])], [np.mean(rings[k].y[:4])]) == [largest[0]]
        assert cells(maps[k], clicks[k].x, clicks[k].y) == [cell for cell, _ in clicks[k].customdata] == [*range(64)]
    for shown in maps:  # nothing at zero, on a light and on a dark page
        at_zero = [colour for place, colour in shown.colorscale if place == (0.5 if shown.zmin < 0 else 0)]
        assert at_zero and all(colour.endswith(",0)") for colour in at_zero)
    assert page.numbers["unit"]["ranks"] == ", ".join(circles[3].text)
    gone = result.deleted(0, int(largest[0]))
    assert {name: page.numbers["unit"][name] for name in gone._fields} == gone._asdict()
    assert page.tables["unit"].weight.tolist() == weights.tolist()
    page.held.add("unit")


def cells(shown, x, y):
    """Which cells of a map of 8 by 8 stand at these places."""
    columns, rows = (np.asarray(x) - shown.x0) / shown.dx, (np.asarray(y) - shown.y0) / shown.dy
    return (8 * np.rint(rows) + np.rint(columns)).astype(int).tolist()


@pytest.mark.parametrize("effect", ["unit", "loss", "accuracy"])
def test_what_is_said_of_a_deleted_weight_is_what_the_network_does_without_it(default, effect):
    """Trained again by itself, and asked with the weight at zero."""
    seed = seeds_of(0, REPEATS)[:1]
    network, recipe = mlp.MLP((64, 32, 10)), train.Recipe(steps=300, optimiser="adamw", lr=0.005, batch=128)
    start = inits.start(network, inits.Init("he"), seed)
    w, b, v, c = (p[0] for p in train.train(network, start, data.digits().train, recipe, seeds=seed).params)
    x, y = data.digits().test
    order = np.argsort(-np.abs(w[3].numpy()))
    missed = int(np.abs(default.effects[2, 0, 3]).argmax())
    assert default.deleted(3, missed).after != default.deleted(3, missed).before
    for at in (int(order[0]), int(order[9]), missed):
        said = replace(default, config=replace(DEFAULT, effect=effect)).deleted(3, at)
        less = w.clone()
        less[3, at] = 0
        h = [(x @ m.T + b).relu() for m in (w, less)]
        z = [each @ v.T + c for each in h]
        loss = [torch.nn.functional.cross_entropy(each, y) for each in z]
        read = [int((each.argmax(1) == y).sum()) for each in z]
        changed = {"unit": (h[1] - h[0]).abs().mean(0)[3], "loss": loss[1] - loss[0],
                   "accuracy": (read[1] - read[0]) / len(y)}  # fmt: skip
        assert (said.before, said.after) == (read[0], read[1])
        assert said.change == pytest.approx(float(changed[effect]), rel=1e-2, abs=1e-6)
        assert said.by_size == 1 + order.tolist().index(at)
        assert said.product == pytest.approx(abs(said.weight) * said.input)


def test_the_verdicts_say_the_tables_numbers(default):
    table, found = default.table(), {name: verdict.numbers for name, verdict in verdicts(default).items()}
    for predictor in PREDICTORS:
        assert found["main"][predictor] == pytest.approx(table[f"rho_loss_{predictor}"].median())
    for order in ORDERS:
        assert found["cut"][order] == pytest.approx(table[f"cut_{order}"].median())
        assert found["cut"][f"{order}_repaired"] == pytest.approx(table[f"repaired_{order}"].median())
    assert found["cut"]["rescaled"] == pytest.approx(table.cut_rescaled.median())
    half = default.over_shares().set_index("removed").loc[0.5] / 100
    assert found["trap"]["cut_before"] == pytest.approx(half.smallest)
    assert found["trap"]["cut_after"] == pytest.approx(half.rescaled)


def test_what_is_said_of_single_weights_is_counted_weight_by_weight(default):
    said = verdicts(default)["single"].numbers
    loss, accuracy = default.effects[1:].reshape(2, REPEATS, -1)
    assert said["same"] == pytest.approx(np.median([np.mean(network == 0) for network in accuracy]))
    assert said["better"] == pytest.approx(np.median([np.mean(network < 0) for network in loss]))
    assert said["worst"] == pytest.approx(-accuracy.min())


def test_the_network_to_take_home_is_the_one_whose_units_are_drawn(default):
    w, b, v, c = (torch.tensor(p) for p in default.network.values())
    np.testing.assert_array_equal(w, default.weights[0])
    x, y = data.digits().test
    right = (((x @ w.T + b).relu() @ v.T + c).argmax(1) == y).float().mean()
    assert float(right) == pytest.approx(default.accuracy[0])


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("influence")
