"""Your own network as something to ask: what the pages' machinery (cache, queue, progress) takes for a question."""

import importlib
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from lib.question import Answer
from lib.types import Numbers, Progress
from lib.your_network.config import YourNetwork
from lib.your_network.contract import File, Refused

LARGE, SMALL = 240, 90  # megabytes that an examination may hold, by the size of the file
HEAVY = 8_000_000  # bytes from which a file counts as large


class Refusal(NamedTuple):
    """A file that is not read: the key of a sentence under [refused], and its numbers."""

    key: str
    numbers: Numbers


@dataclass(frozen=True)
class YourQuestion:
    """An examination that takes up to so many megabytes."""

    slug: ClassVar[str] = "your_network"
    config: ClassVar[type[YourNetwork]] = YourNetwork
    memory: int = SMALL

    def answer(
        self, config: YourNetwork, progress: Progress | None = None, *, own: File | None = None
    ) -> Answer[Any]:
        """Examine a file, or the chosen network of our own; a Refusal where a file is not read."""
        # What examines needs seconds to be imported: not before somebody asks.
        examining = importlib.import_module("lib.your_network.examining")
        try:
            return Answer(examining.examined(config, progress, own), {})
        except Refused as refused:
            return Answer(Refusal(refused.key, refused.numbers), {})


def asking(size: int = 0) -> Any:
    """Return the question for a file of so many bytes; a `lib.question.Question` for all who only ask it."""
    return YourQuestion(LARGE if size > HEAVY else SMALL)
