"""Fisher's ratio and its invariances, neighbours and principal components against scikit-learn, the bottleneck."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from catalogue import ROOT
from drawn import drawn
from endings import unchosen
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier
from streamlit.testing.v1 import AppTest

from lib import figures
from lib.engine import data, inits, measure, mlp, train
from lib.figures.digits import picture
from lib.questions.features import verdict as verdicts_of
from lib.questions.features.config import PLACES, Features
from lib.questions.features.experiment import SHOWN, axes, distances, fisher, near, plane, principal, run
from lib.questions.features.verdict import verdicts
from lib.words import load

DEFAULTS = "view=bottleneck activation=relu steps=300 seed=0"
RULINGS = {
    "transformed_features": "right",
    "plot_components": "depends",
}

DEFAULT = Features()


@pytest.fixture(scope="module")
def sample():
    digits = data.digits()
    return digits.test_x[:200].T.unsqueeze(0).double(), digits.test_y[:200]


def keys(result):
    return {name: verdict.key for name, verdict in verdicts(result).items()}


def test_the_default_says_what_the_science_found(default):
    assert keys(default) == {"main": "apart", "principal": "principal_less", "bottleneck": "two_enough"}
    median = np.median(default.fisher[-1], 0)
    assert (np.diff(median) > 0.5).all()
    np.testing.assert_allclose(median, (0.77, 1.57, 2.86, 3.79), atol=0.35)
    assert (default.fisher[-1, :, 1:] > default.fisher[0, :, 1:]).all()  # in every network


def test_where_the_effect_vanishes():
    untrained = run(Features(steps=1, view="layer_2"))
    assert keys(untrained) == {"main": "not_apart", "principal": "principal_untrained", "bottleneck": "two_few"}
    median = np.median(untrained.fisher[0], 0)
    assert (np.diff(median) < 0).all()  # random layers mix


def test_the_pixels_never_move(default):
    pixels = run(Features(steps=10, view="pixels"))
    np.testing.assert_array_equal(pixels.places, np.broadcast_to(pixels.places[:1], pixels.places.shape))
    assert np.ptp(default.fisher[:, :, 0]) == 0


def test_fishers_ratio_by_hand_and_its_invariances(sample):
    x, y = sample
    points = x[0].numpy().T
    total = points - points.mean(0)
    within = sum(((points[y == k] - points[y == k].mean(0)) ** 2).sum() for k in range(10))
    between = (total**2).sum() - within
    assert float(fisher(x, y)) == pytest.approx(between / within, rel=1e-9)
    turn, _ = torch.linalg.qr(torch.randn(64, 64, dtype=torch.float64, generator=torch.Generator().manual_seed(0)))
    torch.testing.assert_close(fisher(3 * turn @ x + 5, y), fisher(x, y))
    apart = torch.nn.functional.one_hot(y, 10).double().T.unsqueeze(0)
    assert float(fisher(apart, y)) > 1e12


def test_principal_components_and_neighbours_are_scikit_learns(sample):
    x, y = sample
    ours = principal(x)[0].numpy().T
    theirs = PCA(2).fit_transform(x[0].numpy().T)
    np.testing.assert_allclose(np.abs(ours), np.abs(theirs), atol=1e-8)
    torch.testing.assert_close(axes(x)[0].T @ axes(x)[0], torch.eye(2, dtype=torch.float64))
    vote = KNeighborsClassifier(5).fit(ours, y.numpy())
    nearest = vote.kneighbors(return_distance=False)  # without a point itself
    right = [
        np.bincount(y.numpy()[row], minlength=10).argmax() == k for row, k in zip(nearest, y.tolist(), strict=True)
    ]
    assert float(near(principal(x), y)) == pytest.approx(np.mean(right))


def test_a_bottleneck_sees_two_numbers_and_its_output_is_linear_in_them():
    """The engine's network with a linear last hidden layer is the plain torch one."""
    network = mlp.MLP((5, 4, 2, 3), "tanh", bottleneck=True)
    params = inits.start(network, inits.Init("he", bias=0.1), [0, 1])
    x = torch.rand(7, 5, generator=torch.Generator().manual_seed(2))
    for r in (0, 1):
        w1, b1, w2, b2, w3, b3 = (p[r] for p in params)
        plain = (torch.tanh(x @ w1.T + b1) @ w2.T + b2) @ w3.T + b3
        torch.testing.assert_close(measure.outputs(network, params, x)[r].T, plain)


