"""Every experiment from config to Result, at its default and its heaviest config: seconds and peak memory.

Each runs in a process of its own: `python -m benchmarks.experiments negative_weights default`.
"""

import subprocess
import sys
from pathlib import Path
from time import perf_counter

from lib.question import every, find

ROOT = Path(__file__).parents[1]


def slugs() -> list[str]:
    """The questions there are."""
    return [question.slug for question in every()]


def measure(slug: str, which: str) -> str:
    """Run one config in a fresh process; returns its line of the table."""
    command = [sys.executable, "-m", "benchmarks.experiments", slug, which]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def main(slug: str, which: str) -> None:
    """Time the config after one warm run of the default, so that imports are not counted."""
    question = find(slug)
    default = question.config()
    question.run(default)
    config = default if which == "default" else question.heaviest
    times = []
    for _ in range(5 if which == "default" else 1):
        begun = perf_counter()
        question.run(config)
        times.append(perf_counter() - begun)
    print(f"{slug:24} {which:9} {sorted(times)[len(times) // 2]:8.3f} s   peak {peak()}")


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
    main(*sys.argv[1:])
