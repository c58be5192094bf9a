"""Every question gives the same bits in two processes, whatever their threads, hashes, order and load.

Streamlit's cache, the links and the three servers behind nginx rest on it. (Another processor may differ: torch picks
its kernels by what the processor can do.)
"""

import dataclasses
import hashlib
import os
import pickle
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from catalogue import ROOT, SLUGS, config_class

from lib.question import find

CALM = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONHASHSEED": "1"}
BUSY = {"OMP_NUM_THREADS": "4", "OPENBLAS_NUM_THREADS": "4", "MKL_NUM_THREADS": "4", "PYTHONHASHSEED": "2"}


def short(slug):
    """A page's default, but trained as short and as seldom as the page offers."""
    cls = config_class(slug)
    return cls(**{item.name: item.among[0] for item in cls.choices() if item.name in ("steps", "repeats")})


def digest(slug):
    """A hash of a short run: every number of its result and of its verdicts but a clock's."""
    result, verdicts = find(slug).answer(short(slug))
    if hasattr(result, "seconds"):
        result = dataclasses.replace(result, seconds=())
    said = {name: (v.key, sorted(v.numbers.items())) for name, v in verdicts.items()}
    return hashlib.sha256(pickle.dumps((result, said))).hexdigest()


def load(ended, seed=0):
    """Keep a core busy with matrix products, and memory in pieces of every size, so that arrays lie elsewhere."""
    draws, kept = np.random.default_rng(seed), []
    while not ended.wait(0.001):
        kept = [*kept[-50:], draws.random(int(draws.integers(1, 20_000)))]
        _ = kept[-1][:100, None] @ kept[-1][None, :100]


def calm():
    """Print each question's hash, in their order."""
    for slug in SLUGS:
        print(slug, digest(slug), flush=True)


def busy():
    """The same in the other order, two questions at a time, beside a thread that is never still."""
    ended = threading.Event()
    noise = threading.Thread(target=load, args=(ended,))
    noise.start()
    try:
        with ThreadPoolExecutor(2) as pool:
            for slug, found in zip(reversed(SLUGS), pool.map(digest, reversed(SLUGS)), strict=True):
                print(slug, found, flush=True)
    finally:
        ended.set()
        noise.join()


@pytest.fixture(scope="module")
def found():
    """Both processes' hashes, by question."""

    def lines(name, told):
        paths = os.pathsep.join(map(str, (ROOT / "tests", ROOT)))
        command = [sys.executable, "-c", f"import test_bits; test_bits.{name}()"]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | told | {"PYTHONPATH": paths},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return dict(line.split() for line in done.stdout.splitlines())

    return lines("calm", CALM), lines("busy", BUSY)


@pytest.mark.parametrize("slug", SLUGS)
def test_two_processes_give_the_same_bits(found, slug):
    one, other = found
    assert one[slug] == other[slug]


def test_the_hash_sees_a_last_bit(monkeypatch):
    question = find("zigzag")
    once, run = digest("zigzag"), question.experiment.run
    assert digest("zigzag") == once

    def nudged(config, progress=None):
        result = run(config, progress)
        result.length.flat[-1] = np.nextafter(result.length.flat[-1], np.inf)
        return result

    monkeypatch.setattr(question.experiment, "run", nudged)
    assert digest("zigzag") != once
