"""Edge detectors take more than the pictures' spectrum, and sparsity or a task; without training there are none."""

import json
import pickle
from dataclasses import replace

import numpy as np
import pytest
import torch
from catalogue import ROOT, experiment
from drawn import drawn
from endings import unchosen
from pictures import file_of, scene
from PIL import Image
from scipy.optimize import least_squares
from streamlit.testing.v1 import AppTest

from lib.engine.data import sample_file
from lib.engine.seeds import seeds_of
from lib.questions.gabor import filters, gabor_fit, hero, photographs, windows
from lib.questions.gabor.config import Gabor
from lib.questions.gabor.experiment import REPEATS, run
from lib.questions.gabor.verdict import main, need, phase, verdicts
from lib.words import load

DEFAULTS = "data=photographs task=sparse_code sparsity=1.8 filters=32 steps=200 seed=0"
RULINGS = {
    "gabor_from_raw_data": "depends",  # a sparse coder on whitened patches is neither convolutional nor raw
    "gabor_by_itself": "wrong",
}

QUICK = Gabor(filters=16, steps=100, sparsity=3.0)


@pytest.fixture(scope="session")
def coded():
    return run(QUICK)


@pytest.fixture(scope="session")
def told():
    return run(replace(QUICK, task="tell_apart", steps=100))


def test_edges_come_from_the_pictures_phases(coded):
    assert verdicts(coded)["main"].key == "some"  # 'yes' at a third of the filters was an odd yes
    assert verdicts(replace(coded, firing=np.ones_like(coded.firing)))["phase"].key == "phase_matters"
    assert verdicts(coded)["need"].key == "need_sparsity"
    untrained, pictures, scrambled, dense = np.median(coded.shares(), 1)
    assert pictures > 20 > 10 > max(untrained, scrambled, dense)
    assert coded.kurtosis[0] > 5
    assert coded.kurtosis[1] == pytest.approx(3, abs=0.3)


def test_a_twin_whose_filters_are_silent_is_no_control(coded, default):
    """At this sparsity nothing fires on scrambled patches: that no filter is an edge detector is no wonder."""
    assert np.median(coded.firing[0]) > 0.9
    assert np.median(coded.firing[1]) < 0.1
    assert verdicts(coded)["phase"].key == "phase_silent"
    assert np.median(default.firing[1]) > 0.5
    assert verdicts(default)["phase"].key == "phase_matters"


def test_what_fires_is_told_anew(default):
    """The first networks' filters, on all of the patches that they have learned from."""
    pairs = [whitened_pair(name, 0) for name in photographs.NAMES]
    for row, network in enumerate(default.networks):
        x = photographs.patches([pair[row] for pair in pairs], 12, 8000, 0)[0].numpy()
        fires = (x @ network.filters[-1].reshape(32, -1).T + network.biases[-1] > 0).mean(0)
        clear = [(fires > at).mean() for at in (0.013, 0.007)]  # the run listens to a quarter of them
        assert clear[0] <= default.firing[row, 0] <= clear[1]


@pytest.mark.parametrize("change", [{"data": "scrambled"}, {"data": "white_noise"}, {"sparsity": 0.0}, {"steps": 1}])
def test_without_edges_sparsity_or_training_there_are_none(change):
    result = run(replace(QUICK, **change))
    assert np.median(result.shares()[1]) < 10
    assert verdicts(result)["main"].key in ("none", "waves", "silent", "unclear")


def test_a_task_that_needs_edges_finds_them_too(told):
    assert told.shares().shape == (3, REPEATS)
    assert (told.used[1:].sum(2) == 8).all()
    assert np.median(told.shares()[1]) > np.median(told.shares()[2])


