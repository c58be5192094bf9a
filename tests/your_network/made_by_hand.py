"""Archives, headers and messages put together byte by byte, so that they can say what is not true."""

import struct
import zlib

import made_files as made
from onnx import TensorProto


def entry(name, content, size=None, start=0, method=8, packed=None):
    """One line of a directory, its own header and its bytes."""
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    deflated = raw.compress(content) + raw.flush() if method == 8 else content
    packed, size = len(deflated) if packed is None else packed, len(content) if size is None else size
    common = struct.pack("<4H3I2H", 0, method, 0, 0, zlib.crc32(content), packed, size, len(name), 0)
    local = b"PK\3\4" + struct.pack("<H", 20) + common + name + deflated
    line = b"PK\1\2" + struct.pack("<2H", 20, 20) + common + struct.pack("<3H2I", 0, 0, 0, 0, start) + name
    return local, line


def zipped(locals_, lines, count=None, length=None):
    directory = b"".join(lines)
    count = len(lines) if count is None else count
    end = struct.pack(
        "<4H2IH", 0, 0, count, count, len(directory) if length is None else length, sum(map(len, locals_)), 0
    )
    return b"".join(locals_) + directory + b"PK\5\6" + end


def described(text, data=bytes(8)):
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode() + data


def tagged(number, content):
    """A field of a protobuf message with a length."""
    length, size = b"", len(content)
    while size > 127:
        length, size = length + bytes([size & 127 | 128]), size >> 7
    return bytes([number << 3 | 2]) + length + bytes([size]) + content


def onnx_of(inside):
    return b"\x08\x0a" + tagged(7, inside)


def proto(**options):
    return made.model([TensorProto(name="w", **options)])
