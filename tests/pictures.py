"""Picture files for tests: scenes of blocks in every format, and files that Pillow reads but would not write."""

import io
import struct
import zlib

import numpy as np
from PIL import Image

ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # of PNG's colour types


def file_of(image, kind="PNG", **options):
    """The bytes of a file."""
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def scene(width=256, height=192, seed=0):
    """Grey blocks (height, width) of 8 bits, all different along either way, so that it is seen how it lies."""
    blocks = np.random.default_rng(seed).integers(20, 236, (-(-height // 16), -(-width // 16)))
    return np.kron(blocks, np.ones((16, 16)))[:height, :width].astype(np.uint8)


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width, height, depth=8, colour=0, *, rows=None, interlaced=False, before=b""):
    """A PNG of rows of bytes (or of black), `before` its pixels other chunks."""
    bits = CHANNELS[colour] * depth
    packed, parts = zlib.compressobj(1), []
    for x, y, across, down in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        length = (-(-(width - x) // across) * bits + 7) // 8
        for k in range(-(-(height - y) // down)):
            parts.append(packed.compress(b"\0" + (rows[k] if rows else bytes(length))))
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    pixels = chunk(b"IDAT", b"".join(parts) + packed.flush())
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + before + pixels + chunk(b"IEND", b"")


def run_lengths(width, height):
    """A BMP of one shade, packed by run lengths."""
    row = b"\xff\x09" * (width // 255) + bytes([width % 255, 9]) + b"\0\0"
    colours = b"".join(bytes([k, k, k, 0]) for k in range(256))
    start = 54 + len(colours)
    pixels = row * height + b"\0\1"
    head = struct.pack("<IHHI", start + len(pixels), 0, 0, start)
    more = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(pixels), 1, 1, 256, 256)
    return b"BM" + head + more + colours + pixels


def tiff(width, height, pixels, *, bits, kind, strips=1, entries=()):
    """A little-endian grey TIFF of one plain strip: bits per pixel, kind (1 whole, 2 signed, 3 with a fraction)."""
    rows = height if strips == 1 else 1
    size = [(256, 4, 1, width), (257, 4, 1, height), (273, 4, strips, 8), (278, 4, 1, rows), (279, 4, 1, len(pixels))]
    tags = [*size, (258, 3, 1, bits), (259, 3, 1, 1), (262, 3, 1, 1), (277, 3, 1, 1), (339, 3, 1, kind), *entries]
    table = b"".join(struct.pack("<HHII", *tag) for tag in sorted(tags))
    return b"II*\0" + struct.pack("<I", 8 + len(pixels)) + pixels + struct.pack("<H", len(tags)) + table + bytes(4)


def scans(count):
    """A progressive JPEG whose last scan is said `count` times more."""
    whole = file_of(Image.fromarray(scene()), "JPEG", progressive=True)
    last = whole[whole.rindex(b"\xff\xda") : -2]
    return whole[:-2] + last * count + whole[-2:]
