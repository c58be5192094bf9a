"""Many readers on a small machine: whoever leaves stops the training, and whoever waits is told so and is served."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks.reader import Reader
from benchmarks.server import running_process
from lib.words import load

LONG = (
    "NegativeWeights.network=cnn&NegativeWeights.steps=600&NegativeWeights.repeats=16&NegativeWeights.activation=tanh"
)
MIDDLE = "NegativeWeights.network=cnn&NegativeWeights.steps=30"
LOOK = 2.0  # seconds


@pytest.fixture(scope="module")
def machine():
    with running_process() as found:
        yield found


def busy(process):
    """Seconds of processor time that a process takes in LOOK seconds."""

    def used():
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    before = used()
    time.sleep(LOOK)  # nothing can be waited for: that nothing happens is the point
    return used() - before


def test_a_reader_who_leaves_stops_his_training(machine):
    address, process = machine
    readers = [Reader(address) for _ in range(3)]
    for k, reader in enumerate(readers):
        reader.page, reader.query = "negative_weights", f"{LONG}&NegativeWeights.seed={k}"
        reader.ask()
    for reader in readers:  # until the bar is there: the training is under way, or waits for a place
        reader.listen(time.perf_counter(), lambda m: m.delta.new_element.WhichOneof("type") == "progress")
    training = busy(process)
    for reader in readers:
        reader.leave()
    assert any(busy(process) < training / 4 for _ in range(3))  # what is not stopped goes on for longer than this
    with Reader(address) as next_one:  # and both places are free
        assert any("negative weights" in t for t in next_one.open("negative_weights").texts)


def test_more_trainings_than_places_wait_and_all_of_them_end(machine):
    address, _ = machine

    def visit(k):
        with Reader(address) as reader:
            return reader.open("negative_weights", f"{MIDDLE}&NegativeWeights.seed={20 + k}")

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(visit, range(6)))
    waiting = load("app")["training.waiting"].partition("{")[0]
    assert all(answer.figures for answer in found)
    assert any(t.startswith(waiting) for answer in found for t in answer.texts)  # five of 50 MB are let in
