"""What a picture file would take to unpack, told from its headers, so that a small file cannot fill the memory.

Pillow unpacks JPEG at an eighth of its sides if asked; everything else it holds whole, some formats several times
over. The bytes per pixel were measured as the peak of a process (VmHWM) of its own, Pillow 13.
"""

import re
import struct
from collections.abc import Iterator

from PIL import Image

BUDGET = 57_000_000  # bytes that an upload may take while it is unpacked, beside code that is used for the first time
GREY, DEEP = 7_000_000, 14_000_000  # of them, for the reduced picture in grey; where it has more than 8 bits
SCANS = 100  # of a JPEG; programs write a dozen, and a file of 1 MB can hold enough of them for minutes of work
VALUES = 65_536  # in an entry of a TIFF's directory: Pillow makes some 250 bytes of each as it opens the file
WEBP = 17  # bytes per pixel in all: two canvases, the frame, a copy, the picture
RUN_LENGTHS = 3  # bytes per pixel that Pillow's decoder in Python keeps beside the picture
PLAIN_TIFF = {"raw", "packbits", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "tiff_ccitt", "group3", "group4"}
SHUT = {b"avif", b"avis", b"heic", b"heix", b"heim", b"hevc", b"mif1", b"msf1"}  # brands of AVIF and HEIC

_MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])")
_SCAN, _END = 0xDA, 0xD9
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}


class Refused(ValueError):
    """A file that is not unpacked; its one argument is the key of the sentence that says why."""


def check_first_bytes(content: bytes) -> None:
    """Refuse what must not even be opened: "empty", AVIF and HEIC ("shut"), "unknown" and endless TIFF ("packed").

    What stands in an AVIF's header need not be the size of what is unpacked: libavif unpacks any frame and then
    scales it, so that a file of 823 bytes that says 640 x 480 took 71 MB.
    """
    if not content:
        raise Refused("empty")
    if content[4:8] == b"ftyp" and content[8:12] in SHUT:
        raise Refused("shut")
    if content[:2] in (b"II", b"MM"):
        if content[:4] not in (b"II*\0", b"MM\0*"):
            raise Refused("unknown")  # a TIFF for files of gigabytes, whose directory is laid out otherwise
        if _longest_entry(content) > VALUES:
            raise Refused("packed")


def check(image: Image.Image, content: bytes) -> None:
    """Refuse a picture that is opened but not loaded, if it would take too much: "large" (memory) or "packed" (time).

    A JPEG has had its `draft` by then.
    """
    if bytes_needed(image, content) > BUDGET:
        raise Refused("large")


def bytes_needed(image: Image.Image, content: bytes) -> int:
    """Return the bytes that loading takes at its peak, beside the file itself; raise Refused("packed")."""
    pixels = image.width * image.height
    picture = pixels * _bytes_per_pixel(image.mode)
    grey = DEEP if is_deep(image.mode) else GREY
    if image.format in ("JPEG", "MPO"):
        more = _coefficients(content)
    elif image.format == "WEBP":
        more = pixels * (WEBP - 4) + 2 * len(content)
    elif image.format == "BMP":
        more = pixels * RUN_LENGTHS if image.info.get("compression") else 0
    else:
        more = _tiff(image, picture) if image.format == "TIFF" else 0
    return picture + more + grey


def is_deep(mode: str) -> bool:
    """Whether a pixel is one number of more than 8 bits."""
    return mode in ("I", "F") or mode.startswith("I;16")


def _bytes_per_pixel(mode: str) -> int:
    """How Pillow keeps a pixel: a byte if it has one, two bytes for 16 bits, else four."""
    return 1 if mode in ("1", "L", "P") else 2 if mode.startswith("I;16") else 4


def _coefficients(content: bytes) -> int:
    """Bytes of a JPEG's coefficients, which are all kept if it comes in several scans: two for each sample."""
    frame, several, scans = b"", False, 0
    for marker, body in _segments(content):
        if marker in _FRAMES and not frame:
            frame, several = body, marker in _PROGRESSIVE
        elif marker == _SCAN:
            scans += 1
            several |= body[:1] < frame[5:6]  # a scan with fewer components than the frame
        if scans > SCANS:
            raise Refused("packed")
    if not several:
        return 0
    height, width = struct.unpack_from(">HH", frame, 1)
    samples = [(each >> 4) * (each & 15) for each in frame[7::3]]
    return 2 * width * height * sum(samples) // max(samples)


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each segment of a JPEG with its marker, up to the end of the picture; other things may stand behind that."""
    place = 2
    while (found := _MARKER.search(content, place)) and found[1][0] != _END:
        place = found.end() + int.from_bytes(content[found.end() : found.end() + 2])
        yield found[1][0], content[found.end() + 2 : place]


def _tiff(image: Image.Image, picture: int) -> int:
    """Bytes beside the picture: one strip or tile as libtiff unpacks it, and a second picture if it is turned."""
    tags, packing = image.tag_v2, image.info["compression"]  # type: ignore[attr-defined]
    if packing not in PLAIN_TIFF:
        raise Refused("packed")
    turned = picture if tags.get(274, 1) != 1 else 0
    if packing == "raw":
        return turned
    width, rows = tags.get(322, image.width), tags.get(323, min(tags.get(278, image.height), image.height))
    return turned + width * rows * sum(tags.get(258, (1,))) // 8


def _longest_entry(content: bytes) -> int:
    """The largest number of values in an entry of the first directory, where they are not plain bytes or text."""
    order = "<" if content[:1] == b"I" else ">"
    (start,) = struct.unpack_from(f"{order}I", content, 4)
    (entries,) = struct.unpack_from(f"{order}H", content, start)
    table = struct.iter_unpack(f"{order}HHI4x", content[start + 2 : start + 2 + 12 * entries])
    return max((count for _, kind, count in table if kind not in (1, 2, 6, 7)), default=0)
