"""Taking one weight away does what plain torch says; rescaling changes no output; magnitude tells with its clause."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr

from lib.engine import data, inits, mlp, train
from lib.engine.progress import Stopped
from lib.questions.influence import damage, ranks
from lib.questions.influence.config import BITS, SHARES, Influence
from lib.questions.influence.experiment import REPEATS, run
from lib.questions.influence.verdict import verdicts

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
        "main": "clause", "single": "single_spare", "dead": "dead_kept", "cut": "cut_ordered", "trap": "trap_shut",
        "rough": "rough_enough",
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


def test_other_ends_are_named(default):
    none = replace(default, correlation=np.zeros((3, 5, REPEATS)))
    assert verdicts(none)["main"].key == "none"
    assert verdicts(replace(default, effects=np.ones_like(default.effects)))["single"].key == "single_missed"
    assert verdicts(replace(default, pruned=np.full_like(default.pruned, 0.9)))["cut"].key == "cut_alike"
    assert verdicts(replace(default, trapped=default.pruned[0]))["trap"].key == "trap_small"
    assert verdicts(replace(default, gap=1e-3))["trap"].key == "trap_broken"
    assert verdicts(replace(default, bits=default.bits - 0.1))["rough"].key == "rough_not"


def test_it_can_be_stopped():
    for after in (0, 40, 90):
        with pytest.raises(Stopped):
            run(QUICK, lambda done, total, after=after: done >= after)
