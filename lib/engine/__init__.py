"""Ensembles of small networks, each trained as one tensor program. Torch only; nothing here draws.

Axis letters, used in every trailing shape comment below this folder:

    E   members of the ensemble, E = C * R, condition by condition
    C   conditions that are compared            R   repeats (starting draws) of each condition
    S   remembered steps                        N   samples of one batch, ALWAYS THE LAST AXIS of an activation
    I   inputs of a layer                       O   outputs of a layer (H hidden units)
    K   channels of a convolution               P   parameters of one member

Samples last is a measured choice: bias sums and thin output layers are several times faster than with samples
first. Every gradient is written out beside its forward pass (`layers.py`) and held to autograd by a test.

The modules are imported when they are first used (PEP 562), so that a page can show its words and controls
before torch, two seconds of import on a small machine, is needed: `from lib import engine`, then
`engine.train.train(...)` inside `run`. Three modules need no torch at all and are imported by their names: `neuron`,
one linear neuron, `units`, hidden layers computed unit by unit, and `signals`, what is left of those sent through
layers, all in numpy.
"""

import importlib
import os
from types import ModuleType
from typing import TYPE_CHECKING

import numpy  # noqa: F401  (its BLAS has to be loaded before it can be kept to one thread)
from threadpoolctl import threadpool_limits

# Whose threads wait for each other spinning: two processes with two threads each on two cores took forty times as
# long as with one each. And where work is split between threads, sums round differently, so that a result would
# depend on the machine's cores.
threadpool_limits(1, "blas")
os.environ["OPENBLAS_NUM_THREADS"] = "1"  # scipy brings its own, which is loaded later

if TYPE_CHECKING:
    from lib.engine import (
        activations,
        batches,
        cnn,
        coder,
        damage,
        data,
        deconvnet,
        divergence,
        gabor,
        images,
        inits,
        landscape,
        layers,
        matching,
        measure,
        mlp,
        monotone,
        offset,
        optimisers,
        photographs,
        points,
        program,
        propagation,
        ranks,
        rewriting,
        tasks,
        train,
        tuning,
    )

__all__ = [
    "activations",
    "batches",
    "cnn",
    "coder",
    "damage",
    "data",
    "deconvnet",
    "divergence",
    "gabor",
    "images",
    "inits",
    "landscape",
    "layers",
    "matching",
    "measure",
    "mlp",
    "monotone",
    "offset",
    "optimisers",
    "photographs",
    "points",
    "program",
    "propagation",
    "ranks",
    "rewriting",
    "tasks",
    "train",
    "tuning",
]


def __getattr__(name: str) -> ModuleType:
    """Import a module of the engine at its first use, and keep torch to one thread.

    One thread because on tensors of this size two threads gain at most 1.2-1.5 times on an idle machine and lose
    10-40 times on a busy one; the second core belongs to the second reader.
    """
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import torch

    torch.set_num_threads(1)
    return importlib.import_module(f"{__name__}.{name}")
