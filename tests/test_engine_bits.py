"""A training is a pure function: the same bits again, whatever runs beside it, ran before it, or how many threads."""

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from threadpoolctl import threadpool_info
from trainings import NET, SEEDS, run, same

from lib.engine import cnn, inits, measure, mlp
from lib.engine.optimisers import OPTIMISERS, Flat
from lib.engine.progress import Stopped
from lib.engine.train import Recipe, Record

# More numbers than torch gives to one thread (32 768), and odd ones, so that vector registers end half full.
WIDE = mlp.MLP((6, 211, 67, 3), "sigmoid")
CASES = [
    (NET, Recipe(steps=40, optimiser="adam", lr=0.02, batch=16)),
    (mlp.MLP((6, 16, 16, 3), "tanh", norm="batch"), Recipe(steps=40, optimiser="momentum", lr=0.05)),
    (cnn.CNN((4, 4), (True, False), "relu", 6, 3), Recipe(steps=20, lr=0.1, batch=16, clip=1.0)),
    (mlp.MLP((6, 64, 3), "gelu", norm="layer"), Recipe(steps=40, optimiser="adamw", lr=0.01, decay=0.1)),
    (WIDE, Recipe(steps=6, optimiser="adam", lr=0.01)),
    (mlp.MLP((6, 311, 35, 3), "elu", norm="batch"), Recipe(steps=6, optimiser="momentum", lr=0.01)),
]


@pytest.fixture(scope="module")
def alone():
    return [run(recipe, network=network) for network, recipe in CASES]


def test_same_bits_again_whatever_the_global_seed(alone):
    torch.manual_seed(99)
    before = torch.random.get_rng_state()
    assert all(same(run(r, network=n), a) for (n, r), a in zip(CASES, alone, strict=True))
    assert torch.equal(torch.random.get_rng_state(), before), "the global generator was used"


def test_same_bits_whatever_number_of_threads_torch_was_told(alone):
    try:
        for (network, recipe), expected in zip(CASES, alone, strict=True):
            torch.set_num_threads(2)
            assert same(run(recipe, network=network), expected)
    finally:
        torch.set_num_threads(1)


def test_measurements_have_the_same_bits_with_two_threads(alone):
    x = torch.rand(301, 6, generator=torch.Generator().manual_seed(0))
    once = measure.outputs(WIDE, alone[4].params, x)
    try:
        torch.set_num_threads(2)
        assert torch.equal(measure.outputs(WIDE, alone[4].params, x), once)
    finally:
        torch.set_num_threads(1)


def test_same_bits_in_four_trainings_at_once(alone):
    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            jobs = [pool.submit(run, r, network=n) for n, r in CASES]
            assert all(same(j.result(), a) for j, a in zip(jobs, alone, strict=True))


def digest(histories):
    return hashlib.sha256(b"".join(p.numpy().tobytes() for h in histories for p in h.params)).hexdigest()


def test_same_bits_in_another_process_that_has_two_threads(alone):
    code = "import test_engine_bits as t; print(t.digest([t.run(r, network=n) for n, r in t.CASES]))"
    tests = Path(__file__).parent
    env = {**os.environ, "OMP_NUM_THREADS": "2", "PYTHONPATH": os.pathsep.join([str(tests), str(tests.parent)])}
    other = subprocess.run([sys.executable, "-c", code], env=env, check=True, capture_output=True, text=True)
    assert other.stdout.strip() == digest(alone)


@pytest.mark.parametrize("case", range(len(CASES)))
def test_a_member_does_not_depend_on_its_neighbours(case, alone):
    network, recipe = CASES[case]
    one = run(recipe, seeds=[SEEDS[2]], network=network)
    for p, q in zip(one.params, alone[case].params, strict=True):
        torch.testing.assert_close(p[0], q[2], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("optimiser", ["adam", "adamw"])
def test_rounding_noise_in_a_bias_before_batch_norm_is_not_blown_up(optimiser):
    """BatchNorm subtracts the bias before it, whose gradient is zero; Adam would make steps of its rounding."""
    net = mlp.MLP((6, 51, 3), "sigmoid", norm="batch")
    recipe = Recipe(steps=30, optimiser=optimiser, lr=0.01, batch=10)
    many, one = run(recipe, network=net), run(recipe, seeds=[SEEDS[1]], network=net)
    assert not many.params[1].any(), "it starts at zero and has no reason to move"
    for p, q in zip(one.params, many.params, strict=True):
        torch.testing.assert_close(p[0], q[1], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", OPTIMISERS)
@pytest.mark.parametrize("count", [1, 15, 37])
def test_equal_weights_with_equal_gradients_stay_equal(name, count):
    """Wherever in the vector they stand: what symmetric starts stay rests on it."""
    draws = torch.Generator().manual_seed(0)
    for _ in range(5):
        value, grad = torch.full((count,), 0.3), torch.empty(count)
        update = OPTIMISERS[name](Flat(value, grad, [value.view(1, -1)]), 0.01, 0.1)
        for _ in range(200):
            grad.fill_(torch.randn((), generator=draws).item())
            update(1.0)
        assert value[0] != 0.3
        assert (value == value[0]).all()


def test_draws_do_not_depend_on_the_ensemble():
    for scheme in inits.SCHEMES:
        many = inits.start(NET, inits.Init(scheme), [1, 2, 3])
        few = inits.start(NET, inits.Init(scheme), [3])
        assert all(torch.equal(p[2:], q) for p, q in zip(many, few, strict=True))


def test_remembering_changes_nothing(alone):
    seen = {"w": Record(lambda m: m.params[0]), "loss": Record(lambda m: m.loss(), [0, 3, 40])}
    noisy = run(CASES[1][1], network=CASES[1][0], record=seen)
    assert same(noisy, alone[1])
    assert noisy.values["w"].shape == (41, 4, 16, 6)
    assert noisy.steps["loss"] == [0, 3, 40]


def test_subnormal_numbers_are_flushed_while_training_and_only_then():
    def tiny():
        return (torch.full((64,), 1e-30) * 1e-10).any().item()

    inside = []
    run(Recipe(steps=2), project=lambda params: inside.append(tiny()))
    assert inside == [False, False]
    assert tiny()
    with pytest.raises(Stopped):
        run(progress=lambda done, total: True)
    assert tiny()


def blas_threads():
    """How many threads the matrix products and decompositions of numpy and scipy may use."""
    import scipy.linalg  # noqa: F401  (brings a BLAS of its own)

    return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]


def test_numpy_and_scipy_keep_to_one_thread_whatever_they_were_told():
    code = "import lib.questions.null_space.experiment, test_engine_bits as t; print(t.blas_threads())"
    tests = Path(__file__).parent
    env = {**os.environ, "OPENBLAS_NUM_THREADS": "2", "PYTHONPATH": os.pathsep.join([str(tests), str(tests.parent)])}
    told = subprocess.run([sys.executable, "-c", code], env=env, check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "[1, 1]"