def test_a_bottleneck_trains_as_torch_does():
    network = mlp.MLP((5, 4, 2, 3), "relu", bottleneck=True)
    start = inits.start(network, inits.Init("he"), [0], torch.float64)
    g = torch.Generator().manual_seed(2)
    x, y = torch.rand(20, 5, generator=g, dtype=torch.float64), torch.randint(0, 3, (20,), generator=g)
    history = train.train(network, start, (x, y), train.Recipe(steps=20, optimiser="adam", lr=0.05))
    model = torch.nn.Sequential(
        torch.nn.Linear(5, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2), torch.nn.Linear(2, 3)
    ).double()
    with torch.no_grad():
        for own, given in zip(model.parameters(), start, strict=True):
            own.copy_(given[0])
    optimiser = torch.optim.Adam(model.parameters(), lr=0.05)
    for _ in range(20):
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimiser.step()
    for ours, theirs in zip(history.params, model.parameters(), strict=True):
        torch.testing.assert_close(ours[0], theirs.detach(), atol=1e-9, rtol=1e-9)


@pytest.mark.parametrize("view", [*PLACES, "bottleneck"])
def test_the_chosen_views_neighbours_are_a_median(default, view):
    """Of ten networks the median lies between the fifth and the sixth, and is not one of them."""
    both = np.column_stack([default.neighbours[1], default.neighbours_bottleneck[1]])
    column = both[:, [*PLACES, "bottleneck"].index(view)]
    assert replace(default, config=Features(view=view)).near() == pytest.approx(sum(sorted(column)[4:6]) / 2)


def test_every_digit_is_drawn_where_it_is_with_its_picture(default):
    words = {
        "x": "x",
        "y": "y",
        "hover": "h",
        "step": "s",
    }
    chart = figures.digits(default.places, default.labels, default.images, default.steps.tolist(), **words)
    assert sum(len(t.x) for t in chart.data) == len(default.labels)
    for k, trace in enumerate(chart.data):
        rows = default.labels == k
        np.testing.assert_allclose(trace.x, default.places[-1, rows, 0], rtol=1e-6)
        assert trace.text == str(k)
        assert trace.customdata[0] == picture(default.images[rows][0])
    assert len(chart.frames) == len(default.steps)
    assert picture(np.array([[0.0, 1.0]])) == "\N{NO-BREAK SPACE}" * 2 + "█" * 2


def test_planes_are_compared_with_planes(default):
    """By Fisher's ratio in both, the second layer's plane is above the pixels' plane, in every network."""
    plane, whole = default.fisher_plane[1], default.fisher[-1]
    assert (plane[:, 2] > plane[:, 0]).all()
    assert (plane[:, 0] > whole[:, 0]).all()  # so a plane must not be held against a whole space
    assert (default.neighbours_whole > default.neighbours[1]).all()
    x, y = data.digits().test_x.T.unsqueeze(0), data.digits().test_y
    np.testing.assert_allclose(plane[:, 0], float(fisher(principal(x), y)), rtol=1e-6)
    np.testing.assert_allclose(default.neighbours_whole[:, 0], float(near(x, y)))
    numbers, medians = verdicts_of.principal(default).numbers, default.table().median()
    for space, column in (("whole", "fisher_"), ("plane", "fisher_plane_")):
        before, behind = (float(f"{medians[column + place]:.2f}") for place in ("pixels", "layer_2"))
        assert numbers[f"{space}_growth"] == behind / before  # of the numbers as they are printed


