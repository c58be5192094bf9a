"""`python -m benchmarks.starts`: does what a page says by default hold for other start numbers?

Every question is run at its default, and at the settings that a claim names, for the start numbers 0 to 19. Every
verdict and every ruling that is not the same for all of them is printed with how often each came out.
`python -m benchmarks.starts zigzag batch --starts 3` asks less; `--starts 100` asks all that a reader may choose, in
ten minutes.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import Any

from lib.config import Config
from lib.question import every, find
from lib.words import load, ruling

STARTS = 20
Said = dict[str, str]  # "main" or "claim other_start": the key or the ruling


def asked(slug: str) -> dict[Config, list[dict[str, Any]]]:
    """Return the settings at which a question is asked, each with the claims that it judges; the default first."""
    settings = find(slug).config
    found: dict[Config, list[dict[str, Any]]] = {settings(): []}
    for claim in load(slug)["claims"]:
        found.setdefault(settings(**claim.get("settings", {})), []).append(claim)
    return found


def said(slug: str, start: int) -> Said:
    """Run a question at one start number; return the keys of its default's verdicts, and its claims' rulings."""
    question = find(slug)
    told: Said = {}
    for config, claims in asked(slug).items():
        verdicts = question.answer(replace(config, seed=start)).verdicts  # type: ignore[call-arg]
        if config == question.config():
            told |= {name: verdict.key for name, verdict in verdicts.items()}
        told |= {f"claim {c['id']}": ruling(c, verdicts[c["entry"]].key) for c in claims}
    return told


def unsteady(slug: str, starts: range) -> Iterator[tuple[str, Counter[str], list[int]]]:
    """Yield what is not the same for all starts: its name, how often each came out, and at which starts the rarer."""
    every_start = [said(slug, start) for start in starts]
    for name in every_start[0]:
        keys = [told[name] for told in every_start]
        common = Counter(keys).most_common()
        if len(common) > 1:
            yield name, Counter(keys), [s for s, key in zip(starts, keys, strict=True) if key != common[0][0]]


def row(slug: str, count: int) -> str:
    """Return the lines of one question, none if all its starts agree."""
    lines = []
    for name, counts, rare in unsteady(slug, range(count)):
        told = ", ".join(f"{key} {times}" for key, times in counts.most_common())
        lines.append(f"{slug:18} {name:32} {told}; otherwise at {', '.join(map(str, rare))}")
    return "\n".join(lines)


def main() -> None:
    """Ask every question, or those named, two at a time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("slugs", nargs="*", metavar="SLUG", help="questions, all if none is named")
    parser.add_argument("--starts", type=int, default=STARTS, help=f"how many start numbers (default {STARTS})")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    slugs = given.slugs or [question.slug for question in every()]
    total: dict[str, int] = defaultdict(int)
    with ProcessPoolExecutor(given.workers) as pool:
        for slug, lines in zip(slugs, pool.map(row, slugs, [given.starts] * len(slugs)), strict=True):
            if lines:
                print(lines, flush=True)
                total[slug] += len(lines.splitlines())
    print(f"{sum(total.values())} of what {len(slugs)} questions say depend on the start number")


if __name__ == "__main__":
    main()
