"""The way back from an activation, against torch's autograd and hooks; the deletion test and its controls."""

import base64
import json
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from catalogue import ROOT
from drawn import drawn
from endings import unchosen
from streamlit.testing.v1 import AppTest

from lib.engine import cnn, data, inits, measure
from lib.engine.seeds import seeds_of
from lib.questions.deconvnet import projection
from lib.questions.deconvnet import verdict as verdicts_of
from lib.questions.deconvnet.config import CONDITIONS, Deconvnet
from lib.questions.deconvnet.experiment import REPEATS, TOP, _drawn, _excess, _places, _seen, run
from lib.questions.deconvnet.verdict import SHAPES, verdicts
from lib.words import load

DEFAULTS = "weights=trained layer=2 unit=0 method=zeiler pixels=3 steps=100 seed=0"
RULINGS = {
    "shows_what_it_saw": "right",
    "not_random_so_generalises": "depends",
    "grey_images_are_activations": "wrong",
    "upper_layers_transfer": "depends",
    "preferences_over_features": "right",
}

DEFAULT = Deconvnet()
CNN = cnn.CNN()


@pytest.fixture(scope="module")
def net():
    return inits.start(CNN, inits.Init("he", bias=0.05), [2, 3])


def digits(count=6):
    return data.digits().test_x[:count].view(-1, 1, 8, 8)


def looking(params, x, last=None, *, back=False):
    """All networks of an ensemble, which have looked at images (N, 1, 8, 8)."""
    stack = projection.Stack(CNN, params, len(x), back=back)
    stack.look(x.flatten(1).expand(len(params[0]), -1, -1), last)
    return stack


def one_hot(z):
    """The largest activation of each image's first unit, all else zero."""
    act = z.relu()[:, 0].flatten(1)
    start = torch.zeros_like(z).flatten(2)
    start[torch.arange(len(z)), 0, act.argmax(1)] = act.max(1).values
    return start.view_as(z)


def keys(result):
    return {name: verdict.key for name, verdict in verdicts(result).items()}