def test_other_ends_are_named(default):
    lower = default.fisher.copy()
    lower[-1, :, 2] = lower[-1, :, 1]
    assert verdicts_of.main(replace(default, fisher=lower)).key == "partly"
    assert verdicts_of.main(replace(default, fisher=np.stack([default.fisher[-1]] * 2))).key == "partly"
    lower[-1, :, 3] = lower[-1, :, 0] + np.resize([0.1, -0.1], lower.shape[1])
    assert verdicts_of.main(replace(default, fisher=lower)).key == "apart_unclear"
    plane = default.fisher_plane.copy()
    plane[1, :, 2] = 10 * plane[1, :, 0]
    assert verdicts_of.principal(replace(default, fisher_plane=plane)).key == "principal_shows"
    for step, key in ((0, "principal_unclear"), (-0.1, "principal_hides")):
        plane[1, :, 2] = plane[1, :, 0] + step
        assert verdicts_of.principal(replace(default, fisher_plane=plane)).key == key
    reads = default.accuracy.copy()
    reads[1] = 0.8 + np.resize([0.1, -0.1], reads.shape[1])
    assert verdicts_of.bottleneck(replace(default, accuracy=reads)).key == "two_unclear"


def assert_the_planes_are(page, result, names):
    """Each digit as far from the first one's class as it is, in the row of its own; a ring at it; over training."""
    assert page.hero == "planes"
    hero, table = page.charts["planes"], page.tables["planes"]
    assert [frame.name for frame in hero.frames] == [str(s) for s in result.steps]
    alike = result.labels == result.labels[0]
    rows = [np.flatnonzero(~alike), np.flatnonzero(alike), [0]]
    moments = [*hero.frames, hero]
    far = result.distances[..., result.labels[0]]
    for moment, places in zip(moments, [*far.swapaxes(0, 1), far[:, -1]], strict=True):
        for k in range(len(names)):
            for trace, which in zip(moment.data[4 * k :], rows, strict=False):
                np.testing.assert_allclose(trace.x, places[k, which], rtol=1e-5)
    for k, name in enumerate(names):
        others, own, ring = hero.data[4 * k : 4 * k + 3]
        for trace, which in zip((others, own, ring), rows, strict=True):
            np.testing.assert_array_equal(trace.y, result.labels[which])
        assert (others.name, own.name, ring.mode) == (name, name, "markers")
        assert {int(n) for n in own.text} == {result.labels[0]} != {int(n) for n in others.text}
        np.testing.assert_array_equal(result.labels[others.customdata], [int(n) for n in others.text])
    for moment, ratios in zip(moments, [*result.fisher, result.fisher[-1]], strict=True):
        for trace, name, ratio in zip(moment.data[3:16:4], names, np.median(ratios, 0), strict=True):
            assert trace.text[0].startswith(name)
            assert f"{ratio:.2f}" in trace.text[0]  # of all that stands behind the layer, at that step
    assert {trace.xaxis for trace in hero.data[3:16:4]} == {trace.xaxis for trace in hero.data[:16:4]}  # none on top
    np.testing.assert_allclose(hero.data[-1].z, result.images[0], atol=0.005)
    spans = {tuple(hero.layout[f"xaxis{k}"].range) for k in ("", 2, 3, 4)}
    assert len(spans) == 1 and spans.pop()[1] > far.max()  # one range, and nothing is beyond it
    np.testing.assert_array_equal(table[[f"distance_{place}" for place in PLACES]], far[:, -1].T)
    page.held.add("planes")


