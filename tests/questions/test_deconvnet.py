"""The way back from an activation, against torch's autograd and hooks; the deletion test and its controls."""

from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from drawn import drawn
from endings import unchosen

from lib.engine import cnn, data, inits, measure
from lib.questions.deconvnet import projection
from lib.questions.deconvnet import verdict as verdicts_of
from lib.questions.deconvnet.config import CONDITIONS, Deconvnet
from lib.questions.deconvnet.experiment import REPEATS, TOP, _excess, _top, run
from lib.questions.deconvnet.verdict import SHAPES, verdicts
from lib.words import load

DEFAULTS = "weights=trained layer=2 unit=0 method=zeiler pixels=3 steps=100 seed=0"
RULINGS = {
    "shows_what_it_saw": "right",
    "not_random_so_generalises": "depends",
    "grey_images_are_activations": "wrong",
    "upper_layers_transfer": "right",
    "preferences_over_features": "right",
}

DEFAULT = Deconvnet()
CNN = cnn.CNN()


@pytest.fixture(scope="module")
def net():
    start = inits.start(CNN, inits.Init("he", bias=0.05), [3])
    return projection.stack(CNN, start, 0), start


def digits(count=6):
    return data.digits().test_x[:count].view(-1, 1, 8, 8)


def one_hot(z):
    """The largest activation of each image's first unit, all else zero."""
    act = z.relu()[:, 0].flatten(1)
    start = torch.zeros_like(z).flatten(2)
    start[torch.arange(len(z)), 0, act.argmax(1)] = act.max(1).values
    return start.view_as(z)


def keys(result):
    return {name: verdict.key for name, verdict in verdicts(result).items()}


def test_the_forward_pass_is_the_engines(net):
    stack, params = net
    last = projection.look(stack, digits()).handed[-1].flatten(1)
    logits = last @ params[-2][0].T + params[-1][0]
    ours = measure.outputs(CNN, params, digits().flatten(1))[0].T
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

    stack, _ = net
    x = digits().clone().requires_grad_()
    h = x
    for k in range(layer + 1):
        z = F.conv2d(h, stack.filters[k], stack.biases[k], padding=1)
        h = Rectifier.apply(z)
        if stack.pools[k] and k < layer:
            h = F.max_pool2d(h, 2)
    start = one_hot(z.detach())
    h.backward(start)
    seen = projection.look(stack, digits())
    found = projection.project(stack, seen, layer, start, method)
    torch.testing.assert_close(found, x.grad, atol=1e-6, rtol=1e-5)
    reach = projection.field(stack, layer, start)
    assert (found[~reach] == 0).all()


def test_nothing_outside_the_receptive_field_matters(net):
    stack, _ = net
    z = projection.look(stack, digits()).z[1]
    start = one_hot(z)
    reach = projection.field(stack, 1, start)
    assert not reach.all()
    other = torch.where(reach, digits(), torch.rand(6, 1, 8, 8, generator=torch.Generator().manual_seed(0)))
    at = start.flatten(2)[:, 0].argmax(1)
    before, after = (projection.look(stack, v).z[1][:, 0].flatten(1)[torch.arange(6), at] for v in (digits(), other))
    torch.testing.assert_close(before, after)


def test_an_unknown_method_is_refused(net):
    stack, _ = net
    with pytest.raises(ValueError, match="no method 'magic'"):
        projection.project(stack, projection.look(stack, digits()), 0, torch.zeros(6, 8, 8, 8), "magic")


def test_the_default_says_what_the_science_found(default):
    assert keys(default) == {
        "main": "points", "looks": "looks_alike", "learned": "learned_shows", "method": "method_differs",
        "single": "single", "prefer": "prefers", "transfer": "transfer_lower", "usable": "usable",
    }  # fmt: skip
    assert (default.lost > default.lost_random).all()  # in every network, trained or not
    assert np.median(default.accuracy, 1)[0] > 0.9
    assert np.median(default.accuracy, 1)[1:].max() < 0.2
    assert (np.diff(default.activations) <= 0).all()
    assert default.images.shape == (TOP, 8, 8)
    assert default.lost.shape == (3, REPEATS)


def test_from_the_first_layer_the_projection_is_the_gradient():
    first = run(Deconvnet(layer=1, steps=10))
    np.testing.assert_allclose(first.gradient, 1, atol=1e-5)
    assert keys(first)["method"] == "method_same"
    assert tuple(
        z.shape[1:3] for z in projection.look(projection.stack(CNN, inits.start(
            CNN, inits.Init("he"), [0]), 0), digits(1)).z
    ) == SHAPES  # fmt: skip


def test_deleting_more_pixels_loses_more_and_random_ones_less():
    one, many = (run(Deconvnet(pixels=p, steps=10, layer=3)) for p in (1, 8))
    assert (many.lost > one.lost).all()
    assert (many.lost_random > one.lost_random).mean() > 0.9


