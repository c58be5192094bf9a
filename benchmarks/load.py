"""`python -m benchmarks.load`: many readers at once, each a real session, over Streamlit's own protocol.

How many moves a second, how long from a move to its figure (p50, p95), from the cache and trained anew; memory per
session and in total; whether trainings beyond the machine's places wait fairly. Times are told as multiples of one
reader's alone, since machines are noisy; the readers share the machine with the server. `--walk MINUTES` opens every
page as it is, then at every value of every control until the minutes are over, and prints the memory on the way.
"""

import argparse
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

from benchmarks.reader import Answer, Reader
from benchmarks.server import running_process
from lib.question import find
from lib.ui.frame import questions

PAGE = "negative_weights"
MOVES = 5
EVERY = 27  # pages between two rows of a walk
HEAVY = "NegativeWeights.network=cnn&NegativeWeights.steps=300"


def memory(process: int, which: str = "VmRSS:") -> float:
    """Resident memory of a process, in megabytes (Linux); `which` can be "VmHWM:", the most that it has held."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(status.partition(which)[2].split()[0]) / 1024


def together(count: int, visit: "Visit") -> tuple[list[Answer], float]:
    """Let `count` readers visit at the same time; all their answers, and the seconds it took."""
    answers: list[list[Answer]] = [[] for _ in range(count)]
    threads = [threading.Thread(target=lambda k=k: answers[k].extend(visit(k))) for k in range(count)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [a for each in answers for a in each], time.perf_counter() - begun


class Visit:
    """What one reader does: open the page at a start number of its own, press 'New start' a few times, leave."""

    def __init__(self, address: str, first: int, apart: int) -> None:
        """Reader k begins at start number `first + k * apart`."""
        self.address, self.first, self.apart = address, first, apart

    def __call__(self, k: int) -> list[Answer]:
        """Return the answers to the moves."""
        start = (self.first + k * self.apart) % 100
        with Reader(self.address) as reader:
            reader.open(PAGE, f"NegativeWeights.seed={start}")
            return [reader.press("New start") for _ in range(MOVES)]


def told(name: str, answers: list[Answer], took: float, alone: float) -> float:
    """Print one row; return the median seconds to the first figure."""
    waits = sorted(a.figure for a in answers)
    p95 = quantiles(waits, n=20)[-1]
    size = median(a.size for a in answers) / 1000
    base = alone or median(waits)
    print(
        f"{name:34} {len(answers) / took:5.1f} moves/s   p50 {median(waits):6.2f} s ({median(waits) / base:5.1f}x)   "
        f"p95 {p95:6.2f} s ({p95 / base:5.1f}x)   {size:4.0f} kB a move"
    )
    return base


def crowds(address: str, process: int) -> None:
    """One reader alone, then 4, 20 and 50, on results that are there; then 1 and 4 and 20 on new ones."""
    together(1, Visit(address, 0, 0))
    for kind, apart, sizes in (("from the cache", 0, (1, 4, 20, 50)), ("trained anew", 6, (1, 4, 12))):
        alone = 0.0
        for count in sizes:
            first = 0 if apart == 0 else 10 + 2 * count
            answers, took = together(count, Visit(address, first, apart))
            alone = told(f"{count:2} readers, {kind}", answers, took, alone)
            print(f"{'':34} server's memory {memory(process):.0f} MB")


def sessions(address: str, process: int, count: int = 100) -> None:
    """Hold many idle sessions open."""
    before = memory(process)
    readers = []
    for _ in range(count):
        readers.append(Reader(address))
        readers[-1].open(PAGE)
    print(f"{count} sessions held: {(memory(process) - before) / count:.2f} MB each, {memory(process):.0f} MB in all")
    for reader in readers:
        reader.leave()


def fairness(address: str, count: int = 6) -> None:
    """More long trainings than places: everyone ends, and everyone was told to wait."""

    def long(k: int) -> list[Answer]:
        with Reader(address) as reader:
            return [reader.open(PAGE, f"{HEAVY}&NegativeWeights.seed={40 + k}")]

    answers, _ = together(count, long)  # type: ignore[arg-type]
    ends = [a.end for a in answers]
    waited = sum(any("Waiting" in t for t in a.texts) for a in answers)
    print(f"{count} long trainings at once: slowest over fastest {max(ends) / min(ends):.2f}, {waited} saw 'waiting'")


def tour() -> Iterator[tuple[str, str]]:
    """Yield pages with their settings: every page as it opens, then every value of every control, in mixed order."""
    grids = {entry.words.slug: list(find(entry.words.slug).config.grid()) for entry in questions()}
    yield from ((slug, "") for slug in (*grids, "fact_check", ""))
    rest = [(slug, config) for slug, configs in grids.items() for config in configs[1:]]
    random.Random(0).shuffle(rest)
    yield from ((slug, urlencode(config.query())) for slug, config in rest)


def walk(address: str, process: int, minutes: float) -> None:
    """Open one page after the other until all are seen or the minutes are over, and print the memory."""
    until, most, opened = time.monotonic() + 60 * minutes, 0.0, 0
    steps = list(tour())
    for opened, (slug, query) in enumerate(steps, start=1):
        with Reader(address) as reader:
            reader.open(slug, query)
        most = max(most, memory(process))
        if opened % EVERY == 0:
            print(f"{opened:5} pages opened: {memory(process):.0f} MB (most so far {most:.0f})", flush=True)
        if time.monotonic() > until:
            break
    left = len(steps) - opened
    print(f"{opened:5} pages opened, {left} left: {memory(process):.0f} MB, after a page at most {most:.0f} MB")
    print(f"      in the middle of a training at most {memory(process, 'VmHWM:'):.0f} MB")


def main() -> None:
    """Start a server and let readers come."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--walk", type=float, metavar="MINUTES", help="walk all pages and print the memory")
    given = parser.parse_args()
    with running_process() as (address, process):
        if given.walk:
            walk(address, process, given.walk)
            return
        crowds(address, process)
        sessions(address, process)
        fairness(address)


if __name__ == "__main__":
    main()