def rings():
    """The page, and where the ring stands in every plane: the place and the name of its trace."""
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.switch_page("pages/27_features.py").run()

    def places():
        traces = json.loads(app.get("plotly_chart")[0].proto.spec)["data"]
        found = [trace for trace in traces if trace.get("mode") == "markers"]
        return np.array([[trace["x"][0], trace["y"][0]] for trace in found]), {trace["name"][-1] for trace in found}

    return app, places


def test_a_digit_that_is_chosen_is_ringed_in_all_four_planes(default):
    """By the keyboard the first of a class, by a click any of them; what was chosen last is what counts."""
    app, places = rings()

    def ringed(number):
        digit = default.labels[number]
        return [(far, digit) for far in default.distances[:, -1, number, digit]]

    app.segmented_control(key="features_class").set_value(4).run()
    assert not app.exception
    first = int(np.flatnonzero(default.labels == 4)[0])
    np.testing.assert_allclose(places()[0], ringed(first), rtol=1e-5)
    seven = int(np.flatnonzero(default.labels == 7)[2])
    app.session_state["chart_planes"] = {"selection": {"points": [{"customdata": seven}]}}
    app.run()
    np.testing.assert_allclose(places()[0], ringed(seven), rtol=1e-5)
    assert places()[1] == {"7"}
    app.segmented_control(key="features_class1").set_value(4).run()
    np.testing.assert_allclose(places()[0], ringed(first), rtol=1e-5)


def test_a_layers_plane_is_its_two_principal_components_of_the_end():
    pixels = data.digits().test_x.numpy().astype(float)
    drawn = run(Features(view="pixels", steps=10)).places
    np.testing.assert_allclose(np.abs(drawn[-1]), np.abs(PCA(2).fit_transform(pixels))[:SHOWN], atol=1e-6)
    moments = torch.randn(3, 6, 40, generator=torch.Generator().manual_seed(0)).double()
    first, _, last = moments.numpy().swapaxes(1, 2)
    frame, made = PCA(2).fit(last), plane(moments)
    turn = np.sign((made[-1] * frame.transform(last)).sum(0))
    np.testing.assert_allclose(made[-1], turn * frame.transform(last), atol=1e-9)
    np.testing.assert_allclose(made[0], turn * ((first - first.mean(0)) @ frame.components_.T), atol=1e-9)


def test_the_mean_square_of_all_distances_is_one_and_twice_fishers_ratio(sample):
    """So that the picture tells no more and no less than the ratio; by hand, and whatever is turned or moved."""
    x, y = sample
    found = distances(x, y)
    points = x[0].numpy().T
    means = np.stack([points[y == k].mean(0) for k in range(10)])
    lengths = np.linalg.norm(points[:, None] - means, axis=2)
    unit = np.sqrt(np.mean(lengths[np.arange(len(y)), y] ** 2))
    np.testing.assert_allclose(found[0], lengths / unit)
    shares = np.bincount(y, minlength=10) / len(y)
    assert float((found.square() @ torch.from_numpy(shares)).mean()) == pytest.approx(1 + 2 * float(fisher(x, y)))
    turn, _ = torch.linalg.qr(torch.randn(64, 64, dtype=torch.float64, generator=torch.Generator().manual_seed(0)))
    torch.testing.assert_close(distances(3 * turn @ x + 5, y), found)


def test_every_class_is_further_from_the_others_behind_the_layers_and_not_before_training(default):
    assert np.ptp(default.distances[0], axis=0).max() == 0  # the pixels do not learn
    for digit in range(10):
        others = default.distances[:, -1, default.labels != digit, digit]
        assert (np.diff(np.median(others, 1)) > 0).all()
        told = default.medians(digit)
        assert told["other_outputs"] == np.median(others[-1])
        assert told["own_pixels"] == np.median(default.distances[0, -1, default.labels == digit, digit])
        begun = np.median(default.distances[:, 0, default.labels != digit, digit], 1)
        assert (begun[1:] < 1.05 * begun[0]).all()