def test_scrambling_keeps_the_spectrum_and_whitening_makes_it_flat():
    image = photographs.photograph("china")
    other = photographs.scrambled(image, 3)
    np.testing.assert_allclose(*(np.abs(np.fft.rfft2(i)) for i in (image, other)), atol=1e-6)
    assert abs(np.corrcoef(image.ravel(), other.ravel())[0, 1]) < 0.9
    flat = np.abs(np.fft.fft2(photographs.whitened(image))) ** 2
    f = np.hypot(np.fft.fftfreq(flat.shape[0])[:, None], np.fft.fftfreq(flat.shape[1])[None])
    bands = [flat[(f > a) & (f < a + 0.05)].mean() for a in (0.05, 0.1, 0.15, 0.2)]
    assert max(bands) / min(bands) < 4


def test_the_codes_gradient_is_autograds():
    g = torch.Generator().manual_seed(0)
    w = torch.randn(3, 2, 5, 9, generator=g, dtype=torch.float64).requires_grad_()  # two conditions see the same
    b = (torch.randn(3, 2, 5, 1, generator=g, dtype=torch.float64) / 9).requires_grad_()
    x = torch.randn(3, 4, 9, generator=g, dtype=torch.float64)
    penalty = torch.tensor([0.5, 2.0], dtype=torch.float64).view(2, 1, 1)
    seen = x.transpose(1, 2).unsqueeze(1)  # (3, 1, 9, 4)
    h = torch.relu(w @ seen + b)
    e = seen - w.transpose(2, 3) @ h
    (e.square().sum(2) / 2 + (penalty * h).sum(2)).mean(2).sum().backward()
    dw, db = torch.full_like(w, np.nan), torch.full_like(b, np.nan)
    code = filters.gradient(w.detach(), b.detach(), x, penalty, dw, db)
    torch.testing.assert_close(code, h.detach())
    torch.testing.assert_close(dw, w.grad)
    torch.testing.assert_close(db, b.grad)


def test_filters_stay_of_unit_length_and_frames_are_of_one_network(coded):
    np.testing.assert_allclose(np.linalg.norm(coded.sheets.reshape(len(coded.steps), 16, -1), axis=2), 1, atol=1e-5)
    assert coded.steps[0] == 0
    assert coded.steps[-1] == 100


def gabor(p, k):
    y, x = np.mgrid[:k, :k] - (k - 1) / 2
    dx, dy = x - p[0], y - p[1]
    f = np.hypot(p[2], p[3])
    across, along = (p[2] * dx + p[3] * dy) / f, (p[2] * dy - p[3] * dx) / f
    window = np.exp(-((across / np.exp(p[4])) ** 2) / 2 - (along / np.exp(p[5])) ** 2 / 2)
    return window * (p[6] * np.cos(p[2] * dx + p[3] * dy) + p[7] * np.sin(p[2] * dx + p[3] * dy))


def test_a_gabor_function_is_recognised_with_its_direction_and_width():
    draws = np.random.default_rng(0)
    angles = draws.uniform(0, np.pi, 30)
    made = [gabor((*draws.uniform(-1, 1, 2), *(0.9 * np.array([np.cos(a), np.sin(a)])), np.log(2.0), np.log(3.0),
                   *draws.normal(size=2)), 12) for a in angles]  # fmt: skip
    fits = gabor_fit.fit(torch.tensor(np.array(made), dtype=torch.float32))
    assert fits.r2.min() > 0.97
    gap = np.abs(fits.angle.numpy() - angles)
    assert np.minimum(gap, np.pi - gap).max() < 0.1
    np.testing.assert_allclose(fits.width, 2, atol=0.35)


def test_the_fits_are_as_good_as_scipys(coded):
    """scipy's least squares, started where ours ends, finds next to nothing better."""
    for filt, fitted in list(zip(coded.sheets[-1], coded.fitted, strict=True))[:4]:
        unit = filt / np.linalg.norm(filt)
        ours = 1 - np.square(unit - fitted).sum()
        start = np.array([0, 0, 0.8, 0.1, 0.8, 0.8, 0.1, 0.1])
        scipys = least_squares(lambda p, u=unit: (gabor(p, 12) - u).ravel(), start, max_nfev=200)
        assert ours > 1 - 2 * scipys.cost - 0.03


