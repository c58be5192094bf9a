"""A question as one plain file that anyone can run, `lib/questions/<slug>/plain.py`, with a reader's settings.

The file is divided by lines `# %% Title`, which editors show as cells. In the cell `Settings` each line gives one
setting; the last cell draws the picture, which needs matplotlib, so it goes into the notebook only.
"""

import ast
import importlib.resources
import re
from typing import NamedTuple

from lib import questions
from lib.config import Config, Value
from lib.types import Numbers
from lib.words import Words

CELL = re.compile(r"^# %% (.+)\n", re.MULTILINE)
SETTING = re.compile(r"^([A-Z_]+) = ([^#\n]*?)(  #.*)?$", re.MULTILINE)
SETTINGS, PICTURE = "Settings", "Picture (needs matplotlib)"


class Cell(NamedTuple):
    """A part of a plain file: its title ("" for what stands before the first) and its lines."""

    title: str
    text: str


def source(slug: str) -> str:
    """Return the plain file of a question as it stands in the project."""
    return importlib.resources.files(f"{questions.__name__}.{slug}").joinpath("plain.py").read_text("utf-8")


def cells(text: str) -> list[Cell]:
    """Return the parts of a plain file, in order."""
    first, *rest = CELL.split(text)
    return [Cell("", first), *(Cell(*pair) for pair in zip(rest[::2], rest[1::2], strict=True))]


def joined(parts: list[Cell]) -> str:
    """Return the file that has these parts."""
    return "".join(f"# %% {part.title}\n{part.text}" if part.title else part.text for part in parts)


def with_settings(text: str, given: dict[str, Value]) -> str:
    """Return a plain file with these settings, by their names in capitals; what it does not have is left out."""

    def line(found: re.Match[str]) -> str:
        name, value, comment = found.groups()
        return f"{name} = {given.get(name, ast.literal_eval(value))!r}{comment or ''}"

    parts = {part.title: part.text for part in cells(text)}
    put_in = SETTING.sub(line, parts[SETTINGS])
    known = {found[0] for found in SETTING.findall(put_in)}
    if left := ", ".join(name for name in given if name not in known):
        put_in = f"{put_in.rstrip()}\n# The page's other settings do not matter here: {left}.\n\n"
    return joined([Cell(*part) for part in (parts | {SETTINGS: put_in}).items()])


def settings(config: Config) -> dict[str, Value]:
    """Return a config's values by the names that they have in a plain file."""
    return {item.name.upper(): getattr(config, item.name) for item in config.choices()}


def printed(words: Words, numbers: Numbers) -> str:
    """Return the last line that a question's plain file prints, from the `headline` of the page's run."""
    return words.say("plain.prints", **numbers)


def python(config: Config) -> str:
    """Return the plain file of a question with the reader's settings, without its picture."""
    parts = cells(with_settings(source(config.slug()), settings(config)))
    return joined([part for part in parts if part.title != PICTURE]).rstrip() + "\n"