def test_every_chart_shows_the_runs_numbers(default):
    words = load("features")
    places = [words[f"words.{place}"] for place in PLACES]
    trained, untrained = words["words.trained"], words["words.untrained"]
    ratio = np.median(default.fisher, 1)  # (S, 4)
    with drawn("features") as page:
        assert_the_planes_are(page, default, places)
        for k, axis in enumerate("xy"):
            by_digit = {str(digit): default.places[-1, default.labels == digit, k] for digit in range(10)}
            page.holds("plane", by_digit, of=axis)
        assert page.tables["plane"].digit.tolist() == default.labels.tolist()
        np.testing.assert_array_equal(page.tables["plane"][["first", "second"]], default.places[-1])
        assert page.numbers["plane"]["near"] == pytest.approx(np.median(default.neighbours_bottleneck[1]))

        page.holds("by_place", {trained: ratio[-1], untrained: ratio[0]})
        assert list(page.named("by_place")[trained].x) == places
        medians = page.tables["by_place"].median()
        np.testing.assert_allclose(medians[[f"fisher_{place}" for place in PLACES]], ratio[-1])
        np.testing.assert_allclose(medians[[f"fisher_{place}_untrained" for place in PLACES]], ratio[0])

        before, after = np.median(default.neighbours, 1)  # (4,) each
        narrow_before, narrow_after = np.median(default.neighbours_bottleneck, 1)
        page.holds(
            "agree", {trained: 100 * np.r_[after, narrow_after], untrained: 100 * np.r_[before, narrow_before]}
        )
        assert list(page.named("agree")[trained].x) == [*places, words["words.bottleneck"]]
        assert page.numbers["agree"]["bottleneck"] == pytest.approx(narrow_after)
        medians = page.tables["agree"].median()
        np.testing.assert_allclose(medians[[f"neighbours_{place}" for place in PLACES]], after)


def test_the_verdicts_say_the_tables_numbers(default):
    medians = default.table().median()
    main, principal_, bottleneck = (verdict.numbers for verdict in verdicts(default).values())
    for place in PLACES:
        assert main[place] == pytest.approx(medians[f"fisher_{place}"])
        assert principal_[place] == pytest.approx(medians[f"neighbours_{place}"])
    assert main["outputs_untrained"] == pytest.approx(medians.fisher_outputs_untrained)
    assert principal_["layer_2_untrained"] == pytest.approx(np.median(default.neighbours[0, :, 2]))
    for place in ("pixels", "layer_2"):
        assert principal_[f"near_{place}"] == pytest.approx(medians[f"neighbours_whole_{place}"])
    assert (bottleneck["accuracy"], bottleneck["deep"]) == (medians.test_accuracy_bottleneck, medians.test_accuracy)


def test_the_sentence_about_diverged_networks_counts_the_deep_ones(default):
    """Those with the bottleneck have sentences of their own."""
    step = np.full_like(default.diverged, -1)
    step[0, :3], step[1] = 7, 7
    found = verdicts_of.main(replace(default, diverged=step))
    assert (found.key, found.numbers["diverged"]) == ("diverged", 3)
    found = verdicts_of.bottleneck(replace(default, diverged=step))
    assert (found.key, found.numbers["diverged"]) == ("two_diverged", 10)


def test_the_network_to_take_home_is_the_first_deep_one(default):
    taken, digits = {k: torch.from_numpy(v) for k, v in default.network.items()}, data.digits()
    h = digits.test_x
    for k in (1, 2):
        h = torch.relu(h @ taken[f"layer{k}.weight"].T + taken[f"layer{k}.bias"])
    logits = h @ taken["layer3.weight"].T + taken["layer3.bias"]
    assert (logits.argmax(1) == digits.test_y).float().mean().item() == pytest.approx(default.accuracy[0, 0])
    assert float(fisher(logits.T[None], digits.test_y)) == pytest.approx(default.fisher[-1, 0, -1], rel=1e-4)


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("features")
