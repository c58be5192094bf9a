"""What was found, in sentences: for the page, where a file's names may not be mark-up, and for the command line."""

from collections.abc import Callable, Iterator

from lib.types import Numbers
from lib.words import Words
from lib.your_network.contract import Finding
from lib.your_network.report import Report

Escape = Callable[[str], str]
LONGEST = 200  # characters of what a file says
LISTED = 3  # names of what was left out


def finding(words: Words, found: Finding, escape: Escape) -> str:
    """Return a finding's sentence; `escape` is applied to each text that comes from the file."""
    return words.say(f"finding.{found.key}", layer=escape(_short(found.layer)), **_escaped(found.numbers, escape))


def claim(sentence: str) -> str:
    """Return the part of a sentence that is said in bold at its beginning, or all of it."""
    _, bold, rest = sentence.partition("**")
    return f"**{rest.partition('**')[0]}**" if bold and sentence.startswith("**") else sentence


def refusal(words: Words, key: str, numbers: Numbers, escape: Escape) -> str:
    """Return why a file is not read; `why` among the numbers is a key of [skipped]."""
    why = {"why": words[f"skipped.{numbers['why']}"]} if "why" in numbers else {}
    return words.say(f"refused.{key}", **_escaped(numbers, escape) | why)


def about_file(words: Words, found: Report, escape: Escape) -> Iterator[str]:
    """Yield what is to say of the file itself: facts, and what was left out of it and why."""
    for key, numbers in found.notes:
        yield words.say(f"notes.{key}", **_escaped(numbers, escape))
    skipped: dict[str, list[str]] = {}
    for name, why in found.skipped.items():
        skipped.setdefault(why, []).append(name)
    for why, names in skipped.items():
        shown = escape(_short(", ".join(names[:LISTED])))
        yield words.say("file.skipped", count=len(names), names=shown, why=words[f"skipped.{why}"])


def _escaped(numbers: Numbers, escape: Escape) -> Numbers:
    return {name: escape(_short(value)) if isinstance(value, str) else value for name, value in numbers.items()}


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
