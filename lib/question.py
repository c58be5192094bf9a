"""What a question's parts have in common."""

from typing import Any, NamedTuple


class Verdict(NamedTuple):
    """What a run says: the key of a sentence in the words file, and the numbers in it."""

    key: str
    numbers: dict[str, float | int | str]


class Answer(NamedTuple):
    """What a page shows: a run's result, and the verdicts that its numbers choose, made once."""

    result: Any
    verdicts: dict[str, Verdict]
