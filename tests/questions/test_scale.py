"""A rotation keeps every length, ReLU's sizes are powers, theory is the wide limit, plain torch agrees."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch
from catalogue import default_result
from drawn import drawn
from endings import unchosen

from lib.engine import data, inits, mlp
from lib.engine.progress import Stopped
from lib.evidence import Outcome, alike, paired
from lib.questions.scale import experiment as scale
from lib.questions.scale import propagation
from lib.questions.scale.config import GAINS, MAP_DEPTHS, MAP_GAINS, PAPERS, SIGMA, Scale
from lib.questions.scale.experiment import run, signals, weights
from lib.questions.scale.verdict import KEPT, LEARNED, RATIO, kind, main, times, verdicts
from lib.words import load

DEFAULTS = "gain=1.0 depth=20 activation=relu init=he trainability=off width=64 seed=0"
RULINGS = {
    "small_is_safe": "wrong",
    "glorot_normalised": "right",
    "he_rectifiers": "right",
}

DEEP = Scale(depth=50, width=32)
cached = cache(run)


@pytest.mark.parametrize("init", ["he", "orthogonal"])
@pytest.mark.parametrize("activation", ["relu", "identity"])
def test_without_a_scale_of_its_own_an_activation_gives_powers_of_the_gain(activation, init):
    """relu(a z) = a relu(z): after l layers of gain a every size is a^l times that of gain 1, for every network."""
    result = cached(replace(DEEP, activation=activation, init=init))
    one, layers = GAINS.index(1.0), result.levels[:, None]
    for k, gain in enumerate(GAINS):
        power = layers * np.log10(gain)
        np.testing.assert_allclose(result.forward[:, k], result.forward[:, one] + power, atol=1e-9)
        np.testing.assert_allclose(result.backward[:, k], result.backward[:, one] + power[::-1], atol=1e-9)


def test_a_rotation_keeps_every_length():
    result = cached(replace(DEEP, activation="identity", init="orthogonal"))
    one = GAINS.index(1.0)
    np.testing.assert_allclose(result.forward[:, one], 0, atol=1e-12)
    np.testing.assert_allclose(result.backward[:, one], 0, atol=1e-12)
    assert main(result).key == "both_kept"


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "gelu"])
def test_plain_torch_gives_the_same(activation):
    config = Scale(depth=3, width=32, activation=activation, gain=1.4)
    result = run(config)
    x, g = signals(config)
    h = x[2].T.clone().requires_grad_()  # repeat 2, rows are samples
    top, gain = h, GAINS.index(1.4)
    for w in weights(config, "he"):
        top = {"gelu": torch.nn.functional.gelu}.get(activation, getattr(torch, activation, None))(
            torch.nn.functional.linear(top, 1.4 * w[2])
        )
    top.backward(g[2].T)
    assert 10 ** result.forward[-1, gain, 2] == pytest.approx(top.square().mean().sqrt().item(), rel=1e-6)
    assert 10 ** result.backward[0, gain, 2] == pytest.approx(h.grad.square().mean().sqrt().item(), rel=1e-6)


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "gelu", "identity"])
def test_theory_is_the_limit_of_wide_layers(activation):
    """Three layers of 800 units are within a few per cent of it, for one small and one large size."""
    draws = torch.randn(5, 1, 800, 800, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    x, g = (t / t.square().mean().sqrt() for t in draws[3:, :, :, :16])
    up, down = propagation.sizes([w / 800**0.5 for w in draws[:3]], activation, (x, g), (0.5, 2.0))
    for k, sigma in enumerate((0.5, 2.0)):
        forward, backward = propagation.theory(activation, sigma, 3)
        np.testing.assert_allclose(up[:, k, 0], forward, rtol=0.06)
        np.testing.assert_allclose(down[:, k, 0], backward, rtol=0.06)


def test_theory_knows_the_closed_forms():
    forward, backward = propagation.theory("relu", 2**0.5, 50)
    np.testing.assert_allclose(forward + backward, 1, rtol=1e-6)
    np.testing.assert_allclose(propagation.theory("identity", 0.5, 3)[0], [1, 0.5, 0.25, 0.125], rtol=1e-9)
    assert propagation.balanced("relu", 50) == pytest.approx(2**0.5, rel=1e-5)
    assert propagation.balanced("identity", 7) == pytest.approx(1, rel=1e-5)
    assert 1 < propagation.balanced("tanh", 50) < propagation.balanced("tanh", 10)


@pytest.mark.parametrize("init", SIGMA)
def test_the_schemes_have_the_size_that_theory_is_told(init):
    config = Scale(depth=3, width=64, init=init)
    for w in weights(config, init):
        assert w.std().item() * 8 == pytest.approx(SIGMA[init], rel=0.02)


def test_default_and_the_papers():
    result = default_result("scale")
    keys = {name: v.key for name, v in verdicts(result).items()}
    assert keys == {
        "main": "both_kept", "small": "small_vanishes", "glorot": "glorot_right", "he": "he_right", "map": "map_off",
    }  # fmt: skip
    one = replace(result, papers=result.papers - 2)
    assert (verdicts(one)["glorot"].key, verdicts(one)["he"].key) == ("glorot_neither", "he_neither")


def test_networks_that_do_not_agree_are_unclear():
    """A median just inside or outside of a factor of 20 is not yet one or the other."""
    result, both = default_result("scale"), (-1.0) ** np.arange(10)
    at = KEPT + 0.5 * both  # half of them within the factor, half not
    assert main(replace(result, forward=result.forward * 0 + at)).key == "unclear"
    told = verdicts(replace(result, backward=result.backward * 0 - at, papers=result.papers * 0 - at))
    assert told["small"].key == "small_unclear"
    assert told["he"].key == "he_open"
    apart = result.papers * 0
    apart[1, 1] = RATIO + 0.3 * both  # of the old start and the new one
    assert verdicts(replace(result, papers=apart))["glorot"].key == "glorot_open"
    for level in np.linspace(-3, 3, 25):  # the short way says what the tests say
        near = level + 0.3 * both
        assert (kind(near) == "kept") == alike(near, 0 * near, KEPT)
        assert (kind(near) == "explodes") == (paired(near, 0 * near + KEPT) is Outcome.HIGHER)
    assert [kind(v + 0.1 * both) for v in (0.0, 3.0, -3.0, KEPT)] == ["kept", "explodes", "vanishes", "unclear"]


def test_with_one_layer_any_size_will_do():
    keys = [v.key for v in verdicts(run(Scale(depth=1, width=32))).values()]
    assert keys == ["any_size", "small_kept", "glorot_open", "he_open", "map_off"]


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"gain": 0.5}, "both_vanishes"),
        ({"gain": 2.0}, "both_explodes"),
        ({"activation": "tanh", "gain": 2.0}, "gradient_explodes"),
        ({"activation": "sigmoid"}, "gradient_vanishes"),
    ],
)
def test_other_ends_are_named(settings, key):
    assert main(cached(replace(DEEP, **settings))).key == key


def test_ends_that_part_are_named():
    result = default_result("scale")
    assert main(replace(result, forward=result.forward - 2)).key == "signal_only"
    assert main(replace(result, forward=result.forward - 2, backward=result.backward + 2)).key == "apart"


def test_the_map_trains_what_the_engine_trains(monkeypatch):
    monkeypatch.setattr(scale, "MAP_DEPTHS", (1, 3))
    config = Scale(depth=1, width=32, trainability="on", activation="tanh", init="lecun")
    result = run(config)
    assert result.learned.shape == (len(MAP_GAINS), 2, scale.REPEATS)
    x, y = data.standardised().train
    x, y = x[: scale.MAP_SAMPLES], y[: scale.MAP_SAMPLES]
    start = inits.start(mlp.MLP((64, 24, 10), "tanh"), inits.Init("lecun", 0.35), [0])
    model = torch.nn.Sequential(torch.nn.Linear(64, 24), torch.nn.Tanh(), torch.nn.Linear(24, 10))
    with torch.no_grad():
        for own, given in zip(model.parameters(), start, strict=True):
            own.copy_(given[0])
    adam = torch.optim.Adam(model.parameters(), lr=scale.MAP_LR)
    for _ in range(scale.MAP_STEPS):
        adam.zero_grad()
        torch.nn.functional.cross_entropy(model(x), y).backward()
        adam.step()
    right = (model(x).argmax(1) == y).float().mean().item()
    assert result.learned[0, 0, 0] == pytest.approx(right, abs=1.5 / scale.MAP_SAMPLES)


def test_the_map_says_what_it_shows():
    shape = (len(MAP_GAINS), len(MAP_DEPTHS), 10)
    result = replace(default_result("scale"), learned=np.ones(shape))
    assert verdicts(result)["map"].key == "map_open"
    narrow = result.learned.copy()
    narrow[:2, -1] = 0.1
    assert verdicts(replace(result, learned=narrow))["map"].key == "map_narrows"
    assert verdicts(replace(result, learned=np.zeros(shape)))["map"].key == "map_none"
    narrow[:, -1] = np.where(np.arange(10) < 4, 0.1, 1.0)  # the deepest learn with all gains or with none
    assert verdicts(replace(result, learned=narrow))["map"].key == "map_unclear"
    assert MAP_GAINS[result.map_row()] == 1.0
    found = verdicts(replace(result, learned=narrow))["map"].numbers
    assert found["steps"] == scale.MAP_STEPS  # more may do for what does not learn in these
    assert result.map().max() == 100


@pytest.mark.parametrize(("activation", "init", "gain"), [("tanh", "lecun", 1.4), ("relu", "standard", 2.8)])
def test_the_row_that_theory_names_is_near(activation, init, gain):
    sizes = {"sigma": SIGMA[init], "balanced_map": propagation.balanced(activation, MAP_DEPTHS[-1])}
    assert MAP_GAINS[replace(default_result("scale"), **sizes).map_row()] == gain


def test_where_theorys_gain_is_beyond_the_map_no_row_is_marked():
    far = propagation.balanced("sigmoid", MAP_DEPTHS[-1])
    assert far > 2 * MAP_GAINS[-1] * SIGMA["he"]
    assert replace(default_result("scale"), balanced_map=far).map_row() == -1


def test_it_can_be_stopped():
    with pytest.raises(Stopped):
        run(Scale(depth=3, width=32), progress=lambda done, total: True)
    seen = []
    run(Scale(depth=3, width=32), progress=lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)


def with_a_map(default):
    """The default run with a map in which no two cells are alike."""
    level = np.linspace(0, 1, len(MAP_GAINS) * len(MAP_DEPTHS)).reshape(len(MAP_GAINS), len(MAP_DEPTHS))
    learned = np.repeat(level[:, :, None], scale.REPEATS, 2)
    return replace(default, config=Scale(trainability="on", seed=99), learned=learned)


def hold_the_strips(page, words, result, near):
    """The hero: the first network's answer to its first signal, and autograd's gradients, gain by gain, by layers."""
    assert page.hero == "strips"
    (x, g), layers = (both[0, :, 0] for both in signals(Scale())), weights(Scale(), "he")
    sheet, table = page.charts["strips"].data[0], page.tables["strips"]
    panels = [np.arange(32) + k // 2 * (2 * 32 + 2 + 9) + k % 2 * (32 + 2) for k in range(6)]
    rows = np.asarray(sheet.z)
    assert np.isnan(np.delete(rows, np.concatenate(panels), 1)).all()
    texts = [note.text for note in page.charts["strips"].layout.annotations]
    for k, gain in enumerate(GAINS[g] for g in near):
        way = [x.clone().requires_grad_()]
        for w in layers:
            way.append(torch.relu(gain * w[0] @ way[-1]))
        back = torch.autograd.grad(way[-1], way, g)
        mine, c = np.array(table["gain"]) == gain, GAINS.index(gain)
        sides = {"unit": (way, "there", result.forward[-1, c]), "gradient": (back, "back", result.backward[0, c])}
        for side, (column, (layer_by_layer, name, ends)) in enumerate(sides.items()):
            values = torch.stack(list(layer_by_layer)).detach()[:, :32]
            np.testing.assert_allclose(rows[:, panels[2 * k + side]], values, rtol=1e-5, atol=1e-7)
            np.testing.assert_allclose([table[f"{column}_{u + 1}"][mine] for u in range(32)], values.T, atol=1e-12)
            said = words.say(
                f"figures.strips.{name}", gain=gain, sd=gain * SIGMA["he"] / 8, size=times(np.median(ends))
            )
            assert texts[2 * k + side] == f"<b>{said}</b>"
    assert (sheet.zmin, sheet.zmax) == (-2, 2)
    page.held.add("strips")


@pytest.mark.parametrize(
    ("power", "text"),
    [
        (0.0, "1"),
        (-0.03, "0.93"),
        (2.9, "790"),
        (-2.99, "0.001"),
        (-6.4, "4 · 10⁻⁷"),
        (12.04, "1 · 10¹²"),
        (0.99999, "10"),
    ],
)
def test_sizes_are_said_in_two_digits_or_as_powers_of_ten(power, text):
    assert times(power) == text


def test_every_chart_shows_the_runs_numbers(default):
    words, near = load("scale"), [GAINS.index(gain) for gain in (0.7, 1.0, 1.4)]
    up, down = np.median(default.forward[-1], 1), np.median(default.backward[0], 1)
    theory = [propagation.theory("relu", gain * SIGMA["he"], 20) for gain in GAINS]
    with drawn("scale") as page:
        hold_the_strips(page, words, default, near)
        page.holds("sweep", {words["figures.sweep.forward"]: up, words["figures.sweep.backward"]: down})
        assert next(iter(page.named("sweep").values())).x == GAINS
        columns = {"signal_at_top": up, "gradient_at_bottom": down, "gain": GAINS,
                   "signal_theory": np.log10([forward[-1] for forward, _ in theory]),
                   "gradient_theory": np.log10([backward[0] for _, backward in theory]),
                   "weight_sd": np.array(GAINS) * SIGMA["he"] / 8}  # fmt: skip
        for name, values in columns.items():
            np.testing.assert_allclose(page.tables["sweep"][name], values)


def test_the_map_is_drawn_with_gains_down_and_depths_across(default, monkeypatch):
    words, result = load("scale"), with_a_map(default)
    monkeypatch.setattr(scale, "run", lambda *_: result)
    with drawn("scale", **{"Scale.trainability": "on", "Scale.seed": "99"}) as page:
        page.held |= set(page.charts) - {"map"}  # held above
        share = 100 * result.learned[:, :, 0]
        page.shows("map", share)
        cells, layers = page.charts["map"].data[0], [words.say("figures.map.layers", depth=d) for d in MAP_DEPTHS]
        assert list(cells.x) == layers
        theorys = words.say("figures.map.nearest", gain=1.0)  # He's is theory's, for ReLU
        assert list(cells.y) == [theorys if gain == 1.0 else f"{gain:g}" for gain in MAP_GAINS]
        np.testing.assert_allclose([page.tables["map"][name] for name in layers], share.T)


def test_the_verdicts_say_the_tables_numbers(default):
    table, found = default.table(), {name: verdict.numbers for name, verdict in verdicts(default).items()}
    medians = table.groupby("gain").median()
    up, down = medians.log10_signal_at_top, medians.log10_gradient_at_bottom
    assert (found["main"]["up_text"], found["main"]["down_text"]) == (times(up[1.0]), times(down[1.0]))
    assert found["main"]["sd"] == medians.weight_sd[1.0]
    assert found["main"]["kept"] == ((up.abs() <= KEPT) & (down.abs() <= KEPT)).sum()
    assert found["main"]["balanced"] == pytest.approx(2**0.5 / 8)  # He et al. 2015, 64 units
    assert (found["small"]["gain"], found["small"]["down_text"]) == (min(GAINS), times(down[min(GAINS)]))
    bottom = {paper: times(np.median(default.papers[k, 1])) for k, paper in enumerate(PAPERS)}
    told = {name: (found[name]["old_text"], found[name]["new_text"]) for name in ("glorot", "he")}
    assert told["glorot"] == (bottom["tanh", "standard"], bottom["tanh", "xavier"])
    assert told["he"] == (bottom["relu", "xavier"], bottom["relu", "he"])
    assert told["he"][1] == found["main"]["down_text"]  # the same networks
    deep = verdicts(with_a_map(default))["map"].numbers
    good = (with_a_map(default).learned[:, [0, -1], 0] >= LEARNED).sum(0).tolist()
    assert good == [deep["good_shallow"], deep["good_deep"]]


def test_the_network_to_take_home_sends_the_signal_as_far(default):
    """In plain torch, in single precision: the first network at the chosen gain. One of megabytes is not kept."""
    h = signals(Scale())[0][0].float()
    for k in range(Scale().depth):
        h = torch.relu(torch.from_numpy(default.network[f"layer{k + 1}.weight"]) @ h)
    assert float(h.square().mean().sqrt().log10()) == pytest.approx(default.forward[-1, default.chosen, 0], abs=1e-3)
    assert len(default.network) == Scale().depth
    assert run(Scale(depth=10, width=128)).network == {}


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("scale")
