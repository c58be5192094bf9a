"""Taking one weight away does what plain torch says; rescaling changes no output; magnitude tells with its clause."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from drawn import drawn
from endings import unchosen
from scipy.stats import spearmanr

from lib.engine import data, inits, mlp, train
from lib.engine.progress import Stopped
from lib.questions.influence import damage, ranks
from lib.questions.influence.config import BITS, NOISE, ORDERS, PREDICTORS, SHARES, Influence
from lib.questions.influence.experiment import REPEATS, run
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
        masks = damage.kept(scores, share)
        flat, stay = (torch.cat([t.flatten(1) for t in ts], 1) for ts in (scores, masks))
        assert ((stay == 0).sum(1) == round(32 * share)).all()
        if 0 < share < 1:
            for member, kept in zip(flat, stay.bool(), strict=True):
                assert member[~kept].max() < member[kept].min()


def test_rounding_keeps_no_more_levels_than_its_bits():
    w = torch.randn(2, 30, 30)
    for bits in BITS:
        rounded = damage.rounded(w, bits)
        assert all(len(m.unique()) <= 2**bits for m in rounded)
        if bits > 1:
            step = w.abs().amax((1, 2), keepdim=True) / (2 ** (bits - 1) - 1)
            assert ((rounded - w).abs() <= step / 2 * 1.0001).all()


@pytest.mark.parametrize("rescale", [1, 3, 6])
def test_rescaling_by_powers_of_two_changes_no_output_at_all(rescale):
    result = run(replace(QUICK, rescale=rescale))
    assert result.gap == 0
    np.testing.assert_array_equal(result.trapped[0], result.accuracy)
    assert (result.scaled_correlation != result.correlation[1, 0]).all()


def test_without_rescaling_the_trap_is_open(quick):
    result = run(replace(QUICK, rescale=0))
    np.testing.assert_array_equal(result.trapped, result.pruned[0])
    np.testing.assert_array_equal(result.scaled_correlation, result.correlation[1, 0])
    assert verdicts(result)["trap"].key == "trap_none"


def test_at_the_default_the_clause_is_needed(default):
    magnitude, one_unit, one_pixel, with_input, with_both = default.correlation.transpose(1, 0, 2)
    assert (with_input > magnitude + 0.1).all()  # unit, loss and accuracy, in every network
    assert (with_both[:2] > magnitude[:2] + 0.2).all()
    assert (one_pixel[0] > one_unit[0] + 0.2).all()
    assert {n: v.key for n, v in verdicts(default).items()} == {
        "main": "clause", "direct": "direct_more", "single": "single_spare", "dead": "dead_kept",
        "cut": "cut_ordered", "trap": "trap_shut", "rough": "rough_enough",
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
    still = ~default.live
    assert still.sum() == 3
    assert np.array_equal(default.weights[..., still], default.start[..., still])
    assert (default.effects[..., still] == 0).all()
    shrunk = run(replace(QUICK, decay=1.0))
    np.testing.assert_allclose(
        shrunk.weights[..., still], shrunk.start[..., still] * (1 - 0.005) ** QUICK.steps, rtol=1e-4
    )
    assert verdicts(shrunk)["dead"].key == "dead_shrunk"


def test_no_unit_changes_by_more_than_the_weight_times_its_input(default):
    """The rectifier never enlarges a change."""
    size = data.digits().test_x.mean(0).numpy()
    assert (default.effects[0] <= np.abs(default.weights) * size + 1e-6).all()


def test_blended_inputs_make_all_else_equal():
    result = run(replace(DEFAULT, pixels="blended", repair=0))
    assert verdicts(result)["main"].key == "plain"
    assert verdicts(result)["dead"].key == "dead_none"
    assert verdicts(result)["cut"].key == "cut_unrepaired"
    assert result.live.all()


def test_untrained_networks_have_nothing_to_lose():
    result = run(replace(QUICK, steps=0))
    keys = {v.key for v in verdicts(result).values()}
    assert {"unlearned", "single_unlearned", "cut_unlearned", "trap_unlearned", "rough_unlearned"} <= keys
    assert verdicts(run(replace(QUICK, steps=0, effect="unit")))["main"].key != "unlearned"


def test_a_weight_pushes_its_unit_the_way_of_its_sign(default):
    """The answer says 'to increase or decrease': pixels are never negative, so the sign decides."""
    assert (default.moved[default.weights > 0] <= 0).all()  # what removing it does
    assert (default.moved[default.weights < 0] >= 0).all()
    np.testing.assert_allclose(np.abs(default.moved), default.effects[0], atol=1e-6)
    said = verdicts(default)["direct"].numbers
    assert said["agree"] == 1
    assert said["one_pixel"] == np.median(default.correlation[0, 2])
    flipped = verdicts(replace(default, moved=-default.moved))["direct"].numbers
    assert flipped["agree"] == 0


def test_what_neither_differs_nor_is_alike_is_left_open(default):
    spread = np.linspace(-0.3, 0.3, REPEATS)
    rho = default.correlation.copy()
    rho[:, 3] = rho[:, 0] + spread
    assert verdicts(replace(default, correlation=rho))["main"].key == "unclear"
    rho[0, 2] = 0.2 + spread / 2
    assert verdicts(replace(default, correlation=rho))["direct"].key == "direct_unclear"
    half = default.effects.copy()
    for network, share in enumerate(0.5 + spread):
        half[2, network].ravel()[:] = np.arange(half[2, network].size) >= share * half[2, network].size
    assert verdicts(replace(default, effects=half))["single"].key == "single_unclear"
    cut = default.pruned.copy()
    cut[1:] = cut[0] + spread / 3
    assert verdicts(replace(default, pruned=cut))["cut"].key == "cut_unclear"
    assert verdicts(replace(default, trapped=cut[1]))["trap"].key == "trap_unclear"
    assert verdicts(replace(default, noise=default.noise[:1] + spread * [[0], [1], [1], [1], [1]]))["rough"].key == (
        "rough_unclear"
    )


def test_other_ends_are_named(default):
    none = replace(default, correlation=np.zeros((3, 5, REPEATS)))
    assert verdicts(none)["main"].key == "none"
    assert verdicts(none)["direct"].key == "direct_none"
    assert verdicts(replace(default, effects=np.ones_like(default.effects)))["single"].key == "single_missed"
    assert verdicts(replace(default, pruned=np.full_like(default.pruned, 0.9)))["cut"].key == "cut_alike"
    assert verdicts(replace(default, trapped=default.pruned[0]))["trap"].key == "trap_small"
    assert verdicts(replace(default, gap=1e-3))["trap"].key == "trap_broken"
    assert verdicts(replace(default, bits=default.bits - 0.1))["rough"].key == "rough_not"


def test_it_can_be_stopped():
    for after in (0, 40, 90):
        with pytest.raises(Stopped):
            run(QUICK, lambda done, total, after=after: done >= after)


def test_every_chart_shows_the_runs_numbers(default):
    words = load("influence")

    def name(figure, *keys):
        return [words[f"figures.{figure}.{key}"] for key in keys]

    orders = name("orders", "smallest", "random", "largest", "smallest_input")
    shares = [100 * share for share in SHARES]
    with drawn("influence") as page:
        assert_the_first_unit_is(page, default)
        assert_the_clouds_are(page, default, words)
        tells = np.median(default.correlation, 2)  # (effects, predictors)
        effects = name("predictors", "unit", "loss", "accuracy")
        page.holds("predictors", dict(zip(effects, tells, strict=True)), of="x")
        rows = name("predictors", "magnitude", "one_unit", "one_pixel", "with_input", "with_both")
        assert list(page.charts["predictors"].layout.yaxis.ticktext) == rows
        left = 100 * np.median(default.pruned, 2)  # (orders, shares)
        page.holds("orders", dict(zip(orders, left, strict=True)))
        page.holds("orders", dict.fromkeys(orders, shares), of="x")
        at = SHARES.index(0.8)
        mended = 100 * np.median(default.repaired, 1)
        page.holds("repair", dict(zip(name("repair", "cut", "repaired"), (left[:, at], mended), strict=True)), of="x")
        assert list(page.charts["repair"].layout.yaxis.ticktext) == orders
        trapped = 100 * np.median(default.trapped, 1)
        page.holds("trap", dict(zip(name("trap", "trained", "rescaled"), (left[0], trapped), strict=True)))
        for part, settings, values in (("noise", NOISE, default.noise), ("bits", BITS, default.bits)):
            page.holds(part, {words["figures.noise.line"]: 100 * np.median(values, 1)})
            shown = page.named(part)[words["figures.noise.line"]].text  # at their places on a log axis
            assert [float(text) for text in shown] == list(settings)
            np.testing.assert_allclose(page.tables[part][f"{settings[2]:g}"], 100 * values[2])
        for figure in ("orders", "trap"):
            np.testing.assert_allclose(page.tables[figure][[*ORDERS, "rescaled"]].T, [*left, trapped], rtol=1e-6)
            np.testing.assert_array_equal(page.tables[figure].removed, SHARES)
        np.testing.assert_array_equal(page.tables["predictors"].rho_loss_one_pixel, default.correlation[1, 2])
        np.testing.assert_array_equal(page.tables["repair"].cut_largest, default.pruned[2, at])
        np.testing.assert_array_equal(page.tables["repair"].repaired_random, default.repaired[1])
        assert_the_pictures_are(page, default)


def assert_the_first_unit_is(page, result):
    """Weights, mean inputs, what each weight is worth to the loss; circles on the largest, their places at last."""
    assert page.hero == "unit"
    weights, effect = result.weights[0, 0], np.abs(result.effects[1, 0, 0])
    maps, circles = page.charts["unit"].data[:3], page.charts["unit"].data[3:]
    for drawn_map, values in zip(maps, (weights, result.size, effect), strict=True):
        np.testing.assert_allclose(np.ravel(drawn_map.z), values, rtol=1e-6)
    largest = np.argsort(-np.abs(weights))[:5]
    from_the_most_missed = np.argsort(-effect, kind="stable").tolist()
    places = [str(1 + from_the_most_missed.index(k)) for k in largest]
    for drawn_map, circled, texts in zip(maps, circles, ([*"12345"], [*"12345"], places), strict=True):
        assert list(circled.text) == texts
        columns, rows = (circled.x - drawn_map.x0) / drawn_map.dx, (circled.y - drawn_map.y0) / drawn_map.dy
        assert (8 * np.rint(rows) + np.rint(columns)).tolist() == largest.tolist()
    assert page.numbers["unit"]["ranks"] == ", ".join(places)
    assert page.tables["unit"].weight.tolist() == weights.tolist()
    page.held.add("unit")


def assert_the_clouds_are(page, result, words):
    """Both clouds have the chosen effect, on the loss, above the magnitude: as it is on the left, times the input."""
    magnitude = np.abs(result.weights[0])
    across = {"cloud": magnitude, "cloud_input": magnitude * result.size}
    told = {"cloud": result.correlation[1, 0], "cloud_input": result.correlation[1, 3]}
    for name, values in across.items():
        chart, table = page.charts[name], page.tables[name]
        assert chart.layout.xaxis.title.text == words[f"figures.{name}.x"]
        assert chart.layout.yaxis.title.text == words["figures.cloud.loss"]
        for axis, numbers in (("x", values), ("y", np.abs(result.effects[1, 0]))):
            shown = np.maximum(numbers, 1e-4 * numbers.max()).ravel()  # the axes are logarithmic
            np.testing.assert_allclose(chart.data[0][axis], shown, rtol=1e-5)
        np.testing.assert_allclose(chart.data[0].marker.color, np.tile(result.size, len(magnitude)), rtol=1e-5)
        assert page.numbers[name]["rho"] == pytest.approx(np.median(told[name]))
        row = table.set_index(["of_unit", "of_input"]).loc[5, 20]
        assert (row.weight, row.mean_input) == (result.weights[0, 5, 20], result.size[20])
        changes = row[["change_of_unit", "change_of_loss", "change_of_accuracy"]]
        np.testing.assert_array_equal(changes, result.effects[:, 0, 5, 20])
        page.held.add(name)


def assert_the_pictures_are(page, result):
    """A row each: whole; the smallest, random ones, the largest removed. A column per unit, a gap between tiles."""
    sheet, size = np.asarray(page.charts["pictures"].data[0].z, float), np.abs(result.weights[0, :8])
    rows = [[sheet[9 * row :, 9 * unit :][:8, :8].ravel() for unit in range(8)] for row in range(4)]
    whole, smallest_first, random, largest_first = np.array(rows)
    np.testing.assert_allclose(whole, result.weights[0, :8])
    assert size[smallest_first != 0].min() > size[smallest_first == 0].max()
    assert size[largest_first != 0].max() < size[largest_first == 0].min()
    for row, kept in zip((smallest_first, random, largest_first), result.kept[1:], strict=True):
        np.testing.assert_allclose(row, whole * kept)
    page.held.add("pictures")


def test_the_verdicts_say_the_tables_numbers(default):
    table, found = default.table(), {name: verdict.numbers for name, verdict in verdicts(default).items()}
    for predictor in PREDICTORS:
        assert found["main"][predictor] == pytest.approx(table[f"rho_loss_{predictor}"].median())
    assert found["main"]["accuracy"] == pytest.approx(table.test_accuracy.median())
    for order in ORDERS:
        assert found["cut"][order] == pytest.approx(table[f"cut_{order}"].median())
        assert found["cut"][f"{order}_repaired"] == pytest.approx(table[f"repaired_{order}"].median())
    assert found["cut"]["whole"] == found["rough"]["whole"] == pytest.approx(table.test_accuracy.median())
    half = default.over_shares().set_index("removed").loc[0.5] / 100
    assert found["trap"]["cut_before"] == pytest.approx(half.smallest)
    assert found["trap"]["cut_after"] == pytest.approx(half.rescaled)
    assert found["trap"]["before"] == pytest.approx(table.rho_loss_magnitude.median())
    assert found["trap"]["after"] == pytest.approx(np.median(default.scaled_correlation))
    for k, values in enumerate(default.noise):
        assert found["rough"][f"noise_{k}"] == pytest.approx(np.median(values))
    for bits, values in zip(BITS, default.bits, strict=True):
        assert found["rough"][f"bits_{bits}"] == pytest.approx(np.median(values))


def test_what_is_said_of_single_weights_is_counted_weight_by_weight(default):
    """Network by network, and the inputs that never change in all networks together."""
    said, still = (verdicts(default)[name].numbers for name in ("single", "dead"))
    loss, accuracy = default.effects[1:].reshape(2, REPEATS, -1)
    assert said["same"] == pytest.approx(np.median([np.mean(network == 0) for network in accuracy]))
    assert said["better"] == pytest.approx(np.median([np.mean(network < 0) for network in loss]))
    assert said["worst"] == pytest.approx(-accuracy.min())
    ranks_of_largest = []
    for w, change in zip(default.weights.reshape(REPEATS, -1), loss, strict=True):
        from_the_most_missed = np.argsort(-np.abs(change), kind="stable").tolist()
        ranks_of_largest.append(1 + from_the_most_missed.index(np.abs(w).argmax()))
    assert (said["first"], said["last"]) == (min(ranks_of_largest), max(ranks_of_largest))
    first = default.first_network().groupby("of_input").mean_input.first()
    assert still["count"] == (first == 0).sum()
    assert still["still"] == pytest.approx(np.abs(default.start[..., first == 0]).mean())
    assert still["moving"] == pytest.approx(np.abs(default.weights[..., first > 0]).mean())
    assert still["effect"] == 0


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("influence")
