"""Starting weights: the named schemes, drawn by `torch.nn.init` with one generator per member.

A member's draws depend on its own seed alone, never on the ensemble it is part of, so that conditions can start
from the same draws: `he`, `he` with half the gain and `he` made non-negative all scale the same normal numbers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Generator, Tensor, nn

from lib.engine.program import Network

Draw = Callable[[Tensor, Generator], object]

SCHEMES: dict[str, Draw] = {  # each fills one member's weight (out, in) or (out, in, 3, 3); `gain` scales it after
    "zeros": lambda w, g: nn.init.zeros_(w),
    "constant": lambda w, g: nn.init.ones_(w),
    "uniform": lambda w, g: nn.init.uniform_(w, -1, 1, generator=g),
    "normal": lambda w, g: nn.init.normal_(w, generator=g),
    # Glorot and Bengio 2010, eq. 16: U(-a, a), a^2 = 6 / (fan_in + fan_out)
    "xavier": lambda w, g: nn.init.xavier_uniform_(w, generator=g),
    # He et al. 2015, eq. 10: N(0, 2 / fan_in)
    "he": lambda w, g: nn.init.kaiming_normal_(w, nonlinearity="relu", generator=g),
    # LeCun et al. 1998, eq. 16: N(0, 1 / fan_in)
    "lecun": lambda w, g: nn.init.kaiming_normal_(w, nonlinearity="linear", generator=g),
    # Glorot and Bengio 2010, eq. 1, and torch.nn.Linear to this day: U(-a, a), a^2 = 1 / fan_in
    "standard": lambda w, g: nn.init.kaiming_uniform_(w, a=5**0.5, generator=g),
    # Saxe, McClelland and Ganguli 2014
    "orthogonal": lambda w, g: nn.init.orthogonal_(w, generator=g),
}


@dataclass(frozen=True)
class Init:
    """One way to start: gain * scheme, made non-negative by its absolute value if asked, plus `floor`.

    `Init("uniform", nonnegative=True)` is U[0, 1]; `Init("he", 0.25, nonnegative=True)` is |He| / 4;
    `Init("constant", 0.5)` sets every weight to 0.5. Biases start at `bias`.
    """

    scheme: str
    gain: float = 1.0
    nonnegative: bool = False
    floor: float = 0.0
    bias: float = 0.0

    def __post_init__(self) -> None:
        """Refuse an unknown scheme, naming those there are."""
        if self.scheme not in SCHEMES:
            raise ValueError(f"no init {self.scheme!r}; there are {', '.join(SCHEMES)}")


def start(network: "Network", init: Init, seeds: Sequence[int], dtype: torch.dtype = torch.float32) -> list[Tensor]:
    """Draw the starting parameters of one condition: one member per seed, tensors (len(seeds), *shape)."""
    members = [_member(network, init, seed, dtype) for seed in seeds]
    return [torch.stack(tensors) for tensors in zip(*members, strict=True)]


def join(conditions: Sequence[list[Tensor]]) -> list[Tensor]:
    """Put the members of several conditions side by side along E, condition by condition."""
    return [torch.cat(tensors) for tensors in zip(*conditions, strict=True)]


def _member(network: "Network", init: Init, seed: int, dtype: torch.dtype) -> list[Tensor]:
    generator = Generator().manual_seed(seed)
    params = []
    for name, shape in network.shapes():
        if name in ("weight", "filters"):
            params.append(_weight(name, shape, init, generator, dtype))
        else:  # a norm layer starts as the identity: gain 1, shift 0
            params.append(torch.full(shape, {"bias": init.bias, "gain": 1.0, "shift": 0.0}[name], dtype=dtype))
    return params


def _weight(name: str, shape: tuple[int, ...], init: Init, generator: Generator, dtype: torch.dtype) -> Tensor:
    w = torch.empty(shape, dtype=dtype)
    # Filters are stored flat (O, K * 9); unflattened, torch.nn.init sees their true fan_out O * 9.
    SCHEMES[init.scheme](w.view(shape[0], -1, 3, 3) if name == "filters" else w, generator)
    w.mul_(init.gain)
    if init.nonnegative:
        w.abs_()
    return w.add_(init.floor)