def test_what_arrives_at_the_best_places_is_cut_out_by_hand(net):
    """Of each unit's nine best images the 3 x 3 patch around its place, less the mean over all patches."""
    stack, _ = net
    x = digits(30)
    seen = projection.look(stack, x)
    strength, rows, places = _top(seen.z[1])
    below = F.pad(seen.handed[0], (1, 1, 1, 1)).numpy()  # (N, 8, 6, 6)
    patches = np.array([[b[:, i : i + 3, j : j + 3].ravel() for i in range(4) for j in range(4)] for b in below])
    found = _excess(seen.handed[0], rows, places).numpy()
    for unit in range(len(strength)):
        best = [patches[row, place] for row, place in zip(rows[unit], places.flat[unit], strict=True)]
        np.testing.assert_allclose(found[unit], np.mean(best, 0) - patches.mean((0, 1)), atol=1e-5)
        z = np.array(best) @ stack.filters[1][unit].numpy().ravel() + float(stack.biases[1][unit])
        np.testing.assert_allclose(np.maximum(z, 0), strength[unit], atol=1e-5)


def test_other_ends_are_named(default):
    up_and_down = np.resize([1, -1], REPEATS)
    for sign, key in ((1, "points"), (-1, "points_not"), (up_and_down, "points_unclear")):
        assert verdicts_of.main(replace(default, lost=default.lost_random + 0.1 * sign)).key == key
        classes = default.classes[[1, 1, 1]] - 0.5 * np.array([1, 0, 0])[:, None] * sign
        learned = {"points": "learned_shows", "points_not": "learned_more", "points_unclear": "learned_hidden"}
        assert verdicts_of.learned(replace(default, classes=classes)).key == learned[key]
    noise = default.likeness.copy()
    noise[1:] = default.unlike[1:]
    assert verdicts_of.looks(replace(default, likeness=noise)).key == "looks_apart"
    assert verdicts_of.looks(replace(default, likeness=default.unlike)).key == "looks_unclear"
    trained = default.unlike + np.array([[1], [0], [0]])  # each kind of network is held against its own control
    assert verdicts_of.looks(replace(default, unlike=trained)).key == "looks_alike"
    assert verdicts_of.single(replace(default, activations=np.zeros(TOP))).key == "silent"
    assert verdicts_of.prefer(replace(default, prefer=default.prefer_other)).key == "prefers_unclear"
    upper = default.probe.copy()
    upper[0, :, 3] = 0.99
    assert verdicts_of.transfer(replace(default, probe=upper)).key == "transfer_upper"
    upper[0] = 0.9
    assert verdicts_of.transfer(replace(default, probe=upper)).key == "transfer_alike"
    upper[0, :, 3] += 0.1 * up_and_down
    assert verdicts_of.transfer(replace(default, probe=upper)).key == "transfer_unclear"
    upper[0] = 0.2
    assert verdicts_of.usable(replace(default, probe=upper)).key == "usable_not"


def tiles(sheet):
    """The nine pictures of a sheet, row by row; they stand a pixel apart."""
    return [sheet[9 * row : 9 * row + 8, 9 * column : 9 * column + 8] for row in range(3) for column in range(3)]


def assert_rings_are_around(tiles_drawn, rings, named):
    """The middle of every ring is the middle of a named cell: nine tiles, three to a row, a cell between two."""
    middles = np.array([rings.x, rings.y]).reshape(2, -1, 6)[:, :, [0, 2]].mean(2)
    columns = np.rint((middles[0] - tiles_drawn.x0) / tiles_drawn.dx).astype(int)
    rows = np.rint((middles[1] - tiles_drawn.y0) / tiles_drawn.dy).astype(int)
    found = np.zeros((27, 27), bool)
    found[rows, columns] = True
    np.testing.assert_array_equal(tiles(found), named)
    assert found.sum() == named.sum()


def test_the_named_pixels_are_the_most_strongly_projected_ones_with_ink(default):
    assert (default.named.sum((1, 2)) == DEFAULT.pixels).all()
    for image, back, named in zip(default.images, default.projections, default.named, strict=True):
        assert (image[named] > 0).all()
        assert back[named].min() >= back[(image > 0) & ~named].max()
    assert (default.left[0] < default.activations).all()


