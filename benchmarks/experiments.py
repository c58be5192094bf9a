"""Every experiment from config to Result, at its default and its heaviest config, in naive W3 steps; and peak memory.

The unit survives a change of machine: what one step of W3 (benchmarks/items.py) takes with plain `nn.Module` and
`torch.optim`, sixteen networks one after the other, in the same process and between the runs that it measures.
Each experiment runs in a process of its own: `python -m benchmarks.experiments negative_weights default 1`, the last
for how many cores; `python -m benchmarks.experiments` prints all defaults and their sum.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import torch

from benchmarks.items import items, naive
from lib import processes
from lib.question import every, find

ROOT = Path(__file__).parents[1]
STEPS, MEMBERS, OF = 6, 16, "W3"  # of the naive loop, between two runs
ROUNDS = {"default": 5, "heaviest": 1}


def slugs() -> list[str]:
    """The questions there are."""
    return [question.slug for question in every()]


def measure(slug: str, which: str, cores: int) -> str:
    """Run one config in a fresh process on so many cores; returns its line of the table."""
    command = [sys.executable, "-m", "benchmarks.experiments", slug, which, str(cores)]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def unit() -> Callable[[], float]:
    """Return what measures the seconds that one naive step of all networks of W3 takes now."""
    item = next(item for item in items() if item.name.startswith(OF))
    job = naive(item, STEPS, MEMBERS)
    return lambda: seconds(job) / STEPS


def seconds(job: Callable[[], object]) -> float:
    """Time one call."""
    begun = perf_counter()
    job()
    return perf_counter() - begun


def main(slug: str, which: str, cores: str) -> None:
    """Time the config after one warm run of the default, so that imports are not counted."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(cores)])
    torch.set_num_threads(1)
    processes.start(int(cores) - 1).join()
    question, step = find(slug), unit()
    default = question.config()
    question.run(default)
    step()
    config = default if which == "default" else question.heaviest
    took, per_step = [], [step()]
    for _ in range(ROUNDS[which]):
        took.append(seconds(lambda: question.run(config)))
        per_step.append(step())
    steps = median(took) / median(per_step)
    print(f"{slug:20} {which:9} {cores} core{'s' * (cores != '1')} {steps:8.1f} naive W3 steps   peak {peak()}")


def everything(cores: int) -> None:
    """Print a line for each default, and what they take together."""
    total = 0.0
    for slug in slugs():
        line = measure(slug, "default", cores)
        print(line, flush=True)
        total += float(line.split(" naive")[0].split()[-1])
    print(f"together {total:.0f}")


def peak() -> str:
    """The most memory this process has held; Linux only.

    Not `resource.getrusage`: its ru_maxrss survives exec, so a child reports its parent's peak if that is larger.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return "unknown"
    kilobytes = next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return f"{int(kilobytes) / 1024:5.0f} MB"


if __name__ == "__main__":
    main(*sys.argv[1:]) if len(sys.argv) > 1 else everything(os.cpu_count() or 1)
