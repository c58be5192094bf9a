"""A member's parameters by name are those of the same network in torch.nn, in its own shapes."""

import oracle
import pytest
import torch
from torch import nn

from lib.engine import cnn, inits, mlp
from lib.engine.export import named

NETWORKS = [
    mlp.MLP((64, 16, 12, 10)),
    mlp.MLP((64, 16, 12, 10), norm="batch"),
    mlp.MLP((64, 16, 10), norm="layer", norm_after=True),
    cnn.CNN(),
]


@pytest.mark.parametrize("network", NETWORKS, ids=str)
@pytest.mark.parametrize("member", [0, 2])
def test_names_and_shapes_are_those_of_torchs_layers(network, member):
    params = inits.start(network, inits.Init("he", bias=0.1), range(3))
    found = named(network, params, member)
    model = oracle.module(network, params, member)
    linears = [m for m in model if isinstance(m, nn.Linear | nn.Conv2d)]
    norms = [m for m in model if isinstance(m, nn.BatchNorm1d | nn.LayerNorm)]
    assert len(found) == 2 * len(linears) + 2 * len(norms)
    for kind, modules in (("layer", linears), ("norm", norms)):
        for number, one in enumerate(modules, 1):
            for part in ("weight", "bias"):
                assert torch.equal(torch.from_numpy(found[f"{kind}{number}.{part}"]), getattr(one, part).detach())