def test_the_forward_pass_is_the_engines(net):
    last = looking(net, digits()).handed[-1].flatten(1, 3)
    logits = net[-2] @ last + net[-1].unsqueeze(2)
    ours = measure.outputs(CNN, net, digits().flatten(1))
    torch.testing.assert_close(logits, ours, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("layer", [0, 1, 2])
@pytest.mark.parametrize("method", projection.METHODS)
def test_the_way_back_is_autograds_with_its_rectifiers_changed(net, layer, method):
    """One torch net, its ReLU's backward replaced: masked by the forward pass, rectified, or both."""

    class Rectifier(torch.autograd.Function):
        @staticmethod
        def forward(ctx, z):
            ctx.save_for_backward(z)
            return z.relu()

        @staticmethod
        def backward(ctx, g):
            (z,) = ctx.saved_tensors
            g = g.relu() if method != "gradient" else g
            return g * (z > 0) if method != "zeiler" else g

    member = 1  # of two that look side by side
    x = digits().clone().requires_grad_()
    h = x
    for k in range(layer + 1):
        filters = net[2 * k][member].view(-1, h.shape[1], 3, 3)
        z = F.conv2d(h, filters, net[2 * k + 1][member], padding=1)
        h = Rectifier.apply(z)
        if CNN.pools[k] and k < layer:
            h = F.max_pool2d(h, 2)
    start = one_hot(z.detach())
    h.backward(start)
    stack = looking(net, digits(), back=True)
    found = stack.project(layer, start.permute(1, 2, 3, 0).expand(2, -1, -1, -1, -1), method)
    torch.testing.assert_close(found[member].view(x.shape), x.grad, atol=1e-6, rtol=1e-5)
    reach = projection.field(CNN.pools, layer, start)
    assert (x.grad[~reach] == 0).all()
    assert (found[member].view(x.shape)[~reach] == 0).all()


def test_nothing_outside_the_receptive_field_matters(net):
    maps = looking(net, digits()).maps[1][0].movedim(3, 0)  # (6, O, 4, 4)
    start = one_hot(maps)
    reach = projection.field(CNN.pools, 1, start)
    assert not reach.all()
    other = torch.where(reach, digits(), torch.rand(6, 1, 8, 8, generator=torch.Generator().manual_seed(0)))
    at = start.flatten(2)[:, 0].argmax(1)
    seen = [looking(net, v).maps[1][0, 0].flatten(0, 1) for v in (digits(), other)]  # (16, 6) each
    before, after = (values[at, torch.arange(6)] for values in seen)
    torch.testing.assert_close(before, after)


def test_an_unknown_method_is_refused(net):
    with pytest.raises(ValueError, match="no method 'magic'"):
        looking(net, digits(), back=True).project(0, torch.zeros(2, 8, 8, 8, 6), "magic")


def test_the_default_says_what_the_science_found(default):
    assert keys(default) == {
        "main": "points", "looks": "looks_alike", "single": "single", "prefer": "prefers", "usable": "usable",
    }  # fmt: skip
    assert (default.lost > default.lost_random).all()  # in every network, trained or not
    assert (default.lost > default.lost_bright).all()  # nor is it the ink alone, which does most of it
    assert (default.lost_bright > default.lost_random).all()
    assert np.median(default.accuracy, 1)[0] > 0.9
    assert np.median(default.accuracy, 1)[1:].max() < 0.2
    assert (np.diff(default.activations) <= 0).all()
    assert default.images.shape == (3, TOP, 8, 8)
    assert default.lost.shape == (3, REPEATS)


def test_from_the_first_layer_the_projection_is_the_gradient(default):
    first = run(Deconvnet(layer=1, steps=10))
    np.testing.assert_allclose(first.gradient, 1, atol=1e-5)
    assert default.gradient.max() < 0.99  # from the second it is not
    start = inits.start(CNN, inits.Init("he"), [0])
    assert tuple(maps.shape[1:3] for maps in looking(start, digits(1)).maps) == SHAPES


def test_deleting_more_pixels_loses_more_and_random_ones_less():
    one, many = (run(Deconvnet(pixels=p, steps=10, layer=3)) for p in (1, 8))
    assert (many.lost > one.lost).all()
    assert (many.lost_random > one.lost_random).mean() > 0.9


def test_what_arrives_at_the_best_places_is_cut_out_by_hand(net):
    """Of each unit's nine best images the 3 x 3 patch around its place, less the mean over all patches."""
    member = 1
    every = _seen(CNN, net, 1)
    strength, rows = every.strength.topk(TOP, 2)
    images = data.digits().test_x[rows.flatten(1)]
    stack = projection.Stack(CNN, net, images.shape[1])
    stack.look(images)
    places = _places(stack.maps[1])
    found = _excess(stack.handed[0], every.usual, places)[member].numpy()
    handed = looking(net, digits(500)).handed[0][member].movedim(3, 0)
    below = F.pad(handed, (1, 1, 1, 1)).numpy()  # (N, 8, 6, 6)
    patches = np.array([[b[:, i : i + 3, j : j + 3].ravel() for i in range(4) for j in range(4)] for b in below])
    for unit, (mine, at) in enumerate(zip(rows[member], places[member], strict=True)):
        best = [patches[row, place] for row, place in zip(mine, at, strict=True)]
        np.testing.assert_allclose(found[unit], np.mean(best, 0) - patches.mean((0, 1), dtype=float), atol=1e-5)
        z = np.array(best) @ net[2][member, unit].numpy() + float(net[3][member, unit])
        np.testing.assert_allclose(np.maximum(z, 0), strength[member, unit], atol=1e-5)


def test_other_ends_are_named(default):
    up_and_down = np.resize([1, -1], REPEATS)
    for sign, key in ((1, "points"), (-1, "points_not"), (up_and_down, "points_unclear")):
        made = replace(default, lost=default.lost_random + 0.1 * sign, lost_bright=default.lost_random)
        assert verdicts_of.main(made).key == key
    assert verdicts_of.main(replace(default, lost_bright=default.lost)).key == "points_or_ink"
    noise = default.likeness.copy()
    noise[1:] = default.unlike[1:]
    assert verdicts_of.looks(replace(default, likeness=noise)).key == "looks_apart"
    assert verdicts_of.looks(replace(default, likeness=default.unlike)).key == "looks_unclear"
    trained = default.unlike + np.array([[1], [0], [0]])  # each kind of network is held against its own control
    assert verdicts_of.looks(replace(default, unlike=trained)).key == "looks_alike"
    quiet = default.activations * np.array([[0], [1], [1]])
    assert verdicts_of.single(replace(default, activations=quiet)).key == "silent"
    assert verdicts_of.single(replace(default, activations=quiet, config=Deconvnet(weights="random"))).key == "single"
    assert verdicts_of.prefer(replace(default, prefer=default.prefer_other)).key == "prefers_unclear"
    assert verdicts_of.usable(replace(default, probe=np.full_like(default.probe, 0.2))).key == "usable_not"


def assert_a_row_is(traces, images, back, named):
    """Three digits and what comes back of each, a cell between the two and three to the next; rings around both."""
    digits, pictures, rings = traces
    for k in range(3):
        for trace, values, first in ((digits, images, 0), (pictures, back, 9)):
            tile = np.asarray(trace.z, float)[:, 20 * k + first : 20 * k + first + 8]
            np.testing.assert_allclose(tile, values[k] / abs(values[k]).max(), rtol=1e-5, atol=1e-6)
    found = np.zeros((8, 57), bool)
    columns, rows = np.rint(np.array([rings.x, rings.y]).reshape(2, -1, 6)[:, :, [0, 2]].mean(2)).astype(int)
    found[rows, columns] = True
    for k in range(3):
        np.testing.assert_array_equal(found[:, 20 * k : 20 * k + 8], named[k])
        np.testing.assert_array_equal(found[:, 20 * k + 9 : 20 * k + 17], named[k])
    assert found.sum() == 2 * named[:3].sum()


def test_the_named_pixels_are_the_most_strongly_projected_ones_with_ink(default):
    assert (default.named.sum((2, 3)) == DEFAULT.pixels).all()
    nine = (values.reshape(-1, 8, 8) for values in (default.images, default.projections, default.named))
    for image, back, named in zip(*nine, strict=True):
        assert (image[named] > 0).all()
        assert back[named].min() >= back[(image > 0) & ~named].max()
    assert (default.left[:, 0] < default.activations).all()


def test_what_is_lost_with_the_brightest_pixels_is_what_torch_says():
    """The untrained first network's first layer, where a unit sees a patch of 3 x 3, anew."""
    config = Deconvnet(weights="random", layer=1, pixels=2, steps=10)
    result = run(config)
    w, b = (torch.from_numpy(result.network[f"layer1.{name}"]) for name in ("weight", "bias"))
    images, lost = data.digits().test_x.view(-1, 1, 8, 8), []
    maps = F.conv2d(images, w, b, padding=1).relu()
    chance = _drawn(config, 8)[CONDITIONS.index("random"), 0].view(8, TOP, 8, 8)  # decides among equally bright ones
    for unit in range(8):
        strength, best = maps[:, unit].flatten(1).amax(1).topk(TOP)
        for row, was, tie in zip(best, strength, chance[unit], strict=True):
            y, x = divmod(int(maps[row, unit].argmax()), 8)
            patch, order = (F.pad(v, (1, 1, 1, 1))[y : y + 3, x : x + 3].flatten() for v in (images[row, 0], tie))
            kept = patch.clone()
            kept[(patch + 1e-3 * order).topk(2).indices] = 0
            lost += [float(1 - (kept @ w[unit, 0].flatten() + b[unit]).relu() / was)] if was > 1e-4 else []
    assert result.lost_bright[1, 0] == pytest.approx(np.mean(lost), abs=1e-5)


def test_every_chart_shows_the_runs_numbers(default):
    words = load("deconvnet")
    trained, untrained, shuffled = (words[f"words.{kind}"] for kind in ("trained", "random", "shuffled"))
    with drawn("deconvnet") as page:
        hero, kept = page.charts[page.hero], 1 - np.median([default.lost, default.lost_random], 2)  # (2, 3)
        for k in range(3):  # five traces for each kind of network
            assert_a_row_is(hero.data[5 * k : 5 * k + 3], default.images[k], default.projections[k], default.named[k])
            bars = hero.data[5 * k + 3 : 5 * k + 5]
            np.testing.assert_allclose([bar.x[0] for bar in bars], 100 * kept[:, k])
            assert [bar.text[0] for bar in bars] == [f"{share:.0%}" for share in kept[:, k]]
        said = page.numbers["images"]
        for k, kind in enumerate(CONDITIONS):
            assert (said[f"left_{kind}"], said[f"other_{kind}"]) == pytest.approx(tuple(kept[:, k]))
        headings = {note.text for note in hero.layout.annotations}
        reading = np.median(default.accuracy, 1)
        for k, name in enumerate((f"<b>{trained}", untrained, shuffled)):  # the answer's is in bold
            assert any(text.startswith(name) and f"{reading[k]:.0%}" in text for text in headings)
        page.held.add("images")
        table = page.tables["images"]
        assert table.digit.tolist() == default.labels.ravel().tolist()
        np.testing.assert_array_equal(table.activation, default.activations.ravel())
        np.testing.assert_array_equal(table.without_named, default.left[:, 0].ravel())
        np.testing.assert_array_equal(table.without_random, default.left[:, 1].ravel())

        pairs = 100 * np.median([default.likeness, default.unlike], 2)  # (2, 3)
        names = [words[f"figures.looks.{name}"] for name in ("likeness", "unlike")]
        page.holds("looks", dict(zip(names, pairs, strict=True)), of="x")
        assert page.charts["looks"].layout.yaxis.ticktext == (trained, untrained, shuffled)
        rows = page.tables["looks"].groupby("weights")[["likeness", "unlike"]].median()
        np.testing.assert_allclose(100 * rows.loc[["trained", "random", "shuffled"]].T, pairs)


def test_the_other_strongest_digits_are_drawn_at_once(default):
    """No training: the page draws what the run has kept."""
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.switch_page("pages/25_deconvnet.py").run()
    app.segmented_control(key="deconvnet_first").set_value(6).run()
    assert not app.exception
    sheet = json.loads(app.get("plotly_chart")[0].proto.spec)["data"][0]["z"]
    values = np.frombuffer(base64.b64decode(sheet["bdata"]), sheet["dtype"]).reshape(8, 57)
    image = default.images[0, 6]
    np.testing.assert_allclose(values[:, :8], image / image.max(), rtol=1e-5)


@pytest.mark.parametrize("weights", CONDITIONS)
def test_the_verdicts_say_the_tables_numbers(default, weights):
    """Whichever networks are chosen: the answer is theirs, the comparisons name all three."""
    chosen = replace(default, config=replace(DEFAULT, weights=weights))
    found = {name: verdict.numbers for name, verdict in verdicts(chosen).items()}
    table = default.table()
    medians = table.groupby("weights").median()
    mine = table[table.weights == weights]
    for name, column in (("kept", "lost"), ("kept_random", "lost_random"), ("kept_bright", "lost_bright")):
        assert found["main"][name] == pytest.approx(1 - mine[column].median())
    control = "trained" if weights == "random" else "random"
    assert found["main"]["kept_control"] == pytest.approx(1 - medians.lost[control])
    words = load("deconvnet")
    assert f"In {found['main']['weights']} networks" in words.verdict("main", *verdicts(chosen)["main"])
    assert found["main"]["control"] == words[f"words.{control}"]
    for kind in CONDITIONS:
        assert found["looks"][kind] == pytest.approx(medians.likeness[kind])
        assert found["looks"][f"other_{kind}"] == pytest.approx(medians.unlike[kind])
    assert found["prefer"]["own"] == pytest.approx(mine.prefer.median())
    assert found["prefer"]["other"] == pytest.approx(mine.prefer_other.median())
    assert found["usable"]["upper"] == pytest.approx(medians.new_digits_read.trained)
    assert found["usable"]["untrained"] == pytest.approx(medians.new_digits_read.random)
    assert found["usable"]["raw"] == pytest.approx(np.median(default.probe_pixels))


def test_from_pixels_a_reader_reads_new_digits_too(default):
    """Ridge regression by normal equations on 20 labels of each new digit, anew."""
    digits, found = data.digits(), []
    new, test_new = (np.flatnonzero(y >= 5) for y in (digits.y, digits.test_y))
    for seed in seeds_of(0, REPEATS):
        order = new[torch.randperm(len(new), generator=torch.Generator().manual_seed(seed)).numpy()]
        rows = np.concatenate([order[digits.y[order] == k][:20] for k in range(5, 10)])
        x, test = (v.numpy().astype(float) for v in (digits.x[rows], digits.test_x[test_new]))
        middle, goal = x.mean(0), np.eye(5)[digits.y[rows] - 5]
        x, test = x - middle, test - middle
        w = np.linalg.solve(x.T @ x + 0.03 * np.square(x).sum(1).mean() * np.eye(64), x.T @ (goal - goal.mean(0)))
        found.append(((test @ w + goal.mean(0)).argmax(1) == digits.test_y[test_new].numpy() - 5).mean())
    np.testing.assert_allclose(default.probe_pixels[0], found, atol=0.01)


def test_networks_that_are_silent_altogether_have_numbers_too():
    """With shuffled labels a whole layer can die, at this start number all units of the third."""
    result = run(Deconvnet(layer=3, seed=85))
    assert result.live.min() == 0
    for name in ("lost", "likeness", "unlike", "gradient", "prefer", "prefer_other"):
        assert np.isfinite(getattr(result, name)).all()
    words = load("deconvnet")
    assert all(words.verdict(name, *verdict) for name, verdict in verdicts(result).items())


@pytest.mark.parametrize("weights", CONDITIONS)
def test_the_network_to_take_home_is_the_one_whose_pictures_are_shown(default, weights):
    result = default if weights == DEFAULT.weights else run(replace(DEFAULT, weights=weights))
    taken = {k: torch.from_numpy(v) for k, v in result.network.items()}

    def read(x):
        for k, pool in enumerate(CNN.pools, 1):
            x = F.conv2d(x, taken[f"layer{k}.weight"], taken[f"layer{k}.bias"], padding=1).relu()
            x = F.max_pool2d(x, 2) if pool else x
        return (x.flatten(1) @ taken["layer4.weight"].T + taken["layer4.bias"]).argmax(1)

    test = data.digits()
    found = (read(test.test_x.view(-1, 1, 8, 8)) == test.test_y).float().mean().item()
    assert found == pytest.approx(result.accuracy[result.chosen, 0])


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("deconvnet")