def test_white_noise_filters_fit_no_gabor_function():
    noise = filters.unit_filters(50, 144, range(2)).view(-1, 12, 12)
    assert 0.05 < gabor_fit.fit(noise).r2.median() < 0.2


def test_a_picture_of_ones_own_is_learned_from():
    result = run(replace(QUICK, steps=1), own=scene(128, 128) / 255)
    assert result.own
    assert result.kurtosis != run(replace(QUICK, steps=1)).kurtosis


def test_an_upload_is_used_for_its_reader_alone():
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.switch_page("pages/24_gabor.py")
    app.query_params.update({"Gabor.steps": "1", "Gabor.filters": "16"})
    app.run()
    assert not app.exception
    credit = load("gabor")["words.credit"]
    assert credit in notes(app)
    app.file_uploader[0].set_value(("x.png", b"no picture", "image/png")).run()
    assert "not a picture" in app.error[0].value
    assert credit in notes(app)  # its photographs are used meanwhile
    content = file_of(Image.fromarray(scene()), "WEBP")  # told by what it is, not by its name
    app.file_uploader[0].set_value(("x.png", content, "image/png")).run()
    assert not app.exception
    assert any("your own photograph" in note for note in notes(app))
    assert credit not in notes(app)
    assert "own_result" in app.session_state


def notes(app):
    """What stands on the page in small type."""
    return [m.value.removeprefix(":small[").removesuffix("]") for m in app.markdown]


def test_the_photographs_are_credited_as_scikit_learn_says():
    """Their authors are told by the addresses there; the text beside flower.jpg's repeats the other's name."""
    told = sample_file("images/README.txt").read_text()
    credit = load("gabor")["words.credit"]
    for author, number in (("danielbuechele", "6061409035"), ("vultilion", "6056698931")):
        assert f"flickr.com/photos/{author}/{number}/" in told
        assert f"flickr.com/photos/{author}/{number}/) by {author}" in credit
    assert "https://creativecommons.org/licenses/by/2.0/" in told
    assert "https://creativecommons.org/licenses/by/2.0/" in credit


def test_other_ends_are_named(coded, told):
    none, every = np.zeros_like(coded.edge), np.ones_like(coded.edge)
    few = none.copy()
    few[1, :, :2] = True
    poor = replace(coded, edge=none, r2=np.zeros_like(coded.r2))
    assert main(replace(poor, active=coded.active * 0)).key == "silent"
    assert main(poor).key == "none"
    assert main(replace(coded, edge=few)).key == "some"
    assert main(replace(coded, edge=every & (np.arange(4) > 0)[:, None, None])).key == "some"
    odd = none.copy()
    odd[1, ::3, :8] = True  # half of the filters of four networks, none of the others
    assert main(replace(coded, edge=odd)).key == "unclear"
    assert main(replace(poor, r2=np.ones_like(coded.r2))).key == "waves"
    assert phase(poor).key == "nothing"
    coded = replace(coded, firing=np.ones_like(coded.firing))
    alike = every.copy()
    alike[0] = False
    assert phase(replace(coded, edge=alike)).key == "alike"
    assert need(replace(coded, edge=alike)).key == "need_no_sparsity"
    assert need(poor).key == "need_nothing"
    least = {"unclear": 0, "partly": 2, "most": 4}  # of 16 filters, without the cause; six of them in each repeat
    due = {"most": ("phase_matters", "need_sparsity")}
    for end, more in least.items():
        made = none.copy()
        made[1, :, : 6 + more] = True
        made[2:, :5, :12] = made[2:, 5:, :2] = not more
        made[2:, :, :6] |= bool(more)
        made = replace(coded, edge=made)
        assert (phase(made).key, need(made).key) == due.get(end, (end, f"need_{end}"))
    assert need(replace(coded, config=replace(QUICK, sparsity=0.0))).key == "need_none_chosen"
    marked = np.zeros_like(told.edge)
    assert phase(replace(told, edge=marked)).key == "nothing"
    marked = marked.copy()
    marked[1] = True
    assert phase(replace(told, edge=marked)).key == "labels_matter"
    marked[2] = True
    assert phase(replace(told, edge=marked)).key == "alike"
    every = np.ones_like(told.used)
    for more, key in ((0, "unclear"), (2, "partly"), (4, "labels_matter")):  # 6 of 8, 6 of 10 are left
        made = np.zeros_like(told.edge)
        made[1, :, : 6 + more] = True
        made[2, :5, :12] = made[2, 5:, :2] = not more
        made[2, :, :6] |= bool(more)
        assert phase(replace(told, edge=made, used=every)).key == key
    level = np.full((2, REPEATS), 0.5)
    assert need(replace(told, accuracy=level + np.array([[0.4], [0.0]]))).key == "need_task"
    assert need(replace(told, accuracy=level)).key == "need_task_failed"
    less = np.linspace(0.01, 0.03, REPEATS)  # the same shuffled labels for all: they can be worse than a guess
    assert need(replace(told, accuracy=level + np.stack([less, -less]))).key == "need_task_failed"


