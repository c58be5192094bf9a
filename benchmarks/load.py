"""`python -m benchmarks.load`: many readers at once, each a real session, over Streamlit's own protocol.

How many moves a second, how long from a move to its figure (p50, p95), from the cache and trained anew; memory per
session and in total; whether trainings beyond the machine's places wait fairly. Times are told as multiples of one
reader's alone, since machines are noisy; the readers share the machine with the server. `--walk MINUTES` opens every
page as it is, then at every value of every control until the minutes are over, and prints the memory on the way.
"""

import argparse
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

from benchmarks.reader import Answer, Reader
from benchmarks.server import memory, running_process
from benchmarks.soak import READERS, soak
from lib.question import find
from lib.questions.negative_weights.config import HEAVIEST
from lib.ui.frame import questions

PAGE = "negative_weights"
MOVES = 5
EVERY = 27  # pages between two rows of a walk
RUSH = 60.0  # seconds until readers give up
LONG = ("null_space", "other_noise", "gabor", "scale", "must_it_be_random", "negative_weights", "deconvnet")
HEAVY = "NegativeWeights.network=cnn&NegativeWeights.steps=300"


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


def rush(address: str, process: int, count: int) -> None:
    """Let many readers ask for the heaviest setting at once, each at its own start number; tell the memory.

    Meanwhile and alone before, one more reader opens a page whose result is kept.
    """
    with Reader(address) as reader:  # what a server holds that has trained this once is no loss
        reader.open(PAGE, urlencode(replace(HEAVIEST, seed=99).query()))
    together(1, Visit(address, 0, 0))
    alone = [_opened(address) for _ in range(5)]
    before, gone, ends = memory(process), threading.Event(), []

    def ask(k: int) -> None:
        with Reader(address) as reader:
            reader.page, reader.query = PAGE, urlencode(replace(HEAVIEST, seed=k).query())
            reader.ask()
            answer = reader.listen(time.perf_counter(), lambda _: gone.is_set())
            ends.append("answered" if answer.figures else "left" if gone.is_set() else "told that the server is full")

    threads = [threading.Thread(target=ask, args=(k,)) for k in range(count)]
    for thread in threads:
        thread.start()
    meanwhile, until = [], time.monotonic() + RUSH
    while time.monotonic() < until and any(thread.is_alive() for thread in threads):
        meanwhile.append(_opened(address))
        time.sleep(1)
    gone.set()
    for thread in threads:
        thread.join()
    print(f"{count} readers at the heaviest setting: {dict(Counter(ends))}")
    print(f"memory: {before:.0f} MB before, at most {memory(process, 'VmHWM:'):.0f} MB")
    told = f"p50 {median(meanwhile) / median(alone):.1f}x, worst {max(meanwhile) / median(alone):.1f}x"
    print(f"a kept page meanwhile, beside {median(alone):.2f} s alone: {told} ({len(meanwhile)} openings)")
    for after in range(0, 241, 60):
        print(f"memory {after:3} s after they left: {memory(process):.0f} MB", flush=True)
        time.sleep(60)
        _opened(address)  # the server looks through what is left when a page is opened


def _opened(address: str) -> float:
    with Reader(address) as reader:
        return reader.open(PAGE, "NegativeWeights.seed=0").end


def interruptions(address: str, count: int) -> None:
    """Move a control in the middle of long trainings; how long until the answer, which is kept, is there.

    Beside the same opened when nothing trains, by turns.
    """
    chance, alone, moved = random.Random(0), [], []
    for k in range(count):
        question = find(LONG[k % len(LONG)])
        kept = urlencode(question.config().query())
        with Reader(address) as reader:
            reader.open(question.slug, kept)
            alone.append(reader.open(question.slug, kept).end)
            reader.query = urlencode(replace(question.heaviest, seed=k).query())
            moved.append(reader.interrupt(chance.uniform(0.3, 3.0), kept).end)
    print(f"{count} moves in the middle of long trainings ({', '.join(LONG)}), seconds until the answer is whole:")
    for name, took in (("nothing trains", alone), ("moved", moved)):
        rows = "  ".join(f"p{p} {quantiles(took, n=100)[p - 1]:.2f}" for p in (10, 50, 90, 98))
        print(f"{name:15} {rows}  worst {max(took):.2f}")


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
    parser.add_argument("--rush", type=int, metavar="READERS", help="all at once at the heaviest setting")
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="readers move controls")
    parser.add_argument("--readers", type=int, default=READERS, help="how many in a soak")
    parser.add_argument("--walk", type=float, metavar="MINUTES", help="walk all pages and print the memory")
    parser.add_argument("--interrupt", type=int, metavar="MOVES", help="move controls in the middle of trainings")
    given = parser.parse_args()
    if given.soak:
        _soaked(given.soak, given.readers)
        return
    with running_process() as (address, process):
        if given.rush:
            rush(address, process, given.rush)
            return
        if given.interrupt:
            interruptions(address, given.interrupt)
            return
        if given.walk:
            walk(address, process, given.walk)
            return
        crowds(address, process)
        sessions(address, process)
        fairness(address)


def _soaked(minutes: float, readers: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with running_process(log) as (address, process):
            soak(address, process, log, minutes, readers)


if __name__ == "__main__":
    main()