def test_every_chart_shows_the_runs_numbers(default):
    words = load("deconvnet")
    trained, untrained, shuffled = (words[f"words.{kind}"] for kind in ("trained", "random", "shuffled"))
    with drawn("deconvnet") as page:
        hero = page.charts[page.hero]
        for trace, name in enumerate(("images", "projections")):
            drawings = tiles(np.asarray(hero.data[trace].z))
            for drawing, values in zip(drawings, getattr(default, name), strict=True):
                np.testing.assert_allclose(drawing, values / abs(values).max(), rtol=1e-5, atol=1e-6)
            assert_rings_are_around(hero.data[trace], hero.data[2 + trace], default.named)
        page.held.add("images")
        told = [page.numbers["images"][name] for name in ("own", "own_random")]
        np.testing.assert_allclose(told, 1 - (default.left / default.activations).mean(1), rtol=1e-5)
        assert page.tables["images"].digit.tolist() == default.labels.tolist()
        np.testing.assert_array_equal(page.tables["images"].activation, default.activations)
        np.testing.assert_array_equal(page.tables["images"][["without_named", "without_random"]].T, default.left)

        named, random = words["figures.deletion.named"], words["figures.deletion.random"]
        lost, control = (100 * np.median(share, 1) for share in (default.lost, default.lost_random))  # (3,)
        page.holds("deletion", {named: lost, random: control}, of="x")
        assert page.charts["deletion"].layout.yaxis.ticktext == (trained, untrained, shuffled)
        rows = page.tables["deletion"].groupby("weights")[["lost", "lost_random"]].median()
        np.testing.assert_allclose(rows.loc[["trained", "random", "shuffled"]].T, [lost / 100, control / 100])

        pairs = 100 * np.median([default.likeness, default.unlike, default.agreement], 2)  # (3, 3)
        page.holds("looks", {trained: pairs[:, 0], untrained: pairs[:, 1], shuffled: pairs[:, 2]}, of="x")
        names = ("likeness", "unlike", "agreement")
        assert page.charts["looks"].layout.yaxis.ticktext == tuple(words[f"figures.looks.{name}"] for name in names)
        rows = page.tables["looks"].groupby("weights")[[*names]].median()
        np.testing.assert_allclose(100 * rows.loc[["trained", "random", "shuffled"]].T, pairs)

        half, start = 100 * np.median(default.probe, 1)  # (4,) each: from pixels and from the three layers
        lines = [words[f"figures.transfer.{kind}"] for kind in ("trained", "untrained")]
        page.holds("transfer", dict(zip(lines, (half, start), strict=True)))
        read = (words["words.pixels"], *(f"{words['words.layer']} {k}" for k in (1, 2, 3)))
        assert page.named("transfer")[lines[0]].x == read
        columns = page.tables["transfer"].median()
        for k, place in enumerate(("pixels", "layer_1", "layer_2", "layer_3")):
            np.testing.assert_allclose(100 * columns[[f"trained_{place}", f"untrained_{place}"]], [half[k], start[k]])


@pytest.mark.parametrize("weights", CONDITIONS)
def test_the_verdicts_say_the_tables_numbers(default, weights):
    """Whichever networks are chosen: the answer and the gradient are theirs, the comparisons name all three."""
    chosen = replace(default, config=replace(DEFAULT, weights=weights))
    found = {name: verdict.numbers for name, verdict in verdicts(chosen).items()}
    table, readers = default.table(), default.readers_table().median()
    medians = table.groupby("weights").median()
    mine = table[table.weights == weights]
    for name, column in (("lost", "lost"), ("random", "lost_random"), ("accuracy", "accuracy")):
        assert found["main"][name] == pytest.approx(mine[column].median())
    assert found["main"]["wins"] == (mine.lost > mine.lost_random).sum()
    assert found["method"]["cosine"] == pytest.approx(mine.gradient.median())
    for kind in CONDITIONS:
        assert found["looks"][kind] == pytest.approx(medians.likeness[kind])
        assert found["looks"][f"accuracy_{kind}"] == pytest.approx(medians.accuracy[kind])
        assert found["looks"][f"other_{kind}"] == pytest.approx(medians.unlike[kind])
        assert found["learned"][f"agree_{kind}"] == pytest.approx(medians.agreement[kind])
        assert found["learned"][f"classes_{kind}"] == pytest.approx(medians.classes[kind])
    trained, untrained = (table[table.weights == kind].set_index("repeat") for kind in ("trained", "random"))
    assert found["learned"]["wins"] == (trained.classes < untrained.classes).sum()
    assert found["learned"]["agree_wins"] == (trained.agreement > untrained.agreement).sum()
    assert found["looks"]["wins"] == (trained.likeness > untrained.likeness).sum()
    assert found["prefer"]["own"] == pytest.approx(mine.prefer.median())
    assert found["prefer"]["other"] == pytest.approx(mine.prefer_other.median())
    assert found["prefer"]["wins"] == (mine.prefer > mine.prefer_other).sum()
    rows = default.readers_table()
    assert found["usable"]["wins"] == (rows.trained_layer_3 > rows.untrained_layer_3).sum()
    assert found["single"]["largest"] == pytest.approx(default.pictures_table().activation.max())
    assert found["transfer"]["pixels"] == readers["trained_pixels"]
    for k in (1, 2, 3):
        assert found["usable"][f"layer_{k}"] == found["transfer"][f"layer_{k}"]
        assert found["transfer"][f"layer_{k}"] == pytest.approx(readers[f"trained_layer_{k}"])
        assert found["transfer"][f"untrained_{k}"] == pytest.approx(readers[f"untrained_layer_{k}"])


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("deconvnet")
