"""The page of a reader's own network and its command: a file goes in, true sentences come out, nothing is kept."""

import html
import io
import pickle
import re
import subprocess
import sys
from functools import cache

import numpy as np
import pytest
import torch
from catalogue import ROOT
from playwright.sync_api import expect
from reader import SLOW, opened, plotted, settled, troubles, verdict
from safetensors import numpy as safetensors

from lib.engine import data, mlp
from lib.engine.measure import accuracy
from lib.question import find
from lib.ui.your_network import FAULT, _histograms, as_text
from lib.words import load
from lib.your_network import saying, specimens
from lib.your_network.config import SPECIMENS, YourNetwork
from lib.your_network.contract import File
from lib.your_network.question import Refusal, asking

WORDS = load("your_network")
FAULTS = {  # what each of our own networks must be found to have, and in which layer
    "never_loaded": ("never_loaded", "layer2.weight"),
    "equal_start": ("twins", "layer1.weight"),
    "dead": ("dead_rows", "layer1.weight"),
    "held": ("held_above", "layer1.weight"),
    "pruned": ("zeros", "layer1.weight"),
}
# What follows from a fault: equal units stay on one side of zero, and pruning may silence whole units.
FOLLOWS = {"equal_start": {"held_above", "held_below"}, "pruned": {"dead_rows"}, "dead": {"zeros"}, "held": {"zeros"}}


def examined(own=None, **settings):
    return ours(**settings) if own is None else asking().answer(YourNetwork(**settings), own=own).result


@cache
def ours(**settings):
    return asking().answer(YourNetwork(**settings)).result


def faults(found):
    return {(one.key, one.layer) for one in found.findings if one.weight >= FAULT}


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("specimen", SPECIMENS)
def test_each_of_our_networks_is_found_to_have_its_fault_and_no_other(specimen, seed):
    told = faults(examined(specimen=specimen, seed=seed))
    if specimen == "trained":
        assert told == set()
    else:
        assert FAULTS[specimen] in told
    others = {key for name, (key, _) in FAULTS.items() if name != specimen}
    assert {key for key, _ in told} & others <= FOLLOWS.get(specimen, set())


def test_the_healthy_one_has_learned_the_digits():
    params = [torch.from_numpy(array)[None] for array in specimens.arrays(YourNetwork()).values()]
    assert accuracy(mlp.MLP((64, 32, 32, 10)), params, data.digits().test).item() > 0.9


@pytest.mark.parametrize("specimen", SPECIMENS)
def test_every_sentence_can_be_said_and_its_page_is_there(specimen):
    for one in examined(specimen=specimen).findings:
        assert "{" not in saying.finding(WORDS, one, str)
        assert not one.question or find(one.question).slug == one.question


def test_the_file_that_is_given_home_is_examined_alike():
    ours = examined(specimen="pruned")
    again = examined(File("mine.safetensors", ours.file))
    assert again.findings == ours.findings
    assert again.name == "mine.safetensors"


def test_a_report_holds_none_of_the_files_arrays():
    """A reader's session keeps it."""
    large = {"w": np.random.default_rng(0).normal(size=(2000, 2000)).astype(np.float32)}
    found = examined(File("large.safetensors", safetensors.save(large)))
    assert found.weights == 4_000_000
    assert len(pickle.dumps(found)) < 200_000


def test_what_a_file_says_is_never_markup():
    name = "**b**[x](http://example.org)<img src=x>:red[y]$z$"
    found = examined(File("x.safetensors", safetensors.save({name: np.zeros((20, 30), np.float32)})))
    said = [saying.finding(WORDS, one, as_text) for one in found.findings]
    assert any(r"\[x\]\(http" in sentence for sentence in said)
    bare = [re.sub(r"\\.", "", sentence) for sentence in said]  # without what a backslash takes its meaning from
    assert not any(bad in sentence for sentence in bare for bad in ("<", "](", ":red", "$", "**b"))


def test_a_name_above_a_picture_is_no_markup_either():
    """Plotly would make a link of it."""
    name = '<a href="http://example.org">x</a>'
    found = examined(File("x.safetensors", safetensors.save({name: np.ones((20, 30), np.float32)})))
    shown = [note.text for note in _histograms(WORDS, list(found.shapes)).layout.annotations]
    assert not any("<a" in text for text in shown)
    assert any(html.unescape(text).endswith(name[-39:]) for text in shown)


def test_a_file_that_is_not_read_is_refused_with_a_sentence():
    found = examined(File("x.pt", pickle.dumps({"a": 1})))
    assert found == Refusal("pickle", {})
    assert "pickle" in saying.refusal(WORDS, found.key, found.numbers, as_text)


def test_what_is_not_read_is_said_to_be_left_out_and_why():
    file = io.BytesIO()
    np.savez(file, coefs=np.array([np.zeros((2, 3)), np.zeros((3, 4))], dtype=object))
    found = examined(File("mlp.npz", file.getvalue()))
    told = saying.refusal(WORDS, found.key, found.numbers, str)
    assert told.endswith(f"Left out: 1, such as 'coefs': {WORDS['skipped.objects']}.")


