"""Every experiment from config to Result, at its default and its heaviest config: seconds and peak memory.

Each runs in a process of its own: `python -m benchmarks.experiments negative_weights default`.
"""

import importlib
import subprocess
import sys
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parents[1]


def stems() -> list[str]:
    """The experiments there are."""
    return sorted(f.stem for f in (ROOT / "lib" / "experiments").glob("[a-z]*.py"))


def measure(stem: str, which: str) -> str:
    """Run one config in a fresh process; returns its line of the table."""
    command = [sys.executable, "-m", "benchmarks.experiments", stem, which]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def main(stem: str, which: str) -> None:
    """Time the config after one warm run of the default, so that imports are not counted."""
    module = importlib.import_module(f"lib.experiments.{stem}")
    name = "".join(part.title() for part in stem.split("_"))
    default = getattr(module, name)()
    module.run(default)
    config = default if which == "default" else module.HEAVIEST
    times = []
    for _ in range(5 if which == "default" else 1):
        begun = perf_counter()
        module.run(config)
        times.append(perf_counter() - begun)
    print(f"{stem:24} {which:9} {sorted(times)[len(times) // 2]:8.3f} s   peak {peak()}")


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
