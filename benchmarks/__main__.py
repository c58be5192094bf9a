"""`python -m benchmarks [--quick]`: the engine beside plain torch, scikit-learn, a browser's engine and the limit."""

import argparse
from collections.abc import Callable
from statistics import median
from time import perf_counter

import torch

from benchmarks import experiments
from benchmarks.items import Item, agree, items, naive, ours
from benchmarks.limits import gemm_rate, products
from benchmarks.playground import playground
from benchmarks.scikit import scikit

Clock = Callable[[], float]  # seconds per step for the whole ensemble
NAMES = ("naive", "sklearn", "JavaScript", "products", "ours")
WIDTH = 50


def clock(job: Callable[[], object], steps: float) -> Clock:
    """Time `job`, which does `steps` steps of the whole ensemble."""

    def run() -> float:
        begun = perf_counter()
        job()
        return (perf_counter() - begun) / steps

    return run


def contestants(item: Item) -> dict[str, Clock]:
    """Whoever can run this item; each has been found to agree with our losses."""
    agree(item)
    share = item.naive_members / item.members
    found = {
        "naive": clock(naive(item, item.naive_steps, item.naive_members), item.naive_steps * share),
        "sklearn": scikit(item),
        "JavaScript": playground(item),
        "products": clock(products(item), item.recipe.steps),
        "ours": clock(ours(item), item.recipe.steps),
    }
    return {name: run for name, run in found.items() if run is not None}


def row(item: Item, rounds: int) -> str:
    """Measure an item: one after the other in each round, so that the machine's moods hit all alike."""
    clocks = contestants(item)
    took: dict[str, list[float]] = {name: [] for name in clocks}
    for _ in range(rounds):
        for name, run in clocks.items():
            took[name].append(run())
    micro = [f"{median(took[n]) * 1e6:11.0f}" if n in took else f"{'-':>11}" for n in NAMES]
    ratio = {n: median(t / o for t, o in zip(took[n], took["ours"], strict=True)) for n in took}
    browser = f"{ratio['JavaScript']:5.1f}x (3x)" if "JavaScript" in ratio else f"{'-':>11}"
    return (
        f"{item.name:{WIDTH}}{''.join(micro)}  {ratio['naive']:6.1f}x {f'({item.target:g}x)':7} {browser}"
        f"  {1 / ratio['products']:5.2f}x{' (2.2x)' if item.bounded else ''}"
    )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three rounds instead of nine, no heavy configs")
    quick = parser.parse_args().quick
    torch.set_num_threads(1)
    print(f"One thread; batched sgemm {gemm_rate():.0f} GFLOP/s. Microseconds per step for the whole ensemble;")
    print(
        "ratios are medians over rounds, targets in brackets; JavaScript: gradient descent only, absent without Node."
    )
    header = "".join(f"{name:>11}" for name in NAMES)
    print(f"{'':{WIDTH}}{header}  naive/ours      JS/ours      ours/products")
    for item in items():
        print(row(item, 3 if quick else 9), flush=True)
    print("\nconfig -> Result, one process each, in naive steps of W3 in the same process")
    for slug in experiments.slugs():
        for which in ("default",) if quick else ("default", "heaviest"):
            for cores in (1, 2):
                print(experiments.measure(slug, which, cores), flush=True)


if __name__ == "__main__":
    main()
