"""Every sentence that a reader sees, English first and complete.

A question's stand in its own folder, `lib/questions/<slug>/words/<language>.toml`, those of the frame and of the fact
check here, `<language>/app.toml`, and what all questions share in `<language>/every_question.toml`.
`load("negative_weights")` reads one page's, with English behind it for what another language lacks.
"""

import math
import os
import string
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

LIB = Path(__file__).parents[1]
SHARED = "every_question"
RULED = ("right", "depends", "wrong")  # what a run may say of a claim; else the claim is open
MINUS = "\N{MINUS SIGN}"


class _Formatter(string.Formatter):
    """`str.format` with a true minus sign; a number that is none (NaN, infinite) is refused, not printed.

    A share that is not nothing does not print as "0%" but as "<1%" ("<0.1%" where a decimal is asked for), and one
    that is not the whole does not print as "100%" but as ">99%". What prints as nothing has no minus sign.
    """

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{value} cannot stand in a sentence")
        text = super().format_field(value, format_spec)
        if format_spec.endswith("%") and 0 < value < 1:
            text = _inside(text)
        if format_spec and text.startswith("-") and not any(digit in text for digit in "123456789"):
            text = text[1:]
        return text if isinstance(value, str) else text.replace("-", MINUS)


def _inside(text: str) -> str:
    """Keep a share between nothing and the whole apart from both as printed."""
    shown = float(text.rstrip("%"))
    if shown not in (0, 100):
        return text
    decimals = len(text.rstrip("%").partition(".")[2])
    step = 10**-decimals
    return f"<{step:.{decimals}f}%" if shown == 0 else f">{100 - step:.{decimals}f}%"


class Parts(NamedTuple):
    """A verdict in words: a claim, one line of numbers, and what else there is to say ('' where there is nothing)."""

    claim: str
    line: str
    more: str


class WordsError(KeyError):
    """A words file that cannot be read, or has no such entry: says which."""


class Words:
    """One words file: `words["question"]`, `words["controls.lr.label"]`, `words.say("verdict.none", steps=3)`."""

    def __init__(self, slug: str, table: Mapping[str, Any]) -> None:
        """Hold the table read from the files of `slug`."""
        self.slug, self.table = slug, table

    def __getitem__(self, path: str) -> Any:
        """Return what stands at a dotted path; WordsError that names file and path."""
        value: Any = self.table
        for part in path.split("."):
            if not isinstance(value, Mapping) or part not in value:
                raise WordsError(f"the words of {self.slug} have no {path!r}")
            value = value[part]
        return value

    def get(self, path: str, default: Any = None) -> Any:
        """Return what stands at a dotted path, or the default."""
        try:
            return Words.__getitem__(self, path)  # a page's own words may do more about what is missing than raise
        except WordsError:
            return default

    def some(self, path: str, *keys: str) -> dict[str, Any]:
        """Return several entries of one table, as keyword arguments for a figure."""
        return {key: self[f"{path}.{key}"] for key in keys}

    def verdict(self, entry: str, key: str, numbers: Mapping[str, Any]) -> str:
        """Return the sentence that a run chose for one of its verdicts: `words.verdict("main", *verdict)`."""
        return self.say(f"verdict.{entry}.{key}", **numbers)

    def parts(self, entry: str, key: str, numbers: Mapping[str, Any]) -> "Parts":
        """Return the same in its parts."""
        claim, _, rest = self.verdict(entry, key, numbers).partition("\n\n")
        line, _, more = rest.partition("\n\n")
        return Parts(claim.strip(), line.strip(), more.strip())

    def option(self, name: str, value: object) -> str:
        """Return what a person reads for a control's value: its label where the value alone says nothing."""
        return str(self.get(f"controls.{name}.options", {}).get(str(value), value))

    def say(self, path: str, /, **numbers: Any) -> str:
        """Return the sentence at a dotted path with its numbers; KeyError, or ValueError for a NaN."""
        return _Formatter().format(self[path], **numbers)


def load(slug: str, language: str = "en") -> Words:
    """Read the words of one page (or `app`, the frame's); WordsError if they are missing or cannot be read."""
    own, shared = _files(LIB, slug, language)
    table = _whole(_changed(own))
    if not table:
        raise WordsError(f"there are no words {own[0].relative_to(LIB)}")
    return Words(slug, _whole(_changed((*shared, *own))) if shared else table)


def plain(text: str) -> str:
    """Return a sentence without the marks of bold type and of formulas, for where Markdown is not read."""
    return text.replace("**", "").replace("$", "").replace("\\cdot", "·")


def condition(claim: Mapping[str, Any], key: str) -> str:
    """Return what completes 'right only if', for a claim that an ending makes depend on something; else ''."""
    if ruling(claim, key) != "depends":
        return ""
    told = claim["only_if"]
    return str(told if isinstance(told, str) else told[key])  # one for all ways, or one for each


def ruling(claim: Mapping[str, Any], key: str) -> str:
    """Return what an ending says of a claim: right, depends or wrong where the claim lists its key, else open."""
    return next((name for name in RULED if key in claim.get(name, ())), "open")


def place(slug: str, language: str = "en") -> Path:
    """Return the file that holds the words of `slug`."""
    folder = LIB / "questions" / slug
    return folder / "words" / f"{language}.toml" if folder.is_dir() else LIB / "words" / language / f"{slug}.toml"


@cache
def _files(lib: Path, slug: str, language: str) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Where the words of `slug` may stand, English first, and those that it shares with other questions."""
    codes = dict.fromkeys(("en", language))
    own = tuple(place(slug, code) for code in codes)
    shared = tuple(place(SHARED, code) for code in codes) if own[0].is_relative_to(lib / "questions") else ()
    return own, shared


def _changed(files: Sequence[Path]) -> tuple[tuple[Path, int], ...]:
    """Those of the files that there are, and when each was last written: an edited file is read again."""
    found = []
    for file in files:
        try:
            found.append((file, os.stat(file).st_mtime_ns))
        except FileNotFoundError:
            pass
        except OSError:
            found.append((file, 0))  # reading it will tell
    return tuple(found)


@cache
def _whole(files: tuple[tuple[Path, int], ...]) -> dict[str, Any]:
    """Return what stands in the files, the later over the earlier; WordsError for what is no TOML in UTF-8."""
    table: dict[str, Any] = {}
    for file, _ in files:
        try:
            table = _merged(table, tomllib.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, RecursionError) as error:
            raise WordsError(f"the words {file.relative_to(LIB)} cannot be read: {error}") from error
    return table


def _merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(under)
    for key, value in over.items():
        old = both.get(key)
        both[key] = _merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return both
