"""Small trainings that several test files look at from different sides."""

import torch

from lib.engine import cnn, inits, mlp, train
from lib.engine.train import Recipe

NET = mlp.MLP((6, 16, 3))
SEEDS = list(range(4))


def problem(samples=60, inputs=6):
    g = torch.Generator().manual_seed(0)
    return torch.rand(samples, inputs, generator=g), torch.randint(0, 3, (samples,), generator=g)


def run(recipe=None, seeds=SEEDS, network=NET, **more):
    recipe = recipe or Recipe(steps=40, optimiser="adam", lr=0.02, batch=16)
    start = inits.start(network, inits.Init("he"), seeds)
    x, y = problem(inputs=36 if isinstance(network, cnn.CNN) else 6)
    return train.train(network, start, (x, y), recipe, seeds=seeds, **more)


def same(a, b):
    """The same bits in two trainings' parameters and running statistics."""
    return all(torch.equal(p, q) for p, q in zip([*a.params, *a.state], [*b.params, *b.state], strict=True))
