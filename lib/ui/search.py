"""Which questions a reader means who types a few words: those of the question, or what else it is asked by."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from math import log

from lib.ui.frame import Entry
from lib.words import Words

MOST = 5  # questions that are offered
LIKE = 0.8  # of a word that must be alike where none begins like it: initialization, initialisation
PHRASE = 10.0  # for having the very term: more than any words together


def found(query: str, entries: Sequence[Entry]) -> list[Entry]:
    """Return the questions that fit, the best first: a word counts the more, the fewer questions have it."""
    listed = [_vocabulary(entry.words) for entry in entries]
    points = [0.0] * len(entries)
    for typed in _words(query):
        fits = [_has(vocabulary, typed) for vocabulary in listed]
        weight = log((len(entries) + 1) / (sum(fits) + 0.5))
        points = [old + weight * fit for old, fit in zip(points, fits, strict=True)]
    term = " ".join(_words(query))
    for k, entry in enumerate(entries):
        points[k] += PHRASE * (term in (" ".join(_words(each)) for each in entry.words.get("also_asked", [])))
    best = max(points, default=0.0)
    order = sorted(range(len(entries)), key=lambda k: -points[k])
    return [entries[k] for k in order if points[k] > 0 and points[k] >= best / 2][:MOST]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _vocabulary(words: Words) -> set[str]:
    said = [words["question"], words["title"], words.slug, words.slug.replace("_", " "), *words.get("also_asked", [])]
    return set(_words(" ".join(said)))


def _has(vocabulary: set[str], typed: str) -> bool:
    return any(word.startswith(typed) for word in vocabulary) or bool(get_close_matches(typed, vocabulary, 1, LIKE))
