"""One member's parameters as arrays by name, as a file of weights holds them."""

from collections.abc import Sequence

from torch import Tensor

from lib.engine.program import Network
from lib.types import Array

PLACES = {
    "weight": "layer{}.weight",
    "filters": "layer{}.weight",
    "bias": "layer{}.bias",
    "gain": "norm{}.weight",
    "shift": "norm{}.bias",
}
KERNEL = (3, 3)


def named(network: Network, params: Sequence[Tensor], member: int = 0) -> dict[str, Array]:
    """Return a member's parameters as torch's own layers would have them.

    layer1.weight (O, I) or, of a convolution, (O, K, 3, 3); layer1.bias (O,); norm1.weight and norm1.bias (O,); ...
    """
    found, layer = dict[str, Array](), 0
    for (name, shape), values in zip(network.shapes(), params, strict=True):
        layer += name in ("weight", "filters")
        whole = (shape[0], -1, *KERNEL) if name == "filters" else shape
        found[PLACES[name].format(layer)] = values[member].detach().reshape(whole).numpy().copy()
    return found