def ran(*arguments):
    code = [sys.executable, "-m", "lib", "your_network", *arguments]
    return subprocess.run(code, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_command_says_the_same_and_writes_the_table(tmp_path):
    file, table = tmp_path / "w.safetensors", tmp_path / "layers.csv"
    file.write_bytes(examined(specimen="held").file)
    done = ran(str(file), "--csv", str(table))
    said = [line.removeprefix("- ") for line in done.stdout.splitlines()]
    found = examined(specimen="held").findings
    assert said[: len(found)] == [saying.finding(WORDS, one, str).replace("**", "") for one in found]
    assert table.read_text().splitlines()[1].startswith("layer1.weight,")


@pytest.mark.parametrize(("content", "said"), [(b"", "empty"), (None, "cannot be read")])
def test_the_command_refuses_with_one_sentence(tmp_path, content, said):
    file = tmp_path / "w.pt"
    if content is not None:
        file.write_bytes(content)
    done = ran(str(file))
    assert done.returncode != 0
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def bring(page, file):
    page.set_input_files("input[type=file]", file)
    settled(page)


def test_a_reader_brings_a_file_and_another_and_takes_it_away(browser, server, tmp_path):
    good, bad = tmp_path / "mine.safetensors", tmp_path / "bad.pt"
    good.write_bytes(examined(specimen="never_loaded").file)
    bad.write_bytes(pickle.dumps({"weight": [1.0]}))
    page = opened(browser, f"{server}/your_network")
    plotted(page)
    assert "None of the faults" in verdict(page)
    bring(page, good)
    expect(page.locator(".st-key-verdict")).to_contain_text("layer2.weight still looks as it was drawn", timeout=SLOW)
    expect(page.locator(".st-key-rest")).to_contain_text("It was not trained, or not loaded", timeout=SLOW)
    with page.expect_download() as download:
        page.get_by_role("button", name="Numbers (CSV)").click()
    assert download.value.suggested_filename == "mine-layers.csv"
    bring(page, bad)
    expect(page.locator(".st-key-verdict")).to_contain_text("Python pickle", timeout=SLOW)
    page.get_by_role("button", name="Remove").first.click()
    settled(page)
    expect(page.locator(".st-key-verdict")).to_contain_text("None of the faults", timeout=SLOW)
    assert troubles(page) == []
    page.context.close()


def test_many_findings_of_one_kind_are_told_three_times_and_named():
    rng = np.random.default_rng(0)
    weights = {f"layer{k}.weight": rng.normal(0, 0.1, (40, 50)).astype(np.float32) for k in range(8)}
    for array in weights.values():
        array[:3] = 0
    found = examined(File("dead.safetensors", safetensors.save(weights)))
    dead = [one for one in found.findings if one.key == "dead_rows"]
    rest = [one.numbers for one in found.findings if one.key == "more" and "layer" in str(one.numbers["layers"])]
    assert len(dead) == 3
    assert rest[0]["count"] == 5
    names = {one.layer for one in dead} | set(str(rest[0]["layers"]).split(", "))
    assert names == set(weights)


def told_of_edges(filters):
    content = safetensors.save({"conv1.weight": filters.astype(np.float32)})
    return next(one.numbers for one in examined(File("conv.safetensors", content)).findings if one.key == "edges")


def test_edge_detectors_are_told_from_the_same_pixels_shuffled():
    """Gabor functions are; noise has no more of them than its own pixels shuffled."""
    rng, places = np.random.default_rng(0), np.arange(11) - 5
    x, y = np.meshgrid(places, places)
    angles, widths = rng.uniform(0, np.pi, 32), rng.uniform(1.2, 2.0, 32)
    across = x[None] * np.cos(angles)[:, None, None] + y[None] * np.sin(angles)[:, None, None]
    window = np.exp(-(x**2 + y**2)[None] / (2 * widths**2)[:, None, None])
    gabor = told_of_edges((window * np.cos(1.2 * across))[:, None])
    assert gabor["edges"] > 0.9
    assert gabor["control"] < 0.1
    noise = told_of_edges(rng.normal(size=(32, 1, 11, 11)))
    assert noise["edges"] < 0.1


def test_a_first_layer_of_zeros_has_no_edge_detectors():
    assert told_of_edges(np.zeros((16, 1, 7, 7)))["edges"] == 0.0


def test_exact_zeros_count_on_neither_side():
    """A picture that called them positive would say of a pruned layer that its weights are."""
    for shape in examined(specimen="pruned").shapes:
        assert shape.negative + shape.positive == pytest.approx(specimens.LEFT, abs=0.01)


@pytest.mark.parametrize("specimen", SPECIMENS)
def test_the_verdict_is_the_same_for_other_start_numbers(specimen):
    told = [{key for key, _ in faults(examined(specimen=specimen, seed=seed))} for seed in range(10)]
    wanted = set() if specimen == "trained" else {FAULTS[specimen][0]}
    assert all(wanted <= each and (wanted or not each) for each in told)