def test_what_counts_is_told_at_half_height():
    """A third of the patch is a standard deviation; a window is wider than that where it is half as high."""
    width = np.linspace(-0.5, 0.5, 10001)  # in patches
    wide = width[np.exp(-((width * 3) ** 2) / 2) >= 0.5]
    assert 0.78 < np.ptp(wide) < 0.79  # just under four fifths
    said = load("gabor")["why.text"]
    assert "standard deviation" in said
    assert "under four fifths" in said


def tiles(page, chart, side):
    """The pictures (M, side * side) of a sheet of eight columns, row by row; a gap of one cell between two."""
    sheet, step = np.asarray(page.charts[chart].data[0].z, float), side + 1
    page.held.add(chart)
    rows, columns = range(0, len(sheet), step), range(0, 8 * step, step)
    return np.array([sheet[r : r + side, c : c + side].ravel() for r in rows for c in columns])


def assert_the_conditions_are(page, result, names):
    """Each condition's share of edge detectors and R^2, among the filters that count, in the figure and its table."""
    edges = 100 * (result.edge & result.used).sum(2) / result.used.sum(2)  # (conditions, R)
    fits = 100 * np.nanmedian(np.where(result.used, result.r2, np.nan), 2)
    words = load("gabor")
    medians = np.median([edges, fits], 2).T
    called = words["figures.compared"] | {"shuffled": words["words.window.headings.shuffled"]}
    shown = {called[name]: both for name, both in zip(names, medians, strict=True)}
    page.holds("compared", shown, of="x")
    assert list(page.charts["compared"].layout.yaxis.ticktext) == words["figures.compared.groups"]
    for condition, rows in page.tables["compared"].groupby("condition"):
        np.testing.assert_allclose(rows.edge_detectors_percent, edges[condition])
        np.testing.assert_allclose(rows.median_r2_percent, fits[condition], rtol=1e-5)


