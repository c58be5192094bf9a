"""The directory of a zip archive, read and checked before anything is unpacked.

Of our own because `zipfile` makes an object of each entry that a directory names before anyone can count them, and
unpacks what two entries share twice (a bomb: Fifield 2019, https://www.usenix.org/conference/woot19). The format:
https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from lib.your_network.contract import Refused
from lib.your_network.files.limits import ARRAYS, HEADER, SHOWN, Account, clean, short

ENTRY = struct.Struct("<4s6H3I5H2I")  # of the directory
LOCAL = struct.Struct("<4s5H3I2H")  # before an entry's bytes
END = struct.Struct("<4s4H2IH")
MARKS = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"  # of the three
STORED, DEFLATED = 0, 8
ENCRYPTED = 1  # a bit of the flags
PIECE = 2**16  # packed bytes that are unpacked at a time
MOST = 2**20  # unpacked bytes at a time


class Entry(NamedTuple):
    """One file in the archive: where its bytes begin, how many there are, packed and unpacked."""

    name: str
    method: int
    checksum: int
    packed: int
    size: int
    start: int


def recognised(content: bytes) -> bool:
    """Tell whether this is a zip archive."""
    return content[:4] in (MARKS[1], MARKS[2])


def directory(content: bytes) -> dict[str, Entry]:
    """Return the entries by name, in the archive's order; Refused if one is not what it should be."""
    at, length, count = _end(content)
    if length > HEADER or count > ARRAYS + 100:
        raise Refused("many", {"limit": ARRAYS})
    entries: dict[str, Entry] = {}
    for entry in _entries(content, at, length):
        if entry.name in entries:
            raise Refused("zip_duplicate", {"name": clean(entry.name, SHOWN)})
        entries[entry.name] = entry
    if len(entries) != count:
        raise Refused("damaged", {"format": "zip"})
    _apart(entries, at)
    return entries


def _end(content: bytes) -> tuple[int, int, int]:
    """Return where the directory begins, its length in bytes and the number of its entries."""
    place = content.rfind(MARKS[2], max(0, len(content) - END.size - 2**16))
    if place < 0 or place + END.size > len(content):
        raise Refused("cut", {"format": "zip"})
    _, disk, first_disk, here, count, length, at, _ = END.unpack_from(content, place)
    if disk or first_disk or here != count or at + length > place:
        raise Refused("damaged", {"format": "zip"})
    return at, length, count


def _entries(content: bytes, at: int, length: int) -> Iterator[Entry]:
    end = at + length
    while at < end:
        if at + ENTRY.size > end:
            raise Refused("damaged", {"format": "zip"})
        mark, _, _, flags, method, _, _, checksum, packed, size, name, extra, comment, *_, start = ENTRY.unpack_from(
            content, at
        )
        if mark != MARKS[0]:
            raise Refused("damaged", {"format": "zip"})
        path = content[at + ENTRY.size : at + ENTRY.size + name].decode("utf-8", "replace")
        _honest(path, flags, method)
        yield Entry(path, method, checksum, packed, size, _begin(content, path, start, packed))
        at += ENTRY.size + name + extra + comment


def _honest(path: str, flags: int, method: int) -> None:
    if flags & ENCRYPTED:
        raise Refused("encrypted")
    if "\0" in path:
        raise Refused("damaged", {"format": "zip"})
    if path.startswith("/") or ".." in path.split("/"):
        raise Refused("zip_path", {"name": clean(path, SHOWN)})
    if method not in (STORED, DEFLATED):
        raise Refused("zip_method", {"name": clean(path, SHOWN)})


def _begin(content: bytes, path: str, start: int, packed: int) -> int:
    """Return where an entry's bytes begin, behind its own header."""
    if start + LOCAL.size > len(content) or content[start : start + 4] != MARKS[1]:
        raise Refused("damaged", {"format": "zip"})
    *_, name, extra = LOCAL.unpack_from(content, start)
    begin = start + LOCAL.size + name + extra
    if begin + packed > len(content):
        raise short(path, packed, max(0, len(content) - begin))
    return begin


def _apart(entries: dict[str, Entry], end: int) -> None:
    """Refuse entries that share bytes, with each other or with the directory, and stored ones of two sizes."""
    at = 0
    for entry in sorted(entries.values(), key=lambda entry: entry.start):
        if entry.start < at or entry.start + entry.packed > end:
            raise Refused("zip_overlap", {"name": clean(entry.name, SHOWN)})
        if entry.method == STORED and entry.packed != entry.size:
            raise short(entry.name, entry.size, entry.packed)
        at = entry.start + entry.packed


def unpack(content: bytes, entry: Entry, account: Account) -> bytes | memoryview:
    """Return an entry's bytes: a view where they are stored, else unpacked into just the size that was promised."""
    raw = memoryview(content)[entry.start : entry.start + entry.packed]
    if entry.method == STORED:
        return raw
    account.enter(entry.size)
    out = np.empty(entry.size, np.uint8)
    filled = 0
    try:
        for piece in _pieces(raw):
            if filled + len(piece) > entry.size:
                raise Refused("zip_more", {"name": clean(entry.name, SHOWN)})
            out[filled : filled + len(piece)] = np.frombuffer(piece, np.uint8)
            filled += len(piece)
    except zlib.error:
        raise Refused("damaged", {"format": "zip"}) from None
    if filled < entry.size:
        raise short(entry.name, entry.size, filled)
    out.flags.writeable = False
    return out.data


def _pieces(raw: memoryview) -> Iterator[bytes]:
    """Yield deflated bytes unpacked, at most MOST at a time."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    for start in range(0, len(raw), PIECE):
        rest: bytes | memoryview = raw[start : start + PIECE]
        while len(rest) and not unpacker.eof:
            yield unpacker.decompress(rest, MOST)
            rest = unpacker.unconsumed_tail
    while piece := unpacker.decompress(b"", MOST):
        yield piece


def fits(entry: Entry, unpacked: bytes | memoryview) -> bool:
    """Tell whether an entry's checksum is that of its bytes."""
    return zlib.crc32(unpacked) == entry.checksum
