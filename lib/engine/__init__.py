"""Ensembles of small networks, each trained as one tensor program. Torch only; nothing here draws.

Axis letters, used in every trailing shape comment below this folder:

    E   members of the ensemble, E = C * R, condition by condition
    C   conditions that are compared            R   repeats (starting draws) of each condition
    S   recorded steps                        N   samples of one batch, ALWAYS THE LAST AXIS of an activation
    I   inputs of a layer                       O   outputs of a layer (H hidden units)
    K   channels of a convolution               P   parameters of one member

Samples last is a measured choice: bias sums and thin output layers are several times faster than with samples
first. Every gradient is written out beside its forward pass (`layers.py`) and held to autograd by a test.
"""

import numpy  # noqa: F401  (its BLAS has to be loaded before it can be kept to one thread)
from threadpoolctl import threadpool_limits

threadpool_limits(1, "blas")  # numpy may have been loaded before `lib` could tell it so
