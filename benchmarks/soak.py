"""Readers who move controls for minutes: errors in the log, memory, and how long moves from the cache take.

Each reader opens a page, moves one control after the other a step or two away from its default and back (what was
there before is kept), with seconds to look between, presses 'New start', and goes on to another page. Of the moves
that are not back to the default, those that nothing was trained for while the reader waited were trained ahead.
"""

import random
import threading
import time
from pathlib import Path
from statistics import median, quantiles

from benchmarks.reader import Answer, Reader
from benchmarks.server import memory
from lib.config import Choice, Value
from lib.question import find
from lib.ui.frame import questions
from lib.words import load

READERS = 5
CONTROLS = 3  # a page
SETTLED = 5.0  # minutes after which memory should not grow any more
TRAINED = "trained in "
THINKS = (1.0, 4.0)  # seconds between two moves of a reader
BAD = ("Traceback", "ERROR", "Error", "a training failed")


def _way(chance: random.Random, item: Choice) -> list[Value]:
    """One or two steps away from a control's default, in one direction."""
    at = item.among.index(item.default)
    up, down = item.among[at + 1 : at + 3], item.among[:at][::-1][:2]
    return list(chance.choice([way for way in (up, down) if way]))


class Soak:
    """What the readers saw."""

    def __init__(self, address: str, minutes: float) -> None:
        """Begin now."""
        self.address, self.until = address, time.monotonic() + 60 * minutes
        self.cached: list[float] = []
        self.moves, self.empty, self.opened = 0, 0, 0

    def reader(self, k: int) -> None:
        """Walk from page to page until the time is over."""
        chance = random.Random(k)
        slugs = [entry.words.slug for entry in questions()]
        while time.monotonic() < self.until:
            self._page(chance, chance.choice(slugs))

    def _page(self, chance: random.Random, slug: str) -> None:
        controls = [c for c in find(slug).config.choices() if c.name != "seed"]
        with Reader(self.address) as reader:
            self._noted(reader.open(slug))
            self.opened += 1
            for item in chance.sample(controls, min(CONTROLS, len(controls))):
                for value in [*_way(chance, item), item.default]:
                    time.sleep(chance.uniform(*THINKS))
                    begun = time.perf_counter()
                    self._noted(self._moved(reader, slug, item.name, value))
                    if value == item.default:
                        self.cached.append(time.perf_counter() - begun)
                    if time.monotonic() > self.until:
                        return
            time.sleep(chance.uniform(*THINKS))
            self._noted(reader.press("New start"))

    def _moved(self, reader: Reader, slug: str, name: str, value: Value) -> Answer:
        return reader.move(find(slug).config.key(name), load(slug).option(name, value))

    def _noted(self, answer: Answer) -> None:
        self.moves += 1
        self.empty += not answer.figures


def soak(address: str, process: int, log: Path, minutes: float, readers: int = READERS) -> None:
    """Let the readers walk; print the memory every minute, and what is to be told at the end."""
    walk = Soak(address, minutes)
    threads = [threading.Thread(target=walk.reader, args=(k,)) for k in range(readers)]
    for thread in threads:
        thread.start()
    begun, rows = time.monotonic(), [(0.0, memory(process))]
    while any(thread.is_alive() for thread in threads):
        time.sleep(min(60.0, max(1.0, 6 * minutes)))
        rows.append(((time.monotonic() - begun) / 60, memory(process)))
        print(f"{rows[-1][0]:5.1f} min   {walk.moves:5} moves   {rows[-1][1]:.0f} MB", flush=True)
    settled = next((held for when, held in rows if when >= SETTLED), rows[-1][1])
    told = log.read_text(encoding="utf-8")
    trained, ahead = told.count(f"lib.ui.task:{TRAINED}"), told.count(f"lib.ui.ahead:{TRAINED}")
    print(
        f"{walk.opened} openings, {walk.moves - walk.opened} moves, of which {len(walk.cached)} back to the default"
    )
    print(f"trained while a reader waited: {trained}; ahead: {ahead}")
    lines = [line for line in told.splitlines() if any(bad in line for bad in BAD)]
    p95 = quantiles(walk.cached, n=20)[-1]
    print(f"{walk.moves} moves, {walk.empty} without a figure, {len(lines)} lines with errors in the log {lines[:3]}")
    print(f"memory at the end over that after {SETTLED:.0f} minutes: {rows[-1][1] / settled:.3f}")
    print(f"back to a kept setting: p50 {median(walk.cached):.2f} s, p95 {p95:.2f} s, worst {max(walk.cached):.2f} s")
