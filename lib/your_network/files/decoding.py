"""Bytes of a file as arrays: the dtypes that files know, and which of them numpy has to be helped with.

Whole numbers, booleans, float32 and float64 are views of the file's own bytes wherever these allow it; half precision
(float16, bfloat16, float8) is given as float32, which holds each of its numbers exactly.
"""

from collections.abc import Callable
from functools import cache
from typing import Literal, NamedTuple

import numpy as np

from lib.types import Array
from lib.your_network.files.limits import Account, short, size

PLAIN = ("bool", "uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64")
HALF = {"float16": "float16", "bfloat16": "uint16"}  # dtype: what its bytes are read as
Bytes = bytes | memoryview
PIECE = 2**18  # numbers that are looked up at a time


class Eight(NamedTuple):
    """A format of eight bits: where its exponents begin, how long they are, and which codes are no numbers."""

    bias: int
    mantissa: int  # bits
    infinite: bool  # whether the largest exponent is kept for infinity and NaN, as in IEEE 754
    one_zero: bool  # whether minus zero's code is the only NaN ("uz"; Noune et al. 2022, arXiv:2206.02915)


# Micikevicius et al. 2022 (arXiv:2209.05433)
EIGHT = {
    "float8_e4m3fn": Eight(7, 3, False, False),
    "float8_e5m2": Eight(15, 2, True, False),
    "float8_e4m3fnuz": Eight(8, 3, False, True),
    "float8_e5m2fnuz": Eight(16, 2, False, True),
}
READ = frozenset({*PLAIN, *HALF, *EIGHT})


class Block(NamedTuple):
    """Where an array lies: a buffer, the first byte in it, and steps in numbers (None: C order, no gaps)."""

    buffer: Bytes
    offset: int
    strides: tuple[int, ...] | None = None
    order: Literal["<", ">"] = "<"  # of the bytes


def width(dtype: str) -> int:
    """Return how many bytes one number of a dtype takes in a file."""
    return 1 if dtype in EIGHT else np.dtype(HALF.get(dtype, dtype)).itemsize


def given_width(dtype: str) -> int:
    """Return how many bytes one number takes as it is given."""
    return width(dtype) if dtype in PLAIN else 4


def decode(name: str, dtype: str, shape: tuple[int, ...], block: Block, account: Account) -> Array:
    """Return an array of one of the dtypes in READ, (shape); Refused where it does not fit its buffer.

    What is given is entered in the account before anything is made.
    """
    count, item = size(name, shape), width(dtype)
    held = memoryview(block.buffer).nbytes
    needed = block.offset + _reach(shape, block.strides, count) * item
    if needed > held:
        raise short(name, needed, held)
    account.enter(count * given_width(dtype))
    if not count:
        return np.zeros(shape, dtype if dtype in PLAIN else np.float32)
    strides = None if block.strides is None else tuple(step * item for step in block.strides)
    raw = np.ndarray(shape, _raw(dtype).newbyteorder(block.order), block.buffer, block.offset, strides)
    return _given(dtype)(raw)


def viewed(dtype: str, block: Block) -> bool:
    """Tell whether an array is given as a view of its buffer: its numbers are as the processor has them."""
    if dtype not in PLAIN or dtype == "bool":
        return False
    return _raw(dtype).newbyteorder(block.order).isnative and block.offset % width(dtype) == 0


def _reach(shape: tuple[int, ...], strides: tuple[int, ...] | None, count: int) -> int:
    """Return how many numbers lie between an array's first and last, both counted."""
    if strides is None or not count:
        return count
    return 1 + sum((side - 1) * step for side, step in zip(shape, strides, strict=True))


def _raw(dtype: str) -> np.dtype:
    """Return the dtype as which the bytes are looked at."""
    return np.dtype(np.uint8 if dtype in EIGHT or dtype == "bool" else HALF.get(dtype, dtype))


def _given(dtype: str) -> Callable[[Array], Array]:
    """Return what makes the array that is given from the bytes as they are looked at."""
    if dtype in EIGHT:
        return lambda raw: _looked_up(raw, table(dtype))
    if dtype == "bfloat16":
        return _bfloat16
    return {"float16": _float16, "bool": _boolean}.get(dtype, _plain)


def _plain(raw: Array) -> Array:
    """Return a view where the processor can use one, else a copy in its own order of bytes."""
    if raw.dtype.isnative and raw.flags.aligned:
        return raw
    return raw.astype(raw.dtype.newbyteorder("="), copy=True)


def _boolean(raw: Array) -> Array:
    """Return bytes as booleans: any but 0 is true, while numpy would be undefined for bytes beyond 1."""
    return raw != 0


def _float16(raw: Array) -> Array:
    with np.errstate(all="ignore"):
        return raw.astype(np.float32)


def _bfloat16(raw: Array) -> Array:
    """Return the upper halves of float32 numbers with zeros below them; made in place."""
    bits = raw.astype(np.uint32)
    bits <<= 16
    return bits.view(np.float32)


def _looked_up(raw: Array, values: Array) -> Array:
    """Return `values` at each byte, piece by piece: an index takes eight times the memory of the byte."""
    out = np.empty(raw.size, np.float32)
    for start in range(0, raw.size, PIECE):
        out[start : start + PIECE] = values[raw.flat[start : start + PIECE]]
    return out.reshape(raw.shape)


@cache
def table(dtype: str) -> Array:
    """Return the 256 numbers of a format of eight bits, by their code, float32 (256,)."""
    form = EIGHT[dtype]
    code = np.arange(256)
    mantissa, exponent = code % 2**form.mantissa, code % 128 >> form.mantissa
    normal = (1 + mantissa / 2**form.mantissa) * 2.0 ** (exponent - form.bias)
    small = mantissa / 2**form.mantissa * 2.0 ** (1 - form.bias)
    values = np.where(exponent > 0, normal, small) * np.where(code < 128, 1, -1)
    if form.one_zero:
        values[128] = np.nan
    elif form.infinite:
        top = exponent == 31
        values[top] = np.where(mantissa[top] > 0, np.nan, np.copysign(np.inf, values[top]))
    else:
        values[code % 128 == 127] = np.nan
    return values.astype(np.float32)