def middle_window(length, side, stride):
    """Where the middle one of the windows begins that are `stride` apart, as many left out before them as behind."""
    starts = [s + (length - side) % stride // 2 for s in range(0, length - side + 1, stride)]
    return [s for s in starts if s + side <= length][len(starts) // 2]


def whitened_pair(name, seed):
    """A photograph and its scrambled twin, as the default run learns from them."""
    raw = photographs.photograph(name)
    twin = photographs.scrambled(raw, seed + 150 + photographs.NAMES.index(name))
    return photographs.whitened(raw), photographs.whitened(twin)


def shown_filters(sheet, count, side):
    """The filters (H, side * side) of a sheet, each from -100 to 100 hundredths of its own largest weight."""
    sheet = np.asarray(sheet)
    columns = (sheet.shape[1] + 1) // (side + 1)
    places = [divmod(k, columns) for k in range(count)]
    return np.array([sheet[y * (side + 1) :, x * (side + 1) :][:side, :side].ravel() for y, x in places])


def squares(trace):
    return int(np.isnan(np.asarray(trace.x, float)).sum())


def assert_the_window_is_the_sum(page, result):
    """The middle of the flower, anew from the photograph: the five strongest filters, how much of each, their sum."""
    chart, side, pairs = "window", 12, [whitened_pair(name, 0) for name in photographs.NAMES]
    said = page.numbers[chart]
    for row, (here, every) in enumerate((("here", "every"), ("here_control", "every_control"))):
        images = [pair[row] for pair in pairs]
        scale = photographs.patches(images, side, 8000, 0)[1]
        top, left = (middle_window(length, side, 20) for length in images[1].shape)
        x = images[1][top : top + side, left : left + side].ravel()
        x = (x - x.mean()) / scale
        w = result.networks[row].filters[-1].reshape(32, -1)
        h = np.maximum(w @ x + result.networks[row].biases[-1], 0)
        strongest = np.argsort(-h)[:5]
        total = h[strongest] @ w[strongest]
        assert said[here] == pytest.approx(1 - np.square(x - total).sum() / np.square(x).sum(), abs=0.01)
        trace = {t.name: t for t in page.charts[chart].data if t.name}
        assert trace[f"said {row}"].text[0].startswith(f"<b>{said[here]:.0%} explained")
        assert f"all windows: {said[every]:.0%}" in trace[f"said {row}"].text[0]
        for place, filt in enumerate(strongest):
            text, tile = trace[f"amounts {row}"].text[place], np.asarray(trace[f"part {row} {place}"].z, float)
            amount = float(text.rstrip("×").lstrip("<"))
            assert amount == pytest.approx(h[filt], abs=0.11)
            shown = 100 * w[filt] / np.abs(w[filt]).max() if h[filt] else np.zeros(side**2)
            np.testing.assert_allclose(tile.ravel(), shown, atol=0.51)
        np.testing.assert_allclose(
            np.asarray(trace[f"sum {row}"].z, float).ravel(),
            np.clip(100 * total / np.abs(x).max(), -100, 100),
            atol=2,
        )
        fired = (h > 0).sum()
        few = f"firing here: {fired} of 32 filters" if fired else "no filter fires here"
        assert trace[f"under {row}"].text[0] == (few if fired < 5 else "its five strongest filters")
        np.testing.assert_allclose(np.asarray(trace[f"window {row}"].z).ravel(), 100 * x / np.abs(x).max(), atol=2)
        scaled = 100 * w / np.abs(w).max(1, keepdims=True)
        np.testing.assert_allclose(shown_filters(trace[f"filters {row}"].z, 32, side), scaled, atol=0.51)
        assert squares(trace[f"counted {row} sheet"]) == result.edge[1 + row, 0].sum()
        edges = result.edge[1 + row, 0][np.argsort(-result.r2[1 + row, 0], kind="stable")]
        assert squares(trace[f"counted {row} sum"]) == edges[strongest[h[strongest] > 0]].sum()
        for ends, first in ((trace[f"box {row}"].x, left), (trace[f"box {row}"].y, top)):
            inner = 4 * (np.array([min(ends) + 2.5, max(ends) - 2.5]) + 0.5)  # every fourth pixel is drawn
            np.testing.assert_allclose(inner, (first, first + side))
        cut = np.concatenate([windows.cut(i, side, 20).reshape(-1, side**2) for i in images])
        cut = (cut - cut.mean(1, keepdims=True)) / scale
        code = np.maximum(cut @ w.T + result.networks[row].biases[-1], 0)
        code *= code >= np.sort(code, 1)[:, -5:-4]
        assert said[every] == pytest.approx(1 - np.square(cut - code @ w).sum() / np.square(cut).sum(), abs=0.002)
    assert len(page.charts[chart].to_json()) < 300_000
    page.held.add(chart)


def assert_the_votes_are(page, result):
    """The window in the middle of the flower, anew by torch's convolution; new ones are judged as the run says."""
    image = whitened_pair("flower", 0)[0]
    top, left = (middle_window(length, 26, 32) for length in image.shape)
    x = torch.tensor(image[top : top + 26, left : left + 26], dtype=torch.float32)[None, None]
    trace = {t.name: t for t in page.charts["votes"].data if t.name}
    for row, name in enumerate(("here", "here_control")):
        net = windows.Network(*(torch.tensor(values[-1]) for values in result.networks[row]))
        h = torch.relu(torch.conv2d(x, net.filters[:, None], net.biases, stride=3)).mean((0, 2, 3))
        votes = (h * net.votes).numpy()
        sure = 1 / (1 + np.exp(-votes.sum() - float(net.leaning)))
        assert page.numbers["votes"][name] == pytest.approx(sure, abs=0.02)
        strongest = votes[np.argsort(-np.abs(votes))[:5]]
        shown = [float(text.replace("\N{MINUS SIGN}", "-")) for text in trace[f"amounts {row}"].text]
        np.testing.assert_allclose(shown, strongest, atol=0.03)
        pairs = [whitened_pair(picture, 0) for picture in photographs.NAMES]
        new = [photographs.cuttings([pair[k] for pair in pairs], 26, 200, 500).numpy() for k in range(2)]
        real = [[windows.judged(result.networks[row], one, 3).share[-1] > 0.5 for one in each] for each in new]
        assert (np.mean(real[0]) + 1 - np.mean(real[1])) / 2 == pytest.approx(result.accuracy[row, 0])
        assert squares(trace[f"counted {row} sheet"]) == (result.edge & result.used)[1 + row, 0].sum()
    page.held.add("votes")


def test_the_first_networks_are_those_that_were_trained(coded):
    """Trained alone they have the same filters, each with its own bias."""
    pairs = [whitened_pair(name, 0) for name in photographs.NAMES]
    seeds = seeds_of(0, REPEATS)
    start = filters.unit_filters(16, 144, seeds)[:1]
    for row, network in enumerate(coded.networks):
        rows = photographs.patches([pair[row] for pair in pairs], 12, 8000, 0)[0]
        w, b, _ = filters.sparse_code([rows], [[3.0]], start, 100, seeds[:1], frames=[100])
        order = np.linalg.norm(network.filters[-1].reshape(16, 1, -1) - w[0, 0].numpy(), axis=2).argmin(1)
        assert sorted(order) == list(range(16))
        np.testing.assert_allclose(network.filters[-1].reshape(16, -1), w[0, 0][order], atol=1e-4)
        np.testing.assert_allclose(network.biases[-1], b[0, 0][order], atol=1e-4)


def test_a_click_means_the_window_that_it_lies_in(coded):
    for number, one in enumerate(coded.scenes):
        x, y = hero.points(one)
        for place in (0, 37, len(x) - 1):
            box = coded.window(number, divmod(place, len(one.left)))[0].drawn()["box"]
            assert box[0] < x[place] < box[2]
            assert box[1] < y[place] < box[3]


def test_where_few_filters_fire_or_none_the_picture_says_so(coded, told):
    say = load("gabor").say
    row = coded.window(0, (0, 0))[0]
    for fired, said in ((5, "its five strongest filters"), (2, "firing here: 2 of 16 filters"),
                        (0, "no filter fires here")):  # fmt: skip
        amounts = np.where(np.arange(5) < fired, 0.5, 0.0) * np.ones_like(row.made.amounts)
        made = row._replace(made=row.made._replace(amounts=amounts))
        assert set(made.under(say, "window")) == {said}
    votes = told.window(0, (0, 0))[0]
    assert set(votes.under(say, "votes")) == {"the five weightiest votes"}


def test_the_window_moves_by_the_keyboard_and_the_sum_with_it():
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.switch_page("pages/24_gabor.py")
    app.query_params.update({"Gabor.steps": "1", "Gabor.filters": "16"})
    app.run()

    def boxes():
        traces = json.loads(app.get("plotly_chart")[0].proto.spec)["data"]
        return [trace["x"][0] for trace in traces if trace.get("name", "").startswith("box")]

    middle = boxes()
    app.slider(key="window_across_(21, 32)").set_value(1).run()
    assert not app.exception
    assert all(now < before / 10 for now, before in zip(boxes(), middle, strict=True))
    app.segmented_control(key="window_picture").set_value("china").run()
    assert not app.exception


def test_what_is_kept_for_the_window_is_small(coded, told):
    assert len(pickle.dumps(coded)) < 750_000
    assert len(pickle.dumps(told)) < 1_200_000


def test_every_chart_shows_the_runs_numbers(default):
    with drawn("gabor") as page:
        assert_the_window_is_the_sum(page, default)
        assert_the_conditions_are(page, default, ("untrained", "learned", "scrambled", "dense"))
        assert_the_filters_are(page, default)


def assert_the_filters_are(page, result):
    """Gabor functions in the order of the filters, best fit first, and in the table below."""
    side = result.fitted.shape[1]
    learned, fitted = result.sheets[-1].reshape(len(result.fitted), -1), tiles(page, "fitted", side)
    best = -np.sort(-result.r2[1, 0])
    unit = learned / np.linalg.norm(learned, axis=1, keepdims=True)
    np.testing.assert_allclose(1 - np.square(unit - fitted).sum(1), best, atol=1e-5)
    np.testing.assert_array_equal(page.tables["fitted"].r2, best)
    assert page.tables["fitted"].edge_detector.sum() == result.edge[1, 0].sum()


def test_the_other_task_has_shuffled_labels_for_a_control(told, monkeypatch):
    """The page is given the run that the tests above look at, which saves training it once more."""
    monkeypatch.setattr(experiment("gabor"), "run", lambda config, *_, **__: replace(told, config=config))
    settings = {f"Gabor.{name}": str(getattr(told.config, name)) for name in ("task", "sparsity", "filters", "steps")}
    with drawn("gabor", **settings) as page:
        assert_the_votes_are(page, told)
        assert_the_conditions_are(page, told, ("untrained", "learned", "shuffled"))
        assert_the_filters_are(page, told)


@pytest.mark.parametrize("task", ["default", "told"])
def test_the_verdicts_say_the_tables_numbers(task, request):
    result = request.getfixturevalue(task)
    found = {name: verdict.numbers for name, verdict in verdicts(result).items()}
    medians = result.table().groupby("condition").median()
    edges, fits = medians.edge_detectors_percent, medians.median_r2_percent / 100
    said = {
        "untrained": edges[0], "edges": edges[1], "control": edges[2], "r2": fits[1],
        "active": np.median(result.active[0]), "firing": np.median(result.firing[1]),
        "kurtosis": result.kurtosis[0], "kurtosis_control": result.kurtosis[1],
    }  # fmt: skip
    for numbers in found.values():
        assert {name: numbers[name] for name in said} == pytest.approx(said)
    if task == "told":
        right, shuffled = np.median(result.accuracy, 1)
        assert (found["need"]["accuracy"], found["need"]["shuffled"]) == (right, shuffled)
    else:
        assert found["need"]["dense"] == edges[3]


def test_the_network_to_take_home_is_the_pictures(default, told):
    filters_, end = default.networks[0], default.network
    np.testing.assert_array_equal(end["layer1.weight"].reshape(filters_.filters[-1].shape), filters_.filters[-1])
    np.testing.assert_array_equal(end["layer1.bias"], filters_.biases[-1])
    scene_ = told.scenes[0]
    row = told.window(0, (0, 0))[0]  # what the page says of a window, and the same by torch
    taken = {k: torch.from_numpy(v) for k, v in told.network.items()}
    x = torch.from_numpy(scene_.seen(0)[0, 0]).float()[None, None]
    h = torch.nn.functional.conv2d(x, taken["layer1.weight"], taken["layer1.bias"], stride=3).relu().mean((2, 3))
    real = (h @ taken["layer2.weight"].T + taken["layer2.bias"]).softmax(1)[0, 0].item()
    assert real == pytest.approx(row.made.share[-1], abs=1e-5)


def test_every_sentence_is_chosen_by_a_test():
    assert not unchosen("gabor")
