"""safetensors: a header in JSON that says where in the file each array lies.

Read without the package of that name, which copies each array and knows no eight-bit floats in numpy; what it refuses
is refused here too (the tests hold this reader to it). The format:
https://github.com/huggingface/safetensors#format
"""

import json
from typing import Any

from lib.your_network.contract import Refused, Weights
from lib.your_network.files.decoding import READ, Block, width
from lib.your_network.files.gathering import Gathering
from lib.your_network.files.limits import ARRAYS, HEADER, SHOWN, clean, short, size

LENGTH = 8  # bytes of the number that the file begins with
DTYPES = {
    "BOOL": "bool", "U8": "uint8", "I8": "int8", "U16": "uint16", "I16": "int16", "U32": "uint32", "I32": "int32",
    "U64": "uint64", "I64": "int64", "F16": "float16", "BF16": "bfloat16", "F32": "float32", "F64": "float64",
    "F8_E4M3": "float8_e4m3fn", "F8_E5M2": "float8_e5m2", "F8_E4M3FNUZ": "float8_e4m3fnuz",
    "F8_E5M2FNUZ": "float8_e5m2fnuz",
}  # fmt: skip
OTHER = {"C64": ("complex64", 64), "F8_E8M0": ("float8_e8m0fnu", 8), "F4": ("float4", 4), "F6_E2M3": ("float6", 6),
         "F6_E3M2": ("float6", 6)}  # fmt: skip # name here, bits


def recognised(content: bytes) -> bool:
    """Tell whether this is safetensors, perhaps a damaged one: a length below 2^56, then a brace."""
    return content[LENGTH - 1 : LENGTH + 1] == b"\0{"


def read(content: bytes) -> Weights:
    """Return what a safetensors file holds; Refused with the reason."""
    length = int.from_bytes(content[:LENGTH], "little")
    if LENGTH + length > len(content):
        raise short("header", LENGTH + length, len(content))
    if length > HEADER:
        raise Refused("header", {"megabytes": length / 1e6})
    header = _header(content[LENGTH : LENGTH + length])
    start, gathering = LENGTH + length, Gathering()
    framework = _framework(header.pop("__metadata__", {}))
    if len(header) > ARRAYS:
        raise Refused("many", {"limit": ARRAYS})
    entries = [(name, *_entry(name, entry, len(content) - start)) for name, entry in header.items()]
    _side_by_side(entries, len(content) - start)
    for name, dtype, shape, begin, _ in entries:
        gathering.add(name, dtype, shape, Block(content, start + begin))
    if framework:
        gathering.note("framework", name=framework)
    return gathering.weights("safetensors")


def _framework(metadata: Any) -> str:
    """Return who wrote the file, "" if it does not say; the rest of what it says of itself is let go."""
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise Refused("damaged", {"format": "safetensors"})
    return clean(metadata.get("format", ""), SHOWN)


def _header(text: bytes) -> dict[str, Any]:
    try:
        header = json.loads(text.decode(), object_pairs_hook=_distinct, parse_constant=_none)
    except (ValueError, RecursionError):
        raise Refused("damaged", {"format": "safetensors"}) from None
    if not isinstance(header, dict):
        raise Refused("damaged", {"format": "safetensors"})
    return header


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _none(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _entry(name: str, entry: Any, held: int) -> tuple[str, tuple[int, ...], int, int]:
    """Return an array's dtype, shape, first byte and the byte behind its last, all checked."""
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise Refused("damaged", {"format": "safetensors"})
    shape, offsets = _whole(entry["shape"]), _whole(entry["data_offsets"])
    if shape is None or offsets is None or len(offsets) != 2 or not isinstance(entry["dtype"], str):
        raise Refused("damaged", {"format": "safetensors"})
    begin, end = offsets
    dtype, bits = _dtype(entry["dtype"])
    if not begin <= end <= held:
        raise short(name, end, held)
    if size(name, shape) * bits != (end - begin) * 8:
        raise short(name, size(name, shape) * bits // 8, end - begin)
    return dtype, shape, begin, end


def _whole(numbers: Any) -> tuple[int, ...] | None:
    """Return a list of whole numbers that are not negative; None for anything else."""
    if not isinstance(numbers, list) or not all(type(number) is int and number >= 0 for number in numbers):
        return None
    return tuple(numbers)


def _dtype(code: str) -> tuple[str, int]:
    """Return a dtype's name and its bits."""
    if code in DTYPES:
        dtype = DTYPES[code]
        return dtype, 8 * width(dtype) if dtype in READ else 0
    if code not in OTHER:
        raise Refused("damaged", {"format": "safetensors"})
    return OTHER[code]


def _side_by_side(entries: list[tuple[str, str, tuple[int, ...], int, int]], held: int) -> None:
    """Refuse arrays that overlap, and bytes that belong to none, in which anything could hide."""
    at = 0
    for name, _, _, begin, end in sorted(entries, key=lambda entry: entry[3:]):
        if begin != at:
            raise Refused("overlap", {"name": clean(name, SHOWN)})
        at = end
    if at != held:
        raise Refused("left_over", {"bytes": held - at})
