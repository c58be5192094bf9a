"""Protocol buffers, read field by field: https://protobuf.dev/programming-guides/encoding

A message's own package makes an object for each field of two bytes (10 MB of ONNX were seen to take 770 MB), and
copies all numbers. This reader counts, and gives places in the file.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from lib.types import Array
from lib.your_network.contract import Refused
from lib.your_network.files.limits import FIELD_TAKES, FIELDS, NAME, PART_TAKES, PARTS, TEXT, Account

VARINT, EIGHT, LENGTH, FOUR = 0, 1, 2, 5  # kinds of fields
LONGEST = 10  # bytes of a varint
PIECE = 2**18  # bytes that are looked at together


class Span(NamedTuple):
    """A run of bytes in the file, from `start` to before `end`."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """How many bytes it has."""
        return self.end - self.start


class Wire:
    """A message in a file; counts the fields that are read at all depths."""

    def __init__(self, content: bytes, form: str, account: Account) -> None:
        """Hold the file; `form` is its format's name in a refusal; what is kept is entered in the account."""
        self.content, self.form, self.account = content, form, account
        self.read, self.parts = 0, 0

    def damaged(self) -> Refused:
        """Return the refusal of a file that is not what it seems to be."""
        return Refused("damaged", {"format": self.form})

    def fields(self, span: Span) -> Iterator[tuple[int, int, Span, int]]:
        """Yield each field of the message in a span: number, kind, where its bytes lie, value if it is a varint."""
        at, end = span.start, span.end
        while at < end:
            self.read += 1
            if self.read > FIELDS:
                raise Refused("many_fields", {"limit": FIELDS})
            self.account.enter(FIELD_TAKES)
            tag, at = self.varint(at, end)
            kind, value, start = tag & 7, 0, at
            if kind == VARINT:
                value, at = self.varint(at, end)
            elif kind == LENGTH:
                length, start = self.varint(at, end)
                at = start + length
            elif kind in (EIGHT, FOUR):
                at += 8 if kind == EIGHT else 4
            else:
                raise self.damaged()
            if at > end or tag >> 3 == 0:
                raise self.damaged()
            yield tag >> 3, kind, Span(start, at), value

    def part(self) -> None:
        """Count a message that is kept as an object; Refused if there are too many."""
        self.parts += 1
        if self.parts > PARTS:
            raise Refused("many_fields", {"limit": PARTS})
        self.account.enter(PART_TAKES)

    def varint(self, at: int, end: int) -> tuple[int, int]:
        """Return the number that begins at a place, and the place behind it."""
        value = 0
        for shift in range(0, 7 * LONGEST, 7):
            if at >= end:
                raise self.damaged()
            byte = self.content[at]
            at += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value & (2**64 - 1), at
        raise self.damaged()

    def text(self, span: Span, longest: int = NAME) -> str:
        """Return a span as text, cut where it is long."""
        end = min(span.end, span.start + longest)
        self.account.enter(TEXT * (end - span.start))
        return self.content[span.start : end].decode("utf-8", "replace")

    def varints(self, spans: list[Span], out: Array) -> None:
        """Fill `out` (N,) with the varints in spans, cut to its width; Refused unless there are just N."""
        filled = 0
        for span in spans:
            at = span.start
            while at < span.end:
                values, at = self._piece(at, span.end)
                if filled + len(values) > len(out):
                    raise self.damaged()
                out[filled : filled + len(values)] = values
                filled += len(values)
        if filled != len(out):
            raise self.damaged()

    def _piece(self, at: int, end: int) -> tuple[Array, int]:
        """Return the varints that end within the next PIECE bytes, int64, and the place behind them."""
        raw = np.frombuffer(self.content, np.uint8, min(PIECE, end - at), at)
        ends = np.flatnonzero(raw < 128)
        if not len(ends):
            raise self.damaged()
        starts = np.concatenate([[0], ends[:-1] + 1])
        lengths = ends - starts + 1
        if lengths.max() > LONGEST:
            raise self.damaged()
        values = np.zeros(len(ends), np.uint64)
        for byte in range(int(lengths.max())):
            there = np.flatnonzero(lengths > byte)
            part = (raw[starts[there] + byte] & 127).astype(np.uint64)
            values[there] |= part << np.uint64(7 * byte)
        return values.view(np.int64), at + int(ends[-1]) + 1
