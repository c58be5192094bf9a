"""What `benchmarks.threads` trains side by side: in a module of its own, which another process can import."""

from lib.engine import data, inits, mlp, train
from lib.types import Progress

STEPS = 500


def training(progress: Progress, *, members: int, units: int, batch: int) -> None:
    """Train an ensemble on the digits."""
    network, each = mlp.MLP((64, units, 10)), range(members)
    recipe = train.Recipe(steps=STEPS, batch=batch, lr=0.01)
    start = inits.start(network, inits.Init("he"), each)
    train.train(network, start, data.digits().train, recipe, seeds=each, progress=progress)
