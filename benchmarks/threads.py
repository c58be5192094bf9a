"""`python -m benchmarks.threads`: what a second thread and a second process gain, by a step's largest activation.

Two equal trainings, one after the other and side by side (lib/engine/cores.py), by turns on two free cores. Where a
thread's gain passes 1 is `cores.WORTH`.
"""

from functools import partial
from statistics import median
from time import perf_counter

from benchmarks.pair import training
from lib import processes
from lib.engine import cores
from lib.spare import SPARE, Machine

SHAPES = ((32, 4, 10), (10, 32, 64), (16, 32, 128), (30, 32, 128))  # members, hidden units, batch
ROUNDS = 5


def main() -> None:
    """Print a line a shape: first with threads, then with a process."""
    for kind in ("thread", "process"):
        if kind == "process":
            processes.start(1).join()
        for members, units, batch in SHAPES:
            job = partial(training, members=members, units=units, batch=batch)
            print(
                f"{members * units * batch:8} numbers: a second {kind} makes it {gain(job):.2f} times as fast",
                flush=True,
            )


def gain(job: cores.Job[None]) -> float:
    """How many times as fast two such jobs are side by side."""
    took: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(ROUNDS):
        for count, times in took.items():
            SPARE.set(Machine(count))
            begun = perf_counter()
            cores.each([job, job], size=cores.WORTH)
            times.append(perf_counter() - begun)
    return median(took[1]) / median(took[2])


if __name__ == "__main__":
    main()
