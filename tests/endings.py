"""Every verdict that any test makes is said with its numbers; which sentences a question's own tests have chosen."""

import importlib
import os
from collections import defaultdict
from functools import wraps
from inspect import isfunction

from catalogue import SLUGS

from lib.question import Verdict, find
from lib.words import load

CHOSEN = defaultdict(set)  # of each question: (entry, key) of the sentences that its own tests have chosen


def watch():
    """Put a check around every function of every question that returns a verdict, or all of them by name."""
    for slug in SLUGS:
        module = importlib.import_module(f"lib.questions.{slug}.verdict")
        for name, choose in list(vars(module).items()):
            if isfunction(choose) and choose.__annotations__.get("return") in (Verdict, dict[str, Verdict]):
                setattr(module, name, said(slug, choose))
        object.__setattr__(find(slug), "verdicts", module.verdicts)


def said(slug, choose):
    @wraps(choose)
    def checked(*given, **more):
        found = choose(*given, **more)
        for entry, verdict in found.items() if isinstance(found, dict) else [(None, found)]:
            check(slug, entry, verdict)
        return found

    return checked


def check(slug, entry, verdict):
    """Say a verdict with its numbers; a function that makes one does not say under which name it will stand."""
    words = load(slug)
    entries = [entry] if entry else [name for name, table in words["verdict"].items() if verdict.key in table]
    assert entries, f"{slug} has no words for {verdict.key}"
    for name in entries:
        assert words.verdict(name, *verdict)
        if f"test_{slug}.py" in os.environ.get("PYTEST_CURRENT_TEST", ""):
            CHOSEN[slug].add((name, verdict.key))


def written(slug):
    """(entry, key) of every sentence that could be a verdict."""
    return {(entry, key) for entry, table in load(slug)["verdict"].items() for key in table}


def unchosen(slug):
    """The sentences that no test of the question has chosen so far in this process, as entry.key."""
    return [f"{entry}.{key}" for entry, key in sorted(written(slug) - CHOSEN[slug])]
