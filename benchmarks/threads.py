"""`python -m benchmarks.threads`: what a second thread gains, by the numbers in a step's largest activation.

Two equal trainings, one after the other and side by side (lib/engine/cores.py), by turns on two free cores. Where the
gain passes 1 is `cores.WORTH`.
"""

from functools import partial
from statistics import median
from time import perf_counter

from lib.engine import cores, data, inits, mlp, train
from lib.spare import SPARE, Machine
from lib.types import Progress

SHAPES = ((32, 4, 10), (10, 32, 64), (16, 32, 128), (30, 32, 128))  # members, hidden units, batch
STEPS, ROUNDS = 500, 5


def training(progress: Progress, *, members: int, units: int, batch: int) -> None:
    """Train an ensemble on the digits."""
    network, each = mlp.MLP((64, units, 10)), range(members)
    recipe = train.Recipe(steps=STEPS, batch=batch, lr=0.01)
    start = inits.start(network, inits.Init("he"), each)
    train.train(network, start, data.digits().train, recipe, seeds=each, progress=progress)


def main() -> None:
    """Print a line a shape."""
    for members, units, batch in SHAPES:
        jobs = [partial(training, members=members, units=units, batch=batch)] * 2
        took: dict[int, list[float]] = {1: [], 2: []}
        for _ in range(ROUNDS):
            for count, times in took.items():
                SPARE.set(Machine(count))
                begun = perf_counter()
                cores.each(jobs, size=cores.WORTH)
                times.append(perf_counter() - begun)
        gain = median(took[1]) / median(took[2])
        print(f"{members * units * batch:8} numbers: a second thread makes it {gain:.2f} times as fast", flush=True)


if __name__ == "__main__":
    main()
