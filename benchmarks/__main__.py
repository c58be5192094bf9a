"""`python -m benchmarks [--quick]`: the engine beside the naive loop, scikit-learn and the machine's limit."""

import argparse
from collections.abc import Callable
from statistics import median
from time import perf_counter

import torch

from benchmarks import experiments, limits
from benchmarks.items import Item, items, naive, ours


def timed(contestants: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each contestant, one after the other in each round, so that the machine's moods hit all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, job in contestants.items():
            begun = perf_counter()
            job()
            seconds[name].append(perf_counter() - begun)
    return seconds


def agree(item: Item) -> None:
    """Refuse to time contestants whose losses differ."""
    short = Item(**{**vars(item), "recipe": type(item.recipe)(**{**vars(item.recipe), "steps": item.naive_steps})})
    a, b = ours(short)()[: item.naive_members], naive(item, item.naive_steps, item.naive_members)()
    torch.testing.assert_close(a, b, rtol=1e-3, atol=1e-4)


def row(item: Item, rounds: int) -> str:
    """Measure one work item; microseconds per step for the whole ensemble, and ratios of one round each."""
    agree(item)
    steps, scale = item.recipe.steps, item.members / item.naive_members
    jobs: dict[str, Callable[[], object]] = {
        "ours": ours(item),
        "naive": naive(item, item.naive_steps, item.naive_members),
    }
    if (alone := limits.products(item)) is not None:
        jobs["products"] = alone
    if (sklearn := limits.scikit(item, 2)) is not None:
        jobs["sklearn"] = sklearn
    took = timed(jobs, rounds)
    per_step = {
        "ours": [s / steps for s in took["ours"]],
        "naive": [s * scale / item.naive_steps for s in took["naive"]],
    }
    if "products" in took:
        per_step["products"] = [s / steps for s in took["products"]]
    if "sklearn" in took:
        per_step["sklearn"] = [s * item.members / 2 / sklearn.steps for s in took["sklearn"]]  # type: ignore[union-attr]
    micro = {name: f"{median(values) * 1e6:9.0f}" for name, values in per_step.items()}
    against = {
        name: median(v / o for v, o in zip(values, per_step["ours"], strict=True))
        for name, values in per_step.items()
    }
    limit = f"{1 / against['products']:6.2f}x" if "products" in against else "      -"
    return (
        f"{item.name:52} {micro['naive']} {micro.get('sklearn', '        -')} {micro['ours']}"
        f" {against['naive']:7.1f}x (target {item.target:g}x) {limit}"
    )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three rounds instead of nine, no heavy configs")
    quick = parser.parse_args().quick
    torch.set_num_threads(1)
    print(f"one thread; batched sgemm {limits.gemm_rate():.0f} GFLOP/s; microseconds per step for the whole ensemble")
    print(f"{'':52} {'naive':>9} {'sklearn':>9} {'ours':>9} {'naive/ours':>8} {'':14} ours/products alone")
    for item in items():
        print(row(item, 3 if quick else 9), flush=True)
    print("\nconfig -> Result, one process each")
    for stem in experiments.stems():
        for which in ("default",) if quick else ("default", "heaviest"):
            print(experiments.measure(stem, which), flush=True)


if __name__ == "__main__":
    main()
