"""numpy's own files: `.npy` holds an array, `.npz` is a zip archive of these. Pickled objects in them are not read.

The format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
"""

import re
from typing import Literal

from lib.your_network.contract import Refused, Weights
from lib.your_network.files.decoding import Block, Bytes, viewed
from lib.your_network.files.gathering import Gathering
from lib.your_network.files.limits import short, size
from lib.your_network.files.zip_directory import DEFLATED, Entry, fits, unpack

MAGIC = b"\x93NUMPY"
ENDING = ".npy"
LONGEST_HEADER = 10_000  # bytes; numpy's own limit
HEADER = re.compile(
    rb"""\{\s*'descr':\s*(?P<descr>'[^']*'),\s*'fortran_order':\s*(?P<fortran>True|False),"""
    rb"""\s*'shape':\s*\((?P<shape>[\d,\sL]*)\),?\s*\}\s*""",
)
RECORDS = re.compile(rb"\{\s*'descr':\s*\[")  # several numbers under names of their own, a table
KINDS = {"b": "bool", "u": "uint", "i": "int", "f": "float", "c": "complex"}
OTHER = {"O": "objects", "U": "text", "S": "text", "a": "text", "M": "time", "m": "time", "V": "unknown"}


def recognised(content: bytes) -> bool:
    """Tell whether this is a single array."""
    return content.startswith(MAGIC)


def archived(entries: dict[str, Entry]) -> bool:
    """Tell whether an archive is numpy's."""
    return bool(entries) and all(name.endswith(ENDING) for name in entries)


def read_one(name: str, content: bytes) -> Weights:
    """Return the one array of a `.npy` file, named after it; Refused with the reason."""
    gathering = Gathering()
    if _add(gathering, name.rpartition("/")[2].removesuffix(ENDING) or "array", content) == "objects":
        raise Refused("pickle")
    return gathering.weights("numpy")


def read_archive(content: bytes, entries: dict[str, Entry]) -> Weights:
    """Return the arrays of a `.npz` file; Refused with the reason."""
    gathering, unlike = Gathering(), 0
    for name, entry in entries.items():
        unpacked = unpack(content, entry, gathering.account)
        unlike += not fits(entry, unpacked)
        _add(gathering, name.removesuffix(ENDING), unpacked, entry.size if entry.method == DEFLATED else 0)
    if unlike:
        gathering.note("checksum", count=unlike)
    return gathering.weights("numpy")


def _add(gathering: Gathering, name: str, content: Bytes, unpacked: int = 0) -> str:
    """Read an array into the gathering, or leave it out; return why it was left out.

    `unpacked` bytes were entered for the content: they are the array's own where it is a view, else let go behind it.
    """
    descr, fortran, shape, start = _header(content)
    dtype, order, why = _dtype(descr)
    if why:
        gathering.skip(name, why)
        gathering.account.give_back(unpacked)
        return why
    strides = _fortran(name, shape) if fortran and len(shape) > 1 else None
    block = Block(content, start, strides, order)
    at_once = viewed(dtype, block)
    gathering.account.give_back(unpacked if at_once else 0)
    gathering.add(name, dtype, shape, block)
    gathering.account.give_back(0 if at_once else unpacked)
    return ""


def _header(content: Bytes) -> tuple[str, bool, tuple[int, ...], int]:
    """Return the dtype's description, whether columns come first, the shape, and where the numbers begin."""
    head = bytes(content[:12])
    if not head.startswith(MAGIC) or len(head) < 12 or head[6] not in (1, 2, 3):
        raise Refused("damaged", {"format": "numpy"})
    start = 10 if head[6] == 1 else 12
    length = int.from_bytes(head[8:start], "little")
    if start + length > memoryview(content).nbytes:
        raise short("header", start + length, memoryview(content).nbytes)
    text = bytes(content[start : start + length]) if length <= LONGEST_HEADER else b""
    if RECORDS.match(text):
        return "[", False, (), start + length
    found = HEADER.fullmatch(text)
    if found is None:
        raise Refused("damaged", {"format": "numpy"})
    sides = [side.strip(b" L\n\t\r") for side in found["shape"].split(b",")]
    if not all(len(side) < 20 and (not side or side.isdigit()) for side in sides):
        raise Refused("damaged", {"format": "numpy"})
    shape = tuple(int(side) for side in sides if side)
    return found["descr"].decode("latin-1").strip("'"), found["fortran"] == b"True", shape, start + length


def _dtype(descr: str) -> tuple[str, Literal["<", ">"], str]:
    """Return a dtype's name, its order of bytes, and why it is left out ("" if it is read)."""
    found = re.fullmatch(r"([<>|=]?)([a-zA-Z])(\d*)(\[.*\])?", descr)
    if found is None or found[2] in OTHER:
        return "", "<", OTHER[found[2]] if found else "table"
    if found[2] not in KINDS or not found[3] or len(found[3]) > 2:
        return "", "<", "unknown"
    bits = "" if found[2] == "b" else str(8 * int(found[3]))
    return KINDS[found[2]] + bits, ">" if found[1] == ">" else "<", ""


def _fortran(name: str, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the steps of an array whose columns come first."""
    size(name, shape)
    strides = [1]
    for side in shape[:-1]:
        strides.append(strides[-1] * side)
    return tuple(strides)
